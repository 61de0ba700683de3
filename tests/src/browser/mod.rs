//! A phone as its holder has it: the field app in a real browser, at the size of a cheap phone.
//!
//! The stories speak of `data-id`s, wait for what a person would see, and never for time. A browser
//! that logs an error fails its story.

mod driver;
mod faults;
mod front;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use self::driver::program;
pub use self::driver::{Element, Session};
pub use self::front::Front;

/// What does not show by then does not show.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// Quiet and alone: no updates, no sync, no GPU.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
];

/// A phone with a browser profile of its own.
pub struct WebPhone {
    session: Option<Session>,
    profile: TempDir,
    url: String,
    /// Taps since the count was last taken.
    taps: std::cell::Cell<u32>,
    /// Parts of log lines that this story expects.
    expected: Vec<&'static str>,
}

impl WebPhone {
    /// A new phone that will use the app at `url`.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary directory");
        let session = Some(start(profile.path()));
        Self {
            session,
            profile,
            url: url.to_owned(),
            taps: std::cell::Cell::new(0),
            expected: Vec::new(),
        }
    }

    /// Log lines with this text are part of the story.
    pub fn expect_log(&mut self, text: &'static str) {
        self.expected.push(text);
    }

    /// The browser's window.
    ///
    /// # Panics
    /// When the phone is off.
    #[must_use]
    pub fn session(&self) -> &Session {
        self.session.as_ref().expect("the phone is on")
    }

    /// Kills the browser at once, as a dead battery does, and starts it again with what was on disk.
    pub fn battery_dies(&mut self) {
        kill_profile(self.profile.path());
        drop(self.session.take());
        self.session = Some(start(self.profile.path()));
    }

    /// Opens the app, or another part of it: what stands after the address.
    pub fn open(&self, rest: &str) {
        let url = format!("{}/{rest}", self.url);
        self.session()
            .post("/url", &json!({ "url": url }))
            .expect("the address opens");
    }

    /// The phone's own button to where one was before.
    pub fn go_back(&self) {
        self.session().post("/back", &json!({})).expect("goes back");
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.session().post("/refresh", &json!({})).expect("reloads");
    }

    /// Enrols with a code and a PIN, and waits until everything has arrived.
    pub fn enrol(&self, code: &str, pin: &str) {
        self.open(&format!("#enrol={code}"));
        self.tap("code:next");
        self.type_in("new_pin", pin);
        self.tap("new_pin:done");
        self.type_in("pin_again", pin);
        self.tap("pin_again:done");
        self.see("sync:now");
    }

    /// Unlocks with a PIN.
    pub fn unlock(&self, pin: &str) {
        self.type_in("pin", pin);
        self.tap("pin:done");
        self.see("home");
    }

    /// The element with this `data-id`, once it is there and shown.
    pub fn see(&self, id: &str) -> Element {
        self.wait(&format!("{id} is shown"), || self.shown(id))
    }

    /// The element with this `data-id` now, if it is shown.
    #[must_use]
    pub fn shown(&self, id: &str) -> Option<Element> {
        let found = self.session().find(&css(id)).into_iter();
        let mut shown = found.filter(|element| {
            let displayed = self.session().element(element, "displayed", &Value::Null);
            displayed.is_ok_and(|displayed| displayed == true)
        });
        shown.next()
    }

    /// Waits until the element with this `data-id` is gone.
    pub fn see_gone(&self, id: &str) {
        self.wait(&format!("{id} is gone"), || {
            self.shown(id).is_none().then_some(())
        });
    }

    /// Waits until these words are on the page.
    pub fn read(&self, words: &str) {
        self.wait(&format!("“{words}” is shown"), || {
            self.text().contains(words).then_some(())
        });
    }

    /// All words on the page.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.session().run("return document.body.innerText", &[]);
        text.ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// The words of one element.
    #[must_use]
    pub fn words_of(&self, id: &str) -> String {
        let element = self.see(id);
        let words = self
            .session()
            .run("return arguments[0].innerText ?? ''", &[element.0]);
        words
            .ok()
            .and_then(|words| words.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Taps an element. What covers it or moves is waited for, as a person would.
    pub fn tap(&self, id: &str) {
        self.wait(&format!("{id} can be tapped"), || {
            let element = self.shown(id)?;
            let middle = "arguments[0].scrollIntoView({ block: 'center' })";
            self.session()
                .run(middle, std::slice::from_ref(&element.0))
                .ok()?;
            self.session().element(&element, "click", &json!({})).ok()
        });
        self.taps.set(self.taps.get() + 1);
    }

    /// Types into a field, in place of what stands there.
    pub fn type_in(&self, id: &str, text: &str) {
        self.wait(&format!("{id} can be typed in"), || {
            let element = self.shown(id)?;
            self.session().element(&element, "clear", &json!({})).ok()?;
            self.session()
                .element(&element, "value", &json!({ "text": text }))
                .ok()
        });
        // One tap opens the keyboard.
        self.taps.set(self.taps.get() + 1);
    }

    /// The `data-id`s on the page that begin like this, in order.
    #[must_use]
    pub fn ids(&self, begin: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll('[data-id]')].map((one) => one.dataset.id)
            .filter((id) => id.startsWith(arguments[0]))";
        let found = self.session().run(script, &[json!(begin)]).unwrap_or_default();
        let ids = found.as_array().into_iter().flatten();
        ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
    }

    /// Taps since the last time this was asked.
    #[must_use]
    pub fn taps(&self) -> u32 {
        self.taps.take()
    }

    /// Tries until something is there.
    ///
    /// # Panics
    /// When it does not come; the page's words say where it stood.
    pub fn wait<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "waited in vain until {what}; on the page:\n{}\nlog: {:?}",
                self.text(),
                self.log()
            );
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Everything this page has stored: names and sizes are the browser's, contents are ours.
    #[must_use]
    pub fn stored(&self) -> String {
        let script = r"
            const done = arguments[arguments.length - 1];
            (async () => {
                const found = [];
                for (const { name } of await indexedDB.databases()) {
                    const database = await new Promise((ok) => {
                        const request = indexedDB.open(name);
                        request.onsuccess = () => ok(request.result);
                    });
                    for (const shelf of database.objectStoreNames) {
                        const rows = await new Promise((ok) => {
                            const request = database.transaction(shelf).objectStore(shelf).getAll();
                            request.onsuccess = () => ok(request.result);
                        });
                        const decoder = new TextDecoder('utf-8', { fatal: false });
                        for (const row of rows) found.push(name + '/' + shelf + ' ' + decoder.decode(row));
                    }
                    database.close();
                }
                return found.join('\n') + JSON.stringify({ ...localStorage });
            })().then(done, (error) => done(String(error)));";
        let text = self.session().run_async(script, &[]).expect("reads the store");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The window that is driven now.
    #[must_use]
    pub fn window(&self) -> String {
        let handle = self.session().get("/window").unwrap_or_default();
        handle.as_str().unwrap_or_default().to_owned()
    }

    /// Opens another tab and drives it.
    pub fn new_window(&self) {
        let made = self
            .session()
            .post("/window/new", &json!({ "type": "tab" }))
            .expect("a new tab");
        self.to_window(made["handle"].as_str().unwrap_or_default());
    }

    /// Drives that tab.
    pub fn to_window(&self, handle: &str) {
        self.session()
            .post("/window", &json!({ "handle": handle }))
            .expect("the tab is there");
    }

    /// Where this phone's downloads go.
    pub fn downloads(&self, folder: &Path) {
        let asked = json!({ "behavior": "allow", "downloadPath": folder });
        self.session().devtools("Browser.setDownloadBehavior", &asked);
    }

    /// Picks a file in a file input, which may be hidden behind its label.
    pub fn pick_file(&self, id: &str, file: &Path) {
        let input = self
            .session()
            .find(&css(id))
            .into_iter()
            .next()
            .expect("a file input");
        let text = json!({ "text": file });
        self.session()
            .element(&input, "value", &text)
            .expect("the file is picked");
    }

    /// A picture of the screen as PNG, in base64.
    #[must_use]
    pub fn picture(&self) -> String {
        let picture = self.session().get("/screenshot").unwrap_or_default();
        picture.as_str().unwrap_or_default().to_owned()
    }

    fn log(&self) -> Vec<String> {
        let lines = self
            .session()
            .post("/se/log", &json!({ "type": "browser" }))
            .unwrap_or_default();
        let severe = lines
            .as_array()
            .into_iter()
            .flatten()
            .filter(|line| line["level"] == "SEVERE");
        let words = severe.filter_map(|line| line["message"].as_str().map(str::to_owned));
        words
            .filter(|line| !self.expected.iter().any(|expected| line.contains(expected)))
            .collect()
    }
}

impl Drop for WebPhone {
    fn drop(&mut self) {
        if std::thread::panicking() || self.session.is_none() {
            return;
        }
        let log = self.log();
        assert!(log.is_empty(), "the browser logged errors: {log:?}");
    }
}

fn css(id: &str) -> String {
    format!("[data-id={}]", Value::from(id))
}

fn start(profile: &Path) -> Session {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    Session::start(&json!({
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": program("SOBAN_CHROMIUM", "/usr/bin/chromium"),
            "args": flags,
            "mobileEmulation": { "deviceMetrics": { "width": 360, "height": 740, "pixelRatio": 2.0 } },
        },
    }))
}

/// Kills the browser of this profile: the processes that name it, by their ids.
fn kill_profile(profile: &Path) {
    let wanted = format!("--user-data-dir={}", profile.display());
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return;
    };
    for process in processes.flatten() {
        let name = process.file_name();
        let Some(id) = name
            .to_str()
            .filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        else {
            continue;
        };
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(&wanted) {
            // It may be gone already.
            let _ = std::process::Command::new("kill").args(["-9", id]).status();
        }
    }
}
