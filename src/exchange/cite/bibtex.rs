//! BibTeX: entries that the old BibTeX and BibLaTeX both read; letters beyond ASCII stay as they are, in UTF-8.

use std::fmt::Write as _;

use super::author::Author;
use super::issued::{Issued, When};
use super::work::{Work, WorkKind};
use crate::domain::source::SourceKind;

/// All works, with an empty line between them.
pub(super) fn write(works: &[Work]) -> String {
    works.iter().map(entry).collect::<Vec<_>>().join("\n")
}

fn entry(work: &Work) -> String {
    let (kind, house) = kind_and_house(work);
    let authors: Vec<String> = work.authors.iter().map(name).collect();
    // A second pair of braces keeps styles from changing upper and lower case.
    let mut fields = vec![("title", format!("{{{}}}", escaped(&work.title)))];
    if !authors.is_empty() {
        fields.push(("author", authors.join(" and ")));
    }
    fields.extend(work.house.iter().map(|name| (house, escaped(name))));
    fields.extend(work.issued.iter().flat_map(date_fields));
    fields.extend(work.url.iter().map(|url| ("url", as_url(url))));
    fields.extend(work.accessed.iter().filter_map(|day| Some(("urldate", day.as_biblatex()?.to_string()))));
    let mut text = format!("@{kind}{{{},\n", work.key);
    for (name, value) in fields {
        // Writing to a string cannot fail. Months are names that BibTeX knows, so they have no braces.
        let _ = if name == "month" { writeln!(text, "  {name} = {value},") } else { writeln!(text, "  {name} = {{{value}}},") };
    }
    text + "}\n"
}

/// The type of the entry, and the field for its house; `article` and `techreport` require theirs.
fn kind_and_house(work: &Work) -> (&'static str, &'static str) {
    let WorkKind::Publication(kind) = work.kind else {
        return ("misc", "howpublished");
    };
    match (kind, &work.house) {
        (SourceKind::Article | SourceKind::Essay, Some(_)) => ("article", "journal"),
        (SourceKind::Report, Some(_)) => ("techreport", "institution"),
        (SourceKind::Book, _) => ("book", "publisher"),
        _ => ("misc", "howpublished"),
    }
}

