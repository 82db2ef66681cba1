//! The files that a new database starts with: whole, free of contradictions, and true to the essay where that can be looked at.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use figurebase::domain::decimal::Decimal;
use serde_json::Value;

use super::{files_under, read, root, tracked};
use crate::support::TestApp;
use crate::support::beside;

/// So many words in a row of the essay may stand in the project, and no more.
const WORDS_IN_A_ROW_MAX: usize = 12;

/// The records of a seed file.
fn seeds(name: &str) -> Vec<Value> {
    let text = read(&format!("seeds/{name}.jsonl"));
    let records: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}"))).collect();
    assert!(!records.is_empty(), "seeds/{name}.jsonl is empty");
    records
}

fn text<'v>(record: &'v Value, key: &str) -> &'v str {
    record[key].as_str().unwrap_or_else(|| panic!("no {key} in {record}"))
}

fn texts<'v>(record: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    record[key].as_array().into_iter().flatten().map(|word| word.as_str().unwrap())
}

fn slugs(records: &[Value]) -> BTreeSet<&str> {
    let slugs: BTreeSet<&str> = records.iter().map(|record| text(record, "slug")).collect();
    assert_eq!(slugs.len(), records.len(), "a slug stands twice");
    slugs
}

/// The words that two records are both called by.
fn shared<'v>(called: impl IntoIterator<Item = (&'v str, &'v str)>) -> Vec<String> {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (slug, word) in called {
        owners.entry(word.to_lowercase()).or_default().insert(slug);
    }
    owners.into_iter().filter(|(_, slugs)| slugs.len() > 1).map(|(word, slugs)| format!("{word}: {slugs:?}")).collect()
}

