//! One page of a set.

use std::cmp::Ordering as Order;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value};
use sync_core::id::RecordId;

use super::OdataError;
use super::filter::{Expr, order};
use super::set::{Set, fitting, is_computed, is_of_log};
use crate::app::App;
use crate::export::cell::Cell;
use crate::export::json_value;
use crate::export::record::{Manner, Shelf, Shown};
use crate::export::{Asker, ExportError};
use crate::review::Authors;
use crate::store::export::{ExportQuery, ExportReader as _};

/// Records looked at for one page, whether they answer or not.
const RECORDS_MAX: usize = 20_000;
/// Rows that are put in order at once.
pub const ORDERED_MAX: u64 = 10_000;

/// What somebody asks of a set.
#[derive(Debug, Default)]
pub struct Question {
    /// Only rows of which this holds.
    pub filter: Option<Expr>,
    /// Only these columns; all if none.
    pub select: Option<Vec<usize>>,
    /// At most so many rows, over all pages.
    pub top: Option<u64>,
    /// Without the first so many.
    pub skip: u64,
    /// By these columns, each with whether it falls; else by place.
    pub order: Vec<(usize, bool)>,
    /// Whether the number of rows that answer is asked for.
    pub count: bool,
    /// Where the page before ended.
    pub resume: Option<Resume>,
    /// Only this record.
    pub id: Option<RecordId>,
    /// Rows of this page.
    pub rows: usize,
    /// Personal answers are hidden.
    pub masked: bool,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// The last record looked at.
    pub place: i64,
    /// How many of its rows.
    pub row: usize,
    /// Rows that answer, counted for the first page.
    pub count: Option<u64>,
}

impl Resume {
    /// As it stands in a link.
    #[must_use]
    pub fn text(&self) -> String {
        let count = self.count.map_or_else(String::new, |count| format!("-{count}"));
        format!("{}-{}{count}", self.place, self.row)
    }

    /// From a link; none if it is not one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let resume = Self {
            place: parts.next()?.parse().ok().filter(|place| *place >= 0)?,
            row: parts.next()?.parse().ok()?,
            count: parts.next().map(str::parse).transpose().ok()?,
        };
        parts.next().is_none().then_some(resume)
    }
}

/// A page.
#[derive(Debug, Default)]
pub struct Answer {
    /// Its rows.
    pub rows: Vec<Map<String, Value>>,
    /// How many rows answer over all pages, if asked.
    pub count: Option<u64>,
    /// Whether there may be more.
    pub next: Option<Next>,
}

/// The question of the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Its `$top`.
    pub top: Option<u64>,
    /// Its `$skip`.
    pub skip: u64,
    /// Its `$skiptoken`; none where rows are ordered.
    pub resume: Option<Resume>,
}

/// Answers a question. Blocks. `given_up` ends it early.
///
/// # Errors
/// When it asks for more than is done at once, or the store fails.
pub fn read(
    app: &App,
    asker: &Asker,
    set: &Set,
    question: &Question,
    given_up: &AtomicBool,
) -> Result<Answer, OdataError> {
    let catalog = app.catalog()?;
    let units = app.units()?;
    let used = used(set, question);
    let shelf = Shelf {
        catalog: &catalog,
        units: &units,
        authors: &Authors(app.devices.current(&app.store)?),
        manner: Manner {
            masked: question.masked,
            labels: false,
            computed: used.iter().any(|at| is_computed(&set.columns[*at].1)),
            now: app.clock.now(),
        },
    };
    let mut reading = Reading {
        app,
        asker,
        set,
        question,
        shelf: &shelf,
        given_up,
        marks: false,
    };
    let known = question.resume.and_then(|resume| resume.count);
    let count = match known {
        None if question.count => Some(reading.count()?),
        known => known,
    };
    reading.marks = used.iter().any(|at| is_of_log(&set.columns[*at].1));
    let mut answer = if question.order.is_empty() {
        reading.by_place(count)?
    } else {
        reading.ordered()?
    };
    answer.count = count;
    Ok(answer)
}

