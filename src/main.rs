//! Arguments → command → exit code; nothing else.

fn main() {
    std::process::exit(bluebook::cli::main().code());
}
