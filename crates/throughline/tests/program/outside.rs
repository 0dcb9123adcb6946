//! What the sources promise of the outside world.

use std::path::{Path, PathBuf};

/// Crates and modules that open connections to others than the database.
const CLIENTS: &[&str] = &[
    "ureq",
    "reqwest",
    "lettre",
    "isahc",
    "surf",
    "curl",
    "attohttpc",
    "minreq",
    "awc",
    "aws-config",
    "tonic",
    "tungstenite",
    "lapin",
    "rdkafka",
    "async-nats",
    "redis",
    "hyper-rustls",
    "ssh2",
    "suppaftp",
];
/// Parts of crates that we have for other purposes.
const CLIENT_PARTS: &[&str] = &[
    "hyper::client",
    "hyper_util::client",
    "TcpStream::connect",
    "UdpSocket",
    "UnixStream::connect",
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of the crates under a heading of a manifest that ends with `dependencies`, those for tests left out.
fn dependencies(krate: &str) -> Vec<String> {
    let path = workspace().join(format!("crates/{krate}/Cargo.toml"));
    let manifest = std::fs::read_to_string(path).unwrap();
    let mut counts = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if let Some(heading) = line.strip_prefix('[') {
            counts = heading.starts_with("dependencies") || heading.contains(".dependencies");
            let named = heading.trim_end_matches(']').strip_prefix("dependencies.");
            names.extend(named.map(str::to_owned));
        } else if counts && let Some((name, _)) = line.split_once([' ', '=', '.']) {
            names.push(name.to_owned());
        }
    }
    names
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Whether a text uses a crate or a part of one, by its path.
fn uses(text: &str, client: &str) -> bool {
    let name = client.replace('-', "_");
    if CLIENT_PARTS.contains(&client) {
        return text.contains(client);
    }
    [format!("{name}::"), format!("use {name};")]
        .iter()
        .any(|way| {
            text.match_indices(way.as_str()).any(|(at, _)| {
                !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
            })
        })
}

/// Calls to the outside are jobs, which run after the commit that asked for them. So whoever writes, and the store
/// that holds the transaction, has no client to call with.
#[test]
fn i9_nothing_is_promised_to_the_outside_inside_a_transaction() {
    for krate in ["core", "store"] {
        let named = dependencies(krate);
        assert!(named.contains(&"serde".to_owned()), "{krate}: {named:?}");
        for client in CLIENTS {
            assert!(
                !named.iter().any(|name| name == client),
                "{krate} depends on {client}"
            );
        }
    }
    let jobs = workspace().join("crates/throughline/src/jobs");
    let mut files = Vec::new();
    for krate in ["core", "store", "throughline"] {
        sources(&workspace().join(format!("crates/{krate}/src")), &mut files);
    }
    assert!(files.len() > 100, "{} sources", files.len());
    for file in files.iter().filter(|file| !file.starts_with(&jobs)) {
        let text = std::fs::read_to_string(file).unwrap();
        for client in CLIENTS.iter().chain(CLIENT_PARTS) {
            assert!(!uses(&text, client), "{} uses {client}", file.display());
        }
    }
}

#[test]
fn the_search_for_clients_finds_them() {
    for (text, client) in [
        ("let answer = ureq::get(url);", "ureq"),
        ("use reqwest::Client;", "reqwest"),
        ("use async_nats;", "async-nats"),
        (
            "use hyper_util::client::legacy::Client;",
            "hyper_util::client",
        ),
    ] {
        assert!(uses(text, client), "{text}");
    }
    assert!(!uses("let curled = my_curl::of(text);", "curl"));
    assert!(dependencies("crash").contains(&"ureq".to_owned()));
    assert!(dependencies("throughline").contains(&"ureq".to_owned()));
    assert!(!dependencies("throughline").contains(&"tempfile".to_owned()));
}
