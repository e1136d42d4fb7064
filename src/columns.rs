//! Every published column, declared once: its name, type, whether it can be null, its unit and its meaning. The Arrow
//! schemas, the metadata, the data package, the data dictionary and the SQL all come from here.

use crate::dataset::{Definition, Dimension, Printed};

/// The version of the published tables: it grows when a column changes its name, type or meaning, or goes.
pub const COLUMNS_VERSION: u32 = 1;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    Text,
    /// UTF-8 text of few distinct values, which is kept once for each.
    Code,
    /// A signed integer of 32 bits.
    Int32,
    /// A signed integer of 64 bits.
    Int64,
    /// A figure: an integer of 64 bits, or a double where the measure has decimals.
    Figure,
    /// A double.
    Double,
    /// A day.
    Date,
    /// True or false.
    Boolean,
}

impl Type {
    /// What the data dictionary and the data package call it; a figure is named by what it is in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Type::Text | Type::Code => "utf8",
            Type::Int32 => "int32",
            Type::Int64 | Type::Figure => "int64",
            Type::Double => "double",
            Type::Date => "date",
            Type::Boolean => "boolean",
        }
    }

    /// The type that is called so.
    #[must_use]
    pub fn find(name: &str) -> Option<Type> {
        let types = [Type::Text, Type::Int32, Type::Int64, Type::Double, Type::Date, Type::Boolean];
        types.into_iter().find(|kind| kind.name() == name)
    }
}

/// A column of a published table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name, in published files and in the frame that they are made from.
    pub name: String,
    /// Its type.
    pub kind: Type,
    /// Whether it can be null.
    pub nullable: bool,
    /// The unit of its values, where they have one.
    pub unit: Option<String>,
    /// What it means.
    pub meaning: String,
}

/// A published table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, which its files carry.
    pub name: String,
    /// What its rows are.
    pub meaning: String,
    /// The columns, in order, that identify a row.
    pub key: Vec<String>,
    /// Whether rows are sorted by the key; codes stand in the definition's order.
    pub is_sorted: bool,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Column {
    /// Its type in files: a figure is an integer, or a double where measures have decimals.
    #[must_use]
    pub fn physical_type(&self, definition: &Definition) -> Type {
        match (self.kind, definition.decimals()) {
            (Type::Figure, 0) => Type::Int64,
            (Type::Figure, _) => Type::Double,
            (kind, _) => kind,
        }
    }
}

/// For which columns of a definition a declaration stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// One column.
    One,
    /// A column for each dimension.
    Dimension,
    /// A column for each dimension that is printed in cells.
    CellDimension,
    /// A column for each dimension that is not added up across.
    BoundedDimension,
    /// One for the dimension of shares.
    Share,
    /// One where a dataset has several measures.
    Measures,
    /// A column for each dimension that tells tables apart; where these do not, none.
    TableDimension,
    /// One where no dimensions tell tables apart.
    TableName,
}

struct Declared(For, &'static str, Type, bool, &'static str, &'static str);

const NULL: bool = true;
const FULL: bool = false;

struct DeclaredTable {
    name: &'static str,
    meaning: &'static str,
    key: &'static [&'static str],
    is_sorted: bool,
    columns: &'static [Declared],
}

const CODE: &str = "Code of the {meaning}{codes}";

/// The table of the figures.
pub const OBSERVATIONS: &str = "observations";
/// The table of what stood, and that of the releases.
pub const HISTORY: &str = "history";
/// See [`HISTORY`].
pub const RELEASES: &str = "releases";

