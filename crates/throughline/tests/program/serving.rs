//! Serving: ports, signals, and keys made beside a running server.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::process::{Process, errors, run};

fn database(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("test.db").display())
}

/// The status of a GET.
fn status(process: &Process, path: &str, key: &str) -> String {
    let mut stream = TcpStream::connect(process.address).unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_key_made_beside_a_running_server_works_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let process = Process::serve(&["--database", &database]);
    assert_eq!(
        status(&process, "/v1/orders", "nonsense"),
        "HTTP/1.1 401 Unauthorized"
    );
    let made = run(&["key", "create", "--database", &database, "--role", "owner"]);
    let key = String::from_utf8(made.stdout).unwrap();
    assert_eq!(
        status(&process, "/v1/orders", key.trim()),
        "HTTP/1.1 200 OK"
    );
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::serve(&["--database", &database(&folder)]);
    let other = tempfile::tempdir().unwrap();
    let address = process.address.to_string();
    let output = run(&[
        "serve",
        "--listen",
        &address,
        "--database",
        &database(&other),
    ]);
    assert_eq!(output.status.code(), Some(4));
    assert!(
        errors(&output).contains(&address) && errors(&output).contains("--listen"),
        "{}",
        errors(&output)
    );
    assert!(
        !other.path().join("test.db").exists(),
        "a database was made for a server that cannot serve"
    );
}

#[test]
fn a_signal_ends_the_server_in_peace() {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Process::serve(&["--database", &database(&folder)]);
        let idle = TcpStream::connect(process.address).unwrap();
        assert_eq!(status(&process, "/readyz", ""), "HTTP/1.1 200 OK");
        process.signal(signal);
        assert_eq!(process.child.wait().unwrap().code(), Some(0), "{signal}");
        assert!(process.rest_of_log().contains("stopped"), "{signal}");
        drop(idle);
    }
}
