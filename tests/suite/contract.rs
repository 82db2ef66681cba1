//! What is promised in documents, held against the code.
