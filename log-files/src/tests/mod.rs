//! The logs, from outside and from within. Stamps come from a clock that the tests set.

mod extended;
mod faults;
mod full_disk;
mod line;
mod load;
mod names;
mod regular;
mod rotation;
mod soon;
mod support;
mod time;
