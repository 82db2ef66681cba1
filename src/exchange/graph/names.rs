//! Identifiers made fit for PROV and for the web of data. Both ways are one-to-one, and the real id always
//! stands beside them.

/// What stands before the id of a claim, source, document or agent.
pub(super) const THINGS: &str = "urn:figurebase:";
/// What stands before our own terms, where neither PROV nor schema.org has one.
pub(super) const TERMS: &str = "urn:figurebase:term:";

/// The id as an address: percent-encoded where an address allows no more.
pub(super) fn address(id: &str) -> String {
    let encoded = id.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    format!("{THINGS}{}", encoded.collect::<String>())
}

/// The id as the local part of a qualified name, which holds in PROV-N, in XML and in Turtle alike: a colon
/// inside becomes a full stop, any other byte that might not be allowed becomes `_` and its hexadecimal digits.
pub(super) fn local(id: &str) -> String {
    let last = id.len().saturating_sub(1);
    let encoded = id.bytes().enumerate().map(|(at, byte)| match byte {
        b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
        b'0'..=b'9' | b'-' if at > 0 => char::from(byte).to_string(),
        b':' if at > 0 && at < last => ".".to_string(),
        _ => format!("_{byte:02X}"),
    });
    if id.is_empty() { "_".to_string() } else { encoded.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_ids_stay_readable() {
        assert_eq!(local("source:reuters-2024"), "source.reuters-2024");
        assert_eq!(local("agent:Xi Jinping"), "agent.Xi_20Jinping");
        assert_eq!(address("agent:Xi Jinping"), "urn:figurebase:agent:Xi%20Jinping");
    }

    #[test]
    fn different_ids_never_get_one_name() {
        let ids = ["", "_", ":", ".", "a.b", "a:b", "a_2Eb", "a:", "a.", "1", "_31", "-", "ä", "\u{0}"];
        let names: std::collections::BTreeSet<String> = ids.iter().map(|id| local(id)).collect();
        assert_eq!(names.len(), ids.len());
    }
}
