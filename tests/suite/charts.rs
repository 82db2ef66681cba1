//! Charts of claims, read back as a reader of the picture would: what stands where, in which shape, and in which words.

use figurebase::domain::decimal::Decimal;
use figurebase::domain::interval::{End, Interval};
use figurebase::domain::period::{DAY_MAX, DAY_MIN, Period};
use figurebase::domain::quantity::Comparator;
use figurebase::exchange::chart::{Chart, Dot, rows, timeline};
use roxmltree::{Document, Node};

/// What tries to be more than text.
const HOSTILE: [&str; 9] = [
    "</text><script>alert(1)</script>",
    "\" onload=\"alert(1)",
    "]]><!-- &amp; <b>",
    "\u{0}\u{1b}[31m\u{7f}\u{85}\r\n",
    "\u{202e}gnp.exe\u{2066}",
    "\u{fffe}\u{fdd0}",
    "وزارة الدفاع في جمهورية سيلفانيا",
    "e\u{301}\u{301}\u{301}\u{301}",
    "   ",
];

fn number(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn interval(low: &str, high: &str) -> Interval {
    let end = |text: &str| (!text.is_empty()).then(|| End::closed(number(text)));
    Interval::new(end(low), end(high)).unwrap()
}

fn dot(label: &str, comparator: Comparator, best: &str, low: &str, high: &str) -> Dot {
    let best = (!best.is_empty()).then(|| number(best));
    Dot { label: label.into(), year: "2024".into(), ..Dot::new(comparator, best, interval(low, high)) }
}

fn of_time(dot: Dot, period: &str) -> Dot {
    Dot { days: Some(Period::parse(period).unwrap().days()), ..dot }
}

fn chart(dots: Vec<Dot>) -> Chart {
    Chart { title: "Aid to Freedonia".into(), subtitle: "2024".into(), unit: "US dollar".into(), dots, ..Chart::default() }
}

/// The picture, held to what every picture is held to.
fn checked(svg: &str) -> Document<'_> {
    let picture = Document::parse(svg).unwrap();
    let root = picture.root_element();
    assert!(root.has_tag_name(("http://www.w3.org/2000/svg", "svg")));
    assert_eq!((root.attribute("role"), root.attribute("width")), (Some("img"), Some("760")));
    let height: f64 = root.attribute("height").unwrap().parse().unwrap();
    assert!(height > 50.0);
    let ids: Vec<&str> = root.children().filter_map(|child| child.attribute("id")).collect();
    assert_eq!(root.attribute("aria-labelledby").unwrap().split(' ').collect::<Vec<_>>(), ids);
    for node in picture.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        assert!(["svg", "title", "desc", "rect", "g", "text", "path", "circle"].contains(&name), "{name}");
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on") && attribute.name() != "href", "{}", attribute.name());
            assert!(!["NaN", "inf"].iter().any(|word| attribute.value().contains(word)), "{}", attribute.value());
        }
        for (name, most) in [("x", 760.0), ("cx", 760.0), ("y", height), ("cy", height)] {
            let place: f64 = node.attribute(name).map_or(0.0, |text| text.parse().unwrap());
            assert!((0.0..=most).contains(&place), "{name} {place} of {most}");
        }
    }
    picture
}

fn of_class<'a, 'i>(node: Node<'a, 'i>, class: &str) -> Vec<Node<'a, 'i>> {
    let has = |node: &Node<'_, '_>| node.attribute("class").is_some_and(|words| words.split(' ').any(|word| word == class));
    node.descendants().filter(has).collect()
}

fn texts(node: Node<'_, '_>) -> Vec<String> {
    node.descendants().filter(|node| node.has_tag_name("text")).map(|node| node.text().unwrap_or_default().to_string()).collect()
}

