//! `bluebook regions`: what labels stand for, and which rule decided; for people, and for the middle of a pipe.

mod print;

use std::io::{self, BufRead, BufReader, Read, Write};

use anyhow::{Context, Result};

use crate::cli::{Manner, SourceFormat};
use crate::problem::exit::Exit;
use crate::regions::{self, ResolvedRegion, Resolver, ResolverOptions};
use crate::text::format_count;
use print::{RegionRows, RegionsFormat};

/// What `regions` takes.
#[derive(Debug, clap::Args)]
pub struct RegionsArguments {
    /// Labels as printed; by default from standard input, one a line
    #[arg(value_name = "LABEL", conflicts_with = "list")]
    labels: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = RegionsFormat::Table)]
    format: RegionsFormat,
    /// Print all regions
    #[arg(long)]
    list: bool,
    /// Resolve nationalities to their countries
    #[arg(long)]
    nationalities: bool,
    /// Use the names of a built-in dataset, or of a definition
    #[arg(long, value_name = "NAME|FILE", env = "BLUEBOOK_DATASET")]
    dataset: Option<String>,
}

/// Prints what each label stands for; the run ends with 1 where one is unknown.
pub fn regions(arguments: &RegionsArguments, manner: Manner) -> Result<Exit> {
    let usage = arguments.usage()?;
    let mut labels = Labels {
        resolver: Resolver::new(&usage),
        rows: RegionRows::begin(arguments.format)?,
        read: 0,
        unknown: 0,
    };
    if arguments.list {
        regions::all_regions().try_for_each(|region| labels.print(region.name, Some(region.into())))?;
    } else if arguments.labels.is_empty() {
        each_line(io::stdin().lock(), |label| labels.resolve(label))?;
    } else {
        arguments.labels.iter().try_for_each(|label| labels.resolve(label))?;
    }
    labels.finish(manner)
}

impl RegionsArguments {
    /// How labels are understood: as the definition says, if one is named.
    fn usage(&self) -> Result<ResolverOptions> {
        let mut usage = ResolverOptions::default();
        if self.dataset.is_some() {
            let source = SourceFormat { dataset: self.dataset.clone(), ..SourceFormat::default() };
            usage = source
                .definitions()?
                .first()
                .map(|named| named.region_usage().cloned().unwrap_or_default())
                .unwrap_or_default();
        }
        usage.nationalities |= self.nationalities;
        Ok(usage)
    }
}

/// Labels on their way from input to output.
struct Labels<'u> {
    resolver: Resolver<'u>,
    rows: RegionRows,
    read: usize,
    unknown: usize,
}

impl Labels<'_> {
    fn resolve(&mut self, label: &str) -> Result<()> {
        let resolved = self.resolver.resolve(label);
        self.unknown += usize::from(resolved.is_none());
        self.print(label, resolved)
    }

    fn print(&mut self, label: &str, resolved: Option<ResolvedRegion>) -> Result<()> {
        self.read += 1;
        Ok(self.rows.print(label, resolved.as_ref())?)
    }

    fn finish(self, manner: Manner) -> Result<Exit> {
        self.rows.finish()?;
        if self.unknown == 0 {
            return Ok(Exit::Done);
        }
        if !manner.quiet {
            let labels = format_count(self.read, "label");
            writeln!(anstream::stderr(), "{} of {labels} unknown", self.unknown)?;
        }
        Ok(Exit::Problems)
    }
}

/// A line that is longer than this, in bytes, is no list of labels.
const LONGEST_LINE: u64 = 1 << 24;

/// Hands over each line of a text, without its end.
fn each_line(input: impl Read, mut take: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut line = Vec::new();
    for number in 1usize.. {
        line.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
        if read.context("cannot read standard input")? == 0 {
            break;
        }
        let text = std::str::from_utf8(&line).ok().filter(|_| (line.len() as u64) < LONGEST_LINE);
        let text = text.ok_or_else(|| {
            let message =
                format!("line {number} of standard input is no label: UTF-8 was expected, less than 16 MiB");
            Exit::Unreadable.error(message)
        })?;
        take(text.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}'))?;
    }
    Ok(())
}
