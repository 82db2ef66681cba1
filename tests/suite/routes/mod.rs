//! Routes, in-process: one file for each group, one test for each behaviour.

mod claims;
