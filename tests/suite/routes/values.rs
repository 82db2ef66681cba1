//! Numbers: from the printed words to the interval, by every rule of the model; and what holds for all numbers.

use figurebase::domain::decimal::Decimal;
use figurebase::domain::id::{ClaimId, MetricKey};
use figurebase::domain::interval::{End, Interval};
use figurebase::domain::period::{Period, day_number, day_of};
use figurebase::domain::quantity::{Comparator, NewQuantity, Quantity, ValueDomain};
use figurebase::domain::slug::Slug;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use super::add_claims::{added, writing};

/// The interval as in mathematics: `[239.5,240.5]`, `(100000,)`.
fn interval(value: &Value) -> String {
    let end = |name: &str| value[name].as_str().unwrap_or_default().to_string();
    let open = if value["low_inclusive"] == true { '[' } else { '(' };
    let close = if value["high_inclusive"] == true { ']' } else { ')' };
    format!("{open}{},{}{close}", end("low_exact"), end("high_exact"))
}

/// What is sent for a metric and unit, and what it becomes: comparator, printed number, interval, precision, rule.
type Case = (&'static str, &'static str, Value, &'static str, Option<&'static str>, &'static str, Option<i64>, &'static str);

async fn hold(cases: Vec<Case>) {
    let (app, key) = writing().await;
    for (metric, unit, sent, comparator, best, ends, decimals, rule) in cases {
        let mut value = sent.clone();
        value["unit"] = unit.into();
        let claim = added(&app, &key, &json!({"metric": metric, "value": value})).await;
        let shown = &claim["value"];
        let found = (shown["comparator"].as_str().unwrap(), shown["best_exact"].as_str(), interval(shown), shown["decimals"].as_i64());
        assert_eq!(found, (comparator, best, ends.to_string(), decimals), "{metric} {sent}");
        assert_eq!(shown["rule"], rule, "{metric} {sent}");
        for name in ["best", "low", "high"] {
            let exact = shown[format!("{name}_exact")].as_str();
            let plain = exact.map(|exact| exact.parse::<f64>().unwrap());
            assert_eq!(shown[name].as_f64(), plain, "{metric} {sent}: {name}");
        }
    }
}

fn people(sent: Value, comparator: &'static str, best: &'static str, ends: &'static str, decimals: i64, rule: &'static str) -> Case {
    ("refugees", "person", sent, comparator, Some(best), ends, Some(decimals), rule)
}

fn dollars(words: &'static str, best: &'static str, ends: &'static str, decimals: i64) -> Case {
    ("trade-value", "USD", json!({"original": words, "best_exact": best}), "eq", Some(best), ends, Some(decimals), "precision.printed")
}

fn share(sent: Value, comparator: &'static str, best: &'static str, ends: &'static str, rule: &'static str) -> Case {
    ("arms-exports-share", "percent", sent, comparator, Some(best), ends, Some(0), rule)
}

fn vague(words: &'static str, best: &'static str, ends: &'static str) -> Case {
    ("refugees", "person", json!({"original": words, "comparator": "vague"}), "vague", Some(best), ends, None, "lexicon.1")
}

#[tokio::test]
async fn a_plain_number_admits_half_a_unit_of_its_last_digit_on_both_sides() {
    hold(vec![
        people(json!({"best": 100_000}), "eq", "100000", "[99999.5,100000.5]", 0, "precision.printed"),
        people(json!({"comparator": "eq", "best_exact": "12.50"}), "eq", "12.5", "[12.495,12.505]", 2, "precision.printed"),
        people(json!({"best_exact": "1e6"}), "eq", "1000000", "[500000,1500000]", -6, "precision.printed"),
        people(json!({"best_exact": "5000", "decimals": -3}), "eq", "5000", "[4500,5500]", -3, "precision.printed"),
        people(json!({"best": 0}), "eq", "0", "[0,0.5]", 0, "precision.printed"),
    ])
    .await;
}

