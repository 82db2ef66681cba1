//! How fast texts are looked through, and whether the time grows with the length of the text and no faster, also where somebody
//! means harm. `cargo bench --bench extraction`; ends with 1 if a limit is missed.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

mod ground;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use figurebase::extraction::{About, Knowledge, extract};
use figurebase::reading::html::text_of;
use ground::{PROSE, knowledge};

/// Characters of running text that one core has to get through in a second.
const CHARACTERS_A_SECOND: f64 = 2_000_000.0;
/// How many times as long a text of twice the length may take.
const RATIO_MAX: f64 = 2.3;
/// Length of the running text, in characters.
const RUNNING_CHARACTERS: usize = 1_000_000;
/// Length of the shorter text of a hostile shape, in bytes.
const TEXT_BYTES: usize = 400_000;
/// The same for pages: read so fast that shorter ones would measure the processor's caches.
const PAGE_BYTES: usize = 2_000_000;
/// Measurements of one text; the shortest counts, for only that one was not disturbed.
const MEASUREMENTS: usize = 5;
/// Times that a missed ratio is measured anew, on a machine that has other things to do.
const TRIES: usize = 4;

/// Makes a text of a certain length.
type Shape = fn(usize) -> String;

fn repeated(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len() + 1)
}

/// Text of hostile shapes: what a scan over all that comes before or after would be slow on.
const TEXTS: [(&str, Shape); 22] = [
    ("running text", |bytes| repeated(PROSE, bytes)),
    ("one endless sentence", |bytes| repeated("and then 5 million people went on to the next of them ", bytes)),
    ("digits", |bytes| repeated("1234567890", bytes)),
    ("digits parted by commas", |bytes| repeated("123,456,", bytes)),
    ("digits parted by spaces", |bytes| repeated("12 345 ", bytes)),
    ("number words", |bytes| repeated("two hundred thousand million ", bytes)),
    ("a range of ranges", |bytes| repeated("5-7-9 to 11 or 13 and ", bytes)),
    ("brackets that open", |bytes| repeated("(", bytes)),
    ("brackets with years", |bytes| repeated("(Smith, 2020; ", bytes)),
    ("quotation marks", |bytes| repeated("\u{201c}5 million ", bytes)),
    ("capitals", |bytes| repeated("New United South ", bytes)),
    ("full stops", |bytes| repeated("U.S. ", bytes)),
    ("line ends", |bytes| repeated("\n", bytes)),
    ("short lines", |bytes| repeated("5\nA\n", bytes)),
    ("money signs", |bytes| repeated("US$", bytes)),
    ("percent signs", |bytes| repeated("5%", bytes)),
    ("dates", |bytes| repeated("3 February 2025, since 2021 and last year; ", bytes)),
    ("telephones", |bytes| repeated("+44 20 7946 0018 ", bytes)),
    ("possessives", |bytes| repeated("China's Russia's ", bytes)),
    ("a list of works without end", |bytes| {
        format!("{PROSE}\n\nWorks Cited\n\n{}", repeated("Smith, J. “A Title.” Journal, 2020.\n", bytes))
    }),
    ("references to many works", |bytes| {
        let works: String = (0..bytes / 80).map(|n| format!("Smith{n}, A. Title {n}. Press, 2020.\n")).collect();
        let text: String = (0..bytes / 80).map(|n| format!("It was 5 tonnes (Smith{n}, 2020). ")).collect();
        format!("{text}\n\nReferences\n\n{works}")
    }),
    ("letters that combine", |bytes| repeated("e\u{301}\u{301}\u{200d}5\u{202e} ", bytes)),
];

/// Pages of hostile shapes.
const PAGES: [(&str, Shape); 10] = [
    ("page: running text", |bytes| format!("<body>{}", repeated(&format!("<p class=x>{}</p>", PROSE.replace("\n\n", "</p><p>")), bytes))),
    ("page: nested divisions", |bytes| repeated("<div>", bytes)),
    ("page: nested lists", |bytes| repeated("<ul><li>", bytes)),
    ("page: nested tables", |bytes| repeated("<table><tr><td>", bytes)),
    ("page: ends without beginnings", |bytes| repeated("</p></b>", bytes)),
    ("page: tags that never close", |bytes| repeated("<a ", bytes)),
    ("page: one tag of attributes", |bytes| format!("<a {}>", repeated("b=c ", bytes))),
    ("page: references to characters", |bytes| repeated("&#x35;&nbsp;&", bytes)),
    ("page: a comment without end", |bytes| format!("<!--{}", repeated("<!--", bytes))),
    ("page: a script without end", |bytes| format!("<script>{}", repeated("</scrip", bytes))),
];

fn shortest(mut work: impl FnMut()) -> Duration {
    let measured = (0..MEASUREMENTS).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed()
    });
    measured.min().unwrap_or_default()
}

/// Prints the ratio of the times for a text and one of twice the length; whether it is within the limit.
fn is_linear(name: &str, shape: Shape, bytes: usize, work: &dyn Fn(&str)) -> bool {
    let (short, long) = (shape(bytes), shape(2 * bytes));
    let mut ratio = f64::INFINITY;
    let mut times = (Duration::ZERO, Duration::ZERO);
    for _ in 0..TRIES {
        times = (shortest(|| work(&short)), shortest(|| work(&long)));
        ratio = times.1.as_secs_f64() / times.0.as_secs_f64().max(1e-9);
        if ratio <= RATIO_MAX {
            break;
        }
    }
    let verdict = if ratio <= RATIO_MAX { "ok" } else { "MISSED" };
    println!(
        "{name:<32} {:>9.1} ms {:>9.1} ms   ratio {ratio:.2} (limit {RATIO_MAX})  {verdict}",
        milliseconds(times.0),
        milliseconds(times.1)
    );
    ratio <= RATIO_MAX
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Prints characters per second on running text; whether they are enough.
fn is_fast(text: &str, characters: f64, knowledge: &Knowledge) -> bool {
    let figures = extract(text, About::default(), knowledge).candidates.len();
    let mut speed: f64 = 0.0;
    for _ in 0..TRIES {
        let time = shortest(|| drop(extract(text, About::default(), knowledge)));
        speed = speed.max(characters / time.as_secs_f64());
        if speed >= CHARACTERS_A_SECOND {
            break;
        }
    }
    let verdict = if speed >= CHARACTERS_A_SECOND { "ok" } else { "MISSED" };
    println!(
        "running text: {speed:.0} characters a second on one core (limit {CHARACTERS_A_SECOND}); {figures} figures in {characters} characters  {verdict}"
    );
    speed >= CHARACTERS_A_SECOND
}

fn main() -> ExitCode {
    let knowledge = knowledge();
    let text: String = PROSE.chars().cycle().take(RUNNING_CHARACTERS).collect();
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let mut group = criterion.benchmark_group("extraction");
    group.throughput(Throughput::Elements(RUNNING_CHARACTERS as u64));
    group.bench_function("running text", |bencher| bencher.iter(|| extract(&text, About::default(), &knowledge)));
    group.finish();
    #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
    let mut fits = is_fast(&text, RUNNING_CHARACTERS as f64, &knowledge);
    for (name, shape) in TEXTS {
        fits &= is_linear(name, shape, TEXT_BYTES, &|text| drop(extract(text, About::default(), &knowledge)));
    }
    for (name, shape) in PAGES {
        fits &= is_linear(name, shape, PAGE_BYTES, &|page| drop(text_of(page)));
    }
    criterion.final_summary();
    if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
