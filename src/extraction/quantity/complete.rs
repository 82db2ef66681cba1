//! From a number or a pair of them to a quantity: counted noun, bound, rate, and what a share is a share of.

use std::ops::Range;

use super::bound::{self, Bound};
use super::draft::{Draft, Missing};
use super::measure::{self, Measure};
use super::noun::{self, Noun};
use super::number::Form;
use super::range::{self, Pair};
use super::unit::{Sort, Unit};
use super::{Mention, Reader, rate, single, unit};
use crate::domain::decimal::Decimal;
use crate::domain::quantity::Comparator;
use crate::extraction::text::{Kind, Text};
use crate::extraction::word_class::{DEFINITE_DETERMINERS, WordClass};

/// People of whom one tells that they are "under 16".
static NOUNS_OF_PEOPLE_BY_AGE: WordClass = WordClass::named("nouns of people by age");
/// Words after which "over three days" is a bound: "lasted over three days".
static WORDS_OF_LASTING: WordClass = WordClass::named("words of lasting");

/// The quantities that begin at a token: none, one, or the two ends of a change.
pub fn at<'r>(reader: &Reader<'r, '_>, start: usize) -> Vec<Draft<'r>> {
    let text = reader.text;
    let sentence = text.sentences.get(text.sentence_of(start)).cloned().unwrap_or(start..text.tokens.len());
    let Some(first) = measure::at(reader, start) else { return Vec::new() };
    if first.number.form == Form::One && !single::counts(text, &first) {
        return Vec::new();
    }
    match range::pair(reader, first, sentence.clone()) {
        Pair::Single(only) => whole(reader, only, &sentence).into_iter().collect(),
        Pair::Ends(low, high) => ends(reader, low, high, &sentence).into_iter().collect(),
        Pair::Two(from, to) => {
            let mut from = from;
            if from.unit.is_none() {
                from.unit.clone_from(&to.unit);
            }
            let to = Measure { unit: to.unit.clone().or_else(|| from.unit.clone()), ..to };
            [whole(reader, from, &sentence), whole(reader, to, &sentence)].into_iter().flatten().collect()
        }
        Pair::Tolerance(middle, off) => vec![tolerance(reader, middle, off, &sentence)],
    }
}

fn whole<'r>(reader: &Reader<'r, '_>, measure: Measure, sentence: &Range<usize>) -> Option<Draft<'r>> {
    let mut draft = begin(reader, &measure);
    describe(reader, &mut draft, &measure, sentence);
    bounded(reader.text, &mut draft, measure.bound, sentence);
    is_plausible(reader, &draft, sentence).then_some(draft)
}

fn ends<'r>(reader: &Reader<'r, '_>, low: Measure, mut high: Measure, sentence: &Range<usize>) -> Option<Draft<'r>> {
    let text = reader.text;
    if high.unit.is_none() {
        high.unit.clone_from(&low.unit);
    }
    let (start, low_number, dashed) =
        (low.tokens.start, low.number.tokens.start, !text.spaced(low.tokens.end) && text.kind(low.tokens.end) == Some(Kind::Mark));
    let bare = high.unit.is_none() && high.number.scale == 0;
    high.tokens.start = start;
    let mut draft = begin(reader, &high);
    draft.mention.number.start = low_number;
    describe(reader, &mut draft, &high, sentence);
    bounded(text, &mut draft, None, sentence);
    draft.mention.value = low.number.value;
    draft.mention.value2 = Some(high.number.value);
    draft.mention.comparator = Comparator::Range;
    draft.mention.rules.push("value:range");
    // "3-5" alone is a score, a pair of pages, or a name.
    let named = draft.mention.noun.is_some() || draft.is_age || draft.mention.bound.is_some();
    (!(bare && dashed) || named).then_some(draft)
}

fn tolerance<'r>(reader: &Reader<'r, '_>, middle: Measure, off: Measure, sentence: &Range<usize>) -> Draft<'r> {
    let relative = range::is_relative(&middle, &off);
    let share = || &(&middle.number.value * &off.number.value) * &Decimal::power_of_ten(-2);
    let width = if relative { share() } else { off.number.value.clone() };
    let (low, high) = (&middle.number.value - &width, &middle.number.value + &width);
    let unit = middle.unit.clone().or_else(|| off.unit.clone());
    let mut whole = Measure { unit, tokens: middle.tokens.start..off.tokens.end, ..middle };
    whole.number.tokens.end = off.number.tokens.end;
    let mut draft = begin(reader, &whole);
    describe(reader, &mut draft, &whole, sentence);
    (draft.mention.value, draft.mention.value2, draft.mention.comparator) = (low, Some(high), Comparator::Range);
    draft.mention.rules.push("value:tolerance");
    draft
}