#[tokio::test]
async fn bounds_are_open_or_closed_as_their_words_say() {
    hold(vec![
        people(json!({"comparator": "gt", "best": 100_000}), "gt", "100000", "(100000,)", 0, "bound.gt"),
        people(json!({"comparator": "ge", "best": 100_000}), "ge", "100000", "[100000,)", 0, "bound.ge"),
        people(json!({"comparator": "lt", "best": 5_000}), "lt", "5000", "[0,5000)", 0, "bound.lt"),
        people(json!({"comparator": "le", "best": 5_000}), "le", "5000", "[0,5000]", 0, "bound.le"),
        people(json!({"comparator": "lt", "best": 40, "original": "fewer than 40"}), "lt", "40", "[0,40)", 0, "bound.lt"),
    ])
    .await;
}

#[tokio::test]
async fn about_means_ten_percent_but_never_less_than_the_printed_precision() {
    hold(vec![
        people(json!({"comparator": "approx", "best": 200}), "approx", "200", "[180,220]", 0, "approx.about"),
        people(json!({"comparator": "approx", "best": 3}), "approx", "3", "[2.5,3.5]", 0, "approx.about"),
        people(
            json!({"comparator": "approx", "best": 1_000_000_000, "original": "about 1 billion"}),
            "approx",
            "1000000000",
            "[500000000,1500000000]",
            -9,
            "approx.about",
        ),
        people(
            json!({"comparator": "approx", "best": 1_000_000_000, "original": "about 1.00 billion"}),
            "approx",
            "1000000000",
            "[900000000,1100000000]",
            -7,
            "approx.about",
        ),
        people(json!({"comparator": "approx", "best": 0}), "approx", "0", "[0,0.5]", 0, "approx.about"),
    ])
    .await;
}

#[tokio::test]
async fn almost_means_from_nine_tenths_up_to_but_without_the_number() {
    let almost = |words: &str, comparator: &str| json!({"original": words, "comparator": comparator, "best": 5000});
    hold(vec![
        people(almost("almost 5,000", "approx"), "approx", "5000", "[4500,5000)", 0, "approx.below"),
        people(almost("Nearly 5,000", "approx"), "approx", "5000", "[4500,5000)", 0, "approx.below"),
        people(almost("nearly 5,000", "lt"), "lt", "5000", "[4500,5000)", 0, "approx.below"),
        people(almost("under 5,000", "lt"), "lt", "5000", "[0,5000)", 0, "bound.lt"),
        people(almost("about 5,000", "approx"), "approx", "5000", "[4500,5500]", 0, "approx.about"),
    ])
    .await;
}

#[tokio::test]
async fn vague_plurals_follow_the_lexicon() {
    hold(vec![
        vague("dozens", "12", "[12,120)"),
        vague("tens of civilians", "10", "[10,100)"),
        vague("Hundreds", "100", "[100,1000)"),
        vague("hundreds of thousands of people", "100000", "[100000,1000000)"),
        vague("tens of thousands", "10000", "[10000,100000)"),
        vague("millions were deprived", "1000000", "[1000000,10000000)"),
        vague("scores", "20", "[20,200)"),
        ("refugees", "person", json!({"comparator": "vague", "best": 30}), "vague", Some("30"), "[30,300)", None, "lexicon.1"),
    ])
    .await;
}

#[tokio::test]
async fn stated_bounds_are_the_interval() {
    let stated = |sent, comparator, best, ends, decimals| ("refugees", "person", sent, comparator, best, ends, decimals, "stated");
    hold(vec![
        stated(json!({"comparator": "range", "low": 5, "high": 7}), "range", None, "[5,7]", None),
        stated(json!({"low": 5, "high": 7}), "range", None, "[5,7]", None),
        stated(json!({"low": 5, "high": 7, "high_inclusive": false}), "range", None, "[5,7)", None),
        stated(json!({"low": 7, "high": 7}), "range", None, "[7,7]", None),
        stated(json!({"best": 10, "low": 8, "high": 15}), "eq", Some("10"), "[8,15]", Some(0)),
        stated(json!({"best": 10, "comparator": "approx", "low": 8}), "approx", Some("10"), "[8,)", Some(0)),
        stated(json!({"low": 8}), "ge", Some("8"), "[8,)", Some(0)),
        stated(json!({"low": 8, "low_inclusive": false}), "gt", Some("8"), "(8,)", Some(0)),
        stated(json!({"high": 8}), "le", Some("8"), "(,8]", Some(0)),
        stated(json!({"high": 8, "high_inclusive": false}), "lt", Some("8"), "(,8)", Some(0)),
    ])
    .await;
}

