//! Several boards train one network together. Each trains on its own samples and says what that changed, in full, in bytes or
//! in bits; the server averages. The boards are emulated by QEMU, or threads of this program where it is missing.

use anyhow::Result;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use kilograd_examples::parallel::options::Options;
use kilograd_examples::parallel::peer::Peer;
use kilograd_examples::parallel::{board, report, server};
use kilograd_tasks::digits::CITATION;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let emulate = !options.simulate && board::can_emulate();
    match (emulate, options.simulate) {
        (true, _) => println!("{} boards, emulated by QEMU (Cortex-M4F)", options.boards),
        (false, true) => println!("{} workers in threads of this program", options.boards),
        (false, false) => println!("qemu-system-arm is missing: {} workers in threads of this program", options.boards),
    }
    let mut peers = start(emulate, options.boards)?;
    let choices = options.choices();
    let style = ProgressStyle::with_template("{prefix:5} round {pos}/{len} {bar:40.cyan} {msg}")?;
    let mut trainings = Vec::new();
    for choice in choices {
        let bar = ProgressBar::new(options.rounds.into()).with_style(style.clone()).with_prefix(choice.name());
        let training = server::train(&mut peers, options, *choice, |outcome| {
            bar.inc(1);
            bar.set_message(format!("accuracy {:.1} %", 100.0 * outcome.accuracy));
        });
        bar.finish_and_clear();
        trainings.push(training?);
    }
    for peer in &mut peers {
        // A worker that was lost does not hear it.
        let _ = peer.finish();
    }
    println!("{}", report::table(&trainings));
    trainings.iter().flat_map(report::lost).for_each(|line| println!("{line}"));
    println!("Data: {CITATION}");
    if options.json {
        println!("{}", serde_json::to_string(&report::Summary::new(emulate, &trainings))?);
    }
    Ok(())
}

fn start(emulate: bool, boards: u8) -> Result<Vec<Peer>> {
    if !emulate {
        return Ok((0..boards).map(|_| Peer::in_thread()).collect());
    }
    let spinner = ProgressBar::new_spinner().with_message("building the firmware");
    spinner.enable_steady_tick(std::time::Duration::from_millis(100));
    let firmware = board::build();
    spinner.finish_and_clear();
    let firmware = firmware?;
    (0..boards).map(|_| Peer::on_board(&firmware)).collect()
}
