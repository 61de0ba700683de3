//! A server on a socket: TLS, metrics of its own, an end in order.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use server::config::TlsFiles;
use server::http;
use tokio::sync::oneshot;

use crate::app::TestApp;

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls")).join(name)
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address")
}

#[tokio::test]
async fn tls_and_metrics() {
    let metrics = free_address();
    let test = TestApp::with_config(|config| {
        config.http.tls = Some(TlsFiles {
            cert: file("localhost.cert.pem"),
            key: file("localhost.key.pem"),
        });
        config.metrics = Some(metrics);
    });
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::run(
        listener,
        async { drop(stopped.await) },
        test.app.clone(),
    ));
    let (health, counted) = tokio::task::spawn_blocking(move || {
        // The certificate is this test's own; whether it is trusted is not the question here.
        let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
        let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
        let text = |url: String| {
            agent
                .get(url)
                .call()
                .expect("an answer")
                .body_mut()
                .read_to_string()
                .expect("text")
        };
        (
            text(format!("https://{address}/healthz")),
            text(format!("http://{metrics}/metrics")),
        )
    })
    .await
    .expect("the client runs");
    assert!(health.contains("ok"), "{health}");
    assert!(counted.contains("soban_requests_total"), "{counted}");
    stop.send(()).expect("the server listens");
    tokio::time::timeout(Duration::from_secs(10), server)
        .await
        .expect("in time")
        .expect("no panic")
        .expect("in order");
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_end() {
    use std::io::Write as _;
    let test = TestApp::full();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(http::run(
        listener,
        async { drop(stopped.await) },
        test.app.clone(),
    ));
    let answer = tokio::task::spawn_blocking(move || {
        let body = r#"{"login": "khongco", "password": "sai"}"#;
        let mut line = std::net::TcpStream::connect(address).expect("a connection");
        let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
        write!(line, "{head}content-length: {}\r\n\r\n", body.len()).expect("the head is sent");
        std::thread::sleep(Duration::from_millis(200));
        stop.send(()).expect("the server listens");
        std::thread::sleep(Duration::from_millis(200));
        line.write_all(body.as_bytes()).expect("the body is sent");
        let mut answer = String::new();
        line.read_to_string(&mut answer).expect("an answer");
        answer
    });
    let answer = answer.await.expect("the client runs");
    assert!(answer.contains("wrong_password"), "{answer}");
    tokio::time::timeout(Duration::from_secs(10), server)
        .await
        .expect("in time")
        .expect("no panic")
        .expect("in order");
}

#[tokio::test]
async fn a_certificate_that_is_none() {
    let test = TestApp::with_config(|config| {
        config.http.tls = Some(TlsFiles {
            cert: file("localhost.key.pem"),
            key: file("localhost.key.pem"),
        });
    });
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let refused = http::run(listener, std::future::pending(), test.app)
        .await
        .expect_err("no certificate");
    assert_eq!(server::problem::Problem::from(refused).code.name(), "tls_unfit");
}

#[cfg(unix)]
#[test]
fn the_program_starts_says_where_and_ends_when_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut soban = Command::new(env!("CARGO_BIN_EXE_soban"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--base-path",
            "/soban",
            "--data",
        ])
        .arg(dir.path())
        .env_remove("SOBAN_LANG")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("soban runs");
    let mut said = BufReader::new(soban.stdout.take().expect("its output"));
    let mut lines = String::new();
    let line = loop {
        let mut line = String::new();
        assert_ne!(
            said.read_line(&mut line).expect("a line"),
            0,
            "ended early: {lines}"
        );
        if line.starts_with('{') {
            break serde_json::from_str::<serde_json::Value>(&line).expect("JSON");
        }
        lines += &line;
    };
    assert!(lines.contains("soban user add admin"), "{lines}");
    let url = line["listening"].as_str().expect("a URL").to_owned();
    assert!(url.ends_with("/soban"), "{url}");
    let mut health = ureq::get(format!("{url}/healthz")).call().expect("an answer");
    assert!(health.body_mut().read_to_string().expect("text").contains("ok"));

    let told = Command::new("kill")
        .args(["-TERM", &soban.id().to_string()])
        .status()
        .expect("kill runs");
    assert!(told.success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("the end");
    assert_eq!(soban.wait().expect("an end").code(), Some(0));
}
