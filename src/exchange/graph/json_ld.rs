//! JSON-LD: the claim and its sources in the words of schema.org, the links between them in PROV's as well.
//! The context stands in the document, so that nobody has to fetch one.

use serde_json::{Map, Value, json};

use crate::domain::claim::Claim;
use crate::domain::provenance::{NodeKind, Relation};
use crate::domain::quantity::Per;
use crate::domain::slug::Slug;
use crate::domain::source::ChainEnd;

use super::names::{TERMS, address};
use super::outline::{Link, Outline, Shown};

/// The graph as a JSON-LD document, the claim first.
pub(super) fn describe(outline: &Outline<'_>) -> Value {
    let graph: Vec<Value> = (0..outline.nodes.len()).map(|at| thing(at, outline)).collect();
    json!({"@context": context(), "@graph": graph})
}

/// Numbers are exact decimals written as text; the context says that they are numbers.
fn context() -> Value {
    let (decimal, link) = ("http://www.w3.org/2001/XMLSchema#decimal", "@id");
    let number = |name: &str| json!({"@id": format!("https://schema.org/{name}"), "@type": decimal});
    let prov = |name: &str| json!({"@id": format!("http://www.w3.org/ns/prov#{name}"), "@type": link});
    json!({
        "@vocab": "https://schema.org/",
        "prov": "http://www.w3.org/ns/prov#",
        "fb": TERMS,
        "value": number("value"),
        "minValue": number("minValue"),
        "maxValue": number("maxValue"),
        "wasDerivedFrom": prov("wasDerivedFrom"),
        "wasQuotedFrom": prov("wasQuotedFrom"),
        "hadPrimarySource": prov("hadPrimarySource"),
        "wasAttributedTo": prov("wasAttributedTo"),
        "wasInfluencedBy": prov("wasInfluencedBy"),
        "qualifiedInfluence": "prov:qualifiedInfluence",
        "influencer": prov("influencer"),
    })
}

/// Facts under their names; a name that comes twice gathers its facts in a list.
#[derive(Default)]
struct Facts(Map<String, Value>);

impl Facts {
    fn set(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(name.to_string(), value);
        }
    }

    fn add(&mut self, name: &str, value: Value) {
        let list = self.0.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        if let Some(list) = list.as_array_mut() {
            list.push(value);
        }
    }
}

fn reference(shown: &Shown<'_>) -> Value {
    json!({"@id": address(&shown.node.id)})
}

fn thing(at: usize, outline: &Outline<'_>) -> Value {
    let shown = &outline.nodes[at];
    let node = shown.node;
    let kind = match node.kind {
        NodeKind::Claim => json!(["Claim", "prov:Entity"]),
        NodeKind::Document | NodeKind::Source => json!(["CreativeWork", "prov:Entity"]),
        // Whether it is a person or a body is not known, and a guess would be a claim of ours.
        NodeKind::Agent => json!("prov:Agent"),
    };
    let mut facts = Facts::default();
    facts.set("@id", Some(json!(address(&node.id))));
    facts.set("@type", Some(kind));
    facts.set("name", Some(json!(node.label)));
    facts.set("identifier", Some(json!(node.id)));
    facts.set("publisher", node.publisher.as_ref().map(|publisher| json!({"@type": "Organization", "name": publisher})));
    facts.set("datePublished", node.published.as_ref().map(|published| json!(published)));
    facts.set("url", node.url.as_ref().map(|url| json!(url)));
    facts.set("fb:chainEnd", shown.end.map(|end| json!(end.as_str())));
    if shown.is_subject {
        facts.set("text", outline.claim.quote.as_ref().map(|quote| json!(quote.exact)));
        facts.set("temporalCoverage", outline.claim.period.as_ref().map(|period| json!(period.as_str())));
        facts.set("about", Some(observation(outline.claim)));
        facts.set("firstAppearance", first_appearance(outline));
    }
    for link in outline.links.iter().filter(|link| link.from == at) {
        add_link(&mut facts, link, outline);
    }
    Value::Object(facts.0)
}

