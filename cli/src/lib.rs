//! The parts of the command line that tests share: the demonstration's mail server.

pub mod demo;
