//! The program `optimizers`: every optimizer on digits, iris flowers and Rosenbrock's function, and a picture of it.
//!
//! ```text
//! options      the command line
//! field        who runs: every rule, solver and search with its settings, a line each
//! classify     a training of a classifier, watched as it goes
//! valley       descents into Rosenbrock's valley
//! costs        cycles, from the measured table of benches/README.md
//! race         all of it, contestant by contestant
//! report       the table on stdout
//! picture      bars, and the paths over the contours
//! ```

mod classify;
mod costs;
mod field;
mod options;
mod picture;
mod race;
mod report;
mod valley;

pub use options::Options;

/// Runs the program.
///
/// # Errors
/// What the library refuses, or why the picture cannot be written.
pub fn run(options: &Options) -> anyhow::Result<()> {
    options.check()?;
    let (standings, descents) = race::all(options)?;
    report::write(&mut std::io::stdout(), options, &standings, &descents)?;
    if let Some(path) = options.picture_path() {
        picture::draw(path, options, &standings, &descents)?;
        println!("\nPicture: {}", path.display());
    }
    Ok(())
}