/// The published tables. `{d}`, `{meaning}`, `{codes}`, `{measure}`, `{unit}`, `{others}` and `{summed}` stand for what a definition says.
#[rustfmt::skip]
const TABLES: [DeclaredTable; 8] = [
    DeclaredTable { name: OBSERVATIONS, meaning: "The figures, one a row: a code of each dimension, a period.",
        key: &["release_date", "{d}", "measure", "period"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::One, "release_date", Type::Date, FULL, "", "Date of the release, which tells publications of the dataset apart"),
        Declared(For::Dimension, "{d}", Type::Code, FULL, "", CODE),
        Declared(For::Dimension, "{d}_name", Type::Code, FULL, "", "Name of the {meaning}"),
        Declared(For::CellDimension, "{d}_label", Type::Code, NULL, "", "The {meaning} as printed; null where the document prints none"),
        Declared(For::CellDimension, "{d}_kind", Type::Code, FULL, "", "{kinds}"),
        Declared(For::Measures, "measure", Type::Code, FULL, "", "Code of the measure"),
        Declared(For::Measures, "unit", Type::Code, FULL, "", "Unit of the measure"),
        Declared(For::One, "period", Type::Code, FULL, "", "SDMX time period: 2023, 2026-01-01/P2M, 2024-Q3, 2024-07; a day where the figure is for a point in time"),
        Declared(For::One, "period_label", Type::Code, FULL, "", "The period as printed, white space folded"),
        Declared(For::One, "period_start", Type::Date, FULL, "", "First day of the period"),
        Declared(For::One, "period_end", Type::Date, FULL, "", "Last day of the period, inclusive"),
        Declared(For::One, "period_months", Type::Int32, FULL, "months", "Whole months the period covers; 0 for a point in time"),
        Declared(For::One, "is_partial", Type::Boolean, FULL, "", "Whether the period is shorter than the dataset's regular one"),
        Declared(For::One, "value", Type::Figure, NULL, "{unit}", "The figure: {measure}"),
        Declared(For::One, "value_label", Type::Text, NULL, "", "The figure as printed; null where derived"),
        Declared(For::One, "status", Type::Code, FULL, "", "SDMX observation status: A normal, W includes data of another category (the residual), O missing, M cannot exist, L not collected, Q suppressed, N not significant, E estimated, P provisional …"),
        Declared(For::One, "basis", Type::Code, FULL, "", "published; nil (a nil symbol read as zero); derived (a total the document does not print); corrected (by the definition; `value_label` is as printed)"),
        Declared(For::One, "share", Type::Double, NULL, "fraction", "value / total of the same {others} and period; null where the total is 0 or missing, or the measure not additive"),
        Declared(For::One, "monthly_average", Type::Double, NULL, "{unit} per month", "value / period_months; null for a point in time, or a measure that is not additive"),
        Declared(For::One, "previous_period", Type::Code, NULL, "", "The period it is compared with: the same length, one year earlier; the same date for a point in time"),
        Declared(For::One, "previous_release", Type::Date, NULL, "", "The release that the previous figure is taken from: its own, else the newest earlier one that prints the table; null where there is none"),
        Declared(For::One, "comparison", Type::Code, FULL, "", "Whether it is compared: like; break (a declared break lies between; the changes are computed all the same); no_period (no release so far prints the same months a year earlier); not_listed (that table does not list the code); residual_changed (it lists other codes, so that the residual holds others); missing (either figure is missing)"),
        Declared(For::One, "change_absolute", Type::Figure, NULL, "{unit}", "value - previous value"),
        Declared(For::One, "change_relative", Type::Double, NULL, "fraction", "change_absolute / previous value; null where that is 0"),
        Declared(For::One, "share_change", Type::Double, NULL, "fraction", "share - previous share"),
        Declared(For::One, "contribution", Type::Double, NULL, "fraction", "change_absolute / previous total; the contributions of the parts add up to the total's change_relative"),
        Declared(For::Share, "{d}_rank", Type::Int32, NULL, "", "Rank by value among the {leaves} of the same {others} and period, 1 the largest; ties share the lower number"),
        Declared(For::One, "source", Type::Code, FULL, "", "Name of the file that prints the figure"),
        Declared(For::One, "source_position", Type::Text, NULL, "", "Where it is printed: line:column in text, Sheet!C7 in a workbook; null where derived"),
    ] },
    DeclaredTable { name: "checks", meaning: "What the document prints that follows from its figures, each held against them: totals of what they total, changes and percentages.",
        key: &["release_date", "table", "check", "along", "measure", "period", "{d}"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::One, "release_date", Type::Date, FULL, "", "Date of the release"),
        Declared(For::One, "table", Type::Code, FULL, "", "Name of the table in the definition"),
        Declared(For::Dimension, "{d}", Type::Code, FULL, "", "Code of the {meaning} it is for"),
        Declared(For::One, "check", Type::Code, FULL, "", "What was checked: total; subtotal (what a group holds); tables (the same figure of several tables); beside the figures of a row change, relative change, growth (against a year before), share, periods (their total)"),
        Declared(For::One, "along", Type::Code, FULL, "", "The dimension along which a sum goes; period for changes and totals of periods"),
        Declared(For::Measures, "measure", Type::Code, FULL, "", "Code of the measure"),
        Declared(For::One, "period", Type::Code, FULL, "", "SDMX time period; the last one where several are concerned"),
        Declared(For::One, "published", Type::Figure, FULL, "", "What is published, in the unit of the row"),
        Declared(For::One, "computed", Type::Figure, FULL, "", "What the figures make: for a total the sum of what it totals"),
        Declared(For::One, "difference", Type::Figure, FULL, "", "published - computed"),
        Declared(For::One, "tolerance", Type::Figure, FULL, "", "How large the difference may be"),
        Declared(For::One, "passed", Type::Boolean, FULL, "", "Whether the difference lies within the tolerance"),
        Declared(For::One, "cells", Type::Int32, FULL, "", "How many figures it was computed from"),
        Declared(For::One, "unit", Type::Code, FULL, "", "Unit of published, computed, difference and tolerance: that of the measure, or of the last printed decimal of a percentage (percent, 0.1 percent)"),
        Declared(For::One, "source", Type::Code, FULL, "", "Name of the file that prints what was checked"),
        Declared(For::One, "source_position", Type::Text, FULL, "", "Where it is printed"),
    ] },
    DeclaredTable { name: "bounds", meaning: "Bounds of a figure over all {summed} that the release prints for the period: what their tables list, and what their residuals may hold beside it.",
        key: &["release_date", "{d}", "measure", "period"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::One, "release_date", Type::Date, FULL, "", "Date of the release"),
        Declared(For::BoundedDimension, "{d}", Type::Code, FULL, "", CODE),
        Declared(For::BoundedDimension, "{d}_name", Type::Code, FULL, "", "Name of the {meaning}"),
        Declared(For::Measures, "measure", Type::Code, FULL, "", "Code of the measure"),
        Declared(For::Measures, "unit", Type::Code, FULL, "", "Unit of the measure"),
        Declared(For::One, "period", Type::Code, FULL, "", "SDMX time period"),
        Declared(For::One, "period_start", Type::Date, FULL, "", "First day of the period"),
        Declared(For::One, "period_end", Type::Date, FULL, "", "Last day of the period, inclusive"),
        Declared(For::One, "lower", Type::Figure, FULL, "{unit}", "At least so many: the sum of the figures that list the code"),
        Declared(For::One, "upper", Type::Figure, NULL, "{unit}", "At most so many: lower, and all residuals that may hold the code; null where a figure is missing that nothing bounds. Upper bounds must not be added up: they share residuals"),
        Declared(For::One, "exact", Type::Boolean, FULL, "", "Whether upper = lower"),
        Declared(For::One, "categories", Type::Int32, FULL, "", "How many {summed} print the period: listed + folded + closed + missing"),
        Declared(For::One, "listed", Type::Int32, FULL, "", "How many list the code"),
        Declared(For::One, "folded", Type::Int32, FULL, "", "How many have a residual that may hold it"),
        Declared(For::One, "closed", Type::Int32, FULL, "", "How many cannot hold it: they exclude it, are for another code only, or print all they have"),
        Declared(For::One, "missing", Type::Int32, FULL, "", "How many print no figure for it: suppressed, not available"),
        Declared(For::One, "share_lower", Type::Double, NULL, "fraction", "lower / total of all {summed}; null where that is 0 or missing"),
        Declared(For::One, "share_upper", Type::Double, NULL, "fraction", "upper / total of all {summed}; null where either is missing or that is 0"),
    ] },
    DeclaredTable { name: "notes", meaning: "The notes the document prints, a row for each table they hold for.",
        key: &["release_date", "note", "{table}"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::One, "release_date", Type::Date, FULL, "", "Date of the release"),
        Declared(For::One, "note", Type::Int32, FULL, "", "Number of the note, in printed order"),
        Declared(For::TableDimension, "{d}", Type::Code, FULL, "", "Code of the {meaning} it holds for"),
        Declared(For::TableName, "table", Type::Code, FULL, "", "Name of the table it holds for"),
        Declared(For::One, "printed_with", Type::Code, FULL, "", "Name of the table below which it stands"),
        Declared(For::One, "text", Type::Text, FULL, "", "What it says"),
        Declared(For::One, "source", Type::Code, FULL, "", "Name of the file that prints it"),
        Declared(For::One, "source_position", Type::Text, FULL, "", "Where it begins"),
        Declared(For::One, "mark", Type::Text, NULL, "", "The footnote marker it begins with, by name: 1 for (1), ¹ or Note 1; null where it has none"),
        Declared(For::One, "marked_at", Type::Text, NULL, "", "The labels, headings and figures of the table that carry the marker, separated by blanks"),
    ] },
    DeclaredTable { name: HISTORY, meaning: "What stood for each figure, from when to when: a row for each time that changed. Published from the second release on.",
        key: &["{d}", "measure", "period", "realtime_start"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::Dimension, "{d}", Type::Code, FULL, "", CODE),
        Declared(For::Dimension, "{d}_name", Type::Code, FULL, "", "Name of the {meaning}"),
        Declared(For::CellDimension, "{d}_kind", Type::Code, FULL, "", "{kinds}"),
        Declared(For::Measures, "measure", Type::Code, FULL, "", "Code of the measure"),
        Declared(For::Measures, "unit", Type::Code, FULL, "", "Unit of the measure"),
        Declared(For::One, "period", Type::Code, FULL, "", "SDMX time period"),
        Declared(For::One, "period_start", Type::Date, FULL, "", "First day of the period"),
        Declared(For::One, "period_end", Type::Date, FULL, "", "Last day of the period, inclusive"),
        Declared(For::One, "is_partial", Type::Boolean, FULL, "", "Whether the period is shorter than the dataset's regular one"),
        Declared(For::One, "realtime_start", Type::Date, FULL, "", "Release from which on it stood"),
        Declared(For::One, "realtime_end", Type::Date, FULL, "", "Last day it stood: the day before the release that changed it; 9999-12-31 where it still stands"),
        Declared(For::One, "revision", Type::Int32, FULL, "", "0 for the first row of a key, then 1, 2 …"),
        Declared(For::One, "kind", Type::Code, FULL, "", "How it came: first; listed (a table of before did not list it); revised; composition (a residual that holds others); status; supplied (missing before); withdrawn; folded (into a residual)"),
        Declared(For::One, "value", Type::Figure, NULL, "{unit}", "The figure; null where withdrawn, folded or printed as missing"),
        Declared(For::One, "status", Type::Code, FULL, "", "SDMX observation status; K where folded into a residual"),
        Declared(For::One, "previous_value", Type::Figure, NULL, "{unit}", "The value of the row before"),
        Declared(For::One, "difference", Type::Figure, NULL, "{unit}", "What was revised: value - previous_value; for a residual less what moved in and out of it"),
        Declared(For::One, "difference_relative", Type::Double, NULL, "fraction", "difference / previous_value; null where that is 0"),
        Declared(For::One, "releases", Type::Int32, FULL, "", "How many releases say so"),
        Declared(For::One, "last_release", Type::Date, FULL, "", "The newest release that says so"),
        Declared(For::One, "source", Type::Code, FULL, "", "Name of the file that first prints it"),
        Declared(For::One, "source_position", Type::Text, NULL, "", "Where that prints it; null where derived, folded or withdrawn"),
    ] },
    DeclaredTable { name: RELEASES, meaning: "The releases, and what each changed. Published from the second release on.",
        key: &["release_date"], is_sorted: true, columns: &[
        Declared(For::One, "dataset", Type::Code, FULL, "", "Name of the dataset"),
        Declared(For::One, "release_date", Type::Date, FULL, "", "Date of the release"),
        Declared(For::One, "previous_release", Type::Date, NULL, "", "The one before"),
        Declared(For::One, "documents", Type::Int32, FULL, "", "How many documents it has"),
        Declared(For::One, "newest_period", Type::Code, FULL, "", "The period that ends last"),
        Declared(For::One, "tables", Type::Int32, FULL, "", "How many tables it prints: all codes of a dimension of shares for one period"),
        Declared(For::One, "figures", Type::Int32, FULL, "", "How many figures with a value: new, unchanged, revised and moved"),
        Declared(For::One, "new", Type::Int32, FULL, "", "Figures that are first or listed"),
        Declared(For::One, "unchanged", Type::Int32, FULL, "", "Figures as the release before had them"),
        Declared(For::One, "revised", Type::Int32, FULL, "", "Figures that are revised, supplied, or of another status"),
        Declared(For::One, "moved", Type::Int32, FULL, "", "Residuals that hold others"),
        Declared(For::One, "gone", Type::Int32, FULL, "", "Figures that are folded or withdrawn"),
        Declared(For::One, "repeats", Type::Boolean, FULL, "", "Whether it prints exactly the tables of the release before: a correction, or the same again"),
        Declared(For::One, "observations_sha256", Type::Text, FULL, "", "SHA-256 of its lines of observations.csv: load a release again only where this changed"),
    ] },
    DeclaredTable { name: "regions", meaning: "Every region that the observations use.", key: &["region"], is_sorted: true, columns: &[
        Declared(For::One, "region", Type::Code, FULL, "", "ISO 3166-1 alpha-3 code, four letters of ISO 3166-3 for a former state, X and M49 number or letters for a group; _O for the residual, _T for the total"),
        Declared(For::One, "alpha2", Type::Text, NULL, "", "ISO 3166-1 alpha-2 code; null for aggregates"),
        Declared(For::One, "m49", Type::Text, NULL, "", "UN M49 code, three digits; null where there is none"),
        Declared(For::One, "region_name", Type::Code, FULL, "", "Display name of the region, the publisher's"),
        Declared(For::One, "region_kind", Type::Code, FULL, "", "economy, group, residual or total"),
    ] },
    DeclaredTable { name: "codes", meaning: "Every code of the dimensions that have lists of their own, in the definition's order.", key: &["dimension", "code"], is_sorted: false, columns: &[
        Declared(For::One, "dimension", Type::Code, FULL, "", "Name of the dimension"),
        Declared(For::One, "code", Type::Code, FULL, "", "The code"),
        Declared(For::One, "name", Type::Code, FULL, "", "Its display name"),
        Declared(For::One, "kind", Type::Code, FULL, "", "total (_T), group (a code with parts), residual (_O, _U) or leaf"),
        Declared(For::One, "parent", Type::Code, NULL, "", "The code it is a part of; null where it has none"),
    ] },
];

