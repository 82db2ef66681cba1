//! README and `docs` name everything that there is, and nothing that there is not.

use std::collections::BTreeSet;

use figurebase::exchange::flat_row::COLUMNS;
use figurebase::http::problem::ProblemType;

use super::{files_under, read, root, tracked};
use crate::api::{Operation, described, operations};

/// Routes that are pages for people and stand in no description.
const PAGES: [&str; 4] = ["/docs", "/docs/api", "/docs/api/", "/docs/problems"];

/// What sets up the tests, and nothing of the program.
const VARIABLES_OF_TESTS: [&str; 2] = ["FIGUREBASE_TEST_POSTGRES_BIN", "FIGUREBASE_EXTRACTION_DEV"];

/// The pages that readers have, with their text.
fn pages() -> Vec<(String, String)> {
    let docs = files_under("docs").into_iter().filter(|path| path.ends_with(".md"));
    std::iter::once("README.md".to_string()).chain(docs).map(|path| (path.clone(), read(&path))).collect()
}

/// Everything that a page sets as code: between backticks, or in a fenced block.
fn code_in(page: &str) -> String {
    let mut code = String::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 1 {
            code.push_str(part);
            code.push('\n');
            continue;
        }
        for (number, span) in part.split('`').enumerate() {
            if number % 2 == 1 {
                code.push_str(span);
                code.push('\n');
            }
        }
    }
    code
}

fn all_code() -> String {
    pages().iter().map(|(_, text)| code_in(text)).collect()
}

/// Whether a word stands there and is no part of a longer one.
fn names(code: &str, word: &str) -> bool {
    let in_word = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '/' | '{');
    code.match_indices(word).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + word.len()..]);
        let longer = after.starts_with(in_word) || (after.starts_with('.') && after[1..].starts_with(in_word));
        !before.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '/' | '}')) && !longer
    })
}

#[track_caller]
fn assert_named<'w>(what: &str, words: impl IntoIterator<Item = &'w str>) {
    let code = all_code();
    let words: BTreeSet<&str> = words.into_iter().collect();
    assert!(!words.is_empty());
    let missing: Vec<&&str> = words.iter().filter(|word| !names(&code, word)).collect();
    assert!(missing.is_empty(), "README.md and docs do not name {what} {missing:?}");
}

#[test]
fn every_route_is_named_with_its_method() {
    let code = all_code();
    let operations = operations(&described());
    assert!(operations.len() > 40, "only {} operations", operations.len());
    let mut missing = Vec::new();
    for Operation { method, path, .. } in &operations {
        let is_table = path.ends_with(".{format}");
        if !(names(&code, &format!("{method} {path}")) || (is_table && names(&code, path))) {
            missing.push(format!("{method} {path}"));
        }
    }
    assert!(missing.is_empty(), "README.md and docs do not name {missing:#?}");
}

#[test]
fn every_query_parameter_is_named() {
    let document = described();
    let names: Vec<String> = operations(&document)
        .iter()
        .flat_map(|operation| operation.declared["parameters"].as_array().cloned().unwrap_or_default())
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| parameter["name"].as_str().unwrap().to_string())
        .collect();
    assert_named("the parameters", names.iter().map(String::as_str));
}

#[test]
fn every_problem_is_named_with_its_status() {
    assert_named("the problems", ProblemType::ALL.iter().map(|kind| kind.code));
    let api = read("docs/api.md");
    for kind in ProblemType::ALL {
        let row = api.lines().find(|line| line.starts_with('|') && line.contains(&format!("`{}`", kind.code)));
        let row = row.unwrap_or_else(|| panic!("docs/api.md has no row for {}", kind.code));
        assert!(row.contains(kind.status.as_str()), "{row}");
    }
}

#[test]
fn every_column_of_the_flat_table_is_named_in_its_order() {
    assert_named("the columns", COLUMNS);
    let page = read("docs/api.md");
    let listed: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|word| COLUMNS.contains(word)).collect();
    assert!(listed.windows(COLUMNS.len()).any(|window| window == COLUMNS), "docs/api.md does not list the columns in their order");
}

/// Every command and every argument with a long name.
fn commands(command: &clap::Command, words: &str, found: &mut Vec<(String, Vec<clap::Arg>)>) {
    let own = command.get_arguments().filter(|argument| argument.get_long().is_some()).filter(|argument| argument.get_id() != "help");
    found.push((words.to_string(), own.filter(|argument| argument.get_id() != "version").cloned().collect()));
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        commands(inner, &format!("{words} {}", inner.get_name()), found);
    }
}

