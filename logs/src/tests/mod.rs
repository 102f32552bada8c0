//! Whole logs.

mod corpus;
