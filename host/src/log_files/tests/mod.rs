//! The logs, from outside and from within. Stamps come from a clock that the tests set.

mod extended;
mod regular;
mod support;
