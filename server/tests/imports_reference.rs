//! Offices bring reference data as files: targets of communes, units, forms, XLSForm workbooks.

use axum::http::StatusCode;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn targets_of_communes_come_as_a_table() {
    let test = TestApp::full();
    test.add("tinh", "province_officer", &[]);
    let officer = test.anon().signed_in("tinh").await;
    let table = "Đơn vị,Chỉ tiêu,So sánh,Giá trị\n\
                 02863,T12,khoảng,60\n\
                 Xã Lùng Cải,Lao động nông thôn được đào tạo nghề,,\"45,5\"\n";
    let plan = "/api/v1/imports/plan";
    let preview = officer.file(plan, table).await.ok();
    assert_eq!(preview["summary"]["created"], 2, "{preview}");
    let done = officer.file(&format!("{plan}?apply=true"), table).await.ok();
    assert_eq!(done["applied"], true);
    let kept = officer.get("/api/v1/plans/plan-2024").await.ok();
    let targets = kept["unit_targets"].as_array().expect("targets");
    assert_eq!(targets.len(), 2);
    assert_eq!(targets[1]["value"], 45.5);
    assert_eq!(
        kept["targets"].as_array().expect("targets").len(),
        22,
        "the rest stays"
    );
    let again = officer.file(plan, table).await.ok();
    assert_eq!(again["summary"]["unchanged"], 2);
    let other = "unit,indicator,op,value\n02863,T12,about,70\n99999,T12,,1\n02842,T99,,1\n02842,T12,>=,1\n02842,T12,,nhiều\n02863,T12,,1\n";
    let preview = officer.file(plan, other).await.ok();
    assert_eq!(preview["changes"][0]["before"]["value"], 60.0);
    assert_eq!(preview["changes"][0]["after"]["value"], 70.0);
    let codes: Vec<&str> = preview["errors"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|error| error["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "plan_unit_unknown",
            "target_unknown",
            "op_differs",
            "value_malformed",
            "target_repeated"
        ]
    );
    let file = kept.to_string();
    let whole = officer.file(plan, file).await.ok();
    assert_eq!(whole["changes"][0]["id"], "plan-2024");
    assert_eq!(officer.file(plan, "{\"id\": 1}").await.code(), "plan_unfit");
}

#[tokio::test]
async fn units_and_forms_are_shown_before_they_are_taken() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let units = "level,code,name,parent_code,valid_from,valid_to\n\
                 village,,Bản Nhập,02839,2025-07-01,\n\
                 village,,Bản Lạc,99999,2025-07-01,\n";
    let path = "/api/v1/imports/units";
    let preview = admin.file(path, units).await.ok();
    assert_eq!(preview["summary"]["created"], 1);
    assert_eq!(
        (&preview["errors"][0]["row"], &preview["errors"][0]["code"]),
        (&3.into(), &"parent_unknown".into())
    );
    let before = test.app.units().expect("units").tree().iter().count();
    assert_eq!(
        admin.file(&format!("{path}?apply=true"), units).await.code(),
        "rows_unfit"
    );
    assert_eq!(test.app.units().expect("units").tree().iter().count(), before);
    admin
        .file(&format!("{path}?apply=true&partial=true"), units)
        .await
        .ok();
    assert_eq!(test.app.units().expect("units").tree().iter().count(), before + 1);

    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in [
        "level,code,name,parent_code,valid_from,valid_to",
        "",
        "village,,Bản Bảng,02839,2025-07-01,",
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in line.split(',').enumerate() {
            sheet.write(row as u32, column as u16, cell).expect("writes");
        }
    }
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let preview = admin.file(path, bytes).await.ok();
    assert_eq!(
        (&preview["changes"][0]["row"], &preview["summary"]["created"]),
        (&3.into(), &1.into()),
        "{preview}"
    );

    let forms = "/api/v1/imports/form";
    let mut form: Value = admin.get("/api/v1/forms/job_fair").await.ok();
    let same = admin.file(forms, form.to_string()).await.ok();
    assert_eq!(same["summary"]["created"], 0, "{same}");
    form["settings"]["version"] = json!(9);
    let preview = admin.file(forms, form.to_string()).await.ok();
    assert_eq!(
        (
            &preview["changes"][0]["what"],
            &preview["changes"][0]["after"]["version"]
        ),
        (&"changed".into(), &9.into())
    );
    form["survey"][0]["type"] = json!("dream");
    let broken = admin.file(forms, form.to_string()).await;
    assert!(
        broken.status == StatusCode::OK || broken.code() == "form_unfit",
        "{}",
        broken.text()
    );
    assert_eq!(admin.file(forms, "{}").await.code(), "form_unfit");
}

