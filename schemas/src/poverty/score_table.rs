//! The points of score A, once an official table is loaded. None comes with the program: the table
//! of Circular 07/2021 was not found, and that of 2016 must not be used (domain §2.3). Until then
//! score A is an entered number.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::value::Answers;

/// Rows of one table: the largest official one has some hundred.
pub const SCORE_ROWS_MAX: usize = 2_000;

/// The points of one standard in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreTable {
    /// The standard it belongs to.
    pub standard_id: String,
    /// The region: the points differ by region.
    pub region: String,
    /// Item → option → points.
    points: BTreeMap<String, BTreeMap<String, i64>>,
}

/// Score A by a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableScore {
    /// The points of the items that the table knows.
    pub points: i64,
    /// Items of the table without an answer: the score is not whole while there are any.
    pub missing: Vec<String>,
    /// Rows of the visit that the table does not know, by their path.
    pub unknown: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    standard_id: String,
    region: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    item: String,
    option: String,
    points: i64,
}

impl ScoreTable {
    /// Reads `{"standard_id", "region", "rows": [{"item", "option", "points"}]}`. `None` for what is
    /// not such a table, is too long, or gives one option two different numbers of points.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let file: File = serde_json::from_str(json).ok()?;
        if file.rows.len() > SCORE_ROWS_MAX {
            return None;
        }
        let mut points: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        for row in file.rows {
            let before = points.entry(row.item).or_default().insert(row.option, row.points);
            if before.is_some_and(|before| before != row.points) {
                return None;
            }
        }
        Some(Self {
            standard_id: file.standard_id,
            region: file.region,
            points,
        })
    }

    /// Score A of a visit's `score_a_items`. Rows taken out do not count; of two rows about one item
    /// the later in path order does not count either, and is named.
    #[must_use]
    pub fn score(&self, visit: &Answers) -> TableScore {
        let mut out = TableScore::default();
        let mut answered = BTreeSet::new();
        for (path, item) in visit
            .iter()
            .filter(|(path, _)| path.starts_with("score_a_items/"))
        {
            let Some(prefix) = path.strip_suffix("/item") else {
                continue;
            };
            if visit.get(&format!("{prefix}/$removed")).is_some() {
                continue;
            }
            let item = item.as_text().unwrap_or_default();
            let option = visit
                .get(&format!("{prefix}/option"))
                .and_then(|option| option.as_text());
            let points = option.and_then(|option| self.points.get(item)?.get(option));
            match points {
                Some(points) if answered.insert(item.to_owned()) => out.points += points,
                _ => out.unknown.push(prefix.to_owned()),
            }
        }
        let missing = self.points.keys().filter(|item| !answered.contains(*item));
        out.missing = missing.cloned().collect();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Scalar;

    /// Invented points.
    const TABLE: &str = r#"{"standard_id": "VN-2022-2025", "region": "mẫu", "rows": [
        {"item": "size", "option": "1", "points": 40}, {"item": "size", "option": "2", "points": 30},
        {"item": "power", "option": "yes", "points": 15}]}"#;

    fn visit(rows: &[(&str, &str, &str)]) -> Answers {
        let paths = rows.iter().flat_map(|(row, item, option)| {
            [("item", *item), ("option", *option)]
                .map(|(field, value)| (format!("score_a_items/{row}/{field}"), Scalar::from(value)))
        });
        paths.collect()
    }

    #[test]
    fn points_add_up() {
        let table = ScoreTable::from_json(TABLE).unwrap();
        let score = table.score(&visit(&[("a", "size", "2"), ("b", "power", "yes")]));
        assert_eq!(
            (score.points, score.missing.len(), score.unknown.len()),
            (45, 0, 0)
        );
        let score = table.score(&visit(&[
            ("a", "size", "2"),
            ("b", "size", "1"),
            ("c", "land", "1"),
        ]));
        assert_eq!(score.points, 30);
        assert_eq!(score.missing, ["power"]);
        assert_eq!(score.unknown, ["score_a_items/b", "score_a_items/c"]);
        let mut removed = visit(&[("a", "size", "2")]);
        removed.insert("score_a_items/a/$removed".into(), Scalar::Bool(true));
        assert_eq!(table.score(&removed).points, 0);
    }

    #[test]
    fn what_is_no_table() {
        assert_eq!(ScoreTable::from_json("[]"), None);
        let twice = TABLE.replace(r#""option": "2""#, r#""option": "1""#);
        assert_eq!(ScoreTable::from_json(&twice), None);
    }
}