fn begin<'r>(reader: &Reader<'r, '_>, measure: &Measure) -> Draft<'r> {
    let form = measure.number.form;
    let value_rule = match form {
        Form::Digits | Form::Separated => "value:digits",
        Form::Words | Form::One | Form::Article => "value:words",
        Form::Vague => "value:lexicon",
        Form::Share => "value:share",
        Form::Multiple => "value:multiple",
    };
    let mention = Mention {
        tokens: measure.tokens.clone(),
        number: measure.number.tokens.clone(),
        bound: None,
        value: measure.number.value.clone(),
        value2: None,
        comparator: if form == Form::Vague { Comparator::Vague } else { Comparator::Eq },
        unit: None,
        noun: None,
        per: None,
        denominator: None,
        is_duration: false,
        is_elided: false,
        rules: vec![value_rule],
    };
    Draft {
        mention,
        sort: Sort::Count,
        form,
        scale: measure.number.scale,
        missing: Missing::Nothing,
        currency_after: false,
        is_age: false,
        uses: reader.uses,
    }
}

/// Unit or noun, and what stands behind it.
fn describe(reader: &Reader<'_, '_>, draft: &mut Draft<'_>, measure: &Measure, sentence: &Range<usize>) {
    let text = reader.text;
    let mut end = measure.tokens.end;
    if let Some(unit) = &measure.unit {
        take(draft, unit, measure);
        end = end.max(unit.tokens.end);
    } else if measure.number.form == Form::Multiple {
        draft.mention.unit = Some("times".to_string());
        draft.sort = Sort::Times;
    } else if age(text, draft, sentence) {
        draft.is_age = true;
        draft.mention.unit = Some("year".to_string());
        draft.sort = Sort::Time;
        draft.mention.rules.push("unit:age");
    } else if draft.form != Form::Share {
        end = counted(reader, draft, end, sentence).unwrap_or(end);
    }
    share_of(reader, draft, sentence);
    if !measure.is_adjective && draft.form != Form::Share {
        rated(text, draft, end, sentence);
    }
}

fn take(draft: &mut Draft<'_>, unit: &Unit, measure: &Measure) {
    draft.mention.unit = Some(unit.name.clone());
    draft.sort = unit.sort;
    draft.mention.noun = Some(unit.tokens.clone());
    draft.mention.per = unit.per.map(str::to_string);
    draft.currency_after = unit.sort == Sort::Money && unit.tokens.start >= measure.number.tokens.end;
    draft.mention.rules.push(if unit.sort == Sort::Count { "unit:adjective" } else { "unit:symbol" });
    // The counted noun of "12-member" is no part of the quotation.
    if unit.sort == Sort::Count && measure.is_adjective {
        draft.mention.tokens.end = measure.tokens.end;
    }
}

/// Finds the counted noun; gives the token after it.
fn counted(reader: &Reader<'_, '_>, draft: &mut Draft<'_>, end: usize, sentence: &Range<usize>) -> Option<usize> {
    let text = reader.text;
    draft.missing = Missing::Noun;
    // "a dozen or so villages", "5,000 or more tanks"
    let end = bound::after(text, end).map_or(end, |(tokens, _)| if text.small(tokens.start) == "or" { tokens.end } else { end });
    let mut from = unit::after_of(text, end, draft.form);
    if text.small(end) == "of" && from == end {
        match text.small(end + 1) {
            "them" | "those" | "these" | "whom" | "which" | "us" | "you"
                if !text.small(end + 1).starts_with("th")
                    || noun::counted(text, reader.uses, end + 2, sentence.end).is_none()
                    || text.small(end + 1) == "them" =>
            {
                draft.missing = Missing::Other;
                return None;
            }
            _ => from = after_determiners(text, end + 1),
        }
    } else if from > end {
        from = after_determiners(text, from);
    }
    from += usize::from(matches!(text.small(from), "more" | "fewer" | "less") && text.small(from + 1) != "than");
    let noun = noun_at(reader, draft, from, sentence.end)?;
    if matches!(noun.lemma.as_str(), "other" | "one") {
        draft.missing = Missing::Other;
        return None;
    }
    let after = noun.tokens.end;
    // "three more years", "five straight days" measure time all the same.
    draft.sort = if unit::sort_of(&noun.lemma) == Sort::Time { Sort::Time } else { Sort::Count };
    if draft.sort == Sort::Time && text.small(end) != "of" {
        draft.mention.tokens.end = after;
    }
    draft.mention.unit = Some(noun.lemma);
    draft.mention.noun = Some(noun.tokens);
    draft.missing = Missing::Nothing;
    draft.mention.rules.push("unit:noun");
    Some(after)
}

