//! Actors, metrics, units and sources as somebody sends them. The names of the fields are those of the records.

use super::fields::{Fields, nearest};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::decimal::Decimal;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::metric::{Metric, MetricKind};
use crate::domain::period::Period;
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source, SourceCitation, SourceKind};
use crate::domain::unit::Unit;

/// Dimensions that units may have; a new one would compare with nothing.
pub const DIMENSIONS: [&str; 20] = [
    "any",
    "area",
    "count",
    "currency",
    "data",
    "emissions",
    "energy",
    "index",
    "length",
    "mass",
    "power",
    "pressure",
    "ratio",
    "ratio-difference",
    "speed",
    "temperature",
    "time",
    "time-calendar",
    "volume",
    "other",
];

/// A reference record that can be read from JSON.
pub trait RecordInput: Sized {
    /// Its fields, in the order of answers.
    const FIELDS: &'static [&'static str];
    /// Takes the fields; `None` when one of them is at fault.
    fn take(fields: &mut Fields<'_>) -> Option<Self>;

    /// Reads the record, or says everything that is wrong with it.
    fn read(mut fields: Fields<'_>) -> Result<Self, Faults> {
        let record = Self::take(&mut fields);
        fields.finish(Self::FIELDS).into_result(record)
    }
}

fn required_slug(fields: &mut Fields<'_>) -> Option<Slug> {
    let slug = fields.slug("slug");
    fields.required("slug", slug)
}

fn required_text(fields: &mut Fields<'_>, name: &str) -> Option<String> {
    let text = fields.text(name);
    fields.required(name, text)
}

fn dimension(fields: &mut Fields<'_>) -> Option<String> {
    let dimension = fields.parsed("dimension", |text| {
        if DIMENSIONS.contains(&text) {
            return Ok(text.to_string());
        }
        let hint = nearest(text, &DIMENSIONS).map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
        Err(Invalid::new("unknown-word", "", format!("must be one of {}{hint}", DIMENSIONS.join(", "))))
    });
    fields.required("dimension", dimension)
}

impl RecordInput for Actor {
    const FIELDS: &'static [&'static str] =
        &["slug", "name", "kind", "iso_alpha2", "iso_alpha3", "wikidata", "aliases", "demonyms", "metonyms", "part_of"];

    fn take(fields: &mut Fields<'_>) -> Option<Self> {
        let code = |length: usize| {
            move |text: &str| {
                let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase());
                if fits {
                    Ok(text.to_string())
                } else {
                    Err(Invalid::new("malformed-code", "", format!("must be {length} capital letters")))
                }
            }
        };
        let slug = required_slug(fields);
        let name = required_text(fields, "name");
        let kind = fields.word("kind", &ActorKind::ALL, ActorKind::as_str);
        let kind = fields.required("kind", kind);
        let rest = (
            fields.parsed("iso_alpha2", code(2)),
            fields.parsed("iso_alpha3", code(3)),
            fields.parsed("wikidata", |text| {
                let number = text.strip_prefix('Q').unwrap_or_default();
                let fits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
                if fits { Ok(text.to_string()) } else { Err(Invalid::new("malformed-code", "", "must be a Wikidata item such as Q148")) }
            }),
            fields.texts("aliases"),
            fields.texts("demonyms"),
            fields.texts("metonyms"),
            fields.slug("part_of"),
        );
        let (iso_alpha2, iso_alpha3, wikidata, aliases, demonyms, metonyms, part_of) = rest;
        Some(Self { slug: slug?, name: name?, kind: kind?, iso_alpha2, iso_alpha3, wikidata, aliases, demonyms, metonyms, part_of })
    }
}