fn place(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// How many filled dots, open dots, arrows, lines, ranges each row or mark has.
fn marks(node: Node<'_, '_>) -> [usize; 5] {
    let open = of_class(node, "fb-open").len();
    let count = |class| of_class(node, class).len();
    [count("fb-dot") - open, open, count("fb-arrow"), count("fb-interval"), count("fb-range")]
}

#[test]
fn each_kind_of_number_has_its_own_marks() {
    use Comparator::{Approx, Eq, Ge, Gt, Le, Lt, None, Range, Unknown, Vague, Withheld};
    let cases = [
        (dot("a", Eq, "240", "200", "260"), [1, 0, 0, 1, 0]),
        (dot("b", Eq, "240", "240", "240"), [1, 0, 0, 0, 0]),
        (dot("c", Approx, "240", "200", "260"), [0, 1, 0, 1, 0]),
        (dot("d", Vague, "", "24", ""), [0, 1, 1, 1, 0]),
        (dot("e", Ge, "240", "240", ""), [1, 0, 1, 1, 0]),
        (dot("f", Gt, "240", "240", ""), [0, 1, 1, 1, 0]),
        (dot("g", Le, "240", "0", "240"), [1, 0, 1, 1, 0]),
        (dot("h", Lt, "", "", "240"), [0, 1, 1, 1, 0]),
        (dot("i", Range, "", "100", "240"), [2, 0, 0, 0, 1]),
        (dot("j", Vague, "", "", ""), [0, 0, 2, 1, 0]),
        (dot("k", Unknown, "", "", ""), [0; 5]),
        (dot("l", None, "", "", ""), [0; 5]),
        (dot("m", Withheld, "", "", ""), [0; 5]),
    ];
    let (dots, expected): (Vec<Dot>, Vec<_>) = cases.into_iter().unzip();
    let svg = rows(&chart(dots.clone()));
    let picture = checked(&svg);
    let found = of_class(picture.root(), "fb-row");
    assert_eq!(found.len(), expected.len());
    for ((row, dot), expected) in found.iter().zip(&dots).zip(&expected) {
        assert_eq!(marks(*row), *expected, "row {}", dot.label);
        assert!(row.first_element_child().is_some_and(|title| title.has_tag_name("title")));
    }
    let drawn = dots.into_iter().zip(expected).filter(|(dot, _)| !dot.comparator.is_absence() && dot.interval != Interval::unbounded());
    let (dots, expected): (Vec<Dot>, Vec<_>) = drawn.map(|(dot, marks)| (of_time(dot, "2024"), marks)).unzip();
    let svg = timeline(&chart(dots));
    let picture = checked(&svg);
    assert_eq!(of_class(picture.root(), "fb-mark").into_iter().map(marks).collect::<Vec<_>>(), expected);
}

#[test]
fn numbers_are_told_as_printed_or_else_exactly() {
    let printed = Dot { printed: Some("a cool $240bn".into()), ..dot("a", Comparator::Eq, "240e9", "240e9", "240e9") };
    let svg = rows(&chart(vec![printed, dot("b", Comparator::Gt, "1234567", "1234567", ""), dot("c", Comparator::Withheld, "", "", "")]));
    let picture = checked(&svg);
    let said: Vec<String> = of_class(picture.root(), "fb-row").into_iter().map(|row| texts(row)[1..].join(" ")).collect();
    assert_eq!(said, ["a cool $240bn", "more than 1,234,567", "withheld"]);
    let spoken = picture.descendants().find(|node| node.has_tag_name("desc")).and_then(|node| node.text()).unwrap();
    assert_eq!(spoken, "2024. 3 claims. a, 2024: a cool $240bn. b, 2024: more than 1,234,567. c, 2024: withheld.");
}

#[test]
fn a_dot_stands_where_its_number_is_on_the_axis() {
    let svg = rows(&chart(vec![dot("a", Comparator::Eq, "50", "50", "50"), dot("b", Comparator::Eq, "100", "100", "100")]));
    let picture = checked(&svg);
    let tick = |words: &str| {
        let ticks = of_class(picture.root(), "fb-tick");
        ticks.into_iter().find(|node| node.text() == Some(words)).map(|node| place(node, "x")).unwrap()
    };
    let dots: Vec<f64> = of_class(picture.root(), "fb-row").into_iter().map(|row| place(of_class(row, "fb-dot")[0], "cx")).collect();
    assert!((dots[1] - tick("100")).abs() < 0.11 && (dots[0] - f64::midpoint(tick("0"), tick("100"))).abs() < 0.11);
}

#[test]
fn an_axis_that_is_not_linear_from_zero_says_so() {
    let said = |numbers: &[&str]| {
        let svg = rows(&chart(numbers.iter().map(|number| dot("a", Comparator::Eq, number, number, number)).collect()));
        of_class(checked(&svg).root(), "fb-axis")[0].text().unwrap().to_string()
    };
    assert_eq!(said(&["100", "2000"]), "US dollar");
    assert_eq!(said(&["100", "2001"]), "US dollar · log scale");
    assert_eq!(said(&["100", "101"]), "US dollar · axis does not begin at zero");
    assert_eq!(said(&["100", "100"]), "US dollar");
    assert_eq!(said(&["-1", "2001"]), "US dollar");
    assert_eq!(said(&["0", "2001"]), "US dollar");
    let yearly = Chart { per: Some("year".into()), ..chart(vec![of_time(dot("a", Comparator::Eq, "5", "5", "5"), "2024")]) };
    assert_eq!(of_class(checked(&timeline(&yearly)).root(), "fb-axis")[0].text(), Some("US dollar per year"));
}

#[test]
fn agreement_is_told_in_letters_shapes_and_words() {
    let grouped =
        |label: &str, best: &str, group, is_outlier| Dot { group: Some(group), is_outlier, ..dot(label, Comparator::Eq, best, best, best) };
    let dots = vec![grouped("a", "10", 0, false), grouped("b", "10", 0, false), grouped("c", "20", 1, true)];
    let svg = rows(&Chart { consensus: Some(interval("10", "")), ..chart(dots) });
    let picture = checked(&svg);
    let rows = of_class(picture.root(), "fb-row");
    let letters: Vec<String> = rows.iter().map(|row| texts(*row).pop().unwrap()).collect();
    assert_eq!(letters, ["A", "A", "B"]);
    let shapes: Vec<&str> = rows.iter().map(|row| of_class(*row, "fb-dot")[0].tag_name().name()).collect();
    assert_eq!(shapes, ["circle", "circle", "path"]);
    assert_eq!(rows.iter().filter(|row| texts(**row).contains(&"outlier".to_string())).count(), 1);
    assert_eq!(of_class(picture.root(), "fb-outlier").len(), 1);
    let band = of_class(picture.root(), "fb-band")[0];
    let dot = of_class(rows[0], "fb-dot")[0];
    assert!((place(band, "x") - place(dot, "cx")).abs() < 0.11 && place(band, "width") > 50.0);
    assert!(texts(picture.root()).contains(&"what all claims of group A admit: at least 10".to_string()));
}

#[test]
fn a_period_is_a_bar_and_its_claims_share_it() {
    let on = |label: &str, period: &str| of_time(dot(label, Comparator::Eq, "5", "5", "5"), period);
    let untimed = dot("z", Comparator::Eq, "5", "5", "5");
    let svg = timeline(&chart(vec![on("a", "2021"), on("b", "2021"), on("c", "2022"), on("d", "2022/.."), untimed]));
    let picture = checked(&svg);
    let bars: Vec<(f64, f64)> = of_class(picture.root(), "fb-period").iter().map(|bar| (place(*bar, "x"), place(*bar, "width"))).collect();
    let marks = of_class(picture.root(), "fb-mark");
    assert_eq!((bars.len(), marks.len()), (4, 4));
    assert!((bars[0].0 + bars[0].1 - bars[2].0).abs() < 0.3, "years meet");
    assert!(bars[3].1 > bars[2].1, "an open period runs to the edge");
    let first = place(of_class(marks[0], "fb-dot")[0], "cx");
    assert!((first - bars[0].0 - bars[0].1 / 4.0).abs() < 0.3, "two claims share a year");
    let words = texts(picture.root());
    assert!(["2021", "2022", "a", "d"].iter().all(|name| words.contains(&(*name).to_string())));
    assert!(words.contains(&"1 claim gives no number or no time and is not drawn.".to_string()));
}

#[test]
fn speakers_differ_in_more_than_colour_and_many_become_others() {
    let dots = (0..40).map(|at| of_time(dot(&format!("Paper {at}"), Comparator::Eq, "5", "5", "5"), "2021")).collect();
    let svg = timeline(&chart(dots));
    let picture = checked(&svg);
    assert!(texts(picture.root()).contains(&"28 others".to_string()));
    let keys = of_class(picture.root(), "fb-key");
    let look = |key: &Node<'_, '_>| {
        let dot = of_class(*key, "fb-dot")[0];
        (
            dot.attribute("fill").unwrap().to_string(),
            dot.attribute("d").map_or(0, |way| way.matches('L').count()),
            dot.tag_name().name().to_string(),
        )
    };
    let mut looks: Vec<_> = keys[..12].iter().map(look).collect();
    assert_ne!((looks[0].1, &looks[0].2), (looks[7].1, &looks[7].2), "one colour, two shapes");
    looks.sort();
    looks.dedup();
    assert!(looks.len() >= 11);
}

#[test]
fn no_claim_one_and_two_hundred() {
    for svg in [rows(&chart(Vec::new())), timeline(&chart(Vec::new())), rows(&Chart::default()), timeline(&Chart::default())] {
        assert!(texts(checked(&svg).root()).contains(&"There is no claim to show.".to_string()));
    }
    let many = |count: i64| -> Vec<Dot> {
        let label = "The unabridged proceedings of a very long committee on everything ".repeat(4);
        let one = |at: i64| Dot { group: usize::try_from(at).ok(), ..dot(&label, Comparator::Ge, &at.to_string(), &at.to_string(), "") };
        (1..=count).map(|at| of_time(one(at), &(1800 + at).to_string())).collect()
    };
    for count in [1, 200] {
        let svg = rows(&chart(many(count)));
        let picture = checked(&svg);
        let rows = of_class(picture.root(), "fb-row");
        assert_eq!(i64::try_from(rows.len()), Ok(count));
        assert!(rows.iter().all(|row| row.first_element_child().unwrap().text().unwrap().matches("everything").count() == 4));
        assert!(texts(rows[0])[..2].join(" ").contains(", 2024"), "the year is never cut");
        assert!(place(picture.root_element(), "height") < 4000.0);
        assert_eq!(i64::try_from(of_class(checked(&timeline(&chart(many(count)))).root(), "fb-mark").len()), Ok(count));
    }
}

#[test]
fn hostile_text_stays_text() {
    for text in HOSTILE.iter().map(ToString::to_string).chain(["m".repeat(100_000), "\u{301}".repeat(5000)]) {
        let mut one = of_time(dot(&text, Comparator::Eq, "5", "4", "6"), "2021");
        (one.year, one.printed, one.title) = (text.clone(), Some(text.clone()), text.clone());
        let spoiled = Chart {
            title: text.clone(),
            subtitle: text.clone(),
            unit: text.clone(),
            per: Some(text.clone()),
            consensus: None,
            dots: vec![one],
        };
        for svg in [rows(&spoiled), timeline(&spoiled)] {
            let picture = checked(&svg);
            assert!(svg.len() < 40_000, "{} bytes", svg.len());
            assert!(!svg.contains('\u{202e}') && !svg.chars().any(|character| character.is_control() && character != '\n'));
            assert!(picture.root_element().children().any(|child| child.has_tag_name("title") && child.text().is_some()));
        }
    }
}

#[test]
fn numbers_and_days_at_the_limits_are_drawn() {
    let huge = "9999999999999999999999999999";
    let tiny = "0.0000000000000000000000000001";
    let ends = ["", tiny, huge, "-9999999999999999999999999999", "-0.0000000000000000000000000001", "0", "1", "-3.5"];
    let days =
        [(DAY_MIN, DAY_MAX), (DAY_MIN, 0), (0, DAY_MAX), (DAY_MIN + 1, DAY_MAX - 1), (i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (5, 5)];
    for comparator in Comparator::ALL {
        for (low, high) in ends.iter().flat_map(|low| ends.map(|high| (*low, high))) {
            let end = |text: &str| (!text.is_empty()).then(|| End::open(number(text)));
            let Some(interval) = Interval::new(end(low), end(high)) else { continue };
            let best = interval.low().or(interval.high()).map(|end| end.at.clone());
            let one = |best| Dot { label: "a".into(), group: Some(usize::MAX), ..Dot::new(comparator, best, interval.clone()) };
            let both = [one(best), one(None)];
            let timed: Vec<Dot> =
                days.iter().zip(both.iter().cycle()).map(|(days, dot)| Dot { days: Some(*days), ..dot.clone() }).collect();
            checked(&rows(&Chart { consensus: Some(interval.clone()), ..chart(both.to_vec()) }));
            checked(&timeline(&chart(timed)));
        }
    }
}