fn used(set: &Set, question: &Question) -> Vec<usize> {
    let mut used = question
        .select
        .clone()
        .unwrap_or_else(|| (0..set.columns.len()).collect());
    used.extend(question.order.iter().map(|(at, _)| *at));
    if let Some(filter) = &question.filter {
        filter.columns(&mut used);
    }
    used
}

struct Reading<'a> {
    app: &'a App,
    asker: &'a Asker,
    set: &'a Set,
    question: &'a Question,
    shelf: &'a Shelf<'a>,
    given_up: &'a AtomicBool,
    marks: bool,
}

impl Reading<'_> {
    fn query(&self, after: i64) -> ExportQuery {
        ExportQuery {
            reach: self.asker.reach.clone(),
            kind: self.set.kind.clone(),
            units: None,
            state: None,
            id: self.question.id,
            after,
            marks: self.marks || self.filters_by_log(),
        }
    }

    fn filters_by_log(&self) -> bool {
        let mut used = Vec::new();
        if let Some(filter) = &self.question.filter {
            filter.columns(&mut used);
        }
        used.iter().any(|at| is_of_log(&self.set.columns[*at].1))
    }

    /// Every record after a place, with the prefixes of its rows, until `each` breaks off.
    fn walk(
        &self,
        after: i64,
        each: &mut dyn FnMut(&Shown<'_>, &[&str]) -> ControlFlow<()>,
    ) -> Result<(), OdataError> {
        let mut failed = None;
        self.app.store.export(&self.query(after), &mut |row| {
            if self.given_up.load(Ordering::Relaxed) {
                failed = Some(OdataError::Export(ExportError::GivenUp));
                return ControlFlow::Break(());
            }
            match self.shelf.take(&self.set.kind, row) {
                Ok(shown) if self.set.repeat.is_empty() => each(&shown, &[""]),
                Ok(shown) => {
                    let mut rows = shown.rows();
                    let prefixes: Vec<&str> = rows.remove(&self.set.repeat).into_iter().flatten().collect();
                    each(&shown, &prefixes)
                }
                Err(error) => {
                    failed = Some(error.into());
                    ControlFlow::Break(())
                }
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    fn cell(&self, shown: &Shown<'_>, prefix: &str, at: usize) -> Cell {
        let (_, column) = &self.set.columns[at];
        fitting(shown.cell(column, prefix), column)
    }

    fn answers(&self, shown: &Shown<'_>, prefix: &str) -> bool {
        let filter = self.question.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(&|at| self.cell(shown, prefix, at)))
    }

    fn row(&self, shown: &Shown<'_>, prefix: &str) -> Map<String, Value> {
        let shows = |at: usize| {
            (
                self.set.columns[at].0.clone(),
                json_value(&self.cell(shown, prefix, at)),
            )
        };
        match &self.question.select {
            Some(select) => select.iter().map(|at| shows(*at)).collect(),
            None => (0..self.set.columns.len()).map(shows).collect(),
        }
    }

    fn count(&self) -> Result<u64, OdataError> {
        if self.question.filter.is_none() && self.set.repeat.is_empty() {
            return Ok(self.app.store.export_count(&self.query(0))?);
        }
        let mut count = 0;
        self.walk(0, &mut |shown, prefixes| {
            count += prefixes
                .iter()
                .filter(|prefix| self.answers(shown, prefix))
                .count() as u64;
            ControlFlow::Continue(())
        })?;
        Ok(count)
    }

    fn by_place(&self, count: Option<u64>) -> Result<Answer, OdataError> {
        let begun = self.question.resume.unwrap_or(Resume {
            place: 0,
            row: 0,
            count: None,
        });
        let (mut skip, mut top) = (self.question.skip, self.question.top);
        let (mut rows, mut next, mut looked_at) = (Vec::new(), None, 0);
        if top == Some(0) {
            return Ok(Answer::default());
        }
        self.walk((begun.place - 1).max(0), &mut |shown, prefixes| {
            let place = shown.row.place;
            let from = if place == begun.place { begun.row } else { 0 };
            looked_at += 1;
            for (at, prefix) in prefixes.iter().enumerate().skip(from) {
                if !self.answers(shown, prefix) {
                    continue;
                }
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                rows.push(self.row(shown, prefix));
                top = top.map(|top| top - 1);
                if top == Some(0) {
                    return ControlFlow::Break(());
                }
                if rows.len() >= self.question.rows {
                    let resume = Some(Resume {
                        place,
                        row: at + 1,
                        count,
                    });
                    next = Some(Next { top, skip, resume });
                    return ControlFlow::Break(());
                }
            }
            if looked_at >= RECORDS_MAX {
                let resume = Some(Resume {
                    place,
                    row: prefixes.len(),
                    count,
                });
                next = Some(Next { top, skip, resume });
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        Ok(Answer {
            rows,
            count: None,
            next,
        })
    }

    /// The first rows by the order asked for: no more than so many are ever held.
    fn ordered(&self) -> Result<Answer, OdataError> {
        let (skip, top) = (self.question.skip, self.question.top);
        let page = top.unwrap_or(u64::MAX).min(self.question.rows as u64);
        let wanted = skip.saturating_add(page);
        if wanted > ORDERED_MAX {
            return Err(OdataError::TooMuch(format!(
                "$orderby, $skip + $top > {ORDERED_MAX}"
            )));
        }
        // One more says whether there is a next page.
        let keep = usize::try_from(wanted).unwrap_or(usize::MAX).saturating_add(1);
        let mut best: Vec<(Vec<Cell>, Map<String, Value>)> = Vec::new();
        let compare = |a: &(Vec<Cell>, Map<String, Value>), b: &(Vec<Cell>, Map<String, Value>)| {
            self.compare(&a.0, &b.0)
        };
        let mut bar: Option<Vec<Cell>> = None;
        self.walk(0, &mut |shown, prefixes| {
            for prefix in prefixes {
                if !self.answers(shown, prefix) {
                    continue;
                }
                let key: Vec<Cell> = self
                    .question
                    .order
                    .iter()
                    .map(|(at, _)| self.cell(shown, prefix, *at))
                    .collect();
                if bar
                    .as_ref()
                    .is_some_and(|bar| self.compare(&key, bar) != Order::Less)
                {
                    continue;
                }
                best.push((key, self.row(shown, prefix)));
                if best.len() >= 2 * keep {
                    best.sort_by(compare);
                    best.truncate(keep);
                    bar = best.last().map(|(key, _)| key.clone());
                }
            }
            ControlFlow::Continue(())
        })?;
        best.sort_by(compare);
        let skipped = usize::try_from(skip).unwrap_or(usize::MAX);
        let shown = usize::try_from(page).unwrap_or(usize::MAX);
        let more = best.len() > skipped.saturating_add(shown);
        let left = top.map(|top| top.saturating_sub(page));
        let next = (more && left != Some(0)).then_some(Next {
            top: left,
            skip: skip + page,
            resume: None,
        });
        let rows = best.into_iter().skip(skipped).take(shown).map(|(_, row)| row);
        Ok(Answer {
            rows: rows.collect(),
            count: None,
            next,
        })
    }

    /// Nothing stands before everything, as OData wants it; equals keep the order of their places.
    fn compare(&self, left: &[Cell], right: &[Cell]) -> Order {
        let pairs = left.iter().zip(right).zip(&self.question.order);
        for ((left, right), (_, falls)) in pairs {
            let order = match (left, right) {
                (Cell::Empty, Cell::Empty) => Order::Equal,
                (Cell::Empty, _) => Order::Less,
                (_, Cell::Empty) => Order::Greater,
                _ => order(left, right).unwrap_or(Order::Equal),
            };
            let order = if *falls { order.reverse() } else { order };
            if order != Order::Equal {
                return order;
            }
        }
        Order::Equal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_where_it_goes_on() {
        for resume in [
            Resume {
                place: 7,
                row: 2,
                count: Some(9),
            },
            Resume {
                place: 0,
                row: 0,
                count: None,
            },
        ] {
            assert_eq!(Resume::parse(&resume.text()), Some(resume));
        }
        for text in ["", "7", "7-x", "-7-1", "1-2-3-4", "99999999999999999999-1"] {
            assert_eq!(Resume::parse(text), None, "{text}");
        }
    }
}
