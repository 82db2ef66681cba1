//! Sizes and names, and what no source file may hold. (clippy measures functions, in `.clippy.toml`.)

use super::{code_of, files_under, read, sources};

/// Longest source file, in lines.
const LINES_MAX: usize = 400;
/// What no source file holds, tests or not.
const SHORTCUTS: [&str; 6] = ["todo!", "unimplemented!", "#[allow", "#![allow", "#[ignore", "dbg!"];
/// What only tests may do.
const ONLY_IN_TESTS: [&str; 4] = [".unwrap()", ".expect(", "panic!", "unreachable!"];
/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "service", "misc"];

/// The code outside of inline test modules.
fn outside_tests(source: &str) -> String {
    let code = code_of(source);
    let Some(at) = code.find("#[cfg(test)]") else { return code };
    let mut depth = 0;
    for (end, sign) in code[at..].char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 1 => return format!("{}{}", &code[..at], outside_tests(&code[at + end + 1..])),
            '}' => depth -= 1,
            ';' if depth == 0 => return format!("{}{}", &code[..at], outside_tests(&code[at + end + 1..])),
            _ => {}
        }
    }
    code[..at].to_string()
}

/// Whether a file is compiled for tests alone: its folder's `mod.rs` says so.
fn is_test_file(path: &str, all: &[(String, String)]) -> bool {
    let Some((folder, file)) = path.rsplit_once('/') else { return false };
    let name = file.trim_end_matches(".rs");
    let declared =
        |text: &str| code_of(text).split_whitespace().collect::<Vec<_>>().join(" ").contains(&format!("#[cfg(test)] mod {name};"));
    all.iter().any(|(other, text)| *other == format!("{folder}/mod.rs") && declared(text))
}

/// What is wrong with a source file.
fn faults(path: &str, source: &str, for_tests: bool) -> Vec<String> {
    let mut found = Vec::new();
    if !source.starts_with("//! ") {
        found.push(format!("{path} does not begin by saying what it is for"));
    }
    if source.lines().count() > LINES_MAX {
        found.push(format!("{path} has {} lines", source.lines().count()));
    }
    let code = code_of(source);
    for word in SHORTCUTS {
        if code.contains(word) {
            found.push(format!("{path} holds {word}"));
        }
    }
    let code = outside_tests(source);
    for word in ONLY_IN_TESTS {
        if !for_tests && code.contains(word) {
            found.push(format!("{path} holds {word} outside of tests"));
        }
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            found.push(format!("{path}: '{part}' says nothing"));
        }
    }
    found
}

#[test]
fn every_source_file_is_short_explained_and_free_of_shortcuts() {
    let all = sources();
    let found: Vec<String> = all.iter().flat_map(|(path, source)| faults(path, source, is_test_file(path, &all))).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_test_file_says_what_it_is_for_and_skips_nothing() {
    let mut found = Vec::new();
    for path in files_under("tests").into_iter().filter(|path| path.ends_with(".rs")) {
        let source = read(&path);
        let code = code_of(&source);
        if !source.starts_with("//! ") {
            found.push(format!("{path} does not begin by saying what it is for"));
        }
        for word in ["#[ignore", "#[allow", "#![allow", "todo!"] {
            if code.contains(word) {
                found.push(format!("{path} holds {word}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn each_folders_guide_names_its_files() {
    let all = sources();
    let commands = figurebase::cli::declaration();
    // The guide of the command line says once that each command has a file of its name.
    let is_command = |folder: &str, name: &str| folder == "src/cli/" && commands.find_subcommand(name).is_some();
    let mut found = Vec::new();
    for (path, guide) in all.iter().filter(|(path, _)| path.ends_with("/mod.rs")) {
        let folder = path.trim_end_matches("mod.rs");
        let text: String = guide.lines().take_while(|line| line.starts_with("//!")).collect();
        let missing: Vec<&str> = all
            .iter()
            .filter(|(other, _)| other != path && !is_test_file(other, &all))
            .filter_map(|(other, _)| other.strip_prefix(folder)?.strip_suffix(".rs"))
            .map(|name| name.trim_end_matches("/mod"))
            .filter(|name| !name.contains('/') && !text.contains(&format!("`{name}`")) && !is_command(folder, name))
            .collect();
        if !missing.is_empty() {
            found.push(format!("{path} does not say what is in {missing:?}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_refused_is_found() {
    let long = format!("//! x\n{}", "\n".repeat(LINES_MAX));
    for (path, source) in [
        ("src/a/b.rs", "use x;"),
        ("src/a/b.rs", long.as_str()),
        ("src/a/b.rs", "//! x\nfn f() { y.unwrap(); }"),
        ("src/a/b.rs", "//! x\n#[cfg(test)]\nmod tests { fn f() {} }\nfn g() { y.expect(\"z\"); }"),
        ("src/a/b.rs", "//! x\nfn f() { todo!() }"),
        ("src/a/b.rs", "//! x\n#[allow(dead_code)]\nfn f() {}"),
        ("src/a/b.rs", "//! x\n#[cfg(test)] mod tests { #[test] #[ignore] fn f() {} }"),
        ("src/a/utils.rs", "//! x"),
        ("src/helpers/x.rs", "//! x"),
    ] {
        assert!(!faults(path, source, false).is_empty(), "not found in {path}: {source}");
    }
    let good = "//! x\n// y.unwrap() #[allow]\nconst A: &str = \"todo!\";\n#[cfg(test)]\nmod tests { fn f() { y.unwrap(); } }\nfn g() { y.unwrap_or(1); }";
    assert_eq!(faults("src/a/b.rs", good, false), Vec::<String>::new());
}
