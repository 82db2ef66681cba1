//! Comparing a copy with its source: every row of every table with all its columns, in the order of its key.
//!
//! Whole rows, whatever their columns are: what is taken from a body for filters or look-up is compared like the body itself,
//! and a column that is added later needs no word here.

use super::engine::{Value, WholeRow};
use super::statement::{Bind, Reach, Statement};
use super::{At, Store, StoreError};

/// Rows read at a time.
const PAGE_ROWS: i64 = 500;
/// Texts of sources read at a time; each of them can be as large as many rows together.
const PAGE_TEXTS: i64 = 4;
/// Why every shard is read.
const EVERYTHING: &str = "comparing a copy with its source";
/// The longest value of a key, in characters, that is shown whole.
const SHOWN_CHARS_MAX: usize = 60;

/// A table, and the columns by which its rows can be read in an order that an index has.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
}

/// All tables but those that a copy compares in ways of their own: the head, keys, answered requests, and the words, which
/// the engines keep in different forms.
const TABLES: [Table; 12] = [
    Table { name: "commits", key: &["seq"] },
    Table { name: "units", key: &["seq"] },
    Table { name: "metrics", key: &["seq"] },
    Table { name: "actors", key: &["seq"] },
    Table { name: "sources", key: &["seq"] },
    Table { name: "names", key: &["kind", "folded", "slug", "role", "seq"] },
    Table { name: "citations", key: &["citing", "seq", "position"] },
    Table { name: "documents", key: &["seq"] },
    Table { name: "texts", key: &["sha256"] },
    Table { name: "rates", key: &["seq"] },
    Table { name: "mutes", key: &["seq"] },
    Table { name: "claim_versions", key: &["seq"] },
];

/// Which rows of a database are looked at: those of changes after one number, up to another. Without both, all that there are.
#[derive(Clone, Copy)]
struct Changes {
    after: Option<i64>,
    upto: Option<i64>,
}

impl Store {
    /// What the newest state of a copy has otherwise than the same state of this database, in the rows of changes after
    /// `after`; of the first change, if that is 0, and then also what belongs to no change. `told` hears how many tables are
    /// done, of how many.
    pub(super) async fn first_difference(
        &self,
        copy: &Self,
        after: At,
        newest: At,
        mut told: impl FnMut(i64, i64),
    ) -> Result<Option<String>, StoreError> {
        let all = i64::try_from(TABLES.len()).unwrap_or(i64::MAX);
        for (done, table) in (0..all).zip(&TABLES) {
            told(done, all);
            let found = self.first_difference_in(table, copy, after, newest).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn first_difference_in(&self, table: &Table, copy: &Self, after: At, newest: At) -> Result<Option<String>, StoreError> {
        let after = (after.0 > 0).then_some(after.0);
        // Somebody may be writing to this database; the copy has to hold nothing more.
        let (here, there) = (Changes { after, upto: Some(newest.0) }, Changes { after, upto: None });
        let mut last = None;
        loop {
            let (ours, theirs) = tokio::try_join!(self.page(table, here, last.as_ref()), copy.page(table, there, last.as_ref()))?;
            let ours: Vec<WholeRow> = ours.into_iter().map(|row| row.at(newest)).collect();
            let place = (0..ours.len().max(theirs.len())).find(|place| ours.get(*place) != theirs.get(*place));
            if let Some(place) = place {
                return Ok(Some(told(table, ours.get(place), theirs.get(place))));
            }
            let Some(row) = ours.into_iter().next_back() else { return Ok(None) };
            last = Some(row);
        }
    }

    /// The rows that follow a row, or the first ones.
    async fn page(&self, table: &Table, changes: Changes, last: Option<&WholeRow>) -> Result<Vec<WholeRow>, StoreError> {
        let reach = match table.name {
            "claim_versions" => Reach::Everywhere(EVERYTHING),
            "commits" => Reach::Ledger,
            _ => Reach::Records,
        };
        let mut statement = Statement::new(reach, "SELECT * FROM ");
        statement.push(table.name).push(" t WHERE 1 = 1");
        push_of_changes(&mut statement, table, changes);
        if let Some(last) = last {
            statement.push(" AND (");
            push_key(&mut statement, table);
            statement.push(") > ");
            statement.push_list(table.key.iter().map(|column| key_bind(last.value(column))));
        }
        statement.push(" ORDER BY ");
        push_key(&mut statement, table);
        statement.push(" LIMIT ").push_bind(if table.name == "texts" { PAGE_TEXTS } else { PAGE_ROWS });
        self.readers.fetch_all(statement).await
    }
}

/// A part of a key, which is a number or a text.
fn key_bind(value: Option<&Value>) -> Bind {
    match value {
        Some(Value::Integer(number)) => Bind::from(*number),
        Some(Value::Text(text)) => Bind::from(text),
        _ => Bind::Text(None),
    }
}

fn push_key(statement: &mut Statement, table: &Table) {
    for (place, &column) in table.key.iter().enumerate() {
        statement.push(if place == 0 { "t." } else { ", t." }).push(column);
    }
}

/// Appends the condition that a row is one of these changes. A text is when it was read as a document.
fn push_of_changes(statement: &mut Statement, table: &Table, changes: Changes) {
    let is_text = table.name == "texts";
    if is_text && (changes.after.is_some() || changes.upto.is_some()) {
        statement.push(" AND EXISTS (SELECT 1 FROM documents d WHERE d.sha256 = t.sha256");
    }
    let alias = if is_text { "d." } else { "t." };
    for (bound, comparison) in [(changes.after, "seq > "), (changes.upto, "seq <= ")] {
        if let Some(bound) = bound {
            statement.push(" AND ").push(alias).push(comparison).push_bind(bound);
        }
    }
    if is_text && (changes.after.is_some() || changes.upto.is_some()) {
        statement.push(")");
    }
}

impl WholeRow {
    fn value(&self, column: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == column).map(|(_, value)| value)
    }

    /// The row as it was at a state: what ended it later had not yet.
    fn at(mut self, newest: At) -> Self {
        for (name, value) in &mut self.0 {
            if name == "until_seq" && *value > Value::Integer(newest.0) {
                *value = Value::Null;
            }
        }
        self
    }
}

/// What differs: a row that one has and the other has not, or the first column that both have otherwise.
fn told(table: &Table, ours: Option<&WholeRow>, theirs: Option<&WholeRow>) -> String {
    let key = |row: &WholeRow| table.key.iter().filter_map(|column| row.value(column).cloned()).collect::<Vec<_>>();
    let shown = |row: &WholeRow| {
        let parts = table.key.iter().filter_map(|column| Some(format!("{column} {}", row.value(column)?)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let name = table.name;
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if key(ours) == key(theirs) => {
            let column = ours.0.iter().zip(&theirs.0).find(|(ours, theirs)| ours != theirs).map_or("?", |((column, _), _)| column);
            format!("{name}, {}: its {column} is another", shown(ours))
        }
        (Some(ours), theirs) if theirs.is_none_or(|theirs| key(ours) < key(theirs)) => format!("{name}, {}: it is missing", shown(ours)),
        (_, Some(theirs)) => format!("{name}, {}: only the target has it", shown(theirs)),
        (_, None) => name.to_string(),
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) if text.chars().count() > SHOWN_CHARS_MAX => {
                write!(f, "{:?}…", text.chars().take(SHOWN_CHARS_MAX).collect::<String>())
            }
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => f.write_str(&data_encoding::HEXLOWER.encode(bytes)),
        }
    }
}
