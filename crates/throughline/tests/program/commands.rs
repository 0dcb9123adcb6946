//! Commands and their exit codes.

use super::process::{errors, program, run};

fn database(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}", folder.path().join("test.db").display())
}

#[test]
fn a_key_is_printed_alone_listed_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(&folder);
    let made = run(&[
        "key",
        "create",
        "--database",
        &database,
        "--role",
        "owner",
        "--name",
        "mine",
    ]);
    assert!(made.status.success(), "{}", errors(&made));
    let text = String::from_utf8(made.stdout).unwrap();
    assert!(
        text.starts_with("tl_") && text.trim_end().len() == 55 && text.lines().count() == 1,
        "{text:?}"
    );
    let listed = String::from_utf8(run(&["key", "list", "--database", &database]).stdout).unwrap();
    assert!(
        listed.contains("mine") && listed.contains("active") && !listed.contains(text.trim_end()),
        "{listed}"
    );
    let id = listed.split('\t').next().unwrap();
    assert!(
        run(&["key", "revoke", id, "--database", &database])
            .status
            .success()
    );
    let listed = String::from_utf8(run(&["key", "list", "--database", &database]).stdout).unwrap();
    assert!(listed.contains("revoked"), "{listed}");
    assert_eq!(
        run(&[
            "key",
            "revoke",
            "01912d68-783e-7a03-8467-000000000001",
            "--database",
            &database
        ])
        .status
        .code(),
        Some(5)
    );
}

#[test]
fn what_cannot_be_done_names_the_thing_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let good = database(&folder);
    let not_a_database = folder.path().join("text.db");
    std::fs::write(
        &not_a_database,
        "this is no database, and long enough to be looked at ".repeat(100),
    )
    .unwrap();
    let below_a_file = format!("sqlite:{}/test.db", not_a_database.display());
    let corrupt = format!("sqlite:{}", not_a_database.display());
    for (arguments, code, expected) in [
        (&["serve", "--database", "mysql://x"][..], 2, "sqlite:PATH"),
        (
            &["serve", "--listen", "nowhere", "--database", &good],
            2,
            "127.0.0.1",
        ),
        (
            &["serve", "--roles", "apy", "--database", &good],
            2,
            "did you mean",
        ),
        (&["serve", "--config", "/nowhere.toml"], 2, "/nowhere.toml"),
        (
            &["key", "create", "--role", "onwer", "--database", &good],
            2,
            "did you mean \"owner\"",
        ),
        (
            &["key", "create", "--role", "warehouse", "--database", &good],
            2,
            "throughline: --locations must name",
        ),
        (
            &[
                "key",
                "create",
                "--role",
                "owner",
                "--expires",
                "soon",
                "--database",
                &good,
            ],
            2,
            "--expires",
        ),
        (&["migrate", "--database", &below_a_file], 3, "text.db"),
        (&["migrate", "--database", &corrupt], 3, "text.db"),
        (
            &[
                "migrate",
                "--database",
                "postgres://nobody@127.0.0.1:1/none",
            ],
            3,
            "127.0.0.1:1",
        ),
        (&["nonsense"], 2, "nonsense"),
    ] {
        let output = run(arguments);
        let errors = errors(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        assert!(errors.contains(expected), "{arguments:?}: {errors}");
    }
}

#[test]
fn a_password_is_in_no_message() {
    let output = run(&[
        "migrate",
        "--database",
        "postgres://me:s3cret@127.0.0.1:1/none?password=s3cret",
    ]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!errors(&output).contains("s3cret"), "{}", errors(&output));
}

#[test]
fn an_unknown_variable_names_the_nearest_setting() {
    let output = program()
        .args(["migrate"])
        .env("THROUGHLINE_DATABSE", "sqlite:x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors(&output).contains("did you mean \"database\"?"),
        "{}",
        errors(&output)
    );
}

#[test]
fn the_data_folder_is_made_and_the_doctor_finds_everything_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("deep/below");
    let made = program()
        .args(["migrate"])
        .env("THROUGHLINE_DATA_DIR", &data)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", errors(&made));
    assert!(data.join("throughline.db").is_file());
    let examined = program()
        .args(["doctor"])
        .env("THROUGHLINE_DATA_DIR", &data)
        .output()
        .unwrap();
    let report = String::from_utf8(examined.stdout).unwrap();
    assert!(
        report.contains("THROUGHLINE_DATA_DIR") && report.contains("every invariant holds"),
        "{report}"
    );
}

#[test]
fn the_document_is_printed_without_a_database() {
    let output = run(&["openapi"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["info"]["title"], "Throughline");
}
