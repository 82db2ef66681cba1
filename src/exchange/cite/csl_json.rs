//! CSL-JSON: the input of citation processors, and of ours.
//!
//! The form is that of `csl-data.json` 1.0: a list of items.

use serde_json::{Map, Value, json};

use super::CiteError;
use super::author::Author;
use super::issued::{Issued, Point, When};
use super::work::{Work, WorkKind};
use crate::domain::source::SourceKind;

/// All works as one JSON array.
pub(super) fn write(works: &[Work]) -> Result<String, CiteError> {
    let items: Vec<Value> = works.iter().map(|work| Value::Object(item(work))).collect();
    Ok(serde_json::to_string_pretty(&items)? + "\n")
}

/// One work as an item of CSL-JSON.
pub(super) fn item(work: &Work) -> Map<String, Value> {
    let house = if work.stands_in_house() { "container-title" } else { "publisher" };
    let authors: Vec<Value> = work.authors.iter().map(name).collect();
    let fields = [
        ("id", Some(json!(work.key))),
        ("type", Some(json!(type_of(work.kind)))),
        ("title", Some(json!(work.title))),
        ("author", (!authors.is_empty()).then_some(Value::Array(authors))),
        (house, work.house.as_ref().map(|house| json!(house))),
        ("issued", work.issued.as_ref().map(date)),
        ("accessed", work.accessed.as_ref().map(date)),
        ("URL", work.url.as_ref().map(|url| json!(url))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_string(), value?))).collect()
}

fn type_of(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::DatabaseEntry => "webpage",
        WorkKind::Publication(kind) => match kind {
            SourceKind::Article => "article-newspaper",
            SourceKind::Essay => "article-magazine",
            SourceKind::Report => "report",
            SourceKind::Dataset => "dataset",
            SourceKind::Book => "book",
            SourceKind::Picture => "graphic",
            SourceKind::Statement => "speech",
            SourceKind::Webpage => "webpage",
            SourceKind::Other => "document",
        },
    }
}

fn name(author: &Author) -> Value {
    match author {
        Author::Institution(name) => json!({ "literal": name }),
        Author::Person { given, particle, family, suffix } => {
            let mut parts = Map::new();
            parts.insert("family".into(), json!(family));
            parts.insert("given".into(), json!(given));
            if let Some(particle) = particle {
                parts.insert("non-dropping-particle".into(), json!(particle));
            }
            if let Some(suffix) = suffix {
                parts.insert("suffix".into(), json!(suffix));
            }
            Value::Object(parts)
        }
    }
}

/// Parts where CSL has them for it, else the EDTF text as a literal.
fn date(issued: &Issued) -> Value {
    let mut date = match issued.when {
        When::On(point) => json!({ "date-parts": [parts(point)] }),
        When::Season(year, season) => json!({ "date-parts": [[year]], "season": season }),
        When::Between(first, last) => json!({ "date-parts": [parts(first), parts(last)] }),
        When::Since(_) | When::Other => return json!({ "literal": issued.as_edtf() }),
    };
    if issued.circa {
        date["circa"] = json!(true);
    }
    date
}

fn parts(point: Point) -> Value {
    match (point.month, point.day) {
        (Some(month), Some(day)) => json!([point.year, month, day]),
        (Some(month), None) => json!([point.year, month]),
        (None, _) => json!([point.year]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CitationStyle, cite, samples};
    use super::*;
    use crate::domain::period::Period;

    fn issued(edtf: &str) -> Value {
        date(&Issued::of_period(&Period::parse(edtf).unwrap()).unwrap())
    }

    #[test]
    fn dates_are_parts_where_csl_has_them_and_literal_otherwise() {
        assert_eq!(issued("2024-12~"), json!({ "date-parts": [[2024, 12]], "circa": true }));
        assert_eq!(issued("2023?"), json!({ "date-parts": [[2023]], "circa": true }));
        assert_eq!(issued("2024-23"), json!({ "date-parts": [[2024]], "season": 3 }));
        assert_eq!(issued("2022-01/2025"), json!({ "date-parts": [[2022, 1], [2025]] }));
        assert_eq!(issued("2024-Q1"), json!({ "date-parts": [[2024, 1], [2024, 3]] }));
        assert_eq!(issued("202X"), json!({ "literal": "202X" }));
        assert_eq!(issued("2022/.."), json!({ "literal": "2022/.." }));
    }

    #[test]
    fn every_kind_of_source_has_a_type() {
        let version = samples::casualties();
        for kind in SourceKind::ALL {
            let source = crate::domain::source::Source { kind, ..samples::hornung() };
            let text = cite(&samples::cited(&version, Some(&source)), CitationStyle::CslJson).unwrap();
            let items: Value = serde_json::from_str(&text).unwrap();
            let house =
                if matches!(kind, SourceKind::Article | SourceKind::Essay | SourceKind::Webpage) { "container-title" } else { "publisher" };
            assert_eq!(items[0][house], "RAND", "{kind:?}");
            assert_eq!(items[0]["author"], json!([{ "family": "Hornung", "given": "Jeffrey W." }]));
        }
    }

    #[test]
    fn the_claim_follows_its_source_as_a_page_of_the_database() {
        let (version, source) = (samples::casualties(), samples::toda());
        let text = cite(&samples::cited(&version, Some(&source)), CitationStyle::CslJson).unwrap();
        let expected = json!([
            {
                "id": "toda-proxy-war",
                "type": "report",
                "title": "Ukraine as a Proxy War: Issues, Parties, Possible Outcomes, and Lessons",
                "author": [{ "literal": "Toda Peace Institute" }],
                "publisher": "Toda Peace Institute",
            },
            {
                "id": format!("figurebase:{}:v1", version.id),
                "type": "webpage",
                "title": "Military casualties, Russia: past 200,000 (version 1)",
                "container-title": "Figurebase",
                "issued": { "date-parts": [[2026, 11, 22]] },
                "accessed": { "date-parts": [[2026, 12, 1]] },
                "URL": "https://figures.example/v1/claims/clm_sample?version=1",
            },
        ]);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn a_hostile_title_comes_back_as_it_was() {
        let version = samples::casualties();
        for title in samples::HOSTILE {
            let source = crate::domain::source::Source { title: title.into(), ..samples::toda() };
            let text = cite(&samples::cited(&version, Some(&source)), CitationStyle::CslJson).unwrap();
            let items: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(items[0]["title"].as_str(), super::super::work::filled(title).as_deref());
        }
    }
}
