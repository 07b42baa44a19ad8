//! No panic can be linked: `host-tests/no-panic` calls what trains, with a panic handler that has no body.

use kilograd_host_tests::board::{command, root};

/// Whether the program links for `target` at an optimisation level.
fn assert_links(target: &str, level: &str) {
    let mut cargo = command(env!("CARGO"));
    cargo.args(["build", "--release", "--locked", "--target", target]).current_dir(root().join("host-tests/no-panic"));
    let output = cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level).output().expect("cargo can be started");
    assert!(output.status.success(), "{target} at level {level}:\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs thumb targets: host-tests/run")]
fn at_every_level() {
    for level in ["1", "2", "3", "s", "z"] {
        assert_links("thumbv7em-none-eabihf", level);
    }
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs thumb targets: host-tests/run")]
fn on_every_core() {
    for target in ["thumbv6m-none-eabi", "thumbv7m-none-eabi", "thumbv8m.main-none-eabihf"] {
        assert_links(target, "s");
    }
}
