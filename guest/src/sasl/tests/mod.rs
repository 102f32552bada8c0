//! Exchanges as the RFCs have them.
