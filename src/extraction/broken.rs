//! Words that a line's end breaks: "mil-" above "lion" is one word, "mid-" above "2023" keeps its hyphen.

use std::ops::Range;

use super::quantity::number_words;
use super::word_class::WordClass;

/// What stands before a hyphen that is its own, also at the end of a line.
static WORDS_BEFORE_HYPHENS: WordClass = WordClass::named("words before hyphens");
/// How far, in bytes, a line may be indented that goes on with a word.
const INDENT_BYTES_MAX: usize = 120;
/// Longest part of a word, in bytes.
const PART_BYTES_MAX: usize = 24;

/// Whether a text can hold a broken word at all.
pub(super) fn may_be_in(raw: &str) -> bool {
    ["-\n", "-\r\n", "\u{2010}\n", "\u{ad}\n", "\u{ad}\r\n"].iter().any(|end| raw.contains(end))
}

/// What is left out where the hyphen at a byte breaks a word: the hyphen and the line's end, or the line's end alone.
pub(super) fn gap(raw: &str, hyphen: usize) -> Option<Range<usize>> {
    let mark = raw.get(hyphen..)?.chars().next().filter(|mark| matches!(mark, '-' | '\u{2010}' | '\u{ad}'))?;
    let after = hyphen + mark.len_utf8();
    let rest = raw.get(after..)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest).strip_prefix('\n')?;
    let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if indent > INDENT_BYTES_MAX {
        return None;
    }
    let end = raw.len() - rest.len() + indent;
    let before = part(raw.get(..hyphen)?, true);
    let behind = part(raw.get(end..)?, false);
    if before.is_empty() || behind.is_empty() {
        return None;
    }
    let is_soft = mark == '\u{ad}' || !keeps_hyphen(before, behind);
    Some(if is_soft { hyphen..end } else { after..end })
}

/// The letters or digits next to a hyphen.
fn part(text: &str, is_before: bool) -> &str {
    let is_part = |c: char| c.is_alphanumeric();
    let length = if is_before {
        text.chars().rev().take_while(|c| is_part(*c)).map(char::len_utf8).take(PART_BYTES_MAX).sum::<usize>()
    } else {
        text.chars().take_while(|c| is_part(*c)).map(char::len_utf8).take(PART_BYTES_MAX).sum()
    };
    if is_before { text.get(text.len() - length..).unwrap_or_default() } else { text.get(..length).unwrap_or_default() }
}

/// Whether the hyphen is the word's own: "twenty-five", "F-16", "US-led", "mid-June", "year-on-year".
fn keeps_hyphen(before: &str, behind: &str) -> bool {
    let small = before.to_lowercase();
    let is_number = |word: &str| number_words::part(word).is_some();
    let is_small = |word: &str| word.chars().all(char::is_lowercase);
    // Of "bil-lion" neither part is a word of its own.
    !is_small(behind)
        || !before.chars().skip(1).all(char::is_lowercase)
        || before.chars().any(|c| c.is_ascii_digit())
        || is_number(&small)
        || WORDS_BEFORE_HYPHENS.contains(&small)
}

#[cfg(test)]
mod tests {
    use super::gap;

    #[track_caller]
    fn reads(raw: &str, read: &str) {
        let hyphen = raw.find(['-', '\u{ad}', '\u{2010}']).unwrap();
        let left_out = gap(raw, hyphen).unwrap_or(hyphen..hyphen);
        assert_eq!(format!("{}{}", &raw[..left_out.start], &raw[left_out.end..]), read);
    }

    #[test]
    fn broken_words_are_joined_and_compounds_keep_their_hyphen() {
        reads("10.2 bil-\nlion", "10.2 billion");
        reads("10.2 bil-\r\n      lion", "10.2 billion");
        reads("bil\u{ad}\nlion", "billion");
        reads("twenty-\nfive", "twenty-five");
        reads("mid-\n2023", "mid-2023");
        reads("US-\nled", "US-led");
        reads("Anglo-\nSaxon", "Anglo-Saxon");
        reads("non-\ngovernmental", "non-governmental");
        reads("2019-\n20", "2019-20");
        reads("a -\nb", "a -\nb");
        reads("well-\n\nknown", "well-\n\nknown");
        reads("- \nitem", "- \nitem");
    }
}
