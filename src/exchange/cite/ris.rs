//! RIS: one tag a line, two letters, two spaces, a hyphen, a space, the value; lines end with CR LF.

use super::author::Author;
use super::issued::{Issued, When};
use super::work::{Work, WorkKind};
use crate::domain::source::SourceKind;

/// All works, each from `TY` to `ER`.
pub(super) fn write(works: &[Work]) -> String {
    works.iter().map(entry).collect()
}

fn entry(work: &Work) -> String {
    let house = if work.stands_in_house() { "T2" } else { "PB" };
    let mut tags = vec![("TY", type_of(work.kind).to_string()), ("ID", work.key.clone()), ("TI", work.title.clone())];
    tags.extend(work.authors.iter().map(|author| ("AU", name(author))));
    tags.extend(work.house.iter().map(|name| (house, name.clone())));
    tags.extend(work.issued.iter().filter_map(|issued| Some(("PY", format!("{:04}", issued.first()?.year)))));
    tags.extend(work.issued.iter().filter_map(|issued| Some(("DA", date(issued)?))));
    tags.extend(work.accessed.iter().filter_map(|day| Some(("Y2", date(day)?))));
    tags.extend(work.url.iter().map(|url| ("UR", url.clone())));
    tags.push(("ER", String::new()));
    // Values hold no line ends: `Work` has none.
    tags.into_iter().map(|(tag, value)| format!("{tag}  - {value}\r\n")).collect()
}

fn type_of(kind: WorkKind) -> &'static str {
    match kind {
        // DBASE exists, but common readers take it for an unknown document; ELEC is a page with an address.
        WorkKind::DatabaseEntry => "ELEC",
        WorkKind::Publication(kind) => match kind {
            SourceKind::Article => "NEWS",
            SourceKind::Essay => "MGZN",
            SourceKind::Report => "RPRT",
            SourceKind::Dataset => "DATA",
            SourceKind::Book => "BOOK",
            SourceKind::Picture => "ART",
            SourceKind::Statement | SourceKind::Other => "GEN",
            SourceKind::Webpage => "ELEC",
        },
    }
}

/// "Family, Given, Suffix". A comma in an institution's name would be read as such: there it becomes a semicolon.
fn name(author: &Author) -> String {
    match author {
        Author::Institution(name) => name.replace(',', ";"),
        Author::Person { given, particle, family, suffix } => {
            let family = particle.iter().chain([family]).cloned().collect::<Vec<_>>().join(" ");
            [Some(&family), Some(given), suffix.as_ref()].into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
        }
    }
}

/// "YYYY/MM/DD/other": what the three numbers do not say stands in the fourth place.
fn date(issued: &Issued) -> Option<String> {
    let first = issued.first()?;
    let two = |number: Option<u8>| number.map(|number| format!("{number:02}")).unwrap_or_default();
    let other = match issued.when {
        When::On(_) if issued.circa => "circa".to_string(),
        When::On(_) => String::new(),
        _ => issued.as_edtf().replace('/', " to "),
    };
    Some(format!("{:04}/{}/{}/{other}", first.year, two(first.month), two(first.day)))
}

#[cfg(test)]
mod tests {
    use super::super::{CitationStyle, cite, samples};
    use super::*;
    use crate::domain::period::Period;
    use crate::domain::source::Source;

    fn lines(source: &Source) -> Vec<String> {
        let version = samples::casualties();
        let text = cite(&samples::cited(&version, Some(source)), CitationStyle::Ris).unwrap();
        assert!(text.ends_with("ER  - \r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
        text.split_terminator("\r\n").map(str::to_string).collect()
    }

    #[test]
    fn an_article_and_the_claim_are_two_entries() {
        let lines = lines(&samples::reuters());
        let expected = [
            "TY  - NEWS",
            "ID  - reuters-2024-trade",
            "TI  - China-Russia 2023 trade value hits record high of $240 bln - Chinese customs",
            "AU  - Reuters",
            "T2  - Reuters",
            "PY  - 2024",
            "DA  - 2024/01/12/",
            "UR  - https://www.reuters.com/markets/china-russia-2023-trade-value-hits-record-high-240-bln-chinese-customs-2024-01-12/",
            "ER  - ",
            "TY  - ELEC",
        ];
        assert_eq!(lines[..expected.len()], expected);
        assert!(lines.contains(&"TI  - Military casualties, Russia: past 200,000 (version 1)".to_string()));
        assert!(lines.contains(&"Y2  - 2026/12/01/".to_string()));
    }

    #[test]
    fn every_line_is_a_tag_whatever_the_title() {
        for title in samples::HOSTILE {
            let lines = lines(&Source { title: title.into(), ..samples::hornung() });
            let is_tag =
                |line: &String| line.get(2..6) == Some("  - ") && line[..2].chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            assert!(lines.iter().all(is_tag), "{lines:?}");
            assert_eq!(lines.iter().filter(|line| line.starts_with("TY  - ")).count(), 2, "{title}");
        }
    }

    #[test]
    fn what_the_three_numbers_cannot_say_stands_behind_them() {
        let date_of = |edtf| date(&Issued::of_period(&Period::parse(edtf).unwrap()).unwrap());
        assert_eq!(date_of("2024-12~").as_deref(), Some("2024/12//circa"));
        assert_eq!(date_of("2022/2024").as_deref(), Some("2022///2022 to 2024"));
        assert_eq!(date_of("202X"), None);
    }

    #[test]
    fn persons_are_turned_round_and_institutions_are_not() {
        assert_eq!(name(&Author::read("Ludwig van Beethoven", None)), "van Beethoven, Ludwig");
        assert_eq!(name(&Author::read("Martin Luther King, Jr.", None)), "King, Martin Luther, Jr.");
        assert_eq!(name(&Author::read("Toda Peace Institute", None)), "Toda Peace Institute");
    }
}
