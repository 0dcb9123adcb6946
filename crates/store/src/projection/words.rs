//! The words that things are found by.

use throughline_core::order::Order;
use throughline_core::party::Contact;

/// Bytes of a word that are kept.
const WORD_MAX: usize = 64;
/// Words of one text that are kept.
const WORDS_MAX: usize = 16;

/// The words of an order that name nobody: its number, references and tracking numbers.
pub(crate) fn of_order(order: &Order) -> Vec<String> {
    let placed = &order.placed;
    let mut found = vec![order.number.to_string()];
    for text in [&placed.external_ref, &placed.po_number]
        .into_iter()
        .flatten()
    {
        whole_and_parts(text, &mut found);
    }
    for fulfilment in &order.progress.fulfilments {
        let shipment = fulfilment
            .shipment
            .iter()
            .filter_map(|shipment| shipment.tracking_number.as_ref());
        let packages = fulfilment
            .packages
            .iter()
            .filter_map(|package| package.tracking_number.as_ref());
        shipment
            .chain(packages)
            .for_each(|number| found.push(clip(&number.to_lowercase())));
    }
    unique(found)
}

/// The words of a contact row: email address, names, postal code, town.
pub(crate) fn of_contact(contact: &Contact) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(person) = &contact.person {
        found.extend(person.email_key().map(|email| clip(&email)));
        split(person.name.as_deref().unwrap_or_default(), &mut found);
    }
    if let Some(address) = &contact.address {
        split(&address.name, &mut found);
        split(&address.city, &mut found);
        whole_and_parts(&address.postal_code, &mut found);
    }
    unique(found)
}

/// The words that somebody searches for.
pub(crate) fn of_query(query: &str) -> Vec<String> {
    let words = query
        .split_whitespace()
        .map(|word| clip(&word.to_lowercase()));
    unique(
        words
            .filter(|word| !word.is_empty())
            .take(WORDS_MAX)
            .collect(),
    )
}

fn split(text: &str, found: &mut Vec<String>) {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    found.extend(words.take(WORDS_MAX).map(|word| clip(&word.to_lowercase())));
}

fn whole_and_parts(text: &str, found: &mut Vec<String>) {
    let whole = clip(&text.trim().to_lowercase());
    if !whole.is_empty() {
        found.push(whole);
    }
    if text.contains(|c: char| !c.is_alphanumeric()) {
        split(text, found);
    }
}

/// At most so many bytes, at the end of a character.
fn clip(word: &str) -> String {
    let end = (0..=word.len().min(WORD_MAX))
        .rev()
        .find(|end| word.is_char_boundary(*end))
        .unwrap_or_default();
    word[..end].to_owned()
}

fn unique(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use throughline_core::party::{Address, Person};

    use super::*;

    #[test]
    fn a_contact_is_found_by_email_name_town_and_postal_code() {
        let person = Person {
            email: Some(" Ana@Example.com ".to_owned()),
            name: Some("Ana de-la Cruz".to_owned()),
            phone: None,
        };
        let address = Address {
            city: "São Paulo".to_owned(),
            postal_code: "SW1A 1AA".to_owned(),
            ..Address::default()
        };
        let contact = Contact {
            person: Some(person),
            address: Some(address),
            text: Some("call me".to_owned()),
        };
        let words = of_contact(&contact);
        for word in [
            "ana@example.com",
            "ana",
            "cruz",
            "la",
            "são",
            "paulo",
            "sw1a 1aa",
            "sw1a",
            "1aa",
        ] {
            assert!(
                words.iter().any(|known| known == word),
                "{word} in {words:?}"
            );
        }
        assert!(!words.iter().any(|word| word == "call"));
    }

    #[test]
    fn long_words_end_at_a_character() {
        assert_eq!(clip(&"ä".repeat(50)).len(), 64);
        assert_eq!(clip(&format!("a{}", "ä".repeat(50))).len(), 63);
    }
}
