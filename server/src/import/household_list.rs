//! The list of households as offices keep it (domain §7.6): columns in any order, heads with or without diacritics.
//!
//! In: a table. Out: what each row says, and every cell that means nothing. It knows nothing of who is registered.

mod column;

pub use column::Column;

use jiff::civil::Date;
use schemas::ethnic::ethnic_group_named;
use schemas::person::{IdIssue, check_id_number, id_parts, normal_phone};
use schemas::text::fold;

use super::limits::COLUMNS_MAX;
use super::table::{Heads, Row, Table, head_key};
use super::{ImportError, RowError};

/// When somebody was born, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// The day; the first of January where only the year is known.
    pub on: Date,
    /// `day`, `month` or `year`.
    pub precision: &'static str,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Its number in the file.
    pub row: usize,
    /// The village as written.
    pub village: String,
    /// The commune as written; may be empty.
    pub commune: String,
    /// The head's name; a name in capitals is written with small letters.
    pub head_name: String,
    /// The head's birth.
    pub birth: Option<Birth>,
    /// `male` or `female`.
    pub sex: Option<&'static str>,
    /// Two digits.
    pub ethnicity: Option<String>,
    /// How many people.
    pub count: Option<i64>,
    /// The code of the class in the form.
    pub class: Option<&'static str>,
    /// Twelve digits.
    pub id_number: Option<String>,
    /// As it is stored.
    pub phone: Option<String>,
}

impl HouseholdRow {
    /// The head's year of birth: as written, or else as the ID number says.
    #[must_use]
    pub fn birth_year(&self) -> Option<i64> {
        let written = self.birth.map(|birth| birth.on.year());
        let said = || {
            self.id_number
                .as_deref()
                .and_then(id_parts)
                .map(|parts| parts.birth_year)
        };
        written.or_else(said).map(i64::from)
    }
}

/// A list as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HouseholdList {
    /// Rows that mean something throughout.
    pub rows: Vec<HouseholdRow>,
    /// Cells that do not.
    pub errors: Vec<RowError>,
    /// Heads of columns that are not taken.
    pub ignored: Vec<String>,
    /// The heads as written, for what is found out later.
    pub heads: Vec<(Column, String)>,
}

impl HouseholdList {
    /// The head of a column as the file writes it.
    #[must_use]
    pub fn head(&self, column: Column) -> &str {
        let mut heads = self.heads.iter();
        heads
            .find(|(known, _)| *known == column)
            .map_or("", |(_, text)| text.as_str())
    }
}

/// Reads a list. `today` is the last day anybody may be born.
///
/// # Errors
/// When no row has the heads of name and village.
pub fn read(table: &Table, today: Date) -> Result<HouseholdList, ImportError> {
    let mut heads = Heads::find(table, Column::known)
        .filter(|heads| heads.place(Column::Name).is_some() && heads.place(Column::Village).is_some())
        .ok_or_else(|| ImportError::Heads("Chủ hộ, Thôn".to_owned()))?;
    let first = heads.at + 1 + under(table, &mut heads);
    let mut list = HouseholdList {
        heads: heads
            .columns
            .iter()
            .map(|(column, _, text)| (*column, text.clone()))
            .collect(),
        ..HouseholdList::default()
    };
    let kept_nowhere = [Column::ScoreA, Column::ScoreB, Column::Note];
    let written = kept_nowhere
        .into_iter()
        .filter(|column| heads.place(*column).is_some());
    list.ignored = written.map(|column| heads.written(column).to_owned()).collect();
    list.ignored.append(&mut heads.unknown);
    for row in table.rows.iter().skip(first).filter(|row| is_data(row, &heads)) {
        let mut reading = Reading {
            row,
            heads: &heads,
            today,
            errors: Vec::new(),
        };
        let said = reading.household();
        if reading.errors.is_empty() {
            list.rows.push(said);
        }
        list.errors.append(&mut reading.errors);
    }
    Ok(list)
}

