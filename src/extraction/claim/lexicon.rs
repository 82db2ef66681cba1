//! What kind of word a word is, as far as a shallow reading needs it: closed classes here, verbs with their forms from a list.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What the subject of a verb does with what the number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Gives it to somebody: supply, pay, export.
    Give,
    /// Gets it from somebody: buy, import, receive.
    Get,
    /// Harms it: kill, destroy, arrest.
    Harm,
    /// The number itself suffers: die, flee.
    Suffer,
    /// Speaks: say, warn.
    Say,
    /// Speaks with a number of its own: count, estimate, put at.
    Count,
    /// Moves from one number to another: rise, fall.
    Change,
    /// Has it: hold, reach, spend.
    Hold,
    /// Costs it: cost, fetch.
    Cost,
    /// Anything else.
    Other,
}

/// Form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// "supply", "supplies".
    Present,
    /// "supplied": past and participle alike.
    Past,
    /// "given": a participle only.
    Participle,
    /// "supplying".
    Gerund,
}

/// A kind of word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Noun, adjective, name: everything else.
    Plain,
    /// "the", "this".
    Determiner,
    /// "its", "their".
    Possessive,
    /// "it", "they".
    Pronoun,
    /// "has", "was".
    Auxiliary,
    /// "be" in its forms: with a participle it makes the passive.
    Be,
    /// "will", "may".
    Modal,
    /// "in", "from".
    Preposition,
    /// "and", "or", "but".
    And,
    /// "while", "that", "because".
    Subordinator,
    /// "which", "who".
    Relative,
    /// "not", "also": stands inside a group of verbs.
    Adverb,
    /// "to".
    To,
    /// A verb; whether the same form is a noun as well.
    Verb(Class, Form, bool),
}

impl Word {
    /// The class of a verb.
    pub fn class(self) -> Option<Class> {
        match self {
            Self::Verb(class, ..) => Some(class),
            _ => None,
        }
    }
}

const CLOSED: &[(Word, &str)] = &[
    (Word::Determiner, "the a an this these those some any each every all no another such both"),
    (Word::Possessive, "its their his her our my your whose"),
    (Word::Pronoun, "it they he she we them him us this those"),
    (Word::Auxiliary, "has have had having do does did"),
    (Word::Be, "is are was were be been being"),
    (Word::Modal, "will would may might could can should must shall"),
    (
        Word::Preposition,
        "in of at on from for with by against into over under between among across inside within near during since until after before \
         about around through via towards toward per onto outside beyond along amid despite including like throughout upon without \
         off above below behind as than versus",
    ),
    (Word::And, "and or but nor yet"),
    (Word::Subordinator, "while whereas although though because if when where unless whether once so"),
    (Word::Relative, "which who whom that"),
    (
        Word::Adverb,
        "not never now also already still only ever even just since again then soon recently nearly almost largely mainly \
         reportedly allegedly apparently probably likely possibly officially initially eventually currently formally previously \
         together alone later earlier jointly together further thus too once sharply slightly steadily collectively roughly",
    ),
    (Word::To, "to"),
];

static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("../words/verbs.txt").lines().filter(|line| !line.starts_with('#')) {
        add_verb(line, &mut words);
    }
    for (kind, all) in CLOSED.iter().rev() {
        for word in all.split_whitespace() {
            words.insert(word.to_string(), *kind);
        }
    }
    words
});

/// The kind of a word, which is given in small letters and without regard to what stands around it.
pub fn look_up(word: &str) -> Word {
    if let Some(known) = WORDS.get(word) {
        return *known;
    }
    if word.len() > 4
        && word.ends_with("ed")
        && !matches!(word, "hundred" | "united" | "indeed" | "armed" | "kindred" | "sacred" | "speed" | "breed")
    {
        return Word::Verb(Class::Other, Form::Past, false);
    }
    if word.len() > 6 && word.ends_with("ly") {
        return Word::Adverb;
    }
    Word::Plain
}

/// Adds the forms of a verb.
fn add_verb(line: &str, words: &mut HashMap<String, Word>) {
    let mut parts = line.split_whitespace();
    let (Some(lemma), Some(class)) = (parts.next(), parts.next().and_then(class_of)) else { return };
    let is_noun = lemma.ends_with('*');
    let lemma = lemma.trim_end_matches('*');
    let past = parts.next().map_or_else(|| with_ending(lemma, "ed"), ToString::to_string);
    let participle = parts.next();
    // "shipped" tells that the gerund doubles its letter too.
    let stem = past.strip_suffix("ed").filter(|stem| stem.len() > lemma.len()).unwrap_or(lemma).to_string();
    let mut add = |form: String, kind: Form, is_noun: bool| {
        words.entry(form).or_insert(Word::Verb(class, kind, is_noun));
    };
    add(past, Form::Past, false);
    if let Some(participle) = participle {
        add(participle.to_string(), Form::Participle, false);
    }
    add(with_ending(&stem, "ing"), Form::Gerund, false);
    add(lemma.to_string(), Form::Present, is_noun);
    add(with_ending(lemma, "s"), Form::Present, is_noun);
}

fn class_of(word: &str) -> Option<Class> {
    Some(match word {
        "give" => Class::Give,
        "get" => Class::Get,
        "harm" => Class::Harm,
        "suffer" => Class::Suffer,
        "say" => Class::Say,
        "count" => Class::Count,
        "change" => Class::Change,
        "hold" => Class::Hold,
        "cost" => Class::Cost,
        "other" => Class::Other,
        _ => return None,
    })
}

/// A regular form: "ship" is listed with its past because its letter doubles.
fn with_ending(lemma: &str, ending: &str) -> String {
    let consonant_y =
        lemma.ends_with('y') && !lemma.ends_with(['a', 'e', 'o', 'u']) && !["ay", "ey", "oy", "uy"].iter().any(|end| lemma.ends_with(end));
    let silent_e = lemma.ends_with('e') && !lemma.ends_with("ee");
    match ending {
        "s" if consonant_y => format!("{}ies", &lemma[..lemma.len() - 1]),
        "s" if ["s", "sh", "ch", "x", "z", "o"].iter().any(|end| lemma.ends_with(end)) => format!("{lemma}es"),
        "ed" if lemma.ends_with('e') => format!("{lemma}d"),
        "ed" if consonant_y => format!("{}ied", &lemma[..lemma.len() - 1]),
        "ing" if lemma == "die" => "dying".to_string(),
        "ing" if silent_e => format!("{}ing", &lemma[..lemma.len() - 1]),
        _ => format!("{lemma}{ending}"),
    }
}

/// A word cut to what its forms share, for comparing words: "exports" and "exported", "spending" and "spent" as far as lists know.
pub fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 14] = ["ements", "ement", "ments", "ment", "ations", "ation", "ions", "ion", "ings", "ing", "ed", "es", "s", "e"];
    if !word.is_ascii() {
        return word;
    }
    match word {
        "people" | "persons" => return "person",
        "deaths" | "died" | "dead" | "die" | "fatalities" | "fatality" => return "death",
        "killings" => return "kill",
        "defense" => return "defenc",
        "spent" => return "spend",
        "sold" | "sales" => return "sale",
        "bought" => return "buy",
        "paid" => return "pay",
        "lost" | "losses" => return "loss",
        "women" => return "woman",
        "children" => return "child",
        _ => {}
    }
    for ending in ENDINGS {
        if let Some(cut) = word.strip_suffix(ending)
            && cut.len() >= 3
        {
            return cut;
        }
    }
    word
}
