//! Full text: the one part of the SQL that every engine says in its own way.
//!
//! Two tables hold words, by the number of the change that stored them: those of claims, and the names of records.

use sqlx::{QueryBuilder, SqliteConnection};

use super::{Db, StoreError};

/// Splits what somebody searches for into words; those without a letter or digit say nothing.
pub fn search_words(text: &str, words_max: usize) -> Vec<String> {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).take(words_max).map(ToString::to_string).collect()
}

/// Appends the condition that a version of a claim has a word.
pub(super) fn push_claim_has(query: &mut QueryBuilder<Db>, alias: &'static str, word: &str) {
    query.push(" ").push(alias).push("seq IN (SELECT rowid FROM claim_text WHERE claim_text MATCH ").push_bind(phrase(word)).push(")");
}

/// Appends the condition that a version of a record has a word in one of its names.
pub(super) fn push_record_has(query: &mut QueryBuilder<Db>, alias: &'static str, word: &str) {
    query.push(" ").push(alias).push("seq IN (SELECT rowid FROM record_text WHERE record_text MATCH ").push_bind(phrase(word)).push(")");
}

/// Stores the words of claims, by the numbers of their changes.
pub(super) async fn insert_claim_words(connection: &mut SqliteConnection, rows: &[(i64, String)]) -> Result<(), StoreError> {
    insert(connection, "INSERT INTO claim_text (rowid, words) ", rows).await
}

/// Stores the names of records, by the numbers of their changes.
pub(super) async fn insert_record_words(connection: &mut SqliteConnection, rows: &[(i64, String)]) -> Result<(), StoreError> {
    insert(connection, "INSERT INTO record_text (rowid, words) ", rows).await
}

async fn insert(connection: &mut SqliteConnection, begin: &'static str, rows: &[(i64, String)]) -> Result<(), StoreError> {
    let mut query = QueryBuilder::<Db>::new(begin);
    query.push_values(rows, |mut row, (seq, words)| {
        row.push_bind(seq).push_bind(words);
    });
    query.build().execute(connection).await?;
    Ok(())
}

/// A word as a quoted phrase of the full-text language, in which nothing inside is an operator.
fn phrase(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\"").replace('\0', " "))
}
