//! The tables are sound, and the rules do what the corpus expects.

mod corpus;
mod tables;
