//! Which module may know which other: the table in `docs/architecture.md`, held against every path in the source code; and which
//! module may know which crate.

use std::collections::{BTreeMap, BTreeSet};

use super::{code_of, read, sources};

/// What each module may import, in the order of the table.
#[derive(Debug)]
struct Table {
    order: Vec<String>,
    may: BTreeMap<String, BTreeSet<String>>,
}

/// Crates that a module must not name. The engine belongs to `store`, the framework to `http`, the terminal to `cli`.
const FORBIDDEN: [(&str, &[&str]); 8] = [
    (
        "domain",
        &[
            "axum",
            "sqlx",
            "tokio",
            "hyper",
            "hyper_util",
            "tower",
            "tower_http",
            "clap",
            "indicatif",
            "anyhow",
            "utoipa",
            "tracing_subscriber",
        ],
    ),
    ("analysis", &["axum", "sqlx", "tokio", "hyper", "hyper_util", "tower", "tower_http", "clap", "indicatif", "anyhow"]),
    ("exchange", &["axum", "sqlx", "tokio", "hyper", "hyper_util", "tower", "tower_http", "clap", "indicatif", "anyhow"]),
    (
        "extraction",
        &["axum", "sqlx", "tokio", "hyper", "hyper_util", "tower", "tower_http", "clap", "indicatif", "anyhow", "utoipa", "regex"],
    ),
    ("reading", &["axum", "sqlx", "tokio", "hyper", "hyper_util", "tower", "tower_http", "clap", "indicatif", "anyhow", "utoipa"]),
    ("store", &["axum", "hyper", "hyper_util", "tower", "tower_http", "utoipa", "clap", "indicatif", "anyhow"]),
    ("ingest", &["axum", "sqlx", "hyper", "hyper_util", "tower", "tower_http", "utoipa", "clap", "indicatif", "anyhow"]),
    ("cli", &["axum", "sqlx", "hyper", "hyper_util", "tower", "tower_http", "utoipa"]),
];
/// `http` as well, but for the one place that tells a driver's faults apart.
const DRIVER_FAULTS: &str = "src/http/problem.rs";
/// What writes to a terminal, reads from it, or ends the program.
const TERMINAL: [&str; 9] =
    ["println!", "print!", "eprintln!", "eprint!", "dbg!", "process::exit", "io::stdout", "io::stderr", "io::stdin"];

/// Reads the table out of a page: the one whose heading has the columns `module` and `may import`.
fn table(page: &str) -> Result<Table, String> {
    let cells = |line: &str| line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect::<Vec<_>>();
    let mut lines =
        page.lines().map(str::trim).skip_while(|line| !(line.starts_with('|') && cells(line).iter().any(|cell| cell == "may import")));
    let heading = cells(lines.next().ok_or("there is no table with the column 'may import'")?);
    let column = |name: &str| heading.iter().position(|cell| cell == name).ok_or(format!("the table has no column '{name}'"));
    let (module, may_import) = (column("module")?, column("may import")?);
    let mut table = Table { order: Vec::new(), may: BTreeMap::new() };
    for row in lines.skip(1).take_while(|line| line.starts_with('|')).map(cells) {
        let name = row[module].trim_matches('`').to_string();
        let allowed = row[may_import].split(',').map(|word| word.trim().trim_matches('`').to_string());
        let allowed: BTreeSet<String> = match row[may_import].as_str() {
            "nothing" => BTreeSet::new(),
            "all" | "all above" => table.order.iter().cloned().collect(),
            _ => allowed.collect(),
        };
        if let Some(unknown) = allowed.iter().find(|word| !table.order.contains(word)) {
            return Err(format!("{name} may import '{unknown}', which does not stand above it"));
        }
        table.order.push(name.clone());
        table.may.insert(name, allowed);
    }
    Ok(table)
}

/// The module that a file belongs to; none for `lib.rs` and `main.rs`.
fn module_of(path: &str) -> Option<&str> {
    let (module, _) = path.strip_prefix("src/")?.split_once('/')?;
    Some(module)
}

