//! Whom a number is about: states, territories, organisations, government bodies, armed groups.

use serde::{Deserialize, Serialize};

use super::record::{Name, NameRole, Record, RecordKind};
use super::slug::Slug;

/// What sort of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// A state.
    State,
    /// A territory with a code of its own.
    Territory,
    /// A part of the world or of a state.
    Region,
    /// An international or private organisation.
    Organization,
    /// A ministry, agency, central bank or armed force of a state.
    GovernmentBody,
    /// A non-state armed group.
    ArmedGroup,
    /// A company.
    Company,
    /// A person.
    Person,
    /// A name that an import brought and nobody has matched yet.
    Unmatched,
}

impl ActorKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::State,
        Self::Territory,
        Self::Region,
        Self::Organization,
        Self::GovernmentBody,
        Self::ArmedGroup,
        Self::Company,
        Self::Person,
        Self::Unmatched,
    ];

    /// The word used in answers and inputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Territory => "territory",
            Self::Region => "region",
            Self::Organization => "organization",
            Self::GovernmentBody => "government-body",
            Self::ArmedGroup => "armed-group",
            Self::Company => "company",
            Self::Person => "person",
            Self::Unmatched => "unmatched",
        }
    }
}

/// Whom a number is about, or its other side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// States and territories: ISO 3166 alpha-3; others: a name in lower case.
    pub slug: Slug,
    /// Usual English name.
    pub name: String,
    /// What sort of actor.
    pub kind: ActorKind,
    /// ISO 3166 alpha-2.
    pub iso_alpha2: Option<String>,
    /// ISO 3166 alpha-3.
    pub iso_alpha3: Option<String>,
    /// Wikidata item.
    pub wikidata: Option<String>,
    /// Names that mean exactly this actor.
    pub aliases: Vec<String>,
    /// What its people are called.
    pub demonyms: Vec<String>,
    /// Capital and seats that stand for its government as speaker ("Beijing said").
    pub metonyms: Vec<String>,
    /// The actor to which it belongs.
    pub part_of: Option<Slug>,
}

impl Record for Actor {
    const KIND: RecordKind = RecordKind::Actor;

    fn slug(&self) -> &Slug {
        &self.slug
    }

    fn label(&self) -> &str {
        &self.name
    }

    fn names(&self) -> Vec<Name> {
        let all = |texts: &[String], role| texts.iter().map(|text| Name::new(text, role)).collect::<Vec<_>>();
        let codes = [&self.iso_alpha2, &self.iso_alpha3, &self.wikidata];
        let mut names = vec![Name::new(self.slug.as_str(), NameRole::Slug)];
        names.extend(codes.into_iter().flatten().map(|code| Name::new(code, NameRole::Code)));
        names.push(Name::new(&self.name, NameRole::Label));
        names.extend(all(&self.aliases, NameRole::Alias));
        names.extend(all(&self.demonyms, NameRole::Demonym));
        names.extend(all(&self.metonyms, NameRole::Metonym));
        names
    }
}
