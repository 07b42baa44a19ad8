//! Nothing: the benchmark is the package.