fn xlsform(rows: &[[&str; 5]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let survey = workbook.add_worksheet().set_name("survey").expect("a name");
    let heads = [
        "type",
        "name",
        "label::Vietnamese (vi)",
        "label::English (en)",
        "required",
    ];
    for (row, line) in std::iter::once(&heads).chain(rows).enumerate() {
        for (column, cell) in line.iter().enumerate() {
            survey.write(row as u32, column as u16, *cell).expect("writes");
        }
    }
    let choices = workbook.add_worksheet().set_name("choices").expect("a name");
    let lines = [
        [
            "list_name",
            "name",
            "label::Vietnamese (vi)",
            "label::English (en)",
        ],
        ["yes_no", "yes", "Có", "Yes"],
        ["yes_no", "no", "Không", "No"],
    ];
    for (row, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            choices.write(row as u32, column as u16, *cell).expect("writes");
        }
    }
    let settings = workbook.add_worksheet().set_name("settings").expect("a name");
    let lines = [
        [
            "form_id",
            "version",
            "form_title",
            "unit",
            "title_field",
            "weak_keys",
        ],
        [
            "road_survey",
            "1",
            "Khảo sát đường",
            "village_id",
            "road",
            "[[\"village_id\", \"~road\"]]",
        ],
    ];
    for (row, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            settings.write(row as u32, column as u16, *cell).expect("writes");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn an_xlsform_becomes_a_form_that_phones_get() {
    let (test, _, admin) = TestApp::full().with_admin().await;
    let forms = "/api/v1/imports/form";
    let good = xlsform(&[
        [
            "reference admin_unit",
            "village_id",
            "Thôn, bản",
            "Village",
            "yes",
        ],
        ["text", "road", "Tên đường", "Road", "yes"],
        ["select_one yes_no", "hardened", "Đã cứng hóa", "Hardened", ""],
    ]);
    let preview = admin.file(forms, good.clone()).await.ok();
    assert_eq!(preview["errors"], json!([]), "{preview}");
    assert_eq!(preview["changes"][0]["id"], "road_survey@1");
    let done = admin
        .file(&format!("{forms}?apply=true"), good.clone())
        .await
        .ok();
    assert_eq!(done["applied"], true, "{done}");
    let form = admin.get("/api/v1/forms/road_survey").await.ok();
    assert_eq!(form["survey"][1]["label"]["vi"], "Tên đường");
    assert_eq!(form["choices"]["yes_no"][0]["label"]["en"], "Yes");
    assert!(test.app.catalog().expect("forms").form("road_survey").is_some());
    let again = admin.file(forms, good).await.ok();
    assert_eq!(again["summary"]["unchanged"], 1);

    let bad = xlsform(&[
        ["text", "road", "Tên đường", "Road", "yes"],
        ["", "nothing", "Không loại", "No type", ""],
        ["integer", "", "Không tên", "No name", ""],
    ]);
    let preview = admin.file(forms, bad.clone()).await.ok();
    assert_eq!(
        (&preview["errors"][0]["row"], &preview["errors"][0]["code"]),
        (&3.into(), &"xlsform_type_missing".into())
    );
    assert_eq!(
        (&preview["errors"][1]["row"], &preview["errors"][1]["code"]),
        (&4.into(), &"xlsform_name_missing".into())
    );
    assert_eq!(
        admin
            .file(&format!("{forms}?apply=true&partial=true"), bad)
            .await
            .code(),
        "rows_unfit",
        "there is no part of a form"
    );
}
