//! Numbers in the names of works and groups: “10 Things I Hate About You”, "the Group of 77", "the 38 bus", "Web 2.0", "2 Samuel".

use super::{Found, is_followed_by_count, is_verb};
use crate::extraction::quantity::{is_unit, noun, number_words};
use crate::extraction::text::{BlockKind, Kind, Text};
use crate::extraction::uses::{Use, Uses};
use crate::extraction::word_class::{INSTITUTION_NOUNS, WordClass};

/// Nouns of what is called by a number before them: "the 38 bus", "the 1200 block of Elm Street".
static NOUNS_CALLED_BY_NUMBERS: WordClass = WordClass::named("nouns called by numbers");
/// Groups that are called after how many they are: "the Gang of Four".
static GROUPS_NAMED_BY_SIZE: WordClass = WordClass::named("groups named by size");
/// Words in small letters inside a title.
static SMALL_WORDS_OF_TITLES: WordClass = WordClass::named("small words of titles");
/// Books of which there are several: "2 Samuel".
static NUMBERED_BOOKS: WordClass = WordClass::named("numbered books");
/// Books that one cites by chapter and verse.
static BOOKS_WITH_CHAPTERS: WordClass = WordClass::named("books with chapters");
/// What the years of a school are called.
static LEVELS_OF_SCHOOLS: WordClass = WordClass::named("levels of schools");
/// What is performed, shown or read.
static NOUNS_OF_WORKS: WordClass = WordClass::named("nouns of works");
/// First words of the names of groups: "the Magnificent 7".
static FIRST_WORDS_OF_GROUPS: WordClass = WordClass::named("first words of groups");
/// Words that tell of radio and television.
static WORDS_OF_BROADCASTING: WordClass = WordClass::named("words of broadcasting");
/// Words in a headline between quotation marks that tell of an event.
static WORDS_OF_EVENTS_IN_HEADLINES: WordClass = WordClass::named("words of events in headlines");

/// Most tokens of a title between quotation marks.
const TITLE_TOKENS_MAX: usize = 14;

/// “10 Things I Hate About You”: words with capitals between quotation marks, and a number among them.
pub fn quoted(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let opens = |mark: usize| matches!(text.word(mark), "“" | "\"" | "‘" | "«") && !text.spaced(mark + 1) && text.spaced(mark);
    let closes = |mark: usize| matches!(text.word(mark), "”" | "\"" | "’" | "»") && !text.spaced(mark);
    let open = (at.saturating_sub(TITLE_TOKENS_MAX)..at).rev().find(|mark| opens(*mark))?;
    let close = (at + 1..open + 2 + TITLE_TOKENS_MAX).find(|mark| closes(*mark))?;
    let (mut capitals, mut last) = (0, open);
    for word in open + 1..close {
        let mark = matches!(text.word(word), "," | "." | "?" | "!");
        let fits = match text.kind(word)? {
            Kind::Digits => true,
            Kind::Mark => matches!(text.word(word), "'" | "’" | "-" | ":" | "&") && !text.spaced(word) || mark && word + 1 == close,
            Kind::Word => text.is_capital(word) || SMALL_WORDS_OF_TITLES.contains(text.small(word)) || !text.spaced(word),
        };
        if !fits || WORDS_OF_EVENTS_IN_HEADLINES.contains(text.small(word)) || is_unit(text, word) && text.kind(word) == Some(Kind::Mark) {
            return None;
        }
        capitals += usize::from(text.is_capital(word));
        last = if mark { last } else { word };
    }
    let first = text.is_capital(open + 1) || text.kind(open + 1) == Some(Kind::Digits);
    // “Seven” is a title, “Seven,” may be an answer.
    let comma = close > open + 2 && last + 1 < close && capitals < 2;
    let one = capitals == 1 && (close == open + 2 || text.kind(at) == Some(Kind::Digits));
    (first && !comma && (capitals > 1 || one)).then_some((open + 1..last + 1, Use::Name))
}

