//! Offices bring files: everything is shown first, every bad row is named, and the same file twice changes nothing.

use axum::http::StatusCode;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;
use server::demo;
use server::import::{limits, xlsx};

use crate::app::{Client, DEN_THANG, HOANG_THU_PHO, TestApp};

const HOUSEHOLDS: &str = "/api/v1/imports/households";

/// A register with the demo's villages, and the officer who answers for Hoàng Thu Phố.
async fn office() -> (TestApp, Client) {
    let test = TestApp::full();
    demo::prepare(&test.app).expect("a demo");
    test.add("huyen.thu", "district_officer", &[HOANG_THU_PHO]);
    let officer = test.anon().signed_in("huyen.thu").await;
    (test, officer)
}

async fn households(officer: &Client) -> Vec<String> {
    let page = officer.get("/api/v1/records?kind=household&limit=500").await.ok();
    let rows = page["items"].as_array().expect("rows");
    let titles = rows
        .iter()
        .map(|row| row["title"].as_str().expect("a title").to_owned());
    titles.collect()
}

const LIST: &str = "\
STT;Họ tên chủ hộ;Năm sinh;Dân tộc;Thôn;Số khẩu;Điểm A;Phân loại;CCCD;Điện thoại
1;GIÀNG A NHẬP;1975;Mông;Sín Chải Mẫu;5;95;Hộ nghèo;010075000123;0912345678
2;Thào Thị Nhập;20/10/1980;Mông;thôn sin chai mau;3;120;Hộ cận nghèo;;
";

#[tokio::test]
async fn a_list_is_shown_first_then_taken_once() {
    let (test, officer) = office().await;
    let before = households(&officer).await.len();
    let preview = officer.file(HOUSEHOLDS, LIST).await.ok();
    assert_eq!(
        preview["summary"],
        json!({"created": 2, "changed": 0, "unchanged": 0, "failed": 0}),
        "{preview}"
    );
    assert_eq!(preview["applied"], false);
    assert_eq!(preview["ignored"], json!(["Điểm A"]));
    assert_eq!(preview["changes"][0]["title"], "Giàng A Nhập");
    assert_eq!(preview["changes"][0]["after"]["current_class"], "poor");
    assert_eq!(
        households(&officer).await.len(),
        before,
        "a preview writes nothing"
    );

    let done = officer
        .file(&format!("{HOUSEHOLDS}?apply=true&name=ho.csv"), LIST)
        .await
        .ok();
    assert_eq!(
        (&done["applied"], &done["summary"]["created"]),
        (&true.into(), &2.into())
    );
    let now = households(&officer).await;
    assert_eq!(now.len(), before + 2);
    assert!(now.contains(&"Giàng A Nhập".to_owned()));

    let again = officer.file(&format!("{HOUSEHOLDS}?apply=true"), LIST).await.ok();
    assert_eq!(
        again["summary"],
        json!({"created": 0, "changed": 0, "unchanged": 2, "failed": 0}),
        "{again}"
    );
    assert_eq!(again["applied"], false, "there was nothing to write");
    assert_eq!(households(&officer).await.len(), before + 2);

    let id = again["changes"][0]["id"].as_str().expect("an id");
    let record = officer.get(&format!("/api/v1/records/{id}")).await.ok();
    assert_eq!(record["data"]["head_id_number"], "010075000123");
    assert_eq!(record["data"]["area_type"], "rural");
    let members = record["data"]["members"].to_string();
    assert!(
        members.contains("Giàng A Nhập") && members.contains("1975"),
        "{members}"
    );
    let history = officer.get(&format!("/api/v1/records/{id}/history")).await.ok();
    assert!(
        history.to_string().contains("Người Mẫu"),
        "an officer signed it: {history}"
    );
    assert_eq!(server::view::rebuild::check(&test.app).expect("reads").faults, 0);
}

