//! `host send --batch` against real servers: order, failures of single lines, ends of every kind, and going on.

mod interrupted;
mod killed;
mod lines;
mod overlap;
mod run;
mod slow_down;
mod terminal;
