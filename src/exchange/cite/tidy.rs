//! What the CSL processor leaves untidy in a line of text, put right by what is known of the work.
//!
//! Each step looks for the work's own words, so that nothing in another's title is touched. Seen in hayagriva 0.10.1;
//! the tests of `prose` tell when a step is no longer needed.

use jiff::civil::Date;

use super::issued::Issued;
use super::prose::Prose;
use super::work::{Work, WorkKind};
use crate::domain::source::SourceKind;

/// What may close a title after its last mark.
const CLOSING_QUOTES: [char; 5] = ['”', '’', '»', '"', '\''];

/// The title as the processor is to get it: with single quotation marks, where the style sets it in double ones.
pub(super) fn title_for(work: &Work, prose: Prose) -> String {
    let in_italics = matches!(work.kind, WorkKind::Publication(SourceKind::Report | SourceKind::Book | SourceKind::Picture));
    if prose == Prose::Apa || in_italics { work.title.clone() } else { with_single_quotes(&work.title) }
}

/// Puts `text`, the line that `prose` made of `work`, right.
///
/// `title` is what the processor got for a title, `stand_in` the year that it got in place of the work's date.
pub(super) fn tidied(text: String, work: &Work, title: &str, prose: Prose, stand_in: Option<i16>) -> String {
    let text = title_put_right(text, title);
    let text = date_put_right(text, work, stand_in);
    with_day_of_access(text, work, prose)
}

/// No period after a title that ends with a mark of its own, be it before or behind a closing quotation mark.
fn title_put_right(text: String, title: &str) -> String {
    let stem = title.trim_end_matches(CLOSING_QUOTES);
    if !stem.ends_with(['.', '?', '!', '…']) {
        return text;
    }
    let quotes = title.strip_prefix(stem).unwrap_or_default();
    [format!("{title}."), format!("{stem}.{quotes}")].iter().fold(text, |text, doubled| text.replacen(doubled, title, 1))
}

fn with_single_quotes(title: &str) -> String {
    let mut opens = false;
    let single = |c| match c {
        '“' => '‘',
        '”' => '’',
        '"' => {
            opens = !opens;
            if opens { '‘' } else { '’' }
        }
        c => c,
    };
    title.chars().map(single).collect()
}

/// The words of the date in place of the year that stood in for them, and no commas around days that are not there.
fn date_put_right(mut text: String, work: &Work, stand_in: Option<i16>) -> String {
    let Some(issued) = &work.issued else {
        return text;
    };
    if issued.circa
        && let Some(at) = text.rfind(", Circa ")
    {
        text.replace_range(at..at + ", Circa ".len(), ", circa ");
    }
    let Some(year) = stand_in else {
        return text;
    };
    if let Some(at) = text.rfind(",.") {
        text.replace_range(at..at + ",.".len(), ".");
    }
    text.replace(&format!("{year},)"), &format!("{year})")).replace(&year.to_string(), &issued.in_words())
}

/// The day on which the database was looked at. Styles give it for undated works alone; what a database holds
/// at an address may change all the same.
fn with_day_of_access(text: String, work: &Work, prose: Prose) -> String {
    let (WorkKind::DatabaseEntry, Some(day), Some(url)) = (work.kind, work.accessed.as_ref().and_then(Issued::as_day), &work.url) else {
        return text;
    };
    let Some(at) = text.rfind(url.as_str()) else {
        return text;
    };
    let (before, address) = text.split_at(at);
    match prose {
        Prose::Apa => format!("{before}Retrieved {}, from {address}", day.strftime("%B %-d, %Y")),
        Prose::Chicago => format!("{before}Accessed {}. {address}", day.strftime("%B %-d, %Y")),
        Prose::Mla => format!("{text} Accessed {} {} {}.", day.day(), mla_month(day), day.year()),
    }
}

/// MLA shortens all months but the short ones.
fn mla_month(day: Date) -> &'static str {
    const MONTHS: [&str; 12] = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];
    MONTHS.get(usize::from(day.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default()
}
