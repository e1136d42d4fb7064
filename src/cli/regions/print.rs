//! Rows of `bluebook regions`: a table for people, CSV or an object a line for programs.

use std::io::{self, BufWriter, Stdout, Write};

use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde::Serialize;

use crate::load::print_text;
use crate::problem::{did_you_mean, escape_json, sanitize};
use crate::regions::{self, ResolvedRegion};

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum RegionsFormat {
    /// A table
    Table,
    /// CSV
    Csv,
    /// One object a line
    Json,
}

/// The rows printed so far.
pub enum RegionRows {
    Table(Box<Table>),
    Csv(BufWriter<Stdout>),
    Json(BufWriter<Stdout>),
}

/// What is printed of a label.
#[derive(Serialize)]
struct RegionRow<'r> {
    label: &'r str,
    region: Option<&'static str>,
    alpha2: Option<&'static str>,
    m49: Option<&'static str>,
    region_name: Option<&'static str>,
    region_kind: Option<&'static str>,
    rule: Option<&'r str>,
}

const HEADER: [&str; 7] = ["label", "region", "alpha2", "m49", "region_name", "region_kind", "rule"];

impl RegionRows {
    /// Begins with a header, where there is one.
    pub fn begin(format: RegionsFormat) -> io::Result<RegionRows> {
        let mut output = BufWriter::with_capacity(1 << 16, io::stdout());
        Ok(match format {
            RegionsFormat::Table => {
                let mut table = Table::new();
                table.load_style(UTF8_BORDERS_ONLY);
                table.set_header(HEADER);
                RegionRows::Table(Box::new(table))
            }
            RegionsFormat::Csv => {
                writeln!(output, "{}", HEADER.join(","))?;
                RegionRows::Csv(output)
            }
            RegionsFormat::Json => RegionRows::Json(output),
        })
    }

    /// Adds the row of a label.
    pub fn print(&mut self, label: &str, resolved: Option<&ResolvedRegion>) -> io::Result<()> {
        let rule = resolved.map(ResolvedRegion::rule_name);
        let row = RegionRow::new(label, resolved, rule.as_deref());
        match self {
            RegionRows::Table(table) => {
                let mut cells = row.fields().map(|field| field.unwrap_or_default().to_owned());
                cells[0] = sanitize(label);
                if resolved.is_none() {
                    cells[6] = unknown(label);
                }
                table.add_row(cells);
                Ok(())
            }
            RegionRows::Csv(output) => csv(output, &row),
            RegionRows::Json(output) => {
                let json = serde_json::to_string(&row)?;
                output.write_all((escape_json(&json) + "\n").as_bytes())
            }
        }
    }

    /// Hands the last rows over.
    pub fn finish(self) -> io::Result<()> {
        match self {
            RegionRows::Table(table) => writeln!(io::stdout(), "{table}"),
            RegionRows::Csv(mut output) | RegionRows::Json(mut output) => output.flush(),
        }
    }
}

impl<'r> RegionRow<'r> {
    fn new(label: &'r str, resolved: Option<&ResolvedRegion>, rule: Option<&'r str>) -> RegionRow<'r> {
        let region = resolved.map(|known| known.region);
        RegionRow {
            label,
            region: region.map(|region| region.code),
            alpha2: region.and_then(|region| region.alpha2),
            m49: region.and_then(|region| region.m49),
            region_name: region.map(|region| region.name),
            region_kind: region.map(|region| region.kind.name()),
            rule,
        }
    }

    fn fields(&self) -> [Option<&str>; 7] {
        [Some(self.label), self.region, self.alpha2, self.m49, self.region_name, self.region_kind, self.rule]
    }
}

/// Fields parted by commas, as published files have them.
fn csv(output: &mut impl Write, row: &RegionRow<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    for field in row.fields() {
        print_text(field.unwrap_or_default(), &mut line);
        line.push(b',');
    }
    line.pop();
    line.push(b'\n');
    output.write_all(&line)
}

/// What a person is told of an unknown label.
fn unknown(label: &str) -> String {
    let names = || regions::all_regions().map(|region| region.name);
    let said = regions::explain_unknown(label).or_else(|| did_you_mean(label, names()));
    said.map_or("unknown".into(), |said| format!("unknown: {said}"))
}
