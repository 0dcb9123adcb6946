//! Reads a sheet of orders with a mapping and prints its reconciliation:
//! `cargo run --release -p throughline-formats --example reconcile -- orders.csv mapping.toml [rejects.csv]`

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

use throughline_formats::sheet::{Document, Mapping, RejectWriter, Sheet};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(mapping)) = (arguments.next(), arguments.next()) else {
        return Err("name a file of orders and a mapping".into());
    };
    let mapping = Mapping::parse(&std::fs::read_to_string(mapping)?)?;
    let mut sheet = Sheet::open(File::open(file)?, &mapping)?;
    let columns = sheet.columns().to_vec();
    let mut rejects = match arguments.next() {
        Some(path) => Some(RejectWriter::new(
            BufWriter::new(File::create(path)?),
            &mapping,
            &columns,
        )?),
        None => None,
    };
    let reconciliation = sheet.read(|document| match (&document, &mut rejects) {
        (Document::Reject(reject), Some(rejects)) => rejects.write(reject),
        _ => Ok(()),
    })?;
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    print!("{reconciliation}");
    reconciliation.check()?;
    Ok(())
}
