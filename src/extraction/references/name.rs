//! Names of people and institutions: what they look like, and how they compare.

use std::ops::Range;

use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{INSTITUTION_NOUNS, PARTICLES_OF_NAMES, WordClass};

/// Nouns in the names of those who publish, beside the institutions of any text.
static AUTHOR_NOUNS: WordClass = WordClass::lines_of(include_str!("../words/author_nouns.txt"));
/// Small words inside names of institutions, and of several people.
static WORDS_INSIDE_NAMES: WordClass = WordClass::named("words inside names");

/// Whether a word tells an institution from a person.
pub fn is_institutional(small: &str) -> bool {
    let is_noun = |word: &str| INSTITUTION_NOUNS.contains(word) || AUTHOR_NOUNS.contains(word);
    is_noun(small) || small.strip_suffix('s').is_some_and(is_noun)
}

/// Whether a small word can stand inside a name.
pub fn joins(small: &str) -> bool {
    PARTICLES_OF_NAMES.contains(small) || WORDS_INSIDE_NAMES.contains(small)
}

/// Whether a token is an initial: one capital.
pub fn is_initial(text: &Text<'_>, index: usize) -> bool {
    text.is_capital(index) && text.word(index).chars().nth(1).is_none()
}

/// A name as it is compared: words in small letters without accents, apostrophes and stops, one space between.
pub fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            '\'' | '’' | '‘' | '.' | '\u{300}'..='\u{36f}' | '\u{ad}' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A letter without what stands above or below it.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' => 'c',
        'ď' | 'đ' => 'd',
        'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' | 'į' => 'i',
        'ķ' => 'k',
        'ł' | 'ľ' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ō' | 'ő' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ú' | 'ù' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        c => c,
    }
}

/// Tokens as printed, with one space where the lines break.
pub fn printed(text: &Text<'_>, tokens: Range<usize>) -> String {
    let slice = text.slice(tokens);
    if slice.contains(['\n', '\u{c}', '\t']) || slice.contains("  ") {
        slice.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        slice.to_owned()
    }
}

/// Whether tokens can be a name: words with capitals, and what stands between them.
pub fn is_name(text: &Text<'_>, tokens: Range<usize>) -> bool {
    let mut capitals = false;
    for index in tokens {
        match text.kind(index) {
            Some(Kind::Word) if text.is_capital(index) => capitals = true,
            Some(Kind::Word) if joins(text.small(index)) || ends_name(text, index) || begins_glued(text, index) => {}
            // "(UNHCR)", "(Eds.)"
            Some(Kind::Mark) if matches!(text.word(index), "(" | "[") && (text.is_capital(index + 1) || ends_name(text, index + 1)) => {}
            Some(Kind::Mark) if matches!(text.word(index), ")" | "]") => {}
            Some(Kind::Mark) if matches!(text.word(index), "," | "." | "&" | "-" | "’" | "'" | "‘" | "–" | "‐" | "/" | "ʼ") => {}
            _ => return false,
        }
    }
    capitals
}

/// Small words that belong to a list of authors: "eds", "jr", the "s" of "Doctors’s".
fn ends_name(text: &Text<'_>, index: usize) -> bool {
    matches!(text.small(index), "ed" | "eds" | "editor" | "editors" | "jr" | "sr" | "trans" | "comp" | "s")
}

/// A small word glued to what stands before: "al-masri", "d’un".
fn begins_glued(text: &Text<'_>, index: usize) -> bool {
    !text.spaced(index) || text.tokens.get(index + 1).is_some_and(|next| !next.spaced && matches!(text.word(index + 1), "-" | "’" | "'"))
}

/// A printed name without "The" before it.
pub fn without_article(name: &str) -> &str {
    name.strip_prefix("The ").or(name.strip_prefix("the ")).unwrap_or(name)
}
