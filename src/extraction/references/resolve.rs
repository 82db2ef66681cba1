//! From citations to works: what "ibid" and the number of a note lead to depends on what came before.

use std::collections::HashMap;

use super::bibliography::Listed;
use super::cited::{self, Cited, Item};
use super::entry::{self, Entry};
use super::index::{Index, NO_ENTRY, SEVERAL};
use super::name::folded;
use super::named::Named;
use crate::extraction::text::Text;

/// Nothing was cited before "ibid".
pub const NO_EARLIER: &str = "no earlier citation";
/// What was cited before "ibid" leads nowhere.
pub const EARLIER_UNRESOLVED: &str = "the citation before leads to no work";
/// The note comments on the text and names no work.
pub const COMMENT: &str = "the note names no work";
/// "op. cit." names nobody.
const NOBODY: &str = "no author named";
/// Longest note that only points to a work, in tokens.
const POINTER_TOKENS_MAX: usize = 30;

/// The works that are led to, or why there are none.
pub type Target = Result<Vec<usize>, &'static str>;

/// A note, or an entry with a number.
#[derive(Debug)]
struct Numbered {
    /// Its first token.
    start: usize,
    target: Target,
}

/// Works, and the ways to them.
#[derive(Debug, Default)]
pub struct Resolver {
    /// All works.
    pub entries: Vec<Entry>,
    index: Index,
    numbered: HashMap<u32, Vec<Numbered>>,
    same_work: HashMap<(String, String), usize>,
}

impl Resolver {
    /// Reads the entries of all lists: first those that stand for themselves, then the notes, which may lead to them.
    pub fn new(text: &Text<'_>, listed: &[Listed]) -> Self {
        let mut resolver = Self::default();
        for notes in [false, true] {
            let mut history = History::default();
            for one in listed.iter().filter(|one| one.note == notes) {
                let target = resolver.target(text, one, &mut history);
                if target != Err(COMMENT) {
                    history.remember(&target);
                }
                if let Some(number) = one.number {
                    resolver.numbered.entry(number).or_default().push(Numbered { start: one.tokens.start, target });
                }
            }
        }
        for numbered in resolver.numbered.values_mut() {
            numbered.sort_by_key(|one| one.start);
        }
        resolver
    }

    /// What an entry leads to: itself, or what it points to.
    fn target(&mut self, text: &Text<'_>, listed: &Listed, history: &mut History) -> Target {
        if listed.comments(text) {
            return Err(COMMENT);
        }
        if let Some(target) = self.pointer(text, listed, history) {
            return target;
        }
        let before = history.last.as_ref().and_then(|target| target.as_ref().ok()).and_then(|works| self.entries.get(*works.first()?));
        let mut entry = entry::read(text, listed.tokens.clone(), before.map(|entry| entry.authors.clone()).as_ref());
        entry.work.place = text.bytes(listed.start..listed.tokens.end);
        let lead = entry.authors.list.first().map(|author| folded(&author.lead)).unwrap_or_default();
        let title = folded(entry.work.title.as_deref().unwrap_or_default());
        let next = self.entries.len();
        let known = *self.same_work.entry((lead, title)).or_insert(next);
        // Works of one author and title but other years are not the same.
        let same = self.entries.get(known).is_some_and(|other| other.year == entry.year || listed.note && entry.year.is_none());
        if same && listed.note {
            return Ok(vec![known]);
        }
        self.index.add(&entry);
        self.entries.push(entry);
        Ok(vec![next])
    }

    /// "Ibid., p. 12", "Hornung, op. cit., 4", "Hornung, “Ukraine,” 12".
    fn pointer(&self, text: &Text<'_>, listed: &Listed, history: &mut History) -> Option<Target> {
        if listed.tokens.len() > POINTER_TOKENS_MAX {
            return None;
        }
        let cited::Reading { items, covered: None } = cited::read(text, listed.tokens.clone()) else { return None };
        let points = |item: &Item| match &item.cited {
            Cited::Same | Cited::Earlier(_) => true,
            Cited::Named(named) => listed.note && item.complete && self.is_of_year(named),
            Cited::Number(_) => false,
        };
        (!items.is_empty() && items.iter().all(points)).then(|| self.resolve(&items, listed.tokens.start, history))
    }

