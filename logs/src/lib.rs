//! Reads conversation logs and explains them.
