//! Exchange rates coming in: as JSON objects, as a long table (`base,quote,day,rate,source`), or as the wide table in which central
//! banks publish them (a column of days, and one for each currency).

use jiff::civil::Date;

use super::fields::{Fields, parse_json};
use crate::domain::decimal::Decimal;
use crate::domain::invalid::{Faults, Invalid};
use crate::domain::printed::decimals_of;
use crate::domain::rate::Rate;
use crate::domain::slug::Slug;

/// Longest name of who published a rate, in characters.
const SOURCE_CHARS_MAX: usize = 200;
/// The fields of a rate, which are the columns of a long table.
const FIELDS: [&str; 5] = ["base", "quote", "day", "rate", "source"];
/// What stands in a wide table where a day has no rate.
const ABSENT: [&str; 5] = ["", "N/A", "n/a", "-", "."];

/// What is said of a whole table of rates.
#[derive(Debug, Clone, Default)]
pub struct RateTable {
    /// The currency that a wide table prices.
    pub base: Option<Slug>,
    /// Who published the rates of a table that does not say it.
    pub source: Option<String>,
}

/// Rates, each with the number of its line or row.
pub type NumberedRates = Vec<(usize, Rate)>;
/// Faults, each with the number of its line or row.
pub type NumberedFaults = Vec<(usize, Faults)>;

/// Reads one rate.
pub fn read_rate(mut fields: Fields<'_>) -> Result<Rate, Faults> {
    let base = fields.slug("base");
    let base = fields.required("base", base);
    let quote = fields.slug("quote");
    let quote = fields.required("quote", quote);
    let day = fields.parsed("day", day);
    let day = fields.required("day", day);
    let rate = fields.decimal("rate").map(|(rate, notation)| (rate, decimals_of(&notation).max(0)));
    let rate = fields.required("rate", rate);
    let source = fields.text_up_to("source", SOURCE_CHARS_MAX).filter(|source| !source.trim().is_empty());
    let source = fields.required("source", source);
    let mut faults = fields.finish(&FIELDS);
    let whole = base.zip(quote).zip(day).zip(rate).zip(source);
    let made = whole.map(|((((base, quote), day), rate), source)| {
        let (rate, places) = rate;
        Rate { base, quote, day, rate, places, source }
    });
    if let Some(rate) = &made {
        check(rate, &mut faults);
    }
    faults.into_result(made)
}

/// Reads a JSON array of rates, or one alone; rows count from 1.
pub fn read_json(text: &str) -> Result<NumberedRates, NumberedFaults> {
    let whole = |fault: Invalid| vec![(0, Faults::from(fault))];
    let json = parse_json(text).map_err(whole)?;
    let rows: Vec<&serde_json::value::RawValue> = if json.get().starts_with('[') {
        serde_json::from_str(json.get()).map_err(|_| whole(Invalid::new("wrong-type", "", "must be an array of objects")))?
    } else {
        vec![json]
    };
    numbered((1..).zip(rows).map(|(number, row)| (number, Fields::read(row).map_err(Faults::from).and_then(read_rate))))
}

/// Reads a table of either shape; lines count from 1, and the first is the heading.
pub fn read_csv(text: &str, table: &RateTable) -> Result<NumberedRates, NumberedFaults> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let malformed = |line: usize, error: &csv::Error| vec![(line, Faults::from(Invalid::new("malformed-csv", "", error.to_string())))];
    let heading: Vec<String> = match reader.headers() {
        Ok(heading) => heading.iter().map(str::to_string).collect(),
        Err(error) => return Err(malformed(1, &error)),
    };
    let shape = shape(&heading, table).map_err(|fault| vec![(1, fault.into())])?;
    let mut found = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| malformed(line_of(error.position()), &error))?;
        let line = line_of(row.position());
        match &shape {
            Shape::Long(columns) => found.push((line, long_row(&row, columns, table))),
            Shape::Wide(base, currencies) => found.extend(wide_row(&row, base, currencies, table).into_iter().map(|rate| (line, rate))),
        }
    }
    numbered(found)
}

fn line_of(place: Option<&csv::Position>) -> usize {
    place.map_or(0, |place| usize::try_from(place.line()).unwrap_or(0))
}

