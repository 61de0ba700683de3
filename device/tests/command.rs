//! The command line: one JSON object, an exit code.

use std::ffi::OsString;

use device::cli::{Outcome, run};

fn command(home: &std::path::Path, words: &[&str]) -> Outcome {
    let home = [
        OsString::from("soban-device"),
        OsString::from("--home"),
        home.into(),
    ];
    run(home.into_iter().chain(words.iter().map(OsString::from)))
}

#[test]
fn usage_is_two_and_a_refused_act_is_one() {
    let home = tempfile::tempdir().expect("a directory");
    for words in [
        &[][..],
        &["dance"],
        &["set"],
        &["--lang", "fr", "status"],
        &["--now", "yesterday", "status"],
        &["show", "x"],
    ] {
        let outcome = command(home.path(), words);
        assert_eq!(outcome.exit, 2, "{words:?}");
        assert_eq!(outcome.output["error"]["code"], "usage", "{words:?}");
    }
    let outcome = command(home.path(), &["status"]);
    assert_eq!(
        (outcome.exit, &outcome.output["error"]["code"]),
        (1, &"not_enrolled".into())
    );
    assert!(
        outcome.output["error"]["message"]
            .as_str()
            .is_some_and(|words| words.contains("ghi danh"))
    );
    let english = command(home.path(), &["--lang", "en", "status"]);
    assert!(
        english.output["error"]["hint"]
            .as_str()
            .is_some_and(|words| words.contains("enroll"))
    );
    let help = command(home.path(), &["--help"]);
    assert!(
        help.exit == 0
            && help.output["text"]
                .as_str()
                .is_some_and(|text| text.contains("enroll"))
    );
}

#[test]
fn a_server_that_is_not_there_or_not_ours_has_a_name() {
    let home = tempfile::tempdir().expect("a directory");
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address")
    };
    let outcome = command(
        home.path(),
        &[
            "enroll",
            "--server",
            &format!("http://{gone}"),
            "--code",
            "K7MP-2Q9X-R4",
        ],
    );
    assert_eq!(
        (outcome.exit, &outcome.output["error"]["code"]),
        (1, &"server_unreachable".into())
    );

    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answers = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.ends_with(b"}") {
            let read = stream.read(&mut buffer).expect("a request");
            request.extend_from_slice(&buffer[..read]);
        }
        let page = "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\ncontent-type: text/html\r\n\r\nhello";
        stream.write_all(page.as_bytes()).expect("an answer");
        String::from_utf8_lossy(&request).into_owned()
    });
    let outcome = command(
        home.path(),
        &[
            "enroll",
            "--server",
            &format!("http://{address}/"),
            "--code",
            "K7MP-2Q9X-R4",
        ],
    );
    assert_eq!(
        (outcome.exit, &outcome.output["error"]["code"]),
        (1, &"not_our_server".into())
    );
    let request = answers.join().expect("the thread ends");
    assert!(request.starts_with("POST /api/v1/enroll HTTP/1.1\r\n"));
    assert!(request.to_lowercase().contains("public_key"));
}
