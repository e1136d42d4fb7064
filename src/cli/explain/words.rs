//! What is said of a figure: how it was read, what proves it, and each value that was computed from it with its inputs.

use crate::cli::rows::{KeyedRow, KeyedRows, is_named};
use crate::dataset::{Correction, Definition, Dimension, Printed};
use crate::regions::TOTAL;

/// The key of a row, and what that stands for.
pub fn title(row: &KeyedRow, definition: &Definition) -> String {
    let is = |column: &str| row.text(column).unwrap_or_default();
    let key = row.key(definition);
    let names = definition.dimensions.iter().map(Dimension::name);
    let words =
        names.map(|name| is(&format!("{name}_name")).to_owned()).chain([is("period_label").to_owned()]);
    let words = words.collect::<Vec<_>>().join(", ");
    format!("{key}: {words} (release {})", is("release_date"))
}

/// What the printed figure was read as.
pub fn reading(row: &KeyedRow) -> String {
    let printed = row.text("value_label").unwrap_or_default();
    match (row.text("basis"), row.text("value")) {
        (Some("nil"), _) => format!("`{printed}` is nil, and so 0"),
        (_, Some(value)) => format!("printed `{printed}`, read as {value}"),
        (_, None) => format!("printed `{printed}`, which is no figure"),
    }
}

/// All that is known of a row: a name, and what is said.
pub fn lines(row: &KeyedRow, rows: &KeyedRows, definition: &Definition) -> Vec<(String, String)> {
    let seen = Explained { row, rows, definition };
    let rank = seen.share_name().map(|name| format!("{name}_rank")).unwrap_or_default();
    let said = [
        ("value", Some(seen.value())),
        ("correction", seen.correction()),
        ("share", seen.share()),
        ("monthly_average", seen.monthly_average()),
        ("previous_period", seen.compared_with_nothing()),
        ("change_absolute", seen.change_absolute()),
        ("change_relative", seen.change_relative()),
        ("share_change", seen.share_change()),
        ("contribution", seen.contribution()),
        (rank.as_str(), seen.rank()),
    ];
    let mut said: Vec<_> =
        said.into_iter().filter_map(|(name, said)| Some((name.to_owned(), said?))).collect();
    let after = said.iter().take_while(|(name, _)| matches!(name.as_str(), "value" | "correction")).count();
    said.splice(after..after, seen.checks().into_iter().map(|said| ("check".to_owned(), said)));
    said.extend(seen.notes().into_iter().map(|said| ("note".to_owned(), said)));
    said
}

/// A row among others.
struct Explained<'r> {
    row: &'r KeyedRow,
    rows: &'r KeyedRows,
    definition: &'r Definition,
}