#[tokio::test]
async fn an_absent_number_says_why_and_has_no_bounds() {
    let absent = |word| ("refugees", "person", json!({"comparator": word}), word, None, "(,)", None, "absent");
    hold(vec![absent("unknown"), absent("none"), absent("withheld")]).await;
}

#[tokio::test]
async fn a_share_is_clipped_to_its_whole() {
    hold(vec![
        share(json!({"comparator": "gt", "best": 90, "original": "over 90%"}), "gt", "90", "(90,100]", "bound.gt"),
        share(json!({"comparator": "ge", "best": 100}), "ge", "100", "[100,100]", "bound.ge"),
        share(json!({"best": 100}), "eq", "100", "[99.5,100]", "precision.printed"),
        share(json!({"best": 0}), "eq", "0", "[0,0.5]", "precision.printed"),
        share(json!({"comparator": "le", "best": 50}), "le", "50", "[0,50]", "bound.le"),
        share(json!({"comparator": "approx", "best": 95}), "approx", "95", "[85.5,100]", "approx.about"),
        ("arms-exports-share", "per-mille", json!({"comparator": "gt", "best": 900}), "gt", Some("900"), "(900,1000]", Some(0), "bound.gt"),
        ("arms-exports-share", "ratio", json!({"comparator": "gt", "best": 0.9}), "gt", Some("0.9"), "(0.9,1]", Some(1), "bound.gt"),
    ])
    .await;
}

#[tokio::test]
async fn a_share_outside_its_whole_is_stored_as_it_is() {
    hold(vec![
        share(json!({"best": 120}), "eq", "120", "[119.5,120.5]", "precision.printed"),
        share(json!({"best": -5}), "eq", "-5", "[-5.5,-4.5]", "precision.printed"),
        share(json!({"comparator": "gt", "best": 120}), "gt", "120", "(120,)", "bound.gt"),
        share(json!({"best": 50, "low": -5, "high": 120}), "eq", "50", "[-5,120]", "stated"),
    ])
    .await;
}

#[tokio::test]
async fn counts_and_money_have_no_numbers_below_zero_but_a_number_that_is_below_keeps_its_interval() {
    let money =
        |sent, comparator, best, ends, decimals, rule| ("trade-balance", "USD", sent, comparator, Some(best), ends, Some(decimals), rule);
    hold(vec![
        money(
            json!({"original": "-$50 billion", "best_exact": "-50000000000"}),
            "eq",
            "-50000000000",
            "[-50500000000,-49500000000]",
            -9,
            "precision.printed",
        ),
        money(json!({"comparator": "approx", "best": -200}), "approx", "-200", "[-220,-180]", 0, "approx.about"),
        money(json!({"comparator": "lt", "best": -200}), "lt", "-200", "(,-200)", 0, "bound.lt"),
        money(json!({"comparator": "approx", "best": -200, "original": "almost -200"}), "approx", "-200", "(-200,-180]", 0, "approx.below"),
        // A balance can be below zero by nature; its metric says so.
        money(json!({"comparator": "lt", "best": 200}), "lt", "200", "(,200)", 0, "bound.lt"),
        ("grain-exports", "tonne", json!({"comparator": "le", "best": 3}), "le", Some("3"), "[0,3]", Some(0), "bound.le"),
    ])
    .await;
}

