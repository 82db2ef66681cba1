//! `export` and `import`: what leaves one database arrives in another byte for byte, a second import changes nothing, and a file
//! with bad lines is refused as a whole, with every one named.

use serde_json::{Value, json};

use super::{Place, Server, lines};

/// A line in the envelope form, as somebody writes it by hand.
pub fn line(actor: &str, best: &str) -> Value {
    json!({"metric": "refugees", "actor": actor, "value": {"best_exact": best, "unit": "person"}, "period": "2023", "source": "reuters-2024"})
}

fn file(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Writes that leave every kind of trace behind: new claims, revisions, every step, revised records, texts.
pub fn make_history(server: &Server, key: &str, proposer: &str) {
    let post = |path: &str, body: Value| server.write("POST", path, key, &body);
    let patch = |path: &str, body: Value| assert_eq!(server.write("PATCH", path, key, &body).status, 200, "{path}");
    let only = |metric: &str| {
        let found = server.get(&format!("/v1/claims?metric={metric}")).json();
        format!("/v1/claims/{}", found["data"][0]["id"].as_str().unwrap())
    };
    let step = |path: &str, step: &str, body: Value| {
        let answer = post(&format!("{path}/{step}"), body);
        assert_eq!(answer.status, 200, "{step}: {answer:?}");
    };
    let metric = json!({"slug": "test-drones", "label": "Drones = tested", "definition": "Drones, \"tested\".", "kind": "flow", "dimension": "count"});
    assert_eq!(post("/v1/metrics", metric).status, 201);
    patch("/v1/metrics/test-drones", json!({"label": "Drones tested", "aliases": ["tested drones"], "reason": "shorter"}));
    patch(
        "/v1/actors/CHN",
        json!({"aliases": ["People's Republic of China", "PRC"], "cause": "corrected", "reason": "checked; line\nbreak"}),
    );
    patch("/v1/sources/reuters-2024", json!({"publisher": "Reuters News", "reason": "its full name"}));

    let rate = |day: &str, rate: &str| json!({"base": "EUR", "quote": "USD", "day": day, "rate": rate, "source": "ECB"});
    assert_eq!(post("/v1/rates", json!([rate("2024-01-02", "1.0956"), rate("2024-01-03", "1.0919")])).status, 201);
    assert_eq!(post("/v1/rates", rate("2024-01-03", "1.0918")).status, 201);

    for (step, reason) in [("mute", "the day is that of the time zone"), ("mute", "a time zone"), ("unmute", "to be looked at")] {
        let answer = post(&format!("/v1/findings/date-mismatch:media-monitoring-service-2024/{step}"), json!({"reason": reason}));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(post("/v1/findings/date-mismatch:draudt-vejares-2019/mute", json!({"reason": "known"})).status, 200);

    let trade = only("trade-value");
    patch(&trade, json!({"note": "ünïcode 数字 “quotes”", "cause": "corrected", "reason": "a note"}));
    patch(&trade, json!({"value": {"best_exact": "240100000000.5"}, "cause": "source-revised", "reason": "more digits"}));
    step(&only("aid-contributed"), "retract", json!({"reason": "misread"}));
    let killed = only("civilians-killed");
    step(&killed, "retract", json!({"reason": "too soon"}));
    step(&killed, "restore", json!({"reason": "it stands"}));

    let replaced = only("trade-value-change");
    let successor = post(
        "/v1/claims",
        json!({"metric": "trade-value-change", "actor": "CHN", "counterpart": "RUS", "value": {"original": "about 64.1%", "comparator": "approx",
            "best_exact": "64.10", "unit": "percent"}, "period": {"edtf": "2023~", "original": "about 2023"}, "base_period": "2021", "rank": "preferred",
            "scope": {"series": "yearly"}, "status": ["estimated", "official"], "citation": {"printed": "=SUM(1)", "source": null}, "reason": "closer"}),
    )
    .id(201);
    step(&replaced, "supersede", json!({"by": successor, "reason": "closer"}));
    for (best, comparator) in [("1e-28", "eq"), ("-0", "ge"), ("123456789012345678901234567.8", "lt")] {
        let value = json!({"best_exact": best, "comparator": comparator, "unit": "kilometre"});
        // Some of these may be refused for their metric; those that are taken have to survive.
        server.write("POST", "/v1/claims", key, &json!({"metric": "area-occupied", "actor": "UKR", "value": value}));
    }
    for value in [
        json!({"comparator": "unknown", "unit": "person"}),
        json!({"low": 5, "high": 9, "low_inclusive": false, "best": 7, "unit": "person"}),
    ] {
        assert_eq!(post("/v1/claims", json!({"metric": "refugees", "actor": "UKR", "value": value})).status, 201);
    }

    let text = "A fine text.\r\nTab\there, “over 12,000 drones” were tested. \u{1F600} End.";
    let headers = [("authorization", format!("Bearer {key}")), ("content-type", "text/plain".to_string())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(server.ask("POST", "/v1/sources/lillis-2022/document", &headers, text).status, 201);
    let quoted = json!({"metric": "test-drones", "actor": "UKR", "value": {"original": "over 12,000", "comparator": "gt", "best": 12000, "unit": "drone"},
        "source": "lillis-2022", "quote": {"exact": "over 12,000 drones"}});
    let quoted = post("/v1/claims", quoted);
    assert_eq!((quoted.status, &quoted.json()["data"]["quote"]["verified"]), (201, &json!(true)), "{quoted:?}");

    let propose = |best: &str| server.write("POST", "/v1/claims", proposer, &line("UKR", best)).id(201);
    let (good, bad, _open) = (propose("11"), propose("12"), propose("13"));
    step(&format!("/v1/claims/{good}"), "accept", json!({}));
    step(&format!("/v1/claims/{bad}"), "reject", json!({"reason": "no figure"}));
}

/// A database with a history.
fn with_history() -> Place {
    let place = Place::seeded();
    let (key, proposer) = (place.key("write"), place.key("propose"));
    let server = place.serve(&[]);
    make_history(&server, &key, &proposer);
    server.stop();
    place
}

/// The first lines that differ, for a message that can be read.
#[track_caller]
pub fn assert_same(first: &str, second: &str) {
    for (number, (one, other)) in (1..).zip(first.lines().zip(second.lines())) {
        assert_eq!(one, other, "line {number}");
    }
    assert_eq!(first.lines().count(), second.lines().count());
    assert!(first == second, "the exports differ in their line ends");
}

#[test]
fn a_seeded_database_arrives_in_an_empty_one_byte_for_byte() {
    let first = Place::seeded();
    let exported = first.export();
    assert_eq!(lines(&exported).iter().filter(|line| line.get("type").is_none()).count(), 13);
    let second = Place::new();
    second.write("all.ndjson", &exported);
    let told = second.run(&["import", "all.ndjson"]).ok();
    assert_eq!(told.stdout, "", "only data belongs on standard output");
    assert_same(&exported, &second.export());
}

#[test]
fn a_whole_history_arrives_in_an_empty_database_byte_for_byte() {
    let first = with_history();
    let exported = first.export();
    for trace in
        ["\"retracted\"", "\"superseded\"", "\"rejected\"", "\"candidate\"", "\"version\":3", "\"type\":\"document\"", "source-revised"]
    {
        assert!(exported.contains(trace), "the history lacks {trace}, so this shows too little");
    }
    let second = Place::new();
    second.write("all.ndjson", &exported);
    second.run(&["import", "all.ndjson"]).ok();
    assert_same(&exported, &second.export());
    let third = Place::new();
    third.run_with_input(&["import", "-", "--format", "ndjson"], &second.export()).ok();
    assert_same(&exported, &third.export());
}

#[test]
fn a_second_import_of_a_history_changes_nothing() {
    let first = with_history();
    let exported = first.export();
    first.write("all.ndjson", &exported);
    let told = first.run(&["import", "all.ndjson"]).ok();
    assert!(told.stderr.starts_with("0 lines added"), "{told:?}");
    assert_same(&exported, &first.export());
    let second = Place::new();
    second.write("all.ndjson", &exported);
    second.run(&["import", "all.ndjson"]).ok();
    assert!(second.run(&["import", "all.ndjson"]).ok().stderr.starts_with("0 lines added"));
    assert_same(&exported, &second.export());
}

#[test]
fn an_imported_history_answers_like_the_first() {
    let first = with_history();
    let second = Place::new();
    second.write("all.ndjson", first.export());
    second.run(&["import", "all.ndjson"]).ok();
    let (one, other) = (first.serve(&[]), second.serve(&[]));
    for path in [
        "/v1/claims.csv?state=all&sort=recorded_at",
        "/v1/claims.ndjson?q=drones",
        "/v1/actors.json?q=china",
        "/v1/summary.csv?group_by=metric,actor,year",
        "/v1/series.csv?metric=trade-value",
        "/v1/sources.csv",
    ] {
        let (here, there) = (one.get(path), other.get(path));
        assert_eq!(here.status, 200, "{path}: {here:?}");
        assert_eq!(here.body, there.body, "{path}");
        assert!(here.body.lines().count() > 0, "{path} answers with nothing");
    }
    one.stop();
    other.stop();
}

#[test]
fn an_export_during_writes_is_of_one_state() {
    let place = Place::seeded();
    let key = place.key("write");
    let server = place.serve(&[]);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 1..=60 {
                server.write("POST", "/v1/claims", &key, &line("UKR", &number.to_string())).id(201);
            }
        });
        while !writer.is_finished() {
            let exported = place.export();
            let second = Place::new();
            second.write("part.ndjson", &exported);
            second.run(&["import", "part.ndjson"]).ok();
            assert_same(&exported, &second.export());
        }
        writer.join().unwrap();
    });
    server.stop();
}

