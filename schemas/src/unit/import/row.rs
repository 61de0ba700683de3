//! Cells by column name, and the parts of a unit read from them.

use jiff::civil::Date;

use super::{ImportChange, Work};
use crate::text::clean;
use crate::unit::csv::Row;
use crate::unit::{Level, Unit};

/// A table whose first row names the columns.
pub(super) struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(mut rows: Vec<Row>) -> Self {
        let rest = if rows.is_empty() {
            Vec::new()
        } else {
            rows.split_off(1)
        };
        let columns = rows.pop().map(|header| header.fields).unwrap_or_default();
        let columns = columns.iter().map(|name| clean(name).to_lowercase()).collect();
        Self { columns, rows: rest }
    }

    pub(super) fn has(&self, columns: &[&str]) -> bool {
        columns
            .iter()
            .all(|wanted| self.columns.iter().any(|name| name == wanted))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// A cell as stored text; empty where the row is short.
    pub(super) fn cell(&self, row: &Row, column: &str) -> String {
        let place = self.columns.iter().position(|name| name == column);
        place
            .and_then(|place| row.fields.get(place))
            .map(|text| clean(text))
            .unwrap_or_default()
    }
}

/// A unit as a file names it, before it is known whether we have it.
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) level: Level,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) valid_from: Option<Date>,
    pub(super) valid_to: Option<Date>,
}

impl Named {
    /// Reads level, code and name; says what is wrong and gives `None` when they cannot be taken.
    pub(super) fn read(
        work: &mut Work<'_>,
        line: usize,
        level: Level,
        code: &str,
        name: &str,
    ) -> Option<Self> {
        let (kind, name) = split_kind(level, name);
        if name.is_empty() {
            work.problem(
                line,
                "name_missing",
                "Thiếu tên đơn vị, vui lòng bổ sung.",
                "The unit has no name: please add it.",
            );
            return None;
        }
        if let Some(digits) = level.code_digits()
            && (code.len() != digits || !code.bytes().all(|b| b.is_ascii_digit()))
        {
            work.problem(
                line,
                "code_malformed",
                &format!("Mã đơn vị phải đủ {digits} chữ số, kể cả số 0 ở đầu; vui lòng kiểm tra lại."),
                &format!("The code must have {digits} digits, leading zeros included: please check it."),
            );
            return None;
        }
        Some(Self {
            line,
            level,
            code: code.to_owned(),
            name,
            kind,
            valid_from: None,
            valid_to: None,
        })
    }

    /// The id of the unit: a known one, one this file made already, or a new one made now.
    /// `parents` and `successor` go into a new unit, and a known unit learns what it lacks.
    pub(super) fn place(
        self,
        work: &mut Work<'_>,
        parents: Vec<crate::unit::Parent>,
        successor: Option<&str>,
    ) -> String {
        // Villages have no code, and villages of one name lie in many communes: the parent tells them apart.
        let parent = match self.level.code_digits() {
            Some(_) => String::new(),
            None => parents
                .first()
                .map(|parent| parent.id.clone())
                .unwrap_or_default(),
        };
        let key = (
            self.level,
            self.code.clone(),
            self.name.clone(),
            parent.clone(),
            self.valid_to,
        );
        if let Some(id) = work.made.get(&key) {
            return id.clone();
        }
        let id = match self.known(work, &parent, successor) {
            Some(unit) => {
                let unit = unit.clone();
                self.amend(work, &unit, successor);
                unit.id
            }
            None => self.create(work, parents, successor),
        };
        work.made.insert(key, id.clone());
        id
    }

