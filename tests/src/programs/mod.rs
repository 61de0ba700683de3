//! The two programs as people run them: `soban demo` as a process on a free port, phones as commands.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

/// A commune cadre of the demo.
pub const CADRE: &str = "cb.hoangthupho";
/// A village head of the same commune.
pub const HEAD: &str = "tt.hoangthupho.1";
/// The officer whose review scope holds that commune.
pub const OFFICER: &str = "huyen.bacha";

/// The ids of the items of a list.
///
/// # Panics
/// When it is not a list.
#[must_use]
pub fn ids(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["id"].as_str()).collect()
}

/// Where a program of this workspace lies: as the environment says, else beside this test.
pub(crate) fn program(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let mut path = std::env::current_exe().expect("a test has a path");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    let path = path.join(name);
    assert!(
        path.exists(),
        "{name} is not built: run the tests with `cargo xtask test`"
    );
    path
}

/// A running demo server.
pub struct Demo {
    child: Child,
    /// Its data directory.
    pub data: TempDir,
    /// Where it listens.
    pub url: String,
    people: Vec<Value>,
}

impl Demo {
    /// Starts the demo on a fresh directory.
    #[must_use]
    pub fn start() -> Self {
        Self::start_in(tempfile::tempdir().expect("a temporary directory"), "127.0.0.1:0")
    }

    /// Starts the demo on that directory and address.
    #[must_use]
    pub fn start_in(data: TempDir, listen: &str) -> Self {
        let mut child = Command::new(program("SOBAN_BIN", "soban"))
            .args(["demo", "--listen", listen, "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("soban starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.starts_with('{')));
        let said: Value = serde_json::from_str(&line.expect("the demo says where it listens")).expect("JSON");
        // Whatever it says later is read away, so that it never waits for us.
        thread::spawn(move || lines.for_each(drop));
        let url = said["listening"].as_str().expect("an address").to_owned();
        let people = said["people"].as_array().cloned().unwrap_or_default();
        Self {
            child,
            data,
            url,
            people,
        }
    }

    /// A phone of that person, enrolled with the code the demo printed.
    #[must_use]
    pub fn phone(&self, login: &str) -> Phone {
        let person = self
            .people
            .iter()
            .find(|person| person["login"] == login)
            .expect("somebody of the demo");
        let phone = Phone::new();
        let code = person["code"].as_str().expect("a code").to_owned();
        phone.run(&["enroll", "--server", &self.url, "--code", &code]);
        phone
    }

    /// One more phone of that person, with a code made for it.
    #[must_use]
    pub fn another_phone(&self, login: &str) -> Phone {
        let issued = self.command(&["enroll", login]);
        let phone = Phone::new();
        phone.run(&[
            "enroll",
            "--server",
            &self.url,
            "--code",
            issued["code"].as_str().expect("a code"),
        ]);
        phone
    }

    /// Runs `soban` on the data directory, beside the server, and returns what it prints.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Value {
        soban(self.data.path(), arguments)
    }

    /// Asks the API as an officer of the demo.
    #[must_use]
    pub fn officer(&self, login: &str) -> Officer {
        let agent = ureq::Agent::new_with_defaults();
        let body = json!({"login": login, "password": "chi-dung-de-thu"});
        let reply = agent
            .post(format!("{}/api/v1/session", self.url))
            .send_json(body)
            .expect("signs in");
        let cookie = reply.headers()["set-cookie"]
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .expect("a pair");
        Officer {
            agent,
            url: self.url.clone(),
            cookie: cookie.to_owned(),
        }
    }

    /// Stops the server and keeps its data.
    #[must_use]
    pub fn stop(mut self) -> TempDir {
        self.kill();
        let empty = tempfile::tempdir().expect("a temporary directory");
        std::mem::replace(&mut self.data, empty)
    }

    fn kill(&mut self) {
        // The process may be gone already; then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs one `soban` command on a data directory and returns what it prints.
///
/// # Panics
/// When it prints no JSON.
#[must_use]
pub fn soban(data: &Path, arguments: &[&str]) -> Value {
    let mut command = Command::new(program("SOBAN_BIN", "soban"));
    let output = command
        .args(arguments)
        .arg("--data")
        .arg(data)
        .output()
        .expect("soban runs");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)))
}

