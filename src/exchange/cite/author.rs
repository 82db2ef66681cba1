//! Persons and institutions: what the author field of a publication may be split into.

/// Words that no person's name holds as a word of its own, in lower case.
const INSTITUTION_WORDS: &str = "\
    academy administration agency alliance archive archives army assembly association authority bank board broadcasting bureau \
    campaign center centre coalition college command commission committee company congress consortium corp corp. corporation council \
    database department directorate economist editorial editors embassy federation forces forum foundation fund gazette gmbh \
    government group guardian headquarters herald inc inc. initiative institut institute institution intelligence journal laboratory \
    league library llc ltd ltd. magazine media ministry monitor monitoring museum nations navy network news observatory office \
    organisation organization parliament party plc police press program programme project radio republic research reuters review \
    school secretariat senate service services society staff statistics studies team television times treasury tribune trust tv union \
    university watch";
/// Words that join the parts of an institution's name but not those of a person's.
const CONNECTIVES: &[&str] = &["&", "and", "at", "for", "in", "of", "on", "the", "to", "without"];
/// What may follow a family name.
const SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"];
/// Particles that belong to the family name also when they are written with a capital.
const CAPITAL_PARTICLES: &[&str] =
    &["Al", "Bin", "De", "Del", "Della", "Den", "Der", "Di", "Du", "El", "Ibn", "La", "Le", "St.", "Ten", "Ter", "Van", "Von"];
/// The most words that a person's name has.
const PERSON_WORDS_MAX: usize = 6;
/// This many capitals in a row make an acronym rather than initials.
const ACRONYM_CHARS_MIN: usize = 3;

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Author {
    /// A body, or a name that is better left whole.
    Institution(String),
    /// A person.
    Person {
        given: String,
        /// Lower-case words before the family name: "van der".
        particle: Option<String>,
        family: String,
        /// "Jr.", "III".
        suffix: Option<String>,
    },
}

impl Author {
    /// Tells persons from institutions. It is an institution, and its name stays whole, when the name
    ///
    /// - equals the publisher's, in any case of letters;
    /// - is a single word ("Reuters", "Rand.org", a name in a script without spaces);
    /// - holds a word such as Institute, Service, Agency, Press (`INSTITUTION_WORDS`), or one such as "of",
    ///   "for", "and" (`CONNECTIVES`);
    /// - begins with an acronym of three or more capitals ("RAND", "BBC") while other words have small letters;
    /// - holds a digit, a comma (but for "Jr." and the like), a bracket, a slash or another mark that names lack;
    /// - has more than six words.
    ///
    /// All others are persons: the last word is the family name, with the particles before it. A name whose
    /// family name comes first ("Xi Jinping") is split wrongly; nothing in it tells. The error on the other side,
    /// a person taken for an institution, only leaves the name unsplit.
    pub(super) fn read(name: &str, publisher: Option<&str>) -> Self {
        let whole = || Self::Institution(name.to_string());
        let same = publisher.is_some_and(|publisher| publisher.to_lowercase() == name.to_lowercase());
        let mut words: Vec<&str> = name.split_whitespace().collect();
        let suffix = words.pop_if(|last| SUFFIXES.contains(&last.to_lowercase().as_str())).map(str::to_string);
        if suffix.is_some()
            && let Some(last) = words.last_mut()
        {
            *last = last.trim_end_matches(',');
        }
        if same
            || words.len() < 2
            || words.len() > PERSON_WORDS_MAX
            || words.iter().any(|word| is_institutional(word))
            || is_acronym(&words)
        {
            return whole();
        }
        let Some((family_at, particle_at)) = family_of(&words) else {
            return whole();
        };
        let joined = |from: usize, to: usize| words[from..to].join(" ");
        let particle = (particle_at < family_at).then(|| joined(particle_at, family_at));
        Self::Person { given: joined(0, particle_at), particle, family: joined(family_at, words.len()), suffix }
    }
}

fn is_institutional(word: &str) -> bool {
    let folded = word.to_lowercase();
    let letters_alone = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '‘' | 'ʼ' | '·') || is_mark(c));
    !letters_alone || INSTITUTION_WORDS.split(' ').any(|known| known == folded) || CONNECTIVES.contains(&folded.as_str())
}

/// Combining accents, which are not letters of their own.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_acronym(words: &[&str]) -> bool {
    let (Some(first), small) = (words.first(), words.iter().any(|word| word.chars().any(char::is_lowercase))) else {
        return false;
    };
    small && first.chars().count() >= ACRONYM_CHARS_MIN && first.chars().all(char::is_uppercase)
}

/// Where the family name begins, and where the particles before it do; the first word is always given.
fn family_of(words: &[&str]) -> Option<(usize, usize)> {
    let mut family = words.len().checked_sub(1)?;
    while family > 1 && CAPITAL_PARTICLES.contains(words.get(family - 1)?) {
        family -= 1;
    }
    let mut particle = family;
    while particle > 1 && words.get(particle - 1)?.chars().next().is_some_and(char::is_lowercase) {
        particle -= 1;
    }
    Some((family, particle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole(name: &str, publisher: Option<&str>) -> bool {
        Author::read(name, publisher) == Author::Institution(name.to_string())
    }

    fn person(name: &str) -> (String, String, String, String) {
        match Author::read(name, None) {
            Author::Person { given, particle, family, suffix } => (given, particle.unwrap_or_default(), family, suffix.unwrap_or_default()),
            Author::Institution(name) => panic!("{name} is taken for an institution"),
        }
    }

    fn parts(given: &str, particle: &str, family: &str, suffix: &str) -> (String, String, String, String) {
        (given.into(), particle.into(), family.into(), suffix.into())
    }

    #[test]
    fn institutions_are_never_split() {
        let names = [
            "Reuters",
            "Toda Peace Institute",
            "Media Monitoring Service",
            "Kiel Institute for the World Economy",
            "Associated Press",
            "RAND Corporation",
            "BBC Verify",
            "UK Ministry of Defence",
            "Voice of America",
            "Doctors Without Borders",
            "Group 42",
            "Smith, John",
            "The Economist",
            "防衛省",
            "Marks & Spencer",
            "Stockholm International Peace Research Institute",
            "",
        ];
        for name in names {
            assert!(is_whole(name, None), "{name}");
        }
    }

    #[test]
    fn an_author_named_like_the_publisher_is_an_institution() {
        assert!(is_whole("Brown Shoe", Some("BROWN SHOE")));
        assert!(!is_whole("Brown Shoe", Some("Other")));
    }

    #[test]
    fn persons_are_split_before_the_family_name_and_its_particles() {
        assert_eq!(person("Jeffrey W. Hornung"), parts("Jeffrey W.", "", "Hornung", ""));
        assert_eq!(person("Ludwig van Beethoven"), parts("Ludwig", "van", "Beethoven", ""));
        assert_eq!(person("Juan de la Cruz"), parts("Juan", "de la", "Cruz", ""));
        assert_eq!(person("Chris Van Hollen"), parts("Chris", "", "Van Hollen", ""));
        assert_eq!(person("Martin Luther King, Jr."), parts("Martin Luther", "", "King", "Jr."));
        assert_eq!(person("Bashar al-Assad"), parts("Bashar", "", "al-Assad", ""));
        assert_eq!(person("bell hooks"), parts("bell", "", "hooks", ""));
        assert_eq!(person("J. R. O’Neill"), parts("J. R.", "", "O’Neill", ""));
        assert_eq!(person("Тарас Шевченко"), parts("Тарас", "", "Шевченко", ""));
    }
}
