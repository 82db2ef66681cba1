//! Addresses of databases: which engine they name, what of them may be shown, and what no driver should have to guess at.

use std::net::IpAddr;

use super::{Engine, StoreError};

/// The parameters that the driver of PostgreSQL knows; any other it passes over, with its value in a warning.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];
/// What the driver knows as `sslmode`, in letters of either case.
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
/// Longest name of a parameter that is shown when it is not known.
const NAME_BYTES_MAX: usize = 40;

/// The engine that an address names.
pub(super) fn engine_of(url: &str) -> Result<Engine, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        _ => Err(refused(url, "is not a database address; use sqlite:FILE or postgres://USER@HOST/DATABASE")),
    }
}

/// An address without the password that it may hold, and without its parameters; as little as its scheme where it cannot be told
/// what is a password.
pub fn redacted(url: &str) -> String {
    let address = before_parameters(url);
    let scheme = address.find("://").map(|end| end + 3).or_else(|| address.find(':').map(|end| end + 1)).unwrap_or(0);
    let (scheme, rest) = address.split_at(scheme);
    let (hidden, server) = rest.rsplit_once('@').map_or(("", rest), |(_, server)| ("…@", server));
    // Without an `@`, what follows the colon may be a password whose server was forgotten.
    let port = server.split('/').next().and_then(|host| host.rsplit_once(':')).map_or("", |(_, port)| port);
    let is_clear = !is_torn(url) && !server.contains(|c: char| c == '=' || c.is_whitespace());
    if is_clear && (!hidden.is_empty() || port.bytes().all(|byte| byte.is_ascii_digit())) {
        format!("{scheme}{hidden}{server}")
    } else {
        format!("{scheme}…")
    }
}

/// Refuses parameters that the driver would pass over or cannot read, without their values.
pub(super) fn check_parameters(url: &str) -> Result<(), StoreError> {
    if url.contains('#') {
        return Err(refused(url, "has a '#' in it, which must be written %23"));
    }
    // A password with an `&` in it, that should have been written `%26`, goes on in what looks like the next parameter.
    let mut may_be_password = is_torn(url);
    for parameter in url[before_parameters(url).len()..].trim_start_matches('?').split('&').filter(|parameter| !parameter.is_empty()) {
        let Some((name, value)) = form_urlencoded::parse(parameter.as_bytes()).next() else { continue };
        if !is_known(&name) {
            let is_name = name.len() <= NAME_BYTES_MAX && name.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_-".contains(&byte));
            let shown = if is_name && parameter.contains('=') && !may_be_password { format!(": {name}") } else { String::new() };
            return Err(refused(url, &format!("has a parameter that is not known{shown}")));
        }
        if !is_readable(&name, &value) {
            return Err(refused(url, &format!("is not a database address: the value of {name} cannot be read")));
        }
        may_be_password |= name == "password";
    }
    Ok(())
}

/// What to say of an address that the driver cannot read.
pub(super) fn malformed(url: &str, error: &sqlx::Error) -> StoreError {
    refused(url, &format!("is not a database address: {error}"))
}

fn refused(url: &str, why: &str) -> StoreError {
    StoreError::Unsuitable(format!("'{}' {why}", redacted(url)))
}

fn before_parameters(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Whether a password may go on behind the `?`, because one that belongs to it should have been written `%3F`.
fn is_torn(url: &str) -> bool {
    url.rfind('@').is_some_and(|at| at >= before_parameters(url).len())
}

fn is_known(name: &str) -> bool {
    PARAMETERS.contains(&name) || name.strip_prefix("options[").is_some_and(|rest| rest.ends_with(']'))
}

/// Whether the driver can read a value; what it says itself may hold the value.
fn is_readable(name: &str, value: &str) -> bool {
    match name {
        "sslmode" | "ssl-mode" => SSL_MODES.iter().any(|mode| mode.eq_ignore_ascii_case(value)),
        "port" => value.parse::<u16>().is_ok(),
        "hostaddr" => value.parse::<IpAddr>().is_ok(),
        "statement-cache-capacity" => value.parse::<usize>().is_ok(),
        _ => true,
    }
}
