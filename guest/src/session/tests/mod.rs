//! Conversations.

mod auth;
mod flights;
mod hostile;
mod limits;
mod mixtures;
mod opening;
mod server;
mod talk;
