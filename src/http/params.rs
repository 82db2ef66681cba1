//! Query parameters: which there are, what they mean, and how they are read.
//!
//! The tables here are the one place where a parameter is declared: reading, refusing unknown ones with a
//! suggestion, and the OpenAPI document all follow them.

use std::collections::BTreeMap;

use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::problem::{ApiError, Place, ProblemType};
use crate::domain::invalid::{Faults, Invalid};
use crate::exchange::fields::nearest;

/// Values that one parameter may have.
const VALUES_MAX: usize = 200;
/// Longest value.
const VALUE_CHARS_MAX: usize = 1_000;

/// Declares a query parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// How many values it has, and how they are parted.
    pub shape: Shape,
    /// What it means.
    pub doc: &'static str,
    /// A value it may have.
    pub example: &'static str,
}

/// How many values a parameter has, and how they are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One value.
    One,
    /// Several, by comma or repetition; they mean "or".
    List,
    /// The same, of names that may hold commas themselves: the whole text counts as one of the values too.
    Names,
    /// One value for each key that is put into the braces of its name: `scope.{key}` is written `scope.series=exports`.
    Keyed,
}

impl Param {
    /// The key with which this parameter is written so; empty for one that has none.
    fn key_in<'n>(&self, written: &'n str) -> Option<&'n str> {
        match self.name.split_once("{key}") {
            Some((prefix, _)) => written.strip_prefix(prefix).filter(|key| !key.is_empty()),
            None => (self.name == written).then_some(""),
        }
    }
}

const fn one(name: &'static str, doc: &'static str, example: &'static str) -> Param {
    Param { name, shape: Shape::One, doc, example }
}

const fn list(name: &'static str, doc: &'static str, example: &'static str) -> Param {
    Param { name, shape: Shape::List, doc, example }
}

const fn names(name: &'static str, doc: &'static str, example: &'static str) -> Param {
    Param { name, shape: Shape::Names, doc, example }
}

/// Which claims are meant.
pub const CLAIM_FILTERS: &[Param] = &[
    names("actor", "Whom the number is about: slug, ISO code, Wikidata id or exact alias.", "CHN"),
    names("counterpart", "The other side of a two-sided figure; named as `actor`.", "RUS"),
    names("any_actor", "Actor or counterpart; named as `actor`.", "UKR"),
    names("metric", "What is measured: slug, label or exact alias.", "trade-value"),
    list("unit", "Slug of the unit.", "person"),
    list("currency", "ISO 4217 code; as `unit`, for money only.", "USD"),
    list("source", "Slug of the source in which the claim stands.", "reuters-2024"),
    names("publisher", "Publisher of that source, upper and lower case alike.", "Reuters"),
    names("speaker", "Who asserts the number, upper and lower case alike.", "South Korea's National Intelligence Service"),
    list("status", "Standing of the number, such as `estimated`.", "estimated"),
    list("stage", "How far promised money has come.", "allocated"),
    list("state", "State of the claim; `all` for every one. Default `accepted`.", "accepted"),
    list("comparator", "Comparator of the number.", "gt"),
    list("rank", "Rank of the claim.", "normal"),
    one("q", "Words that all have to stand in quote, metric, actor, counterpart or source.", "dual-use goods"),
    one("value_min", "Least number, in the claim's own unit.", "95"),
    one("value_max", "Greatest number, in the claim's own unit.", "100"),
    one("value_match", "`possible`: the interval overlaps the range; `certain`: it lies inside. Default `possible`.", "possible"),
    one("from", "Begin of the period: EDTF, RFC 3339, or milliseconds since 1970.", "2022"),
    one("to", "End of the period; as `from`.", "2024-06"),
    one("period_match", "`overlaps`, `within`, `covers` or `equals`. Default `overlaps`.", "overlaps"),
    one("published_before", "The source was certainly printed before this day.", "2024-12-01"),
    one("published_after", "The source was certainly printed after this day.", "2023"),
    one("recorded_after", "Stored after this moment (RFC 3339, a day, or milliseconds since 1970).", "2024-01-01T00:00:00Z"),
];

