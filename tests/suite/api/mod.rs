//! What the API's description promises, held against a running service on this target's engine.
//!
//! - `answers`: answers are what the description says, key for key;
//! - `problems`: every error of every route has the one shape; `sabotage`: even when the database is broken underneath.
//!
//! This file: the description, and its operations.

mod answers;
pub mod problems;
pub mod sabotage;

use serde_json::Value;

/// The API's description, as the service serves it.
pub fn described() -> Value {
    serde_json::to_value(figurebase::http::description()).unwrap()
}

/// An operation of the API, as its description declares it.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub declared: Value,
}

/// All operations of a description.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, declared) in item.as_object().unwrap().iter().filter(|(_, declared)| declared.get("responses").is_some()) {
            found.push(Operation { method: method.to_ascii_uppercase(), path: path.clone(), declared: declared.clone() });
        }
    }
    assert!(found.len() > 40, "only {} operations", found.len());
    found
}

/// All faults that a validator finds, for a message that can be read.
pub fn faults(validator: &jsonschema::Validator, instance: &Value) -> Vec<String> {
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}