#[test]
fn an_export_to_a_file_is_the_one_to_standard_output() {
    let place = Place::seeded();
    for format in ["ndjson", "csv"] {
        let printed = place.run(&["export", "--format", format]).ok().stdout;
        let written = place.run(&["export", "--format", format, "--output", "out"]).ok();
        assert_eq!(written.stdout, "");
        assert_eq!(place.read("out"), printed);
    }
    let refused = place.run(&["export", "--output", "no/such/folder/out"]);
    assert!(refused.refusal().contains("cannot write no/such/folder/out"), "{refused:?}");
}

#[tokio::test]
async fn an_export_of_a_database_that_does_not_exist_fails_and_makes_none() {
    let place = Place::new();
    place.run(&["export"]).refusal();
    assert!(place.database.is_untouched().await);
}

/// The columns of a table that name a claim and its figure, row by row, in the order of ids.
fn figures(table: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let heading = reader.headers().unwrap().clone();
    assert_eq!(heading.iter().collect::<Vec<_>>(), figurebase::exchange::flat_row::COLUMNS);
    let kept = |name: &str| !matches!(name, "recorded_at" | "version" | "permalink");
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| heading.iter().zip(row.unwrap().iter()).filter(|(name, _)| kept(name)).map(|(_, cell)| cell.to_string()).collect())
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_table_arrives_in_a_database_that_has_the_reference_records() {
    let first = with_history();
    let table = first.run(&["export", "--format", "csv"]).ok().stdout;
    let records: String = first
        .export()
        .lines()
        .filter(|line| line.contains("\"type\":") && !line.contains("\"document\""))
        .map(|line| format!("{line}\n"))
        .collect();
    let second = Place::new();
    second.write("records.ndjson", records);
    second.run(&["import", "records.ndjson"]).ok();
    second.write("table.csv", &table);
    let told = second.run(&["import", "table.csv"]).ok();
    assert!(told.stderr.contains("0 there already; 0 actors and sources made"), "{told:?}");
    let again = second.run(&["export", "--format", "csv"]).ok().stdout;
    assert_eq!(figures(&table), figures(&again));
    assert!(second.run(&["import", "table.csv"]).ok().stderr.starts_with("0 lines added"));
}

