//! Rows of one reference, gathered wherever they stand in the file.

use std::collections::HashMap;

use jiff::Timestamp;

use super::rows::RawRow;
use super::values::Counted;

/// A row with what could be read of it.
#[derive(Debug)]
pub(crate) struct GroupRow {
    pub(crate) raw: RawRow,
    /// Quantity and amounts, or why they cannot be read.
    pub(crate) counted: Result<Counted, String>,
    pub(crate) at: Result<Timestamp, String>,
}

/// The rows of one reference, in the order of the file.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) reference: String,
    pub(crate) rows: Vec<GroupRow>,
}

impl Group {
    pub(crate) fn first_line(&self) -> u64 {
        self.rows.first().map_or(0, |row| row.raw.line)
    }

    fn last_line(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.raw.line)
    }
}

/// Gathers rows. A group is complete when the survey knows no later row of it; only groups that are not are held.
#[derive(Debug)]
pub(crate) struct Grouper {
    /// References whose rows do not stand together, each with its last line.
    scattered: HashMap<String, u64>,
    current: Option<Group>,
    held: HashMap<String, Group>,
}

impl Grouper {
    pub(crate) fn new(scattered: HashMap<String, u64>) -> Self {
        Self {
            scattered,
            current: None,
            held: HashMap::new(),
        }
    }

    /// Takes a row, and gives the group that is complete with the row before it, if one is.
    pub(crate) fn add(&mut self, reference: &str, row: GroupRow) -> Option<Group> {
        if let Some(current) = &mut self.current
            && current.reference == reference
        {
            current.rows.push(row);
            return None;
        }
        let complete = self
            .current
            .take()
            .and_then(|group| self.complete_or_hold(group));
        let mut group = self.held.remove(reference).unwrap_or_else(|| Group {
            reference: reference.to_owned(),
            rows: Vec::new(),
        });
        group.rows.push(row);
        self.current = Some(group);
        complete
    }

    fn complete_or_hold(&mut self, group: Group) -> Option<Group> {
        let last_line = self.scattered.get(&group.reference).copied().unwrap_or(0);
        if group.last_line() >= last_line {
            return Some(group);
        }
        self.held.insert(group.reference.clone(), group);
        None
    }

    /// The groups that are left at the end of the file.
    pub(crate) fn finish(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.held.into_values().chain(self.current).collect();
        groups.sort_by_key(Group::first_line);
        groups
    }
}
