//! Which entry of the list a name and a year lead to.

use std::collections::HashMap;

use super::author::cited_as;
use super::entry::Entry;
use super::name::folded;
use super::named::Named;

/// Entries looked at for one citation: more than these of one name and year cannot be told apart anyhow.
const LOOKED_AT_MAX: usize = 64;
/// Words of a title by which it is found.
const TITLE_WORDS: usize = 8;

/// Most short names of one entry.
const SHORT_MAX: usize = 8;

/// Nothing in the list fits.
pub const NO_ENTRY: &str = "no bibliography entry";
/// More than one does.
pub const SEVERAL: &str = "several entries fit";

/// How well a name fits an entry: the lower the better.
type Rank = u8;
/// The worst rank at which a name alone, or one with another year, still leads to an entry.
const RANK_CERTAIN: Rank = 1;
const RANK_INSTITUTION: Rank = 2;
const RANK_PARTIAL: Rank = 3;

/// Entries by the words of their names.
#[derive(Debug, Default)]
pub struct Index {
    names: Vec<Names>,
    by_word: HashMap<String, Vec<usize>>,
    by_year: HashMap<(String, i16), Vec<usize>>,
}

/// An entry as it can be cited.
#[derive(Debug)]
struct Names {
    /// Of every author what it is listed under, and its name.
    authors: Vec<[String; 2]>,
    others: bool,
    institution: bool,
    /// Its short names: those made of its letters, and those that entry and text give it.
    short: Vec<String>,
    /// What follows a comma in an institution's name: "United Nations, World Food Programme".
    unit: Option<String>,
    title: String,
    container: String,
    year: Option<i16>,
    letter: Option<char>,
}

impl Index {
    /// Adds an entry; they are numbered as they come.
    pub fn add(&mut self, entry: &Entry) {
        let at = self.names.len();
        let names = Names::of(entry);
        for word in names.words() {
            if let Some(year) = names.year {
                push(self.by_year.entry((word.clone(), year)).or_default(), at);
            }
            push(self.by_word.entry(word).or_default(), at);
        }
        self.names.push(names);
    }

    /// Remembers the short name that the text gives an entry: "Food and Agriculture Organization [FAO]".
    pub fn shorten(&mut self, at: usize, short: &str) {
        let short = folded(short);
        if let Some(names) = self.names.get_mut(at).filter(|names| !names.short.contains(&short) && names.short.len() < SHORT_MAX) {
            if let Some(year) = names.year {
                push(self.by_year.entry((short.clone(), year)).or_default(), at);
            }
            push(self.by_word.entry(short.clone()).or_default(), at);
            names.short.push(short);
        }
    }

    /// The entry that a name leads to.
    pub fn resolve(&self, named: &Named) -> Result<usize, &'static str> {
        if let Some(year) = named.year {
            let of_year = self.by_year.get(&(first_word(named), year)).map_or(&[][..], Vec::as_slice);
            let same_letter = |names: &Names| named.letter.is_none() || names.letter == named.letter;
            match self.best(of_year, named, same_letter, Rank::MAX) {
                Err(NO_ENTRY) => {}
                found => return found,
            }
        }
        let all = self.by_word.get(&first_word(named)).map_or(&[][..], Vec::as_slice);
        let worst = if named.dated { RANK_INSTITUTION } else { RANK_CERTAIN };
        match self.best(all, named, |names| named.dated && names.year.is_none(), worst) {
            Err(NO_ENTRY) => self.best(all, named, |_| true, worst),
            found => found,
        }
    }

    /// All entries that a name without a year fits.
    pub fn all(&self, named: &Named) -> Vec<usize> {
        let all = self.by_word.get(&first_word(named)).map_or(&[][..], Vec::as_slice);
        let fits = |at: &usize| self.names.get(*at).and_then(|names| names.rank(named)).is_some_and(|rank| rank <= RANK_PARTIAL);
        all.iter().take(LOOKED_AT_MAX).copied().filter(fits).collect()
    }

    fn best(&self, among: &[usize], named: &Named, allowed: impl Fn(&Names) -> bool, worst: Rank) -> Result<usize, &'static str> {
        let mut best: Option<(Rank, usize)> = None;
        let mut several = false;
        for at in among.iter().take(LOOKED_AT_MAX) {
            let Some(names) = self.names.get(*at).filter(|names| allowed(names)) else { continue };
            let Some(rank) = names.rank(named).filter(|rank| *rank <= worst) else { continue };
            match best {
                Some((least, _)) if rank > least => {}
                Some((least, _)) if rank == least => several = true,
                _ => {
                    best = Some((rank, *at));
                    several = false;
                }
            }
        }
        match best {
            Some(_) if several => Err(SEVERAL),
            Some((_, at)) => Ok(at),
            None => Err(NO_ENTRY),
        }
    }
}

fn push(list: &mut Vec<usize>, at: usize) {
    if list.last() != Some(&at) && list.len() < LOOKED_AT_MAX {
        list.push(at);
    }
}

/// The word under which the entries for a name are found.
fn first_word(named: &Named) -> String {
    let words = if named.whole.is_empty() { named.title.as_deref().unwrap_or_default() } else { without_article(&named.whole) };
    words.split(' ').next().unwrap_or_default().to_owned()
}

fn without_article(name: &str) -> &str {
    name.strip_prefix("the ").unwrap_or(name)
}

