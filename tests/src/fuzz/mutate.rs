//! Chance from a seed, and what it does to bytes.

/// Numbers from a seed (SplitMix64): the same on every machine.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// From `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x2545_f491_4f6c_dd1d),
        }
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.roll() % (bound.max(1) as u64)) as usize
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// Damages `bytes` in one to eight places.
    pub fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..1 + self.below(8) {
            self.damage_once(bytes);
        }
    }

    fn damage_once(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let odd = [0, 1, 0x7f, 0x80, 0xff, 0x9b, 0x5b, 0xfb];
        match self.below(9) {
            0..=2 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            3 if !bytes.is_empty() => bytes[at] = self.roll() as u8,
            4 if !bytes.is_empty() => bytes[at] = odd[self.below(odd.len())],
            5 => bytes.insert(at, odd[self.below(odd.len())]),
            6 if !bytes.is_empty() => drop(bytes.remove(at)),
            7 => {
                let end = (at + self.below(40)).min(bytes.len());
                let copy = bytes[at.min(end)..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            8 if self.below(4) == 0 => bytes.truncate(at),
            _ => {
                let number = 1u64 << self.below(64);
                let to = at.min(bytes.len());
                bytes.splice(to..to, leb(number.wrapping_sub(self.roll() % 2)));
            }
        }
    }
}

fn leb(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}
