//! Any order of columns, any spelling of heads, and every bad cell named.

use jiff::civil::date;
use proptest::prelude::*;
use schemas::text::fold;

use super::*;
use crate::import::table;

fn list(csv: &str) -> HouseholdList {
    let table = table::read(csv.as_bytes()).expect("a table");
    read(&table, date(2026, 11, 24)).expect("a list")
}

/// A head as somebody may write it.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Small,
    Capitals,
    Spaced,
    Bracketed,
}

fn spelt(name: &str, spelling: Spelling) -> String {
    match spelling {
        Spelling::Small => name.to_owned(),
        Spelling::Capitals => name.to_uppercase(),
        Spelling::Spaced => format!("  {} ", name.replace(' ', "  ")),
        Spelling::Bracketed => format!("{name} (1)"),
    }
}

/// Heads with diacritics; without them they are the folded ones.
const HEADS: [(Column, &str); 9] = [
    (Column::Order, "STT"),
    (Column::Name, "Họ và tên chủ hộ"),
    (Column::Birth, "Ngày sinh"),
    (Column::Ethnicity, "Dân tộc"),
    (Column::Village, "Thôn, bản"),
    (Column::Count, "Số khẩu"),
    (Column::Class, "Phân loại"),
    (Column::IdNumber, "Số định danh/CCCD"),
    (Column::Phone, "Điện thoại"),
];

#[derive(Debug, Clone)]
struct Written {
    name: String,
    year: i16,
    month: i8,
    day: i8,
    count: i64,
    class: usize,
    ethnic: usize,
    id: Option<u32>,
    phone: Option<u32>,
}

const CLASSES: [(&str, &str); 4] = [
    ("Hộ nghèo", "poor"),
    ("cận nghèo", "near_poor"),
    ("HỘ CÓ MỨC SỐNG TRUNG BÌNH", "average"),
    ("khong ngheo", "non_poor"),
];
const ETHNIC: [(&str, &str); 4] = [("Mông", "08"), ("H'Mông", "08"), ("dao", "09"), ("1", "01")];

fn written() -> impl Strategy<Value = Written> {
    (
        "(Giàng|Sùng|Thào|Vàng) (A|Thị|Seo) (Sình|Súa|Dìn|Tẩn)",
        1930i16..2008,
        1i8..=12,
        1i8..=28,
        1i64..=30,
        0..CLASSES.len(),
        0..ETHNIC.len(),
        proptest::option::of(0u32..1_000_000),
        proptest::option::of(0u32..100_000_000),
    )
        .prop_map(
            |(name, year, month, day, count, class, ethnic, id, phone)| Written {
                name,
                year,
                month,
                day,
                count,
                class,
                ethnic,
                id,
                phone,
            },
        )
}

impl Written {
    fn id_number(&self) -> Option<String> {
        let century = if self.year < 2000 { 0 } else { 2 };
        self.id
            .map(|tail| format!("010{century}{:02}{tail:06}", self.year % 100))
    }

