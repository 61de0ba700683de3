//! The columns of a list of households and what offices call them.

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The running number.
    Order,
    /// The head's name.
    Name,
    /// Day or year of birth.
    Birth,
    /// The same, for a man.
    BirthOfMan,
    /// The same, for a woman.
    BirthOfWoman,
    /// Man or woman.
    Sex,
    /// Ethnic group, by name or code.
    Ethnicity,
    /// Village.
    Village,
    /// Commune, by name or code.
    Commune,
    /// How many people.
    Count,
    /// Score of income.
    ScoreA,
    /// Score of deprivation.
    ScoreB,
    /// Poor, near-poor …
    Class,
    /// A note.
    Note,
    /// The head's ID number.
    IdNumber,
    /// A phone number.
    Phone,
}

/// How each column is called, folded and without punctuation.
const NAMES: &[(Column, &[&str])] = &[
    (Column::Order, &["tt", "stt", "so tt", "so thu tu"]),
    (
        Column::Name,
        &[
            "chu ho",
            "ho va ten chu ho",
            "ho ten chu ho",
            "ten chu ho",
            "ho va ten",
            "ho ten",
        ],
    ),
    (
        Column::Birth,
        &[
            "ngay sinh",
            "nam sinh",
            "ngay thang nam sinh",
            "ngay sinh chu ho",
            "nam sinh chu ho",
        ],
    ),
    (Column::BirthOfMan, &["nam", "ngay sinh nam", "nam sinh nam"]),
    (Column::BirthOfWoman, &["nu", "ngay sinh nu", "nam sinh nu"]),
    (Column::Sex, &["gioi tinh"]),
    (
        Column::Ethnicity,
        &["dan toc", "dan toc chu ho", "thanh phan dan toc"],
    ),
    (
        Column::Village,
        &[
            "thon",
            "ban",
            "thon ban",
            "ten thon",
            "thon ban to dan pho",
            "thon to dan pho",
            "to dan pho",
        ],
    ),
    (
        Column::Commune,
        &["xa", "ten xa", "ma xa", "xa phuong", "xa phuong thi tran"],
    ),
    (
        Column::Count,
        &[
            "so khau",
            "so nhan khau",
            "nhan khau",
            "tong so khau",
            "so khau trong ho",
        ],
    ),
    (Column::ScoreA, &["diem a", "tong diem a", "diem thu nhap"]),
    (Column::ScoreB, &["diem b", "tong diem b", "diem thieu hut"]),
    (
        Column::Class,
        &[
            "phan loai",
            "phan loai ho",
            "ket qua phan loai",
            "dien ho",
            "loai ho",
        ],
    ),
    (Column::Note, &["ghi chu"]),
    (
        Column::IdNumber,
        &[
            "cccd",
            "so cccd",
            "so dinh danh",
            "so dinh danh ca nhan",
            "cccd cmnd",
            "so cccd cmnd",
            "so can cuoc",
            "can cuoc",
            "so dinh danh cccd",
        ],
    ),
    (Column::Phone, &["dien thoai", "so dien thoai", "sdt", "so dt"]),
];

impl Column {
    /// Every way this column may be called, folded.
    #[must_use]
    pub fn names(self) -> &'static [&'static str] {
        NAMES
            .iter()
            .find(|(column, _)| *column == self)
            .map_or(&[], |(_, names)| names)
    }

    pub(super) fn known(key: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&key))
            .map(|(column, _)| *column)
    }
}
