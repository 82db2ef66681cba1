//! SQL as text and values, apart from any engine. Text is static, values are bound: nothing else can be put in.

use uuid::Uuid;

use super::difference::Difference;
use super::engine::Engine;

/// Which part of the data a statement reaches. Where the data is distributed, this tells what it costs; a test holds
/// every statement against what it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Claims of the metrics that it names: one shard for each of them.
    Metrics,
    /// Claims of all metrics, and so every shard; why no metric can be named.
    Everywhere(&'static str),
    /// Reference records, texts and what is derived from them: whole on every node.
    Records,
    /// The order of changes, keys, and answered requests: on one node.
    Ledger,
}

/// A value bound to a statement. Its type is known also when it is null, as PostgreSQL demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bind {
    Integer(Option<i64>),
    Text(Option<String>),
    Uuid(Uuid),
    Boolean(bool),
}

macro_rules! bind_from {
    ($($type:ty => |$value:ident| $bind:expr;)*) => {
        $(impl From<$type> for Bind {
            fn from($value: $type) -> Self {
                $bind
            }
        })*
    };
}

bind_from! {
    i64 => |value| Self::Integer(Some(value));
    Option<i64> => |value| Self::Integer(value);
    &str => |value| Self::Text(Some(value.to_string()));
    Option<&str> => |value| Self::Text(value.map(ToString::to_string));
    String => |value| Self::Text(Some(value));
    &String => |value| Self::Text(Some(value.clone()));
    Option<String> => |value| Self::Text(value);
    Uuid => |value| Self::Uuid(value);
    bool => |value| Self::Boolean(value);
}

#[derive(Debug, Clone)]
enum Piece {
    Text(&'static str),
    /// The place of the bind with this number.
    Bind(usize),
    /// Text that every engine has its own of, around the bind with this number.
    Difference(&'static Difference, usize),
}

/// One statement of SQL and the values it is run with.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    reach: Reach,
    pieces: Vec<Piece>,
    binds: Vec<Bind>,
}

impl Statement {
    /// A statement that begins with, or is, this text.
    pub(super) fn new(reach: Reach, text: &'static str) -> Self {
        Self { reach, pieces: vec![Piece::Text(text)], binds: Vec::new() }
    }

    /// A statement whose first words every engine has its own of.
    pub(super) fn different(reach: Reach, difference: &'static Difference) -> Self {
        Self { reach, pieces: vec![Piece::Difference(difference, 0)], binds: Vec::new() }
    }

    /// Binds the next of the values whose places, `$1` and so on, stand in the text already.
    #[must_use]
    pub(super) fn bind(mut self, value: impl Into<Bind>) -> Self {
        self.binds.push(value.into());
        self
    }

    /// Appends text.
    pub(super) fn push(&mut self, text: &'static str) -> &mut Self {
        self.pieces.push(Piece::Text(text));
        self
    }

    /// Appends a value.
    pub(super) fn push_bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        self.binds.push(value.into());
        self.pieces.push(Piece::Bind(self.binds.len()));
        self
    }

    /// Appends text that every engine has its own of, with a value in it.
    pub(super) fn push_different(&mut self, difference: &'static Difference, value: impl Into<Bind>) -> &mut Self {
        self.binds.push(value.into());
        self.pieces.push(Piece::Difference(difference, self.binds.len()));
        self
    }

    /// Appends `(v1, v2, …)`; a list of nothing holds nothing, which not every engine has words for.
    pub(super) fn push_list<T: Into<Bind>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let before = self.binds.len();
        for value in values {
            self.push(if self.binds.len() == before { "(" } else { ", " }).push_bind(value);
        }
        self.push(if self.binds.len() == before { "(NULL)" } else { ")" })
    }

    /// Appends `VALUES (…), (…)`: a row for each item, with the values that `fill` pushes for it.
    pub(super) fn push_values<T>(&mut self, items: impl IntoIterator<Item = T>, mut fill: impl FnMut(&mut Row, T)) -> &mut Self {
        for (place, item) in items.into_iter().enumerate() {
            self.push(if place == 0 { "VALUES (" } else { ", (" });
            fill(&mut Row { statement: self, is_first: true }, item);
            self.push(")");
        }
        self
    }

    /// What it says of the data it reaches.
    pub(super) fn reach(&self) -> Reach {
        self.reach
    }

    /// Its text for an engine.
    pub(super) fn text(&self, engine: Engine) -> String {
        let mut text = String::with_capacity(self.pieces.len() * 8);
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Bind(number) => push_place(&mut text, engine, *number, true),
                Piece::Difference(difference, number) => {
                    for (place, part) in difference.text(engine).split(Difference::PLACE).enumerate() {
                        if place > 0 {
                            push_place(&mut text, engine, *number, place == 1);
                        }
                        text.push_str(part);
                    }
                }
            }
        }
        text
    }

    /// Its values, in the order of their numbers.
    pub(super) fn into_binds(self) -> Vec<Bind> {
        self.binds
    }
}

/// Appends the place of a value. SQLite looks named places up one after the other, which takes seconds where there are
/// thousands; a bare one is the next in order, and values stand in the text in the order of their numbers.
fn push_place(text: &mut String, engine: Engine, number: usize, is_first: bool) {
    match engine {
        Engine::Sqlite if is_first => text.push('?'),
        Engine::Sqlite => {
            text.push('?');
            text.push_str(&number.to_string());
        }
        Engine::Postgres => {
            text.push('$');
            text.push_str(&number.to_string());
        }
    }
}

/// One row of `VALUES`.
pub(super) struct Row<'s> {
    statement: &'s mut Statement,
    is_first: bool,
}

impl Row<'_> {
    /// Appends a value.
    pub(super) fn push_bind(&mut self, value: impl Into<Bind>) -> &mut Self {
        if !std::mem::take(&mut self.is_first) {
            self.statement.push(", ");
        }
        self.statement.push_bind(value);
        self
    }
}