/// `year` and `month` for the old BibTeX; `date`, the whole of it, for BibLaTeX, which prefers it.
fn date_fields(issued: &Issued) -> Vec<(&'static str, String)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let year = match issued.when {
        When::Between(first, last) if first.year != last.year => Some(format!("{}--{}", first.year, last.year)),
        _ => issued.first().map(|first| first.year.to_string()),
    };
    let month = match issued.when {
        When::On(point) => point.month.and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?)),
        _ => None,
    };
    let fields = [
        ("year", Some(year.unwrap_or_else(|| escaped(issued.as_edtf())))),
        ("month", month.map(|month| (*month).to_string())),
        ("date", issued.as_biblatex().map(str::to_string)),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// "particle Family, Suffix, Given"; an institution stands in braces, so that nothing splits it.
fn name(author: &Author) -> String {
    match author {
        Author::Institution(name) => format!("{{{}}}", escaped(name)),
        Author::Person { given, particle, family, suffix } => {
            let family = particle.iter().chain([family]).map(|part| escaped(part)).collect::<Vec<_>>().join(" ");
            [Some(family), suffix.as_deref().map(escaped), Some(escaped(given))].into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

/// Text with all that TeX would act on as commands that print it.
///
/// Braces become commands too: BibTeX counts them even behind a backslash.
fn escaped(text: &str) -> String {
    let mut tex = String::with_capacity(text.len());
    let mut previous = None;
    for c in text.chars() {
        match c {
            '\\' => tex.push_str("\\textbackslash{}"),
            '{' => tex.push_str("\\textbraceleft{}"),
            '}' => tex.push_str("\\textbraceright{}"),
            '~' => tex.push_str("\\textasciitilde{}"),
            '^' => tex.push_str("\\textasciicircum{}"),
            '<' => tex.push_str("\\textless{}"),
            '>' => tex.push_str("\\textgreater{}"),
            '#' | '$' | '%' | '&' | '_' => tex.extend(['\\', c]),
            // Two in a row would become a dash or a curly quotation mark.
            '-' | '\'' | '`' if previous == Some(c) => tex.extend(['{', '}', c]),
            c => tex.push(c),
        }
        previous = Some(c);
    }
    tex
}

/// BibTeX takes addresses word for word; what would end the field or the word is percent-encoded.
fn as_url(url: &str) -> String {
    url.replace('\\', "%5C").replace('{', "%7B").replace('}', "%7D").replace(' ', "%20")
}

#[cfg(test)]
mod tests {
    use biblatex::{Bibliography, ChunksExt, DateValue, PermissiveType};

    use super::super::work::filled;
    use super::super::{CitationStyle, cite, samples};
    use super::*;
    use crate::domain::period::Period;
    use crate::domain::source::Source;

    fn read_back(source: &Source) -> (Bibliography, String) {
        let version = samples::casualties();
        let text = cite(&samples::cited(&version, Some(source)), CitationStyle::Bibtex).unwrap();
        let bibliography = Bibliography::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(bibliography.len(), 2, "{text}");
        (bibliography, text)
    }

    fn year_of(entry: &biblatex::Entry) -> Option<i32> {
        match entry.date().ok()? {
            PermissiveType::Typed(date) => match date.value {
                DateValue::At(day) | DateValue::After(day) | DateValue::Before(day) | DateValue::Between(day, _) => Some(day.year),
            },
            PermissiveType::Chunks(_) => None,
        }
    }

    #[test]
    fn an_entry_parses_back_to_the_same_title_author_and_year() {
        for (source, year) in [(samples::reuters(), Some(2024)), (samples::hornung(), Some(2024)), (samples::toda(), None)] {
            let (bibliography, text) = read_back(&source);
            let entry = bibliography.get(source.slug.as_str()).unwrap();
            assert_eq!(entry.title().unwrap().format_verbatim(), source.title);
            let authors: Vec<String> =
                entry.author().unwrap().iter().map(|person| format!("{} {}", person.given_name, person.name)).collect();
            assert_eq!(authors.iter().map(|name| name.trim()).collect::<Vec<_>>(), source.authors, "{text}");
            assert_eq!(year_of(entry), year);
        }
    }

    #[test]
    fn an_essay_has_its_fields_in_a_fixed_order() {
        let expected = "@article{hornung-2024,
  title = {{Ukraine Is Now a Proxy War for Asian Powers}},
  author = {Hornung, Jeffrey W.},
  journal = {RAND},
  year = {2024},
  month = nov,
  date = {2024-11-21},
  url = {https://www.rand.org/pubs/commentary/2024/11/ukraine-is-now-a-proxy-war-for-asian-powers.html},
}

@misc{";
        assert!(read_back(&samples::hornung()).1.starts_with(expected));
    }

    #[test]
    fn the_claim_is_an_entry_of_its_own() {
        let (bibliography, text) = read_back(&samples::hornung());
        let entry = bibliography.iter().nth(1).unwrap();
        assert_eq!(entry.title().unwrap().format_verbatim(), "Military casualties, Russia: past 200,000 (version 1)");
        assert!(entry.key.starts_with("figurebase:clm_") && entry.key.ends_with(":v1"), "{text}");
        assert_eq!(entry.url().unwrap(), "https://figures.example/v1/claims/clm_sample?version=1");
        assert_eq!(year_of(entry), Some(2026));
    }

    #[test]
    fn a_hostile_title_or_author_comes_back_as_it_was() {
        for hostile in samples::HOSTILE {
            let mut source = Source { title: hostile.into(), ..samples::hornung() };
            source.authors = vec![format!("Institute {hostile}"), "Jane Doe".into()];
            source.publisher = Some(hostile.into());
            let (bibliography, text) = read_back(&source);
            let entry = bibliography.get("hornung-2024").unwrap_or_else(|| panic!("{text}"));
            assert_eq!(Some(entry.title().unwrap().format_verbatim()), filled(hostile), "{text}");
            assert_eq!(entry.author().unwrap().len(), 2, "{text}");
            assert!(balanced(&text), "{text}");
        }
    }

    /// Braces as BibTeX counts them: every one, also behind a backslash.
    fn balanced(text: &str) -> bool {
        let mut depth = 0_i32;
        text.chars().all(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth >= 0
        }) && depth == 0
    }

    #[test]
    fn dates_are_given_in_the_old_and_the_new_way() {
        let fields = |edtf| date_fields(&Issued::of_period(&Period::parse(edtf).unwrap()).unwrap());
        let owned = |fields: &[(&'static str, &str)]| fields.iter().map(|(name, value)| (*name, (*value).to_string())).collect::<Vec<_>>();
        assert_eq!(fields("2024-12~"), owned(&[("year", "2024"), ("month", "dec"), ("date", "2024-12~")]));
        assert_eq!(fields("2022/2024"), owned(&[("year", "2022--2024"), ("date", "2022/2024")]));
        assert_eq!(fields("2024-Q1"), owned(&[("year", "2024")]));
        assert_eq!(fields("202X"), owned(&[("year", "202X")]));
    }

    #[test]
    fn an_address_cannot_break_out_of_its_field() {
        let source = Source { url: Some("https://x.example/{a}%20b\\c d".into()), ..samples::hornung() };
        let (bibliography, _) = read_back(&source);
        assert_eq!(bibliography.get("hornung-2024").unwrap().url().unwrap(), "https://x.example/%7Ba%7D%20b%5Cc%20d");
    }
}
