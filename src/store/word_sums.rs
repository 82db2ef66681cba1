//! The index of words as two numbers that can be compared whatever engine keeps it: how many texts it knows, and a sum over
//! every word with the text and the place where it stands.
//!
//! PostgreSQL keeps the words of each text. SQLite keeps for each word the texts and places where it stands, and no way from
//! a text to its words. A sum comes to the same in either order, and needs no memory.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::engine::{Connection, Engine};
use super::statement::{Reach, Statement};
use super::{Store, StoreError};

/// Why every shard is read.
const EVERYTHING: &str = "comparing the words of a copy with those of its source";
/// Size of the numbers that stand for a place; the square of one that is smaller is no overflow.
const MODULUS: i64 = 2_147_483_647;

// What stands in SQLite's index, word by word, through temporary tables that hold nothing themselves.
const SHOW_CLAIM_WORDS: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.claim_words USING fts5vocab(main, claim_text, instance)";
const SHOW_RECORD_WORDS: &str = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.record_words USING fts5vocab(main, record_text, instance)";
// Within: what `place_number` says.
const SUM_CLAIM_WORDS: &str = "SELECT term, SUM(place * place % 2147483647) FROM (SELECT term, \
    (doc % 2147483647 * 48271 + \"offset\" * 69621) % 2147483647 AS place FROM temp.claim_words AS claim_text WHERE term > $1 AND doc <= $2) \
    GROUP BY term ORDER BY term LIMIT 2000";
const SUM_RECORD_WORDS: &str = "SELECT term, SUM(place * place % 2147483647) FROM (SELECT term, \
    (doc % 2147483647 * 48271 + \"offset\" * 69621) % 2147483647 AS place FROM temp.record_words AS record_text WHERE term > $1 AND doc <= $2) \
    GROUP BY term ORDER BY term LIMIT 2000";
const COUNT_CLAIM_TEXTS: &str = "SELECT COUNT(*) FROM claim_text WHERE rowid <= $1";
const COUNT_RECORD_TEXTS: &str = "SELECT COUNT(*) FROM record_text WHERE rowid <= $1";

// PostgreSQL's words. Those that do not lie with the claim that they are of are in the wrong place.
const SELECT_CLAIM_WORDS: &str = "SELECT t.metric_key, t.seq, t.words, EXISTS (SELECT 1 FROM claim_versions c \
    WHERE c.metric_key = t.metric_key AND c.seq = t.seq) FROM claim_text t WHERE (t.metric_key, t.seq) > ($1, $2) AND t.seq <= $3 \
    ORDER BY t.metric_key, t.seq LIMIT 500";
const SELECT_RECORD_WORDS: &str = "SELECT 0::bigint, t.seq, t.words, true FROM record_text t WHERE $1::bigint <= 0 AND t.seq > $2 \
    AND t.seq <= $3 ORDER BY t.seq LIMIT 500";

/// What an index of words comes to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordSum {
    texts: i64,
    sum: u64,
}

impl Store {
    /// What the words of claims come to, of all changes up to one.
    pub(super) async fn sum_claim_words(&self, upto: i64) -> Result<WordSum, StoreError> {
        let mut connection = self.connect_alone().await?;
        let statement = |text| Statement::new(Reach::Everywhere(EVERYTHING), text);
        let sum = match connection.engine() {
            Engine::Sqlite => {
                connection.execute(statement(SHOW_CLAIM_WORDS)).await?;
                of_sqlite(&mut connection, upto, || statement(SUM_CLAIM_WORDS), statement(COUNT_CLAIM_TEXTS)).await?
            }
            Engine::Postgres => of_postgres(&mut connection, upto, || statement(SELECT_CLAIM_WORDS)).await?,
        };
        connection.close().await?;
        Ok(sum)
    }

    /// The same of the names of records.
    pub(super) async fn sum_record_words(&self, upto: i64) -> Result<WordSum, StoreError> {
        let mut connection = self.connect_alone().await?;
        let statement = |text| Statement::new(Reach::Records, text);
        let sum = match connection.engine() {
            Engine::Sqlite => {
                connection.execute(statement(SHOW_RECORD_WORDS)).await?;
                of_sqlite(&mut connection, upto, || statement(SUM_RECORD_WORDS), statement(COUNT_RECORD_TEXTS)).await?
            }
            Engine::Postgres => of_postgres(&mut connection, upto, || statement(SELECT_RECORD_WORDS)).await?,
        };
        connection.close().await?;
        Ok(sum)
    }
}

async fn of_sqlite(connection: &mut Connection, upto: i64, sums: impl Fn() -> Statement, count: Statement) -> Result<WordSum, StoreError> {
    let (texts,): (i64,) = connection.fetch_one(count.bind(upto)).await?;
    let (mut sum, mut after) = (0_u64, String::new());
    loop {
        let terms: Vec<(String, i64)> = connection.fetch_all(sums().bind(&after).bind(upto)).await?;
        let Some((last, _)) = terms.last() else { return Ok(WordSum { texts, sum }) };
        after.clone_from(last);
        for (term, places) in terms {
            sum = sum.wrapping_add(term_number(&term).wrapping_mul(places.unsigned_abs()));
        }
    }
}

async fn of_postgres(connection: &mut Connection, upto: i64, words: impl Fn() -> Statement) -> Result<WordSum, StoreError> {
    let (mut found, mut after) = (WordSum::default(), (i64::MIN, i64::MIN));
    loop {
        let rows: Vec<(i64, i64, String, bool)> = connection.fetch_all(words().bind(after.0).bind(after.1).bind(upto)).await?;
        let Some((metric, seq, ..)) = rows.last() else { return Ok(found) };
        after = (*metric, *seq);
        for (_, seq, words, is_in_place) in rows {
            found.texts += i64::from(is_in_place);
            for (offset, term) in (0_i64..).zip(words.split(' ').filter(|term| !term.is_empty())) {
                found.sum = found.sum.wrapping_add(term_number(term).wrapping_mul(place_number(seq, offset)));
            }
        }
    }
}

fn term_number(term: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    term.hash(&mut hasher);
    hasher.finish()
}

/// A number for a place in a text; squared, so that words that change places change the sum.
fn place_number(seq: i64, offset: i64) -> u64 {
    let place = (seq % MODULUS * 48_271 + offset * 69_621) % MODULUS;
    (place * place % MODULUS).unsigned_abs()
}
