//! Labels made fit for drawing. What is drawn is one line, or lines that we broke ourselves; the data formats
//! keep every character.

/// More of a label than this is never drawn, so that a hostile one cannot make a picture slow or huge.
const DRAWN_CHARS_MAX: usize = 600;

/// Text between the tags of a picture; what XML forbids is gone already ([`one_line`]).
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text on one line: runs of white space become one space, and characters that XML forbids, that control
/// a terminal or that turn the direction of the text behind them are left out.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars().filter(|character| character.is_whitespace() || is_drawable(*character)) {
        match character.is_whitespace() {
            true if line.is_empty() || line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(character),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// White space is not asked about; a tab and a line feed are control characters too.
fn is_drawable(character: char) -> bool {
    let turns_direction = matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let is_noncharacter = u32::from(character) & 0xFFFE == 0xFFFE || matches!(character, '\u{FDD0}'..='\u{FDEF}');
    !character.is_control() && !turns_direction && !is_noncharacter
}

/// The text, or its beginning and an ellipsis.
pub(super) fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().nth(chars_max).is_none() {
        return text.to_string();
    }
    let beginning: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    format!("{}…", beginning.trim_end())
}

/// About how wide the text is in a common sans-serif face, in ems. Nobody tells us the reader's font, so this
/// errs on the wide side.
pub(super) fn width_of(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(character: char) -> f64 {
    match character {
        '\u{0300}'..='\u{036F}' | '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.29,
        ' ' | 'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' | '·' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.95,
        'a'..='z' | '0'..='9' => 0.60,
        'A'..='Z' => 0.72,
        '\u{1100}'.. => 1.05,
        _ => 0.65,
    }
}

/// The text broken into at most `lines_max` lines of about `width` ems, the last with an ellipsis if there is
/// more. A word that is wider than a line is broken inside.
pub(super) fn wrapped(text: &str, width: f64, lines_max: usize) -> Vec<String> {
    let text = shortened(text, DRAWN_CHARS_MAX);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').flat_map(|word| pieces(word, width)) {
        let glue = if line.is_empty() || !word.starts_a_word { "" } else { " " };
        if !line.is_empty() && width_of(&line) + width_of(glue) + width_of(word.text) > width {
            lines.push(std::mem::take(&mut line));
        } else {
            line += glue;
        }
        line += word.text;
    }
    lines.push(line);
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            while width_of(last) + width_of("…") > width && last.pop().is_some() {}
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

struct Piece<'a> {
    text: &'a str,
    starts_a_word: bool,
}

/// A word in pieces that fit on a line.
fn pieces(word: &str, width: f64) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut from, mut used) = (0, 0.0);
    for (at, character) in word.char_indices() {
        let wide = char_width(character);
        if used + wide > width && at > from {
            pieces.push(Piece { text: &word[from..at], starts_a_word: from == 0 });
            (from, used) = (at, 0.0);
        }
        used += wide;
    }
    pieces.push(Piece { text: &word[from..], starts_a_word: from == 0 });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_becomes_one_space_and_control_characters_vanish() {
        assert_eq!(one_line("  a\r\n\tb\u{0}\u{1b}[31m c\u{202e}\u{ffff}\u{feff} "), "a b[31m c\u{feff}");
    }

    #[test]
    fn a_long_text_is_cut_with_an_ellipsis() {
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abcde…");
        assert_eq!(shortened("ab", 0), "…");
    }

    #[test]
    fn lines_break_between_words_and_inside_a_word_that_is_too_long() {
        assert_eq!(wrapped("one two three", 5.0, 4), ["one two", "three"]);
        assert_eq!(wrapped("aaaaaaaaaa b", 3.0, 9), ["aaaaa", "aaaaa", "b"]);
        assert_eq!(wrapped("one two three four five", 5.0, 2), ["one two", "three fo…"]);
        assert_eq!(wrapped("", 5.0, 2), [""]);
    }
}