/// What is compared, and how.
pub const COMPARE: &[Param] = &[
    one("period", "The observation's own period (EDTF): claims about exactly these days.", "2023"),
    one("denominator", "What a share is a share of, upper and lower case alike.", "GDP"),
    Param { name: "scope.{key}", shape: Shape::Keyed, doc: "The claim's scope has this value under this key.", example: "exports" },
    one(
        "mode",
        "`strict`: numbers are as precise as they are printed; `lenient`: as their significant digits. Default `strict`.",
        "lenient",
    ),
    one("convert_to", "Slug of the unit or code of the currency in which everything is told, with a receipt.", "USD"),
    one(
        "rate_rule",
        "`average` of a period's exchange rates, or the `last` on or before its last day. Default: `average` for flows and running totals, else `last`.",
        "last",
    ),
];

/// Which findings are meant.
pub const FINDINGS: &[Param] = &[
    list("code", "What the finding says.", "date-mismatch"),
    list("severity", "`info` or `warning`.", "warning"),
    list("include", "What to add: `count`, of each code on all pages.", "count"),
    one("muted", "`true`: only muted ones; `all`: those too. Default `false`.", "all"),
    list("claim", "Ids of claims, at most 20: everything that concerns them or their sources, on one page.", ""),
];

/// Which state of the database is meant.
pub const BASIS: &[Param] = &[
    one("snapshot", "The state after this change; every answer names its own in `meta.snapshot`.", "946"),
    one("as_of", "The state as it stood at this moment (RFC 3339, a day, or milliseconds since 1970).", "2026-01-31"),
];

/// In which form the answer comes.
pub const FORMAT: &[Param] = &[one("format", "`json`, `csv` or `ndjson` for flat rows; a suffix of the path means the same.", "csv")];

/// Pages of a list.
pub const PAGING: &[Param] = &[
    one("limit", "Items of a page, 1 to 1000; default 50. Flat rows are not limited unless this is given.", "50"),
    one("cursor", "Where the page begins, as the last page's `links.next` says.", ""),
];

/// Order and extent of a list of claims.
pub const CLAIM_LIST: &[Param] = &[
    one("sort", "Field to sort by, with `-` before it for the greatest first. Default `-period_start`.", "-period_start"),
    list("fields", "Only these fields of each claim.", "id,value"),
    list("include", "What to add: `count`, `facets`, `provenance`, `duplicates` (accepted claims that say the same), `findings`.", "count"),
    list("facet", "Fields whose values are to be counted; a filter does not narrow its own.", "metric,actor"),
];

/// Version of one claim or record.
pub const VERSION: &[Param] = &[one("version", "This version instead of the present one.", "1")];

/// Which claims' places a stored text shows.
pub const ANCHORED: &[Param] = &[list("state", "State of the claims; `all` for every one. Default `accepted`.", "candidate")];

/// Grouping of a summary.
pub const SUMMARY: &[Param] = &[
    list("group_by", "`metric`, `actor`, `counterpart`, `source`, `unit`, `year`; units are never mixed. Default `metric`.", "metric,year"),
    one("limit", "Groups, 1 to 1000; default 100. The largest come first.", "100"),
];

/// Which fields' values are asked for.
pub const AVAILABILITY: &[Param] =
    &[list("field", "Only these fields; default all.", "metric,actor"), one("limit", "Values of a field, 1 to 1000; default 100.", "100")];

/// Search among records.
pub const RECORD_LIST: &[Param] = &[one("q", "Words that all have to stand in a name or alias.", "korea")];

/// Looking up a name.
pub const RESOLVE: &[Param] = &[
    one("name", "The name to look up.", "DPRK"),
    list("kind", "`actor`, `metric`, `unit`, `source`; default actor and metric.", "actor"),
    one("limit", "Candidates, 1 to 50; default 10.", "10"),
];

/// What is said of a text that is looked through.
pub const EXTRACTION: &[Param] = &[
    one("dry_run", "`true` stores nothing, and needs no key. Default `false`.", "true"),
    one("source", "Slug of the source whose text it is; one that does not exist is made if there is a `title`.", "gazette-2025"),
    one("title", "Title of the source.", "Trade in the year 2024"),
    one("publisher", "Who printed it.", "The Gazette"),
    one("published", "When, as EDTF; relative times in the text are reckoned from it.", "2025-02-03"),
    one("url", "Where it is to be found.", "https://example.org/trade"),
];

/// What is said of a table of rates.
pub const RATES: &[Param] = &[
    one("base", "The currency that a table with a column for each currency prices.", "EUR"),
    one("source", "Who published the rates, where the table does not say it.", "ECB euro reference rates"),
];

