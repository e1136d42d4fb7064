//! Every published column, declared once: its name, type, whether it can be null, its unit and its meaning. The Arrow
//! schemas, the metadata, the data package, the data dictionary and the SQL all come from here.

use crate::dataset::{Definition, Measure};

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

/// A column of a published table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in published files.
    pub name: String,
    /// Its name in frames, where a category's column is always `category`.
    pub internal: &'static str,
    /// Its type.
    pub kind: Type,
    /// Whether it can be null.
    pub nullable: bool,
    /// The unit of its values.
    pub unit: String,
    /// What it means.
    pub meaning: String,
}

/// A published table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, which its files carry.
    pub name: &'static str,
    /// What its rows are.
    pub meaning: &'static str,
    /// The columns, in order, that identify a row and that rows are sorted by.
    pub key: Vec<String>,
    /// Its columns, in order.
    pub columns: Vec<Column>,
}

impl Column {
    /// Its type in files: a figure is an integer, or a double where it has decimals.
    #[must_use]
    pub fn stored(&self, measure: &Measure) -> Type {
        match (self.kind, measure.decimals) {
            (Type::Figure, 0) => Type::Int64,
            (Type::Figure, _) => Type::Double,
            (kind, _) => kind,
        }
    }
}

struct Declared(&'static str, Type, bool, &'static str, &'static str);

const NULL: bool = true;
const FULL: bool = false;

struct DeclaredTable {
    name: &'static str,
    meaning: &'static str,
    key: &'static [&'static str],
    columns: &'static [Declared],
}