impl RecordInput for Metric {
    const FIELDS: &'static [&'static str] =
        &["slug", "label", "definition", "kind", "dimension", "change_of", "part_of", "aliases", "signed"];

    fn take(fields: &mut Fields<'_>) -> Option<Self> {
        let slug = required_slug(fields);
        let label = required_text(fields, "label");
        let definition = fields.text("definition").unwrap_or_default();
        let kind = fields.word("kind", &MetricKind::ALL, MetricKind::as_str);
        let kind = fields.required("kind", kind);
        let dimension = dimension(fields);
        let (change_of, part_of, aliases) = (fields.slug("change_of"), fields.slug("part_of"), fields.texts("aliases"));
        let signed = fields.flag("signed").unwrap_or(false);
        Some(Self { slug: slug?, label: label?, definition, kind: kind?, dimension: dimension?, change_of, part_of, aliases, signed })
    }
}

impl RecordInput for Unit {
    const FIELDS: &'static [&'static str] = &["slug", "label", "dimension", "base", "factor", "aliases"];

    fn take(fields: &mut Fields<'_>) -> Option<Self> {
        let slug = required_slug(fields);
        let label = required_text(fields, "label");
        let dimension = dimension(fields);
        let base = fields.slug("base").or_else(|| slug.clone());
        let factor = fields.decimal("factor").map(|(factor, _)| factor);
        let own_base = base.is_some() && base == slug;
        let one = Decimal::whole(1);
        let factor = if own_base { Some(factor.unwrap_or_else(|| one.clone())) } else { fields.required("factor", factor) };
        if let Some(factor) = &factor {
            let zero = Decimal::whole(0);
            if *factor <= zero {
                fields.fault("factor", Invalid::new("number-out-of-range", "", "must be above 0"));
            } else if own_base && *factor != one {
                fields.fault("factor", Invalid::new("contradictory-value", "", "must be 1 for a unit that is its own base"));
            }
        }
        let aliases = fields.texts("aliases");
        Some(Self { slug: slug?, label: label?, dimension: dimension?, base: base?, factor: factor?, aliases })
    }
}

impl RecordInput for Source {
    const FIELDS: &'static [&'static str] =
        &["slug", "title", "kind", "authors", "publisher", "published", "accessed", "url", "citations", "chain_end", "note"];

    fn take(fields: &mut Fields<'_>) -> Option<Self> {
        let slug = required_slug(fields);
        let title = required_text(fields, "title");
        let kind = fields.word("kind", &SourceKind::ALL, SourceKind::as_str).unwrap_or(SourceKind::Other);
        let authors = fields.texts("authors");
        let publisher = fields.text("publisher");
        let published = fields.parsed("published", Period::parse);
        let accessed = fields.parsed("accessed", Period::parse);
        let url = fields.parsed("url", web_address);
        let citations = citations(fields);
        let chain_end = fields.word("chain_end", &ChainEnd::ALL, ChainEnd::as_str).unwrap_or_default();
        let note = fields.text("note");
        Some(Self { slug: slug?, title: title?, kind, authors, publisher, published, accessed, url, citations, chain_end, note })
    }
}

/// Only addresses that a reader can follow without danger: no `javascript:`, no `data:`.
pub fn web_address(text: &str) -> Result<String, Invalid> {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| !rest.is_empty()) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if fits {
        Ok(text.to_string())
    } else {
        Err(Invalid::new("malformed-url", "", "must be an address that begins with https:// or http://"))
    }
}

fn citations(fields: &mut Fields<'_>) -> Vec<SourceCitation> {
    let mut citations = Vec::new();
    for (position, element) in fields.list("citations").into_iter().enumerate() {
        let place = format!("/{position}");
        let mut inner = match Fields::read(element) {
            Ok(inner) => inner,
            Err(fault) => {
                fields.fault("citations", fault.under(&place));
                continue;
            }
        };
        let source = inner.slug("source");
        let source = inner.required("source", source);
        let (printed, consulted, locator) = (inner.text("printed"), inner.flag("consulted").unwrap_or(false), inner.text("locator"));
        fields.faults_in("citations", inner.finish(&["source", "printed", "consulted", "locator"]).under(&place));
        citations.extend(source.map(|source| SourceCitation { source, printed, consulted, locator }));
    }
    citations
}