impl Table {
    /// Whether each set has it: there is a history from the second release on.
    #[must_use]
    pub fn is_always_published(&self) -> bool {
        ![HISTORY, RELEASES].contains(&self.name.as_str())
    }
}

/// The published tables of a dataset; regions only where a dimension has them, bounds only where something is added up across.
#[must_use]
pub fn tables(definition: &Definition) -> Vec<Table> {
    let has_regions = definition.dimensions.iter().any(Dimension::is_regions);
    let is_published = |table: &&DeclaredTable| match table.name {
        "regions" => has_regions,
        "bounds" => !definition.sum_across.is_empty(),
        _ => true,
    };
    TABLES.iter().filter(is_published).map(|table| resolve_table(table, definition)).collect()
}

/// The names of all tables that a set can have.
pub fn table_names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.name)
}

/// The published table of a name.
#[must_use]
pub fn table(name: &str, definition: &Definition) -> Option<Table> {
    tables(definition).into_iter().find(|table| table.name == name)
}

fn resolve_table(table: &DeclaredTable, definition: &Definition) -> Table {
    let columns: Vec<Column> = group_by_table(table.columns)
        .into_iter()
        .flat_map(|group| resolve_columns(group, definition))
        .collect();
    let key = table.key.iter().flat_map(|name| resolve_key(name, definition));
    let key = key.filter(|name| columns.iter().any(|column| column.name == *name)).collect();
    let (name, meaning) = (table.name.into(), fill(table.meaning, None, definition));
    Table { name, meaning, key, is_sorted: table.is_sorted, columns }
}

