//! From compiled modules and the files of `web/shell` and `desk/shell` to the files that are served: names that follow
//! from content, pages that name them, and a service worker that lists those of the field app. Pure: bytes in, bytes
//! out.
//!
//! A file under `app/` never changes under its name, so browsers keep it for ever and an upgrade fetches only what is
//! new. The others keep their names, because somebody outside knows them. The desk takes the field app's style and
//! icon; the worker lists nothing of the desk, so no phone fetches it.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// What the compiler and wasm-bindgen made.
pub struct Bound {
    /// The JavaScript that loads the module.
    pub glue: String,
    /// The WebAssembly.
    pub module: Vec<u8>,
    /// JavaScript of our crates that the glue imports, by path below `snippets/`.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// One file as served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path below the app's address.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

const PAGE: &str = "index.html";
const WORKER: &str = "sw.js";

const MANIFEST: &str = "manifest.webmanifest";

/// What keeps its name, because somebody outside knows it: the app's address, the worker's, the installed app's.
const NAMED: &[&str] = &[PAGE, WORKER, MANIFEST];

/// The names `index.html` uses for what has no file in `web/shell`.
const GLUE: &str = "app.js";
const MODULE: &str = "app.wasm";

/// What the worker says where the build writes.
const BUILD_MARK: &str = "\"{{build}}\"";
const FILES_MARK: &str = "[\"{{files}}\"]";

/// What the desk's page calls what has no file in `desk/shell`.
const DESK_GLUE: &str = "desk.js";
const DESK_MODULE: &str = "desk.wasm";
/// What the desk's page takes from `web/shell`.
const SHARED: &[&str] = &["style.css", "icon.svg"];
/// Where the desk's page lies.
const DESK: &str = "desk/";

/// One program for browsers: what its crate became, and the files beside its sources.
pub struct Program {
    /// The module and its glue.
    pub bound: Bound,
    /// The files of its `shell` folder.
    pub shell: Vec<Asset>,
}

/// Every file of the field app and of the desk, sorted by path.
pub fn assemble(field: Program, desk: Program) -> Result<Vec<Asset>> {
    let mut assets = field_app(field.bound, &field.shell)?;
    let desk = desk_of(desk, &field.shell)?;
    assets.extend(desk);
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(assets)
}

/// True for what only the desk fetches.
pub fn is_desk(path: &str) -> bool {
    path.starts_with(DESK) || path.starts_with("app/desk")
}

/// The desk: its page, and what the page names.
fn desk_of(desk: Program, shared: &[Asset]) -> Result<Vec<Asset>> {
    if !desk.bound.snippets.is_empty() {
        bail!("the desk has no JavaScript but its start");
    }
    let mut assets = Vec::new();
    let mut names = vec![
        (
            DESK_GLUE,
            push_hashed(&mut assets, DESK_GLUE, desk.bound.glue.into_bytes()),
        ),
        (
            DESK_MODULE,
            push_hashed(&mut assets, DESK_MODULE, desk.bound.module),
        ),
    ];
    for asset in desk.shell.iter().filter(|asset| asset.path != PAGE) {
        let path = push_hashed(&mut assets, &asset.path, asset.content.clone());
        if !is_desk(&path) {
            bail!("desk/shell/{}: its name has to begin with \"desk\"", asset.path);
        }
        names.push((&asset.path, path));
    }
    for name in SHARED {
        let found = shared.iter().find(|asset| asset.path == *name);
        let found = found.with_context(|| format!("web/shell/{name} is missing"))?;
        names.push((name, push_hashed(&mut Vec::new(), name, found.content.clone())));
    }
    let names: Vec<(&str, String)> = names
        .into_iter()
        .map(|(name, path)| (name, format!("../{path}")))
        .collect();
    let page = desk.shell.iter().find(|asset| asset.path == PAGE);
    let page = page.context("desk/shell/index.html is missing")?;
    for mut page in with_names(&[page], &names)? {
        links_lead_somewhere(&page, |target| names.iter().any(|(_, path)| path == target))?;
        page.path = format!("{DESK}{PAGE}");
        assets.push(page);
    }
    Ok(assets)
}

fn field_app(bound: Bound, shell: &[Asset]) -> Result<Vec<Asset>> {
    let source = |name: &str| {
        let found = shell.iter().find(|asset| asset.path == name);
        found.with_context(|| format!("web/shell/{name} is missing"))
    };
    let mut assets = Vec::new();
    let glue = place_snippets(bound.glue, bound.snippets, &mut assets)?;
    let mut names = vec![
        (GLUE, push_hashed(&mut assets, GLUE, glue.into_bytes())),
        (MODULE, push_hashed(&mut assets, MODULE, bound.module)),
    ];
    for asset in shell.iter().filter(|asset| !NAMED.contains(&asset.path.as_str())) {
        let path = push_hashed(&mut assets, &asset.path, asset.content.clone());
        names.push((&asset.path, path));
    }
    assets.extend(with_names(&[source(PAGE)?, source(MANIFEST)?], &names)?);
    for page in assets.iter().filter(|asset| asset.path == PAGE) {
        links_lead_somewhere(page, |target| assets.iter().any(|asset| asset.path == target))?;
    }
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    let worker = worker(source(WORKER)?, &assets)?;
    assets.push(worker);
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(assets)
}

/// SHA-256 in hex.
pub fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The part of a digest that a name carries: enough that no two contents share it.
fn short(content: &[u8]) -> String {
    digest(content)[..16].to_owned()
}

/// Puts all snippets into one folder named after all of them, so that what one imports from another stays beside it,
/// and makes the glue import them from there.
fn place_snippets(glue: String, snippets: Vec<(String, Vec<u8>)>, assets: &mut Vec<Asset>) -> Result<String> {
    if snippets.is_empty() {
        return Ok(glue);
    }
    let mut all = Vec::new();
    for (path, content) in &snippets {
        all.extend_from_slice(digest(path.as_bytes()).as_bytes());
        all.extend_from_slice(digest(content).as_bytes());
    }
    let folder = format!("snippets.{}", short(&all));
    // The module knows its imports by the old path; only where the browser fetches them from changes. Imports of
    // single functions and of whole snippets are written with different quotes.
    let mut moved = glue.clone();
    for quote in ['"', '\''] {
        moved = moved.replace(
            &format!("from {quote}./snippets/"),
            &format!("from {quote}./{folder}/"),
        );
    }
    if moved == glue || moved.contains("from './snippets/") || moved.contains("from \"./snippets/") {
        bail!("the glue imports its snippets in a way that this build does not know");
    }
    assets.extend(snippets.into_iter().map(|(path, content)| Asset {
        path: format!("app/{folder}/{path}"),
        content,
    }));
    Ok(moved)
}

fn push_hashed(assets: &mut Vec<Asset>, name: &str, content: Vec<u8>) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let path = format!("app/{stem}.{}.{extension}", short(&content));
    assets.push(Asset {
        path: path.clone(),
        content,
    });
    path
}

