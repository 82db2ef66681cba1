-- Findings that somebody has muted, or no longer has. A row is one version, as those of records are; finding is its id, a code and
-- what it is about; why is what it said when it was muted.
CREATE TABLE mutes (
    finding TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    muted BOOLEAN NOT NULL,
    why TEXT COLLATE "C",
    reason TEXT COLLATE "C",
    PRIMARY KEY (finding, version)
);
CREATE INDEX mutes_seq ON mutes (seq);
