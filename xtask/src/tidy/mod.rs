//! Rules of the house that a machine can check. Each check is one file: a pure function from the repository's files
//! to problems, with tests which show that it fails on what it is there to stop.

mod clock;
mod crates;
mod frozen;
mod leaks;
mod leftovers;
mod length;
mod links;
mod messages;
mod purity;
mod reach;
mod shell;
mod sql;
mod wasm;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::tree::Tree;

/// Something that must be put right, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path from the workspace root.
    pub file: String,
    /// Line from 1; 0 speaks of the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    fn new(file: impl Into<String>, line: usize, message: impl Into<String>) -> Problem {
        Problem {
            file: file.into(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

type Check = fn(&Tree) -> Vec<Problem>;

/// Every check with the name it reports under.
const CHECKS: &[(&str, Check)] = &[
    ("crates", crates::check),
    ("purity", purity::check),
    ("frozen", frozen::check),
    ("reach", reach::check),
    ("links", links::check),
    ("leaks", leaks::check),
    ("leftovers", leftovers::check),
    ("length", length::check),
    ("sql", sql::check),
    ("clock", clock::check),
    ("messages", messages::check),
    ("shell", shell::check),
    ("wasm", wasm::check),
];

/// Runs every check and prints every problem; with `freeze`, first records files that are new under a frozen folder.
pub fn run(root: &Path, freeze: bool) -> Result<()> {
    if freeze {
        let (record, added) = frozen::record_with_new(&Tree::load(root)?);
        std::fs::write(root.join(frozen::RECORD), record)?;
        eprintln!("tidy: {added} file(s) added to {}", frozen::RECORD);
    }
    let tree = Tree::load(root)?;
    let mut count = 0;
    for (name, check) in CHECKS {
        let mut problems = check(&tree);
        problems.sort();
        count += problems.len();
        for problem in problems {
            eprintln!("tidy[{name}] {problem}");
        }
    }
    if count > 0 {
        bail!("tidy found {count} problem(s)");
    }
    eprintln!("tidy: {} checks, no problem", CHECKS.len());
    Ok(())
}