fn noun_at(reader: &Reader<'_, '_>, draft: &Draft<'_>, from: usize, limit: usize) -> Option<Noun> {
    let Reader { text, uses, .. } = *reader;
    let is_one = draft.form == Form::One || draft.mention.value == Decimal::whole(1) && draft.form == Form::Digits;
    if is_one && text.small(draft.mention.tokens.end) != "of" {
        let digit = draft.form == Form::Digits;
        return noun::single(text, uses, from, limit).filter(|noun| !digit || noun::singular(&noun.lemma).is_none());
    }
    let found = noun::counted(text, uses, from, limit).or_else(|| noun::victims(text, from, limit));
    // "Thousands fled": people, when nothing else is named.
    let alone = draft.form == Form::Vague && text.small(draft.mention.tokens.end) != "of" && draft.scale == 0;
    found.or_else(|| alone.then(|| Noun { tokens: draft.mention.number.clone(), lemma: "person".to_string() }))
}

fn after_determiners(text: &Text<'_>, mut at: usize) -> usize {
    while DEFINITE_DETERMINERS.contains(text.small(at)) || matches!(text.small(at), "such" | "other") {
        at += 1;
    }
    at
}

/// "aged 34", "Maria Lopez, 34, said".
fn age(text: &Text<'_>, draft: &Draft<'_>, sentence: &Range<usize>) -> bool {
    let start = draft.mention.tokens.start;
    let Some(before) = start.checked_sub(1).filter(|before| *before >= sentence.start) else { return false };
    if !matches!(draft.form, Form::Digits | Form::Words) || draft.scale > 0 || draft.mention.value > Decimal::whole(120) {
        return false;
    }
    let word = text.small(before);
    let person = before.checked_sub(1).map_or("", |before| text.small(before));
    if matches!(word, "under" | "over" | "above" | "below")
        && !noun::ends_phrase(person)
        && text.kind(draft.mention.tokens.end) != Some(Kind::Word)
    {
        return NOUNS_OF_PEOPLE_BY_AGE.contains(person);
    }
    let lead = if matches!(word, "about" | "around" | "over" | "under" | "between" | "from") { before.saturating_sub(1) } else { before };
    if matches!(text.small(lead), "aged" | "ages")
        || text.small(lead) == "age"
            && (text.kind(draft.mention.tokens.end) != Some(Kind::Word) || noun::ends_phrase(text.small(draft.mention.tokens.end)))
    {
        return true;
    }
    let apposed = text.is_mark(before, ',') && before > 0 && text.is_capital(before - 1) && text.word(before - 1).len() > 2;
    let closes = matches!(text.word(draft.mention.tokens.end), "," | ")") && draft.form == Form::Digits;
    let named = before >= 2 && (text.is_capital(before - 2) || before.saturating_sub(1) == sentence.start);
    apposed && closes && named && draft.mention.tokens.len() == 1 && draft.mention.value >= Decimal::whole(3)
}

/// "of GDP" belongs to the quotation; any other whole is only told.
fn share_of(reader: &Reader<'_, '_>, draft: &mut Draft<'_>, sentence: &Range<usize>) {
    let text = reader.text;
    let end = draft.mention.tokens.end;
    let share = draft.form == Form::Share && draft.mention.unit.is_none() || draft.mention.unit.as_deref() == Some("percent");
    if !share || text.small(end) != "of" {
        return;
    }
    let from = after_determiners(text, end + 1);
    let mut at = from;
    while at < sentence.end
        && at < from + 8
        && (text.kind(at) == Some(Kind::Word) && !noun::ends_phrase(text.small(at)) || is_possessive(text, at))
    {
        at += 1;
    }
    if at == from {
        return;
    }
    draft.mention.denominator = Some(from..at);
    if matches!(text.word(at - 1), "GDP" | "GNP" | "GNI") && draft.mention.unit.is_some() && at - from <= 2 {
        draft.mention.tokens.end = at;
    }
}

