//! APA, MLA and Chicago as plain text, through the CSL styles that hayagriva carries in itself: nothing is fetched.
//!
//! The processor reads the items of `csl_json`, with these changes:
//! - the language is "undetermined", which keeps it from changing upper and lower case of titles;
//! - it knows no intervals and stumbles over dates without a month, so for these a year that stands nowhere else
//!   goes through it and is replaced afterwards;
//! - MLA dates a speech by its event.

use std::sync::LazyLock;

use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::citationberg::json::Item;
use hayagriva::citationberg::{IndependentStyle, Locale, LocaleCode, Style};
use hayagriva::{BibliographyDriver, BibliographyRequest, BufWriteFormat, CitationItem, CitationRequest};
use serde_json::{Map, Value, json};

use super::author::Author;
use super::issued::{Point, When};
use super::work::{Work, filled};
use super::{CiteError, csl_json, tidy};

/// The language of "Retrieved", "n.d." and the months.
const LOCALE: &str = "en-US";

/// The one locale in use. The archive decodes all of its sixty, so this is done once.
static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    let wanted = |locale: &Locale| locale.lang.as_ref().is_some_and(|code| code.0 == LOCALE);
    locales().into_iter().filter(wanted).collect()
});
static APA: LazyLock<Option<IndependentStyle>> = LazyLock::new(|| bundled(ArchivedStyle::AmericanPsychologicalAssociation));
static MLA: LazyLock<Option<IndependentStyle>> = LazyLock::new(|| bundled(ArchivedStyle::ModernLanguageAssociation));
static CHICAGO: LazyLock<Option<IndependentStyle>> = LazyLock::new(|| bundled(ArchivedStyle::ChicagoAuthorDate));

/// A style that is written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prose {
    Apa,
    Mla,
    Chicago,
}

impl Prose {
    fn style(self) -> Option<&'static IndependentStyle> {
        match self {
            Self::Apa => APA.as_ref(),
            Self::Mla => MLA.as_ref(),
            Self::Chicago => CHICAGO.as_ref(),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Apa => "apa",
            Self::Mla => "mla",
            Self::Chicago => "chicago",
        }
    }
}

/// All works, one a line, in the order given.
pub(super) fn write(works: &[Work], prose: Prose) -> Result<String, CiteError> {
    let style = prose.style().ok_or(CiteError::NoBibliography(prose.as_str()))?;
    let mut text = String::new();
    for work in works {
        text.push_str(&line(work, prose, style)?);
        text.push('\n');
    }
    Ok(text)
}

fn bundled(style: ArchivedStyle) -> Option<IndependentStyle> {
    match style.get() {
        Style::Independent(style) if style.bibliography.is_some() => Some(style),
        _ => None,
    }
}

fn line(work: &Work, prose: Prose, style: &'static IndependentStyle) -> Result<String, CiteError> {
    let unreadable = || CiteError::Unreadable { style: prose.as_str(), key: work.key.clone() };
    let mut fields = csl_json::item(work);
    let title = tidy::title_for(work, prose);
    fields.insert("language".into(), json!("und"));
    fields.insert("title".into(), json!(title));
    if prose == Prose::Apa && repeats_author(work) {
        fields.shift_remove("container-title");
        fields.shift_remove("publisher");
    }
    let stand_in = stand_in_year(work, &fields);
    if let Some(year) = stand_in {
        let circa = work.issued.as_ref().is_some_and(|issued| issued.circa);
        fields.insert("issued".into(), json!({ "date-parts": [[year]], "circa": circa }));
    }
    if prose == Prose::Mla
        && fields.get("type").is_some_and(|kind| kind == "speech")
        && let Some(issued) = fields.get("issued").cloned()
    {
        fields.insert("event-date".into(), issued);
    }
    let item: Item = serde_json::from_value(Value::Object(fields))?;
    let text = rendered(&item, style).and_then(|text| filled(&text)).ok_or_else(unreadable)?;
    Ok(tidy::tidied(text, work, &title, prose, stand_in))
}

/// APA, 9.29: a publisher or site that is also the author is not named twice.
fn repeats_author(work: &Work) -> bool {
    work.house.as_ref().is_some_and(|house| work.authors.contains(&Author::Institution(house.clone())))
}

