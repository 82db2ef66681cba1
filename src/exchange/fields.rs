//! Reads one JSON object: takes its fields one by one, collects every fault, and names what was not expected.
//!
//! Numbers are taken as they were written, so that no digit is lost on the way through a binary float.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::domain::decimal::Decimal;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::slug::Slug;

/// Longest text of an ordinary field, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// Most elements of a list.
pub const LIST_MAX: usize = 500;
/// Most fields of an object.
pub const FIELDS_MAX: usize = 200;

/// What an answer shows of a record beside its slug; sent back, it says nothing new.
const LABEL_FIELDS: [&str; 8] = ["name", "label", "kind", "dimension", "title", "publisher", "published", "url"];

/// The fields of an object that have not been taken yet, and the faults found so far.
pub struct Fields<'a> {
    entries: Vec<(String, &'a RawValue)>,
    faults: Faults,
}

/// Checks that the text is JSON; the message says where it is not.
pub fn parse_json(text: &str) -> Result<&RawValue, Invalid> {
    serde_json::from_str(text).map_err(|error| Invalid::new("malformed-json", "", format!("is not JSON: {error}")))
}

impl<'a> Fields<'a> {
    /// Reads an object; anything else is a fault.
    pub fn read(json: &'a RawValue) -> Result<Self, Invalid> {
        let entries = serde_json::Deserializer::from_str(json.get())
            .deserialize_map(Entries)
            .map_err(|_| Invalid::new("wrong-type", "", "must be an object"))?;
        if entries.len() > FIELDS_MAX {
            return Err(Invalid::new("too-many", "", format!("has more than {FIELDS_MAX} fields")));
        }
        let mut fields = Self { entries: Vec::with_capacity(entries.len()), faults: Faults::default() };
        for (name, value) in entries {
            if fields.entries.iter().any(|(other, _)| *other == name) {
                fields.fault(&name, Invalid::new("duplicate-field", "", "is given twice"));
            } else {
                fields.entries.push((name, value));
            }
        }
        Ok(fields)
    }

    /// Notes a fault of a field.
    pub fn fault(&mut self, name: &str, fault: Invalid) {
        self.faults.push(fault.under(&pointer(name)));
    }

    /// Takes over the faults found inside a field.
    pub fn faults_in(&mut self, name: &str, faults: Faults) {
        self.faults.extend(faults.under(&pointer(name)));
    }

