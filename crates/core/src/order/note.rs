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