/// Heads of two lines: `Nam` and `Nữ` under `Ngày sinh`. Returns how many lines there are more.
fn under(table: &Table, heads: &mut Heads<Column>) -> usize {
    let Some(row) = table.rows.get(heads.at + 1) else {
        return 0;
    };
    let below = |column: usize| Column::known(&head_key(row.cell(column)));
    let sexes: Vec<usize> = (0..COLUMNS_MAX)
        .filter(|column| matches!(below(*column), Some(Column::BirthOfMan | Column::BirthOfWoman)))
        .collect();
    let name = heads.place(Column::Name).map_or("", |place| row.cell(place));
    if sexes.is_empty() || !name.is_empty() {
        return 0;
    }
    for place in sexes {
        if let Some(meaning) = below(place) {
            heads.columns.retain(|(_, taken, _)| *taken != place);
            heads.columns.push((meaning, place, row.cell(place).to_owned()));
        }
    }
    1
}

/// Lines of numbers under the heads (`1 2 3`, `(1) (2)`, `A B 1`), totals and signatures are no households.
fn is_data(row: &Row, heads: &Heads<Column>) -> bool {
    let name = heads.cell(row, Column::Name);
    let village = heads.cell(row, Column::Village);
    let label = name.trim_matches(['(', ')']);
    let is_number = !label.is_empty() && label.chars().all(|c| c.is_ascii_digit());
    let is_letter = label.chars().count() == 1 && village.trim_matches(['(', ')']).chars().count() <= 1;
    if is_number || (is_letter && !label.is_empty()) {
        return false;
    }
    let total = |text: &str| matches!(fold(text).split(' ').next(), Some("tong" | "cong"));
    let first = row.cells.iter().find(|cell| !cell.is_empty());
    let sums = village.is_empty() && (total(name) || first.is_some_and(|cell| total(cell)));
    // What stands below the table fills no more than a cell or two.
    let filled = heads
        .columns
        .iter()
        .filter(|(_, place, _)| !row.cell(*place).is_empty())
        .count();
    !sums && (filled > 2 || (!name.is_empty() && !village.is_empty()))
}

struct Reading<'a> {
    row: &'a Row,
    heads: &'a Heads<Column>,
    today: Date,
    errors: Vec<RowError>,
}

impl Reading<'_> {
    fn cell(&self, column: Column) -> &str {
        self.heads.cell(self.row, column)
    }

    fn refuse(&mut self, column: Column, code: &str) {
        let head = self.heads.written(column);
        let error = RowError::new(self.row.number, head, code, self.cell(column));
        self.errors.push(error);
    }

    /// What a cell says; nothing for an empty one. What means nothing is refused.
    fn said<T>(&mut self, column: Column, code: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let said = read(text);
        if said.is_none() {
            self.refuse(column, code);
        }
        said
    }

    fn household(&mut self) -> HouseholdRow {
        let head_name = name(self.cell(Column::Name));
        if !(2..=100).contains(&head_name.chars().count()) {
            self.refuse(Column::Name, "name_missing");
        }
        let village = self.cell(Column::Village).to_owned();
        if village.is_empty() {
            self.refuse(Column::Village, "village_missing");
        }
        let (birth, born_as) = self.birth();
        let sex = self.said(Column::Sex, "sex_unknown", sex);
        self.said(Column::ScoreA, "score_malformed", |text| score(text, 1_000, 1));
        self.said(Column::ScoreB, "score_malformed", |text| score(text, 120, 10));
        let household = HouseholdRow {
            row: self.row.number,
            village,
            commune: self.cell(Column::Commune).to_owned(),
            head_name,
            birth,
            sex: sex.or(born_as),
            ethnicity: self.said(Column::Ethnicity, "ethnicity_unknown", ethnicity),
            count: self.said(Column::Count, "count_malformed", |text| {
                score(text, 30, 1).filter(|count| *count > 0)
            }),
            class: self.said(Column::Class, "class_unknown", class),
            id_number: self.said(Column::IdNumber, "id_number_malformed", id_number),
            phone: self.said(Column::Phone, "phone_malformed", phone),
        };
        if household.birth_year().is_none() && self.errors.is_empty() {
            // Without either, the same list brought twice would make every household twice.
            let column = [Column::Birth, Column::BirthOfMan, Column::IdNumber, Column::Name];
            let column = column
                .into_iter()
                .find(|column| self.heads.place(*column).is_some());
            self.refuse(column.unwrap_or(Column::Name), "birth_missing");
        }
        household
    }

    fn birth(&mut self) -> (Option<Birth>, Option<&'static str>) {
        let today = self.today;
        let columns = [
            (Column::Birth, None),
            (Column::BirthOfMan, Some("male")),
            (Column::BirthOfWoman, Some("female")),
        ];
        for (column, sex) in columns {
            let said = self.said(column, "birth_malformed", |text| {
                birth(text).filter(|birth| birth.on <= today && birth.on.year() >= 1900)
            });
            if said.is_some() {
                return (said, sex);
            }
        }
        (None, None)
    }
}

