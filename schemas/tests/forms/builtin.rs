//! The forms that come with the program.

use schemas::catalog::{BUILTIN, Catalog};
use schemas::lint::lint;
use schemas::parse::parse;

#[test]
fn every_builtin_form_is_clean() {
    for (name, text) in BUILTIN {
        let (form, findings) = parse(text).unwrap();
        assert_eq!(form.form_id(), name);
        let findings: Vec<_> = findings
            .iter()
            .map(|f| format!("{} {} {}", f.path, f.code, f.text("en")))
            .collect();
        assert!(findings.is_empty(), "{name}: {findings:#?}");
    }
    for form in Catalog::builtin().iter() {
        let findings: Vec<_> = lint(form)
            .iter()
            .map(|f| format!("{} {} {}", f.path, f.code, f.text("en")))
            .collect();
        assert!(findings.is_empty(), "{}: {findings:#?}", form.form_id());
    }
}
