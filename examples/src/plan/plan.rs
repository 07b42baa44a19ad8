//! All that one optimizer takes in one way.

use super::boards::{BOARDS, Board};
use super::ram::NUMBER;
use super::{Optimizer, Shape, Way, cycles, ram_bytes};
use crate::measured::footprint;

/// Bytes of flash of a firmware that does nothing: interrupt vectors and start-up code (`host-tests/footprint/README.md`).
const EMPTY: u64 = 1_024 + 172;

/// What it takes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The optimizer.
    pub optimizer: Optimizer,
    /// How a step is taken.
    pub way: Way,
    /// `Memory::RAM_BYTES`.
    pub memory: u64,
    /// Bytes of the samples that stand in RAM during a step.
    pub samples: u64,
    /// Bytes of stack, as weighed with the digits' network.
    pub stack: u64,
    /// Bytes of flash: code as weighed with the digits' network, and the first weights if they come from there.
    pub flash: u64,
    /// M4 cycles of a step.
    pub cycles: f64,
}

impl Plan {
    /// The plan for a network.
    ///
    /// # Errors
    /// If a figure is missing in a measured table.
    pub fn new(shape: &Shape, optimizer: Optimizer, way: Way, pretrained: bool) -> anyhow::Result<Self> {
        let (code, stack) = footprint(&way.firmware(optimizer))?;
        let weights = if pretrained { NUMBER * shape.parameters() } else { 0 };
        Ok(Self {
            optimizer,
            way,
            memory: ram_bytes(shape, optimizer, way),
            samples: NUMBER * way.samples_in_ram() * shape.inputs(),
            stack,
            flash: EMPTY + code + weights,
            cycles: cycles(shape, optimizer, way)?,
        })
    }

    /// All bytes of RAM.
    pub fn ram(&self) -> u64 {
        self.memory + self.samples + self.stack
    }

    /// Whether a board has room for it.
    pub fn fits(&self, board: &Board) -> bool {
        self.ram() <= board.ram && self.flash <= board.flash
    }

    /// The boards that have room for it.
    pub fn boards(&self) -> impl Iterator<Item = &'static Board> {
        BOARDS.iter().filter(|board| self.fits(board))
    }

    /// Milliseconds of a step, if the board's core took an M4F's cycles.
    pub fn milliseconds(&self, board: &Board) -> f64 {
        self.cycles / (1e3 * f64::from(board.clock))
    }
}