    /// The unit we have: the holder of the code at that time; else one without a code that has
    /// this name exactly and the same successor or, for what has no official code, the same parent.
    /// Folded names never decide.
    fn known<'w>(&self, work: &Work<'w>, parent: &str, successor: Option<&str>) -> Option<&'w Unit> {
        let same_time = |unit: &&Unit| match (self.valid_from, self.valid_to) {
            (_, Some(to)) => unit.in_force(to),
            (Some(from), None) => unit.in_force(from),
            (None, None) => unit.valid_to.is_none(),
        };
        let same_level = |unit: &&Unit| unit.level == self.level;
        let named = |unit: &&Unit| unit.name == self.name || unit.aliases.contains(&self.name);
        let units = || work.known.iter().filter(same_level).filter(same_time);
        let has_code = |unit: &&Unit| unit.official_code.as_deref() == Some(self.code.as_str());
        let mut nameless = units().filter(|unit| {
            unit.official_code.is_none()
                && named(unit)
                && (unit.kind == self.kind || self.kind.is_empty())
                && (successor.is_some_and(|id| unit.successors.iter().any(|known| known == id))
                    || self.level.code_digits().is_none() && unit.parents.iter().any(|up| up.id == parent))
        });
        units().find(has_code).or_else(|| nameless.next())
    }

    fn amend(&self, work: &mut Work<'_>, unit: &Unit, successor: Option<&str>) {
        let (line, before) = (self.line, work.preview.changes.len());
        let changes = &mut work.preview.changes;
        let id = || unit.id.clone();
        if unit.official_code.is_none() && !self.code.is_empty() {
            changes.push(ImportChange::SetCode {
                line,
                id: id(),
                code: self.code.clone(),
            });
        }
        if unit.name != self.name && !unit.aliases.contains(&self.name) {
            changes.push(ImportChange::AddAlias {
                line,
                id: id(),
                alias: self.name.clone(),
            });
        }
        if let Some(successor) = successor
            && !unit.successors.iter().any(|known| known == successor)
        {
            changes.push(ImportChange::AddSuccessor {
                line,
                id: id(),
                successor: successor.to_owned(),
            });
        }
        work.preview.unchanged += usize::from(changes.len() == before);
    }

    fn create(
        self,
        work: &mut Work<'_>,
        parents: Vec<crate::unit::Parent>,
        successor: Option<&str>,
    ) -> String {
        let id = (work.new_id)();
        let unit = Unit {
            id: id.clone(),
            level: self.level,
            official_code: (!self.code.is_empty()).then_some(self.code),
            name: self.name,
            aliases: Vec::new(),
            kind: if self.kind.is_empty() {
                default_kind(self.level).to_owned()
            } else {
                self.kind
            },
            parents,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            successors: successor.map(str::to_owned).into_iter().collect(),
            decision: None,
            source: "import".to_owned(),
            certainty: String::new(),
            invented: false,
        };
        work.preview.changes.push(ImportChange::Create {
            line: self.line,
            unit: Box::new(unit),
        });
        id
    }
}

/// A date of a cell: ISO or dd/mm/yyyy; `Err` is a cell that is neither and not empty.
pub(super) fn date(text: &str) -> Result<Option<Date>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(date) = text.parse::<Date>() {
        return Ok(Some(date));
    }
    let parts: Vec<&str> = text.split('/').collect();
    let [day, month, year] = parts.as_slice() else {
        return Err(());
    };
    let number = |part: &str| part.parse::<i16>().map_err(|_| ());
    let small = |part: &str| part.parse::<i8>().map_err(|_| ());
    Date::new(number(year)?, small(month)?, small(day)?)
        .map(Some)
        .map_err(|_| ())
}

/// Takes the word for the kind off the front: `Phường Duyên Hải` → `phường`, `Duyên Hải`. Only
/// where a name remains, and never off a name that is only that word.
fn split_kind(level: Level, name: &str) -> (String, String) {
    let kinds: &[&str] = match level {
        Level::Province => &["thành phố", "tỉnh"],
        Level::District => &["thành phố", "thị xã", "huyện", "quận", "tp", "tx"],
        Level::Commune => &["thị trấn", "phường", "xã", "tt"],
        Level::Village => &["tổ dân phố", "thôn", "bản", "tổ"],
        Level::ReviewArea => &[],
    };
    let lower = name.to_lowercase();
    for kind in kinds {
        let rest = lower.strip_prefix(kind).filter(|rest| rest.starts_with(' '));
        // Lower case keeps the number of characters of Vietnamese words, so they count the same.
        if rest.is_some() && lower.chars().count() == name.chars().count() {
            let rest: String = name.chars().skip(kind.chars().count()).collect();
            let kind = match *kind {
                "tp" => "thành phố",
                "tx" => "thị xã",
                "tt" => "thị trấn",
                other => other,
            };
            return (kind.to_owned(), rest.trim().to_owned());
        }
    }
    (String::new(), name.to_owned())
}

fn default_kind(level: Level) -> &'static str {
    match level {
        Level::Province => "tỉnh",
        Level::District => "huyện",
        Level::Commune => "xã",
        Level::Village => "thôn",
        Level::ReviewArea => "địa bàn rà soát",
    }
}
