//! Choice lists: what a `select_one` or `select_multiple` offers.

use std::collections::BTreeMap;

use crate::form::Label;
use crate::value::Scalar;

/// One choice of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is stored.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Further columns, which choice filters name: `${commune} = commune_code`.
    pub extra: BTreeMap<String, Scalar>,
}

/// A named list, in the order in which it is shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChoiceList {
    /// The name that `select_one NAME` uses.
    pub name: String,
    /// The choices.
    pub choices: Vec<Choice>,
}

impl ChoiceList {
    /// The choice with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.name == name)
    }

    /// The label of a choice; the code itself when the list does not know it.
    #[must_use]
    pub fn label<'a>(&'a self, name: &'a str, language: &str) -> &'a str {
        match self.get(name) {
            Some(choice) if !choice.label.is_empty() => choice.label.get(language),
            _ => name,
        }
    }
}
