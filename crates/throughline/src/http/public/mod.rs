//! Pages for customers, who need no key: a link with a secret leads to one of them, and shows nothing else.

pub mod choice;
mod page;
pub mod score;
pub mod token;
