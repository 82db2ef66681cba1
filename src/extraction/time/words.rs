//! The words of time, and a text's tokens seen as such words.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::calendar::Unit;
use super::events::Needs;
use crate::extraction::text::{Kind, Text};
use crate::extraction::uses::Uses;
use crate::extraction::word_class::WordClass;

/// What a token can be in a telling of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// Nothing of time, or a word that is compared by its letters.
    Other,
    /// Taken by an earlier step.
    Taken,
    /// January is 1.
    Month(i8),
    /// "Jan", "Sept".
    ShortMonth(i8),
    /// Monday is 1.
    Weekday(i8),
    /// "Mon", "Thurs".
    ShortWeekday(i8),
    /// Spring is 1.
    Season(i8),
    /// "third"; "final" is the last of all.
    Ordinal(i8),
    /// "ten", "dozen".
    Number(i64),
    /// "few", "several".
    Vague,
    /// "year".
    Unit(Unit),
    /// "years".
    Units(Unit),
    Fortnight,
    /// "last" is -1, "this" 0, "next" 1.
    Step(i64),
    /// A word that may begin a time, or lead to one.
    Opens,
    /// "nineties".
    Decade(i8),
    /// "early" 0, "mid" 1, "late" 2, "start" 3, "end" 4.
    Part(i8),
}

static WORDS: LazyLock<HashMap<&str, Tag>> = LazyLock::new(|| {
    include_str!("../words/time.csv")
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(',');
            let (word, kind, number) = (fields.next()?, fields.next()?, fields.next()?.parse::<i64>().ok()?);
            let small = i8::try_from(number).unwrap_or(i8::MAX);
            let unit = usize::try_from(number).ok().and_then(|number| Unit::ALL.get(number).copied());
            let tag = match kind {
                "month" => Tag::Month(small),
                "short-month" => Tag::ShortMonth(small),
                "weekday" => Tag::Weekday(small),
                "short-weekday" => Tag::ShortWeekday(small),
                "season" => Tag::Season(small),
                "ordinal" => Tag::Ordinal(small),
                "number" => Tag::Number(number),
                "vague" => Tag::Vague,
                "unit" => Tag::Unit(unit?),
                "units" => Tag::Units(unit?),
                "fortnight" => Tag::Fortnight,
                "step" => Tag::Step(number),
                "part" => Tag::Part(small),
                "decade" => Tag::Decade(small),
                "opens" => Tag::Opens,
                _ => return None,
            };
            Some((word, tag))
        })
        .collect()
});

static COUNTED: WordClass = WordClass::lines_of(include_str!("../words/counted.txt"));

/// Whether a noun is counted so often that a number before it is no year.
pub(in crate::extraction) fn is_counted(noun: &str) -> bool {
    COUNTED.contains(noun)
}

/// The tokens of one block, as words of time. Nothing is seen beyond the block.
pub(super) struct Reader<'r, 't> {
    pub(super) text: &'r Text<'t>,
    /// Whether dates like 03/02/2025 begin with the day, where the text shows it.
    pub(super) is_day_first: Option<bool>,
    pub(super) needs: Needs,
    tags: Vec<Tag>,
    /// The block that is read.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'r, 't> Reader<'r, 't> {
    /// Sees a text's free tokens.
    pub(super) fn new(text: &'r Text<'t>, uses: &Uses) -> Self {
        let tag = |index: usize| {
            if !uses.is_free(index) {
                return Tag::Taken;
            }
            match text.kind(index) {
                Some(Kind::Word) => WORDS.get(text.small(index)).copied().unwrap_or(Tag::Other),
                _ => Tag::Other,
            }
        };
        let tags = (0..text.tokens.len()).map(tag).collect();
        Self { text, is_day_first: is_day_first(text), needs: Needs::default(), tags, start: 0, end: text.tokens.len() }
    }

    pub(super) fn tag(&self, index: usize) -> Tag {
        if index < self.start || index >= self.end { Tag::Taken } else { self.tags.get(index).copied().unwrap_or(Tag::Taken) }
    }

    /// A free token of the block, in small letters; nothing elsewhere.
    pub(super) fn small(&self, index: usize) -> &str {
        if self.tag(index) == Tag::Taken { "" } else { self.text.small(index) }
    }

