//! What the tests on the desktop share.
