//! Reads conversation logs and explains them.

pub mod causes;