fn is_possessive(text: &Text<'_>, at: usize) -> bool {
    matches!(text.word(at), "’" | "'" | "-") && !text.spaced(at) || text.small(at) == "s" && !text.spaced(at)
}

fn rated(text: &Text<'_>, draft: &mut Draft<'_>, end: usize, sentence: &Range<usize>) {
    if draft.mention.per.is_some() || draft.sort == Sort::Time && text.small(end) != "per" && text.small(end) != "a" {
        return;
    }
    let shares = draft.sort == Sort::Share;
    let found = rate::adjacent(text, end, draft.sort).map(|rate| (rate, "per:adjacent"));
    let found = found.or_else(|| (!shares).then(|| rate::distant(text, end, sentence.end)).flatten().map(|rate| (rate, "per:clause")));
    let counts = matches!(draft.sort, Sort::Money | Sort::Count | Sort::Measure);
    let found = found.or_else(|| {
        counts.then(|| rate::named_before(text, draft.mention.tokens.start, sentence.start)).flatten().map(|rate| (rate, "per:adjective"))
    });
    if let Some((rate, rule)) = found {
        draft.mention.per = Some(rate.per);
        draft.mention.rules.push(rule);
    }
}

fn bounded(text: &Text<'_>, draft: &mut Draft<'_>, glued: Option<Bound>, sentence: &Range<usize>) {
    let noun_end = draft.mention.noun.as_ref().map_or(draft.mention.tokens.end, |noun| noun.end.max(draft.mention.tokens.end));
    let before = bound::before(text, draft.mention.tokens.start, sentence.start).filter(|bound| !is_lasting(text, draft, bound));
    // "as much as a 500-pound bomb" bounds no bomb.
    let before = before.filter(|(tokens, _)| {
        !(text.is_mark(draft.mention.number.end, '-')
            && text.small(draft.mention.tokens.start.wrapping_sub(1)) == "a"
            && tokens.end < draft.mention.tokens.start)
    });
    let found = glued.or_else(|| before.map(|bound| bound::negated(text, bound, sentence.start)));
    let after_number = draft.mention.number.end;
    let found = found.or_else(|| [draft.mention.tokens.end, noun_end, after_number].into_iter().find_map(|end| bound::after(text, end)));
    if let Some((tokens, comparator)) = found {
        draft.mention.bound = Some(tokens);
        draft.mention.comparator = comparator;
        draft.mention.rules.push("comparator:words");
    }
}

/// "over three days" tells how long something took; "for over three days" is a bound.
fn is_lasting(text: &Text<'_>, draft: &Draft<'_>, (tokens, comparator): &Bound) -> bool {
    let lead = tokens.start.checked_sub(1).map_or("", |before| text.small(before));
    *comparator == Comparator::Gt
        && tokens.len() == 1
        && text.small(tokens.start) == "over"
        && draft.sort == Sort::Time
        && draft.mention.unit.is_some()
        && !draft.is_age
        && !WORDS_OF_LASTING.contains(lead)
}

/// Whether a number without unit and bound can be a quantity at all.
fn is_plausible(reader: &Reader<'_, '_>, draft: &Draft<'_>, sentence: &Range<usize>) -> bool {
    let text = reader.text;
    // "the two sides" counts nothing that was not known.
    if draft.mention.unit.as_deref() == Some("side")
        && draft.form == Form::Words
        && text.small(draft.mention.tokens.start.wrapping_sub(1)) == "the"
    {
        return false;
    }
    if draft.mention.unit.is_some() || draft.missing != Missing::Noun {
        return true;
    }
    let number = draft.mention.number.clone();
    if text.tables.value_at(number.start).is_some() {
        return true;
    }
    let year = draft.form == Form::Digits && number.len() == 1 && super::digits::is_year(text.word(number.start));
    if year {
        return false;
    }
    single::stands_alone(text, draft, sentence)
}
