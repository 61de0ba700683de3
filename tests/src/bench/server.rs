//! The server with as many records as a province has: how long officers wait, and how much memory an export takes.
//!
//! In: `SOBAN_BENCH_SCALE` households (100,000 if not said) that `soban demo --scale` invents into `target/bench/`, kept for
//! the next run. Out: median and 95th percentile of what officers ask for, over the loopback, one after another; time,
//! size and the highest resident memory of whole exports.

use std::fs;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Figure, Table};
use crate::programs::{OFFICER, program};

const SCALE_DEFAULT: usize = 100_000;
/// How often each question is asked.
const TIMES: usize = 30;
/// Longest an officer is to wait, in milliseconds.
const WAIT_MAX: f64 = 200.0;
/// Most resident memory of the server, in MB.
const MEMORY_MAX: f64 = 300.0;
/// An export takes at most this long before the measurement gives up.
const PATIENCE: Duration = Duration::from_secs(1_200);
/// Who reads the whole province.
const PROVINCE: &str = "tinh";
const PASSWORD: &str = "chi-dung-de-thu";

/// What officers ask for: who, and where below `/api/v1/`. `{household}` and `{pair}` stand for one of each. Add a line to
/// measure more.
const ASKED: &[(&str, &str)] = &[
    (OFFICER, "queue/counts"),
    (OFFICER, "queue?kind=conflict"),
    (OFFICER, "queue?kind=duplicate"),
    (OFFICER, "queue?kind=finding"),
    (OFFICER, "queue?kind=parked"),
    (OFFICER, "queue?kind=edited"),
    (OFFICER, "records?limit=100"),
    (OFFICER, "records?kind=household_visit&limit=100"),
    (OFFICER, "records?kind=household&state=approved&limit=100"),
    (OFFICER, "records?state=locked"),
    (OFFICER, "records?kind=household&q=giang%20a%20sinh"),
    (OFFICER, "records?q=khong%20ai%20ca"),
    (OFFICER, "records/{household}"),
    (OFFICER, "records/{household}/history"),
    (OFFICER, "duplicates/{pair}"),
    (PROVINCE, "records?kind=household_visit&limit=100"),
    (PROVINCE, "records?kind=job_fair"),
    (PROVINCE, "records?q=giang%20a%20sinh"),
    (OFFICER, "odata/household_visit?$top=100"),
    (PROVINCE, "odata/household_visit?$top=100&$skip=0&$count=true"),
];

/// Whole files: by whom, which, and what the server's memory is to stay below.
const FILES: &[(&str, &str)] = &[
    (PROVINCE, "exports/household_visit.csv"),
    (PROVINCE, "exports/household_visit.xlsx"),
    (PROVINCE, "exports/household.jsonl"),
];

/// Measures.
///
/// # Panics
/// When the server does not do what it is asked.
#[must_use]
pub fn run() -> Table {
    let scale = std::env::var("SOBAN_BENCH_SCALE").ok();
    let scale = scale.map_or(SCALE_DEFAULT, |text| {
        text.parse().expect("SOBAN_BENCH_SCALE is a number")
    });
    let data = PathBuf::from(format!("target/bench/server-{scale}"));
    let mut figures = Vec::new();
    if !data.join("complete").exists() {
        figures.push(invent(&data, scale));
    }
    let baseline_ms = baseline();
    // A process that has only served says how much memory serving takes.
    let server = Server::start(&data, scale);
    let officers = [server.officer(OFFICER), server.officer(PROVINCE)];
    let by = |login: &str| {
        officers
            .iter()
            .find(|officer| officer.login == login)
            .expect("an officer")
    };
    let (household, pair) = examples(by(OFFICER));
    for (login, path) in ASKED {
        let address = path.replace("{household}", &household).replace("{pair}", &pair);
        let mut took: Vec<f64> = (0..=TIMES).map(|_| by(login).asks(&address)).skip(1).collect();
        took.sort_by(f64::total_cmp);
        let what = |share: &str| format!("{login}: {path}, {share}");
        figures.push(Figure::new(&what("median"), took[took.len() / 2], "ms"));
        figures.push(Figure::new(&what("95 of 100"), took[took.len() * 95 / 100], "ms").below(WAIT_MAX));
    }
    for (login, path) in FILES {
        let (took, bytes) = by(login).takes(path);
        figures.push(Figure::new(&format!("{path}, whole"), took, "ms"));
        figures.push(Figure::new(&format!("{path}, size"), bytes, "bytes"));
        let memory = Figure::new(
            &format!("{path}, highest memory so far"),
            server.memory_mb(),
            "MB",
        );
        figures.push(memory.below(MEMORY_MAX));
    }
    Table {
        title: format!(
            "The server with {scale} households, {} visits, {} attendances (invented)",
            3 * scale,
            scale / 2
        ),
        baseline_ms,
        figures,
    }
}