    fn cell(&self, column: Column) -> String {
        match column {
            Column::Order => "1".to_owned(),
            Column::Name => self.name.clone(),
            Column::Birth => format!("{:02}/{:02}/{}", self.day, self.month, self.year),
            Column::Ethnicity => ETHNIC[self.ethnic].0.to_owned(),
            Column::Village => "Thôn Sín Chải".to_owned(),
            Column::Count => self.count.to_string(),
            Column::Class => CLASSES[self.class].0.to_owned(),
            Column::IdNumber => self.id_number().unwrap_or_default(),
            Column::Phone => self.phone.map(|tail| format!("09{tail:08}")).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn read(&self, row: usize) -> HouseholdRow {
        HouseholdRow {
            row,
            village: "Thôn Sín Chải".to_owned(),
            commune: String::new(),
            head_name: self.name.clone(),
            birth: Some(Birth {
                on: date(self.year, self.month, self.day),
                precision: "day",
            }),
            sex: None,
            ethnicity: Some(ETHNIC[self.ethnic].1.to_owned()),
            count: Some(self.count),
            class: Some(CLASSES[self.class].1),
            id_number: self.id_number(),
            phone: self.phone.map(|tail| format!("09{tail:08}")),
        }
    }
}

fn spelling() -> impl Strategy<Value = Spelling> {
    prop_oneof![
        Just(Spelling::Small),
        Just(Spelling::Capitals),
        Just(Spelling::Spaced),
        Just(Spelling::Bracketed)
    ]
}

proptest! {
    #[test]
    fn a_list_is_read_whatever_its_heads_and_their_order(
        rows in proptest::collection::vec(written(), 1..6),
        order in Just(HEADS.to_vec()).prop_shuffle(),
        spellings in proptest::collection::vec((spelling(), any::<bool>()), HEADS.len()),
        title in any::<bool>(),
    ) {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let mut first = 2;
        if title {
            csv.write_record(["DANH SÁCH HỘ NGHÈO NĂM 2026"]).expect("writes");
            first = 3;
        }
        let heads = order.iter().zip(&spellings).map(|((_, name), (spelling, bare))| {
            spelt(&if *bare { fold(name) } else { (*name).to_owned() }, *spelling)
        });
        csv.write_record(heads).expect("writes");
        for row in &rows {
            csv.write_record(order.iter().map(|(column, _)| row.cell(*column))).expect("writes");
        }
        let bytes = csv.into_inner().expect("bytes");
        let read = list(std::str::from_utf8(&bytes).expect("UTF-8"));
        prop_assert_eq!(&read.errors, &[]);
        let expected: Vec<_> = rows.iter().enumerate().map(|(at, row)| row.read(at + first)).collect();
        prop_assert_eq!(read.rows, expected);
        prop_assert_eq!(&read.ignored, &Vec::<String>::new());
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}", cells in proptest::collection::vec("[^\"]{0,12}", 0..40)) {
        let body = cells.chunks(4).map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
        for csv in [text.clone(), format!("Chủ hộ,Thôn,Ngày sinh,{text}\n{body}")] {
            if let Ok(table) = table::read(csv.as_bytes()) {
                let _ = read(&table, date(2026, 11, 24));
            }
        }
    }
}

#[test]
fn a_paper_list_with_two_lines_of_heads_numbers_and_a_total() {
    let read = list(
        "UBND XÃ MẪU,,,,,,,,\n\
         ,DANH SÁCH HỘ NGHÈO,,,,,,,\n\
         TT,Chủ hộ,Ngày sinh,,Dân tộc,Thôn,Số khẩu,Điểm A,Điểm B,Phân loại,Ghi chú\n\
         ,,Nam,Nữ,,,,,,,\n\
         1,2,3,4,5,6,7,8,9,10,11\n\
         1,GIÀNG A SÌNH,1975,,Mông,Sín Chải,5,95,40,Hộ nghèo,nhà dột\n\
         2,THÀO THỊ SÚA,,20/10/1980,Mông,Sín Chải,3,120,10,Hộ cận nghèo,\n\
         ,Tổng cộng,,,,,8,,,,\n\
         ,,,,,Người lập biểu,,,,,\n",
    );
    assert_eq!(read.errors, []);
    let rows: Vec<_> = read
        .rows
        .iter()
        .map(|row| {
            (
                row.row,
                row.head_name.as_str(),
                row.sex,
                row.birth_year(),
                row.class,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (6, "Giàng A Sình", Some("male"), Some(1975), Some("poor")),
            (7, "Thào Thị Súa", Some("female"), Some(1980), Some("near_poor")),
        ]
    );
    assert_eq!(read.ignored, ["Điểm A", "Điểm B", "Ghi chú"]);
}

#[test]
fn every_bad_cell_is_named() {
    let read = list(
        "Chủ hộ,Năm sinh,Thôn,Dân tộc,Số khẩu,Điểm B,Phân loại,CCCD,SĐT\n\
         Giàng A Mẫu,31/02/1975,Sín Chải,Người Hỏa,40,15,giàu,123,12\n\
         ,1975,Sín Chải,Mông,4,,,,\n\
         Giàng A Mẫu,,Sín Chải,Mông,4,,,,\n\
         Giàng A Mẫu,2031,,Mông,4,,,,\n\
         Giàng A Đúng,,Sín Chải,Mông,4,,,10075000123,912345678\n",
    );
    let errors: Vec<(usize, &str, &str)> = read
        .errors
        .iter()
        .map(|error| (error.row, error.column.as_str(), error.code.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            (2, "Năm sinh", "birth_malformed"),
            (2, "Điểm B", "score_malformed"),
            (2, "Dân tộc", "ethnicity_unknown"),
            (2, "Số khẩu", "count_malformed"),
            (2, "Phân loại", "class_unknown"),
            (2, "CCCD", "id_number_malformed"),
            (2, "SĐT", "phone_malformed"),
            (3, "Chủ hộ", "name_missing"),
            (4, "Năm sinh", "birth_missing"),
            (5, "Thôn", "village_missing"),
            (5, "Năm sinh", "birth_malformed"),
        ]
    );
    for error in &read.errors {
        assert!(
            !error.message.get("vi").starts_with("row."),
            "{} has no words",
            error.code
        );
        assert!(
            !error.message.get("en").starts_with("row."),
            "{} has no words",
            error.code
        );
    }
    assert_eq!(read.rows.len(), 1);
    assert_eq!(
        read.rows[0].id_number.as_deref(),
        Some("010075000123"),
        "a spreadsheet took its zero"
    );
    assert_eq!(read.rows[0].phone.as_deref(), Some("0912345678"));
    assert_eq!(read.rows[0].birth_year(), Some(1975));
}

#[test]
fn a_table_without_the_heads_is_refused() {
    let table = table::read("a,b\n1,2\n".as_bytes()).expect("a table");
    assert!(matches!(
        read(&table, date(2026, 1, 1)),
        Err(ImportError::Heads(_))
    ));
}
