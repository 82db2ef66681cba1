//! Makes texts that nobody would write out of sentences that somebody did. The same seed makes the same texts.

use super::ground::PROSE;

/// What is put in where it does not belong.
const PIECES: [&str; 64] = [
    "(",
    ")",
    "[",
    "]",
    "“",
    "”",
    "\"",
    "'",
    "’",
    ",",
    ".",
    "-",
    "–",
    "—",
    "/",
    ":",
    ";",
    "%",
    "$",
    "€",
    "£",
    "US$",
    "&",
    "#",
    "*",
    "\n",
    "\n\n",
    "\t",
    "\u{c}",
    "\u{a0}",
    "\u{202f}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "½",
    "³",
    "٣",
    "５",
    "1,234.5",
    "1 234,5",
    "12,34,567",
    "0",
    "00",
    "1e400",
    "9999999999999999999999999999999",
    "0.0000000000000000000000000000001",
    "two hundred",
    "dozens",
    "half a million",
    "percent",
    "million",
    "bn",
    "per month",
    "a barrel",
    "more than",
    "up to",
    "between 5 and",
    "from",
    "to",
    "since 2021",
    "last year",
    "(ibid)",
    "(Smith, 2020a)",
    "Works Cited\n\n",
];
/// Ends of ranges from which single characters come.
const CHARACTERS: [(u32, u32); 8] = [
    (0x20, 0x7e),
    (0x30, 0x39),
    (0xa0, 0x24f),
    (0x300, 0x36f),
    (0x2000, 0x206f),
    (0x4e00, 0x4fff),
    (0x1f300, 0x1f6ff),
    (0xe000, 0x10_ffff),
];
/// Changes of one text.
const CHANGES_MAX: usize = 8;
/// Characters of one text.
const CHARACTERS_MAX: usize = 2_000;

/// Makes texts by chance.
pub struct Mutator {
    state: u64,
    sentences: Vec<&'static str>,
}

impl Mutator {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        let sentences = PROSE.split_inclusive(['.', '\n']).filter(|sentence| !sentence.trim().is_empty()).collect();
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, sentences }
    }

    /// Another text.
    pub fn text(&mut self) -> String {
        let mut text: Vec<char> = self.sentence().chars().collect();
        for _ in 0..=self.below(CHANGES_MAX) {
            self.change(&mut text);
        }
        text.truncate(CHARACTERS_MAX);
        text.into_iter().collect()
    }

    fn sentence(&mut self) -> &'static str {
        let index = self.below(self.sentences.len());
        self.sentences.get(index).copied().unwrap_or_default()
    }

    fn change(&mut self, text: &mut Vec<char>) {
        let at = self.below(text.len() + 1);
        let end = (at + self.below(40)).min(text.len());
        match self.below(9) {
            0 => drop(text.splice(at..at, self.sentence().chars())),
            1 => drop(text.splice(at..end, PIECES[self.below(PIECES.len())].chars())),
            2 => drop(text.splice(at..at, PIECES[self.below(PIECES.len())].chars())),
            3 => drop(text.drain(at..end)),
            4 => {
                let copies: Vec<char> = text[at..end].repeat(1 + self.below(6));
                drop(text.splice(at..at, copies));
            }
            5 => {
                let characters: Vec<char> = (0..=self.below(6)).map(|_| self.character()).collect();
                drop(text.splice(at..at, characters));
            }
            6 => {
                let piece = PIECES[self.below(PIECES.len())].repeat(1 + self.below(30));
                drop(text.splice(at..at, piece.chars()));
            }
            7 => text[at..end].reverse(),
            _ => {
                let cut: Vec<char> = text.drain(at..end).collect();
                let to = self.below(text.len() + 1);
                drop(text.splice(to..to, cut));
            }
        }
    }

    fn character(&mut self) -> char {
        let (first, last) = CHARACTERS[self.below(CHARACTERS.len())];
        let within = self.below((last - first + 1) as usize);
        char::from_u32(first + u32::try_from(within).unwrap_or(0)).unwrap_or('\u{fffd}')
    }

    /// A number below another one, which is above 0 (xorshift).
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state >> 16).unwrap_or(usize::MAX) % limit.max(1)
    }
}