#[test]
fn a_table_of_the_seed_changes_nothing_in_the_database_that_it_comes_from() {
    let place = Place::seeded();
    let before = place.export();
    place.write("table.csv", place.run(&["export", "--format", "csv"]).ok().stdout);
    let told = place.run(&["import", "table.csv"]).ok();
    assert!(told.stderr.starts_with("0 lines added, 13 there already"), "{told:?}");
    assert_same(&before, &place.export());
}

#[test]
fn texts_that_a_spreadsheet_would_run_survive_a_table() {
    let place = Place::seeded();
    let mut sent = line("UKR", "-5");
    sent["metric"] = json!("trade-value-change");
    sent["value"] = json!({"best_exact": "-5", "unit": "percent"});
    sent["base_period"] = json!("2022");
    sent["quote"] = json!("=HYPERLINK(\"x\"), down\nby 5%");
    sent["speaker"] = json!("@someone");
    sent["locator"] = json!("'quoted");
    place.write("one.ndjson", file(&[sent]));
    place.run(&["import", "one.ndjson"]).ok();
    let table = place.run(&["export", "--format", "csv"]).ok().stdout;
    assert!(table.contains("'=HYPERLINK") && table.contains("'@someone"), "{table}");
    let records: String = place.export().lines().filter(|line| line.contains("\"type\":")).map(|line| format!("{line}\n")).collect();
    let second = Place::new();
    second.write("records.ndjson", records);
    second.run(&["import", "records.ndjson"]).ok();
    second.write("table.csv", &table);
    second.run(&["import", "table.csv"]).ok();
    let arrived = second.claims().into_iter().find(|claim| claim["speaker"] == "@someone").unwrap();
    assert_eq!(arrived["quote"]["exact"], "=HYPERLINK(\"x\"), down\nby 5%");
    assert_eq!(arrived["locator"], "'quoted");
    assert_eq!(arrived["value"]["best_exact"], "-5");
}