/// The files that name others, with the names as served. A file that none of them names would never be asked for.
fn with_names(sources: &[&Asset], names: &[(&str, String)]) -> Result<Vec<Asset>> {
    let mut texts = Vec::new();
    for source in sources {
        texts.push((source.path.clone(), text(source)?.to_owned()));
    }
    for (name, path) in names {
        let (name, path) = (format!("\"{name}\""), format!("\"{path}\""));
        if !texts.iter().any(|(_, text)| text.contains(&name)) {
            bail!("no page says {name}");
        }
        for (_, text) in &mut texts {
            *text = text.replace(&name, &path);
        }
    }
    let asset = |(path, text): (String, String)| Asset {
        path,
        content: text.into_bytes(),
    };
    Ok(texts.into_iter().map(asset).collect())
}

/// Whatever the page links to is one of the files.
fn links_lead_somewhere(page: &Asset, exists: impl Fn(&str) -> bool) -> Result<()> {
    let text = text(page)?;
    let links = ["href=\"", "src=\""]
        .into_iter()
        .flat_map(|attribute| text.split(attribute).skip(1));
    for target in links.filter_map(|rest| rest.split('"').next()) {
        if !exists(target) {
            bail!("{} links to {target}, which does not exist", page.path);
        }
    }
    Ok(())
}

