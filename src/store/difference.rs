//! Everything that cannot be said in one text for both engines, each with its reason. All other SQL is shared.
//!
//! To add one, there has to be a reason that no shared text could meet; the suite runs on both engines, and prints how
//! much is shared.

use super::engine::Engine;

/// A piece of SQL that every engine has its own text of.
#[derive(Debug)]
pub struct Difference {
    /// What it is called.
    pub name: &'static str,
    /// Why one text does not do.
    pub why: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Difference {
    /// Stands in the texts for the place of the value; it may stand there several times.
    pub(super) const PLACE: &'static str = "$?";

    /// All of them.
    pub const ALL: [&'static Self; 6] =
        [&CLAIM_HAS_WORDS, &RECORD_HAS_WORDS, &INSERT_CLAIM_WORDS, &INSERT_RECORD_WORDS, &SELECT_SHORTENED, &NOTE_SHORTENED];

    /// The text for an engine.
    pub fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

pub(super) static CLAIM_HAS_WORDS: Difference = Difference {
    name: "claim has words",
    why: "SQLite finds words through an FTS5 table and MATCH, PostgreSQL through a GIN index on an array",
    sqlite: " c.seq IN (SELECT rowid FROM claim_text WHERE claim_text MATCH '\"' || $? || '\"')",
    // EXISTS, so that the planner may look the words of a claim up: a list that outgrows its memory it would read for every claim.
    postgres: " EXISTS (SELECT 1 FROM claim_text t WHERE t.metric_key = c.metric_key AND t.seq = c.seq \
        AND string_to_array(t.words, ' ') @> string_to_array($?, ' ') \
        AND position(' ' || $? || ' ' IN ' ' || t.words || ' ') > 0)",
};

pub(super) static RECORD_HAS_WORDS: Difference = Difference {
    name: "record has words",
    why: "the same, for the names of records",
    sqlite: " r.seq IN (SELECT rowid FROM record_text WHERE record_text MATCH '\"' || $? || '\"')",
    postgres: " r.seq IN (SELECT t.seq FROM record_text t WHERE string_to_array(t.words, ' ') @> string_to_array($?, ' ') \
        AND position(' ' || $? || ' ' IN ' ' || t.words || ' ') > 0)",
};

pub(super) static INSERT_CLAIM_WORDS: Difference = Difference {
    name: "insert words of claims",
    why: "an FTS5 table has no key but its rowid; a table of PostgreSQL, where it may be distributed, has the metric first",
    sqlite: "INSERT INTO claim_text (metric_key, rowid, words) ",
    postgres: "INSERT INTO claim_text (metric_key, seq, words) ",
};

pub(super) static INSERT_RECORD_WORDS: Difference = Difference {
    name: "insert words of records",
    why: "the same, for the names of records",
    sqlite: "INSERT INTO record_text (rowid, words) ",
    postgres: "INSERT INTO record_text (seq, words) ",
};

pub(super) static SELECT_SHORTENED: Difference = Difference {
    name: "whether long names are shortened",
    why: "only files of SQLite can be from before they were, and note in a number of their own that they are",
    sqlite: "SELECT user_version FROM pragma_user_version",
    postgres: "SELECT CAST(1 AS BIGINT)",
};

pub(super) static NOTE_SHORTENED: Difference = Difference {
    name: "note that long names are shortened",
    why: "the same, and PostgreSQL has nothing to note",
    sqlite: "PRAGMA user_version = 1",
    postgres: "SELECT 1",
};
