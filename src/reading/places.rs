//! Where something stands in a text: bytes to code points and pages, without counting from the beginning each time.

use std::ops::Range;

/// Bytes between two remembered counts.
const STEP: usize = 512;

/// Counts of a text's code points and pages.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t str,
    /// Code points that begin before each step.
    counts: Vec<usize>,
    /// Bytes at which form feeds stand.
    feeds: Vec<usize>,
}

impl<'t> Places<'t> {
    /// Counts a text once.
    pub fn new(text: &'t str) -> Self {
        let mut counts = Vec::with_capacity(text.len() / STEP + 1);
        let mut count = 0;
        for step in text.as_bytes().chunks(STEP) {
            counts.push(count);
            count += begun(step);
        }
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\x0c').map(|(at, _)| at).collect();
        Self { text, counts, feeds }
    }

    /// How many code points stand before a byte.
    pub fn code_points(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let step = byte / STEP;
        let (counted, rest) = match self.counts.get(step) {
            Some(count) => (*count, step * STEP..byte),
            None => (self.counts.last().copied().unwrap_or(0), step.saturating_sub(1) * STEP..byte),
        };
        counted + self.text.as_bytes().get(rest).map_or(0, begun)
    }

    /// A range of bytes in code points.
    pub fn range(&self, bytes: &Range<usize>) -> Range<usize> {
        self.code_points(bytes.start)..self.code_points(bytes.end)
    }

    /// The page on which a byte stands, counted from 1; none where the text has no form feeds.
    pub fn page(&self, byte: usize) -> Option<usize> {
        (!self.feeds.is_empty()).then(|| self.feeds.partition_point(|feed| *feed < byte) + 1)
    }
}

/// Code points that begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn code_points_are_those_counted_from_the_beginning() {
        for text in ["", "a", "ünïcödé 𝒳 中国 ".repeat(200).as_str(), "a".repeat(512).as_str(), "é".repeat(256).as_str()] {
            let places = Places::new(text);
            for (at, _) in text.char_indices() {
                assert_eq!(places.code_points(at), text[..at].chars().count());
            }
            assert_eq!(places.code_points(text.len()), text.chars().count());
            assert_eq!(places.code_points(usize::MAX), text.chars().count());
        }
    }

    #[test]
    fn form_feeds_part_pages() {
        let text = "one\u{c}two\u{c}three";
        let places = Places::new(text);
        let page = |word| places.page(text.find(word).unwrap());
        assert_eq!((page("one"), page("two"), page("three")), (Some(1), Some(2), Some(3)));
        assert_eq!(Places::new("one").page(0), None);
    }
}