/// "the Group of 77", "the Committee of 100".
pub fn group(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let noun = at.checked_sub(2).filter(|noun| text.is_capital(*noun) && text.small(noun + 1) == "of")?;
    let article = noun.checked_sub(1).is_some_and(|before| text.small(before) == "the");
    let bare = text.kind(at + 1) != Some(Kind::Word) || noun::ends_phrase(text.small(at + 1));
    let group = text.small(noun) == "group" && article;
    (GROUPS_NAMED_BY_SIZE.contains(text.small(noun)) && (group || bare)).then_some((noun..at + 1, Use::Name))
}

/// "the Magnificent 7", "the big four".
pub fn few(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let word = at.checked_sub(1).filter(|word| text.is_capital(*word) && FIRST_WORDS_OF_GROUPS.contains(text.small(*word)))?;
    let article = word.checked_sub(1).is_some_and(|before| matches!(text.small(before), "the" | "a" | "s" | "'" | "’"));
    let small = text.word(at).len() < 3 || text.kind(at) == Some(Kind::Word);
    (article && small).then_some((word..at + 1, Use::Name))
}

/// "the 38 bus", "the 300 Club", "the 1200 block of Elm Street", "the 8.15 to Paddington".
pub fn called(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1).map_or("", |before| text.small(before));
    if !matches!(before, "the" | "his" | "her" | "my" | "your" | "s") || !text.spaced(at) {
        return None;
    }
    let next = at + 1;
    let minutes = text.is_mark(next, '.') && !text.spaced(next) && text.word(next + 1).len() == 2 && !text.spaced(next + 1);
    if before == "the" && minutes && text.word(at).len() <= 2 && matches!(text.small(next + 2), "to" | "from") && text.is_capital(next + 3)
    {
        return Some((at..next + 2, Use::Time));
    }
    let institution = text.is_capital(next) && INSTITUTION_NOUNS.contains(text.small(next)) || text.word(next) == "Club";
    let named = (institution && before == "the" || NOUNS_CALLED_BY_NUMBERS.contains(text.small(next))) && text.spaced(next);
    let counts = noun::counted(text, uses, next, next + 4).is_some() && !is_verb(text, next + 1);
    (named && !counts && text.word(at).len() <= 4).then_some((at..next, Use::Name))
}

/// "2 Samuel", "1 Corinthians 13", "Romans 12", "Iliad 24.507".
pub fn book(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let numbered = matches!(text.word(at), "1" | "2" | "3") && text.is_capital(at + 1) && NUMBERED_BOOKS.contains(text.small(at + 1));
    if numbered && !is_followed_by_count(text, uses, at + 2) {
        return Some((at..at + 1, Use::Name));
    }
    let book = at.checked_sub(1).filter(|book| text.is_capital(*book) && BOOKS_WITH_CHAPTERS.contains(text.small(*book)))?;
    let verse =
        matches!(text.word(at + 1), "." | ":") && !text.spaced(at + 1) && text.kind(at + 2) == Some(Kind::Digits) && !text.spaced(at + 2);
    let end = at + 1 + 2 * usize::from(verse);
    (text.word(at).len() <= 3 && !is_followed_by_count(text, uses, end)).then_some((book..end, Use::Name))
}

/// "Form 4 pupils", "Class 10 results", "Year 6": the level of a school by its capital.
pub fn level(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let level = at.checked_sub(1).filter(|level| text.is_capital(*level) && LEVELS_OF_SCHOOLS.contains(text.small(*level)))?;
    let small = text.word(at).parse::<u32>().is_ok_and(|number| (1..=13).contains(&number));
    let ends = !text.is_mark(at + 1, '%') && !is_unit(text, at + 1) && text.tokens.get(at).is_some_and(|token| token.breaks == 0);
    (small && ends).then_some((level..at + 1, Use::Name))
}

