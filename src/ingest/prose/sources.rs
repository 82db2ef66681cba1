//! The text and the works that it cites, as sources: found again where they are recorded, made where they are not.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::domain::folding::folded;
use crate::domain::period::Period;
use crate::domain::record::RecordKind;
use crate::domain::slug::Slug;
use crate::domain::source::{ChainEnd, Source, SourceKind};
use crate::exchange::fields::{LIST_MAX, TEXT_CHARS_MAX};
use crate::extraction::candidate::Work;
use crate::store::records::by_slug;
use crate::store::{At, Store, StoreError};

/// Characters of a text's first line that make its title.
const TITLE_CHARS_MAX: usize = 120;
/// Digits of a text's hash that stand for it where it has no name.
const HASH_DIGITS: usize = 12;

/// What somebody says about the source of a text.
#[derive(Debug, Clone, Default)]
pub struct SourceDraft {
    /// Its title.
    pub title: Option<String>,
    /// What sort of publication.
    pub kind: Option<SourceKind>,
    /// Persons or bodies that wrote it.
    pub authors: Vec<String>,
    /// Who printed it.
    pub publisher: Option<String>,
    /// When it was printed.
    pub published: Option<Period>,
    /// When somebody looked at it.
    pub accessed: Option<Period>,
    /// Where it is to be found.
    pub url: Option<String>,
}

impl SourceDraft {
    /// The source of a text, before it is known whether it is recorded; `name` is the slug that was asked for.
    pub fn source(&self, name: Option<Slug>, text: &str, sha256: &str, published: Option<Period>) -> Source {
        let hash = sha256.get(..HASH_DIGITS).unwrap_or(sha256);
        let titled = self.title.clone().map(|title| (Slug::from_name(&title), title));
        let (made, title) = titled.unwrap_or_else(|| {
            let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
            let title: String = line.trim_start_matches('\u{feff}').chars().take(TITLE_CHARS_MAX).collect();
            let slug = Slug::from_name(&format!("text {hash}"));
            (slug.clone(), Some(title).filter(|title| !title.is_empty()).unwrap_or_else(|| slug.to_string()))
        });
        Source {
            slug: name.unwrap_or(made),
            title,
            kind: self.kind.unwrap_or(SourceKind::Other),
            authors: self.authors.clone(),
            publisher: self.publisher.clone(),
            published: self.published.clone().or(published),
            accessed: self.accessed.clone(),
            url: self.url.clone(),
            citations: Vec::new(),
            chain_end: ChainEnd::Unknown,
            note: None,
        }
    }
}

/// A work of the list at the end of a text as a source.
pub fn source_of_work(work: &Work) -> Source {
    let clipped = |text: &String| text.chars().take(TEXT_CHARS_MAX).collect::<String>();
    // Bibliographies in MLA style print addresses without their scheme.
    let address = |url: &String| match url.strip_prefix("doi:") {
        Some(name) => clipped(&format!("https://doi.org/{}", name.trim())),
        None if url.contains("://") => clipped(url),
        None => clipped(&format!("https://{url}")),
    };
    Source {
        slug: Slug::from_name(&work.key),
        title: clipped(work.title.as_ref().filter(|title| !title.is_empty()).unwrap_or(&work.key)),
        kind: SourceKind::Other,
        authors: work.authors.iter().take(LIST_MAX).map(clipped).collect(),
        publisher: work.container.as_ref().map(clipped),
        published: work.published.clone(),
        accessed: work.accessed.and_then(|day| Period::parse(&day.to_string()).ok()),
        url: work.url.as_ref().map(address),
        citations: Vec::new(),
        chain_end: ChainEnd::Unknown,
        note: None,
    }
}

/// A source with the slug under which it is recorded, or will be.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The source.
    pub source: Source,
    /// Whether nothing is recorded of it yet.
    pub is_new: bool,
}

/// A source that is to be found or made.
#[derive(Debug)]
pub struct Wanted {
    /// What it would be.
    pub source: Source,
    /// A text that only this source has, for a slug of its own where the plain one is taken.
    pub distinct: String,
    /// Whether one that is recorded with its title is the same; otherwise only its slug tells.
    pub by_title: bool,
}

impl Wanted {
    fn hashed(&self) -> Slug {
        Slug::from_name_and_hash(&format!("{} {}", self.source.slug, self.distinct))
    }
}

/// Finds sources that are recorded already, and gives the others free slugs.
pub async fn placed(store: &Store, wanted: Vec<Wanted>, at: At) -> Result<Vec<Placed>, StoreError> {
    let titles: Vec<String> = wanted.iter().map(|wanted| wanted.source.title.clone()).collect();
    let named = store.list_names(RecordKind::Source, &titles, at).await?;
    let plain: Vec<String> = wanted.iter().map(|wanted| wanted.source.slug.to_string()).collect();
    let taken = store.list_names(RecordKind::Source, &plain, at).await?;
    let slugs = named.values().flatten().map(|found| found.slug.clone()).chain(plain);
    let slugs: HashSet<String> = slugs.chain(wanted.iter().map(|wanted| wanted.hashed().to_string())).collect();
    let recorded = by_slug(store.list_records_by_slug::<Source>(slugs, at).await?);
    let mut given: HashMap<Slug, usize> = HashMap::new();
    let mut placed: Vec<Placed> = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let hashed = wanted.hashed();
        let record = |slug: &Slug| recorded.get(slug).map(|found| &found.record);
        let titled = named.get(&folded(&wanted.source.title)).into_iter().flatten();
        let mut titled = titled.filter_map(|found| record(&Slug::parse(&found.slug).ok()?));
        let known = if wanted.by_title {
            titled.find(|known| is_same(known, &wanted.source)).or_else(|| record(&hashed))
        } else {
            record(&wanted.source.slug)
        };
        if let Some(known) = known {
            placed.push(Placed { source: known.clone(), is_new: false });
            continue;
        }
        let source = wanted.source;
        let earlier = given.get(&source.slug).and_then(|index| placed.get(*index));
        if let Some(earlier) = earlier.filter(|earlier| is_same(&earlier.source, &source)).cloned() {
            placed.push(Placed { is_new: false, ..earlier });
            continue;
        }
        let is_free = earlier.is_none() && !taken.contains_key(&folded(source.slug.as_str()));
        let source = if is_free { source } else { Source { slug: hashed, ..source } };
        given.insert(source.slug.clone(), placed.len());
        placed.push(Placed { source, is_new: true });
    }
    Ok(placed)
}

/// Whether two records can be of one publication: what both say is the same.
fn is_same(known: &Source, wanted: &Source) -> bool {
    fn agree<T: PartialEq>(known: Option<&T>, wanted: Option<&T>) -> bool {
        known.zip(wanted).is_none_or(|(known, wanted)| known == wanted)
    }
    let publisher = |source: &Source| source.publisher.as_deref().map(folded);
    // "RAND" here and "Rand.org" there is one publisher, as the author tells; "Annual report" by nobody in particular is many works.
    let wrote = |author: &String| known.authors.iter().any(|other| folded(other) == folded(author));
    folded(&known.title) == folded(&wanted.title)
        && agree(known.url.as_ref(), wanted.url.as_ref())
        && (agree(publisher(known).as_ref(), publisher(wanted).as_ref()) || wanted.authors.iter().any(wrote))
        && agree(known.published.as_ref().map(year).as_ref(), wanted.published.as_ref().map(year).as_ref())
}

/// The year in which something was published; a day and its year agree.
fn year(published: &Period) -> Option<i16> {
    published.start().map(Date::year)
}
