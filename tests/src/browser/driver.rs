//! The WebDriver protocol as far as the stories need it: JSON over HTTP, one call at a time.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// A command that takes longer hangs.
const COMMAND: Duration = Duration::from_secs(60);

/// A running chromedriver; goes with the test.
struct Driver {
    child: Child,
    url: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One browser window driven by WebDriver.
pub struct Session {
    agent: ureq::Agent,
    driver: Arc<Driver>,
    id: String,
}

/// An element of the page.
#[derive(Debug, Clone)]
pub struct Element(pub(super) Value);

impl Element {
    /// As an argument of a script.
    #[must_use]
    pub fn value(&self) -> Value {
        self.0.clone()
    }
}

impl Session {
    /// Starts a browser with these capabilities.
    ///
    /// # Panics
    /// When there is no browser, or it does not start.
    #[must_use]
    pub fn start(capabilities: &Value) -> Self {
        let driver = driver();
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(COMMAND))
            .build()
            .into();
        let mut session = Self {
            agent,
            driver,
            id: String::new(),
        };
        let asked = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let started = session.post("", &asked).expect("the browser starts");
        session.id = format!("/{}", started["sessionId"].as_str().expect("a session"));
        session
    }

    /// Sends a command; the error is WebDriver's name for what went wrong.
    ///
    /// # Errors
    /// `no such element`, `stale element reference`, `element not interactable`, …
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let url = format!("{}/session{}{path}", self.driver.url, self.id);
        self.answer(self.agent.post(url).send_json(body))
    }

    /// Asks.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub fn get(&self, path: &str) -> Result<Value, String> {
        let url = format!("{}/session{}{path}", self.driver.url, self.id);
        self.answer(self.agent.get(url).call())
    }

    fn answer(&self, reply: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, String> {
        let mut reply = reply.map_err(|error| error.to_string())?;
        let mut answer: Value = reply.body_mut().read_json().map_err(|error| error.to_string())?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(error) if !reply.status().is_success() => Err(format!(
                "{error}: {}",
                value["message"].as_str().unwrap_or_default()
            )),
            _ => Ok(value),
        }
    }

    /// Runs JavaScript in the page.
    ///
    /// # Errors
    /// What it throws.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs JavaScript that ends by calling its last argument.
    ///
    /// # Errors
    /// What it throws.
    pub fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value, String> {
        self.post("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// A command of the browser's own protocol.
    ///
    /// # Panics
    /// When the browser does not know it.
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
        .expect("a command of the browser")
    }

    /// The elements of a CSS selector.
    #[must_use]
    pub fn find(&self, css: &str) -> Vec<Element> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": css }));
        let found = found.unwrap_or_default();
        found
            .as_array()
            .into_iter()
            .flatten()
            .cloned()
            .map(Element)
            .collect()
    }

    /// Something said of an element: `click` and the like with a body, or a question.
    ///
    /// # Errors
    /// As [`Self::post`].
    pub fn element(&self, element: &Element, act: &str, body: &Value) -> Result<Value, String> {
        let id = element.0[ELEMENT].as_str().unwrap_or_default();
        if body.is_null() {
            self.get(&format!("/element/{id}/{act}"))
        } else {
            self.post(&format!("/element/{id}/{act}"), body)
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Without this the browser outlives the test, on failure too.
        let url = format!("{}/session{}", self.driver.url, self.id);
        let _ = self.agent.delete(url).call();
    }
}

/// One chromedriver for all sessions of this process.
fn driver() -> Arc<Driver> {
    static DRIVER: OnceLock<Mutex<std::sync::Weak<Driver>>> = OnceLock::new();
    let mut kept = DRIVER
        .get_or_init(Mutex::default)
        .lock()
        .expect("nobody panics holding it");
    if let Some(driver) = kept.upgrade() {
        return driver;
    }
    let driver = Arc::new(start_driver());
    *kept = Arc::downgrade(&driver);
    driver
}

fn start_driver() -> Driver {
    let mut child = Command::new(program("SOBAN_CHROMEDRIVER", "chromedriver"))
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver starts: `cargo xtask test` installs it");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let port = lines.find_map(|line| {
        let line = line.ok()?;
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse::<u16>().ok()
    });
    std::thread::spawn(move || lines.for_each(drop));
    Driver {
        child,
        url: format!("http://127.0.0.1:{}", port.expect("chromedriver says its port")),
    }
}

/// A program as the environment names it, else as the path finds it.
pub(super) fn program(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| name.into(), PathBuf::from)
}
