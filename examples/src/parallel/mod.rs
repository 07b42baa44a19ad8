//! What the program `parallel` is made of.
//!
//! ```text
//! options   the command line
//! line      one end of a line between processes or threads, whose reads end after a while
//! board     a worker on an emulated board
//! peer      a worker, as its server sees it: on a board or in a thread
//! server    the rounds
//! report    tables and a line of JSON
//! ```

pub mod board;
pub mod line;
pub mod options;
pub mod peer;
pub mod report;
pub mod server;
