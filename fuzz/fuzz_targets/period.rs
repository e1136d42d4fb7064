#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bluebook_fuzz::laws::period(bytes));
