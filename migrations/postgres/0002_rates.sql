-- Exchange rates: one of `base` cost `rate` of `quote` on a day. A row is one version, as those of records are; rate is an exact
-- decimal as text, with the zeros that were published; source who published it, in words.
CREATE TABLE rates (
    base TEXT COLLATE "C" NOT NULL,
    quote TEXT COLLATE "C" NOT NULL,
    day BIGINT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    rate TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (base, quote, day, version)
);
CREATE INDEX rates_seq ON rates (seq);
CREATE INDEX rates_quote ON rates (quote, day);