/// "the musical Six", the series “24”: a number right after what kind of work it is called by.
pub fn work(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let quote = at.checked_sub(1).filter(|mark| matches!(text.word(*mark), "“" | "\"" | "‘") && !text.spaced(at));
    let noun = quote.unwrap_or(at).checked_sub(1).filter(|noun| NOUNS_OF_WORKS.contains(text.small(*noun)))?;
    let closed = quote.is_some() && matches!(text.word(at + 1), "”" | "\"" | "’" | "," | ".");
    let capital = text.is_capital(at) && !text.is_capital(noun);
    let bare = text.kind(at) == Some(Kind::Digits) && matches!(text.small(noun), "film" | "movie" | "musical" | "sitcom" | "sequel");
    let counts = is_followed_by_count(text, uses, at + 1);
    (closed || (capital || bare) && !counts && text.kind(at + 1) != Some(Kind::Digits)).then_some((at..at + 1, Use::Name))
}

/// "Web 2.0", "the Stability 2.0 plan": a version in a name, which ends with 0.
pub fn generation(text: &Text<'_>, uses: &Uses, at: usize) -> Found {
    let before = at.checked_sub(1).filter(|before| text.is_capital(*before) && text.spaced(at))?;
    let pointed =
        text.word(at).len() == 1 && text.is_mark(at + 1, '.') && !text.spaced(at + 1) && text.word(at + 2) == "0" && !text.spaced(at + 2);
    let heading = text.blocks.get(text.block_of(at)).is_some_and(|block| block.kind == BlockKind::Heading);
    let ends = noun::ends_phrase(text.small(before)) || heading || text.is_mark(at + 3, '.') && !text.spaced(at + 4);
    let apart = text.kind(at + 3) != Some(Kind::Word) && (!text.is_mark(at + 3, '.') || text.is_mark(before.wrapping_sub(1), ','));
    let counts = apart || is_unit(text, at + 3) || is_followed_by_count(text, uses, at + 3);
    (pointed && !ends && (!counts || text.small(at + 3) == "plan")).then_some((before..at + 3, Use::Name))
}

/// "Capital 95.8", "98.5 FM": the frequency by which a station is called.
pub fn station(text: &Text<'_>, _: &Uses, at: usize) -> Found {
    let decimal = text.is_mark(at + 1, '.') && !text.spaced(at + 1) && text.word(at + 2).len() == 1 && !text.spaced(at + 2);
    let end = at + 1 + 2 * usize::from(decimal);
    let frequency = text.word(at).parse::<u32>().is_ok_and(|number| (87..=108).contains(&number));
    let modulated = frequency && matches!(text.word(end), "FM" | "fm");
    let medium = text.word(end) == "AM" && text.word(at).len() > 2 && !decimal;
    let before = at.checked_sub(1);
    let named = before.is_some_and(|before| text.is_capital(before) && !noun::ends_phrase(text.small(before)) || text.word(before) == "FM");
    let told = || {
        let sentence = text.sentences.get(text.sentence_of(at)).cloned().unwrap_or(at..at);
        sentence.into_iter().any(|word| WORDS_OF_BROADCASTING.contains(text.small(word)))
    };
    let called = decimal && named && !is_unit(text, end) && (is_call_sign(text.word(at.wrapping_sub(1))) || told());
    (modulated || medium || frequency && called).then_some((at..end, Use::Name))
}

/// "WNYC", "KEXP".
fn is_call_sign(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['W', 'K']) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// "Ninety-five Theses", "Eightfold Path": a number in words with a capital inside a sentence, and a capital after it.
pub fn capital(text: &Text<'_>, at: usize) -> Found {
    let sentence = text.sentences.get(text.sentence_of(at)).map_or(at, |sentence| sentence.start);
    let heading = text.blocks.get(text.block_of(at)).is_some_and(|block| block.kind == BlockKind::Heading);
    let before = at.checked_sub(1).map_or("", |before| text.word(before));
    if at == sentence || heading || matches!(before, "“" | "\"" | ":" | "‘" | "—" | "–" | "•" | "-") {
        return None;
    }
    let number = number_words::at(text, at, false).filter(|number| number.end > at + 1);
    let fold = text.small(at).ends_with("fold");
    let end = number.map_or(at + 1, |number| number.end);
    (text.is_capital(end) && (end > at + 1 || fold)).then_some((at..end, Use::Name))
}
