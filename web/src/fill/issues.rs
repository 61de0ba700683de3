//! What is wrong with the answers and can be mended on these pages.

use std::collections::BTreeMap;

use schemas::eval::Evaluation;
use schemas::finding::{Severity, code};
use schemas::form::{FieldKey, Form, Label};

use super::pages::{Page, is_drawn, item_at, page_of};
use super::sheet::Unread;

/// What is wrong at one path, and where it can be mended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Issue {
    pub path: String,
    pub page: usize,
    pub severity: Severity,
    pub message: Label,
    /// An answer without which the record could not be told from others, or would belong nowhere.
    pub blocks: bool,
}

/// What is wrong in the order of the form. What nobody can mend on these pages is left out.
pub(super) fn issues(
    form: &Form,
    pages: &[Page],
    said: &Evaluation,
    unread: &BTreeMap<String, Unread>,
) -> Vec<Issue> {
    let mut found = Vec::new();
    for finding in said
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
    {
        if unread.contains_key(&finding.path) {
            continue;
        }
        if let Some((page, blocks)) = place_of(form, pages, &finding.path) {
            found.push(Issue {
                path: finding.path.clone(),
                page,
                severity: finding.severity,
                message: finding.message.clone(),
                blocks: blocks && finding.code == code::REQUIRED,
            });
        }
    }
    for (path, unread) in unread {
        if let Some((page, blocks)) = place_of(form, pages, path) {
            found.push(Issue {
                path: path.clone(),
                page,
                severity: Severity::Error,
                message: unread.message.clone(),
                blocks,
            });
        }
    }
    found.sort_by_key(|issue| issue.page);
    found
}

/// The page of a path, and whether the record cannot do without an answer there.
fn place_of(form: &Form, pages: &[Page], path: &str) -> Option<(usize, bool)> {
    let id = item_at(form, path)?;
    let field = form.item(id).field();
    if field.is_some_and(|field| !is_drawn(field)) {
        return None;
    }
    let blocks = field.is_some_and(|field| {
        field.key == Some(FieldKey::Strong) || form.settings.unit.as_ref() == Some(&field.name)
    });
    Some((page_of(form, pages, id)?, blocks))
}

#[cfg(test)]
mod tests {
    use schemas::catalog::Catalog;
    use schemas::eval::{Context, evaluate};
    use schemas::value::{Answers, Scalar};

    use super::*;

    #[test]
    fn what_blocks_is_the_key_and_the_unit() {
        let form = Catalog::builtin().form("household_visit").unwrap();
        let pages = super::super::pages(form);
        let answers = Answers::from([("visit_type".to_owned(), Scalar::from("support"))]);
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let said = evaluate(form, &answers, &Context::at(now));
        let issues = issues(form, &pages, &said, &BTreeMap::new());
        let blocking: Vec<_> = issues
            .iter()
            .filter(|issue| issue.blocks)
            .map(|issue| issue.path.as_str())
            .collect();
        assert_eq!(
            blocking,
            ["household_id", "village_id", "visited_at", "visitor_id"]
        );
        assert!(
            issues
                .iter()
                .any(|issue| issue.path == "outcome" && !issue.blocks)
        );
    }
}
