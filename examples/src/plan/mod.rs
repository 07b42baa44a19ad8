//! The program `plan`: what training takes, by optimizer and way to take a step.
//!
//! ```text
//! options      the command line
//! shape        the widths of a network, and what follows from them
//! way          optimizers and ways to take a step
//! ram          the formulas that the types of `kilograd` follow, with numbers that are known only now
//! cycles       a model from the measured table of benches/README.md
//! boards       a few boards: flash, RAM, clock
//! plan         all of it for one optimizer and one way
//! report       tables, or JSON
//! ```

mod boards;
mod cycles;
mod options;
#[allow(clippy::module_inception)]
mod plan;
mod ram;
mod report;
mod shape;
mod way;

pub use cycles::step as cycles;
pub use options::Options;
pub use ram::ram_bytes;
pub use shape::Shape;
pub use way::{Optimizer, Way};

use plan::Plan;

/// Runs the program.
///
/// # Errors
/// If stdout is closed, or a figure is missing in a measured table.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let shape = Shape::new(options.widths.clone());
    let mut plans = Vec::new();
    for optimizer in Optimizer::ALL.into_iter().filter(|o| options.optimizer.is_none_or(|wanted| wanted == *o)) {
        for way in Way::all(options.batch) {
            plans.push(Plan::new(&shape, optimizer, way, options.pretrained)?);
        }
    }
    report::write(&mut std::io::stdout(), options, &shape, &plans)
}
