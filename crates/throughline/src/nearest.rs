//! The known name nearest to a mistyped one.

/// How alike two names have to be before one is offered for the other (Jaro–Winkler, 0 to 1).
const ALIKE: f64 = 0.7;

/// The known name that is most like `given`, if any is.
#[must_use]
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    let scored = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&given, name), name));
    scored
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// `; did you mean "…"?`, or nothing where no known name is near.
#[must_use]
pub(crate) fn hint<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known)
        .map(|name| format!("; did you mean {name:?}?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = ["listen", "database", "data_dir", "log"];
        assert_eq!(nearest("databse", known), Some("database"));
        assert_eq!(nearest("Listn", known), Some("listen"));
        assert_eq!(nearest("xyzzy", known), None);
    }
}
