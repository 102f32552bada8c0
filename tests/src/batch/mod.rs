//! `host send --batch` against real servers: order, failures of single lines, ends of every kind, and going on.

mod changed;
mod interrupted;
mod killed;
mod limits;
mod lines;
mod overlap;
mod properties;
mod run;
mod slow_down;
mod terminal;