#[tokio::test]
async fn changes_and_rates_are_not_clipped() {
    hold(vec![
        ("exports-change", "percent", json!({"comparator": "lt", "best": 5}), "lt", Some("5"), "(,5)", Some(0), "bound.lt"),
        ("exports-change", "percent", json!({"best": 164}), "eq", Some("164"), "[163.5,164.5]", Some(0), "precision.printed"),
        ("inflation-rate", "percent", json!({"best_exact": "-0.3"}), "eq", Some("-0.3"), "[-0.35,-0.25]", Some(1), "precision.printed"),
        ("inflation-rate", "percent", json!({"comparator": "gt", "best": 90}), "gt", Some("90"), "(90,)", Some(0), "bound.gt"),
    ])
    .await;
}

#[tokio::test]
async fn the_printed_words_tell_the_precision() {
    hold(vec![
        dollars("$240 billion", "240000000000", "[239500000000,240500000000]", -9),
        dollars("$240.0 billion", "240000000000", "[239950000000,240050000000]", -8),
        dollars("$1.2 bn", "1200000000", "[1150000000,1250000000]", -8),
        dollars("1,234.5", "1234.5", "[1234.45,1234.55]", 1),
        dollars("1.234,50 euros", "1234.5", "[1234.495,1234.505]", 2),
        dollars("7 million", "7000000", "[6500000,7500000]", -6),
        dollars("3 lakh", "300000", "[250000,350000]", -5),
        dollars("2.50 crore", "25000000", "[24950000,25050000]", -5),
        dollars("100,000", "100000", "[99999.5,100000.5]", 0),
        dollars("1 234 567", "1234567", "[1234566.5,1234567.5]", 0),
        dollars("USD 6k", "6000", "[5500,6500]", -3),
        dollars("in 2023 it was 1.5 trillion", "1500000000000", "[1450000000000,1550000000000]", -11),
        dollars("two million", "2000000", "[1999999.5,2000000.5]", 0),
    ])
    .await;
    hold(vec![(
        "aid-share-of-gdp",
        "percent",
        json!({"original": "0.04%", "best_exact": "0.04"}),
        "eq",
        Some("0.04"),
        "[0.035,0.045]",
        Some(2),
        "precision.printed",
    )])
    .await;
}

#[tokio::test]
async fn a_stated_precision_goes_before_the_printed_words() {
    hold(vec![people(
        json!({"best": 7_000_000, "original": "7 million", "decimals": 0}),
        "eq",
        "7000000",
        "[6999999.5,7000000.5]",
        0,
        "precision.printed",
    )])
    .await;
}

#[tokio::test]
async fn numbers_at_the_edge_of_what_is_kept_have_exact_intervals() {
    hold(vec![
        people(
            json!({"best_exact": "1234567890123456789012345678"}),
            "eq",
            "1234567890123456789012345678",
            "[1234567890123456789012345677.5,1234567890123456789012345678.5]",
            0,
            "precision.printed",
        ),
        people(
            json!({"best_exact": "1e28"}),
            "eq",
            "10000000000000000000000000000",
            "[5000000000000000000000000000,15000000000000000000000000000]",
            -28,
            "precision.printed",
        ),
        people(
            json!({"best_exact": "1e-28"}),
            "eq",
            "0.0000000000000000000000000001",
            "[0.00000000000000000000000000005,0.00000000000000000000000000015]",
            28,
            "precision.printed",
        ),
    ])
    .await;
}

#[tokio::test]
async fn the_rule_is_always_ours() {
    let (app, key) = writing().await;
    let value = json!({"best": 5, "unit": "person", "rule": "bound.gt"});
    let claim = added(&app, &key, &json!({"metric": "refugees", "value": value})).await;
    assert_eq!(claim["value"]["rule"], "precision.printed");
}

