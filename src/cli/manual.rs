//! `bluebook man`: the manual page, with the language of definitions, lock files, the limits, the output folder and the
//! rules. A page for `man` where it is piped, plain text on a terminal.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::Arguments;
use crate::problem::Rule;
use crate::problem::exit::Exit;

/// The chapter on definitions.
const DEFINITIONS: &str = include_str!("definitions.txt");

/// The chapter on the output folder.
const OUTPUT: &str = "\
A set of files is written beside the published one, flushed to the disk, and exchanged with it in one step.
A run that changes nothing writes nothing. One that is killed leaves the old set or the new one; what else it leaves
(folders named .bluebook-*) is removed by the next run.

One run at a time holds a folder: another ends with 75, or waits for it by `--wait SECONDS`. SIGINT and SIGTERM end a
run within two seconds, with 130 and 143, and leave nothing behind.

What stands beside the folders of datasets is kept. A dataset's folder must be a real directory without foreign files:
these, a symlink or a mount point are refused with 74. The output itself may be a symlink or a mount point.";
/// How the chapter on rules begins.
const RULES: &str = "\
A problem breaks one of these rules. The reports for programs (--report, --junit, --sarif) name it by its id. Where there is
an error, nothing is published.";
/// The chapter on lock files.
const LOCKS: &str = include_str!("locks.txt");

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
    writeln!(out, "\n{DEFINITIONS}\n{LOCKS}\n{}\n\n{OUTPUT}\n\n{RULES}\n\n{}", limits(), rules())?;
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
    chapter("DEFINITIONS", DEFINITIONS, out)?;
    chapter("LOCK FILES", LOCKS, out)?;
    chapter("LIMITS", &limits(), out)?;
    chapter("OUTPUT", OUTPUT, out)?;
    chapter("RULES", &format!("{RULES}\n\n{}", rules()), out)
}

/// A chapter as it is written: what is set in is bold.
fn chapter(title: &str, text: &str, out: &mut impl Write) -> Result<()> {
    let mut chapter = Roff::new();
    chapter.control("SH", [title]);
    for paragraph in text.split("\n\n") {
        chapter.control("PP", []);
        chapter.control("nf", []);
        for line in paragraph.lines() {
            chapter.text([if line.starts_with(' ') { bold(line) } else { roman(line) }]);
        }
        chapter.control("fi", []);
    }
    chapter.to_writer(out)?;
    Ok(())
}

/// The chapter on limits.
fn limits() -> String {
    format!(
        "How much a workbook may ask for, by default. `--limit NAME=VALUE` sets a limit, and may be given more than\n\
         once; BLUEBOOK_LIMITS sets them, separated by commas.\n\n{}",
        crate::input::limits::manual()
    )
}

/// All rules: the id and the severity of each, what is wrong, and what to do.
fn rules() -> String {
    let describe = |rule: &Rule| {
        let (id, severity) = (rule.id(), rule.severity().name());
        format!("    {id} ({severity})\n{}.\n{}", rule.summary(), rule.help())
    };
    Rule::ALL.iter().map(describe).collect::<Vec<_>>().join("\n\n")
}
