//! Sheets open in LibreOffice with the official heads, numbers as numbers and Vietnamese whole.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{cell, report, season};
use crate::app::Client;

/// LibreOffice: as the environment says, else from the path.
fn office() -> PathBuf {
    std::env::var_os("SOBAN_SOFFICE").map_or_else(|| PathBuf::from("soffice"), PathBuf::from)
}

/// Converts sheets to text, each sheet to a file of its own; gives what lies in them by file name.
fn converted(dir: &Path, files: &[PathBuf]) -> Vec<(String, String)> {
    let home = format!("-env:UserInstallation=file://{}", dir.join("home").display());
    // Fields apart by tabs, UTF-8, cells as shown, every sheet.
    let filter = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1";
    let done = Command::new(office())
        .args([&home, "--headless", "--convert-to", filter, "--outdir"])
        .arg(dir.join("out"))
        .args(files)
        .output()
        .expect("LibreOffice runs: cargo xtask test installs it");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let out = std::fs::read_dir(dir.join("out")).expect("files");
    let texts = out.map(|entry| {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("UTF-8"))
    });
    texts.collect()
}

async fn sheet(officer: &Client, dir: &Path, name: &str) -> PathBuf {
    let reply = officer
        .get(&format!("/api/v1/reports/{name}.xlsx?year=2025&as_of=2025-12-31"))
        .await;
    assert!(reply.status.is_success(), "{name}: {}", reply.text());
    let file = dir.join(format!("{name}.xlsx"));
    std::fs::write(&file, &reply.body).expect("a file");
    file
}

#[tokio::test]
async fn every_sheet_opens_in_libreoffice() {
    let (_test, officer) = season(4).await;
    let dir = tempfile::tempdir().expect("a directory");
    let heads = [
        (
            "plan_progress",
            vec![
                "BIỂU TIẾN ĐỘ THỰC HIỆN KẾ HOẠCH",
                "Đơn vị tính",
                "Kế hoạch",
                "Lũy kế",
                "Đạt % so với kế hoạch",
            ],
        ),
        (
            "poverty_review",
            vec![
                "Đơn vị tính: hộ",
                "Tổng số hộ dân cư",
                "Thoát nghèo",
                "Tái nghèo",
                "Phát sinh mới",
                "Khu vực nông thôn",
            ],
        ),
        (
            "deprivation",
            vec![
                "Hộ nghèo: Nguồn nước sinh hoạt",
                "Hộ cận nghèo: Nhà tiêu hợp vệ sinh",
            ],
        ),
        ("causes", vec!["Không có đất sản xuất", "Nguyên nhân khác"]),
        ("ethnic_groups", vec!["Dân tộc", "Hộ nghèo có chủ hộ là nữ"]),
        ("households", vec!["Họ và tên chủ hộ", "Năm sinh", "Điểm A"]),
        ("job_fairs", vec!["Lượt người tham gia", "Số người (không trùng)"]),
        ("training", vec!["Cơ sở đào tạo", "Tốt nghiệp", "Chăn nuôi mẫu"]),
        ("data_quality", vec!["Trả lại để bổ sung", "Nghi trùng"]),
    ];
    let mut files = Vec::new();
    for (name, _) in &heads {
        files.push(sheet(&officer, dir.path(), name).await);
    }
    let texts = converted(dir.path(), &files);
    for (name, words) in &heads {
        let own = |sheet: &str| {
            let found = texts
                .iter()
                .find(|(file, _)| file == &format!("{name}-{sheet}.csv"));
            &found.unwrap_or_else(|| panic!("{name} has no sheet {sheet}")).1
        };
        let figures = own("Biểu");
        for word in words
            .iter()
            .chain(&["TỈNH LÀO CAI", "TT", "Người lập biểu", "Chủ tịch"])
        {
            assert!(figures.contains(word), "{name} lacks {word}:\n{figures}");
        }
        let notes = own("Ghi chú");
        assert!(notes.contains("Từ 01/01/2025 đến 31/12/2025"), "{name}: {notes}");
        assert!(notes.contains("Lập lúc"), "{name}");
    }
    // Numbers of the total are numbers, and those of the report.
    let body = report(&officer, "poverty_review", "").await;
    let figures = &texts
        .iter()
        .find(|(file, _)| file == "poverty_review-Biểu.csv")
        .expect("there")
        .1;
    let total = figures
        .lines()
        .find(|line| line.contains("Tổng cộng"))
        .expect("a total");
    let shown: Vec<&str> = total.split('\t').map(|text| text.trim_matches('"')).collect();
    let columns = body["columns"].as_array().expect("columns");
    assert_eq!(shown.len(), columns.len() + 2);
    for (column, shown) in columns.iter().zip(&shown[2..]) {
        let key = column["key"].as_str().expect("a key");
        let Some(expected) = cell(&body, "total", key) else {
            continue;
        };
        let found: f64 = shown
            .replace(',', "")
            .parse()
            .unwrap_or_else(|_| panic!("{key}: {shown} is no number"));
        assert!((found - expected).abs() < 0.006, "{key}: {shown} for {expected}");
    }
}