#[test]
fn every_bad_line_is_named_with_field_and_reason_and_nothing_is_stored() {
    let place = Place::seeded();
    let before = place.export();
    let mut unknown_unit = line("UKR", "4");
    unknown_unit["value"]["unit"] = json!("furlong-per-fortnight");
    let mut reversed = line("UKR", "5");
    reversed["value"] = json!({"low": 9, "high": 3, "unit": "person"});
    let mut unknown_field = line("UKR", "6");
    unknown_field["sorce"] = json!("x");
    let mut bad_period = line("UKR", "7");
    bad_period["period"] = json!("2023-13");
    let mut two_faults = line("UKR", "1e400");
    two_faults["state"] = json!("perhaps");
    let no_metric = json!({"actor": "UKR", "value": {"best": 1, "unit": "person"}});
    let good = line("UKR", "3");
    let content = format!(
        "{good}\n{{not json\n[1,2]\n{unknown_unit}\n\n{reversed}\n{unknown_field}\n{bad_period}\n{two_faults}\n{no_metric}\n{good}\n"
    );
    place.write("bad.ndjson", content);
    let refused = place.run(&["import", "bad.ndjson"]);
    let told = refused.refusal();
    assert!(told.starts_with("figurebase: nothing was imported; 8 of its lines cannot be taken:"), "{told}");
    for (number, words) in [
        (2, "is not JSON"),
        (3, "must be an object"),
        (4, "furlong-per-fortnight"),
        (6, "low"),
        (7, "did you mean 'source'?"),
        (8, "/period"),
        (9, "/value/best_exact"),
        (9, "/state"),
        (10, "/metric"),
    ] {
        assert!(
            told.lines().any(|line| line.contains(&format!("line {number}: ")) && line.contains(words)),
            "no line {number} with {words} in: {told}"
        );
    }
    assert!(!told.contains("line 1: ") && !told.contains("line 5: ") && !told.contains("line 11: "), "{told}");
    assert_same(&before, &place.export());
}

#[test]
fn a_file_with_thousands_of_bad_lines_is_told_of_in_short() {
    let place = Place::seeded();
    place.write("bad.ndjson", "{\"metric\": 1}\n".repeat(3000));
    let refused = place.run(&["import", "bad.ndjson"]);
    let told = refused.refusal();
    assert!(told.contains("3000 of its lines cannot be taken"), "{told}");
    assert!(told.lines().count() < 110 && told.trim_end().lines().last().unwrap().contains("more"), "{told}");
}