#[tokio::test]
async fn intervals_are_searched_exactly() {
    let (app, key) = writing().await;
    let claim = json!({"metric": "arms-exports-share", "value": {"comparator": "gt", "best": 90, "unit": "percent"}});
    added(&app, &key, &claim).await;
    let count = async |query: &str| app.ids(&format!("/v1/claims?metric=arms-exports-share&{query}")).await.len();
    assert_eq!(count("value_max=90").await, 0);
    assert_eq!(count("value_max=90.0000000000000000000000001").await, 1);
    assert_eq!(count("value_min=100").await, 1);
    assert_eq!(count("value_min=100.0000000000000000000000001").await, 0);
    assert_eq!(count("value_min=95&value_match=certain").await, 0);
    assert_eq!(count("value_min=90&value_match=certain").await, 1);
}

fn without_regressions() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Any number that may be sent, as text: up to 28 digits, and a power of ten that keeps it in range.
fn number_text() -> impl Strategy<Value = String> {
    ("-?[1-9][0-9]{0,27}", -28_i64..=28).prop_map(|(digits, exponent)| {
        let count = i64::try_from(digits.trim_start_matches('-').len()).unwrap();
        format!("{digits}e{}", exponent.min(29 - count))
    })
}

fn number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        9 => number_text().prop_map(|text| Decimal::parse(&text).unwrap()),
        1 => Just(Decimal::whole(0)),
        3 => (-1000_i64..1000).prop_map(Decimal::whole),
    ]
}

fn end() -> impl Strategy<Value = Option<End>> {
    prop_oneof![1 => Just(None), 4 => (number(), any::<bool>()).prop_map(|(at, inclusive)| Some(End { at, inclusive }))]
}

