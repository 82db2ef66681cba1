//! What is found in sentences of our own: `tests/corpus` holds a file for each step of extraction, one phenomenon a line, and the
//! program has to find exactly the figures that the line names, with the fields that it names. Whatever a text holds, nothing
//! panics, and every place lies in the text.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::LazyLock;

use figurebase::extraction::{About, Extraction, Knowledge, extract};
use figurebase::ingest::seed;
use figurebase::store::change::AnyRecord;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cli::program;

/// The files of the corpus that have a test below.
const CORPORA: [&str; 5] = ["claims", "quantity", "references", "tables", "time"];

/// The cases of a file, each with what the program found.
fn cases(name: &str) -> Vec<(Value, Vec<Value>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/{name}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
    let cases: Vec<Value> = text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect();
    assert!(!cases.is_empty(), "{name} holds no case");
    let mut found = found(&cases);
    (0_u64..).zip(cases).map(|(id, case)| (case, found.remove(&id).unwrap_or_default())).collect()
}

/// What one run of the program finds in all texts, by the number of the case.
fn found(cases: &[Value]) -> HashMap<u64, Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let input: String = cases.iter().enumerate().fold(String::new(), |mut input, (id, case)| {
        let _ = writeln!(input, "{}", json!({"id": id, "text": case["text"]}));
        input
    });
    let mut command = program(folder.path());
    let mut child =
        command.args(["extract", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // The program answers while it reads: somebody else has to write.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let ended = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let mut found: HashMap<u64, Vec<Value>> = HashMap::new();
    for line in String::from_utf8(ended.stdout).unwrap().lines() {
        let figure: Value = serde_json::from_str(line).unwrap();
        found.entry(figure["id"].as_u64().unwrap()).or_default().push(figure);
    }
    found
}

/// What is wrong in a case; nothing when all is as it should be.
fn faults(case: &Value, found: &[Value]) -> Vec<String> {
    let wanted = case["quantities"].as_array().unwrap_or_else(|| panic!("no quantities in {case}"));
    let words =
        |figures: &[Value]| figures.iter().map(|figure| figure["exact"].as_str().unwrap_or_default().to_string()).collect::<Vec<_>>();
    if words(found) != words(wanted) {
        return vec![format!("found {:?}, wanted {:?}", words(found), words(wanted))];
    }
    let mut faults = Vec::new();
    for (figure, wanted) in found.iter().zip(wanted) {
        for (field, value) in wanted.as_object().into_iter().flatten() {
            if &figure[field] != value {
                faults.push(format!("{}: {field} is {}, wanted {value}", wanted["exact"], figure[field]));
            }
        }
    }
    faults
}

#[track_caller]
fn assert_corpus(name: &str) {
    let cases = cases(name);
    let mut wrong = String::new();
    let mut count = 0;
    for (case, found) in &cases {
        let faults = faults(case, found);
        if !faults.is_empty() {
            count += 1;
            let _ = writeln!(wrong, "{} | {}\n    {}", case["phenomenon"], case["text"], faults.join("\n    "));
        }
    }
    assert!(wrong.is_empty(), "{count} of {} cases of {name} are wrong:\n{wrong}", cases.len());
}

#[test]
fn quantities_are_found_as_the_corpus_says() {
    assert_corpus("quantity");
}

#[test]
fn times_are_found_as_the_corpus_says() {
    assert_corpus("time");
}

#[test]
fn references_are_found_as_the_corpus_says() {
    assert_corpus("references");
}

#[test]
fn tables_are_read_as_the_corpus_says() {
    assert_corpus("tables");
}

#[test]
fn claims_are_found_as_the_corpus_says() {
    assert_corpus("claims");
}

#[test]
fn every_field_that_is_set_names_its_rule() {
    const FIELDS: [&str; 12] =
        ["value", "unit", "per", "actor", "counterpart", "time", "period", "metric", "speaker", "hedge", "stage", "citation"];
    for (case, found) in CORPORA.iter().flat_map(|name| cases(name)) {
        for figure in &found {
            let rules: Vec<&str> = figure["rule"].as_str().unwrap().split(' ').filter_map(|rule| Some(rule.split_once(':')?.0)).collect();
            let set = FIELDS.into_iter().filter(|field| !figure[field].is_null());
            let bound = (figure["comparator"] != "eq").then_some("comparator");
            let standing = figure["status"].as_array().filter(|all| !all.is_empty()).map(|_| "status");
            for field in set.chain(bound).chain(standing) {
                assert!(rules.contains(&field), "{field} of {} names no rule in {}", figure["exact"], case["text"]);
            }
        }
    }
}

#[test]
fn every_file_of_the_corpus_has_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".jsonl")?.to_string()))
        .collect();
    names.sort();
    assert_eq!(names, CORPORA);
}