fn invent(data: &Path, scale: usize) -> Figure {
    if data.exists() {
        fs::remove_dir_all(data).expect("an unfinished directory is ours to remove");
    }
    fs::create_dir_all(data).expect("a directory");
    let begun = Instant::now();
    drop(Server::start(data, scale));
    let took = begun.elapsed().as_secs_f64();
    fs::write(data.join("complete"), "").expect("a mark");
    Figure::new("records taken in by a second", 4.5 * scale as f64 / took, "")
}

/// A household, and a pair of likely doubles.
fn examples(officer: &Officer) -> (String, String) {
    let listed = officer.json("records?kind=household&limit=1");
    let pairs = officer.json("queue?kind=duplicate&limit=1");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    (text(&listed["items"][0]["id"]), text(&pairs["items"][0]["id"]))
}

/// A running server.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(data: &Path, scale: usize) -> Self {
        let mut child = Command::new(program("SOBAN_BIN", "soban"))
            .args([
                "--lang",
                "en",
                "demo",
                "--log",
                "warn",
                "--listen",
                "127.0.0.1:0",
                "--scale",
            ])
            .arg(scale.to_string())
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .expect("soban starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let line = lines.find_map(|line| line.ok().filter(|line| line.starts_with('{')));
        let said: Value = serde_json::from_str(&line.expect("the demo says where it listens")).expect("JSON");
        // Whatever it says later is read away, so that it never waits for us.
        thread::spawn(move || lines.for_each(drop));
        let url = said["listening"].as_str().expect("an address").to_owned();
        Self { child, url }
    }

    fn officer(&self, login: &str) -> Officer {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        let reply = agent
            .post(format!("{}/api/v1/session", self.url))
            .send_json(json!({"login": login, "password": PASSWORD}))
            .expect("signs in");
        let cookie = reply.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("a pair").to_owned();
        Officer {
            login: login.to_owned(),
            agent,
            url: self.url.clone(),
            cookie,
        }
    }

    /// The highest resident memory of the process so far; nothing where there is no `/proc`.
    fn memory_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may be gone already; then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who asks.
struct Officer {
    login: String,
    agent: ureq::Agent,
    url: String,
    cookie: String,
}

impl Officer {
    fn call(&self, path: &str) -> ureq::http::Response<ureq::Body> {
        let request = self.agent.get(format!("{}/api/v1/{path}", self.url));
        let reply = request.header("cookie", &self.cookie).call();
        reply.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn json(&self, path: &str) -> Value {
        self.call(path).body_mut().read_json().expect("JSON")
    }

    /// Milliseconds until the whole answer was there.
    fn asks(&self, path: &str) -> f64 {
        self.takes(path).0
    }

    /// Milliseconds until the whole answer was there, and its bytes.
    fn takes(&self, path: &str) -> (f64, f64) {
        let begun = Instant::now();
        let mut reply = self.call(path);
        let mut body = reply.body_mut().as_reader();
        let bytes = io::copy(&mut body.by_ref(), &mut io::sink()).expect("the answer is whole");
        (begun.elapsed().as_secs_f64() * 1000.0, bytes as f64)
    }
}

/// A piece of work known to all: the SHA-256 of 64 MB of nothing.
fn baseline() -> f64 {
    let piece = vec![0_u8; 1 << 20];
    let begun = Instant::now();
    let mut hash = Sha256::new();
    (0..64).for_each(|_| hash.update(&piece));
    std::hint::black_box(hash.finalize());
    begun.elapsed().as_secs_f64() * 1000.0
}
