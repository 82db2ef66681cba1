//! Web and e-mail addresses: what is written in one piece with "@", "://" or a domain's end.

use std::ops::Range;

use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::WordClass;

/// Ends of web addresses.
static ENDS_OF_WEB_ADDRESSES: WordClass = WordClass::named("ends of web addresses");

/// Whether what is written in one piece is an address of the web or of mail.
pub fn is_web(text: &Text<'_>, piece: Range<usize>) -> bool {
    let mut at = piece.start;
    while at < piece.end {
        let word = text.word(at);
        let next = text.word(at + 1);
        if word == "@" && at > piece.start && at + 1 < piece.end && text.kind(at + 1) == Some(Kind::Word) {
            return true;
        }
        if word == ":" && next == "/" && text.word(at + 2) == "/" || word.eq_ignore_ascii_case("www") && next == "." {
            return true;
        }
        if word == "."
            && at > piece.start
            && at + 1 < piece.end
            && ENDS_OF_WEB_ADDRESSES.contains(text.small(at + 1))
            && text.kind(at - 1) != Some(Kind::Mark)
        {
            let closes = at + 2 >= piece.end || matches!(text.word(at + 2), "/" | "." | "," | ")" | ";" | ":" | "?");
            return closes && text.word(at - 1).len() > 1 && !(text.kind(at - 1) == Some(Kind::Digits) && next.len() < 3);
        }
        at += 1;
    }
    false
}