#[tokio::test]
async fn what_differs_is_shown_from_what_to_what() {
    let (_test, officer) = office().await;
    let apply = format!("{HOUSEHOLDS}?apply=true");
    officer.file(&apply, LIST).await.ok();
    let count = households(&officer).await.len();
    // The ID number finds the household under another spelling; the second row by village, name and year.
    let next = "Chủ hộ,Ngày sinh,Thôn,Số khẩu,CCCD,Phân loại\n\
                Giàng A Nhập,1975,Sín Chải Mẫu,6,010075000123,Cận nghèo\n\
                thao thi nhap,1980,Sín Chải Mẫu,3,,Hộ cận nghèo\n\
                Giàng A Nhập,1975,Sín Chải Mẫu,2,010075999999,Hộ nghèo\n";
    let preview = officer.file(HOUSEHOLDS, next).await.ok();
    let changes = preview["changes"].as_array().expect("rows");
    assert_eq!(changes[0]["what"], "changed");
    assert_eq!(
        changes[0]["before"],
        json!({"current_class": "poor", "declared_count": 5})
    );
    assert_eq!(
        changes[0]["after"],
        json!({"current_class": "near_poor", "declared_count": 6})
    );
    assert_eq!(
        changes[1]["what"], "unchanged",
        "a name without marks takes none away: {preview}"
    );
    assert_eq!(
        changes[2]["what"], "created",
        "another ID number is another person"
    );
    assert_eq!(changes[2]["like"][0]["title"], "Giàng A Nhập");
    officer.file(&apply, next).await.ok();
    assert_eq!(households(&officer).await.len(), count + 1);
    let again = officer.file(HOUSEHOLDS, next).await.ok();
    assert_eq!(again["summary"]["unchanged"], 3, "{again}");
}

#[tokio::test]
async fn bad_rows_are_named_and_hold_the_file_back() {
    let (_test, officer) = office().await;
    let before = households(&officer).await.len();
    let list = "Chủ hộ,Năm sinh,Thôn,Dân tộc\n\
                Giàng A Một,1975,Sín Chải Mẫu,Mông\n\
                Giàng A Hai,1975,Thôn Không Có,Mông\n\
                Giàng A Ba,mùa xuân,Sín Chải Mẫu,Mông\n\
                GIÀNG A MỘT,1975,Sín Chải Mẫu,Mông\n";
    let preview = officer.file(HOUSEHOLDS, list).await.ok();
    let errors: Vec<(u64, &str, &str)> = preview["errors"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|error| {
            (
                error["row"].as_u64().expect("a row"),
                error["column"].as_str().expect("a column"),
                error["code"].as_str().expect("a code"),
            )
        })
        .collect();
    assert_eq!(
        errors,
        [
            (3, "Thôn", "village_unknown"),
            (4, "Năm sinh", "birth_malformed"),
            (5, "Chủ hộ", "row_repeated")
        ]
    );
    let words = preview["errors"][0]["message"].as_str().expect("words");
    assert!(
        words.contains("Thôn Không Có") && words.contains("vui lòng"),
        "{words}"
    );
    let english = officer
        .clone()
        .with_header("accept-language", "en")
        .file(HOUSEHOLDS, list)
        .await
        .ok();
    assert!(
        english["errors"][0]["message"]
            .as_str()
            .expect("words")
            .contains("There is no village")
    );

    let refused = officer.file(&format!("{HOUSEHOLDS}?apply=true"), list).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "rows_unfit")
    );
    assert_eq!(households(&officer).await.len(), before, "all or nothing");
    let partial = officer
        .file(&format!("{HOUSEHOLDS}?apply=true&partial=true"), list)
        .await
        .ok();
    assert_eq!(
        (&partial["applied"], &partial["summary"]["failed"]),
        (&true.into(), &3.into())
    );
    assert_eq!(households(&officer).await.len(), before + 1);
}

#[tokio::test]
async fn an_officer_brings_households_of_own_villages_only() {
    let (test, _) = office().await;
    test.add("huyen.xa", "district_officer", &[DEN_THANG]);
    let far = test.anon().signed_in("huyen.xa").await;
    let preview = far.file(HOUSEHOLDS, LIST).await.ok();
    assert_eq!(preview["summary"]["failed"], 2, "{preview}");
    assert_eq!(preview["errors"][0]["code"], "village_unknown");
}

