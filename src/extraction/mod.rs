//! From prose to candidate claims: pure, without a file, a socket or a database.
//!
//! The text goes one way:
//!
//! - `plain`: digits of every script as ASCII digits, nothing that shows nothing, and words that a line's end breaks (`broken`) as whole;
//! - `text`: characters to tokens, sentences, blocks;
//! - `table`: what stands in cells, and above and beside them;
//! - `references`: the bibliography at the end, the citations in the text, and which entry each leads to;
//! - `time`: dates, years, spans and relative times, resolved to EDTF;
//! - `negative`: everything else in digits that measures nothing: names, numbers of pages, telephones, scores;
//! - `quantity`: number, unit, bound, rate: what is left;
//! - `claim`: who, what, when, according to whom; how sure that is.
//!
//! `word_class` reads the lists of words that all of these ask for, which stand in `words`. `candidate` is what comes out. `knowledge` holds the names of actors, metrics and units, made once from records; `uses` remembers
//! for every token what it has been taken for, so that no two steps take it for different things.

mod broken;
pub mod candidate;
pub mod claim;
pub mod knowledge;
pub mod negative;
pub mod plain;
pub mod quantity;
pub mod references;
pub mod table;
pub mod text;
pub mod time;
pub mod uses;
pub mod word_class;

use jiff::civil::Date;

pub use candidate::{Candidate, Extraction};
pub use knowledge::Knowledge;

use plain::Plain;
use text::Text;
use uses::Uses;

/// What is known of a text besides its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    /// When it was published; without it, the date that the text itself gives at its head.
    pub published: Option<Date>,
}

/// Finds what a text claims.
pub fn extract(raw: &str, about: About, knowledge: &Knowledge) -> Extraction {
    let Some(plain) = Plain::of(raw) else { return read(raw, about, knowledge) };
    let mut found = read(&plain.text, about, knowledge);
    plain.restore(&mut found);
    found
}

/// Finds what a plain text claims.
fn read(plain: &str, about: About, knowledge: &Knowledge) -> Extraction {
    let text = Text::new(plain);
    let mut uses = Uses::new(&text);
    let references = references::find(&text, &mut uses);
    let mut times = time::find(&text, &mut uses, knowledge, about.published);
    negative::mark(&text, &mut uses);
    text.tables.release(&text, &mut uses, &mut times);
    let mentions = quantity::find(&text, &mut uses, knowledge);
    claim::propose(&text, &uses, knowledge, mentions, times, references)
}
