//! The simulator, for a few seeds that are always played and those that once broke something.

use tests::sim::{self, Play};

/// Seeds that once broke something, one `seed steps` a line, with what it was.
const SEEDS: &str = include_str!("../src/sim/seeds.txt");

fn hold(seed: u64, steps: u32) -> sim::Summary {
    let play = Play {
        twins: true,
        ..Play::default()
    };
    played(seed, steps, play)
}

fn played(seed: u64, steps: u32, play: Play) -> sim::Summary {
    sim::run(seed, steps, play).unwrap_or_else(|broken| panic!("{broken}"))
}

#[test]
fn a_handful_of_seeds_hold() {
    for seed in 1_001..1_006 {
        let summary = hold(seed, 250);
        assert!(summary.changes > 10, "something happens: {summary:?}");
    }
}

#[test]
fn a_handful_of_seeds_hold_while_an_officer_decides() {
    let play = Play {
        reviews: true,
        ..Play::default()
    };
    for seed in 2_001..2_006 {
        played(seed, 250, play);
    }
}

#[test]
fn what_once_broke_holds() {
    let lines = SEEDS
        .lines()
        .filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty());
    for line in lines {
        let mut words = line.split_whitespace();
        let mut number = || {
            words
                .next()
                .and_then(|word| word.parse::<u64>().ok())
                .expect("seed and steps")
        };
        let (seed, steps) = (number(), number());
        hold(seed, u32::try_from(steps).expect("few steps"));
    }
}

#[test]
fn the_same_seed_is_the_same_story() {
    assert_eq!(hold(7, 120), hold(7, 120));
}
