//! Limits of texts, in one place, and the checks that hold them.

use crate::refusal::Refusal;

/// Longest SKU, in bytes. SKUs compare byte by byte.
pub const SKU_MAX: usize = 100;
/// Longest code of a location or channel, in bytes.
pub const CODE_MAX: usize = 64;
/// Longest external reference, purchase order number or reference of a stock movement, in bytes.
pub const REFERENCE_MAX: usize = 255;
/// Longest title, name or address line, in bytes.
pub const NAME_MAX: usize = 255;
/// Longest note, in bytes.
pub const NOTE_MAX: usize = 10_000;
/// Longest reason, in bytes.
pub const REASON_MAX: usize = 500;
/// Most tags on an order.
pub const TAGS_MAX: usize = 100;
/// Largest metadata of an order or line, in bytes of JSON.
pub const METADATA_MAX: usize = 16_384;

/// Checks a name that something is found by, such as a SKU, a code or a reference: one line of text.
///
/// # Errors
/// [`Refusal::Invalid`] that names `field`.
pub fn name(field: impl Into<String>, text: &str, max: usize) -> Result<(), Refusal> {
    if text.contains(['\n', '\r', '\t']) {
        let problem = "holds a line break or a tab; it must be one line";
        return Err(Refusal::invalid(field, problem));
    }
    required(field, text, max)
}

/// Checks a required text: not blank, not longer than `max` bytes, no control characters but line breaks and tabs.
///
/// # Errors
/// [`Refusal::Invalid`] that names `field`.
pub fn required(field: impl Into<String>, text: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::invalid(field, "must not be empty"));
    }
    optional(field, Some(text), max)
}

/// Checks an optional text: not longer than `max` bytes, no control characters but line breaks and tabs.
///
/// # Errors
/// [`Refusal::Invalid`] that names `field`.
pub fn optional(field: impl Into<String>, text: Option<&str>, max: usize) -> Result<(), Refusal> {
    let Some(text) = text else { return Ok(()) };
    if text.len() > max {
        return Err(Refusal::invalid(
            field,
            format!("is {} bytes long; at most {max} are allowed", text.len()),
        ));
    }
    if !text.chars().all(is_allowed) {
        return Err(Refusal::invalid(field, "holds a control character"));
    }
    Ok(())
}

/// A text as it can be kept, whatever [`optional`] says of it: control characters become spaces, and what is beyond
/// `max` bytes is left out.
#[must_use]
pub fn storable(text: &str, max: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(max));
    for c in text.chars() {
        let c = if is_allowed(c) { c } else { ' ' };
        if kept.len() + c.len_utf8() > max {
            break;
        }
        kept.push(c);
    }
    kept
}

fn is_allowed(c: char) -> bool {
    !c.is_control() || matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_a_text_may_have_several() {
        assert!(name("/sku", "A b/ü", SKU_MAX).is_ok());
        for text in ["a\nb", "a\tb", "a\r"] {
            assert!(required("/note", text, NOTE_MAX).is_ok(), "{text:?}");
            let refusal = name("/sku", text, SKU_MAX).unwrap_err();
            assert_eq!(refusal.field(), Some("/sku"), "{text:?}");
        }
        for text in ["", " \t", "a\0", "a\u{85}", "toolong"] {
            assert!(name("/sku", text, 6).is_err(), "{text:?}");
        }
    }
}