/// An officer in a browser.
pub struct Officer {
    agent: ureq::Agent,
    url: String,
    cookie: String,
}

impl Officer {
    /// The cookie of the session.
    #[must_use]
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// What the API answers.
    #[must_use]
    pub fn get(&self, path: &str) -> Value {
        let reply = self
            .agent
            .get(format!("{}/api/v1/{path}", self.url))
            .header("cookie", &self.cookie)
            .call();
        reply.expect("answers").body_mut().read_json().expect("JSON")
    }

    /// The bytes the API answers.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let reply = self
            .agent
            .get(format!("{}/api/v1/{path}", self.url))
            .header("cookie", &self.cookie)
            .call();
        reply.expect("answers").body_mut().read_to_vec().expect("bytes")
    }

    /// What the API answers to an act.
    #[must_use]
    pub fn post(&self, path: &str) -> Value {
        let request = self
            .agent
            .post(format!("{}/api/v1/{path}", self.url))
            .header("cookie", &self.cookie);
        request
            .send_empty()
            .expect("answers")
            .body_mut()
            .read_json()
            .expect("JSON")
    }
}

impl Officer {
    /// The status and body of the answer to an act with a body; null where there is none.
    #[must_use]
    pub fn send(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self
            .agent
            .post(format!("{}/api/v1/{path}", self.url))
            .config()
            .http_status_as_error(false)
            .build()
            .header("cookie", &self.cookie);
        let mut reply = request.send_json(body).expect("answers");
        let said = reply.body_mut().read_to_string().expect("text");
        (
            reply.status().as_u16(),
            serde_json::from_str(&said).unwrap_or_default(),
        )
    }

    /// What the API answers to a change of something.
    #[must_use]
    pub fn patch(&self, path: &str, body: &Value) -> Value {
        let request = self
            .agent
            .patch(format!("{}/api/v1/{path}", self.url))
            .header("cookie", &self.cookie);
        request
            .send_json(body)
            .expect("answers")
            .body_mut()
            .read_json()
            .expect("JSON")
    }
}

/// A phone: `soban-device` with a home of its own.
pub struct Phone {
    home: TempDir,
}

impl Phone {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a temporary directory"),
        }
    }

    /// Runs a command that has to succeed.
    pub fn run(&self, arguments: &[&str]) -> Value {
        let (code, said) = self.try_run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }

    /// Runs a command at a time of the phone's own.
    pub fn run_at(&self, now: &str, arguments: &[&str]) -> Value {
        self.run(&[&["--now", now], arguments].concat())
    }

    /// Runs a command and returns its exit code and what it printed.
    #[must_use]
    pub fn try_run(&self, arguments: &[&str]) -> (i32, Value) {
        let mut command = Command::new(program("SOBAN_DEVICE_BIN", "soban-device"));
        let output = command
            .arg("--home")
            .arg(self.home.path())
            .args(arguments)
            .output()
            .expect("runs");
        let said = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code().unwrap_or(-1), said)
    }

    /// Syncs, and returns what the program says of it.
    pub fn sync(&self) -> Value {
        self.run(&["sync"])
    }

    /// What is shown of a record.
    #[must_use]
    pub fn show(&self, id: &str) -> Value {
        self.run(&["show", id])
    }

    /// The id of the first record of a kind.
    #[must_use]
    pub fn first(&self, kind: &str) -> String {
        let listed = self.run(&["list", kind]);
        listed["items"][0]["id"].as_str().expect("a record").to_owned()
    }

    /// The home of the phone: nothing runs in it between two commands.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A file beside the phone, for bundles.
    #[must_use]
    pub fn file(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }

    /// Flips one bit of a file.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn flip(&self, file: &str, at: usize) {
        let mut bytes = fs::read(file).expect("reads");
        let at = at % bytes.len();
        bytes[at] ^= 1;
        fs::write(file, bytes).expect("writes");
    }
}