/// Which rates are meant.
pub const RATE_LIST: &[Param] = &[
    list("base", "ISO 4217 code of the currency that is priced.", "EUR"),
    list("quote", "ISO 4217 code of the currency in which.", "USD"),
    one("from", "First day: EDTF, RFC 3339, or milliseconds since 1970.", "2024-01"),
    one("to", "Last day; as `from`.", "2024-06"),
];

/// Style of a reference.
pub const CITE: &[Param] = &[one("style", "`apa`, `mla`, `chicago`, `bibtex`, `ris` or `csl-json`. Default `apa`.", "apa")];

/// Form of a provenance graph.
pub const GRAPH: &[Param] =
    &[one("format", "`json`, `dot`, `mermaid`, `svg`, `prov-json` or `jsonld`; without it, an envelope.", "mermaid")];

/// Declares which parameters an operation has, for the OpenAPI document.
macro_rules! declare_params {
    ($(#[$doc:meta])* $name:ident: $($table:expr),*) => {
        $(#[$doc])*
        pub struct $name;

        impl $name {
            /// The tables of its parameters.
            pub const TABLES: &'static [&'static [Param]] = &[$($table),*];
        }

        impl utoipa::IntoParams for $name {
            fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
                Self::TABLES.iter().copied().flatten().map(documented).collect()
            }
        }
    };
}

declare_params!(/// Of a list of claims.
    ClaimListParams: CLAIM_FILTERS, CLAIM_LIST, PAGING, BASIS, FORMAT);
declare_params!(/// Of a series.
    SeriesParams: CLAIM_FILTERS, PAGING, BASIS, FORMAT);
declare_params!(/// Of a drawn series.
    DrawnSeriesParams: CLAIM_FILTERS, BASIS);
declare_params!(/// Of a summary.
    SummaryParams: CLAIM_FILTERS, SUMMARY, BASIS, FORMAT);
declare_params!(/// Of a comparison.
    CompareParams: CLAIM_FILTERS, COMPARE, BASIS);
declare_params!(/// Of a list of findings.
    FindingParams: CLAIM_FILTERS, FINDINGS, PAGING, BASIS);
declare_params!(/// Of availability.
    AvailabilityParams: CLAIM_FILTERS, AVAILABILITY, BASIS);
declare_params!(/// Of one claim.
    ClaimParams: VERSION, BASIS, CLAIM_FIELDS_ONLY);
declare_params!(/// Of a provenance graph.
    ProvenanceParams: VERSION, BASIS, GRAPH);
declare_params!(/// Of a reference to a claim.
    CiteParams: VERSION, BASIS, CITE);
declare_params!(/// Of a stored text.
    DocumentParams: ANCHORED, BASIS);
declare_params!(/// Of things that have only a basis.
    BasisParams: BASIS);
declare_params!(/// Of a list of records.
    RecordListParams: RECORD_LIST, PAGING, BASIS, FORMAT);
declare_params!(/// Of one record.
    RecordParams: VERSION, BASIS);
declare_params!(/// Of a name look-up.
    ResolveParams: RESOLVE, BASIS);
declare_params!(/// Of a text that is looked through.
    ExtractionParams: EXTRACTION);
declare_params!(/// Of a list of exchange rates.
    RateListParams: RATE_LIST, PAGING, BASIS);
declare_params!(/// Of exchange rates sent in.
    RateParams: RATES);
declare_params!(/// Of things without parameters.
    NoParams: );

/// What one claim can be cut down to or enriched with.
pub const CLAIM_FIELDS_ONLY: &[Param] = &[
    list("fields", "Only these fields.", "id,value"),
    list("include", "What to add: `provenance`, `duplicates` (accepted claims that say the same), `findings`.", "duplicates"),
];

fn documented(param: &Param) -> Parameter {
    let example = (!param.example.is_empty()).then(|| serde_json::Value::from(param.example));
    let doc = if matches!(param.shape, Shape::One | Shape::Keyed) {
        param.doc.to_string()
    } else {
        format!("{} Several, by comma or repetition, mean \"or\".", param.doc)
    };
    ParameterBuilder::new()
        .name(param.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(doc))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .example(example)
        .build()
}

