//! How much SQL the two engines share, counted: every text in `src/store` is for both, but for the few that are listed with a
//! reason. And that SQL stands there alone, and goes to a driver in one place.

use std::collections::{BTreeMap, BTreeSet};

use figurebase::store::{Difference, Engine};

use super::{code_of, read, skipped, sources};

/// Least share of the texts that both engines have to be given alike, in percent.
const SHARED_PERCENT_MIN: f64 = 90.0;
/// Files whose SQL is one engine's own by nature: its settings and checks when it is opened, the calls of Citus, and what its index of
/// words consists of.
const OF_ONE_ENGINE: [&str; 4] =
    ["src/store/open_sqlite.rs", "src/store/open_postgres.rs", "src/store/distribute.rs", "src/store/word_sums.rs"];
/// Where statements and differences are made of texts, not used.
const DEFINITIONS: [&str; 2] = ["src/store/statement.rs", "src/store/difference.rs"];
/// The only files that hand SQL to a driver.
const DRIVEN: [&str; 3] = ["src/store/engine.rs", "src/store/open_sqlite.rs", "src/store/open_postgres.rs"];
/// What the other files of the store may name of the driver: rows as they come, and its errors.
const DRIVER_NAMES: [&str; 4] = ["FromRow", "Error", "migrate::MigrateError", "sqlite::SqliteError"];
/// The driver's own way of talking to several engines, which knows neither all their types nor their texts.
const ANY: [&str; 7] = ["AnyPool", "AnyConnection", "AnyRow", "AnyKind", "AnyQueryResult", "sqlx::any", "sqlx::Any"];

/// One call that makes a statement, or gives it text that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub file: String,
    /// `new`, `different` or `push_different`.
    pub function: &'static str,
    pub arguments: Vec<String>,
}

/// The texts that stand in source code, unescaped as far as SQL needs it.
pub fn texts_in(source: &str) -> Vec<String> {
    let (mut found, mut rest, mut before) = (Vec::new(), source, None);
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, before).unwrap_or(0);
        let (piece, after) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        if length > 0 && piece.ends_with(['"', '#']) && !piece.starts_with('/') {
            found.push(text_of(piece));
        }
        before = piece.chars().next_back();
        rest = after;
    }
    found
}

/// What a text literal says: a line that ends with `\` goes on at the next word.
fn text_of(literal: &str) -> String {
    let inner = literal.trim_start_matches(['b', 'r', '#']).trim_end_matches('#');
    let inner = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(inner);
    let mut parts = inner.split("\\\n");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| text + part.trim_start()).replace("\\\"", "\"").replace("\\n", "\n")
}

/// The calls of `name` in a file, each with its arguments as they are written.
pub fn calls_of(source: &str, name: &str) -> Vec<Vec<String>> {
    let (code, written): (Vec<char>, Vec<char>) = (code_of(source).chars().collect(), source.chars().collect());
    let wanted: Vec<char> = format!("{name}(").chars().collect();
    let begins = (0..code.len()).filter(|at| code[*at..].starts_with(&wanted));
    begins.map(|at| arguments(&code[at + wanted.len()..], &written[at + wanted.len()..])).collect()
}

/// The arguments that begin here, up to the bracket that closes them.
fn arguments(code: &[char], written: &[char]) -> Vec<String> {
    let (mut depth, mut found) = (1, vec![String::new()]);
    for (sign, original) in code.iter().zip(written) {
        match sign {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 1 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        found.last_mut().unwrap().push(*original);
    }
    found.into_iter().map(|argument| argument.trim().to_string()).filter(|argument| !argument.is_empty()).collect()
}

/// Every call in the store that makes a statement or gives it text that differs.
pub fn statement_calls() -> Vec<Call> {
    let names = [("Statement::new", "new"), ("Statement::different", "different"), ("push_different", "push_different")];
    let mut found = Vec::new();
    for (file, source) in sources().into_iter().filter(|(file, _)| file.starts_with("src/store/") && !DEFINITIONS.contains(&file.as_str()))
    {
        for (name, function) in names {
            found.extend(calls_of(&source, name).into_iter().map(|arguments| Call { file: file.clone(), function, arguments }));
        }
    }
    assert!(found.len() > 50, "only {} statements were found", found.len());
    found
}

/// The texts of constants, by file and name.
fn constants() -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for (file, source) in sources().into_iter().filter(|(file, _)| file.starts_with("src/store/")) {
        for declaration in source.split("const ").skip(1) {
            let Some((name, rest)) = declaration.split_once(": &str =") else { continue };
            if name.chars().all(|sign| sign.is_ascii_uppercase() || sign == '_')
                && let Some(text) = texts_in(rest).into_iter().next()
            {
                found.insert((file.clone(), name.to_string()), text);
            }
        }
    }
    found
}