/// The number. A bare end does not say whether it belongs to the numbers, so that stands beside it.
fn observation(claim: &Claim) -> Value {
    let value = &claim.value;
    let (low, high) = (value.interval.low(), value.interval.high());
    let text = |words: Option<&str>| words.map(|words| json!(words));
    let mut facts = Facts::default();
    facts.set("@type", Some(json!(["Observation", "QuantitativeValue"])));
    facts.set("measuredProperty", text(Some(claim.metric.as_str())));
    facts.set("observationAbout", text(claim.actor.as_ref().map(Slug::as_str)));
    facts.set("fb:counterpart", text(claim.counterpart.as_ref().map(Slug::as_str)));
    facts.set("description", text(value.original.as_deref()));
    facts.set("value", value.best.as_ref().map(|best| json!(best.to_string())));
    facts.set("minValue", low.map(|end| json!(end.at.to_string())));
    facts.set("maxValue", high.map(|end| json!(end.at.to_string())));
    facts.set("fb:minInclusive", low.map(|end| json!(end.inclusive)));
    facts.set("fb:maxInclusive", high.map(|end| json!(end.inclusive)));
    facts.set("unitText", text(Some(value.unit.as_str())));
    facts.set("measurementDenominator", text(value.denominator.as_deref()));
    facts.set("fb:per", text(value.per.as_ref().map(Per::as_str)));
    facts.set("fb:comparator", text(Some(value.comparator.as_str())));
    facts.set("fb:rule", text(Some(&value.rule)));
    Value::Object(facts.0)
}

/// The one source that made the number, if somebody has looked into it: a source that was merely named is no
/// *known* appearance.
fn first_appearance(outline: &Outline<'_>) -> Option<Value> {
    let mut origins = outline.nodes.iter().enumerate().filter(|(_, shown)| shown.end == Some(ChainEnd::Origin));
    let (at, shown) = origins.next()?;
    let is_known = outline.links.iter().any(|link| link.to == at && link.edge.consulted);
    (origins.next().is_none() && is_known).then(|| reference(shown))
}

/// A link in the words of schema.org, in those of PROV, and with what is known about the reference itself.
fn add_link(facts: &mut Facts, link: &Link<'_>, outline: &Outline<'_>) {
    let (from, to) = (&outline.nodes[link.from], &outline.nodes[link.to]);
    let (is_agent, to_agent) = (from.node.kind == NodeKind::Agent, to.node.kind == NodeKind::Agent);
    let work = match link.edge.relation {
        _ if is_agent => None,
        Relation::StatedIn => Some("appearance"),
        Relation::Cites => Some("citation"),
        Relation::Quotes => Some("isBasedOn"),
        Relation::AttributedTo => Some("author"),
    };
    let prov = match link.edge.relation {
        _ if is_agent => "wasInfluencedBy",
        _ if to_agent => "wasAttributedTo",
        Relation::Quotes => "wasQuotedFrom",
        _ if to.end == Some(ChainEnd::Origin) => "hadPrimarySource",
        _ => "wasDerivedFrom",
    };
    if let Some(work) = work {
        facts.add(work, reference(to));
    }
    facts.add(prov, json!(address(&to.node.id)));
    let mut qualified = Facts::default();
    qualified.set("@type", Some(json!("prov:Influence")));
    qualified.set("influencer", Some(json!(address(&to.node.id))));
    qualified.set("fb:relation", Some(json!(link.edge.relation.as_str())));
    qualified.set("fb:consulted", Some(json!(link.edge.consulted)));
    qualified.set("fb:locator", link.edge.locator.as_ref().map(|locator| json!(locator)));
    qualified.set("fb:printed", link.edge.printed.as_ref().map(|printed| json!(printed)));
    facts.add("qualifiedInfluence", Value::Object(qualified.0));
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn the_claim_comes_first_with_its_number_and_its_appearance() {
        let (graph, claim) = samples::chain();
        let document = describe(&Outline::new(&graph, &claim));
        let first = &document["@graph"][0];
        assert_eq!(first["@type"][0], "Claim");
        assert_eq!(first["about"]["minValue"], "239500000000");
        assert_eq!(first["appearance"], json!([{"@id": "urn:figurebase:source:essay"}]));
        assert_eq!(document["@graph"][1]["citation"], json!([{"@id": "urn:figurebase:source:agency"}]));
    }

    #[test]
    fn only_an_origin_that_somebody_looked_into_is_a_first_appearance() {
        let (mut graph, claim) = samples::chain();
        graph.ends[0].state = ChainEnd::Origin;
        assert_eq!(first_appearance(&Outline::new(&graph, &claim)), None);
        graph.edges[1].consulted = true;
        assert_eq!(first_appearance(&Outline::new(&graph, &claim)), Some(json!({"@id": "urn:figurebase:source:agency"})));
    }
}
