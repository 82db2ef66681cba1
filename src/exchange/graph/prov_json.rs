//! W3C PROV-JSON: claims, texts and publications as entities, speakers as agents, every reference as a
//! derivation. A quotation and a primary source are kinds of derivation there (`prov:type`).

use serde_json::{Map, Value, json};

use crate::domain::decimal::Decimal;
use crate::domain::interval::End;
use crate::domain::period::Period;
use crate::domain::provenance::{NodeKind, Relation};
use crate::domain::quantity::Per;
use crate::domain::slug::Slug;
use crate::domain::source::ChainEnd;

use super::names::{TERMS, THINGS, local};
use super::outline::{Link, Outline, Shown};

/// The graph as a PROV-JSON document.
pub(super) fn describe(outline: &Outline<'_>) -> Value {
    let mut entities = Map::new();
    let mut agents = Map::new();
    for shown in &outline.nodes {
        let mut facts = facts_of_node(shown);
        if shown.is_subject {
            facts.append(&mut facts_of_claim(outline));
        }
        let records = if shown.node.kind == NodeKind::Agent { &mut agents } else { &mut entities };
        records.insert(name(shown), Value::Object(facts));
    }
    let mut document = Map::new();
    document.insert("prefix".into(), json!({"id": THINGS, "fb": TERMS, "dcterms": "http://purl.org/dc/terms/"}));
    document.insert("entity".into(), Value::Object(entities));
    document.insert("agent".into(), Value::Object(agents));
    for (at, link) in outline.links.iter().enumerate() {
        let (bucket, facts) = relation(link, outline);
        let records = document.entry(bucket).or_insert_with(|| Value::Object(Map::new()));
        if let Some(records) = records.as_object_mut() {
            records.insert(format!("_:r{}", at + 1), Value::Object(facts));
        }
    }
    document.retain(|_, records| records.as_object().is_none_or(|records| !records.is_empty()));
    Value::Object(document)
}

fn name(shown: &Shown<'_>) -> String {
    format!("id:{}", local(&shown.node.id))
}

fn term(word: &str) -> Value {
    json!({"$": word, "type": "xsd:QName"})
}

fn decimal(number: &Decimal) -> Value {
    json!({"$": number.to_string(), "type": "xsd:decimal"})
}

/// The facts that are there.
fn collected<const N: usize>(facts: [(&str, Option<Value>); N]) -> Map<String, Value> {
    facts.into_iter().filter_map(|(key, value)| Some((key.to_string(), value?))).collect()
}

fn facts_of_node(shown: &Shown<'_>) -> Map<String, Value> {
    let node = shown.node;
    let kind = match node.kind {
        NodeKind::Claim => Some("fb:Claim"),
        NodeKind::Document => Some("fb:Document"),
        NodeKind::Source => Some("fb:Source"),
        // Whether it is a person or a body is not known.
        NodeKind::Agent => None,
    };
    collected([
        ("prov:type", kind.map(term)),
        ("prov:label", Some(json!(node.label))),
        ("fb:id", Some(json!(node.id))),
        ("fb:slug", node.slug.as_ref().map(|slug| json!(slug.as_str()))),
        ("dcterms:publisher", node.publisher.as_ref().map(|publisher| json!(publisher))),
        ("dcterms:issued", node.published.as_ref().map(|published| json!(published))),
        ("fb:url", node.url.as_ref().map(|url| json!(url))),
        ("fb:chainEnd", shown.end.map(|end| json!(end.as_str()))),
    ])
}