/// For a date that is not at least a month: a year whose digits occur nowhere in the item.
fn stand_in_year(work: &Work, fields: &Map<String, Value>) -> Option<i16> {
    if matches!(work.issued.as_ref()?.when, When::On(Point { month: Some(_), .. })) {
        return None;
    }
    let item = Value::Object(fields.clone()).to_string();
    (8000..9000).find(|year: &i16| !item.contains(&year.to_string()))
}

/// A work by itself: were both rendered together, the style would sort them.
fn rendered(item: &Item, style: &IndependentStyle) -> Option<String> {
    let locale = Some(LocaleCode(LOCALE.to_string()));
    let mut driver = BibliographyDriver::new();
    driver.citation(CitationRequest::new(vec![CitationItem::with_entry(item)], style, locale.clone(), &LOCALES, None));
    let rendered = driver.finish(BibliographyRequest::new(style, locale, &LOCALES));
    let entry = rendered.bibliography?.items.into_iter().next()?;
    let mut text = String::new();
    entry.content.write_buf(&mut text, BufWriteFormat::Plain).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{CitationStyle, cite, samples};
    use crate::domain::period::Period;
    use crate::domain::source::{Source, SourceKind};

    const STYLES: [CitationStyle; 3] = [CitationStyle::Apa, CitationStyle::Mla, CitationStyle::Chicago];

    /// The line of the source; the database's follows it, and nothing else.
    fn source_line(source: &Source, style: CitationStyle) -> String {
        let version = samples::casualties();
        let text = cite(&samples::cited(&version, Some(source)), style).unwrap();
        assert!(text.lines().count() == 2 && text.ends_with('\n'), "{text}");
        text.lines().next().unwrap().to_string()
    }

    fn lines(source: &Source) -> [String; 3] {
        STYLES.map(|style| source_line(source, style))
    }

    fn dated(edtf: &str) -> Source {
        Source { published: Some(Period::parse(edtf).unwrap()), url: None, ..samples::hornung() }
    }

    #[test]
    fn an_agency_article_is_cited_with_the_agency_as_author() {
        let url = "https://www.reuters.com/markets/china-russia-2023-trade-value-hits-record-high-240-bln-chinese-customs-2024-01-12/";
        let title = "China-Russia 2023 trade value hits record high of $240 bln - Chinese customs";
        let expected = [
            format!("Reuters. (2024, January 12). {title}. {url}"),
            format!("Reuters. “{title}.” Reuters, 12 Jan. 2024, {url}."),
            format!("Reuters. 2024. “{title}.” Reuters, January 12. {url}."),
        ];
        assert_eq!(lines(&samples::reuters()), expected);
    }

    #[test]
    fn a_person_is_cited_by_family_name() {
        let url = "https://www.rand.org/pubs/commentary/2024/11/ukraine-is-now-a-proxy-war-for-asian-powers.html";
        let title = "Ukraine Is Now a Proxy War for Asian Powers";
        let expected = [
            format!("Hornung, J. W. (2024, November 21). {title}. RAND. {url}"),
            format!("Hornung, Jeffrey W. “{title}.” RAND, 21 Nov. 2024, {url}."),
            format!("Hornung, Jeffrey W. 2024. “{title}.” RAND, November 21. {url}."),
        ];
        assert_eq!(lines(&samples::hornung()), expected);
    }

    #[test]
    fn an_institute_without_a_date_is_not_split() {
        let title = "Ukraine as a Proxy War: Issues, Parties, Possible Outcomes, and Lessons";
        let expected = [
            format!("Toda Peace Institute. (n.d.). {title}."),
            format!("Toda Peace Institute. {title}. Toda Peace Institute."),
            format!("Toda Peace Institute. n.d. {title}. Toda Peace Institute."),
        ];
        assert_eq!(lines(&samples::toda()), expected);
    }

    #[test]
    fn the_database_is_cited_with_both_days() {
        let version = samples::casualties();
        let (title, url) =
            ("Military casualties, Russia: past 200,000 (version 1)", "https://figures.example/v1/claims/clm_sample?version=1");
        let expected = [
            format!("{title}. (2026, November 22). Figurebase. Retrieved December 1, 2026, from {url}\n"),
            format!("“{title}.” Figurebase, 22 Nov. 2026, {url}. Accessed 1 Dec. 2026.\n"),
            format!("Figurebase. 2026. “{title}.” November 22. Accessed December 1, 2026. {url}.\n"),
        ];
        assert_eq!(STYLES.map(|style| cite(&samples::cited(&version, None), style).unwrap()), expected);
    }

    #[test]
    fn dates_are_as_precise_as_their_texts() {
        let apa = |edtf| source_line(&dated(edtf), CitationStyle::Apa).split_once(". Ukraine").unwrap().0.to_string();
        assert_eq!(apa("2024"), "Hornung, J. W. (2024)");
        assert_eq!(apa("2024-05"), "Hornung, J. W. (2024, May)");
        assert_eq!(apa("2024~"), "Hornung, J. W. (ca. 2024)");
        assert_eq!(apa("2024-22"), "Hornung, J. W. (Summer 2024)");
        assert_eq!(apa("2022/2024"), "Hornung, J. W. (2022–2024)");
        assert_eq!(apa("202X"), "Hornung, J. W. (202X)");
        assert_eq!(apa("XXXX"), "Hornung, J. W. (n.d.)");
        let end = |edtf, style| source_line(&dated(edtf), style).rsplit_once("RAND").unwrap().1.to_string();
        assert_eq!(end("2024~", CitationStyle::Mla), ", circa 2024.");
        assert_eq!(end("2022/2024", CitationStyle::Mla), ", 2022–2024.");
        assert_eq!(end("2024", CitationStyle::Chicago), ".");
        assert!(source_line(&dated("2024?"), CitationStyle::Chicago).starts_with("Hornung, Jeffrey W. [2024?]. “"));
    }

    #[test]
    fn several_authors_keep_their_particles_and_suffixes() {
        let authors = ["Ludwig van Beethoven", "Martin Luther King, Jr.", "RAND Corporation", "Chris Van Hollen"];
        let source = Source { authors: authors.map(str::to_string).to_vec(), ..samples::toda() };
        let [apa, mla, chicago] = lines(&source);
        assert!(apa.starts_with("van Beethoven, L., King, M. L., Jr., RAND Corporation, & Van Hollen, C. (n.d.). "), "{apa}");
        assert!(mla.starts_with("van Beethoven, Ludwig, et al. "), "{mla}");
        assert!(
            chicago.starts_with("Beethoven, Ludwig van, Martin Luther King Jr., RAND Corporation, and Chris Van Hollen. n.d. "),
            "{chicago}"
        );
    }

    #[test]
    fn a_title_keeps_its_own_marks_once() {
        let titled = |title: &str| lines(&Source { title: title.into(), ..samples::hornung() });
        let [apa, mla, _] = titled("Who wins?");
        assert!(apa.contains("). Who wins? RAND.") && mla.contains(" “Who wins?” RAND,"), "{apa}\n{mla}");
        let [apa, mla, chicago] = titled("Putin says the war is “over”");
        assert!(apa.contains("). Putin says the war is “over”. RAND."), "{apa}");
        assert!(
            mla.contains(" “Putin says the war is ‘over’.” RAND,") && chicago.contains(" “Putin says the war is ‘over’.” RAND,"),
            "{mla}"
        );
    }

    #[test]
    fn every_kind_of_source_names_author_title_house_and_year() {
        for kind in SourceKind::ALL {
            for line in lines(&Source { kind, ..samples::hornung() }) {
                let parts = ["Hornung", "Ukraine Is Now a Proxy War for Asian Powers", "RAND", "2024", "https://www.rand.org/"];
                assert!(parts.iter().all(|part| line.contains(part)), "{kind:?} {line}");
            }
        }
    }

    #[test]
    fn hostile_titles_stay_on_their_line() {
        for title in samples::HOSTILE {
            let source = Source { title: title.into(), ..samples::hornung() };
            for line in lines(&source) {
                assert!(line.starts_with("Hornung, J") && line.contains("RAND") && !line.contains(char::is_control), "{line}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn no_text_makes_the_processor_fail(title in "\\PC{0,30}", author in "\\PC{0,20}", house in "\\PC{0,12}", url in "\\PC{0,20}") {
            for kind in [SourceKind::Article, SourceKind::Report] {
                let (title, publisher, url) = (title.clone(), Some(house.clone()), Some(url.clone()));
                let source = Source { title, authors: vec![author.clone()], publisher, url, kind, ..samples::toda() };
                lines(&source);
            }
        }
    }
}