/// How a table is laid out.
enum Shape {
    /// A rate a row; where each field stands.
    Long([Option<usize>; 5]),
    /// A day a row: what is priced, and in which currency each column says it.
    Wide(Slug, Vec<(usize, Slug)>),
}

fn shape(heading: &[String], table: &RateTable) -> Result<Shape, Invalid> {
    let place = |names: &[&str]| heading.iter().position(|column| names.iter().any(|name| column.eq_ignore_ascii_case(name)));
    let columns = [place(&["base"]), place(&["quote"]), place(&["day", "date"]), place(&["rate"]), place(&["source"])];
    if columns[..4].iter().all(Option::is_some) {
        return Ok(Shape::Long(columns));
    }
    let refuse = || {
        Invalid::new(
            "unknown-column",
            "",
            "must name the columns base, quote, day, rate and source, or day and then one currency after the other",
        )
    };
    if columns[2] != Some(0) || heading.len() < 2 {
        return Err(refuse());
    }
    let required = |field, what| {
        Invalid::new("missing-field", field, format!("is required: the table has a column for each currency and does not say {what}"))
    };
    let base = table.base.clone().ok_or_else(|| required("/base", "what it prices"))?;
    if table.source.is_none() {
        return Err(required("/source", "who published it"));
    }
    let mut currencies = Vec::new();
    // Such tables may end each row with a comma.
    for (column, code) in heading.iter().enumerate().skip(1).filter(|(_, code)| !code.is_empty()) {
        currencies.push((column, Slug::parse(code).map_err(|_| refuse())?));
    }
    Ok(Shape::Wide(base, currencies))
}

fn long_row(row: &csv::StringRecord, columns: &[Option<usize>; 5], table: &RateTable) -> Result<Rate, Faults> {
    let mut object = serde_json::Map::new();
    for (field, column) in FIELDS.iter().zip(columns) {
        let cell = column.and_then(|column| row.get(column)).filter(|cell| !cell.is_empty());
        let cell = cell.or(table.source.as_deref().filter(|_| *field == "source"));
        object.insert((*field).to_string(), cell.map_or(serde_json::Value::Null, serde_json::Value::from));
    }
    let text = serde_json::Value::Object(object).to_string();
    read_rate(Fields::read(parse_json(&text)?)?)
}

fn wide_row(row: &csv::StringRecord, base: &Slug, currencies: &[(usize, Slug)], table: &RateTable) -> Vec<Result<Rate, Faults>> {
    let date = row.get(0).unwrap_or_default();
    let rate = |(column, quote): &(usize, Slug)| {
        let cell = row.get(*column).filter(|cell| !ABSENT.contains(cell))?;
        let mut object = serde_json::Map::new();
        let values = [base.as_str(), quote.as_str(), date, cell, table.source.as_deref().unwrap_or_default()];
        object.extend(FIELDS.iter().zip(values).map(|(field, value)| ((*field).to_string(), serde_json::Value::from(value))));
        let text = serde_json::Value::Object(object).to_string();
        let read = parse_json(&text).and_then(Fields::read).map_err(Faults::from).and_then(read_rate);
        // The field `rate` stands in the column of its currency.
        Some(read.map_err(|faults| faults.renamed(&[("/rate", quote.as_str())])))
    };
    currencies.iter().filter_map(rate).collect()
}

fn numbered(rates: impl IntoIterator<Item = (usize, Result<Rate, Faults>)>) -> Result<NumberedRates, NumberedFaults> {
    let (mut read, mut bad) = (Vec::new(), Vec::new());
    for (number, rate) in rates {
        match rate {
            Ok(rate) => read.push((number, rate)),
            Err(faults) => bad.push((number, faults)),
        }
    }
    if bad.is_empty() { Ok(read) } else { Err(bad) }
}

fn day(text: &str) -> Result<Date, Invalid> {
    text.parse().map_err(|_| Invalid::new("malformed-day", "", "is not a day such as 2024-01-31"))
}

fn check(rate: &Rate, faults: &mut Faults) {
    if rate.base == rate.quote {
        faults.push(Invalid::new("contradictory-value", "/quote", "is the currency that is priced"));
    }
    if rate.rate <= Decimal::whole(0) {
        faults.push(Invalid::new("number-out-of-range", "/rate", "must be above 0"));
    }
}
