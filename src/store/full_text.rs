//! Full text: which words a text has. Both engines are given the words as this file cuts them, so that both find the
//! same; neither cuts or folds anything itself.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::StoreError;
use super::difference::{CLAIM_HAS_WORDS, INSERT_CLAIM_WORDS, INSERT_RECORD_WORDS, RECORD_HAS_WORDS};
use super::engine::Connection;
use super::statement::{Reach, Statement};
use crate::domain::claim::Claim;
use crate::domain::record::Record;

/// A longer word is known by its first characters; PostgreSQL's index takes no entry of more than some 2,700 bytes.
const WORD_CHARS_MAX: usize = 100;
/// Rows that one statement inserts.
const STATEMENT_ROWS: usize = 500;

/// The words of a text, folded, with one space between them: compatible forms made one, lower case, without the marks
/// that only colour a letter. A word is a run of letters, digits and the marks that belong to them.
pub fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut length = 0;
    for c in text.nfkd().flat_map(char::to_lowercase).filter(|c| !only_colours(*c)) {
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            length = 0;
            continue;
        }
        if length == 0 && !words.is_empty() {
            words.push(' ');
        }
        length += 1;
        match c {
            _ if length > WORD_CHARS_MAX => {}
            'ß' => words.push_str("ss"),
            'ς' => words.push('σ'),
            c => words.push(c),
        }
    }
    words
}

/// Accents of Latin, Greek and Cyrillic, and the points of Hebrew and Arabic, which many leave out when they type.
fn only_colours(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Splits what somebody searches for at its spaces; each part is one word or, as in "U.S.", several that stand together.
/// Those without a letter or digit say nothing.
pub fn search_words(text: &str, words_max: usize) -> Vec<String> {
    text.split_whitespace().map(words_of).filter(|words| !words.is_empty()).take(words_max).collect()
}

/// The words of a claim that a search finds; names of its records are found through the records.
pub(super) fn searchable(claim: &Claim) -> String {
    let quote = claim.quote.as_ref().map(|quote| quote.exact.as_str());
    let value = [claim.value.original.as_deref(), claim.value.denominator.as_deref()];
    let told = [claim.speaker.as_deref(), claim.cue.as_deref(), claim.period_original.as_deref(), claim.note.as_deref()];
    quote.into_iter().chain(value.into_iter().flatten()).chain(told.into_iter().flatten()).collect::<Vec<_>>().join("\n")
}

/// All names of a record, which a search finds.
pub(super) fn names_together(record: &impl Record) -> String {
    record.names().into_iter().map(|name| name.text).collect::<Vec<_>>().join("\n")
}

/// Appends the condition that a version of a claim, `c`, has words that stand together.
pub(super) fn push_claim_has(statement: &mut Statement, words: &str) {
    statement.push_different(&CLAIM_HAS_WORDS, words);
}

/// Appends the condition that a version of a record, `r`, has words that stand together in one of its names.
pub(super) fn push_record_has(statement: &mut Statement, words: &str) {
    statement.push_different(&RECORD_HAS_WORDS, words);
}

/// Stores the words of claims: key of the metric, number of the change, text.
pub(super) async fn insert_claim_words(connection: &mut Connection, rows: &[(i64, i64, String)]) -> Result<(), StoreError> {
    for rows in rows.chunks(STATEMENT_ROWS) {
        let mut statement = Statement::different(Reach::Metrics, &INSERT_CLAIM_WORDS);
        statement.push_values(rows, |row, (metric, seq, text)| {
            row.push_bind(*metric).push_bind(*seq).push_bind(words_of(text));
        });
        connection.execute(statement).await?;
    }
    Ok(())
}

/// Stores the names of records: number of the change, text.
pub(super) async fn insert_record_words(connection: &mut Connection, rows: &[(i64, String)]) -> Result<(), StoreError> {
    for rows in rows.chunks(STATEMENT_ROWS) {
        let mut statement = Statement::different(Reach::Records, &INSERT_RECORD_WORDS);
        statement.push_values(rows, |row, (seq, text)| {
            row.push_bind(*seq).push_bind(words_of(text));
        });
        connection.execute(statement).await?;
    }
    Ok(())
}
