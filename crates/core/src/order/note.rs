//! Notes, tags and priority.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::{Order, Record, checks};
use crate::decide::{Attempt, Stop};
use crate::decision::{Answer, Resource};
use crate::id::{ContactNo, OrderId};
use crate::party::Contact;
use crate::refusal::Refusal;
use crate::text;

/// The priorities an order may have; smaller numbers come first, 100 is usual.
pub const PRIORITIES: RangeInclusive<i32> = 0..=1_000;
/// Longest tag, in bytes.
const TAG_MAX: usize = 64;

/// Writes a note; the text goes to a contact row.
#[derive(Debug, Clone)]
pub struct AddNote {
    /// The text.
    pub text: String,
}

/// Adds and removes labels.
#[derive(Debug, Clone)]
pub struct ChangeTags {
    /// Labels to add.
    pub add: Vec<String>,
    /// Labels to remove.
    pub remove: Vec<String>,
}

/// Sets the order's priority. Its waiting lines move in the queue.
#[derive(Debug, Clone)]
pub struct SetPriority {
    /// 0 to 1,000; smaller numbers come first; 100 is usual.
    pub priority: i32,
}

/// Writes a note. Its text may hold personal values, so it goes to a contact row that the journal names.
///
/// # Errors
/// Refuses an empty or overlong text.
pub fn add_note(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &AddNote,
) -> Result<Answer, Stop> {
    text::required("/text", &command.text, text::NOTE_MAX)?;
    let note = ContactNo(checks::next_children(attempt.order(order)?, 1)?);
    attempt.record(order, Record::NoteAdded { note })?;
    attempt.put_contact(
        note.of(order),
        Contact {
            text: Some(command.text.clone()),
            ..Contact::default()
        },
    );
    Ok(Answer::ok(Resource::Order(order)))
}

/// Adds and removes labels. Labels that are there already, or not there, are no mistake.
///
/// # Errors
/// Refuses empty and overlong labels, one that is both added and removed, and too many of them.
pub fn change_tags(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &ChangeTags,
) -> Result<Answer, Stop> {
    if let Some(tags) = check_tags(attempt.order(order)?, command)? {
        attempt.record(order, Record::TagsChanged { tags })?;
    }
    Ok(Answer::ok(Resource::Order(order)))
}

/// The labels after the change; `None` where nothing changes.
fn check_tags(order: &Order, command: &ChangeTags) -> Result<Option<Vec<String>>, Refusal> {
    let (add, remove) = (
        clean("/add", &command.add)?,
        clean("/remove", &command.remove)?,
    );
    if let Some(both) = add.intersection(&remove).next() {
        return Err(Refusal::invalid(
            "/remove",
            format!("holds {both:?}, which is also added; choose one"),
        ));
    }
    let before: BTreeSet<String> = order.progress.tags.iter().cloned().collect();
    let mut after = before.clone();
    after.extend(add);
    after.retain(|tag| !remove.contains(tag));
    refuse_too_many(&after)?;
    Ok((after != before).then(|| after.into_iter().collect()))
}

/// The labels of a new order as they are stored: without the space around them, each once, sorted.
///
/// # Errors
/// Refuses empty and overlong labels, and too many of them.
pub fn clean_tags(tags: &[String]) -> Result<Vec<String>, Refusal> {
    let tags = clean("/tags", tags)?;
    refuse_too_many(&tags)?;
    Ok(tags.into_iter().collect())
}

fn clean(field: &str, tags: &[String]) -> Result<BTreeSet<String>, Refusal> {
    let clean_one = |(position, tag): (usize, &String)| {
        let tag = tag.trim();
        text::required(format!("{field}/{position}"), tag, TAG_MAX)?;
        Ok(tag.to_owned())
    };
    tags.iter().enumerate().map(clean_one).collect()
}

fn refuse_too_many(tags: &BTreeSet<String>) -> Result<(), Refusal> {
    if tags.len() > text::TAGS_MAX {
        return Err(Refusal::TooMany {
            what: "tags",
            limit: text::TAGS_MAX as u64,
        });
    }
    Ok(())
}

