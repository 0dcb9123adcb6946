//! Tells the story on standard input and shows what is stored after it.
//!
//! ```text
//! echo 'receive 5×A@W
//! place shop 2×A to DE' | cargo run -p throughline-stories --example tell
//! ```

use std::io::Read;

use throughline_stories::{Memory, Story, Subject, Tally, tell};

fn main() -> Result<(), String> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| error.to_string())?;
    let story: Story = text.parse()?;
    let mut memory = Memory::new(1);
    let told = tell(&story, &mut memory, &mut Tally::default());
    let snapshot = memory.snapshot();
    for order in snapshot.orders() {
        println!(
            "order {}: {:#?}\n{:#?}",
            order.number, order.placed.lines, order.progress
        );
    }
    println!("{:#?}", snapshot.levels);
    match told {
        Ok(told) => println!("{}", told.join("\n")),
        Err(broken) => println!("{broken}"),
    }
    Ok(())
}
