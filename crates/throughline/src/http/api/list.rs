//! A page of a list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use throughline_store::StoreError;
use utoipa::ToSchema;

use crate::http::problem::Problem;
use crate::http::query::Limit;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Whether there are more rows behind this page.
    pub has_more: bool,
    /// Where the next page begins; give it as `cursor`.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Everything there is, where a list is short by nature.
    #[must_use]
    pub fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            has_more: false,
            next_cursor: None,
        }
    }
}

impl<T> Page<T> {
    /// Shows a page as it was read.
    pub fn of<'a, R: 'a>(
        page: &'a throughline_store::views::Page<R>,
        show: impl Fn(&'a R) -> T,
    ) -> Self {
        Self {
            data: page.data.iter().map(show).collect(),
            has_more: page.has_more,
            next_cursor: page.next_cursor.clone(),
        }
    }
}

impl<T> Page<T> {
    /// A page of a list that is at hand; its cursor is a position.
    ///
    /// # Errors
    /// 400 for a cursor that this list has not given.
    pub fn cut<'a, R>(
        rows: &'a [R],
        cursor: Option<&str>,
        limit: Limit,
        show: impl Fn(&'a R) -> T,
    ) -> Result<Self, Problem> {
        let start = match cursor {
            Some(cursor) => position(cursor).ok_or(StoreError::InvalidCursor)?,
            None => 0,
        };
        let rest = rows.get(start..).unwrap_or_default();
        let data: Vec<T> = rest.iter().take(limit.rows()).map(show).collect();
        let has_more = data.len() < rest.len();
        let next_cursor =
            has_more.then(|| URL_SAFE_NO_PAD.encode((start + data.len()).to_string()));
        Ok(Self {
            data,
            has_more,
            next_cursor,
        })
    }
}

fn position(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_without_gaps() {
        let rows: Vec<u32> = (0..5).collect();
        let page = |cursor: Option<&str>| Page::cut(&rows, cursor, Limit(2), |row| *row).unwrap();
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let next = page(cursor.as_deref());
            seen.extend(next.data);
            cursor = next.next_cursor;
            assert_eq!(next.has_more, cursor.is_some());
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, rows);
    }

    #[test]
    fn a_cursor_that_was_not_given_is_refused() {
        for bad in ["x", "!", "LTE", ""] {
            assert_eq!(
                Page::cut(&[1], Some(bad), Limit(1), |row| *row)
                    .unwrap_err()
                    .status()
                    .as_u16(),
                400,
                "{bad}"
            );
        }
    }
}