/// Sets the priority.
///
/// # Errors
/// Refuses a priority outside [`PRIORITIES`].
pub fn set_priority(
    attempt: &mut Attempt<'_>,
    order: OrderId,
    command: &SetPriority,
) -> Result<Answer, Stop> {
    let priority = checked_priority(command.priority)?;
    if attempt.order(order)?.progress.priority != priority {
        attempt.record(order, Record::PriorityChanged { priority })?;
    }
    Ok(Answer::ok(Resource::Order(order)))
}

/// A priority that an order may have.
///
/// # Errors
/// Refuses a priority outside [`PRIORITIES`].
pub fn checked_priority(priority: i32) -> Result<i32, Refusal> {
    if PRIORITIES.contains(&priority) {
        return Ok(priority);
    }
    let problem = format!(
        "must lie between {} and {}",
        PRIORITIES.start(),
        PRIORITIES.end()
    );
    Err(Refusal::invalid("/priority", problem))
}

#[cfg(test)]
mod tests {
    use super::clean_tags;
    use crate::fixture::story;
    use crate::refusal::Refusal;

    #[test]
    fn notes_go_to_contact_rows() {
        story(
            "
                location L1
                order A=1              > order open; A 1 backordered
                note please ring twice > 1 notes
                journal                > note_added
                note                   > invalid_field: /text must not be empty
            ",
        );
    }

    #[test]
    fn labels_are_added_and_removed() {
        story(
            r#"
                location L1
                order A=1                                    > order open; A 1 backordered
                tag +vip +gift +vip                          > tags gift,vip
                tag +gift                                    > nothing changes
                tag -gone                                    > nothing changes
                tag -vip +b2b                                > tags b2b,gift
                tag +a -a                                    > invalid_field: /remove holds "a", which is also added; choose one
                tag +                                        > invalid_field: /add/0 must not be empty
                tag -                                        > invalid_field: /remove/0 must not be empty
                tag +XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX > invalid_field: /add/0 is 65 bytes long; at most 64 are allowed
            "#,
        );
    }

    #[test]
    fn a_priority_lies_between_0_and_1000() {
        story(
            "
                location L1
                order A=1     > order open; A 1 backordered
                priority 0    > priority 0
                priority 0    > nothing changes
                priority 1000 > priority 1000
                priority 1001 > invalid_field: /priority must lie between 0 and 1000
                priority -1   > invalid_field: /priority must lie between 0 and 1000
            ",
        );
    }

    #[test]
    fn drafts_and_cancelled_orders_can_be_written_on() {
        story(
            "
                location L1
                draft A=1      > order draft; A 1 open
                note call back > 1 notes
                tag +quote     > tags quote
                priority 5     > priority 5
                cancel         > order cancelled; A 1 cancelled
                note called    > 2 notes
            ",
        );
    }

    #[test]
    fn a_note_has_at_most_10000_bytes() {
        story(
            "
                order A=1 > order open; A 1 backordered
                note LONG > invalid_field: /text is 10001 bytes long; at most 10000 are allowed
            ",
        );
    }

    #[test]
    fn an_order_has_at_most_100_tags() {
        let tags = |count: usize| {
            (0..count)
                .map(|number| format!(" tag {number} "))
                .collect::<Vec<_>>()
        };
        assert_eq!(clean_tags(&tags(100)).map(|tags| tags.len()), Ok(100));
        assert_eq!(
            clean_tags(&tags(101)),
            Err(Refusal::TooMany {
                what: "tags",
                limit: 100
            })
        );
        assert_eq!(
            clean_tags(&[" b ".to_owned(), "a".to_owned(), "b".to_owned()]),
            Ok(vec!["a".to_owned(), "b".to_owned()])
        );
    }

    #[test]
    fn tags_beyond_the_limit_are_not_added() {
        let hundred: Vec<String> = (0..100).map(|number| format!("+{number:02}")).collect();
        let all = hundred.join(" ");
        let stored = all.replace(" +", ",").replace('+', "");
        story(&format!(
            "
                order A=1 > order open; A 1 backordered
                tag {all} > tags {stored}
                tag +more > limit_reached: too many tags: at most 100 are allowed
                tag +00   > nothing changes
            "
        ));
    }
}
