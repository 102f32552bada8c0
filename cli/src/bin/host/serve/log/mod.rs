//! The regular log as an administrator sees it.

mod control;
pub mod download;
mod file;

pub use control::{Change, Control, Refusal, State, Status};
pub use file::LogFile;