/// A name; forms print the head in capitals, and that is for display only.
fn name(text: &str) -> String {
    if text.chars().any(char::is_lowercase) {
        return text.to_owned();
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().collect();
        first + &letters.as_str().to_lowercase()
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// `dd/mm/yyyy`, `mm/yyyy`, `yyyy` or `yyyy-mm-dd`, with any of `/ - .` between.
fn birth(text: &str) -> Option<Birth> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let number = |part: &str| part.parse::<i16>().ok().filter(|number| *number > 0);
    let small = |part: &str| i8::try_from(number(part)?).ok();
    let is_year = |part: &str| part.len() == 4;
    let (year, month, day, precision) = match parts[..] {
        [year] if is_year(year) => (number(year)?, 1, 1, "year"),
        [month, year] if is_year(year) => (number(year)?, small(month)?, 1, "month"),
        [day, month, year] if is_year(year) => (number(year)?, small(month)?, small(day)?, "day"),
        [year, month, day] if is_year(year) => (number(year)?, small(month)?, small(day)?, "day"),
        _ => return None,
    };
    let on = Date::new(year, month, day).ok()?;
    Some(Birth { on, precision })
}

fn sex(text: &str) -> Option<&'static str> {
    match fold(text).as_str() {
        "nam" => Some("male"),
        "nu" => Some("female"),
        _ => None,
    }
}

fn ethnicity(text: &str) -> Option<String> {
    let padded = if text.len() == 1 {
        format!("0{text}")
    } else {
        text.to_owned()
    };
    ethnic_group_named(&padded).map(|group| group.code.clone())
}

/// A whole number up to `most`, in steps.
fn score(text: &str, most: i64, step: i64) -> Option<i64> {
    let number = text.parse::<i64>().ok()?;
    ((0..=most).contains(&number) && number % step == 0).then_some(number)
}

fn class(text: &str) -> Option<&'static str> {
    let folded = head_key(text);
    match folded.strip_prefix("ho ").unwrap_or(&folded) {
        "ngheo" | "hn" | "poor" => Some("poor"),
        "can ngheo" | "cn" | "hcn" | "near poor" => Some("near_poor"),
        "trung binh" | "co muc song trung binh" | "muc song trung binh" | "average" => Some("average"),
        "khong ngheo" | "non poor" => Some("non_poor"),
        "chua phan loai" | "unclassified" => Some("unclassified"),
        _ => None,
    }
}

/// Twelve digits. Spreadsheets take a leading zero away, and Lào Cai's numbers begin with one.
fn id_number(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '\'')).collect();
    if digits.len() == 11 {
        let padded = format!("0{digits}");
        return check_id_number(&padded, None, None).is_empty().then_some(padded);
    }
    let issues = check_id_number(&digits, None, None);
    (!issues.contains(&IdIssue::NotTwelveDigits)).then_some(digits)
}

fn phone(text: &str) -> Option<String> {
    normal_phone(text).or_else(|| normal_phone(&format!("0{text}")))
}

#[cfg(test)]
mod tests;