/// Runs of declarations that stand for columns of dimensions: all of one dimension come before those of the next.
fn group_by_table(columns: &'static [Declared]) -> Vec<&'static [Declared]> {
    let is_dimension = |of: For| matches!(of, For::Dimension | For::CellDimension | For::BoundedDimension);
    columns.chunk_by(|a, b| is_dimension(a.0) && is_dimension(b.0)).collect()
}

fn resolve_columns(group: &[Declared], definition: &Definition) -> Vec<Column> {
    let dimensions = || definition.dimensions.iter();
    let share = definition.share_dimension().map(|at| &definition.dimensions[at]);
    let of =
        |dimension: Option<&Dimension>, declared: &Declared| resolve_column(declared, dimension, definition);
    match group[0].0 {
        For::One => vec![of(None, &group[0])],
        For::Measures => definition.has_measures().then(|| of(None, &group[0])).into_iter().collect(),
        For::Share => share.map(|dimension| of(Some(dimension), &group[0])).into_iter().collect(),
        For::TableDimension => definition
            .table_dimensions()
            .into_iter()
            .map(|at| of(Some(&definition.dimensions[at]), &group[0]))
            .collect(),
        For::TableName if definition.table_dimensions().is_empty() => vec![of(None, &group[0])],
        For::TableName => Vec::new(),
        For::BoundedDimension => definition
            .bounded_dimensions()
            .into_iter()
            .flat_map(|at| group.iter().map(move |declared| (at, declared)))
            .map(|(at, declared)| of(Some(&definition.dimensions[at]), declared))
            .collect(),
        For::Dimension | For::CellDimension => dimensions()
            .flat_map(|dimension| {
                let is_meant = |declared: &&Declared| {
                    declared.0 == For::Dimension || dimension.printed == Printed::Cells
                };
                group.iter().filter(is_meant).map(move |declared| of(Some(dimension), declared))
            })
            .collect(),
    }
}

fn resolve_column(declared: &Declared, dimension: Option<&Dimension>, definition: &Definition) -> Column {
    let Declared(_, name, kind, nullable, unit, meaning) = declared;
    let unit = if definition.has_measures() && unit.contains("{unit}") { "" } else { unit };
    Column {
        name: fill(name, dimension, definition),
        kind: *kind,
        nullable: *nullable,
        unit: Some(fill(unit, dimension, definition)).filter(|unit| !unit.is_empty()),
        meaning: fill(meaning, dimension, definition),
    }
}

fn resolve_key(name: &str, definition: &Definition) -> Vec<String> {
    let names = |dimensions: Vec<usize>| -> Vec<String> {
        dimensions.into_iter().map(|at| definition.dimensions[at].name().to_owned()).collect()
    };
    match name {
        "{d}" => names((0..definition.dimensions.len()).collect()),
        "{table}" if definition.table_dimensions().is_empty() => vec!["table".into()],
        "{table}" => names(definition.table_dimensions()),
        name => vec![name.to_owned()],
    }
}

/// Words of a declaration, for a dimension where it stands for one.
fn fill(words: &str, dimension: Option<&Dimension>, definition: &Definition) -> String {
    let share = definition.share_dimension();
    let others = (0..).zip(&definition.dimensions).filter(|(at, _)| Some(*at) != share);
    let others = others.map(|(_, dimension)| dimension.name()).collect::<Vec<_>>().join(", ");
    let summed: Vec<&str> = definition.sum_across.iter().map(|name| name.get_ref().as_str()).collect();
    let measures =
        definition.measures.iter().map(|measure| measure.name.as_str()).collect::<Vec<_>>().join("; ");
    let is_regions = dimension.is_some_and(Dimension::is_regions);
    let codes = if is_regions { REGION_CODES } else { "" };
    let (kinds, leaves) = if is_regions {
        ("economy, group, residual or total", "economies")
    } else {
        ("leaf, group, residual or total", "leaves")
    };
    words
        .replace("{d}", dimension.map_or("", Dimension::name))
        .replace("{meaning}", dimension.map_or("", |dimension| &dimension.meaning))
        .replace("{codes}", codes)
        .replace("{kinds}", kinds)
        .replace("{leaves}", leaves)
        .replace("{others}", if others.is_empty() { "table" } else { &others })
        .replace("{summed}", &format!("codes of {}", summed.join(" and ")))
        .replace("{measure}", &measures)
        .replace("{unit}", definition.measures.first().map_or("", |measure| &measure.unit))
}

const REGION_CODES: &str = ": ISO 3166-1 alpha-3, four letters of ISO 3166-3 for a former state, X and M49 number or letters for a group; _O for the residual, _T for the total";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::RESERVED;

    #[test]
    fn no_dimension_can_have_a_published_columns_name() {
        for declared in TABLES
            .iter()
            .filter(|table| !["regions", "codes", RELEASES].contains(&table.name))
            .flat_map(|table| table.columns)
        {
            let name = declared.1;
            assert!(name.starts_with("{d}") || RESERVED.contains(&name), "{name} is not reserved");
        }
    }
}