/// The worker with the list of everything else, each with the digest that the browser checks it against.
fn worker(source: &Asset, others: &[Asset]) -> Result<Asset> {
    let integrity = |asset: &Asset| format!("sha256-{}", base64(&Sha256::digest(&asset.content)));
    let list: Vec<String> = others
        .iter()
        .map(|asset| format!("  [\"{}\", \"{}\"],\n", asset.path, integrity(asset)))
        .collect();
    let list = format!("[\n{}]", list.concat());
    let build = short(format!("{list}{}", text(source)?).as_bytes());
    let filled_in = filled(WORKER, text(source)?, BUILD_MARK, &format!("\"{build}\""))?;
    Ok(Asset {
        path: WORKER.to_owned(),
        content: filled(WORKER, &filled_in, FILES_MARK, &list)?.into_bytes(),
    })
}

/// The text with its one `mark` replaced.
fn filled(file: &str, text: &str, mark: &str, with: &str) -> Result<String> {
    match text.matches(mark).count() {
        1 => Ok(text.replace(mark, with)),
        count => bail!("web/shell/{file} must say {mark} once, not {count} times"),
    }
}

fn text(asset: &Asset) -> Result<&str> {
    std::str::from_utf8(&asset.content).with_context(|| format!("{} is not UTF-8", asset.path))
}

