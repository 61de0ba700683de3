//! Forms whose rows are another form's records.

use schemas::catalog::Catalog;
use schemas::form::Form;
use serde_json::json;

use crate::support::{A, form_with, run};

fn house(version: u32) -> Form {
    let rows = json!([
        {"type": "text", "name": "unit"},
        {"type": "select_one sex", "name": "head_sex"},
        {"type": "begin_repeat", "name": "members", "form": "member"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "able", "calculation": "count(${members}[${age} >= 15])"},
    ]);
    let settings = json!({"form_id": "house", "version": version, "unit": "unit"});
    form_with(settings, rows, json!({"sex": ["m"]})).0
}

fn member(version: u32) -> Form {
    let mut rows = vec![
        json!({"type": "integer", "name": "age", "required": "true()"}),
        json!({"type": "select_one sex", "name": "sex"}),
        json!({"type": "text", "name": "village", "relevant": "${unit} != ''"}),
    ];
    if version > 1 {
        rows.push(json!({"type": "text", "name": "school"}));
    }
    let settings = json!({"form_id": "member", "version": version, "embedded_in": "house.members"});
    form_with(settings, json!(rows), json!({"sex": ["male", "female"]})).0
}

#[test]
fn a_repeat_takes_the_rows_of_its_form() {
    let mut catalog = Catalog::new();
    catalog.add(house(1));
    assert!(
        schemas::lint::lint(catalog.form("house").unwrap())
            .iter()
            .any(|f| f.code == "unknown_form")
    );
    catalog.add(member(1));
    let house = catalog.form("house").unwrap();
    assert_eq!(schemas::lint::lint(house), []);
    assert!(
        house
            .resolve(&format!("members/{A}/sex"))
            .unwrap()
            .field()
            .unwrap()
            .has_choice("female")
    );
    assert!(
        !house.field("head_sex").unwrap().has_choice("female"),
        "each form keeps its own list"
    );

    let found = run(house, json!({"unit": "x", format!("members/{A}/age"): 20}));
    assert_eq!(found.computed["able"], schemas::value::Scalar::Int(1));
    assert!(
        found.visible.contains(&format!("members/{A}/village")),
        "inner rows see outer fields"
    );
}

#[test]
fn the_order_of_arrival_makes_no_difference() {
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]];
    let all = [house(1), house(2), member(1), member(2)];
    let catalogs: Vec<Catalog> = orders
        .iter()
        .map(|order| {
            let mut catalog = Catalog::new();
            order.iter().for_each(|at| catalog.add(all[*at].clone()));
            catalog
        })
        .collect();
    for catalog in &catalogs {
        assert!(catalog.versions().eq(catalogs[0].versions()));
        assert!(
            catalog
                .version("house", 1)
                .unwrap()
                .by_schema_path("members/school")
                .is_some()
        );
        assert!(catalog.version("member", 1).unwrap().field("school").is_none());
        assert_eq!(catalog.form("house").unwrap().version(), 2);
        assert_eq!(catalog.version_or_newest("house", Some(9)).unwrap().version(), 2);
        assert_eq!(
            catalog.record_forms().map(Form::form_id).collect::<Vec<_>>(),
            ["house"]
        );
    }
}

#[test]
fn forms_that_embed_each_other_end() {
    let nested = |name: &str, inner: &str| {
        let rows = json!([
            {"type": "text", "name": "x"},
            {"type": "begin_repeat", "name": "r", "form": inner}, {"type": "end_repeat"},
        ]);
        form_with(json!({"form_id": name}), rows, json!({})).0
    };
    let mut catalog = Catalog::new();
    catalog.add(nested("a", "b"));
    catalog.add(nested("b", "a"));
    let paths = catalog.form("a").unwrap().items().len();
    assert!(paths < 12, "{paths}");
}

#[test]
fn files_are_added_with_their_findings() {
    let mut catalog = Catalog::new();
    let text = schemas::catalog::BUILTIN[1].1;
    assert_eq!(catalog.add_json(text).unwrap(), []);
    assert!(catalog.add_json("{}").is_err());
    assert_eq!(catalog.iter().count(), 1);
}
