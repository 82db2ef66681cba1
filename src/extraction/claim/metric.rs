//! Which recorded metric the words of a concept mean: the one all of whose words stand among them and whose dimension fits the unit.

use std::collections::HashMap;

use super::lexicon::stem;
use crate::domain::metric::{Metric, MetricKind};
use crate::domain::record::Record;
use crate::domain::slug::Slug;
use crate::extraction::word_class::WordClass;

/// Words of names that tell no metric from another.
static FUNCTION_WORDS: WordClass = WordClass::named("function words");
/// Words that a share or rate may leave unsaid, for its unit says them.
const SAID_BY_UNIT: [&str; 6] = ["share", "percentage", "ratio", "relative", "percent", "burden"];

/// A name of a metric, as its stems.
#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    metric: usize,
    /// Whether it is the label or slug.
    is_own: bool,
}

/// The names of all metrics, by each name's longest stem.
#[derive(Debug, Default)]
pub struct MetricNames {
    metrics: Vec<Metric>,
    phrases: Vec<Phrase>,
    by_stem: HashMap<String, Vec<usize>>,
    by_slug: HashMap<Slug, usize>,
}

/// What is known of a figure whose metric is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// Dimension of its unit; none where no unit is known.
    pub dimension: Option<&'w str>,
    /// Whether it says how much something rose or fell.
    pub is_change: bool,
    /// Whether it is so much money for so much of a thing.
    pub is_price: bool,
}

impl MetricNames {
    /// Prepares the names.
    pub fn new(metrics: Vec<Metric>) -> Self {
        let mut names = Self::default();
        for (index, metric) in metrics.iter().enumerate() {
            names.by_slug.insert(metric.slug.clone(), index);
            for name in metric.names() {
                let is_own = name.text == metric.label;
                names.add(&name.text, index, is_own, metric);
            }
        }
        names.metrics = metrics;
        names
    }

    fn add(&mut self, name: &str, metric: usize, is_own: bool, record: &Metric) {
        let small = name.to_lowercase();
        let words: Vec<&str> =
            small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !FUNCTION_WORDS.contains(word)).collect();
        let is_part = matches!(record.kind, MetricKind::Share | MetricKind::Rate) && record.dimension == "ratio";
        let short: Vec<&str> = words.iter().copied().filter(|word| !is_part || !SAID_BY_UNIT.contains(word)).collect();
        let words = if short.is_empty() { words } else { short };
        let stems: Vec<String> = words.iter().map(|word| stem(word).to_string()).collect();
        if let Some(key) = stems.iter().max_by_key(|stem| stem.len()) {
            self.by_stem.entry(key.clone()).or_default().push(self.phrases.len());
            self.phrases.push(Phrase { stems, metric, is_own });
        }
    }

    /// All metrics.
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The metric that the stems mean, if one fits.
    pub fn find(&self, stems: &[&str], wanted: Wanted<'_>) -> Option<&Metric> {
        let mut best: Option<((usize, bool, usize), usize)> = None;
        for key in stems {
            for at in self.by_stem.get(*key).into_iter().flatten() {
                let Some(phrase) = self.phrases.get(*at) else { continue };
                let Some(metric) = self.metrics.get(phrase.metric) else { continue };
                let fits = phrase.stems.iter().all(|stem| stems.contains(&stem.as_str())) && self.fits(metric, wanted);
                let rank = (phrase.stems.len(), phrase.is_own, usize::MAX - phrase.metric);
                if fits && best.is_none_or(|(other, _)| rank > other) {
                    best = Some((rank, phrase.metric));
                }
            }
        }
        let found = self.metrics.get(best?.1)?;
        if wanted.is_change && found.kind != MetricKind::Change { self.change_of(&found.slug, wanted) } else { Some(found) }
    }

    /// Whether dimension and kind fit; where a change is told, the level's own metric fits as well, for its change is meant.
    fn fits(&self, metric: &Metric, wanted: Wanted<'_>) -> bool {
        if metric.slug.as_str() == "unclassified" {
            return false;
        }
        if wanted.is_change {
            return metric.kind == MetricKind::Change || self.change_of(&metric.slug, wanted).is_some();
        }
        // Without a unit, only what is counted can be meant: "casualties climbed past 200,000".
        let same = wanted.dimension.unwrap_or("count") == metric.dimension;
        same && metric.kind != MetricKind::Change && (!wanted.is_price || metric.kind == MetricKind::Rate)
    }

    /// The metric that measures how a level changes.
    fn change_of(&self, level: &Slug, wanted: Wanted<'_>) -> Option<&Metric> {
        self.metrics.iter().find(|metric| {
            metric.change_of.as_ref() == Some(level) && wanted.dimension.is_none_or(|dimension| dimension == metric.dimension)
        })
    }
}
