//! Misuse that must not compile, and what the compiler says to it.
//!
//! The messages are those of the compiler that `rust-toolchain.toml` names, without the component rust-src. Where one lists the
//! rules that there are, a new rule changes it: `TRYBUILD=overwrite cargo test -p kilograd-host-tests --test compile_fail`
//! writes them anew, to be read before they are committed.

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