/// The published tables. `{category}`, `{meaning}`, `{measure}` and `{unit}` stand for what a definition says.
#[rustfmt::skip]
const TABLES: [DeclaredTable; 4] = [
    DeclaredTable { name: "observations", meaning: "The figures, one a row: a category, a region, a period.",
        key: &["release_date", "category", "region", "period"], columns: &[
        Declared("dataset", Type::Code, FULL, "name", "Name of the dataset"),
        Declared("release_date", Type::Date, FULL, "day", "Date of the release, which tells publications of the dataset apart"),
        Declared("category", Type::Code, FULL, "code", "Code of the {meaning}"),
        Declared("category_name", Type::Code, FULL, "name", "Name of the {meaning}"),
        Declared("region", Type::Code, FULL, "code", "ISO 3166-1 alpha-3 code, four letters of ISO 3166-3 for a former state, X and M49 number or letters for a group; _O for the residual, _T for the total"),
        Declared("region_name", Type::Code, FULL, "name", "Display name of the region, the publisher's"),
        Declared("region_label", Type::Code, NULL, "text", "The region as printed; null where the document prints none"),
        Declared("region_kind", Type::Code, FULL, "name", "economy, group, residual or total"),
        Declared("period", Type::Code, FULL, "period", "SDMX time period: 2023, 2026-01-01/P2M, 2024-Q3, 2024-07; a day where the figure is for a point in time"),
        Declared("period_label", Type::Code, FULL, "text", "The period as printed, white space folded"),
        Declared("period_start", Type::Date, FULL, "day", "First day of the period"),
        Declared("period_end", Type::Date, FULL, "day", "Last day of the period, inclusive"),
        Declared("period_months", Type::Int32, FULL, "months", "Whole months the period covers; 0 for a point in time"),
        Declared("is_partial", Type::Boolean, FULL, "truth", "Whether the period is shorter than the dataset's regular one"),
        Declared("value", Type::Figure, NULL, "{unit}", "The figure: {measure}"),
        Declared("value_label", Type::Text, NULL, "text", "The figure as printed; null where derived"),
        Declared("status", Type::Code, FULL, "code", "SDMX observation status: A normal, W includes data of another category (the residual), O missing, M cannot exist, L not collected, Q suppressed, N not significant, E estimated, P provisional …"),
        Declared("basis", Type::Code, FULL, "name", "published; nil (a nil mark read as zero); derived (a total the document does not print)"),
        Declared("share", Type::Double, NULL, "fraction", "value / total of the same {category} and period; null where the total is 0 or missing"),
        Declared("monthly_average", Type::Double, NULL, "{unit} per month", "value / period_months; null for a point in time"),
        Declared("previous_period", Type::Code, NULL, "period", "The period it is compared with: the same length, one year earlier; the same date for a point in time"),
        Declared("change_absolute", Type::Figure, NULL, "{unit}", "value - previous value"),
        Declared("change_relative", Type::Double, NULL, "fraction", "change_absolute / previous value; null where that is 0"),
        Declared("share_change", Type::Double, NULL, "fraction", "share - previous share"),
        Declared("contribution", Type::Double, NULL, "fraction", "change_absolute / previous total; the regions' contributions add up to the total's change_relative"),
        Declared("region_rank", Type::Int32, NULL, "rank", "Rank by value among the economies of the {category} and period, 1 the largest; ties share the lower number"),
        Declared("source", Type::Code, FULL, "name", "Name of the file that prints the figure"),
        Declared("source_position", Type::Text, NULL, "place", "Where it is printed: line:column in text, Sheet!C7 in a workbook; null where derived"),
    ] },
    DeclaredTable { name: "checks", meaning: "What the document prints that follows from its figures, each held against them: totals of what they total, changes and percentages.",
        key: &["release_date", "category", "check", "period", "region"], columns: &[
        Declared("dataset", Type::Code, FULL, "name", "Name of the dataset"),
        Declared("release_date", Type::Date, FULL, "day", "Date of the release"),
        Declared("category", Type::Code, FULL, "code", "Code of the {meaning}"),
        Declared("check", Type::Code, FULL, "name", "What was checked: total; subtotal (what a group holds); categories (the same figure of several tables)"),
        Declared("period", Type::Code, FULL, "period", "SDMX time period"),
        Declared("published", Type::Figure, FULL, "unit", "What is published, in the unit of the row"),
        Declared("computed", Type::Figure, FULL, "unit", "What the figures make: for a total the sum of what it totals"),
        Declared("difference", Type::Figure, FULL, "unit", "published - computed"),
        Declared("tolerance", Type::Figure, FULL, "unit", "How large the difference may be"),
        Declared("passed", Type::Boolean, FULL, "truth", "Whether the difference lies within the tolerance"),
        Declared("cells", Type::Int32, FULL, "cells", "How many figures it was computed from"),
        Declared("source", Type::Code, FULL, "name", "Name of the file that prints what was checked"),
        Declared("source_position", Type::Text, FULL, "place", "Where it is printed"),
        Declared("region", Type::Code, FULL, "code", "Code of the region it is for; _T for the total"),
        Declared("unit", Type::Code, FULL, "name", "Unit of published, computed, difference and tolerance: {unit}"),
    ] },
    DeclaredTable { name: "notes", meaning: "The notes the document prints, a row for each category they hold for.",
        key: &["release_date", "note", "category"], columns: &[
        Declared("dataset", Type::Code, FULL, "name", "Name of the dataset"),
        Declared("release_date", Type::Date, FULL, "day", "Date of the release"),
        Declared("note", Type::Int32, FULL, "number", "Number of the note, in printed order"),
        Declared("category", Type::Code, FULL, "code", "Code of the {meaning} it holds for"),
        Declared("printed_with", Type::Code, FULL, "code", "Code of the {meaning} below whose table it stands"),
        Declared("text", Type::Text, FULL, "text", "What it says"),
        Declared("source", Type::Code, FULL, "name", "Name of the file that prints it"),
        Declared("source_position", Type::Text, FULL, "place", "Where it begins"),
        Declared("mark", Type::Text, NULL, "text", "The mark it begins with, by name: 1 for (1), ¹ or Note 1; null where it has none"),
        Declared("marked_at", Type::Text, NULL, "places", "The labels, headings and figures of the table that carry the mark, parted by blanks"),
    ] },
    DeclaredTable { name: "regions", meaning: "Every region that the observations use.", key: &["region"], columns: &[
        Declared("region", Type::Code, FULL, "code", "ISO 3166-1 alpha-3 code, four letters of ISO 3166-3 for a former state, X and M49 number or letters for a group; _O for the residual, _T for the total"),
        Declared("alpha2", Type::Text, NULL, "code", "ISO 3166-1 alpha-2 code; null for aggregates"),
        Declared("m49", Type::Text, NULL, "code", "UN M49 code, three digits; null where there is none"),
        Declared("region_name", Type::Code, FULL, "name", "Display name of the region, the publisher's"),
        Declared("region_kind", Type::Code, FULL, "name", "economy, group, residual or total"),
    ] },
];

/// The published tables of a dataset.
#[must_use]
pub fn tables(definition: &Definition) -> Vec<Table> {
    TABLES.iter().map(|table| resolved(table, definition)).collect()
}

/// Whether a column other than the category's has this name.
#[must_use]
pub fn is_taken(name: &str) -> bool {
    let mut columns = TABLES.iter().flat_map(|table| table.columns);
    name.ends_with("_name") || columns.any(|column| column.0 == name && column.0 != "category")
}

fn resolved(table: &DeclaredTable, definition: &Definition) -> Table {
    let column = |declared: &Declared| Column {
        name: published(declared.0, definition),
        internal: declared.0,
        kind: declared.1,
        nullable: declared.2,
        unit: filled(declared.3, definition),
        meaning: filled(declared.4, definition),
    };
    Table {
        name: table.name,
        meaning: table.meaning,
        key: table.key.iter().map(|name| published(name, definition)).collect(),
        columns: table.columns.iter().map(column).collect(),
    }
}

fn published(name: &str, definition: &Definition) -> String {
    match name.strip_prefix("category") {
        Some(rest) => format!("{}{rest}", definition.category.column.get_ref()),
        None => name.to_owned(),
    }
}

fn filled(words: &str, definition: &Definition) -> String {
    words
        .replace("{category}", definition.category.column.get_ref())
        .replace("{meaning}", &definition.category.meaning)
        .replace("{measure}", &definition.measure.name)
        .replace("{unit}", &definition.measure.unit)
}
