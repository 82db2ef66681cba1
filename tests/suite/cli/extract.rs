//! `figurebase extract`: its lines, its ways of reading, and what it refuses. What is found in which words is held in `tests/corpus`.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{Place, Ran, lines, program, read};

/// The fields of a line, in their order.
const FIELDS: [&str; 23] = [
    "start",
    "end",
    "exact",
    "value",
    "value2",
    "unit",
    "per",
    "comparator",
    "hedge",
    "time",
    "period",
    "base_period",
    "concept",
    "actor",
    "counterpart",
    "metric",
    "speaker",
    "status",
    "stage",
    "citation",
    "cited_source",
    "confidence",
    "rule",
];
const TEXT: &str = "Çin raporu: in 2023, China's trade with Russia was $240 billion.";

/// Runs the command where there is no database.
fn extract(arguments: &[&str], input: &[u8]) -> Ran {
    let place = Place::new();
    let mut command = program(place.folder.path());
    command.arg("extract").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A text that is too long is not read to its end.
    let _ = child.stdin.take().unwrap().write_all(input);
    let ran = read(child.wait_with_output().unwrap());
    assert_eq!(std::fs::read_dir(place.folder.path()).unwrap().count(), 0, "a file was made");
    ran
}

fn found(arguments: &[&str], input: &[u8]) -> Vec<Value> {
    lines(&extract(arguments, input).ok().stdout)
}

#[test]
fn a_line_has_every_field_and_its_place_in_code_points() {
    let found = found(&[], TEXT.as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    let line = &found[0];
    let fields: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, FIELDS);
    assert_eq!(
        (&line["exact"], &line["value"], &line["unit"], &line["actor"]),
        (&json!("$240 billion"), &json!("240000000000"), &json!("USD"), &json!("CHN"))
    );
    let (start, end) = (line["start"].as_u64().unwrap(), line["end"].as_u64().unwrap());
    let words: String = TEXT.chars().skip(usize::try_from(start).unwrap()).take(usize::try_from(end - start).unwrap()).collect();
    assert_eq!(words, "$240 billion");
}

#[test]
fn a_file_standard_input_and_every_encoding_that_is_read_say_the_same() {
    let place = Place::new();
    place.write("a.txt", TEXT);
    let units = TEXT.encode_utf16();
    let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(units.clone().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(units.flat_map(u16::to_be_bytes)).collect();
    let expected = found(&[], TEXT.as_bytes());
    let mut command = program(place.folder.path());
    command.args(["extract", "a.txt"]);
    assert_eq!(lines(&super::ran(command).ok().stdout), expected);
    for input in [TEXT.as_bytes().to_vec(), format!("\u{feff}{TEXT}").into_bytes(), little, big] {
        assert_eq!(found(&["-"], &input), expected);
    }
}

#[test]
fn a_page_is_read_as_its_reader_sees_it() {
    let page = "<title>x</title><script>5 million people</script><p>In 2023, <b>China</b>'s trade with Russia was $240&nbsp;billion.";
    let found = found(&["--html"], page.as_bytes());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["exact"], &found[0]["value"]), (&json!("$240\u{a0}billion"), &json!("240000000000")));
}

#[test]
fn lines_of_a_batch_keep_their_ids_and_a_bad_one_is_named() {
    let line = |id: Value| json!({"id": id, "text": TEXT}).to_string();
    let input = format!("{}\n\n{}\n{}", line(json!(7)), json!({"id": 8, "text": ""}), line(json!("nine")));
    let found = found(&["--batch"], input.as_bytes());
    assert_eq!(found.iter().map(|line| line["id"].clone()).collect::<Vec<_>>(), [json!(7), json!("nine")]);
    for (bad, number) in [("{", 2), ("{\"id\": 1}", 2), ("[]", 2), ("{\"id\": 1, \"text\": \"a\\u0000\"}", 2)] {
        let ran = extract(&["--batch"], format!("{}\n{bad}\n", line(json!(1))).as_bytes());
        assert_eq!((ran.code, ran.stderr.lines().count()), (Some(1), 1), "{ran:?}");
        assert!(ran.stderr.contains(&format!("line {number}")), "{ran:?}");
        assert_eq!(lines(&ran.stdout).len(), 1, "what came before stands");
    }
}

#[test]
fn relative_times_are_reckoned_from_the_day_of_publication() {
    let text = "Exports to China reached $5 million last year.";
    assert_eq!(found(&["--published", "2025-02-03"], text.as_bytes())[0]["period"], "2024");
    let batch = json!({"id": 1, "text": text, "published": "2021-05-06"}).to_string();
    assert_eq!(found(&["--batch", "--published", "2025-02-03"], batch.as_bytes())[0]["period"], "2020");
    assert_eq!(extract(&["--published", "soon"], b"").code, Some(2));
}

#[test]
fn what_is_no_text_or_too_long_is_refused_in_one_line() {
    let cases: [(&[&str], &[u8], &str); 6] = [
        (&[], b"Z\xfcrich: 5 million", "UTF-8"),
        (&[], b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
        (&[], b"5 million\0people", "NUL"),
        (&[], b"\x01\x02\x03\x04 five", "control characters"),
        (&["--text-bytes-max", "10"], b"5 million people", "10 bytes"),
        (&["--batch", "--text-bytes-max", "10"], b"{\"id\": 1, \"text\": \"a\"}", "10 bytes"),
    ];
    for (arguments, input, told) in cases {
        let ran = extract(arguments, input);
        assert!(ran.refusal().contains(told), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
    assert!(extract(&["no-such-file"], b"").refusal().contains("no-such-file"));
    assert!(extract(&[], &vec![b'5'; 8_000_001]).refusal().contains("8000000 bytes"));
    for nothing in ["", " \n", "\u{feff}"] {
        assert!(extract(&[], nothing.as_bytes()).refusal().contains("nothing to read"));
    }
    assert!(extract(&["--html"], b"<p></p>").refusal().contains("nothing to read"));
    assert_eq!(found(&[], b"Nothing is counted here."), Vec::<Value>::new());
}

#[test]
fn the_text_that_places_count_in_can_be_kept() {
    let place = Place::seeded();
    place.write("page.html", "<title>x</title><p>Zürich: <b>5</b> million people fled.");
    let found = lines(&place.run(&["extract", "--html", "page.html", "--save-text", "page.txt"]).ok().stdout);
    let text = place.read("page.txt");
    let place_of = |name: &str| usize::try_from(found[0][name].as_u64().unwrap()).unwrap();
    assert_eq!(text.chars().skip(place_of("start")).take(place_of("end") - place_of("start")).collect::<String>(), "5 million");
    assert_eq!(place.run(&["extract", "--batch", "--save-text", "a.txt"]).code, Some(2));
}

#[test]
fn names_are_those_of_the_database_where_there_is_one() {
    let place = Place::seeded();
    let text = "Freedonia's trade with Russia was $240 billion in 2023.";
    let actor = || lines(&place.run_with_input(&["extract"], text).ok().stdout)[0]["actor"].clone();
    assert_ne!(actor(), "freedonia");
    place.write("a.ndjson", json!({"type": "actor", "data": {"slug": "freedonia", "name": "Freedonia", "kind": "state"}}).to_string());
    place.run(&["import", "a.ndjson"]).ok();
    assert_eq!(actor(), "freedonia");
}
