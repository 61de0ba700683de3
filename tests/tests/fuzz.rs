//! A few hundred damaged inputs for every decoder in every run of the tests; `cargo xtask fuzz` tries millions.

use tests::fuzz::{TARGETS, case};

#[test]
fn no_decoder_breaks_on_the_first_inputs() {
    for target in TARGETS {
        for seed in 1..=200 {
            if let Err(failure) = case(target, seed) {
                panic!("{failure}");
            }
        }
    }
}
