//! What is promised in documents, held against the code.
//!
//! - `layering`: which module may know which other, and which crates; `style`: sizes, names, and what no source file may hold;
//! - `documentation`: README and `docs` name everything that there is, and nothing that there is not;
//! - `openapi`: the API's description is valid, whole, and served; that the answers are what it says is held in `api`;
//! - `shared_sql`: how much SQL the engines share; `shard_safety`: which statements reach claims, and of how many metrics;
//! - `seeds`: the files that a new database starts with;
//! - `word_classes`: the words that texts are read by, and who asks for them.
//!
//! Nothing here depends on the engine that the target is for. This file: reading the project's own files, and the source code without its comments
//! and texts.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "the helpers of tests fail like tests, and say aloud what they leave out; our files end in small letters"
)]

mod documentation;
mod layering;
mod openapi;
mod seeds;
mod shard_safety;
mod shared_sql;
mod style;
mod word_classes;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's top folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project.
fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files under a folder, as paths from the top folder with `/`, in order.
fn files_under(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let relative = path.strip_prefix(root()).unwrap();
                found.push(relative.components().map(|part| part.as_os_str().to_str().unwrap()).collect::<Vec<_>>().join("/"));
            }
        }
    }
    found.sort();
    found
}

/// The source files of the program, with their text.
fn sources() -> Vec<(String, String)> {
    let files = files_under("src").into_iter().filter(|path| path.ends_with(".rs")).map(|path| {
        let text = read(&path);
        (path, text)
    });
    let files: Vec<_> = files.collect();
    assert!(files.len() > 50, "only {} source files were found", files.len());
    files
}

/// Every file of the project that is or would be kept, or, without a repository, those in the folders that we know.
fn tracked() -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).current_dir(root()).output();
    let listed = listed.ok().filter(|listed| listed.status.success()).map(|listed| String::from_utf8(listed.stdout).unwrap());
    let files: Vec<String> = match listed {
        Some(listed) => listed.lines().map(ToString::to_string).filter(|path| root().join(path).is_file()).collect(),
        None => ["src", "tests", "seeds", "migrations", "docs"].into_iter().flat_map(files_under).collect(),
    };
    assert!(files.iter().any(|path| path == "seeds/claims.jsonl"), "{files:?}");
    files
}

/// Source code with all comments, texts and single characters blanked, so that what is left are names and signs. Lines stay lines.
fn code_of(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, code.chars().next_back()).unwrap_or(0);
        let (blank, after) = rest.split_at(length);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.extend(blank.chars().map(|sign| if sign == '\n' { '\n' } else { ' ' }));
            rest = after;
        }
    }
    code
}

/// The length of the comment, text or character that begins here, if one does.
fn skipped(rest: &str, before: Option<char>) -> Option<usize> {
    let in_name = before.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    let bare = rest.strip_prefix('b').filter(|_| !in_name).unwrap_or(rest);
    let prefix = rest.len() - bare.len();
    if let Some(raw) = bare.strip_prefix('r').filter(|_| !in_name) {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        if raw[marks..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(marks));
            let begin = marks + 1;
            return Some(prefix + 1 + raw[begin..].find(&end).map_or(raw.len(), |at| begin + at + end.len()));
        }
    }
    if bare.starts_with('"') {
        return Some(prefix + quoted(bare, '"'));
    }
    // A character, and no lifetime: closed right after one sign or one escape.
    let inner = bare.strip_prefix('\'')?;
    let is_character = inner.starts_with('\\') || inner.chars().nth(1) == Some('\'');
    is_character.then(|| prefix + quoted(bare, '\''))
}

/// The length of a quoted text with its escapes.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if sign == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[test]
fn code_is_read_without_comments_texts_and_characters() {
    let source = "use a::b; // c::d\n/* e::f */ let x: &'static str = \"g::\\\"h\"; let y = r#\"i\"j\"#; let z = '\"'; k('\\''); fn l<'m>() {} b\"n\" 'o'";
    let code = code_of(source);
    for kept in ["a::b", "'static str", "let y =", "k(", "fn l<'m>() {}"] {
        assert!(code.contains(kept), "{kept} is lost: {code}");
    }
    for blanked in ["c::d", "e::f", "g::", "h\"", "i\"j", "'\"'", "n\"", "'o'"] {
        assert!(!code.contains(blanked), "{blanked} is left: {code}");
    }
    assert_eq!(code.lines().count(), 2);
}