    /// The token before one.
    pub(super) fn small_before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |before| self.small(before))
    }

    pub(super) fn is(&self, index: usize, word: &str) -> bool {
        self.small(index) == word
    }

    pub(super) fn is_any(&self, index: usize, words: &[&str]) -> bool {
        words.contains(&self.small(index))
    }

    pub(super) fn is_of(&self, index: usize, class: &WordClass) -> bool {
        class.contains(self.small(index))
    }

    /// The index after these words; `index` itself when they do not stand there.
    pub(super) fn skip(&self, index: usize, words: &[&str]) -> usize {
        if words.iter().enumerate().all(|(offset, word)| self.is(index + offset, word)) { index + words.len() } else { index }
    }

    /// The index after the first of these words; `index` itself when none stands there.
    pub(super) fn skip_any(&self, index: usize, words: &[&str]) -> usize {
        if self.is_any(index, words) { index + 1 } else { index }
    }

    /// Whether a token stands right after the one before it.
    pub(super) fn is_glued(&self, index: usize) -> bool {
        index > self.start && index < self.end && !self.text.spaced(index)
    }

    pub(super) fn is_digits(&self, index: usize) -> bool {
        self.tag(index) != Tag::Taken && self.text.kind(index) == Some(Kind::Digits)
    }

    /// Digits and how many there are; none when there are more than four.
    pub(super) fn digits(&self, index: usize) -> Option<(i64, usize)> {
        let word = self.small(index);
        (self.is_digits(index) && word.len() <= 4).then(|| Some((word.parse().ok()?, word.len())))?
    }

    /// Whether the digits at a token go on: a decimal, thousands, a sum of money, a number with letters.
    pub(super) fn is_part_of_number(&self, index: usize) -> bool {
        let before = self.is_glued(index)
            && self.is_any(index - 1, &[".", ",", "$", "€", "£", "¥", "₹", "#", "§", "+", "±", ":", "/", "×", "−", "№"]);
        let after = self.is_glued(index + 1)
            && (self.is(index + 1, "%")
                || self.is_any(index + 1, &[".", ",", ":"]) && self.is_glued(index + 2) && self.is_digits(index + 2)
                || self.text.kind(index + 1) == Some(Kind::Word));
        before || after || self.text.kind(index.wrapping_sub(1)) == Some(Kind::Word) && self.is_glued(index)
    }

    /// A count in words or in up to three digits.
    pub(super) fn count(&self, index: usize) -> Option<i64> {
        match self.tag(index) {
            Tag::Number(number) => Some(number),
            _ => self.digits(index).filter(|(_, length)| *length <= 3 && !self.is_part_of_number(index)).map(|(number, _)| number),
        }
    }

    /// A hyphen or dash, spaced or not.
    pub(super) fn is_dash(&self, index: usize) -> bool {
        self.is_any(index, &["-", "–", "—", "‑", "‐", "−"])
    }

    /// The tokens near one, in its sentence.
    pub(super) fn around(&self, index: usize, most: usize) -> std::ops::Range<usize> {
        let near = index.saturating_sub(most)..index + most;
        self.text
            .sentences
            .get(self.text.sentence_of(index))
            .map_or(near.clone(), |sentence| near.start.max(sentence.start)..near.end.min(sentence.end))
    }

    /// Whether a token begins a sentence.
    pub(super) fn opens_sentence(&self, index: usize) -> bool {
        self.text.sentences.get(self.text.sentence_of(index)).is_some_and(|sentence| sentence.start == index)
    }
}

/// Whether dates in digits begin with the day: what the first of them shows that cannot be read in both ways.
fn is_day_first(text: &Text<'_>) -> Option<bool> {
    (0..text.tokens.len()).filter(|index| text.is_mark(*index, '/')).find_map(|stroke| {
        let number = |index: usize| text.word(index).parse::<u8>().ok().filter(|number| (1..=31).contains(number));
        let is_date = text.is_mark(stroke + 2, '/') && text.word(stroke + 3).len() == 4 && text.kind(stroke + 3) == Some(Kind::Digits);
        let (first, second) = (number(stroke.checked_sub(1)?)?, number(stroke + 1)?);
        if !is_date || (first > 12) == (second > 12) { None } else { Some(first > 12) }
    })
}
