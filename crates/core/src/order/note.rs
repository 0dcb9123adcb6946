//! Notes, tags and priority.

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