fn facts_of_claim(outline: &Outline<'_>) -> Map<String, Value> {
    let (claim, value) = (outline.claim, &outline.claim.value);
    let (low, high) = (value.interval.low(), value.interval.high());
    let at = |end: Option<&End>| end.map(|end| decimal(&end.at));
    let inclusive = |end: Option<&End>| end.map(|end| json!(end.inclusive));
    let text = |words: Option<&str>| words.map(|words| json!(words));
    let independent = outline.graph.independent_sources;
    collected([
        ("prov:value", value.best.as_ref().map(decimal)),
        ("fb:original", text(value.original.as_deref())),
        ("fb:comparator", text(Some(value.comparator.as_str()))),
        ("fb:low", at(low)),
        ("fb:lowInclusive", inclusive(low)),
        ("fb:high", at(high)),
        ("fb:highInclusive", inclusive(high)),
        ("fb:unit", text(Some(value.unit.as_str()))),
        ("fb:per", text(value.per.as_ref().map(Per::as_str))),
        ("fb:denominator", text(value.denominator.as_deref())),
        ("fb:rule", text(Some(&value.rule))),
        ("fb:metric", text(Some(claim.metric.as_str()))),
        ("fb:actor", text(claim.actor.as_ref().map(Slug::as_str))),
        ("fb:counterpart", text(claim.counterpart.as_ref().map(Slug::as_str))),
        ("fb:period", text(claim.period.as_ref().map(Period::as_str))),
        ("fb:quote", text(claim.quote.as_ref().map(|quote| quote.exact.as_str()))),
        ("fb:speaker", text(claim.speaker.as_deref())),
        ("fb:independentSourcesMin", Some(json!(independent.min))),
        ("fb:independentSourcesMax", Some(json!(independent.max))),
        ("fb:truncated", outline.graph.truncated.then(|| json!(true))),
    ])
}

/// A relation with the name of its kind. PROV derives entities from entities and attributes them to agents;
/// what an agent refers to can only have influenced it.
fn relation(link: &Link<'_>, outline: &Outline<'_>) -> (&'static str, Map<String, Value>) {
    let (from, to) = (&outline.nodes[link.from], &outline.nodes[link.to]);
    let is_agent = |shown: &Shown<'_>| shown.node.kind == NodeKind::Agent;
    let (bucket, source, target) = match (is_agent(from), is_agent(to)) {
        (true, _) => ("wasInfluencedBy", "prov:influencee", "prov:influencer"),
        (false, true) => ("wasAttributedTo", "prov:entity", "prov:agent"),
        (false, false) => ("wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity"),
    };
    let kind = match bucket {
        "wasDerivedFrom" if link.edge.relation == Relation::Quotes => Some("prov:Quotation"),
        "wasDerivedFrom" if to.end == Some(ChainEnd::Origin) => Some("prov:PrimarySource"),
        _ => None,
    };
    let facts = collected([
        (source, Some(json!(name(from)))),
        (target, Some(json!(name(to)))),
        ("prov:type", kind.map(term)),
        ("fb:relation", Some(json!(link.edge.relation.as_str()))),
        ("fb:consulted", Some(json!(link.edge.consulted))),
        ("fb:locator", link.edge.locator.as_ref().map(|locator| json!(locator))),
        ("fb:printed", link.edge.printed.as_ref().map(|printed| json!(printed))),
    ]);
    (bucket, facts)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn quotations_primary_sources_and_attributions_are_told_apart() {
        let (graph, claim) = samples::web();
        let document = describe(&Outline::new(&graph, &claim));
        let derived = document["wasDerivedFrom"].as_object().unwrap();
        assert_eq!(derived["_:r2"]["prov:type"]["$"], "prov:Quotation");
        assert_eq!(derived["_:r13"]["prov:type"]["$"], "prov:PrimarySource");
        assert_eq!(derived["_:r1"].get("prov:type"), None);
        assert_eq!(document["wasAttributedTo"]["_:r3"]["prov:agent"], "id:agent.Chinese_20customs");
    }

    #[test]
    fn the_claim_keeps_its_number_exactly_and_its_words() {
        let (graph, claim) = samples::chain();
        let document = describe(&Outline::new(&graph, &claim));
        let entity = &document["entity"][format!("id:{}", local(&graph.claim.to_string()))];
        assert_eq!(entity["prov:value"], json!({"$": "240000000000", "type": "xsd:decimal"}));
        assert_eq!(entity["fb:highInclusive"], false);
        assert_eq!(entity["fb:quote"], "a record high of $240 billion in 2023");
        assert!(document.get("agent").is_none());
    }
}
