#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kilograd_attacks::safetensors(bytes));