/// The text that a call gives: a literal, or a constant of its file or of another one.
fn given_text(call: &Call, argument: &str, constants: &BTreeMap<(String, String), String>) -> Option<String> {
    if argument.starts_with('"') {
        return texts_in(argument).into_iter().next();
    }
    let here = constants.get(&(call.file.clone(), argument.to_string()));
    here.or_else(|| constants.iter().find(|((_, name), _)| name == argument).map(|(_, text)| text)).cloned()
}

/// What the store says in SQL: texts that both engines are given, and names of differences. A constant counts once, however
/// often it is used; words that begin a statement count once for each that they begin.
fn shared_and_different() -> (BTreeSet<(String, usize)>, BTreeSet<String>) {
    let constants = constants();
    let (mut shared, mut different) = (BTreeSet::new(), BTreeSet::new());
    for (number, call) in statement_calls().iter().enumerate().filter(|(_, call)| !OF_ONE_ENGINE.contains(&call.file.as_str())) {
        let place = usize::from(call.function != "push_different");
        let argument = call.arguments.get(place).unwrap_or_else(|| panic!("{call:?} has no text"));
        if call.function == "new" {
            let text = given_text(call, argument, &constants).unwrap_or_else(|| panic!("{call:?}: what is {argument}?"));
            shared.insert((text, if argument.starts_with('"') { number + 1 } else { 0 }));
        } else {
            different.insert(argument.trim_start_matches('&').to_string());
        }
    }
    (shared, different)
}

#[test]
fn nearly_all_sql_is_one_text_for_both_engines() {
    let (shared, different) = shared_and_different();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap());
    let percent = 100.0 * count(shared.len()) / count(shared.len() + different.len());
    println!("SQL texts: {} shared, {} with a text for each engine: {percent:.1} % shared", shared.len(), different.len());
    for file in OF_ONE_ENGINE {
        let own = texts_in(&read(file)).into_iter().filter(|text| is_sql(text)).count();
        assert!(own > 0, "{file} holds no SQL");
        println!("beside them, of one engine alone: {own} in {file}");
    }
    assert!(shared.len() > 40, "only {} shared texts were found", shared.len());
    assert!(percent >= SHARED_PERCENT_MIN, "only {percent:.1} % of the SQL is shared");
}

#[test]
fn every_shared_text_is_sql() {
    let (shared, _) = shared_and_different();
    for (text, _) in shared {
        assert!(is_sql(&text), "this is no SQL: {text}");
        for own in ["::", "ANY(", "ILIKE", "DISTINCT ON", "sqlite_", "rowid", " GLOB ", " MATCH ", "to_regclass", "pg_"] {
            assert!(!text.contains(own), "'{own}' is of one engine: {text}");
        }
    }
}

#[test]
fn every_difference_has_a_reason_two_texts_and_a_use() {
    let declared = calls_to_declare(&read("src/store/difference.rs"));
    let (_, used) = shared_and_different();
    assert_eq!(declared, used, "declared and used");
    let listed = read("src/store/difference.rs");
    let listed = listed.split("ALL: ").nth(1).and_then(|rest| rest.split(';').nth(1)).unwrap().to_string();
    for name in &declared {
        assert!(listed.contains(&format!("&{name}")), "{name} is not in Difference::ALL");
    }
    assert_eq!(Difference::ALL.len(), declared.len());
    let names: BTreeSet<&str> = Difference::ALL.iter().map(|difference| difference.name).collect();
    assert_eq!(names.len(), Difference::ALL.len(), "two differences have one name");
    for difference in Difference::ALL {
        assert!(!difference.name.is_empty() && difference.why.split_whitespace().count() >= 4, "{difference:?} has no reason");
        let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| difference.text(engine));
        assert!(!sqlite.is_empty() && !postgres.is_empty(), "{difference:?}");
        assert_ne!(sqlite.split_whitespace().collect::<Vec<_>>(), postgres.split_whitespace().collect::<Vec<_>>(), "{difference:?}");
    }
}

/// The names of the differences that a file declares.
fn calls_to_declare(source: &str) -> BTreeSet<String> {
    let declared = code_of(source);
    declared.split("static ").skip(1).filter_map(|rest| rest.split_once(": Difference")).map(|(name, _)| name.to_string()).collect()
}

