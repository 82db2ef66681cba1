//! Merges a change into what is there (JSON Merge Patch, RFC 7396), with numbers left as they were written.

use serde_json::value::{RawValue, to_raw_value};

use super::fields::Fields;
use crate::domain::claim::Claim;
use crate::domain::invalid::Invalid;
use crate::domain::printed;

/// Deepest nesting of a patch; nothing that can be patched is nested deeper.
const DEPTH_MAX: usize = 8;

/// The target with the patch merged into it.
pub fn merged(target: Option<&RawValue>, patch: &RawValue) -> Result<Box<RawValue>, Invalid> {
    let text = merge(target, patch, DEPTH_MAX)?;
    RawValue::from_string(text).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))
}

fn merge(target: Option<&RawValue>, patch: &RawValue, depth: usize) -> Result<String, Invalid> {
    if !patch.get().starts_with('{') {
        return Ok(patch.get().to_string());
    }
    if depth == 0 {
        return Err(Invalid::new("too-deep", "", "is nested too deeply"));
    }
    let target = target.filter(|target| target.get().starts_with('{'));
    let before = target.map(entries).transpose()?.unwrap_or_default();
    let changes = entries(patch)?;
    let mut parts = Vec::new();
    for (name, value) in &before {
        if !changes.iter().any(|(changed, _)| changed == name) {
            parts.push((name.as_str(), value.get().to_string()));
        }
    }
    for (name, value) in &changes {
        if value.get() != "null" {
            let old = before.iter().find(|(other, _)| other == name).map(|(_, old)| *old);
            parts.push((name.as_str(), merge(old, value, depth - 1).map_err(|fault| fault.under(&format!("/{name}")))?));
        }
    }
    let quoted = |name: &str| serde_json::Value::from(name).to_string();
    let parts: Vec<String> = parts.into_iter().map(|(name, value)| format!("{}:{value}", quoted(name))).collect();
    Ok(format!("{{{}}}", parts.join(",")))
}

/// The fields of an object; one that is given twice is refused, for a patch must say one thing.
fn entries(object: &RawValue) -> Result<Vec<(String, &RawValue)>, Invalid> {
    let (entries, faults) = Fields::read(object)?.into_rest();
    match faults.list().first() {
        Some(fault) => Err(fault.clone()),
        None => Ok(entries),
    }
}

/// A claim in the form in which it would be sent anew, for a patch to be merged into.
///
/// Only what somebody stated is in it: ends that one of our rules made, and a precision that follows from the
/// printed words, are left out, so that they follow a new number by themselves. A plain `best` in the patch takes the place of the
/// exact one that is there, and a quote that it changes loses its place.
pub fn as_input(claim: &Claim, patch: &Fields<'_>) -> Result<Box<RawValue>, Invalid> {
    let mut input = serde_json::to_value(claim).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))?;
    let number = &claim.value;
    let stated = number.rule == "stated";
    let best = number.best.as_ref().map(ToString::to_string);
    let follows = number.best.as_ref().and_then(|best| {
        let words = number.original.as_deref()?;
        printed::decimals_in(words, best)
    });
    let mut fields = serde_json::json!({
        "original": number.original,
        "comparator": number.comparator,
        "best_exact": best,
        "unit": number.unit,
        "per": number.per,
        "denominator": number.denominator,
        "decimals": if follows == number.decimals { None } else { number.decimals },
    });
    let patched = patch.peek("value").map(Fields::read).transpose().map_err(|fault| fault.under("/value"))?;
    let replaces = |names: &[&str]| patched.as_ref().is_some_and(|patched| names.iter().any(|name| patched.has(name)));
    if let Some(fields) = fields.as_object_mut() {
        if stated {
            for (name, end) in [("low", number.interval.low()), ("high", number.interval.high())] {
                let exact = format!("{name}_exact");
                if let Some(end) = end.filter(|_| !replaces(&[name, &exact])) {
                    fields.insert(exact, end.at.to_string().into());
                    fields.insert(format!("{name}_inclusive"), end.inclusive.into());
                }
            }
        }
        if replaces(&["best", "best_exact"]) {
            fields.remove("best_exact");
            fields.remove("decimals");
        }
    }
    if let Some(object) = input.as_object_mut() {
        object.insert("value".into(), fields);
        object.insert("period".into(), serde_json::json!({"edtf": claim.period, "original": claim.period_original}));
        object.remove("period_original");
        if let Some(quote) = object.get_mut("quote").and_then(serde_json::Value::as_object_mut) {
            // Other words, or another source, stand in another place; it is looked for anew.
            quote.retain(|field, _| !["verified", "start", "end", "document"].contains(&field.as_str()));
            if patch.has("quote") {
                quote.retain(|field, _| field == "exact");
            }
        }
    }
    to_raw_value(&input).map_err(|error| Invalid::new("malformed-json", "", error.to_string()))
}