    /// Whether the field is there, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(other, _)| other == name)
    }

    /// Looks at a field without taking it; null counts as absent.
    pub fn peek(&self, name: &str) -> Option<&'a RawValue> {
        self.entries.iter().find(|(other, _)| other == name).map(|(_, value)| *value).filter(|value| value.get() != "null")
    }

    /// Takes a field; null counts as absent.
    pub fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let position = self.entries.iter().position(|(other, _)| other == name)?;
        let (_, value) = self.entries.remove(position);
        (value.get() != "null").then_some(value)
    }

    /// Drops fields that the service sets itself.
    pub fn ignore(&mut self, names: &[&str]) {
        self.entries.retain(|(name, _)| !names.contains(&name.as_str()));
    }

    /// Takes a text of at most [`TEXT_CHARS_MAX`] characters.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.text_up_to(name, TEXT_CHARS_MAX)
    }

    /// Takes a text of limited length; an empty one counts as absent.
    pub fn text_up_to(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let value = self.take(name)?;
        let text = read_text(value, chars_max);
        self.kept(name, text).filter(|text| !text.is_empty())
    }

    /// Takes a text and makes a domain value of it.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let text = self.text(name)?;
        self.kept(name, parse(&text))
    }

    /// Takes a word out of a fixed list.
    pub fn word<T: Copy>(&mut self, name: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let text = self.text(name)?;
        self.kept(name, one_of(&text, all, word))
    }

    /// Takes a list of words out of a fixed list; a single word is a list of one.
    pub fn words<T: Copy + PartialEq>(&mut self, name: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Vec<T> {
        let mut words = Vec::new();
        for text in self.texts(name) {
            if let Some(found) = self.kept(name, one_of(&text, all, &word))
                && !words.contains(&found)
            {
                words.push(found);
            }
        }
        words
    }

    /// Takes a list of texts; a single text is a list of one.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        if self.peek(name).is_some_and(|value| value.get().starts_with('"')) {
            return self.text(name).into_iter().collect();
        }
        let elements = self.list(name);
        let mut texts = Vec::with_capacity(elements.len());
        for (position, element) in elements.into_iter().enumerate() {
            match read_text(element, TEXT_CHARS_MAX) {
                Ok(text) => texts.push(text),
                Err(fault) => self.fault(name, fault.under(&format!("/{position}"))),
            }
        }
        texts
    }

    /// Takes the elements of a list.
    pub fn list(&mut self, name: &str) -> Vec<&'a RawValue> {
        let Some(value) = self.take(name) else { return Vec::new() };
        if !value.get().starts_with('[') {
            self.fault(name, Invalid::new("wrong-type", "", "must be a list"));
            return Vec::new();
        }
        let elements: Vec<&'a RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
        if elements.len() > LIST_MAX {
            self.fault(name, Invalid::new("too-many", "", format!("has more than {LIST_MAX} elements")));
            return Vec::new();
        }
        elements
    }

    /// Takes true or false.
    pub fn flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name)?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.fault(name, Invalid::new("wrong-type", "", "must be true or false"));
                None
            }
        }
    }

    /// Takes a whole number.
    pub fn integer(&mut self, name: &str) -> Option<i64> {
        let number = self.take(name)?.get().parse().map_err(|_| Invalid::new("wrong-type", "", "must be a whole number"));
        self.kept(name, number)
    }

    /// Takes a whole number that is not negative.
    pub fn count(&mut self, name: &str) -> Option<u64> {
        let number = self.take(name)?.get().parse().map_err(|_| Invalid::new("wrong-type", "", "must be a whole number, not below 0"));
        self.kept(name, number)
    }

    /// Takes an exact number from a JSON number or a text, and the notation it was written in.
    pub fn decimal(&mut self, name: &str) -> Option<(Decimal, String)> {
        let value = self.take(name)?;
        let text = if value.get().starts_with('"') { read_text(value, TEXT_CHARS_MAX) } else { Ok(value.get().to_string()) };
        let text = self.kept(name, text).filter(|text| !text.is_empty())?;
        let number = Decimal::parse(text.trim()).map(|number| (number, text.trim().to_string()));
        self.kept(name, number)
    }

    /// Takes the name of a record: a text, or an object with the record's `slug`.
    pub fn reference(&mut self, name: &str) -> Option<String> {
        let value = self.take(name)?;
        if value.get().starts_with('{') {
            let mut record = self.kept(name, Self::read(value))?;
            let slug = record.text("slug");
            let slug = record.required("slug", slug);
            record.ignore(&LABEL_FIELDS);
            self.faults_in(name, record.finish(&["slug"]));
            return slug;
        }
        let text = read_text(value, TEXT_CHARS_MAX);
        self.kept(name, text).filter(|text| !text.is_empty())
    }

    /// Takes a slug.
    pub fn slug(&mut self, name: &str) -> Option<Slug> {
        let name_of_record = self.reference(name)?;
        self.kept(name, Slug::parse(&name_of_record))
    }

    /// Takes an object.
    pub fn object(&mut self, name: &str) -> Option<Fields<'a>> {
        let value = self.take(name)?;
        self.kept(name, Self::read(value))
    }

    /// Notes that a field is missing when there is no value.
    pub fn required<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.faults.list().iter().any(|fault| fault.pointer.starts_with(&pointer(name))) {
            self.fault(name, Invalid::new("missing-field", "", "is required"));
        }
        value
    }

    /// Keeps a value, or notes its fault.
    pub fn kept<T>(&mut self, name: &str, result: Result<T, Invalid>) -> Option<T> {
        self.faults.keep(&pointer(name), result)
    }

    /// Takes all fields that are left, each a text.
    pub fn texts_by_name(mut self) -> (std::collections::BTreeMap<String, String>, Faults) {
        let mut texts = std::collections::BTreeMap::new();
        for (name, value) in std::mem::take(&mut self.entries) {
            match read_text(value, TEXT_CHARS_MAX) {
                Ok(_) if name.contains('\0') => self.faults.push(Invalid::new("forbidden-character", "", "holds the character NUL")),
                Ok(_) if name.chars().count() > TEXT_CHARS_MAX => self.faults.push(Invalid::new("too-long", "", "has too long a name")),
                Ok(text) => drop(texts.insert(name, text)),
                Err(fault) => self.faults.push(fault),
            }
        }
        (texts, self.faults)
    }

    /// The fields that are left, and the faults found so far.
    pub fn into_rest(self) -> (Vec<(String, &'a RawValue)>, Faults) {
        (self.entries, self.faults)
    }

    /// The faults found so far, whatever is left.
    pub fn into_faults(self) -> Faults {
        self.faults
    }

    /// All faults, those of fields that nobody took included; `known` are the fields there are, for suggestions.
    pub fn finish(mut self, known: &[&'static str]) -> Faults {
        for (name, _) in std::mem::take(&mut self.entries) {
            let message = match nearest(&name, known) {
                Some(near) if near != name => format!("is not a field that can be set here; did you mean '{near}'?"),
                _ => "is not a field that can be set here".to_string(),
            };
            self.fault(&name, Invalid::new("unknown-field", "", message));
        }
        self.faults
    }
}

/// The JSON pointer of a field.
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The known word that is most like the one given, if any is.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    const LIKE_ENOUGH: f64 = 0.75;
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), *candidate))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The value that a word stands for, or a fault that lists the words there are.
pub fn one_of<T: Copy>(text: &str, all: &[T], word: impl Fn(T) -> &'static str) -> Result<T, Invalid> {
    all.iter().copied().find(|value| word(*value) == text).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|value| word(*value)).collect();
        Invalid::new("unknown-word", "", format!("must be one of {}", words.join(", ")))
    })
}

/// Reads a JSON string; the character NUL and over-long texts are faults.
pub fn read_text(value: &RawValue, chars_max: usize) -> Result<String, Invalid> {
    let text: String = serde_json::from_str(value.get()).map_err(|_| Invalid::new("wrong-type", "", "must be a text"))?;
    if text.contains('\0') {
        return Err(Invalid::new("forbidden-character", "", "holds the character NUL"));
    }
    if text.chars().count() > chars_max {
        return Err(Invalid::new("too-long", "", format!("has more than {chars_max} characters")));
    }
    Ok(text)
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}
