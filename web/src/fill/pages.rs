//! A form cut into pages.

use schemas::eval::Evaluation;
use schemas::form::{Body, Field, FieldKind, Form, Item, ItemId, Label, Section, Writer};

/// A repeat with more questions than this in a row gets a page of its own.
const REPEAT_FIELDS_MAX: usize = 4;

/// What is asked on one screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its heading; empty for questions that stand in no group of the form.
    pub title: Label,
    /// The items on it, in order.
    pub items: Vec<ItemId>,
    /// True for questions that stand in no group.
    pub loose: bool,
}

/// The pages of a form: one per group at the top, one per long repeat, and one for every run of
/// loose questions between them.
#[must_use]
pub fn pages(form: &Form) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for id in form.roots() {
        match &form.item(*id).body {
            Body::Section(section) if !section.is_repeat() => pages.push(Page {
                title: section.label.clone(),
                items: section.children.clone(),
                loose: false,
            }),
            Body::Section(section) if is_long(section) => pages.push(Page {
                title: section.label.clone(),
                items: vec![*id],
                loose: false,
            }),
            _ => match pages.last_mut() {
                Some(page) if page.loose => page.items.push(*id),
                _ => pages.push(Page {
                    title: Label::default(),
                    items: vec![*id],
                    loose: true,
                }),
            },
        }
    }
    pages
}

fn is_long(section: &Section) -> bool {
    section.children.len() > REPEAT_FIELDS_MAX
}

/// The positions of the pages on which something is asked or shown now.
#[must_use]
pub fn shown_pages(form: &Form, pages: &[Page], said: &Evaluation, without: &[String]) -> Vec<usize> {
    let asked = |page: &Page| page.items.iter().any(|id| is_shown(form, *id, "", said, without));
    let shown = pages.iter().enumerate().filter(|(_, page)| asked(page));
    shown.map(|(at, _)| at).collect()
}

/// Whether an item is drawn in the row with this prefix: the form asks it, and there is something to
/// draw. A group is drawn when something inside it is.
pub(super) fn is_shown(form: &Form, id: ItemId, prefix: &str, said: &Evaluation, without: &[String]) -> bool {
    let item = form.item(id);
    if without.contains(&item.schema_path) {
        return false;
    }
    match &item.body {
        Body::Section(section) if section.is_repeat() => is_asked(item, prefix, said),
        Body::Section(section) => {
            let mut inside = section.children.iter();
            inside.any(|child| is_shown(form, *child, prefix, said, without))
        }
        Body::Field(field) => is_drawn(field) && is_asked(item, prefix, said),
    }
}

fn is_asked(item: &Item, prefix: &str, said: &Evaluation) -> bool {
    said.visible.contains(&format!("{prefix}{}", item.name()))
}

/// Whether a question can be drawn here at all. Pictures and files wait for a later version; a
/// reviewer answers on the web, not in the field.
pub(super) fn is_drawn(field: &Field) -> bool {
    match field.kind {
        FieldKind::Hidden | FieldKind::Image | FieldKind::File => false,
        FieldKind::Calculate => !field.label.is_empty(),
        _ => field.writer == Writer::Field,
    }
}

/// The item that a finding's path points at: a field in any row, or a repeat.
pub(super) fn item_at(form: &Form, path: &str) -> Option<ItemId> {
    if let Some(resolved) = form.resolve(path) {
        return Some(resolved.item);
    }
    let parts = path.split('/').filter(|part| !schemas::id::is_uuid(part));
    let schema_path = parts.collect::<Vec<_>>().join("/");
    form.items()
        .iter()
        .position(|item| item.schema_path == schema_path)
}

/// The position of the page on which an item stands.
pub(super) fn page_of(form: &Form, pages: &[Page], id: ItemId) -> Option<usize> {
    let mut around = std::iter::successors(Some(id), |at| form.item(*at).parent);
    around.find_map(|at| pages.iter().position(|page| page.items.contains(&at)))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use schemas::catalog::Catalog;
    use schemas::eval::{Context, evaluate};
    use schemas::value::{Answers, Scalar};

    use super::*;

    fn form(kind: &str) -> &'static Form {
        Catalog::builtin().form(kind).unwrap()
    }

    fn titles(form: &Form, answers: &[(&str, &str)], without: &[&str]) -> Vec<String> {
        let now: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let answers: Answers = answers
            .iter()
            .map(|(path, value)| ((*path).into(), Scalar::from(*value)))
            .collect();
        let said = evaluate(form, &answers, &Context::at(now));
        let without: Vec<String> = without.iter().map(|path| (*path).into()).collect();
        let pages = pages(form);
        let shown = shown_pages(form, &pages, &said, &without);
        shown
            .into_iter()
            .map(|at| pages[at].title.get("vi").to_owned())
            .collect()
    }

    #[test]
    fn a_support_visit_asks_little() {
        let form = form("household_visit");
        let ours = ["commune_id_at_event", "void_reason"];
        assert_eq!(
            titles(form, &[("visit_type", "support")], &ours),
            ["Buổi làm việc", "Tâm tư, nguyện vọng"]
        );
        let absent = [("visit_type", "support"), ("outcome", "absent")];
        assert_eq!(titles(form, &absent, &ours), ["Buổi làm việc"]);
        // Reviewers' questions stand alone on the last page, so the page is not shown in the field.
        let review = [("visit_type", "periodic_review")];
        let shown = titles(form, &review, &ours);
        assert_eq!(shown.len(), 6);
        assert!(!shown.contains(&"Kết quả công nhận".to_owned()));
        assert_eq!(
            titles(form, &[("visit_type", "support")], &[]).last().unwrap(),
            ""
        );
    }

    #[test]
    fn a_household_has_a_page_of_members() {
        let pages = pages(form("household"));
        let titles: Vec<_> = pages
            .iter()
            .map(|page| (page.title.get("vi"), page.loose))
            .collect();
        assert_eq!(titles, [("", true), ("Nhân khẩu", false), ("", true)]);
        assert_eq!(
            super::pages(form("job_fair_attendance")).len(),
            1,
            "short repeats stay where they are"
        );
    }

    #[test]
    fn findings_lead_to_pages() {
        let form = form("household");
        let pages = pages(form);
        let row = "0190b5d2-7c1a-7def-8a11-0123456789ab";
        for (path, page) in [
            ("head_name".to_owned(), 0),
            ("members".to_owned(), 1),
            (format!("members/{row}/full_name"), 1),
            (format!("members/{row}/other_names"), 1),
            (format!("members/{row}/other_names/{row}/value"), 1),
            ("void_reason".to_owned(), 2),
        ] {
            let item = item_at(form, &path).unwrap();
            assert_eq!(page_of(form, &pages, item), Some(page), "{path}");
        }
        assert_eq!(item_at(form, "no_such_field"), None);
    }
}
