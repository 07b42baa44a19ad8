//! Two ways to keep checkpoints in flash, by what they do to it: a table for each size of what is saved.
#![allow(missing_docs)]

#[path = "../../../benches/flash/log_store.rs"]
mod log_store;

use kilograd::checkpoint::{self, Save, Slots};
use kilograd::prelude::*;
use kilograd_host_tests::flash::{Counts, MockFlash};
use kilograd_tasks::digits::Net;
use log_store::LogStore;

const PAGE: usize = 4096;
/// An nRF52840's times: 41 µs a word, 85 ms a page.
const WORD_MS: f64 = 0.041;
const PAGE_MS: f64 = 85.0;
const SAVES: usize = 200;

type Flash = MockFlash<4, PAGE, 64>;
type Ram<R> = Memory<Net, R>;

fn row(store: &str, pages: usize, ram: usize, flash: &Flash, load: Counts) {
    let Counts { written, writes, erased, read, .. } = flash.counts.get();
    let per_save = |count: usize| count as f64 / SAVES as f64;
    let most = flash.erases.iter().max().copied().unwrap_or_default();
    println!(
        "| {store} | {} | {ram} | {:.0} | {:.0} | {:.2} | {:.3} | {:.0} | {:.0} | {} |",
        pages * PAGE / 1024,
        per_save(written) / 4.0,
        per_save(writes),
        per_save(erased),
        most as f64 / SAVES as f64,
        per_save(read) / 1024.0,
        per_save(written) / 4.0 * WORD_MS + per_save(erased) * PAGE_MS,
        load.read / 1024,
    );
}

fn compare<R: Rule>(rule: &str) {
    let memory = Box::new(Ram::<R>::ZERO);
    let mut fresh = Box::new(Ram::<R>::ZERO);
    let bytes = checkpoint::size::<Ram<R>>();
    println!("\n64-32-10 with {rule}: {bytes} bytes\n");
    println!(
        "| store | flash, KB | RAM, bytes | words | calls | pages erased | of the most worn page | KB read | ms | KB read to load |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");

    let pages = 2 * bytes.div_ceil(PAGE);
    let range = 0..(pages * PAGE) as u32;
    let mut slots = Slots::open(Flash::default(), range.clone()).unwrap();
    (0..SAVES).for_each(|_| assert!(slots.save(&*memory).is_ok()));
    let flash = slots.release();
    let load = loading(&flash, |flash| {
        assert_eq!(Slots::open(flash, range).unwrap().load(&mut *fresh), Ok(SAVES as u32));
    });
    // The block and the checksum of a save; a driver beside.
    row("two slots", pages, size_of::<checkpoint::Saving<'_, (), ()>>() + 32, &flash, load);

    // A page more than two checkpoints with their overheads, and more room for the wear to spread.
    for pages in [pages + 2, 2 * pages] {
        let range = 0..(pages * PAGE) as u32;
        let mut flash = Flash::default();
        let mut log = LogStore::open(&mut flash, range.clone()).unwrap().unwrap();
        (0..SAVES).for_each(|_| assert!(log.save(&*memory).is_ok()));
        let load = loading(&flash, |mut flash| {
            let mut log = LogStore::open(&mut flash, range).unwrap().unwrap();
            assert_eq!(log.load(&mut *fresh).unwrap(), Some(SAVES as u32));
        });
        // A chunk as words and as bytes.
        row("log (sequential-storage)", pages, 2 * 1008, &flash, load);
    }
    assert!(Ram::<R>::WORDS * 4 < bytes);
}

/// What is read to load the newest checkpoint.
fn loading(flash: &Flash, load: impl FnOnce(Flash)) -> Counts {
    let mut flash = flash.clone();
    flash.counts = Default::default();
    let counts = flash.counts.clone();
    load(flash);
    counts.get()
}

fn main() {
    println!("Per save, over {SAVES} saves; pages of 4 KB, units of 4 bytes; ms: an nRF52840's 41 µs a word and 85 ms an erase.");
    compare::<Sgd>("SGD");
    compare::<Adam>("Adam");
}
