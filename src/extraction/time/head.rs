//! When a text was published, as its own head says: a dateline, a line under the title, "Published: …".

use super::Draft;
use super::calendar::Span;
use super::lead::Lead;
use super::reading::Reading;
use crate::extraction::text::{Block, BlockKind, Text};
use crate::extraction::word_class::WordClass;

/// In how many blocks a text's head is looked for.
const BLOCKS_MAX: usize = 10;
/// In how many blocks the foot.
const BLOCKS_OF_FOOT_MAX: usize = 3;
/// Within how many tokens of a paragraph a dateline ends.
const DATELINE_TOKENS_MAX: usize = 24;
/// Words before the date of a text.
static WORDS_OF_PUBLISHING: WordClass = WordClass::named("words of publishing");

/// The date in the head of a text, or else the one that its foot announces: a day, or at least a month.
pub(super) fn published(text: &Text<'_>, drafts: &[Draft]) -> Option<Span> {
    let head_end = text.blocks.get(..BLOCKS_MAX).unwrap_or(&text.blocks).last()?.tokens.end;
    let in_head = drafts.get(..drafts.partition_point(|draft| draft.tokens.start < head_end))?;
    let find = |told: fn(&Draft) -> Option<Span>| in_head.iter().find_map(|draft| told(draft).filter(|_| tells_publication(text, draft)));
    find(day).or_else(|| find(month)).or_else(|| {
        let foot_start = text
            .blocks
            .len()
            .checked_sub(BLOCKS_OF_FOOT_MAX)
            .and_then(|index| text.blocks.get(index))
            .map_or(0, |block| block.tokens.start);
        let in_foot = drafts.iter().rev().take_while(|draft| draft.tokens.start >= foot_start);
        in_foot
            .filter(|draft| {
                text.blocks.get(text.block_of(draft.tokens.start)).is_some_and(|block| is_announced(text, draft, block.tokens.start))
            })
            .find_map(day)
    })
}

/// The one day that a time tells fully.
fn day(draft: &Draft) -> Option<Span> {
    match &draft.telling.reading {
        Reading::Fixed(span) if span.is_day() && draft.telling.rule != "event" => Some(*span),
        _ => None,
    }
}

/// The one month that a time tells: "Policy brief, September 2024".
fn month(draft: &Draft) -> Option<Span> {
    match &draft.telling.reading {
        Reading::Fixed(span) if draft.telling.rule == "month-year" => Some(*span),
        _ => None,
    }
}

fn tells_publication(text: &Text<'_>, draft: &Draft) -> bool {
    text.blocks.get(text.block_of(draft.tokens.start)).is_some_and(|block| {
        is_announced(text, draft, block.tokens.start) || is_line_of_date(text, draft, block) || is_dateline(text, draft, block.tokens.start)
    })
}

/// Whether a date stands after "Published:" or its like.
fn is_announced(text: &Text<'_>, draft: &Draft, start: usize) -> bool {
    let first = draft.tokens.start;
    let words = WORDS_OF_PUBLISHING.contains(text.small(start)) || text.small(start) == "last" && text.small(start + 1) == "updated";
    first > start && first - start <= 4 && words
}

/// Whether a date stands on a line of its own, or after a comma in a line of a few words.
fn is_line_of_date(text: &Text<'_>, draft: &Draft, block: &Block) -> bool {
    let (first, start) = (draft.tokens.start, block.tokens.start);
    // "As of 5 March 2025" alone on its line.
    let is_alone = first == start && draft.tokens.end == block.tokens.end && text.small(first) == "as";
    if block.kind != BlockKind::Heading || draft.lead != Lead::Bare {
        return is_alone && block.kind == BlockKind::Heading;
    }
    let is_apart = |before: usize| matches!(text.word(before), "," | ":" | "|" | "–" | "—" | "-" | "•" | "·" | "(" | ")" | "/");
    first == start || first.checked_sub(1).is_some_and(is_apart) || text.tokens.get(first).is_some_and(|token| token.breaks > 0)
}

/// Whether a date stands before the dash with which a report begins: "ANKARA, Jan 6, 2025 (Agency) -".
fn is_dateline(text: &Text<'_>, draft: &Draft, start: usize) -> bool {
    let first = draft.tokens.start;
    if draft.lead != Lead::Bare || first - start > DATELINE_TOKENS_MAX / 2 {
        return false;
    }
    let opens = first == start || matches!(text.word(first - 1), "," | "(" | "—" | "–" | "-" | ")" | "/");
    let is_name =
        |index: usize| !text.word(index).starts_with(char::is_lowercase) || matches!(text.small(index), "and" | "of" | "de" | "al" | "the");
    let dash = (draft.tokens.end..start + DATELINE_TOKENS_MAX).find(|index| {
        matches!(text.word(*index), "-" | "–" | "—" | ":")
            && (text.spaced(*index) || text.spaced(index + 1) || text.is_mark(index + 1, '-'))
    });
    opens && dash.is_some_and(|dash| (start..dash).all(|index| is_name(index) || draft.tokens.contains(&index)))
}
