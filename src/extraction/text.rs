//! A text cut into tokens, sentences and blocks, in one pass over its characters.
//!
//! Tokens are small, so that every later step can put together what belongs together: a run of letters, a run of ASCII digits, or
//! one other character that is no space. `US$152.2` is five tokens, `F-16` three. All later steps speak of ranges of tokens; bytes
//! come back only at the end.

use std::ops::Range;

use super::table::Tables;
use super::word_class::WordClass;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with the marks that combine with them.
    Word,
    /// ASCII digits.
    Digits,
    /// One other character.
    Mark,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// What it is made of.
    pub kind: Kind,
    /// Whether space, of whatever kind, stands before it.
    pub spaced: bool,
    /// Line breaks that stand before it: two and more end a block.
    pub breaks: u8,
}

/// What a block of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A line of its own without an end mark: a title or a heading.
    Heading,
    /// A cell of a table.
    Cell,
}

/// Tokens that belong together: a paragraph, a heading, an entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
}

/// A text with its structure.
#[derive(Debug)]
pub struct Text<'t> {
    /// As it came.
    pub raw: &'t str,
    /// The same with ASCII capitals made small: every byte stands where it did.
    small: String,
    /// All tokens.
    pub tokens: Vec<Token>,
    /// Ranges of tokens, one after the other; none reaches over a block's end.
    pub sentences: Vec<Range<usize>>,
    /// Ranges of tokens, one after the other.
    pub blocks: Vec<Block>,
    /// What its tables say of their numbers.
    pub tables: Tables,
}

/// Words before a full stop that does not end a sentence.
static ABBREVIATIONS: WordClass = WordClass::named("abbreviations");
/// Longest line, in tokens, that is a heading when no mark ends it.
const HEADING_TOKENS_MAX: usize = 16;

impl<'t> Text<'t> {
    /// Cuts a text.
    pub fn new(raw: &'t str) -> Self {
        let mut tokens = tokens(raw);
        let tables = Tables::of(raw, &mut tokens);
        let mut text = Self { raw, small: raw.to_ascii_lowercase(), tokens, sentences: Vec::new(), blocks: Vec::new(), tables };
        text.blocks = text.cut_blocks();
        text.sentences = text.cut_sentences();
        text
    }

