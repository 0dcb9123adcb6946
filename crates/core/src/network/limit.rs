//! The number of a member of the network where fewer are allowed than numbers can count.

use crate::refusal::Refusal;

/// The number of a member: its position, given once.
///
/// # Errors
/// Refuses more than `limit` of a kind.
pub(crate) fn number_up_to(
    limit: usize,
    what: &'static str,
    known: Option<usize>,
    count: usize,
) -> Result<u16, Refusal> {
    match u16::try_from(known.unwrap_or(count)) {
        Ok(number) if usize::from(number) < limit => Ok(number),
        _ => Err(Refusal::TooMany {
            what,
            limit: u64::try_from(limit).unwrap_or(u64::MAX),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_numbered_up_to_their_limit() {
        let number = |known, count| number_up_to(3, "services", known, count);
        assert_eq!((number(None, 0), number(None, 2)), (Ok(0), Ok(2)));
        assert_eq!(number(Some(1), 3), Ok(1));
        let full = Refusal::TooMany {
            what: "services",
            limit: 3,
        };
        assert_eq!(number(None, 3), Err(full));
        assert!(number_up_to(100_000, "services", None, 65_536).is_err());
    }
}
