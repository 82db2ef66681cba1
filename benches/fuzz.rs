//! Texts that nobody would write: a million of them by default, each of which has to be looked through without a panic, within a
//! time that its length allows, and with places that are places. `cargo bench --bench fuzz -- [NUMBER] [SEED]`.

#![expect(clippy::print_stdout, reason = "it prints its counts")]

mod ground;
mod mutation;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use figurebase::extraction::{About, Extraction, Knowledge, extract};
use figurebase::reading::html::text_of;
use ground::knowledge;
use mutation::Mutator;

/// Texts when no number is given.
const INPUTS: u64 = 1_000_000;
/// Where chance begins when no seed is given.
const SEED: u64 = 20_261_124;
/// Time that every text may take, however short.
const BUDGET: Duration = Duration::from_millis(20);
/// Time that each of its bytes adds: a tenth of the speed that running text has to have.
const BUDGET_A_BYTE: Duration = Duration::from_micros(5);
/// Texts told of for each kind of fault.
const TOLD_MAX: usize = 5;
/// One in so many texts is read as a page first.
const PAGES_EVERY: u64 = 8;

#[derive(Default)]
struct Counts {
    inputs: AtomicU64,
    bytes: AtomicU64,
    figures: AtomicU64,
    panics: AtomicU64,
    over_budget: AtomicU64,
    unsound: AtomicU64,
    told: Mutex<Vec<String>>,
}

impl Counts {
    fn tell(&self, counter: &AtomicU64, what: &str, text: &str) {
        counter.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut told) = self.told.lock()
            && told.len() < 3 * TOLD_MAX
        {
            told.push(format!("{what}: {:?}", text.chars().take(600).collect::<String>()));
        }
    }

    fn run(&self, text: &str, as_page: bool, knowledge: &Knowledge) {
        self.inputs.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(text.len() as u64, Ordering::Relaxed);
        let page = as_page.then(|| text_of(text));
        let text = page.as_deref().unwrap_or(text);
        let look = || catch_unwind(AssertUnwindSafe(|| extract(text, About::default(), knowledge)));
        let began = Instant::now();
        let Ok(found) = look() else {
            self.tell(&self.panics, "panic", text);
            return;
        };
        let budget = BUDGET + BUDGET_A_BYTE * u32::try_from(text.len()).unwrap_or(u32::MAX);
        // A second time, for the machine may have been busy with something else.
        if began.elapsed() > budget {
            let began = Instant::now();
            drop(look());
            if began.elapsed() > budget {
                self.tell(&self.over_budget, "over budget", text);
            }
        }
        self.figures.fetch_add(found.candidates.len() as u64, Ordering::Relaxed);
        if let Some(fault) = unsound(text, &found) {
            self.tell(&self.unsound, fault, text);
        }
    }
}

/// What cannot be in an answer, whatever the text.
fn unsound(text: &str, found: &Extraction) -> Option<&'static str> {
    let is_place = |place: &std::ops::Range<usize>| text.get(place.clone()).is_some_and(|words| !words.is_empty());
    for figure in &found.candidates {
        if !is_place(&figure.place) || figure.hedge.as_ref().is_some_and(|place| !is_place(place)) {
            return Some("no such place");
        }
        if figure.time.as_ref().is_some_and(|place| !is_place(place)) || !is_place(&figure.sentence) {
            return Some("no such time or sentence");
        }
        if !(0.0..=1.0).contains(&figure.confidence) {
            return Some("a confidence beyond 0 to 1");
        }
        if figure.citation.is_some_and(|index| index >= found.citations.len()) {
            return Some("no such citation");
        }
    }
    let is_work = |work: &usize| *work < found.works.len();
    let sound = found.citations.iter().all(|citation| is_place(&citation.place) && citation.works.iter().all(is_work));
    (!sound || !found.works.iter().all(|work| is_place(&work.place))).then_some("no such work or reference")
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let (inputs, seed) = (numbers.next().unwrap_or(INPUTS), numbers.next().unwrap_or(SEED));
    let knowledge = knowledge();
    let counts = Counts::default();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    std::panic::set_hook(Box::new(|_| {}));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (counts, knowledge) = (&counts, &knowledge);
            scope.spawn(move || {
                let mut mutator = Mutator::new(seed + thread);
                for number in (thread..inputs).step_by(usize::try_from(threads).unwrap_or(1)) {
                    let text = mutator.text();
                    counts.run(&text, number % PAGES_EVERY == 0, knowledge);
                }
            });
        }
    });
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    for told in counts.told.lock().iter().flat_map(|told| told.iter()) {
        println!("{told}");
    }
    let (panics, over, unsound) = (read(&counts.panics), read(&counts.over_budget), read(&counts.unsound));
    println!(
        "seed {seed}: {} inputs of {} bytes, {} figures, in {:.1} s; panics {panics}, over budget {over}, unsound {unsound}",
        read(&counts.inputs),
        read(&counts.bytes),
        read(&counts.figures),
        began.elapsed().as_secs_f64()
    );
    if panics + over + unsound == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
