//! Sign, verify and explain AWS requests: no_std, no heap, no unsafe
