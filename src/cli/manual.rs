//! `bluebook man`: the manual page, with the language of definitions. A page for `man` where it is piped, plain text
//! on a terminal.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Arguments;
use crate::exit::Exit;

/// The chapter on definitions.
const DEFINITIONS: &str = include_str!("definitions.txt");

/// Prints the manual.
pub fn print() -> Result<Exit> {
    let mut command = Arguments::command();
    command.build();
    let mut stdout = io::stdout().lock();
    if io::stdout().is_terminal() {
        plain(&mut command, &mut stdout)?;
    } else {
        page(&command, &mut stdout)?;
    }
    Ok(Exit::Done)
}

fn plain(command: &mut Command, out: &mut impl Write) -> Result<()> {
    writeln!(out, "{}", command.render_long_help())?;
    for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
        writeln!(out, "\n{}", sub.render_long_help())?;
    }
    writeln!(out, "\n{DEFINITIONS}")?;
    Ok(())
}

fn page(command: &Command, out: &mut impl Write) -> Result<()> {
    let man =
        Man::new(command.clone()).manual("bluebook").source(concat!("bluebook ", env!("CARGO_PKG_VERSION")));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let mut head = Roff::new();
        head.control("SH", [format!("bluebook {}", sub.get_name()).as_str()]);
        head.text([roman(sub.get_about().map(ToString::to_string).unwrap_or_default())]);
        head.to_writer(out)?;
        let section = Man::new(sub.clone());
        section.render_synopsis_section(out)?;
        section.render_options_section(out)?;
    }
    let mut definitions = Roff::new();
    definitions.control("SH", ["DEFINITIONS"]);
    for paragraph in DEFINITIONS.split("\n\n") {
        definitions.control("PP", []);
        definitions.control("nf", []);
        for line in paragraph.lines() {
            definitions.text([if line.starts_with(' ') { bold(line) } else { roman(line) }]);
        }
        definitions.control("fi", []);
    }
    definitions.to_writer(out)?;
    Ok(())
}
