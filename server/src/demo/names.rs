//! Invented names as people of the ten communes bear them (domain §5): clan, middle, given.

use super::draw::Draw;

/// A people with the names it gives.
#[derive(Debug, Clone, Copy)]
pub(super) struct People {
    /// Two digits of the statistics office's list.
    pub code: &'static str,
    clans: &'static [&'static str],
    men: &'static [&'static str],
    women: &'static [&'static str],
}

const MONG: People = People {
    code: "08",
    clans: &[
        "Giàng", "Sùng", "Thào", "Vàng", "Lù", "Ma", "Cư", "Hảng", "Tráng", "Lầu", "Ly",
    ],
    men: &[
        "A Sình",
        "A Đề",
        "Seo Dìn",
        "A Páo",
        "Seo Lử",
        "A Chứ",
        "Seo Pao",
        "A Tủa",
        "Seo Vảng",
        "A Lềnh",
    ],
    women: &[
        "Thị Súa",
        "Thị Mỷ",
        "Thị Dúa",
        "Thị Chở",
        "Thị Say",
        "Thị Sáy",
        "Thị Mái",
        "Thị Pà",
        "Thị Cở",
    ],
};
const DAO: People = People {
    code: "09",
    clans: &["Tẩn", "Chảo", "Lý", "Phàn", "Triệu", "Bàn"],
    men: &[
        "Láo Tả",
        "Láo Lở",
        "Vần Siệu",
        "A Nhàn",
        "Láo Sử",
        "Vần Minh",
        "Phù Chẳn",
    ],
    women: &[
        "Mẩy Pham",
        "Tả Mẩy",
        "Lở Mẩy",
        "Mùi Khé",
        "Sử Mẩy",
        "Mùi Nái",
        "Dào Mẩy",
    ],
};
const NUNG: People = People {
    code: "07",
    clans: &["Vàng", "Lù", "Nùng", "Hoàng", "Sền", "Tải"],
    men: &["Văn Kim", "Phà Sin", "Văn Thắng", "Seng Mìn", "Văn Tờ"],
    women: &["Thị Hoa", "Thị Nhung", "Thị Sen", "Thị Lan", "Thị Thơm"],
};
const HA_NHI: People = People {
    code: "35",
    clans: &["Ly", "Phu", "Sờ", "Chu", "Trang"],
    men: &["Xá Xuy", "Giờ Lúy", "Có Xá", "Mờ Giá", "Giờ Có"],
    women: &["Mờ Suy", "Giá Sơ", "Xó Nu", "Gó Sơ", "Lòng De"],
};
const TAY: People = People {
    code: "02",
    clans: &["Hoàng", "La", "Lương", "Vi", "Nguyễn"],
    men: &["Văn Đức", "Văn Hưởng", "Đình Quý", "Văn Toản"],
    women: &["Thị Nguyệt", "Thị Hiền", "Thị Đào", "Thị Mai"],
};

/// One of the peoples, as often as they live in these communes: mostly Mông.
pub(super) fn people(draw: &mut Draw) -> People {
    match draw.between(1, 100) {
        1..=68 => MONG,
        69..=84 => DAO,
        85..=91 => NUNG,
        92..=96 => HA_NHI,
        _ => TAY,
    }
}

impl People {
    /// A clan.
    pub(super) fn clan(&self, draw: &mut Draw) -> &'static str {
        draw.one(self.clans)
    }

    /// The rest of a name.
    pub(super) fn given(&self, draw: &mut Draw, woman: bool) -> &'static str {
        draw.one(if woman { self.women } else { self.men })
    }

    /// A whole name.
    pub(super) fn name(&self, draw: &mut Draw, woman: bool) -> String {
        format!("{} {}", self.clan(draw), self.given(draw, woman))
    }
}
