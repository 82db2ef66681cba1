//! Characters that show nothing or turn the direction of writing: harmless in most texts, and a way to show a reader other words
//! than those that are stored.

use std::collections::BTreeMap;

/// Whether a reader cannot see the character.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Every such character of a text with the number of times it stands there, in the order of their code points.
pub fn invisible(text: &str) -> Vec<(char, usize)> {
    let mut counts = BTreeMap::new();
    // All of them lie beyond ASCII, which most texts never leave.
    if !text.is_ascii() {
        for c in text.chars().filter(|c| is_invisible(*c)) {
            *counts.entry(c).or_insert(0) += 1;
        }
    }
    counts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::invisible;

    #[test]
    fn what_nobody_sees_is_counted() {
        assert_eq!(invisible("5 million \u{202e}noillim 6\u{202c} \u{202e}x"), [('\u{202c}', 1), ('\u{202e}', 2)]);
        assert_eq!(invisible("plain, ürünler, 中国"), []);
    }
}