#[test]
fn every_command_flag_and_variable_is_named() {
    let mut found = Vec::new();
    commands(&figurebase::cli::declaration(), "figurebase", &mut found);
    let mut words: Vec<String> = Vec::new();
    for (command, arguments) in found.iter().skip(1) {
        words.push(command.trim_start_matches("figurebase ").to_string());
        for argument in arguments {
            words.push(format!("--{}", argument.get_long().unwrap()));
            words.extend(argument.get_env().map(|variable| variable.to_str().unwrap().to_string()));
        }
    }
    let code = all_code();
    let missing: BTreeSet<&String> = words.iter().filter(|word| !names(&code, word)).collect();
    assert!(missing.is_empty(), "README.md and docs do not name {missing:?}");
}

#[test]
fn every_default_of_a_setting_is_stated_as_it_is() {
    let mut found = Vec::new();
    commands(&figurebase::cli::declaration(), "figurebase", &mut found);
    let mut rows = String::new();
    for (_, page) in pages() {
        rows.extend(page.lines().filter(|line| line.starts_with('|')).map(|line| format!("{line}\n")));
    }
    for (command, arguments) in found {
        for argument in arguments.iter().filter(|argument| argument.get_env().is_some()) {
            let variable = argument.get_env().unwrap().to_str().unwrap();
            let Some(default) = argument.get_default_values().first().and_then(|default| default.to_str()) else { continue };
            let row = rows.lines().find(|line| names(line, variable));
            let row = row.unwrap_or_else(|| panic!("no table has a row for {variable} of {command}"));
            let digits = |text: &str| text.replace([',', ' ', '\u{a0}', '\u{202f}', '_'], "");
            assert!(row.contains(default) || digits(row).contains(default), "{variable} has the default {default}: {row}");
        }
    }
}

/// Words beginning with a prefix.
fn words_after<'c>(code: &'c str, prefix: &str, is_part: impl Fn(char) -> bool) -> BTreeSet<&'c str> {
    code.match_indices(prefix)
        .map(|(at, _)| &code[at..])
        .map(|rest| &rest[..rest.find(|sign| !is_part(sign)).unwrap_or(rest.len())])
        .collect()
}

#[test]
fn no_page_names_a_variable_or_command_that_does_not_exist() {
    let mut found = Vec::new();
    commands(&figurebase::cli::declaration(), "figurebase", &mut found);
    let variables: BTreeSet<&str> =
        found.iter().flat_map(|(_, arguments)| arguments).filter_map(|argument| argument.get_env()?.to_str()).collect();
    let flags: BTreeSet<&str> = found.iter().flat_map(|(_, arguments)| arguments).filter_map(clap::Arg::get_long).collect();
    let known: BTreeSet<&str> = found.iter().filter_map(|(command, _)| command.split(' ').nth(1)).collect();
    for (path, page) in pages() {
        for variable in words_after(&page, "FIGUREBASE_", |sign| sign.is_ascii_uppercase() || sign == '_') {
            let is_known = variables.contains(variable) || VARIABLES_OF_TESTS.contains(&variable) || variable == "FIGUREBASE_";
            assert!(is_known, "{path} names {variable}");
        }
        for line in code_in(&page).lines() {
            // A command line of ours, whether started by its name or by the tool that builds it.
            let Some((_, rest)) = line.split_once("figurebase ").or_else(|| line.split_once("--release -- ")) else { continue };
            let rest = rest.split([')', '|', '#', '>', ';']).next().unwrap_or_default();
            let words: Vec<&str> = rest.split_whitespace().collect();
            let is_call = words.first().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
            if !is_call {
                continue;
            }
            assert!(words[0].starts_with("--") || known.contains(words[0]), "{path} calls '{}': {line}", words[0]);
            for flag in words.iter().filter_map(|word| word.strip_prefix("--")).filter(|flag| !flag.is_empty()) {
                let flag = flag.split('=').next().unwrap_or_default();
                assert!(flags.contains(flag) || flag == "help" || flag == "version", "{path} names --{flag}: {line}");
            }
        }
    }
}

/// Whether a path that stands in a page is one of the described ones, with or without values in its places.
fn is_described(path: &str, described: &[String]) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    described.iter().any(|known| {
        let known: Vec<&str> = known.split('/').collect();
        let fits = |(known, part): (&&str, &&str)| {
            let stem = known.trim_end_matches(".{format}");
            let form = |part: &str| [".json", ".csv", ".ndjson", ".{format}"].iter().any(|form| part.strip_suffix(form) == Some(stem));
            known == part || (known.starts_with('{') && !part.is_empty()) || (*known != stem && form(part))
        };
        known.len() == parts.len() && known.iter().zip(&parts).all(fits)
    })
}

