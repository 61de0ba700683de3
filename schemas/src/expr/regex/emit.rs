//! A tree of a pattern → the program of its machine.

use super::{Step, Tree};
use crate::form::limits::REGEX_STATES_MAX;

/// The program of a tree; `None` when it grows too long.
pub(super) fn program(tree: &Tree) -> Option<Vec<Step>> {
    let mut emitter = Emitter {
        program: Vec::new(),
        visits: 0,
    };
    emitter.emit(tree)?;
    emitter.program.push(Step::Accept);
    Some(emitter.program)
}

/// Visits of the tree are bounded too: an empty group repeated a billion times adds no step.
struct Emitter {
    program: Vec<Step>,
    visits: usize,
}

impl Emitter {
    fn emit(&mut self, tree: &Tree) -> Option<()> {
        self.visits += 1;
        if self.program.len() >= REGEX_STATES_MAX || self.visits > 8 * REGEX_STATES_MAX {
            return None;
        }
        match tree {
            Tree::One(class) => self.program.push(Step::One(class.clone())),
            Tree::Start => self.program.push(Step::Start),
            Tree::End => self.program.push(Step::End),
            Tree::Sequence(parts) => parts.iter().try_for_each(|part| self.emit(part))?,
            Tree::Either(branches) => self.either(branches)?,
            Tree::Repeat(inner, least, most) => self.repeat(inner, *least, *most)?,
        }
        Some(())
    }

    fn either(&mut self, branches: &[Tree]) -> Option<()> {
        let (last, others) = branches.split_last()?;
        let mut ends = Vec::new();
        for branch in others {
            let split = self.program.len();
            self.program.push(Step::Split(split + 1, 0));
            self.emit(branch)?;
            ends.push(self.program.len());
            self.program.push(Step::Jump(0));
            self.program[split] = Step::Split(split + 1, self.program.len());
        }
        self.emit(last)?;
        let end = self.program.len();
        for at in ends {
            self.program[at] = Step::Jump(end);
        }
        Some(())
    }

    fn repeat(&mut self, inner: &Tree, least: usize, most: Option<usize>) -> Option<()> {
        for _ in 0..least {
            self.emit(inner)?;
        }
        let Some(most) = most else {
            let split = self.program.len();
            self.program.push(Step::Split(split + 1, 0));
            self.emit(inner)?;
            self.program.push(Step::Jump(split));
            self.program[split] = Step::Split(split + 1, self.program.len());
            return Some(());
        };
        let mut splits = Vec::new();
        for _ in least..most {
            splits.push(self.program.len());
            self.program.push(Step::Split(0, 0));
            self.emit(inner)?;
        }
        let end = self.program.len();
        for split in splits {
            self.program[split] = Step::Split(split + 1, end);
        }
        Some(())
    }
}