#[tokio::test]
async fn everybody_brings_what_their_role_brings() {
    let test = TestApp::full();
    for (login, role) in [
        ("admin", "admin"),
        ("tinh", "province_officer"),
        ("huyen", "district_officer"),
        ("quansat", "observer"),
    ] {
        let units: &[&str] = if role == "district_officer" {
            &[HOANG_THU_PHO]
        } else {
            &[]
        };
        test.add(login, role, units);
        let person = test.anon().signed_in(login).await;
        for (kind, allowed) in [
            ("units", "admin"),
            ("form", "admin"),
            ("plan", "province_officer"),
            ("households", "district_officer"),
        ] {
            let reply = person.file(&format!("/api/v1/imports/{kind}"), "x").await;
            let forbidden = reply.status == StatusCode::FORBIDDEN;
            assert_eq!(forbidden, role != allowed, "{login} {kind}: {}", reply.text());
        }
    }
    assert_eq!(test.anon().file(HOUSEHOLDS, LIST).await.code(), "not_signed_in");
    let admin = test.anon().signed_in("admin").await;
    assert_eq!(
        admin.file("/api/v1/imports/dreams", "x").await.code(),
        "not_found"
    );
}

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(0, 1, "DANH SÁCH HỘ NGHÈO").expect("writes");
    for (column, head) in ["TT", "Chủ hộ", "Ngày sinh", "Thôn/bản", "Số khẩu", "CCCD", "SĐT"]
        .iter()
        .enumerate()
    {
        sheet.write(2, column as u16, *head).expect("writes");
    }
    sheet.write(3, 0, 1).expect("writes");
    sheet.write(3, 1, "Giàng A Bảng").expect("writes");
    let born = ExcelDateTime::from_ymd(1975, 3, 2).expect("a day");
    sheet.write_with_format(3, 2, &born, &day).expect("writes");
    sheet.write(3, 3, "Sín Chải Mẫu").expect("writes");
    sheet.write(3, 4, 5).expect("writes");
    // As a number: the spreadsheet takes the leading zeros away.
    sheet.write(3, 5, 10_075_000_321_i64).expect("writes");
    sheet.write(3, 6, 912_345_678).expect("writes");
    workbook.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_workbook_is_read_like_a_table() {
    let (_test, officer) = office().await;
    let preview = officer.file(HOUSEHOLDS, workbook()).await.ok();
    assert_eq!(preview["summary"]["created"], 1, "{preview}");
    let change = &preview["changes"][0];
    assert_eq!(change["row"], 4);
    assert_eq!(change["after"]["head_birth_year"], 1975);
    assert_eq!(change["after"]["head_id_number"], "010075000321");
    assert_eq!(change["after"]["phone"], "0912345678");
    assert_eq!(change["after"]["declared_count"], 5);
}

#[tokio::test]
async fn hostile_files_get_a_clear_answer() {
    let (_test, officer) = office().await;
    let refused = |bytes: Vec<u8>| {
        let officer = officer.clone();
        async move { officer.file(HOUSEHOLDS, bytes).await.code() }
    };
    assert_eq!(refused(Vec::new()).await, "heads_missing");
    assert_eq!(refused(b"PK\x03\x04".to_vec()).await, "workbook_malformed");
    assert_eq!(
        refused(vec![0xd0, 0xcf, 0x11, 0xe0, 1, 2]).await,
        "workbook_malformed"
    );
    assert_eq!(
        refused(b"Chu ho,Thon\nH\xb5 N\xe9i,x\n".to_vec()).await,
        "text_not_unicode"
    );
    assert_eq!(
        refused("Chủ hộ,Thôn\nHµ Néi tØnh Lµo Cai,x\n".into()).await,
        "text_not_unicode"
    );
    assert_eq!(
        refused(vec![b'x'; limits::FILE_BYTES_MAX + 1]).await,
        "file_too_large"
    );
    assert_eq!(
        refused(bomb(limits::UNPACKED_BYTES_MAX as u64 * 4)).await,
        "file_too_large"
    );
    assert_eq!(refused(far_cell()).await, "table_too_large");
}

/// A ZIP file of one part, deflated, that says its length is nothing.
fn zip(name: &str, packed: &[u8]) -> Vec<u8> {
    let mut out = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0".to_vec();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(name.len() as u16).to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(packed);
    let at = out.len() as u32;
    out.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(packed.len() as u32).to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&(name.len() as u16).to_le_bytes());
    out.extend_from_slice(&[0; 16]);
    out.extend_from_slice(name.as_bytes());
    let len = out.len() as u32 - at;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&at.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    out
}

/// A small file that unfolds into `bytes` of nothing.
fn bomb(bytes: u64) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..bytes >> 20 {
        encoder.write_all(&piece).expect("writes");
    }
    let packed = encoder.finish().expect("packs");
    assert!(packed.len() < limits::FILE_BYTES_MAX);
    zip("xl/workbook.xml", &packed)
}

/// A workbook with a cell in the last corner of its sheet.
fn far_cell() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Chủ hộ").expect("writes");
    sheet.write(1_048_575, 16_383, "x").expect("writes");
    workbook.save_to_buffer().expect("a workbook")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn a_damaged_workbook_is_answered(hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>()) {
        static WHOLE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let mut bytes = WHOLE.get_or_init(workbook).clone();
        for (place, value) in hits {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        let _ = xlsx::sheets(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = xlsx::sheets(&bytes);
    }
}
