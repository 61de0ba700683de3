//! What there is: the service document and `$metadata` (CSDL).

use std::fmt::Write as _;

use schemas::catalog::Catalog;
use serde_json::{Value, json};

use super::set::{Set, edm, sets};
use crate::export::layout::Kind;

/// The names of all sets, as a client asks first.
#[must_use]
pub fn document(catalog: &Catalog, base: &str) -> Value {
    let entry = |set: Set| json!({"name": set.name, "kind": "EntitySet", "url": set.name});
    json!({
        "@odata.context": format!("{base}/$metadata"),
        "value": sets(catalog).into_iter().map(entry).collect::<Vec<_>>(),
    })
}

/// The types of all sets.
#[must_use]
pub fn metadata(catalog: &Catalog) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n<edmx:DataServices>\n\
         <Schema Namespace=\"soban\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n",
    );
    let sets = sets(catalog);
    for set in &sets {
        entity_type(&mut xml, set);
    }
    xml.push_str("<EntityContainer Name=\"register\">\n");
    for set in &sets {
        let _ = writeln!(
            xml,
            "<EntitySet Name=\"{0}\" EntityType=\"soban.{0}\"/>",
            set.name
        );
    }
    xml.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n");
    xml
}

/// Names are letters, digits and underscores by now: nothing in them has to be escaped.
fn entity_type(xml: &mut String, set: &Set) {
    let _ = writeln!(xml, "<EntityType Name=\"{}\">\n<Key>", set.name);
    for key in set.key() {
        let _ = writeln!(xml, "<PropertyRef Name=\"{key}\"/>");
    }
    xml.push_str("</Key>\n");
    for (name, column) in &set.columns {
        let scale = if column.kind == Kind::Decimal {
            " Scale=\"variable\""
        } else {
            ""
        };
        let never_null = if set.key().contains(&name.as_str()) {
            " Nullable=\"false\""
        } else {
            ""
        };
        let _ = writeln!(
            xml,
            "<Property Name=\"{name}\" Type=\"{}\"{scale}{never_null}/>",
            edm(column.kind)
        );
    }
    xml.push_str("</EntityType>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_a_type_with_its_key() {
        let xml = metadata(Catalog::builtin());
        for set in sets(Catalog::builtin()) {
            assert!(xml.contains(&format!(
                "<EntitySet Name=\"{0}\" EntityType=\"soban.{0}\"/>",
                set.name
            )));
            for key in set.key() {
                assert!(set.column(key).is_some(), "{} {key}", set.name);
            }
        }
        assert!(xml.contains("<EntityType Name=\"household__members\">"));
        assert!(xml.contains("<Property Name=\"visited_at\" Type=\"Edm.DateTimeOffset\"/>"));
        assert!(xml.contains("<Property Name=\"gps_latitude\" Type=\"Edm.Decimal\" Scale=\"variable\"/>"));
    }
}