/// The parameters of one request, each taken once; faults are collected until [`Query::finish`].
#[derive(Debug, Default)]
pub struct Query {
    values: Vec<(&'static str, Vec<String>)>,
    faults: Faults,
}

impl Query {
    /// Reads a raw query string against the tables of an operation.
    pub fn read(raw: Option<&str>, tables: &[&'static [Param]]) -> Self {
        let mut query = Self::default();
        let known: Vec<&Param> = tables.iter().copied().flatten().collect();
        for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
            match known.iter().find_map(|param| Some((param, param.key_in(&name)?))) {
                // Key and value in one, parted by what no query can hold in a key.
                Some((param, key)) if param.shape == Shape::Keyed => query.add(param, format!("{key}={value}")),
                Some((param, _)) => query.add(param, value.into_owned()),
                None => query.refuse_unknown(&name, &known),
            }
        }
        query
    }

    fn add(&mut self, param: &Param, value: String) {
        if value.chars().count() > VALUE_CHARS_MAX {
            self.fault(param.name, format!("is longer than {VALUE_CHARS_MAX} characters"));
            return;
        }
        if value.contains('\0') && param.name != "q" {
            self.fault(param.name, "holds the character NUL");
            return;
        }
        let parts = || value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(ToString::to_string);
        let whole = (param.shape == Shape::Names && value.contains(',') && parts().count() > 0).then(|| value.trim().to_string());
        let values: Vec<String> =
            if matches!(param.shape, Shape::One | Shape::Keyed) { vec![value.clone()] } else { parts().chain(whole).collect() };
        if values.is_empty() {
            return;
        }
        let count = match self.values.iter_mut().find(|(name, _)| *name == param.name) {
            Some((_, present)) if param.shape != Shape::One => {
                present.extend(values);
                present.len()
            }
            Some(_) => {
                self.fault(param.name, "is given more than once");
                return;
            }
            None => {
                let count = values.len();
                self.values.push((param.name, values));
                count
            }
        };
        if count > VALUES_MAX {
            self.fault(param.name, format!("has more than {VALUES_MAX} values"));
        }
    }

    fn refuse_unknown(&mut self, name: &str, known: &[&Param]) {
        let names: Vec<&'static str> = known.iter().map(|param| param.name).collect();
        let message = match nearest(name, &names) {
            Some(near) => format!("is not a parameter here; did you mean '{near}'?"),
            None if names.is_empty() => "is not a parameter here; there are none".to_string(),
            None => format!("is not a parameter here; there are {}", names.join(", ")),
        };
        let shown: String = name.chars().take(100).collect();
        self.faults.push(Invalid::new("unknown-parameter", format!("/{shown}"), message));
    }

    /// Notes a fault of a parameter.
    pub fn fault(&mut self, name: &str, message: impl Into<String>) {
        self.faults.push(Invalid::new("invalid-parameter", format!("/{name}"), message));
    }

    /// Takes a single value; an empty one counts as absent.
    pub fn one(&mut self, name: &str) -> Option<String> {
        self.list(name)?.pop().filter(|value| !value.is_empty())
    }

    /// Takes a list of values; `None` when the parameter is absent.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let position = self.values.iter().position(|(other, _)| *other == name)?;
        Some(self.values.remove(position).1)
    }

    /// Takes all keys of a parameter with their values.
    pub fn keyed(&mut self, name: &str) -> BTreeMap<String, String> {
        let all = self.list(name).unwrap_or_default();
        all.iter().filter_map(|one| one.split_once('=')).map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    /// Takes a single value and makes something of it.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let text = self.one(name)?;
        self.faults.keep(&format!("/{name}"), parse(&text))
    }

    /// Takes a list of values and makes something of each.
    pub fn parsed_list<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, Invalid>) -> Option<Vec<T>> {
        let texts = self.list(name)?;
        Some(texts.iter().filter_map(|text| self.faults.keep(&format!("/{name}"), parse(text))).collect())
    }

    /// Takes a whole number within bounds.
    pub fn number(&mut self, name: &str, least: usize, greatest: usize) -> Option<usize> {
        self.parsed(name, |text| match text.parse() {
            Ok(number) if (least..=greatest).contains(&number) => Ok(number),
            _ => Err(Invalid::new("invalid-parameter", "", format!("must be a whole number from {least} to {greatest}"))),
        })
    }

    /// Refuses the request with all faults found, if there are any.
    pub fn finish(&self) -> Result<(), ApiError> {
        if self.faults.is_empty() { Ok(()) } else { Err(ApiError::faults(&ProblemType::INVALID_QUERY, Place::Query, &self.faults)) }
    }
}
