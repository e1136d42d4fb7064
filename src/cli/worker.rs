//! `bluebook worker`: documents in, frames out, in a process that a hostile document can only end.

use std::io::{self, BufReader, BufWriter, Write};

use anyhow::Result;

use crate::problem::exit::Exit;
use crate::worker;

/// What `worker` takes.
#[derive(Debug, clap::Args)]
pub struct WorkerArguments {
    /// Read documents in this very process, each a stream of its own, and end with the program that called it
    #[arg(long)]
    with_caller: bool,
}

/// Serves standard input.
pub fn serve(arguments: &WorkerArguments) -> Result<Exit> {
    let (input, output) = (BufReader::new(io::stdin().lock()), BufWriter::new(io::stdout().lock()));
    if !arguments.with_caller {
        worker::supervise(input, output)?;
        return Ok(Exit::Done);
    }
    worker::count_memory()?;
    say_faults();
    worker::end_with_caller();
    worker::serve(input, output)?;
    Ok(Exit::Done)
}

/// A panic is a fault of whatever reads the document: one line says which, and the process ends.
fn say_faults() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let words = payload.downcast_ref::<&str>().copied();
        let words =
            words.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("it stopped");
        let _ = writeln!(io::stderr(), "{}", words.lines().next().unwrap_or_default());
        std::process::exit(Exit::Unreadable.code());
    }));
}
