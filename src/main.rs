//! Arguments → command → exit code; nothing else.

use mimalloc::MiMalloc;

/// Documents fall into many small texts, and frames into columns: the system's allocator gives their memory back and asks for
/// it anew with every document.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() {
    std::process::exit(bluebook::cli::main().code());
}
