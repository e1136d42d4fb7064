//! What is said of a figure: how it was read, what proves it, and each value that was computed from it with its inputs.

use crate::cli::explain::rows::{Row, Rows};
use crate::dataset::{Correction, Definition};
use crate::regions::{self, TOTAL};

/// What tells the tables and releases of a dataset apart.
const TABLE: [&str; 2] = ["release_date", "category"];

/// The key of a row, and what that stands for.
pub fn title(row: &Row) -> String {
    let is = |column| row.text(column).unwrap_or_default();
    let name = row.text("category_name").map(|name| format!("{name}, ")).unwrap_or_default();
    format!(
        "{}/{}/{}: {name}{}, {} (release {})",
        is("category"),
        is("region"),
        is("period"),
        is("region_name"),
        is("period_label"),
        is("release_date")
    )
}

/// What the printed figure was read as.
pub fn reading(row: &Row) -> String {
    let printed = row.text("value_label").unwrap_or_default();
    match (row.text("basis"), row.text("value")) {
        (Some("nil"), _) => format!("`{printed}` is nil, and so 0"),
        (_, Some(value)) => format!("printed `{printed}`, read as {value}"),
        (_, None) => format!("printed `{printed}`, which is no figure"),
    }
}

/// All that is known of a row: a name, and what is said.
pub fn lines(row: &Row, rows: &Rows, definition: &Definition) -> Vec<(&'static str, String)> {
    let seen = Seen { row, rows };
    let said = [
        ("value", Some(seen.value())),
        ("correction", seen.correction(definition)),
        ("share", seen.share()),
        ("monthly_average", seen.monthly_average()),
        ("previous_period", seen.compared_with_nothing()),
        ("change_absolute", seen.change_absolute()),
        ("change_relative", seen.change_relative()),
        ("share_change", seen.share_change()),
        ("contribution", seen.contribution()),
        ("region_rank", seen.rank()),
    ];
    let mut said: Vec<_> = said.into_iter().filter_map(|(name, said)| Some((name, said?))).collect();
    let after = said.iter().take_while(|(name, _)| matches!(*name, "value" | "correction")).count();
    said.splice(after..after, seen.checks().into_iter().map(|said| ("check", said)));
    said.extend(seen.notes().into_iter().map(|said| ("note", said)));
    said
}

/// A row among others.
struct Seen<'r> {
    row: &'r Row,
    rows: &'r Rows,
}

impl<'r> Seen<'r> {
    fn text(&self, column: &str) -> Option<&'r str> {
        self.row.text(column)
    }

    /// A value with the place where it is printed.
    fn placed(row: &Row, column: &str) -> String {
        let value = row.text(column).unwrap_or("nothing");
        let place = row.text("source_position").map_or("derived".into(), |place| format!("at {place}"));
        format!("{value} ({place})")
    }

    /// The total of the row's column.
    fn total(&self) -> Option<&'r Row> {
        let is_total = |other: &&Row| other.text("region") == Some(TOTAL);
        let same =
            |other: &&Row| other.agrees(self.row, &TABLE) && other.text("period") == self.text("period");
        self.rows.observations.iter().filter(is_total).find(same)
    }

    /// The row that it is compared with.
    fn previous(&self) -> Option<Seen<'r>> {
        let period = self.text("previous_period")?;
        let same = |other: &&Row| {
            other.agrees(self.row, &TABLE)
                && other.agrees(self.row, &["region"])
                && other.text("period") == Some(period)
        };
        let row = self.rows.observations.iter().find(same)?;
        Some(Seen { row, rows: self.rows })
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
        let of_column = |other: &&Row| {
            other.agrees(self.row, &TABLE)
                && other.agrees(self.row, &["period"])
                && other.text("region") != Some(TOTAL)
        };
        let parts: Vec<String> =
            self.rows.observations.iter().filter(of_column).map(|row| Self::placed(row, "value")).collect();
        if parts.is_empty() { "the column's figures".into() } else { parts.join(" + ") }
    }

    fn correction(&self, definition: &Definition) -> Option<String> {
        let is = |wanted: &str, column| self.text(column) == Some(wanted);
        let meant = |of: &&Correction| {
            is(of.category.get_ref(), "category")
                && is(of.region.get_ref(), "region")
                && is(of.period.get_ref(), "period")
                && of.release.as_ref().is_none_or(|release| is(release.get_ref(), "release_date"))
        };
        let found = definition.corrections.iter().find(meant)?;
        Some(format!("`{}` is misprinted: {}", found.expected.get_ref(), found.reason.get_ref()))
    }

    /// The checks that the figure takes part in: of its own sum, of its column's total, of a group that holds it.
    fn checks(&self) -> Vec<String> {
        let column = |check: &&Row| check.agrees(self.row, &TABLE) && check.agrees(self.row, &["period"]);
        let own = self.text("region").unwrap_or_default();
        let concerns = |check: &&Row| match check.text("region").unwrap_or_default() {
            TOTAL if check.text("check") == Some("total") => true,
            region => region == own || regions::group_contains(region, own),
        };
        self.rows.checks.iter().filter(column).filter(concerns).map(Self::check).collect()
    }

    fn check(check: &Row) -> String {
        let is = |column| check.text(column).unwrap_or_default();
        let passed = if is("passed") == "true" { "passed" } else { "failed" };
        let of = match is("region") {
            TOTAL => String::new(),
            region => format!(" of {region}"),
        };
        let (published, computed, cells) = (Self::placed(check, "published"), is("computed"), is("cells"));
        let (what, made) = match is("check") {
            "total" | "subtotal" => {
                (format!("the {}{of}", is("check")), format!("the sum {computed} of {cells} figures"))
            }
            "categories" => (format!("the figure{of}"), format!("the sum {computed} of {cells} tables")),
            claim => (
                format!("the printed {claim}{of}, in {},", is("unit")),
                format!("the {computed} of {cells} figures"),
            ),
        };
        let (difference, tolerance) = (is("difference"), is("tolerance"));
        format!("{passed}: {what} {published} and {made} differ by {difference}, at most {tolerance} allowed")
    }

    fn share(&self) -> Option<String> {
        let (share, total) = (self.text("share")?, self.total()?);
        Some(format!("{share} = {} / {}", self.text("value")?, Self::placed(total, "value")))
    }

    fn monthly_average(&self) -> Option<String> {
        let average = self.text("monthly_average")?;
        Some(format!("{average} = {} / {} months", self.text("value")?, self.text("period_months")?))
    }

    fn compared_with_nothing(&self) -> Option<String> {
        let said = "none: the document has no figure of a period of the same length one year earlier";
        self.text("previous_period").is_none().then(|| said.into())
    }

    fn change_absolute(&self) -> Option<String> {
        let (change, previous) = (self.text("change_absolute")?, self.previous()?);
        let period = previous.text("period")?;
        Some(format!(
            "{change} = {} - {} of {period}",
            self.text("value")?,
            Self::placed(previous.row, "value")
        ))
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
        let period = previous.text("period")?;
        Some(format!(
            "{contribution} = {} / {}, the total of {period}",
            self.text("change_absolute")?,
            Self::placed(total, "value")
        ))
    }

    fn rank(&self) -> Option<String> {
        Some(format!("{} among the economies of the column, 1 the largest", self.text("region_rank")?))
    }

    /// The notes that hold for the row's table.
    fn notes(&self) -> Vec<String> {
        let held = self.rows.notes.iter().filter(|note| note.agrees(self.row, &TABLE));
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