proptest! {
    #![proptest_config(without_regressions())]

    #[test]
    fn a_number_written_out_and_read_again_is_the_same(text in number_text()) {
        let read = Decimal::parse(&text).unwrap();
        let written = read.to_string();
        prop_assert!(!written.contains(['e', 'E', '+']), "{written}");
        let again = Decimal::parse(&written).unwrap();
        prop_assert_eq!(&again, &read);
        prop_assert_eq!(again.to_string(), written);
    }

    #[test]
    fn zeros_behind_the_point_change_nothing_about_a_number(whole in "[1-9][0-9]{0,10}", zeros in "0{1,10}") {
        let plain = Decimal::parse(&whole).unwrap();
        let padded = Decimal::parse(&format!("{whole}.{zeros}")).unwrap();
        prop_assert_eq!(padded.to_string(), whole);
        prop_assert_eq!(padded.sort_key(), plain.sort_key());
        prop_assert_eq!(padded, plain);
    }

    #[test]
    fn sort_keys_stand_in_the_order_of_the_numbers(a in number(), b in number()) {
        prop_assert_eq!(a.sort_key().as_bytes().cmp(b.sort_key().as_bytes()), a.cmp(&b), "{} {}", a, b);
    }

    #[test]
    fn sort_keys_of_neighbours_stand_in_the_order_of_the_numbers(a in number(), places in -28_i32..28) {
        let next = &a + &Decimal::power_of_ten(places);
        prop_assert!(a.sort_key() < next.sort_key(), "{} {}", a, next);
    }

    #[test]
    fn a_sort_key_leads_back_to_its_number(number in number()) {
        prop_assert_eq!(Decimal::from_sort_key(&number.sort_key()), Some(number));
    }

    #[test]
    fn no_text_breaks_the_reading_of_numbers(text in "\\PC{0,40}|[-+0-9.eE]{0,60}|[012][0-9~é]{0,8}") {
        if let Ok(number) = Decimal::parse(&text) {
            prop_assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
        }
        drop(Decimal::from_sort_key(&text));
    }

    #[test]
    fn an_interval_written_out_and_read_again_is_the_same(low in end(), high in end()) {
        if let Some(interval) = Interval::new(low, high) {
            let text = serde_json::to_string(&interval).unwrap();
            prop_assert_eq!(serde_json::from_str::<Interval>(&text).unwrap(), interval, "{}", text);
        }
    }

    #[test]
    fn an_interval_has_a_number_in_it_or_is_none(low in number(), high in number(), ends in any::<(bool, bool)>()) {
        let made = Interval::new(Some(End { at: low.clone(), inclusive: ends.0 }), Some(End { at: high.clone(), inclusive: ends.1 }));
        let middle = &(&low + &high) * &Decimal::parse("0.5").unwrap();
        match made {
            Some(interval) => prop_assert!(interval.contains(&middle), "{interval}"),
            None => prop_assert!(low > high || (low == high && ends != (true, true))),
        }
    }

    #[test]
    fn a_clipped_interval_holds_what_both_hold(a in (end(), end()), b in (end(), end()), probe in number()) {
        if let (Some(a), Some(b)) = (Interval::new(a.0, a.1), Interval::new(b.0, b.1)) {
            let both = a.contains(&probe) && b.contains(&probe);
            prop_assert_eq!(a.clipped_to(&b).is_some_and(|clipped| clipped.contains(&probe)), both, "{} {} {}", a, b, probe);
        }
    }

    #[test]
    fn an_interval_made_by_a_rule_holds_the_printed_number_unless_its_end_is_open(
        text in number_text(), position in 0..6_usize, clipped in any::<bool>(),
    ) {
        let comparator = [Comparator::Eq, Comparator::Approx, Comparator::Ge, Comparator::Le, Comparator::Gt, Comparator::Lt][position];
        let best = Decimal::parse(&text).unwrap();
        let new = NewQuantity {
            comparator: Some(comparator),
            best: Some((best.clone(), text)),
            unit: Some(Slug::parse("person").unwrap()),
            ..NewQuantity::default()
        };
        let domain = if clipped { ValueDomain::NotNegative } else { ValueDomain::Unbounded };
        let made = Quantity::understand(new, &domain).unwrap();
        let open = matches!(comparator, Comparator::Gt | Comparator::Lt);
        prop_assert_eq!(made.interval.contains(&best), !open, "{}", made.interval);
        let text = serde_json::to_string(&made).unwrap();
        prop_assert_eq!(serde_json::from_str::<Quantity>(&text).unwrap(), made);
    }

    #[test]
    fn no_text_breaks_the_reading_of_periods(text in "\\PC{0,60}|[-0-9XYSuE/.~?%{},\\[\\]TZ:+]{0,24}|-?[0-9]{1,6}(-[0-9]{2}){0,2}[~?%]?") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(period.as_str()), Ok(period.clone()), "{}", text);
            if let (Some(start), Some(end)) = (period.start(), period.end()) {
                prop_assert!(start <= end, "{}", text);
            }
        }
    }

    #[test]
    fn a_day_number_leads_back_to_its_day(number in -4_371_000_i64..2_932_000) {
        if let Some(day) = day_of(number) {
            prop_assert_eq!(day_number(day), number);
        }
    }

    #[test]
    fn a_claim_id_written_out_and_read_again_is_the_same(metric in 0_i64..(1 << 48), uuid in any::<u128>()) {
        let id = ClaimId { metric: MetricKey::from_number(metric), uuid: Uuid::from_u128(uuid) };
        let text = id.to_string();
        prop_assert_eq!(text.len(), 40);
        prop_assert_eq!(ClaimId::parse(&text), Ok(id));
    }

    #[test]
    fn claim_ids_stand_in_the_order_of_their_texts(a in (0_i64..(1 << 48), any::<u128>()), b in (0_i64..(1 << 48), any::<u128>())) {
        let id = |(metric, uuid)| ClaimId { metric: MetricKey::from_number(metric), uuid: Uuid::from_u128(uuid) };
        let (a, b) = (id(a), id(b));
        prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
    }

    #[test]
    fn no_text_breaks_the_reading_of_claim_ids(text in "\\PC{0,50}|clm_[0-9a-vA-V]{30,40}") {
        if let Ok(id) = ClaimId::parse(&text) {
            prop_assert_eq!(ClaimId::parse(&id.to_string()), Ok(id));
        }
    }
}
