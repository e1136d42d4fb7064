//! The observations of published sets, as the figures of a history.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use arrow::array::StringArray;
use chrono::NaiveDate;
use indexmap::IndexSet;

use crate::columns::OBSERVATIONS;
use crate::dataset::{CodeKind, Definition, Dimension};
use crate::grammar::period::Period;
use crate::grammar::status_flag::STATUSES;
use crate::history::History;
use crate::load::{FORMATS, FileRow, Format, PublishedSet};
use crate::problem::exit::Exit;
use crate::text::parse_date;
use crate::transform::comparisons::MISSING;
use crate::transform::figures::{BatchCode, ReleaseFigures};

/// What published sets say of each dataset. Sets of others may stand beside them.
pub fn read(sets: &[PathBuf], definitions: &[Definition]) -> Result<Vec<Option<History>>> {
    let mut histories: Vec<Option<History>> = definitions.iter().map(|_| None).collect();
    let mut others = Vec::new();
    for folder in sets {
        let set = PublishedSet::open(folder)?;
        let is_own = |definition: &Definition| definition.name() == set.package.name;
        let Some(at) = definitions.iter().position(is_own) else {
            others.push(format!("{} is of {}", folder.display(), set.package.name));
            continue;
        };
        let damaged = || format!("{}: its observations cannot be read", folder.display());
        let figures = read_set(&set, &definitions[at]).with_context(damaged)?;
        histories[at] = Some(History::of_figures(&definitions[at], &figures));
    }
    if histories.iter().any(Option::is_some) {
        return Ok(histories);
    }
    let message = format!("{}; `--dataset FILE` names the definition of what is compared", others.join(", "));
    Err(Exit::Problems.error(message))
}

fn read_set(set: &PublishedSet, definition: &Definition) -> Result<ReleaseFigures> {
    let file = |format: &&'static dyn Format| {
        let tables = set.tables(format.name()).ok()?;
        let (_, file) = tables.into_iter().find(|(table, _)| table.name == OBSERVATIONS)?;
        Some((*format, set.folder.join(file)))
    };
    let (format, path) = FORMATS.iter().find_map(file).context("there are none")?;
    let mut rows = Rows::begin(format, &path)?;
    let mut gathered = Gathered::new(definition);
    while rows.next()? {
        gathered.add(&rows)?;
    }
    Ok(gathered.finish())
}

/// The rows of a published file, one at a time.
struct Rows {
    columns: Vec<String>,
    left: Box<dyn Iterator<Item = Result<FileRow>>>,
    cells: Vec<Option<String>>,
}

impl Rows {
    fn begin(format: &dyn Format, path: &Path) -> Result<Rows> {
        let file = format.read(path)?;
        Ok(Rows { columns: file.columns, left: file.rows, cells: Vec::new() })
    }

    /// Goes to the next row, if there is one.
    fn next(&mut self) -> Result<bool> {
        let row = self.left.next().transpose()?;
        let is_there = row.is_some();
        self.cells = row.map(|row| row.cells).unwrap_or_default();
        Ok(is_there)
    }

    fn find(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at)?.as_deref()
    }

    fn get(&self, column: &str) -> Result<&str> {
        self.find(column).with_context(|| format!("a row has no {column}"))
    }
}

/// Figures that are gathered row by row, each name once.
struct Gathered<'d> {
    definition: &'d Definition,
    codes: Vec<IndexSet<String>>,
    periods: IndexSet<Period>,
    documents: IndexSet<(String, Option<NaiveDate>)>,
    positions: Vec<Option<String>>,
    figures: ReleaseFigures,
}

impl<'d> Gathered<'d> {
    fn new(definition: &'d Definition) -> Gathered<'d> {
        let dimensions = definition.dimensions.len();
        Gathered {
            definition,
            codes: vec![IndexSet::new(); dimensions],
            periods: IndexSet::new(),
            documents: IndexSet::new(),
            positions: Vec::new(),
            figures: ReleaseFigures { row_codes: vec![Vec::new(); dimensions], ..ReleaseFigures::default() },
        }
    }

    fn add(&mut self, row: &Rows) -> Result<()> {
        for (at, dimension) in self.definition.dimensions.iter().enumerate() {
            let (code, _) = self.codes[at].insert_full(row.get(dimension.name())?.to_owned());
            self.figures.row_codes[at].push(code as u32);
        }
        let period = row.get("period")?;
        let period = period.parse().ok().with_context(|| format!("{period} is no period"))?;
        let document = (row.get("source")?.to_owned(), parse_date(row.get("release_date")?));
        let measure = self.measure(row)?;
        let status = row.get("status")?;
        let status = STATUSES.iter().position(|known| *known == status).context("a status is known")?;
        let figures = &mut self.figures;
        figures.row_periods.push(self.periods.insert_full(period).0 as u32);
        figures.row_documents.push(self.documents.insert_full(document).0 as u32);
        let decimals = self.definition.measures[measure].decimals;
        figures.values.push(row.find("value").map(|value| parse_value(value, decimals)).transpose()?);
        figures.measures.push(measure as u32);
        figures.statuses.push(status as u32);
        self.positions.push(row.find("source_position").map(str::to_owned));
        Ok(())
    }

    fn measure(&self, row: &Rows) -> Result<usize> {
        let Some(code) = row.find("measure").filter(|_| self.definition.has_measures()) else { return Ok(0) };
        self.definition.measure_by_code(code).with_context(|| format!("the definition has no measure {code}"))
    }

    fn finish(self) -> ReleaseFigures {
        let rows = self.figures.values.len();
        let codes = self.codes.iter().zip(&self.definition.dimensions);
        let codes =
            codes.map(|(codes, dimension)| codes.iter().map(|code| describe(code, dimension)).collect());
        ReleaseFigures {
            codes: codes.collect(),
            periods: self.periods.iter().map(|period| (*period, period.to_string())).collect(),
            documents: self.documents.into_iter().collect(),
            totals: vec![None; rows],
            // A published comparison is not made anew.
            comparisons: vec![MISSING; rows],
            positions: Some(self.positions.into_iter().collect::<StringArray>()),
            ..self.figures
        }
    }
}

fn describe(code: &str, dimension: &Dimension) -> BatchCode {
    let info = dimension.code(code);
    BatchCode {
        code: code.to_owned(),
        name: info.as_ref().map_or(code, |info| info.name).to_owned(),
        kind: info.as_ref().map_or(CodeKind::Leaf, |info| info.kind),
    }
}

/// A published value in units of its measure's last decimal.
fn parse_value(text: &str, decimals: u32) -> Result<i64> {
    if decimals == 0 {
        return Ok(text.parse()?);
    }
    Ok((text.parse::<f64>()? * 10f64.powi(decimals as i32)).round() as i64)
}