    /// Whether a name leads to a work, and to one of the year that stands with it.
    fn is_of_year(&self, named: &Named) -> bool {
        let entry = self.index.resolve(named).ok().and_then(|work| self.entries.get(work));
        entry.is_some_and(|entry| named.year.is_none() || entry.year == named.year)
    }

    /// Whether no list was found.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether any work is known.
    pub fn has_any(&self) -> bool {
        !self.is_empty()
    }

    /// Whether entries have numbers.
    pub fn has_notes(&self) -> bool {
        !self.numbered.is_empty()
    }

    /// Whether an entry has this number.
    pub fn has_number(&self, number: u32) -> bool {
        self.numbered.contains_key(&number)
    }

    /// Whether a name leads to an entry, or to several that it cannot tell apart.
    pub fn knows(&self, named: &Named) -> bool {
        !self.is_empty() && matches!(self.index.resolve(named), Ok(_) | Err(SEVERAL))
    }

    /// Remembers the short name that a citation gives a work.
    pub fn shorten(&mut self, named: &Named) {
        if let (Some(short), Ok(at)) = (&named.short, self.index.resolve(named)) {
            self.index.shorten(at, short);
        }
    }

    /// The entry that a name leads to.
    pub fn named(&mut self, named: &Named) -> Option<&mut Entry> {
        self.entries.get_mut(self.index.resolve(named).ok()?)
    }

    /// The works that the parts of a citation lead to.
    pub fn resolve(&self, items: &[Item], at: usize, history: &History) -> Target {
        let mut works: Vec<usize> = Vec::new();
        let mut reason = None;
        for item in items {
            match self.one(&item.cited, at, history) {
                Ok(found) => works.extend(found),
                Err(why) => reason = reason.or(Some(why)),
            }
        }
        let mut seen = std::collections::HashSet::new();
        works.retain(|work| seen.insert(*work));
        if works.is_empty() { Err(reason.unwrap_or(NO_ENTRY)) } else { Ok(works) }
    }

    fn one(&self, cited: &Cited, at: usize, history: &History) -> Target {
        match cited {
            Cited::Named(named) => self.index.resolve(named).map(|work| vec![work]),
            Cited::Number(number) => self.numbered(*number, at),
            Cited::Same => match &history.last {
                None => Err(NO_EARLIER),
                Some(Err(_)) => Err(EARLIER_UNRESOLVED),
                Some(Ok(works)) => Ok(works.clone()),
            },
            Cited::Earlier(None) => match &history.last {
                Some(Ok(works)) => Ok(works.clone()),
                _ => Err(NOBODY),
            },
            Cited::Earlier(Some(named)) => {
                let fitting = self.index.all(named);
                // What was cited last of this author; before any of it was, the only work of theirs.
                let last = fitting.iter().filter_map(|work| Some((history.order.get(work)?, *work))).max();
                match (last, fitting.as_slice()) {
                    (Some((_, work)), _) => Ok(vec![work]),
                    (None, [work]) => Ok(vec![*work]),
                    (None, []) => Err(NO_ENTRY),
                    (None, _) => Err(SEVERAL),
                }
            }
        }
    }

    /// The note of a number: of several, the next one after the citation, which is at the foot of its page.
    fn numbered(&self, number: u32, at: usize) -> Target {
        let Some(all) = self.numbered.get(&number) else { return Err(NO_ENTRY) };
        let next = all.partition_point(|one| one.start < at);
        all.get(next).or(all.last()).map_or(Err(NO_ENTRY), |one| one.target.clone())
    }
}

/// What has been cited so far.
#[derive(Debug, Default)]
pub struct History {
    last: Option<Target>,
    /// When each work was cited last.
    order: HashMap<usize, usize>,
    count: usize,
}

impl History {
    /// Remembers a citation.
    pub fn remember(&mut self, target: &Target) {
        self.count += 1;
        for work in target.iter().flatten() {
            self.order.insert(*work, self.count);
        }
        self.last = Some(target.clone());
    }
}
