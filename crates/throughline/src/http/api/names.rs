//! The name of an item, location, channel or other setting: in the path, in the body, or in both.

use throughline_core::Refusal;

/// The name to write: the path's, or the body's where the path has none.
///
/// # Errors
/// Refuses a missing name, and a body that names another one than the path.
pub fn name(field: &str, path: Option<String>, body: Option<String>) -> Result<String, Refusal> {
    match (path, body) {
        (Some(path), Some(body)) if path != body => Err(Refusal::invalid(
            format!("/{field}"),
            format!("must be the one of the path, {path:?}, or absent"),
        )),
        (Some(name), _) | (None, Some(name)) => Ok(name),
        (None, None) => Err(Refusal::invalid(format!("/{field}"), "must be given")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_and_the_body_may_not_disagree() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(name("sku", text("A"), None), Ok("A".to_owned()));
        assert_eq!(name("sku", None, text("A")), Ok("A".to_owned()));
        assert_eq!(name("sku", text("A"), text("A")), Ok("A".to_owned()));
        assert_eq!(
            name("sku", text("A"), text("B")).unwrap_err().field(),
            Some("/sku")
        );
        assert_eq!(name("sku", None, None).unwrap_err().field(), Some("/sku"));
    }
}
