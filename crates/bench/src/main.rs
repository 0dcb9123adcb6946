//! Measures Throughline against what it could cost at least, and writes what came out as a table
//! of ratios, all from one run on one machine.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads clocks and makes up keys; nothing of the product depends on it"
)]

mod baseline;
mod contest;
mod history;
mod load;
mod process;
mod product;
mod progress;
mod report;
mod rows;
mod settings;
mod sourcing;
mod workload;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use mimalloc::MiMalloc;

use crate::product::Product;
use crate::report::document::{NOTES, PAGE, page, table};
use crate::report::machine::{Circumstances, root};
use crate::report::notes::Notes;
use crate::settings::{Arguments, Group, Settings};

// The hand-written baselines run in this process, and allocate as the product does.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let settings = Settings::new(&arguments)?;
    let folder = Folder::make(arguments.folder.clone())?;
    let circumstances = Circumstances::now(&folder.0)?;
    let notes = Notes::read(&root().join(NOTES))?;
    let alone = [Group::Baselines, Group::Sourcing, Group::History];
    let without_product = arguments.rows.iter().all(|group| alone.contains(group));
    let product = if without_product && !arguments.rows.is_empty() {
        None
    } else {
        Some(Product::find(arguments.binary.clone())?)
    };
    let findings = rows::measure(&settings, product.as_ref(), &folder.0)?;
    println!("{}", table(&findings.rows, &notes));
    for detail in &findings.details {
        println!("- {detail}");
    }
    let whole = arguments.rows.is_empty() && !arguments.quick;
    let output = arguments.output.or(whole.then(|| root().join(PAGE)));
    if let Some(path) = output {
        let text = page(&findings.rows, &notes, &findings.details, &circumstances);
        write(&path, &text)?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The folder of this run, removed at its end.
struct Folder(PathBuf);

impl Folder {
    /// Beside the build unless chosen: that is a real disk, and not the source.
    fn make(chosen: Option<PathBuf>) -> Result<Self> {
        let own = std::env::current_exe()?;
        let parent = match &chosen {
            Some(folder) => folder.as_path(),
            None => own.parent().context("a program without a folder")?,
        };
        let folder = parent.join(format!("bench-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(fs::canonicalize(folder)?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that cannot be removed says so by staying.
        let _ = fs::remove_dir_all(&self.0);
    }
}