/// Names and signs of the code, one by one; `::` is one sign.
fn tokens(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_name = |sign: char| sign.is_alphanumeric() || sign == '_';
        let length = if is_name(first) {
            rest.find(|sign| !is_name(sign)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            found.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    found
}

/// The first names of a path's next part: one, or all those of a group in braces.
fn heads<'c>(tokens: &[&'c str]) -> Vec<&'c str> {
    if tokens.first() != Some(&"{") {
        return tokens.first().copied().into_iter().collect();
    }
    let (mut depth, mut expected, mut found) = (0, false, Vec::new());
    for token in tokens {
        match *token {
            "{" => {
                depth += 1;
                expected = depth == 1;
            }
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," => expected = depth == 1,
            name if expected => {
                found.push(name);
                expected = false;
            }
            _ => {}
        }
    }
    found
}

/// All modules of ours that a file names, whether by `crate::` or by enough `super::` to leave its own.
fn imports(path: &str, source: &str) -> BTreeSet<String> {
    let code = code_of(source);
    let tokens = tokens(&code);
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let file_depth = inside.split('/').count();
    let mut found = BTreeSet::new();
    // Inline modules deepen what `super` climbs out of; each is kept with the depth of braces at which it ends.
    let (mut braces, mut inline) = (0, Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" => {
                if at >= 2 && tokens[at - 2] == "mod" {
                    inline.push(braces);
                }
                braces += 1;
            }
            "}" => {
                braces -= 1;
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
            }
            "crate" if tokens.get(at + 1) == Some(&"::") => found.extend(heads(&tokens[at + 2..]).into_iter().map(ToString::to_string)),
            "super" if at == 0 || tokens[at - 1] != "::" => {
                let climbs = tokens[at..].chunks(2).take_while(|pair| *pair == ["super", "::"]).count();
                if climbs >= file_depth + inline.len() {
                    found.extend(heads(&tokens[at + 2 * climbs..]).into_iter().map(ToString::to_string));
                }
            }
            _ => {}
        }
    }
    found
}

/// All crates and root names with which a path of the file begins.
fn roots(source: &str) -> BTreeSet<String> {
    let code = code_of(source);
    let tokens = tokens(&code);
    let begins = |at: usize| at == 0 || tokens[at - 1] != "::";
    let found =
        tokens.iter().enumerate().filter(|(at, _)| begins(*at) && tokens.get(at + 1) == Some(&"::")).map(|(_, name)| (*name).to_string());
    let whole = tokens.windows(3).filter(|three| three[0] == "use" && matches!(three[2], ";" | "as")).map(|three| three[1].to_string());
    found.chain(whole).collect()
}