impl<'r> Explained<'r> {
    fn text(&self, column: &str) -> Option<&'r str> {
        self.row.text(column)
    }

    /// A value with the place where it is printed, which may be in another document.
    fn describe_place(&self, row: &KeyedRow, column: &str) -> String {
        let value = row.text(column).unwrap_or("nothing");
        let source = row.text("source").filter(|source| Some(*source) != self.text("source"));
        let document = source.map(|source| format!("{source}:")).unwrap_or_default();
        let place = row.text("source_position").map(|place| format!("at {document}{place}"));
        format!("{value} ({})", place.unwrap_or("derived".into()))
    }

    /// The name of the share dimension.
    fn share_name(&self) -> Option<&'r str> {
        self.definition.share_dimension().map(|at| self.definition.dimensions[at].name())
    }

    /// What a figure has in common with its total, beside the period.
    fn table_column(&self) -> impl Iterator<Item = &'r str> {
        let share = self.share_name();
        let dimensions = self.definition.dimensions.iter().map(Dimension::name);
        dimensions.filter(move |name| Some(*name) != share).chain(["release_date", "measure"])
    }

    /// The total of the row's column.
    fn total(&self) -> Option<&'r KeyedRow> {
        let share = self.share_name()?;
        let is_total = |other: &&KeyedRow| other.text(share) == Some(TOTAL);
        let same = |other: &&KeyedRow| other.agrees(self.row, self.table_column().chain(["period"]));
        self.rows.observations.iter().filter(is_total).find(same)
    }

    /// The row that it is compared with.
    fn previous(&self) -> Option<Explained<'r>> {
        let period = self.text("previous_period")?;
        let release = self.text("previous_release").or(self.text("release_date"));
        let columns = || self.table_column().filter(|name| *name != "release_date");
        let same = |other: &&KeyedRow| {
            other.agrees(self.row, columns().chain(self.share_name()))
                && (other.text("period"), other.text("release_date")) == (Some(period), release)
        };
        let row = self.rows.observations.iter().find(same)?;
        Some(Explained { row, ..*self })
    }

    fn value(&self) -> String {
        let status = self.text("status").unwrap_or_default();
        let basis = self.text("basis").unwrap_or_default();
        match self.text("value") {
            Some(value) if basis == "derived" => {
                format!("{value}, the sum of {} (status {status})", self.parts())
            }
            Some(value) => format!("{value} ({basis}, status {status})"),
            None => format!("none (status {status})"),
        }
    }

    /// The figures that make a derived total.
    fn parts(&self) -> String {
        let share = self.share_name().unwrap_or_default();
        let of_column = |other: &&KeyedRow| {
            other.agrees(self.row, self.table_column().chain(["period"])) && other.text(share) != Some(TOTAL)
        };
        let parts: Vec<String> = self
            .rows
            .observations
            .iter()
            .filter(of_column)
            .map(|row| self.describe_place(row, "value"))
            .collect();
        if parts.is_empty() { "the column's figures".into() } else { parts.join(" + ") }
    }

    fn correction(&self) -> Option<String> {
        let meant = |of: &&Correction| {
            let key = self.definition.exception_key(&of.key);
            key.is_some_and(|key| is_named(self.row, &key, self.definition))
                && of
                    .release
                    .as_ref()
                    .is_none_or(|release| self.text("release_date") == Some(release.get_ref()))
        };
        let found = self.definition.corrections.iter().find(meant)?;
        Some(format!("`{}` is misprinted: {}", found.expected.get_ref(), found.reason.get_ref()))
    }

    /// The checks that the figure takes part in: of its own sum, of its column's total, of a group that holds it.
    fn checks(&self) -> Vec<String> {
        let column = |check: &&KeyedRow| check.agrees(self.row, ["release_date", "measure", "period"]);
        let concerns = |check: &&KeyedRow| {
            self.definition.dimensions.iter().all(|dimension| {
                let name = dimension.name();
                let (of, own) = (check.text(name).unwrap_or_default(), self.text(name).unwrap_or_default());
                let is_along = check.text("along") == Some(name);
                of == own
                    || is_along
                        && (of == TOTAL && check.text("check") == Some("total") || dimension.holds(of, own))
            })
        };
        self.rows
            .checks
            .iter()
            .filter(column)
            .filter(concerns)
            .map(|check| self.describe_check(check))
            .collect()
    }

    fn describe_check(&self, check: &KeyedRow) -> String {
        let is = |column| check.text(column).unwrap_or_default();
        let passed = if is("passed") == "true" { "passed" } else { "failed" };
        let along = check.text("along").filter(|along| *along != "period").or(self.share_name());
        let of = match along.map(&is).unwrap_or_default() {
            TOTAL | "" => String::new(),
            code => format!(" of {code}"),
        };
        let (published, computed, cells) =
            (self.describe_place(check, "published"), is("computed"), is("cells"));
        let (what, made) = match is("check") {
            "total" | "subtotal" => (
                format!("the {}{of}", is("check")),
                format!("the sum {computed} of {cells} figures{}", self.along(check)),
            ),
            "tables" => (format!("the figure{of}"), format!("the sum {computed} of {cells} tables")),
            claim => (
                format!("the printed {claim}{of}, in {},", is("unit")),
                format!("the {computed} of {cells} figures"),
            ),
        };
        let (difference, tolerance) = (is("difference"), is("tolerance"));
        format!("{passed}: {what} {published} and {made} differ by {difference}, at most {tolerance} allowed")
    }

    /// Along which dimension a sum goes, where it could be several.
    fn along(&self, check: &KeyedRow) -> String {
        let dimensions = &self.definition.dimensions;
        let printed = dimensions.iter().filter(|dimension| dimension.printed == Printed::Cells).count();
        let along = check.text("along").filter(|_| printed > 1);
        along.map(|name| format!(" along {name}")).unwrap_or_default()
    }

    fn share(&self) -> Option<String> {
        let (share, total) = (self.text("share")?, self.total()?);
        Some(format!("{share} = {} / {}", self.text("value")?, self.describe_place(total, "value")))
    }

    fn monthly_average(&self) -> Option<String> {
        let average = self.text("monthly_average")?;
        Some(format!("{average} = {} / {} months", self.text("value")?, self.text("period_months")?))
    }

    fn compared_with_nothing(&self) -> Option<String> {
        let said = match self.text("comparison")? {
            "not_listed" => "none: the table of a year earlier does not list it",
            "residual_changed" => "none: the residual of a year earlier holds others",
            _ => "none: no release so far has a figure of a period of the same length one year earlier",
        };
        self.text("previous_period").is_none().then(|| said.into())
    }

    fn change_absolute(&self) -> Option<String> {
        let (change, previous) = (self.text("change_absolute")?, self.previous()?);
        Some(format!(
            "{change} = {} - {} of {}",
            self.text("value")?,
            self.describe_place(previous.row, "value"),
            self.describe_period(&previous)?
        ))
    }

    /// The period of a figure, and its release where that is another.
    fn describe_period(&self, previous: &Explained<'_>) -> Option<String> {
        let (period, release) = (previous.text("period")?, previous.text("release_date")?);
        let is_same = self.text("release_date") == Some(release);
        Some(if is_same { period.to_owned() } else { format!("{period} in the release {release}") })
    }

    fn change_relative(&self) -> Option<String> {
        let (change, previous) = (self.text("change_absolute")?, self.previous()?.text("value")?);
        Some(match self.text("change_relative") {
            Some(relative) => format!("{relative} = {change} / {previous}"),
            None => format!("none: {change} cannot be divided by {previous}"),
        })
    }

    fn share_change(&self) -> Option<String> {
        let (change, previous) = (self.text("share_change")?, self.previous()?);
        Some(format!("{change} = {} - {}", self.text("share")?, previous.text("share")?))
    }

    fn contribution(&self) -> Option<String> {
        let (contribution, previous) = (self.text("contribution")?, self.previous()?);
        let total = previous.total()?;
        Some(format!(
            "{contribution} = {} / {}, the total of {}",
            self.text("change_absolute")?,
            self.describe_place(total, "value"),
            self.describe_period(&previous)?
        ))
    }

    fn rank(&self) -> Option<String> {
        let dimension = &self.definition.dimensions[self.definition.share_dimension()?];
        let leaves = if dimension.is_regions() { "economies" } else { "leaves" };
        let rank = self.text(&format!("{}_rank", dimension.name()))?;
        Some(format!("{rank} among the {leaves} of the column, 1 the largest"))
    }

    /// The notes that hold for the row's table.
    fn notes(&self) -> Vec<String> {
        let of_tables = self.definition.table_dimensions();
        let names =
            || of_tables.iter().map(|at| self.definition.dimensions[*at].name()).chain(["release_date"]);
        let held = self.rows.notes.iter().filter(|note| note.agrees(self.row, names()));
        held.map(|note| {
            format!(
                "{} (at {})",
                note.text("text").unwrap_or_default(),
                note.text("source_position").unwrap_or_default()
            )
        })
        .collect()
    }
}