/// Whether a text is SQL, or begins or continues some.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "PRAGMA", "CREATE", "ALTER", "DROP", "BEGIN", "COMMIT", "ROLLBACK"];
    let first = words.first().is_some_and(|word| begins.contains(word));
    let inside = [" FROM ", " WHERE ", " INTO ", " VALUES ", " JOIN ", "ORDER BY ", "GROUP BY "].iter().any(|word| text.contains(word));
    first || inside
}

/// What a file outside of the store holds of SQL, and what one inside of it says to a driver that it may not.
fn faults(file: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !file.starts_with("src/store/") {
        found.extend(texts_in(source).into_iter().filter(|text| is_sql(text)).map(|text| format!("{file} holds SQL: {text}")));
    }
    let code = code_of(source);
    for any in ANY {
        if code.match_indices(any).any(|(at, _)| !code[..at].ends_with(|sign: char| sign.is_alphanumeric() || sign == '_')) {
            found.push(format!("{file} names {any}"));
        }
    }
    if DRIVEN.contains(&file) || !file.starts_with("src/store/") {
        return found;
    }
    for after in code.split("sqlx::").skip(1) {
        let named = DRIVER_NAMES
            .iter()
            .any(|name| after.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|sign: char| sign.is_alphanumeric() || sign == '_')));
        if !named {
            found.push(format!("{file} names sqlx::{}", after.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap()));
        }
    }
    if code.contains("use sqlx") {
        found.push(format!("{file} imports from the driver"));
    }
    found
}

#[test]
fn sql_stands_in_the_store_alone_and_goes_to_a_driver_in_one_place() {
    let found: Vec<String> = sources().iter().flat_map(|(file, source)| faults(file, source)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    let features = read("Cargo.toml");
    let features = features.lines().find(|line| line.starts_with("sqlx = ")).unwrap();
    assert!(features.contains("\"postgres\"") && !features.contains("\"any\""), "{features}");
}

#[test]
fn sql_in_a_wrong_place_is_found() {
    for (file, source) in [
        ("src/http/claims.rs", "const X: &str = \"SELECT 1\";"),
        ("src/ingest/x.rs", "fn f() { g(\"SELECT a \\\n    FROM b\") }"),
        ("src/cli/x.rs", "const X: &str = r#\"DELETE FROM keys\"#;"),
        ("src/http/x.rs", "fn f() { q.push(\" WHERE x = 1\") }"),
        ("src/store/claims.rs", "fn f() { sqlx::query(x) }"),
        ("src/store/claims.rs", "use sqlx::query_as;"),
        ("src/store/claims.rs", "use sqlx::{Row, query_scalar};"),
        ("src/store/rows.rs", "fn f() { sqlx::QueryBuilder::new(x) }"),
        ("src/store/rows.rs", "fn f() { sqlx::raw_sql(x) }"),
        ("src/store/rows.rs", "fn f(e: sqlx::Errors) {}"),
        ("src/store/engine.rs", "fn f(pool: sqlx::AnyPool) {}"),
        ("src/store/engine.rs", "use sqlx::any::install_default_drivers;"),
    ] {
        assert!(!faults(file, source).is_empty(), "not found in {file}: {source}");
    }
    for (file, source) in [
        ("src/http/claims.rs", "// SELECT a FROM b\nconst X: &str = \"selected from a list\";"),
        ("src/store/claims.rs", "#[derive(sqlx::FromRow)] struct X; const Y: &str = \"SELECT 1\";"),
        ("src/store/engine.rs", "fn f() { sqlx::query(x) }"),
        ("src/store/change.rs", "enum AnyRecord {} trait FromAnyRow {}"),
    ] {
        assert_eq!(faults(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}

#[test]
fn calls_and_their_texts_are_read_as_they_are_written() {
    let source = "fn f() { let mut q = Statement::new(Reach::Everywhere(\"a, b\"), \"SELECT x, (y) \\\n     FROM z\"); // Statement::new(a)\n\
        q.push(\"Statement::new(\"); Statement::new(filter.reach(), NAME).bind(1); }";
    let calls = calls_of(source, "Statement::new");
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert_eq!(calls[0][0], "Reach::Everywhere(\"a, b\")");
    assert_eq!(texts_in(&calls[0][1]), ["SELECT x, (y) FROM z"]);
    assert_eq!(calls[1], ["filter.reach()", "NAME"]);
}
