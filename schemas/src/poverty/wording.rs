//! The words of reasons and findings, in the official register.

use crate::form::Label;

/// Vietnamese and English for a code; a code without words gives itself, which a test rules out.
pub(super) fn words(code: &str) -> Label {
    let found = TABLE.iter().find(|(known, _, _)| *known == code);
    let (vi, en) = found.map_or((code, code), |(_, vi, en)| (*vi, *en));
    let mut label = Label::one("vi", vi);
    label.insert("en", en);
    label
}

/// Every code with its words.
pub(super) const TABLE: &[(&str, &str, &str)] = &[
    // Reasons.
    (
        "without_work",
        "Trong độ tuổi lao động, có khả năng lao động, có nhu cầu nhưng chưa có việc làm.",
        "Of working age, able and willing, but without work.",
    ),
    (
        "wage_without_contract",
        "Làm công ăn lương nhưng không có hợp đồng lao động.",
        "In wage work without a labour contract.",
    ),
    ("dependent", "Là người phụ thuộc.", "Counts as a dependent."),
    (
        "malnourished",
        "Trẻ em suy dinh dưỡng.",
        "A child is malnourished.",
    ),
    ("uninsured", "Không có bảo hiểm y tế.", "Has no health insurance."),
    (
        "below_adult_level",
        "Không đi học và chưa có trình độ theo độ tuổi.",
        "Neither in training nor at the level of the age.",
    ),
    (
        "not_at_child_level",
        "Không học đúng cấp học theo độ tuổi.",
        "Not at the school level of the age.",
    ),
    ("not_durable", "Kết cấu không bền chắc.", "Not durable."),
    (
        "area_too_small",
        "Diện tích ở bình quân đầu người dưới mức quy định.",
        "The floor area per person is below the limit.",
    ),
    (
        "not_good_source",
        "Không thuộc loại đạt yêu cầu.",
        "Not of an accepted kind.",
    ),
    (
        "no_internet",
        "Không có thành viên sử dụng internet.",
        "No member uses the internet.",
    ),
    (
        "no_device",
        "Không có phương tiện tiếp cận thông tin.",
        "There is no information device.",
    ),
    (
        "answer_missing",
        "Chưa có câu trả lời để xác định.",
        "The answer that decides is missing.",
    ),
    // Findings.
    (
        "age_uncertain",
        "Tuổi ở gần ngưỡng và chưa biết đủ ngày sinh, cần xác minh.",
        "The age is near a limit and the day of birth is not known: to be verified.",
    ),
    (
        "dep_note_missing",
        "Kết quả khác với thông tin nhân khẩu, nhà ở; vui lòng ghi lý do điều chỉnh.",
        "The answer differs from what members and house give: please give the reason.",
    ),
    (
        "indicator_unknown",
        "Chưa đủ thông tin để xác định chỉ số, vui lòng bổ sung.",
        "There is not enough to decide the indicator: please add it.",
    ),
    (
        "score_a_missing",
        "Chưa có điểm A, vui lòng bổ sung.",
        "Score A is missing: please add it.",
    ),
    (
        "area_missing",
        "Chưa có khu vực nông thôn, thành thị; vui lòng bổ sung.",
        "Rural or urban is not known: please add it.",
    ),
    (
        "members_missing",
        "Hộ chưa có danh sách nhân khẩu, vui lòng bổ sung.",
        "The household has no list of members: please add it.",
    ),
    (
        "visit_date_missing",
        "Chưa có thời điểm làm việc nên chưa tính được tuổi, vui lòng bổ sung.",
        "Without the time of the visit ages cannot be known: please add it.",
    ),
    (
        "standard_unknown",
        "Không xác định được chuẩn nghèo áp dụng, vui lòng kiểm tra lại.",
        "The poverty standard is not known: please check it.",
    ),
    (
        "standard_not_computable",
        "Chuẩn nghèo này phân loại theo quy định cũ, hệ thống không tính.",
        "This standard classifies by an earlier rule, which is not computed.",
    ),
    (
        "standard_not_in_force",
        "Chuẩn áp dụng không phải chuẩn có hiệu lực tại ngày làm việc.",
        "The standard is not the one in force on the day of the visit.",
    ),
    (
        "standard_provisional",
        "Ngưỡng của chuẩn này chưa được xác nhận từ văn bản ban hành.",
        "Limits of this standard are not confirmed from a published text.",
    ),
];