    /// A token as printed; nothing beyond the end.
    pub fn word(&self, index: usize) -> &'t str {
        self.tokens.get(index).map_or("", |token| &self.raw[token.start..token.end])
    }

    /// A token with ASCII capitals made small; nothing beyond the end.
    pub fn small(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| &self.small[token.start..token.end])
    }

    /// What a token is made of; none beyond the end.
    pub fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// Whether a token is this one character.
    pub fn is_mark(&self, index: usize, mark: char) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Mark && self.raw[token.start..].starts_with(mark))
    }

    /// Whether space stands before a token; there is some before the first one and after the last.
    pub fn spaced(&self, index: usize) -> bool {
        index == 0 || self.tokens.get(index).is_none_or(|token| token.spaced)
    }

    /// Whether a token is a word that begins with a capital.
    pub fn is_capital(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.kind == Kind::Word) && self.word(index).starts_with(char::is_uppercase)
    }

    /// Whether tokens from `index` on are these words, in small letters and each of one token.
    pub fn matches(&self, index: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.small(index + offset) == *word)
    }

    /// Tokens as printed, from the first to the last.
    pub fn slice(&self, tokens: Range<usize>) -> &'t str {
        let bytes = self.bytes(tokens);
        &self.raw[bytes]
    }

    /// The bytes that tokens take up, with the space between them.
    pub fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(self.raw.len(), |token| token.start);
        let end = tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.end);
        start..end.max(start)
    }

    /// Index of the sentence in which a token stands.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= token)
    }

    /// Index of the block in which a token stands.
    pub fn block_of(&self, token: usize) -> usize {
        self.blocks.partition_point(|block| block.tokens.end <= token)
    }

    fn cut_blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut start = 0;
        for index in 1..=self.tokens.len() {
            if index < self.tokens.len() && !self.begins_block(start, index) {
                continue;
            }
            let tokens = start..index;
            let kind = match self.is_heading(&tokens) {
                _ if self.tables.is_cell(start) => BlockKind::Cell,
                true => BlockKind::Heading,
                false => BlockKind::Paragraph,
            };
            blocks.push(Block { tokens, kind });
            start = index;
        }
        blocks
    }

    /// Whether a token begins a new block: after an empty line; and after a line's end, unless the line is only broken there, which
    /// shows in a long line that ends without a mark, or in one that goes on with a small letter.
    fn begins_block(&self, start: usize, index: usize) -> bool {
        match self.tokens[index].breaks {
            0 => false,
            1 => {
                let line = &self.raw[self.line_start(start, index)..self.tokens[index - 1].end];
                let goes_on = self.word(index).starts_with(|first: char| first.is_lowercase());
                let address = line.rsplit(char::is_whitespace).next().is_some_and(|last| last.contains("://") || last.starts_with("www."));
                let ended = address || matches!(line.chars().next_back(), Some('.' | '!' | '?' | ':' | '”' | '"' | ')' | '’'));
                !goes_on && (ended || line.len() < 60)
            }
            _ => true,
        }
    }

    fn line_start(&self, start: usize, index: usize) -> usize {
        let from = self.tokens[start].start;
        self.raw[from..self.tokens[index - 1].end].rfind('\n').map_or(from, |at| from + at + 1)
    }

    fn is_heading(&self, tokens: &Range<usize>) -> bool {
        let last = self.word(tokens.end - 1);
        tokens.len() <= HEADING_TOKENS_MAX && !matches!(last, "." | "!" | ";" | "”" | "\"") && !self.slice(tokens.clone()).contains('\n')
    }

    fn cut_sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        for block in &self.blocks {
            let mut start = block.tokens.start;
            for index in block.tokens.clone() {
                let next = index + 1;
                if next < block.tokens.end && self.spaced(next) && self.ends_sentence(start, index) && !self.goes_on_at(next) {
                    sentences.push(start..next);
                    start = next;
                }
            }
            if start < block.tokens.end {
                sentences.push(start..block.tokens.end);
            }
        }
        sentences
    }

    /// Whether a sentence ends with a token: an end mark, or what closes a quotation or bracket right after one.
    fn ends_sentence(&self, start: usize, index: usize) -> bool {
        match self.word(index) {
            "!" | "?" => true,
            "." => !self.abbreviates(start, index),
            "”" | "\"" | "’" | ")" | "»" => {
                index > start
                    && matches!(self.word(index - 1), "." | "!" | "?")
                    && !self.spaced(index)
                    && !self.abbreviates(start, index - 1)
            }
            _ => false,
        }
    }

    /// Whether the full stop at a token shortens the word before it.
    fn abbreviates(&self, start: usize, stop: usize) -> bool {
        let Some(before) = stop.checked_sub(1).filter(|before| *before >= start) else { return false };
        if self.spaced(stop) || self.kind(before) != Some(Kind::Word) {
            return false;
        }
        let word = self.word(before);
        // An initial: "J. Smith". What stands before it in "U.S." is a full stop; then the next word decides.
        let is_initial = word.chars().count() == 1 && word.starts_with(char::is_uppercase);
        is_initial
            || ABBREVIATIONS.contains(self.small(before))
            || word.len() > 1 && self.is_mark(before.wrapping_sub(1), '.') && !self.spaced(before)
    }

    /// Whether what follows an end mark is no beginning of a sentence.
    fn goes_on_at(&self, next: usize) -> bool {
        self.word(next).starts_with(|first: char| first.is_lowercase() || matches!(first, ',' | ';' | ')' | ']'))
    }
}

/// Cuts a text into tokens.
fn tokens(raw: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(raw.len() / 5);
    let (mut spaced, mut breaks) = (true, 0_u8);
    let mut open: Option<Kind> = None;
    for (start, c) in raw.char_indices() {
        let end = start + c.len_utf8();
        let Some(kind) = kind_of(c, open) else {
            open = None;
            spaced = true;
            breaks = breaks
                .saturating_add(u8::from(matches!(c, '\n' | '\u{c}' | '\u{2028}' | '\u{2029}')))
                .saturating_add(u8::from(c == '\u{c}'));
            continue;
        };
        match tokens.last_mut() {
            Some(last) if open == Some(kind) && kind != Kind::Mark => last.end = end,
            _ => {
                tokens.push(Token { start, end, kind, spaced, breaks });
                spaced = false;
                breaks = 0;
            }
        }
        open = Some(kind);
    }
    tokens
}

/// The kind of token that a character belongs to; none for space and for characters that show nothing.
fn kind_of(c: char, open: Option<Kind>) -> Option<Kind> {
    if c.is_ascii() {
        return match c {
            '0'..='9' => Some(Kind::Digits),
            'a'..='z' | 'A'..='Z' => Some(Kind::Word),
            c if c.is_ascii_whitespace() || c.is_ascii_control() => None,
            _ => Some(Kind::Mark),
        };
    }
    match c {
        // A byte order mark, joiners and marks of direction show nothing; inside a word they do not end it.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}' => {
            if open == Some(Kind::Word) {
                open
            } else {
                None
            }
        }
        c if c.is_whitespace() => None,
        // What combines with a letter belongs to it.
        '\u{300}'..='\u{36f}' if open == Some(Kind::Word) => open,
        // Raised letters stand for notes.
        'ª' | 'º' | 'ʰ'..='ʸ' | 'ᴬ'..='ᵪ' | 'ᶛ'..='ᶿ' | 'ⁱ' | 'ⁿ' => Some(Kind::Mark),
        c if c.is_alphabetic() => Some(Kind::Word),
        _ => Some(Kind::Mark),
    }
}
