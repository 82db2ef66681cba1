//! Bytes to text: UTF-8, or UTF-16 where a byte order mark says so. Everything else is refused in one clear sentence.

use crate::domain::invalid::Invalid;

/// One in so many characters may be a control character: a stray escape sequence is still text, an image is not.
const CHARS_PER_CONTROL: usize = 10;

/// Reads bytes as text. A byte order mark belongs to the encoding and not to the text.
pub fn decoded(bytes: Vec<u8>) -> Result<String, Invalid> {
    let text = match bytes.as_slice() {
        // The mark of UTF-32 begins like that of UTF-16.
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(unreadable("is UTF-32")),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => utf8(bytes)?,
    };
    check(&text)?;
    Ok(text)
}

/// Refuses what is no text although its encoding is sound.
pub fn check(text: &str) -> Result<(), Invalid> {
    if text.contains('\0') {
        return Err(Invalid::new("forbidden-character", "", "holds the character NUL, which no text does"));
    }
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')).count();
    if controls > 0 && controls.saturating_mul(CHARS_PER_CONTROL) > text.chars().count() {
        return Err(Invalid::new("forbidden-character", "", "is no text: too many of its characters are control characters"));
    }
    Ok(())
}

/// Refuses a text in which there is nothing to read.
pub fn check_not_empty(text: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() { Err(Invalid::new("missing-value", "", "holds nothing to read")) } else { Ok(()) }
}

fn utf8(bytes: Vec<u8>) -> Result<String, Invalid> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        unreadable(&format!("is not UTF-8 (byte {} cannot be read)", place.saturating_add(1)))
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Invalid> {
    let broken = || unreadable("begins as UTF-16 and goes on as something else");
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(broken());
    }
    char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<String, _>>().map_err(|_| broken())
}

fn unreadable(what: &str) -> Invalid {
    Invalid::new("unreadable-text", "", format!("{what}; texts are read as UTF-8, or as UTF-16 with a byte order mark"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> String {
        decoded(bytes.to_vec()).unwrap_err().message
    }

    #[test]
    fn the_mark_at_the_beginning_tells_the_encoding_and_is_no_text() {
        assert_eq!(decoded("5 Millionen für Çorum".into()).unwrap(), "5 Millionen für Çorum");
        assert_eq!(decoded("\u{feff}5".into()).unwrap(), "5");
        let units = "5 млн 𝒳".encode_utf16();
        let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(units.clone().flat_map(u16::to_le_bytes)).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(units.flat_map(u16::to_be_bytes)).collect();
        assert_eq!((decoded(little).unwrap().as_str(), decoded(big).unwrap().as_str()), ("5 млн 𝒳", "5 млн 𝒳"));
        assert_eq!(decoded(Vec::new()).unwrap(), "");
    }

    #[test]
    fn other_encodings_are_refused_by_name_where_they_can_be_told() {
        assert!(told(b"Z\xfcrich: 5 million").contains("not UTF-8 (byte 2 "));
        assert!(told(&[0xff, 0xfe, 0, 0, b'5', 0, 0, 0]).contains("UTF-32"));
        assert!(told(&[0xff, 0xfe, b'5', 0, b'6']).contains("UTF-16"));
        assert!(told(&[0xfe, 0xff, 0xd8, 0x00]).contains("UTF-16"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(told(b"a\0b").contains("NUL"));
        assert!(told(b"\x01\x02\x03\x04 five").contains("control characters"));
        assert!(decoded(b"\x1b[1mfive million people\x1b[0m were counted\x0c".to_vec()).is_ok());
    }
}
