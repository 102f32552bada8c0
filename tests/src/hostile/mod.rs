//! Components that try to get out of the sandbox, or to harm the host and its neighbours. None does; each ends in a
//! clear message, and the log says what happened.

mod broken;
mod cage;
mod crowd;

mod logs;
mod mail;
mod network;
mod resources;
mod system;
mod transporters;