#[test]
fn no_page_names_a_route_that_does_not_exist() {
    let described: Vec<String> = operations(&described()).into_iter().map(|operation| operation.path).collect();
    let mut unknown = Vec::new();
    let mut seen = 0;
    for (page, text) in pages() {
        let code = code_in(&text);
        let is_part = |sign: char| sign.is_alphanumeric() || matches!(sign, '/' | '_' | '-' | '.' | '{' | '}' | '$' | '…');
        for path in words_after(&code, "/v1/", is_part) {
            seen += 1;
            let path = path.trim_end_matches(['.', '/']);
            if path != "/v1" && !is_described(path, &described) {
                unknown.push(format!("{page}: {path}"));
            }
        }
        for path in words_after(&code, "/docs", is_part) {
            if code.contains(&format!(" {path}")) && path.starts_with("/docs") && !PAGES.contains(&path) && !path.ends_with(".md") {
                unknown.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(seen > 40, "only {seen} routes were found in the pages");
}

#[test]
fn every_link_to_a_file_or_heading_leads_somewhere() {
    for (path, page) in pages() {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let place = if file.is_empty() { root().join(&path) } else { root().join(folder).join(file) };
            assert!(place.exists(), "{path} links to {target}");
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&place).unwrap();
                let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| {
                    let words = line.trim_start_matches('#').trim().to_lowercase();
                    let kept: String = words.chars().filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_')).collect();
                    kept.replace(' ', "-")
                });
                assert!(headings.into_iter().any(|heading| heading == anchor), "{path} links to {target}");
            }
        }
    }
}

#[test]
fn the_changelog_and_both_licences_are_there() {
    for (path, words) in [("CHANGELOG.md", "0.1.0"), ("LICENSE-MIT", "MIT"), ("LICENSE-APACHE", "Apache License")] {
        assert!(read(path).contains(words), "{path} does not hold '{words}'");
    }
    let stated = read("Cargo.toml");
    assert!(stated.contains("license = \"MIT OR Apache-2.0\""));
}

/// Names of hosts that packages come from, and folders of the machines that this was written on; none belongs in the project.
fn unwanted() -> Vec<String> {
    let hosts = [["crates", "io"], ["pypi", "org"], ["pythonhosted", "org"], ["npmjs", "com"], ["npmjs", "org"], ["debian", "org"]];
    let folders = [["", "work"], ["", "root"], ["", "home"], ["", "Users"], ["", "mnt"]];
    let hosts = hosts.iter().map(|parts| parts.join("."));
    hosts.chain(folders.iter().map(|parts| format!("{}/", parts.join("/")))).collect()
}

#[test]
fn no_file_names_a_package_host_or_a_folder_of_one_machine() {
    let unwanted = unwanted();
    let mut found = Vec::new();
    let mut looked_at = 0;
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        // The lock file is the package manager's own.
        if path == "Cargo.lock" {
            continue;
        }
        looked_at += 1;
        for (number, line) in (1..).zip(text.lines()) {
            for word in &unwanted {
                let begins =
                    |at: usize| !line[..at].ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '_' | '}' | '/' | '-'));
                if line.match_indices(word.as_str()).any(|(at, _)| begins(at)) {
                    found.push(format!("{path}:{number} names {word}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(looked_at > 100, "only {looked_at} files were looked at");
}

#[test]
fn a_word_counts_only_where_it_stands_alone_and_as_code() {
    let code = code_in("Text actor `GET /v1/claims/{id}`, `any_actor`.\n```sh\ncurl /v1/units.csv\n```\n`limit`.");
    assert!(names(&code, "/v1/claims/{id}") && names(&code, "any_actor") && names(&code, "limit") && names(&code, "GET /v1/claims/{id}"));
    for absent in ["actor", "/v1/claims", "/v1/units", "claims", "Text", "id"] {
        assert!(!names(&code, absent) || absent == "id", "{absent}");
    }
    let described = ["/v1/claims/{id}".to_string(), "/v1/claims.{format}".to_string()];
    for known in ["/v1/claims/$ID", "/v1/claims/{id}", "/v1/claims.csv", "/v1/claims.{format}"] {
        assert!(is_described(known, &described), "{known}");
    }
    for unknown in ["/v1/claims", "/v1/claims/x/y", "/v1/claims.xlsx", "/v1/claim"] {
        assert!(!is_described(unknown, &described), "{unknown}");
    }
}