/// Standard base64 with padding, as `integrity` wants it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let padded = [group[0], *group.get(1).unwrap_or(&0), *group.get(2).unwrap_or(&0)];
        let bits = u32::from_be_bytes([0, padded[0], padded[1], padded[2]]);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= group.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORT: &str =
        r#"import * as a from "./snippets/web-1/src/glue.js"; f({"./snippets/web-1/src/glue.js": a})"#;

    fn asset(path: &str, content: &str) -> Asset {
        Asset {
            path: path.to_owned(),
            content: content.as_bytes().to_vec(),
        }
    }

    fn shell() -> Vec<Asset> {
        vec![
            asset(
                "index.html",
                "href=\"style.css\" src=\"start.js\" href=\"app.js\" content=\"app.wasm\"",
            ),
            asset(
                "sw.js",
                "const BUILD = \"{{build}}\"; const FILES = [\"{{files}}\"];",
            ),
            asset("start.js", "start"),
            asset("style.css", "style"),
            asset("icon.svg", "<svg/>"),
            asset("manifest.webmanifest", "{\"src\": \"icon.svg\"}"),
        ]
    }

    fn bound(glue: &str) -> Bound {
        Bound {
            glue: glue.to_owned(),
            module: b"\0asm".to_vec(),
            snippets: vec![("web-1/src/glue.js".to_owned(), b"export {}".to_vec())],
        }
    }

    fn text_of(assets: &[Asset], path: &str) -> String {
        let (start, end) = path.split_once('*').unwrap_or((path, ""));
        let fits = |asset: &&Asset| asset.path.starts_with(start) && asset.path.ends_with(end);
        let found = assets.iter().find(fits).unwrap();
        String::from_utf8(found.content.clone()).unwrap()
    }

    #[test]
    fn every_name_that_a_file_uses_exists() {
        let assets = field_app(bound(IMPORT), &shell()).unwrap();
        let paths: Vec<&str> = assets.iter().map(|asset| asset.path.as_str()).collect();
        for named in text_of(&assets, "index.html").split('"').skip(1).step_by(2) {
            assert!(paths.contains(&named), "{named} of {paths:?}");
        }
        let glue = text_of(&assets, "app/app.*.js");
        let import = glue.split('"').nth(1).unwrap().trim_start_matches("./");
        assert!(
            paths.contains(&format!("app/{import}").as_str()),
            "{import} of {paths:?}"
        );
    }

    #[test]
    fn the_worker_lists_everything_but_itself() {
        let assets = field_app(bound(IMPORT), &shell()).unwrap();
        let worker = text_of(&assets, "sw.js");
        assert_eq!(worker.matches("sha256-").count(), assets.len() - 1);
        assert!(
            !worker.contains("\"sw.js\"") && !worker.contains("{{"),
            "{worker}"
        );
    }

    #[test]
    fn a_change_gives_a_new_name_and_a_new_build_and_leaves_the_rest() {
        let before = field_app(bound(IMPORT), &shell()).unwrap();
        let mut changed = shell();
        changed[3].content = b"other style".to_vec();
        let after = field_app(bound(IMPORT), &changed).unwrap();
        let names = |assets: &[Asset]| assets.iter().map(|asset| asset.path.clone()).collect::<Vec<_>>();
        let (before_names, after_names) = (names(&before), names(&after));
        let same = before_names
            .iter()
            .filter(|name| after_names.contains(name))
            .count();
        assert_eq!(same, before.len() - 1);
        assert_ne!(text_of(&before, "sw.js"), text_of(&after, "sw.js"));
        assert_eq!(
            before,
            field_app(bound(IMPORT), &shell()).unwrap(),
            "the same bytes again"
        );
    }

    #[test]
    fn what_does_not_fit_together_fails() {
        let mut without_style = shell();
        without_style.remove(3);
        assert!(field_app(bound(IMPORT), &without_style).is_err());
        let mut unnamed = shell();
        unnamed.push(asset("other.svg", ""));
        assert!(field_app(bound(IMPORT), &unnamed).is_err());
        let mut silent_page = shell();
        silent_page[0].content.clear();
        assert!(field_app(bound(IMPORT), &silent_page).is_err());
        assert!(field_app(bound("import(`./snippets/web-1/src/glue.js`)"), &shell()).is_err());
    }

    fn desk() -> Program {
        Program {
            bound: Bound {
                glue: "glue of the desk".to_owned(),
                module: b"\0asm desk".to_vec(),
                snippets: Vec::new(),
            },
            shell: vec![
                asset(
                    "index.html",
                    "href=\"style.css\" href=\"icon.svg\" href=\"desk.css\" src=\"desk-start.js\" href=\"desk.js\" \
                     content=\"desk.wasm\"",
                ),
                asset("desk.css", "style of the desk"),
                asset("desk-start.js", "start of the desk"),
            ],
        }
    }

    #[test]
    fn the_desk_stands_beside_the_app_and_no_phone_fetches_it() {
        let field = Program {
            bound: bound(IMPORT),
            shell: shell(),
        };
        let all = assemble(field, desk()).unwrap();
        let alone = field_app(bound(IMPORT), &shell()).unwrap();
        let (desks, fields): (Vec<Asset>, Vec<Asset>) =
            all.into_iter().partition(|asset| is_desk(&asset.path));
        assert_eq!(
            fields, alone,
            "a phone gets the same bytes with and without the desk"
        );
        assert!(!text_of(&alone, "sw.js").contains("desk"));
        let page = text_of(&desks, "desk/index.html");
        for named in page.split('"').skip(1).step_by(2) {
            let named = named.strip_prefix("../").unwrap();
            let mut all = desks.iter().chain(&fields);
            assert!(all.any(|asset| asset.path == named), "{named}");
        }
        let mut odd = desk();
        odd.shell.push(asset("other.js", ""));
        assert!(desk_of(odd, &shell()).is_err());
    }

    #[test]
    fn base64_is_the_one_of_the_standard() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