#[tokio::test]
async fn the_seed_holds_exactly_the_thirteen_figures() {
    assert_eq!(seeds("claims").len(), 13);
    let app = TestApp::seeded().await;
    let claims = app.data("/v1/claims?state=all&limit=1000").await;
    let mut found: Vec<String> = claims
        .as_array()
        .unwrap()
        .iter()
        .map(|claim| {
            let value = &claim["value"];
            let end = |name: &str, inclusive: &str, marks: [&str; 2]| {
                let mark = if value[inclusive] == true { marks[0] } else { marks[1] };
                let number = value[name].as_str().unwrap_or("∞");
                if name.starts_with("low") { format!("{mark}{number}") } else { format!("{number}{mark}") }
            };
            let interval =
                format!("{}, {}", end("low_exact", "low_inclusive", ["[", "("]), end("high_exact", "high_inclusive", ["]", ")"]));
            let word = |value: &Value| value.as_str().unwrap_or("-").to_string();
            [
                word(&claim["metric"]["slug"]),
                format!("{} → {}", word(&claim["actor"]["slug"]), word(&claim["counterpart"]["slug"])),
                format!("{} {} {interval}", word(&value["comparator"]), word(&value["best_exact"])),
                format!("{} per {} of {}", word(&value["unit"]), word(&value["per"]), word(&value["denominator"])),
                format!("{} against {}", word(&claim["period"]["edtf"]), word(&claim["base_period"]["edtf"])),
                format!("{} {}", word(&claim["citation"]["printed"]), word(&claim["citation"]["source"])),
                format!("{} {} {} {}", word(&claim["cue"]), claim["status"], word(&claim["stage"]), word(&claim["speaker"])),
            ]
            .join(" | ")
        })
        .collect();
    found.sort();
    insta::assert_snapshot!(found.join("\n"), @r#"
    active-military-personnel | PRK → - | eq 1300000 [1250000, 1350000] | person per - of - | - against - | (ibid) hornung-2024 | - [] - -
    aid-contributed | JPN → UKR | eq 12000000000 [11500000000, 12500000000] | USD per - of - | - against - | (Hornung, 2024) hornung-2024 | - [] - -
    aid-share-of-gdp | KOR → UKR | eq 0.04 [0.035, 0.045] | percent per - of GDP | 2022-01/2025-06 against - | (ibid) hornung-2024 | - [] allocated -
    civilians-killed | UKR → - | gt 100000 (100000, ∞) | person per - of - | - against - | - - | reportedly ["reported"] - -
    dual-use-goods-supplied | CHN → RUS | eq 300000000 [299500000, 300500000] | USD per P1M of - | - against - | (Service, 2024) media-monitoring-service-2024 | - [] - -
    machine-tools-share-supplied | CHN → RUS | eq 70 [69.5, 70.5] | percent per - of Russia's machine tools | - against - | (Service, 2024) media-monitoring-service-2024 | - [] - -
    microelectronics-share-supplied | CHN → RUS | gt 90 (90, 100] | percent per - of Russia's microelectronics | - against - | (Service, 2024) media-monitoring-service-2024 | - [] - -
    military-casualties | RUS → - | gt 200000 (200000, ∞) | person per - of - | - against - | (Institute, 2022) toda-2022 | estimated ["estimated"] - -
    military-reserves | PRK → - | eq 7600000 [7550000, 7650000] | person per - of - | - against - | (ibid) hornung-2024 | - [] - -
    people-deprived | UKR → - | vague 1000000 [1000000, 10000000) | person per - of - | - against - | - - | - [] - -
    trade-value | CHN → RUS | eq 240000000000 [239500000000, 240500000000] | USD per - of - | 2023 against - | (Reuters, 2024) reuters-2024 | - ["superlative"] - -
    trade-value-change | CHN → RUS | eq 64 [63.5, 64.5] | percent per - of - | 2023 against 2021 | (Reuters, 2024) reuters-2024 | - [] - -
    troops-identified | PRK → RUS | vague 12 [12, 120) | person per - of - | - against - | - - | - [] - South Korea's National Intelligence Service
    "#);
}

#[test]
fn every_quote_stands_in_the_essay_word_for_word() {
    let claims = seeds("claims");
    for claim in &claims {
        let words = text(&claim["quote"], "exact").split_whitespace().count();
        assert!((2..=WORDS_IN_A_ROW_MAX).contains(&words), "{words} words: {}", claim["quote"]);
    }
    let Some(essay) = beside("shared/essay.txt", "holding the seed's quotes against the essay") else { return };
    let essay = std::fs::read_to_string(essay).unwrap();
    for claim in &claims {
        let quote = text(&claim["quote"], "exact");
        assert_eq!(essay.matches(quote).count(), 1, "not once in the essay: {quote}");
        let original = text(&claim["value"], "original");
        assert!(essay.contains(original), "not in the essay: {original}");
        for words in [&claim["citation"]["printed"], &claim["cue"], &claim["period"]["original"]].into_iter().filter_map(Value::as_str) {
            assert!(essay.contains(words), "not in the essay: {words}");
        }
    }
}

#[test]
fn the_words_as_printed_stand_in_the_quote_or_beside_it() {
    for claim in seeds("claims") {
        let (quote, original) = (text(&claim["quote"], "exact"), text(&claim["value"], "original"));
        assert!(quote.contains(original), "'{original}' is not in '{quote}'");
    }
}

#[test]
fn the_bibliography_is_the_essays() {
    let sources = seeds("sources");
    let slugs = slugs(&sources);
    let essay = sources.iter().find(|source| text(source, "kind") == "essay").unwrap();
    let cited: Vec<&str> = essay["citations"].as_array().unwrap().iter().map(|citation| text(citation, "source")).collect();
    assert_eq!(cited.len(), 13, "ten entries and three picture credits");
    assert_eq!(cited.iter().collect::<HashSet<_>>().len(), 13, "an entry stands twice");
    for source in &sources {
        for citation in source["citations"].as_array().unwrap() {
            assert!(slugs.contains(text(citation, "source")), "{citation} leads nowhere");
        }
    }
    for claim in seeds("claims") {
        assert_eq!(claim["source"], essay["slug"]);
        let citation = &claim["citation"];
        assert!(citation.is_null() || cited.contains(&text(citation, "source")), "{citation}");
    }
    let Some(file) = beside("shared/essay.txt", "holding the bibliography against the essay") else { return };
    let text_of_essay = std::fs::read_to_string(file).unwrap();
    for source in sources.iter().filter(|source| cited.contains(&text(source, "slug"))) {
        let title = text(source, "title");
        assert!(text_of_essay.contains(title), "not in the essay: {title}");
        let address = text(source, "url").trim_start_matches("https://");
        assert!(text_of_essay.contains(address), "not in the essay: {address}");
    }
    for citation in essay["citations"].as_array().unwrap() {
        let printed = text(citation, "printed");
        assert!(text_of_essay.contains(printed), "not in the essay: {printed}");
    }
}

#[test]
fn no_name_belongs_to_two_actors() {
    let actors = seeds("actors");
    let slugs = slugs(&actors);
    let mut called = Vec::new();
    for actor in &actors {
        let slug = text(actor, "slug");
        called.extend([(slug, slug), (slug, text(actor, "name"))]);
        called.extend(["iso_alpha2", "iso_alpha3", "wikidata"].into_iter().filter_map(|key| Some((slug, actor[key].as_str()?))));
        called.extend(texts(actor, "aliases").map(|alias| (slug, alias)));
        assert!(actor["part_of"].is_null() || slugs.contains(text(actor, "part_of")), "{actor}");
    }
    assert_eq!(shared(called.iter().copied()), Vec::<String>::new());
    let identifying: HashSet<String> = called.iter().map(|(_, word)| word.to_lowercase()).collect();
    let metonyms: Vec<(&str, &str)> =
        actors.iter().flat_map(|actor| texts(actor, "metonyms").map(|word| (text(actor, "slug"), word))).collect();
    assert_eq!(shared(metonyms.iter().copied()), Vec::<String>::new());
    for (slug, metonym) in metonyms {
        let own_name = ["Singapore", "Monaco", "Luxembourg", "Djibouti", "Gibraltar", "San Marino"].contains(&metonym);
        assert!(!identifying.contains(&metonym.to_lowercase()) || own_name, "{slug}: '{metonym}' is a metonym and identifies somebody");
    }
}

#[test]
fn states_carry_their_codes() {
    let actors = seeds("actors");
    let states: Vec<&Value> = actors.iter().filter(|actor| matches!(text(actor, "kind"), "state" | "territory")).collect();
    assert_eq!(states.len(), 250, "249 entries of ISO 3166-1, and Kosovo");
    assert!(actors.len() >= states.len() + 60, "some sixty organisations and groups");
    for state in &states {
        assert_eq!(state["slug"], state["iso_alpha3"], "{state}");
        let two = text(state, "iso_alpha2");
        assert!(two.len() == 2 && two.bytes().all(|byte| byte.is_ascii_uppercase()), "{state}");
        let wikidata = text(state, "wikidata");
        assert!(wikidata.starts_with('Q') && wikidata[1..].parse::<u64>().is_ok(), "{state}");
        assert!(!texts(state, "demonyms").any(str::is_empty), "{state}");
    }
    for (code, two) in [("CHN", "CN"), ("RUS", "RU"), ("PRK", "KP"), ("KOR", "KR"), ("UKR", "UA"), ("JPN", "JP"), ("NAM", "NA")] {
        assert!(states.iter().any(|state| text(state, "slug") == code && text(state, "iso_alpha2") == two), "{code}");
    }
    let of = |key: &str, word: &str| actors.iter().filter(|actor| texts(actor, key).any(|other| other == word)).count();
    assert_eq!((of("aliases", "DPRK"), of("aliases", "Pyongyang"), of("metonyms", "Pyongyang")), (1, 0, 1));
}

#[test]
fn every_unit_is_an_exact_multiple_of_a_base_of_its_dimension() {
    let units = seeds("units");
    slugs(&units);
    let by_slug: BTreeMap<&str, &Value> = units.iter().map(|unit| (text(unit, "slug"), unit)).collect();
    for unit in &units {
        let base = by_slug.get(text(unit, "base")).unwrap_or_else(|| panic!("{unit} has no base"));
        assert_eq!(base["base"], base["slug"], "{unit}: its base has another base");
        assert_eq!(base["dimension"], unit["dimension"], "{unit}: its base has another dimension");
        let factor = Decimal::parse(text(unit, "factor")).unwrap_or_else(|fault| panic!("{unit}: {fault}"));
        assert!(factor.to_f64() > 0.0, "{unit}");
        if unit["base"] == unit["slug"] {
            assert_eq!(unit["factor"], "1", "{unit}");
        }
        if unit["dimension"] == "currency" {
            assert_eq!(unit["base"], unit["slug"], "{unit}: exchange rates are no factors");
        }
    }
    for (slug, base, factor) in [
        ("kilometre", "metre", "1000"),
        ("percent", "percent", "1"),
        ("mile", "metre", "1609.344"),
        ("hectare", "square-metre", "10000"),
        ("person", "person", "1"),
    ] {
        let unit = by_slug.get(slug).unwrap_or_else(|| panic!("no unit {slug}"));
        let (found, there) = (text(unit, "factor"), text(unit, "base"));
        assert!(there != base || found == factor, "{slug} is {found} {there}");
    }
    let called: Vec<(&str, &str)> = units
        .iter()
        .flat_map(|unit| {
            let slug = text(unit, "slug");
            texts(unit, "aliases").chain([slug, text(unit, "label")]).map(move |word| (slug, word))
        })
        .collect();
    assert_eq!(shared(called), Vec::<String>::new());
    for ambiguous in ["t", "ton", "pounds", "dollars", "won", "$", "£", "¥"] {
        assert!(!units.iter().any(|unit| texts(unit, "aliases").any(|alias| alias == ambiguous)), "{ambiguous}");
    }
}

#[test]
fn every_metric_is_defined_and_fits_the_metric_that_it_belongs_to() {
    let metrics = seeds("metrics");
    slugs(&metrics);
    assert!(metrics.len() >= 80, "only {}", metrics.len());
    let by_slug: BTreeMap<&str, &Value> = metrics.iter().map(|metric| (text(metric, "slug"), metric)).collect();
    let dimensions: BTreeSet<String> =
        seeds("units").iter().map(|unit| text(unit, "dimension").to_string()).chain(["any".to_string()]).collect();
    for metric in &metrics {
        assert!(text(metric, "definition").split_whitespace().count() >= 5, "{metric}");
        assert!(dimensions.contains(text(metric, "dimension")), "{metric}");
        if let Some(level) = metric["change_of"].as_str() {
            assert!(by_slug.contains_key(level) && metric["kind"] == "change", "{metric}");
        }
        if let Some(whole) = metric["part_of"].as_str() {
            let whole = by_slug.get(whole).unwrap_or_else(|| panic!("{metric} is part of nothing"));
            assert_eq!((&whole["kind"], &whole["dimension"]), (&metric["kind"], &metric["dimension"]), "{metric}");
        }
    }
    let called: Vec<(&str, &str)> = metrics
        .iter()
        .flat_map(|metric| {
            let slug = text(metric, "slug");
            texts(metric, "aliases").chain([slug, text(metric, "label")]).map(move |word| (slug, word))
        })
        .collect();
    assert_eq!(shared(called), Vec::<String>::new());
}

#[test]
fn every_line_of_a_file_has_the_same_keys_in_the_same_order() {
    for name in ["actors", "units", "metrics", "sources"] {
        let records = seeds(name);
        let keys = |record: &Value| record.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let first = keys(&records[0]);
        for record in &records {
            assert_eq!(keys(record), first, "{name}: {record}");
        }
    }
}

#[test]
fn the_guide_names_every_file_and_every_origin_with_its_licence() {
    let guide = read("seeds/README.md");
    for path in files_under("seeds") {
        let file = path.trim_start_matches("seeds/");
        assert!(file == "README.md" || guide.contains(&format!("`{file}`")), "seeds/README.md does not name {file}");
    }
    let licences = read("seeds/THIRD-PARTY.txt");
    for origin in ["rigour", "i18n-nationality", "iso_currency", "Unicode CLDR"] {
        assert!(guide.contains(origin) && licences.contains(origin), "{origin}");
    }
    assert!(licences.contains("Permission is hereby granted") && licences.contains("UNICODE LICENSE"), "the texts of the licences");
}

/// Words of a text, without signs and upper case.
fn words(text: &str) -> Vec<String> {
    let plain = |word: &str| word.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    text.split_whitespace().map(plain).filter(|word| !word.is_empty()).collect()
}

/// Runs of more than the allowed number of words that stand in the essay too.
fn copied(essay: &HashSet<Vec<String>>, text: &str) -> Option<String> {
    words(text).windows(WORDS_IN_A_ROW_MAX + 1).find(|run| essay.contains(*run)).map(|run| run.join(" "))
}

#[test]
fn the_essay_itself_is_not_in_the_project() {
    let Some(essay) = beside("shared/essay.txt", "looking for the essay's text in the project") else { return };
    let essay = std::fs::read_to_string(essay).unwrap();
    // Titles are facts of the bibliography; the lines that hold them are not the essay's own prose.
    let sources = seeds("sources");
    let prose: Vec<&str> = essay.lines().filter(|line| !sources.iter().any(|source| line.contains(text(source, "title")))).collect();
    let essay = words(&prose.join("\n"));
    assert!(essay.len() > 500, "only {} words of prose", essay.len());
    let runs: HashSet<Vec<String>> = essay.windows(WORDS_IN_A_ROW_MAX + 1).map(<[String]>::to_vec).collect();
    assert!(copied(&runs, &format!("So: “{}”.", essay[40..60].join(", "))).is_some(), "a copied run is not found");
    let mut looked_at = 0;
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        looked_at += 1;
        assert_eq!(copied(&runs, &text), None, "{path}");
    }
    assert!(looked_at > 100, "only {looked_at} files were looked at");
}

#[test]
fn a_word_that_two_own_is_found() {
    assert_eq!(shared([("a", "X"), ("b", "x"), ("a", "y"), ("a", "Y")]), ["x: {\"a\", \"b\"}"]);
}