/// What a file does that its module may not do.
fn violations(path: &str, source: &str, table: &Table) -> Vec<String> {
    let Some(module) = module_of(path) else { return Vec::new() };
    let mut found = Vec::new();
    let Some(may) = table.may.get(module) else { return vec![format!("{path}: the module '{module}' is not in the table")] };
    for other in imports(path, source) {
        if other != module && table.may.contains_key(&other) && !may.contains(&other) {
            found.push(format!("{path}: {module} may not import {other}"));
        }
    }
    let forbidden = FORBIDDEN.iter().find(|(name, _)| *name == module).map_or(&["sqlx"][..], |(_, crates)| crates);
    for name in roots(source) {
        if forbidden.contains(&name.as_str()) && path != DRIVER_FAULTS {
            found.push(format!("{path}: {module} may not name {name}"));
        }
    }
    if module != "cli" {
        let code = code_of(source);
        for word in TERMINAL {
            let whole = |at: usize| !code[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_');
            if code.match_indices(word).any(|(at, _)| whole(at)) {
                found.push(format!("{path}: only cli prints, asks and exits, but here is {word}"));
            }
        }
    }
    found
}

#[test]
fn every_import_is_one_that_the_table_allows() {
    let table = table(&read("docs/architecture.md")).unwrap();
    let found: Vec<String> = sources().iter().flat_map(|(path, source)| violations(path, source, &table)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_table_names_every_module_and_no_other() {
    let table = table(&read("docs/architecture.md")).unwrap();
    let modules: BTreeSet<String> = sources().iter().filter_map(|(path, _)| module_of(path).map(ToString::to_string)).collect();
    assert_eq!(table.order.iter().cloned().collect::<BTreeSet<_>>(), modules);
    assert_eq!(table.may["domain"], BTreeSet::new());
    let pure: BTreeSet<String> = ["domain".to_string()].into();
    for module in ["analysis", "exchange", "extraction", "reading", "store"] {
        assert_eq!(table.may[module], pure, "{module} knows only the domain");
    }
}

#[test]
fn the_table_allows_nothing_that_is_not_used() {
    let table = table(&read("docs/architecture.md")).unwrap();
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = sources();
    for (path, source) in &sources {
        if let Some(module) = module_of(path) {
            used.entry(module).or_default().extend(imports(path, source));
        }
    }
    for (module, may) in &table.may {
        let idle: Vec<&String> = may.iter().filter(|other| !used[module.as_str()].contains(*other)).collect();
        assert!(idle.is_empty(), "{module} may import {idle:?} and does not; the table says more than is true");
    }
}

#[test]
fn the_modules_are_listed_in_the_library_and_the_program_only_starts_the_command_line() {
    let library = code_of(&read("src/lib.rs"));
    let table = table(&read("docs/architecture.md")).unwrap();
    for module in &table.order {
        assert!(library.contains(&format!("pub mod {module};")), "{module}");
    }
    let program = code_of(&read("src/main.rs"));
    let tokens = tokens(&program);
    let named: Vec<&str> = tokens.windows(3).filter(|three| three[0] == "figurebase").map(|three| three[2]).collect();
    assert_eq!(named, ["cli"]);
}

/// A table like ours, for code that breaks it.
fn example() -> Table {
    table("# x\n| module | is | may import |\n| --- | --- | --- |\n| `domain` | a | nothing |\n| `store` | b | `domain` |\n| `http` | c | `domain`, `store` |\n| `cli` | d | all above |\n\nmore")
        .unwrap()
}

#[test]
fn a_forbidden_import_is_found_however_it_is_written() {
    for (path, source) in [
        ("src/domain/claim.rs", "use crate::store::Store;"),
        ("src/domain/claim.rs", "fn f() { let x = crate::store::open(); }"),
        ("src/domain/claim.rs", "use crate::{domain::id, store};"),
        ("src/domain/claim.rs", "use crate::{\n    domain::{id, unit},\n    store::{Store, http},\n};"),
        ("src/domain/claim.rs", "use super::super::store::Store;"),
        ("src/domain/mod.rs", "pub use super::store::Store;"),
        ("src/domain/deep/er.rs", "fn f(x: super::super::super::store::X) {}"),
        ("src/domain/claim.rs", "mod tests { use super::super::super::store::X; }"),
        ("src/domain/claim.rs", "pub(crate) use crate :: store :: X;"),
        ("src/store/claims.rs", "use crate::http::router;"),
        ("src/http/claims.rs", "use crate::cli::run;"),
        ("src/domain/claim.rs", "use sqlx::Row;"),
        ("src/domain/claim.rs", "#[derive(sqlx::FromRow)] struct X;"),
        ("src/domain/claim.rs", "async fn f() { tokio::time::sleep(x).await }"),
        ("src/domain/claim.rs", "use axum;"),
        ("src/http/claims.rs", "fn f(e: sqlx::Error) {}"),
        ("src/http/claims.rs", "fn f() { println!(\"x\"); }"),
        ("src/store/open.rs", "use std::io; fn f() { io::stdout(); std::process::exit(1) }"),
        ("src/extra/x.rs", "struct X;"),
    ] {
        assert!(!violations(path, source, &example()).is_empty(), "not found in {path}: {source}");
    }
}

#[test]
fn an_allowed_import_is_left_alone() {
    for (path, source) in [
        ("src/http/claims.rs", "use crate::store::Store; use crate::domain::{claim, id}; use super::answer;"),
        ("src/store/claims.rs", "use sqlx::Row; use super::Store; use crate::domain::id;"),
        ("src/store/claims.rs", "mod tests { use super::super::open; }"),
        ("src/domain/claim.rs", "// use crate::store::Store;\n/// [`crate::http::x`]\nconst X: &str = \"crate::store::x println!\";"),
        ("src/cli/mod.rs", "fn f() { eprintln!(\"x\"); } use crate::http::router;"),
        ("src/http/problem.rs", "fn f(e: sqlx::Error) {}"),
        ("src/domain/claim.rs", "use std::store::axum::x; fn pretty_println() {}"),
        ("src/main.rs", "fn main() { println!(\"x\") }"),
    ] {
        assert_eq!(violations(path, source, &example()), Vec::<String>::new(), "{path}: {source}");
    }
}

#[test]
fn a_table_that_turns_back_is_refused() {
    let turned = "| module | may import |\n| --- | --- |\n| `domain` | `store` |\n| `store` | `domain` |\n";
    assert!(table(turned).unwrap_err().contains("does not stand above"));
    assert!(table("no table").is_err());
}