impl Names {
    fn of(entry: &Entry) -> Self {
        let list = &entry.authors.list;
        let alone = list.first().filter(|_| list.len() == 1);
        let institution = list.len() == 1 && list.iter().all(|author| author.institution);
        Self {
            authors: list.iter().map(cited_as).map(|names| names.map(|name| without_article(&name).to_owned())).collect(),
            others: entry.authors.others,
            institution,
            short: entry
                .authors
                .acronym
                .iter()
                .map(|short| folded(short))
                .chain(alone.into_iter().flat_map(|author| acronyms(&author.name)))
                .collect(),
            unit: list.first().filter(|_| institution).and_then(|author| author.name.rsplit_once(", ")).map(|(_, unit)| folded(unit)),
            title: folded(entry.work.title.as_deref().unwrap_or_default()),
            container: folded(entry.work.container.as_deref().unwrap_or_default()),
            year: entry.year,
            letter: entry.letter,
        }
    }

    /// The words by which it is found.
    fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for name in self.authors.iter().flatten() {
            words.extend(name.split(' ').take(TITLE_WORDS).map(str::to_owned));
        }
        words.extend(without_article(&self.title).split(' ').take(1).map(str::to_owned));
        words.extend(without_article(&self.container).split(' ').take(1).map(str::to_owned));
        words.extend(self.short.iter().cloned());
        words.extend(self.unit.iter().flat_map(|unit| unit.split(' ').take(1)).map(str::to_owned));
        words.extend(self.unit.iter().flat_map(|unit| acronyms(unit)));
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        words
    }

    fn rank(&self, named: &Named) -> Option<Rank> {
        let whole = without_article(&named.whole);
        if let Some(title) = &named.title {
            let fits = without_article(&self.title).starts_with(without_article(title));
            return (fits && (whole.is_empty() || self.author_rank(named, whole).is_some())).then_some(0);
        }
        self.author_rank(named, whole).or_else(|| self.other_rank(whole))
    }

    fn author_rank(&self, named: &Named, whole: &str) -> Option<Rank> {
        let first = self.authors.first()?;
        if self.authors.len() == 1 && first.iter().any(|name| name == whole) {
            return Some(u8::from(self.others));
        }
        let is = |author: &[String; 2], name: &String| {
            author.contains(name) || author[1].ends_with(name.as_str()) && given_name_fits(&author[1], name)
        };
        let each = named.names.len() <= self.authors.len() && named.names.iter().zip(&self.authors).all(|(name, author)| is(author, name));
        if each && !named.names.is_empty() {
            let same = named.names.len() == self.authors.len() && !self.others
                || named.others && self.authors.len() > 1
                || named.others && self.others;
            // One name of several authors is too little where the year differs as well.
            return Some(if same { 0 } else { RANK_PARTIAL });
        }
        // "Hornung, Ukraine Is": a short title without quotation marks.
        if let [author, short] = named.names.as_slice()
            && self.authors.iter().take(1).any(|first| is(first, author))
            && self.title.contains(short.as_str())
        {
            return Some(RANK_CERTAIN);
        }
        // "Jeffrey Hornung", "J. Hornung".
        let (given, surname) = whole.rsplit_once(' ')?;
        (self.authors.len() == 1 && !self.institution && first[0] == surname && first[1].starts_with(given.get(..1)?))
            .then_some(RANK_CERTAIN)
    }

    fn other_rank(&self, whole: &str) -> Option<Rank> {
        if whole.is_empty() {
            return None;
        }
        if self.short.iter().chain(&self.unit).any(|name| name == whole) {
            return Some(1);
        }
        let begins = |name: &str| name.strip_prefix(whole).is_some_and(|rest| rest.starts_with(' '));
        if self.authors.is_empty() {
            let title = without_article(&self.title);
            if title == whole || begins(title) && whole.contains(' ') {
                return Some(1);
            }
            return if without_article(&self.container) == whole { Some(2) } else { begins(title).then_some(4) };
        }
        let name = self.authors.first().map_or("", |names| names[1].as_str());
        if !self.institution {
            return None;
        }
        if begins(name) {
            return Some(2);
        }
        let words = || name.split(' ');
        whole.split(' ').all(|word| words().any(|has| has == word)).then_some(4)
    }
}

/// Whether a longer printed name ends with a whole surname of several words.
fn given_name_fits(author: &str, name: &str) -> bool {
    name.contains(' ') && author.strip_suffix(name).is_some_and(|before| before.ends_with(' '))
}

/// "who" for "World Health Organization", "mod" for "Ministry of Defence", "eia" for "U.S. Energy Information Administration".
fn acronyms(name: &str) -> Vec<String> {
    let first = |word: &str| word.chars().next();
    let all: String = name.split([' ', '-']).filter_map(first).collect();
    let capitals: String = all.chars().filter(|letter| letter.is_uppercase()).collect();
    let home = name.split(' ').next().is_some_and(|word| matches!(word, "US" | "UK" | "UN" | "EU" | "U.S." | "U.K." | "U.N." | "E.U."));
    let without: String = capitals.chars().skip(usize::from(home)).collect();
    let mut found = vec![all.to_lowercase(), capitals.to_lowercase(), without.to_lowercase()];
    found.retain(|short| short.chars().count() > 1);
    found.sort_unstable();
    found.dedup();
    found
}
