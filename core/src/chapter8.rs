#![doc = include_str!("chapter8.md")]