#[test]
fn a_wrong_figure_is_named() {
    let case = json!({"text": "5 kg", "quantities": [{"exact": "5 kg", "value": "5", "unit": "kilogram"}]});
    assert_eq!(faults(&case, &[json!({"exact": "5 kg", "value": "5", "unit": "kilogram", "per": null})]), Vec::<String>::new());
    assert_eq!(faults(&case, &[json!({"exact": "5 kg", "value": "6", "unit": "kilogram"})]).len(), 1);
    assert_eq!(faults(&case, &[json!({"exact": "5", "value": "5"})]).len(), 1);
    assert_eq!(faults(&case, &[]).len(), 1);
}

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| {
    let (mut actors, mut metrics, mut units) = (Vec::new(), Vec::new(), Vec::new());
    for record in seed::records().unwrap() {
        match record {
            AnyRecord::Actor(actor) => actors.push(actor),
            AnyRecord::Metric(metric) => metrics.push(metric),
            AnyRecord::Unit(unit) => units.push(unit),
            AnyRecord::Source(_) => {}
        }
    }
    Knowledge::new(actors, metrics, units)
});

/// Finds, and fails if a place lies outside of the text or cuts a character.
fn checked(text: &str) -> Extraction {
    let found = extract(text, About::default(), &KNOWLEDGE);
    let mut places = Vec::new();
    for candidate in &found.candidates {
        places.extend([Some(&candidate.place), Some(&candidate.sentence), candidate.hedge.as_ref(), candidate.time.as_ref()]);
    }
    places.extend(found.citations.iter().map(|citation| Some(&citation.place)));
    places.extend(found.works.iter().map(|work| Some(&work.place)));
    for place in places.into_iter().flatten() {
        assert!(text.get(place.clone()).is_some(), "{place:?} is no place in {text:?}");
    }
    for pair in found.candidates.windows(2) {
        assert!(pair[0].place.start <= pair[1].place.start, "out of order in {text:?}");
    }
    found
}

/// Pieces that numbers, dates, names and citations are made of.
const PIECES: &[&str] = &[
    "5",
    "12",
    "1,234",
    "2.5",
    "007",
    "2024",
    "1 000",
    "½",
    "1/2",
    "a",
    "one",
    "two",
    "twenty",
    "hundred",
    "million",
    "bn",
    "m",
    "dozens",
    "of",
    "half",
    "third",
    "and",
    "to",
    "from",
    "between",
    "or",
    "-",
    "–",
    "±",
    "+",
    "%",
    "percent",
    "$",
    "€",
    "US$",
    "£",
    "Rs",
    "dollars",
    "pounds",
    "kg",
    "km",
    "°C",
    "people",
    "ships",
    "killed",
    "wounded",
    "more than",
    "at least",
    "up to",
    "never",
    "about",
    "per",
    "a year",
    "each",
    "in",
    "May",
    "March",
    "Monday",
    "at",
    "pm",
    "No.",
    "page",
    "Section",
    "Boeing",
    "F",
    "WHO",
    "U.S.",
    "(",
    ")",
    "[",
    "]",
    ",",
    ".",
    ":",
    ";",
    "\"",
    "“",
    "”",
    "’",
    "s",
    "'",
    "\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{200b}",
    "\u{feff}",
    "é",
    "数字",
    "🚢",
    "=",
    "@",
    "http://",
    "www.",
    "/",
    "#",
    "@x.org",
    "old",
    "fold",
    "strong",
    "Ukraine",
    "said",
    "ibid",
    "Smith",
    "(Smith 2020)",
    "Bibliography",
    "References",
    "rose",
    "fell",
    "last",
    "ago",
];

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec((piece, any::<bool>()), 0..60)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, spaced)| if spaced { format!("{piece} ") } else { piece.to_string() }).collect())
}

fn without_regressions() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(without_regressions())]

    #[test]
    fn no_text_panics_and_every_place_lies_in_it(text in any::<String>()) {
        checked(&text);
    }

    #[test]
    fn no_row_of_numbers_and_words_panics(text in pieces()) {
        checked(&text);
    }
}