#[test]
fn bad_rows_of_a_table_are_named_by_the_line_they_begin_in() {
    let place = Place::seeded();
    let before = place.export();
    let heading = "metric,actor,value,unit,period,quote";
    let content = format!(
        "{heading}\nrefugees,UKR,1,person,2023,\"two\nlines\"\nrefugees,UKR,many,person,2023,\nrefugees,UKR,2\nrefugees,UKR,3,person,soon,\n"
    );
    place.write("bad.csv", content);
    let refused = place.run(&["import", "bad.csv"]);
    let told = refused.refusal();
    for (number, words) in [(4, "/value"), (5, "fields"), (6, "/period")] {
        assert!(
            told.lines().any(|line| line.contains(&format!("line {number}: ")) && line.contains(words)),
            "no line {number} with {words} in: {told}"
        );
    }
    assert_same(&before, &place.export());
    place.write("wrong.csv", "metric,actor,valeu,unit\nrefugees,UKR,1,person\n");
    let refused = place.run(&["import", "wrong.csv"]);
    assert!(refused.refusal().contains("valeu") && refused.refusal().contains("did you mean 'value'?"), "{refused:?}");
    for empty in ["", "\n", heading] {
        place.write("empty.csv", empty);
        let told = place.run(&["import", "empty.csv"]);
        assert!(told.code == Some(1) || told.stderr.starts_with("0 lines added"), "{empty:?}: {told:?}");
    }
}

#[test]
fn a_dry_run_checks_everything_and_writes_nothing() {
    let place = Place::seeded();
    let before = place.export();
    place.write("good.ndjson", file(&[line("UKR", "1"), line("Somebody New", "2")]));
    let told = place.run(&["import", "good.ndjson", "--dry-run"]).ok();
    assert!(told.stderr.contains("2 lines can be imported; nothing was written"), "{told:?}");
    place.write("bad.ndjson", file(&[line("UKR", "NaN")]));
    assert!(place.run(&["import", "bad.ndjson", "--dry-run"]).refusal().contains("line 1: "));
    assert_same(&before, &place.export());
}

#[test]
fn a_dry_run_finds_what_the_import_itself_would_be_refused_for() {
    let place = Place::seeded();
    let mut changed = place.claims().remove(0);
    changed["note"] = json!("not what is recorded");
    place.write("changed.ndjson", file(&[changed]));
    let real = place.run(&["import", "changed.ndjson"]);
    assert!(real.refusal().contains("line 1: "), "{real:?}");
    let dry = place.run(&["import", "changed.ndjson", "--dry-run"]);
    assert_eq!(dry.code, Some(1), "the dry run says it can be imported: {dry:?}");
}

#[test]
fn actors_and_sources_that_are_not_recorded_are_made_and_marked() {
    let place = Place::seeded();
    let mut sent = line("The Republic of Freedonia", "1");
    sent["source"] = json!("The Freedonia Herald, 3 May 2024");
    sent["counterpart"] = json!("Russia");
    place.write("new.ndjson", file(&[sent.clone(), line("The Republic of Freedonia", "2")]));
    let told = place.run(&["import", "new.ndjson"]).ok();
    assert!(told.stderr.contains("2 lines added, 0 there already; 2 actors and sources made"), "{told:?}");
    let actor = place.records("actor").into_iter().find(|actor| actor["name"] == "The Republic of Freedonia").unwrap();
    assert_eq!(actor["kind"], "unmatched");
    let source = place.records("source").into_iter().find(|source| source["title"] == "The Freedonia Herald, 3 May 2024").unwrap();
    assert_eq!(source["chain_end"], "unknown");
    let claim = place.claims().into_iter().find(|claim| claim["source"]["slug"] == source["slug"]).unwrap();
    assert_eq!((&claim["actor"]["slug"], &claim["counterpart"]["slug"]), (&actor["slug"], &json!("RUS")));
    assert!(place.run(&["import", "new.ndjson"]).ok().stderr.contains("0 lines added, 2 there already; 0 actors and sources made"));
}

#[test]
fn unknown_metrics_and_units_are_never_made() {
    let place = Place::seeded();
    let before = place.export();
    let mut sent = line("UKR", "1");
    sent["metric"] = json!("happiness");
    place.write("new.ndjson", file(&[sent]));
    let refused = place.run(&["import", "new.ndjson"]);
    assert!(refused.refusal().contains("line 1: ") && refused.refusal().contains("happiness"), "{refused:?}");
    assert_same(&before, &place.export());
}

