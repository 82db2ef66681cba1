//! Dates that stand in addresses and references.

use crate::domain::period::Period;

/// Days between two periods; 0 where they share a day.
pub fn days_between(a: &Period, b: &Period) -> i64 {
    let ((a_start, a_end), (b_start, b_end)) = (a.days(), b.days());
    (b_start - a_end).max(a_start - b_end).max(0)
}

/// The date in the path of an address: `/2024/10/`, `/2024/12/03/`, `-2024-01-12`. Years alone are too often something else.
pub fn in_address(url: &str) -> Option<Period> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let number = |part: Option<&&str>, digits: std::ops::RangeInclusive<usize>, range: std::ops::RangeInclusive<u32>| {
        let part = part.filter(|part| digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse::<u32>().ok().filter(|number| range.contains(number))
    };
    (0..parts.len()).find_map(|place| {
        let year = number(parts.get(place), 4..=4, 1990..=2100)?;
        let month = number(parts.get(place + 1), 1..=2, 1..=12)?;
        let day = number(parts.get(place + 2), 1..=2, 1..=31);
        let text = day.map_or_else(|| format!("{year}-{month:02}"), |day| format!("{year}-{month:02}-{day:02}"));
        Period::parse(&text).ok()
    })
}

/// The one year that a printed reference names, as in "(Reuters, 2024)".
pub fn year_in_reference(printed: &str) -> Option<Period> {
    let parts = printed.split(|letter: char| !letter.is_ascii_alphanumeric());
    // "2023a" tells two works of one year apart.
    let years = parts.map(|part| part.trim_end_matches(|letter: char| letter.is_ascii_lowercase()));
    let mut years = years.filter(|part| part.len() == 4 && part.parse::<u32>().is_ok_and(|year| (1500..=2100).contains(&year)));
    let year = years.next()?;
    if years.next().is_some() { None } else { Period::parse(year).ok() }
}
