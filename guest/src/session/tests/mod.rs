//! Conversations.

mod flights;
mod opening;
mod talk;
