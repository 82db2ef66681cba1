-- Reference records, claims and their history.
--
-- Every row of a record or claim is one version. `seq` numbers all changes of the database in their order;
-- a version holds from its `seq` until, but without, its `until_seq` (null: it still holds). So the state
-- after any change N is: seq <= N and (until_seq is null or until_seq > N). Nothing else of a row ever changes.
-- Times are microseconds since 1970, set by the service's clock. Days are days since 1970-01-01;
-- -10000000 and 10000000 stand for an open side. Texts compare by their bytes (COLLATE "C"), whatever the database's
-- own order is.

-- The newest change; one row.
CREATE TABLE head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    committed_at BIGINT NOT NULL
);
INSERT INTO head (one, seq, committed_at) VALUES (1, 0, 0);

-- One row for each commit, for "as the database stood at that time". seq: its last change.
CREATE TABLE commits (
    seq BIGINT NOT NULL PRIMARY KEY,
    committed_at BIGINT NOT NULL
);
CREATE INDEX commits_committed_at ON commits (committed_at);

-- Whom a number is about. body: the record as JSON, the form of the API.
CREATE TABLE actors (
    slug TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (slug, version)
);
CREATE INDEX actors_seq ON actors (seq);

-- What is measured. metric_key: the number that stands for the slug in claim keys.
CREATE TABLE metrics (
    slug TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    metric_key BIGINT NOT NULL,
    PRIMARY KEY (slug, version)
);
CREATE INDEX metrics_seq ON metrics (seq);
CREATE INDEX metrics_metric_key ON metrics (metric_key);

-- In what it is measured.
CREATE TABLE units (
    slug TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (slug, version)
);
CREATE INDEX units_seq ON units (seq);

-- Where it was printed. publisher: folded; published_start, published_end: days.
CREATE TABLE sources (
    slug TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    publisher TEXT COLLATE "C",
    published_start BIGINT,
    published_end BIGINT,
    PRIMARY KEY (slug, version)
);
CREATE INDEX sources_seq ON sources (seq);
CREATE INDEX sources_publisher ON sources (publisher);

-- What records are called, folded for look-up. role: 0 slug, 1 code, 2 label, 3 alias, 4 demonym, 5 metonym.
-- An index on the records' bodies: rows come and go with the record's versions.
CREATE TABLE names (
    kind TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    slug TEXT COLLATE "C" NOT NULL,
    role BIGINT NOT NULL,
    written TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    PRIMARY KEY (kind, folded, slug, role, seq)
);
CREATE INDEX names_slug ON names (kind, slug);

-- Who cites whom: an index on the sources' bodies.
CREATE TABLE citations (
    citing TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    position BIGINT NOT NULL,
    cited TEXT COLLATE "C" NOT NULL,
    until_seq BIGINT,
    PRIMARY KEY (citing, seq, position)
);
CREATE INDEX citations_cited ON citations (cited);

-- Texts, by the hash of their content.
CREATE TABLE texts (
    sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    content TEXT COLLATE "C" NOT NULL
);

-- Which sources were read from which text. One text may be that of several: a story that two papers print.
CREATE TABLE documents (
    sha256 TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sha256, source)
);
CREATE INDEX documents_source ON documents (source);
CREATE INDEX documents_seq ON documents (seq);

-- Claims. body: what the version says, as JSON; it is the truth, and the columns from state to
-- source are taken from it for filters and order. *_key: exact decimals in a text whose byte order is
-- the numbers' order. statuses: every one between commas.
CREATE TABLE claim_versions (
    metric_key BIGINT NOT NULL,
    claim_id UUID NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    until_seq BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    cause TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C",
    superseded_by TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C",
    counterpart TEXT COLLATE "C",
    comparator TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    per TEXT COLLATE "C",
    denominator TEXT COLLATE "C",
    best_key TEXT COLLATE "C",
    low_key TEXT COLLATE "C",
    low_inclusive BOOLEAN NOT NULL,
    high_key TEXT COLLATE "C",
    high_inclusive BOOLEAN NOT NULL,
    start_day BIGINT,
    end_day BIGINT,
    start_year BIGINT,
    statuses TEXT COLLATE "C",
    stage TEXT COLLATE "C",
    rank TEXT COLLATE "C" NOT NULL,
    speaker TEXT COLLATE "C",
    source TEXT COLLATE "C",
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric_key, claim_id, version)
);
CREATE INDEX claim_versions_seq ON claim_versions (seq);
CREATE INDEX claim_versions_period ON claim_versions (start_day DESC NULLS LAST, metric_key, claim_id);
CREATE INDEX claim_versions_metric ON claim_versions (metric_key, start_day DESC NULLS LAST, claim_id);
CREATE INDEX claim_versions_metric_actor ON claim_versions (metric_key, actor, start_day DESC NULLS LAST, claim_id);
CREATE INDEX claim_versions_actor ON claim_versions (actor, start_day DESC NULLS LAST, metric_key, claim_id);
CREATE INDEX claim_versions_counterpart ON claim_versions (counterpart, start_day DESC NULLS LAST, metric_key, claim_id);
CREATE INDEX claim_versions_source ON claim_versions (source, start_day DESC NULLS LAST, metric_key, claim_id);

-- Full text. words: cut and folded by the service, with one space between them.
CREATE TABLE claim_text (
    metric_key BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    words TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (metric_key, seq)
);
CREATE INDEX claim_text_words ON claim_text USING gin (string_to_array(words, ' '));
CREATE TABLE record_text (
    seq BIGINT NOT NULL PRIMARY KEY,
    words TEXT COLLATE "C" NOT NULL
);
CREATE INDEX record_text_words ON record_text USING gin (string_to_array(words, ' '));

-- Keys of those who may write. secret_sha256: the secret itself is nowhere.
CREATE TABLE keys (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    secret_sha256 TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Answers to requests that carried an Idempotency-Key, kept as long as a client may repeat them.
CREATE TABLE idempotency (
    key_id TEXT COLLATE "C" NOT NULL,
    route TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, route, idempotency_key)
);
CREATE INDEX idempotency_recorded_at ON idempotency (recorded_at);