#[test]
fn a_name_that_may_mean_several_actors_is_not_decided() {
    let place = Place::seeded();
    let twin =
        |slug: &str| json!({"type": "actor", "data": {"slug": slug, "name": slug, "kind": "organization", "aliases": ["The Twins"]}});
    place.write("twins.ndjson", file(&[twin("twin-one"), twin("twin-two")]));
    place.run(&["import", "twins.ndjson"]).ok();
    place.write("new.ndjson", file(&[line("The Twins", "1")]));
    let refused = place.run(&["import", "new.ndjson"]);
    let told = refused.refusal();
    assert!(told.contains("/actor") && told.contains("twin-one") && told.contains("twin-two"), "{told}");
}

#[test]
fn marks_line_ends_and_empty_lines_of_other_systems_are_read() {
    let plain = Place::seeded();
    plain.write("plain.ndjson", file(&[line("UKR", "1"), line("RUS", "2")]));
    plain.run(&["import", "plain.ndjson"]).ok();
    let other = Place::seeded();
    other.write("other.ndjson", format!("\u{feff}\r\n{}\r\n\r\n   \r\n{}", line("UKR", "1"), line("RUS", "2")));
    let told = other.run(&["import", "other.ndjson"]).ok();
    assert!(told.stderr.starts_with("2 lines added"), "{told:?}");
    let ids = |place: &Place| place.claims().iter().map(|claim| claim["id"].as_str().unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&plain), ids(&other));
    let table = Place::seeded();
    table.write("table.csv", "\u{feff}metric,actor,value,unit,period,source\r\nrefugees,UKR,1,person,2023,reuters-2024\r\n\r\nrefugees,RUS,2,person,2023,reuters-2024\r\n");
    assert!(table.run(&["import", "table.csv"]).ok().stderr.starts_with("2 lines added"));
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_with_their_line() {
    let place = Place::seeded();
    let before = place.export();
    let mut content = file(&[line("UKR", "1"), line("UKR", "2")]).into_bytes();
    content.extend_from_slice(b"{\"metric\": \"caf\xe9\"}\n");
    place.write("latin.ndjson", content);
    let refused = place.run(&["import", "latin.ndjson"]);
    assert!(refused.refusal().contains("line 3 is not UTF-8"), "{refused:?}");
    assert_same(&before, &place.export());
}

#[test]
fn a_huge_line_and_deep_nesting_are_refused_without_harm() {
    let place = Place::seeded();
    let mut huge = line("UKR", "1");
    huge["note"] = json!("x".repeat(20_000_000));
    let deep = format!("{{\"metric\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    place.write("huge.ndjson", format!("{huge}\n{deep}\n"));
    let refused = place.run(&["import", "huge.ndjson"]);
    let told = refused.refusal();
    assert!(told.contains("line 1: ") && told.contains("/note") && told.contains("line 2: "), "{}", &told[..told.len().min(2000)]);
    assert!(told.len() < 5000, "{} bytes of message", told.len());
}

#[test]
fn the_form_is_said_by_the_ending_or_by_a_flag() {
    let place = Place::seeded();
    place.write("claims.txt", file(&[line("UKR", "1")]));
    let unsaid = place.run(&["import", "claims.txt"]);
    assert_ne!(unsaid.code, Some(0));
    assert!(unsaid.stderr.contains("--format"), "{unsaid:?}");
    place.run(&["import", "claims.txt", "--format", "ndjson"]).ok();
    let missing = place.run(&["import", "nowhere.ndjson"]);
    assert!(missing.refusal().contains("cannot read nowhere.ndjson"), "{missing:?}");
}

#[test]
fn the_recorder_of_lines_that_name_none_can_be_said() {
    let place = Place::seeded();
    place.write("one.ndjson", file(&[line("UKR", "1")]));
    place.run(&["import", "one.ndjson", "--recorder", "field team"]).ok();
    place.write("two.ndjson", file(&[line("UKR", "2")]));
    place.run(&["import", "two.ndjson"]).ok();
    let recorders: Vec<Value> = place
        .claims()
        .into_iter()
        .filter(|claim| claim["metric"]["slug"] == "refugees")
        .map(|claim| claim["recorded_by"].clone())
        .collect();
    assert_eq!(recorders, ["field team", "import"]);
}
