//! What stands before a server: hands every request on, and can make the app look like a newer build.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Longest answer that is handed on: a development build of the app.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A front before a server, on a port of its own; serves as long as the process lives.
pub struct Front {
    /// Where it listens.
    pub url: String,
    newer: Arc<AtomicBool>,
}

impl Front {
    /// A front before the server at `url`.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let front = format!("http://{}", listener.local_addr().expect("an address"));
        let newer = Arc::new(AtomicBool::new(false));
        let (behind, flag) = (url.to_owned(), Arc::clone(&newer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (behind, flag) = (behind.clone(), Arc::clone(&flag));
                // A browser that goes away in the middle is its own affair.
                std::thread::spawn(move || answer(&stream, &behind, flag.load(Ordering::Relaxed)).ok());
            }
        });
        Self { url: front, newer }
    }

    /// From now on the service worker is another build's: the same files under another name.
    pub fn release(&self) {
        self.newer.store(true, Ordering::Relaxed);
    }
}

fn answer(stream: &TcpStream, behind: &str, newer: bool) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(());
    };
    let mut headers = Vec::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap_or(0);
        } else if ["authorization", "content-type"].contains(&name.to_ascii_lowercase().as_str()) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{behind}{path}"));
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    let request = request.body(body).map_err(std::io::Error::other)?;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let mut reply = agent.run(request).map_err(std::io::Error::other)?;
    let body = reply.body_mut().with_config().limit(BYTES_MAX);
    let mut bytes = body.read_to_vec().map_err(std::io::Error::other)?;
    if newer && path.ends_with("/sw.js") {
        let text = String::from_utf8_lossy(&bytes).replacen("const BUILD = \"", "const BUILD = \"newer-", 1);
        bytes = text.into_bytes();
    }
    let mut out = stream;
    write!(
        out,
        "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n",
        reply.status(),
        bytes.len()
    )?;
    let handed_on = ["content-type", "content-security-policy", "cache-control"];
    for (name, value) in reply
        .headers()
        .iter()
        .filter(|(name, _)| handed_on.contains(&name.as_str()))
    {
        write!(out, "{name}: {}\r\n", value.to_str().unwrap_or_default())?;
    }
    out.write_all(b"\r\n")?;
    out.write_all(&bytes)
}
