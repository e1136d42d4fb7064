//! Repairs in the words of their document, with the corrections that a definition would need.

use super::input::DiagnosisInput;
use crate::checks::SUBTOTAL;
use crate::dataset::{Correction, Measure};
use crate::diagnosis::{self, Diagnosis, ErrorKind};
use crate::grammar::number::{NumberConvention, format_number};
use crate::problem::{CellChange, Repair, quote_toml};
use crate::text::format_count;

/// The repairs of a diagnosis.
pub fn describe_repairs(found: &Diagnosis, input: &DiagnosisInput<'_>) -> Vec<Repair> {
    let describer = RepairDescriber { input, style: FigureStyle::new(input), sums: found.sums.len() };
    let mut repairs: Vec<Repair> = found.repairs.iter().map(|repair| describer.describe(repair)).collect();
    // What is to be pasted needs better evidence than the others have.
    let is_clear = match found.repairs.as_slice() {
        [first, second, ..] => first.leads(second),
        _ => true,
    };
    for repair in repairs.iter_mut().skip(usize::from(is_clear)) {
        repair.correction = None;
    }
    repairs
}

struct RepairDescriber<'t> {
    input: &'t DiagnosisInput<'t>,
    style: FigureStyle<'t>,
    /// How many sums the problem tells of.
    sums: usize,
}

impl RepairDescriber<'_> {
    fn describe(&self, repair: &diagnosis::RepairCandidate) -> Repair {
        let mut changes: Vec<CellChange> = repair.changes.iter().map(|change| self.change(*change)).collect();
        let words = self.words(repair);
        if matches!(repair.error, ErrorKind::ExtraRow(..)) {
            // A correction would publish zeros for a row that is not there.
            for change in &mut changes {
                change.meant.clear();
            }
            return Repair { changes, words, correction: None };
        }
        Repair { changes, words, correction: self.corrections(repair).filter(|all| !all.is_empty()) }
    }

    fn change(&self, (cell, meant): (usize, i64)) -> CellChange {
        let spot = self.input.cell(cell);
        let document = &self.input.context.documents[spot.document as usize];
        let printed = self.input.sum_table.cells[cell].printed;
        CellChange {
            place: document.grids[spot.grid as usize].place(spot.row, spot.column),
            printed: printed.into(),
            meant: self.style.format_like(meant, printed),
        }
    }

    /// What went wrong, and what speaks for it or against it.
    fn words(&self, repair: &diagnosis::RepairCandidate) -> String {
        let closed = repair.resolves.len();
        let all = repair.changes.len() == 1 && closed > 1;
        let all = all.then(|| format!("{} then add up", format_count(closed, "sum")));
        let words: Vec<String> = std::iter::once(self.describe_error(repair))
            .chain(all)
            .chain(self.describe_history(repair))
            .collect();
        let alone =
            if closed < self.sums { format!("only {}: ", self.periods(repair)) } else { String::new() };
        alone + &words.join("; ")
    }

    fn describe_error(&self, repair: &diagnosis::RepairCandidate) -> String {
        let name = |row: usize| self.input.name(row);
        match &repair.error {
            ErrorKind::Misprint(misprint) => {
                let of_sum = self.name_sum(repair).map(|sum| format!(", in the {sum}")).unwrap_or_default();
                misprint.describe(self.input.sum_table.decimals) + &of_sum
            }
            ErrorKind::SwappedColumns => "two columns of the row swapped".into(),
            ErrorKind::ShiftedRow => "the row's figures stand one column off".into(),
            ErrorKind::NeighbourTotal => {
                format!("the {} is that of the column beside", self.name_sum(repair).unwrap_or(TOTAL))
            }
            ErrorKind::OmittedRow(row) => {
                format!(
                    "the {} is the sum of all rows but `{}`",
                    self.name_sum(repair).unwrap_or(TOTAL),
                    name(*row)
                )
            }
            ErrorKind::ExtraRow(row, Some(twin)) => {
                format!("`{}` repeats `{}`; if the original doesn't, {MEND}", name(*row), name(*twin))
            }
            ErrorKind::ExtraRow(row, None) => {
                format!("all adds up without `{}`; if the original has no such row, {MEND}", name(*row))
            }
            ErrorKind::MissingRow(figures) => {
                let figures: Vec<String> =
                    figures.iter().map(|figure| self.style.format_like(*figure, "")).collect();
                format!("a row is missing with {}; if the original has it, {MEND}", figures.join(" · "))
            }
        }
    }

    /// What the figure that changes is called, where it is a sum.
    fn name_sum(&self, repair: &diagnosis::RepairCandidate) -> Option<&'static str> {
        let (cell, _) = repair.changes.first()?;
        let at = self.input.sum_table.sums.iter().position(|sum| sum.total == *cell)?;
        Some(if self.input.sums[at].check == SUBTOTAL { "subtotal" } else { TOTAL })
    }

    /// `nearer to 549 in 2023`
    fn describe_history(&self, repair: &diagnosis::RepairCandidate) -> Option<String> {
        let (other, nearer) = repair.history?;
        let (changed, _) = repair.changes.first()?;
        let cells = &self.input.sum_table.cells;
        let months = |cell: usize| self.input.sum_table.months[cells[cell].column];
        let by_month = if months(*changed) == months(other) { "" } else { "by the month " };
        let word = if nearer { "nearer to" } else { "farther from" };
        let printed = if cells[other].is_nil { "nil" } else { cells[other].printed };
        Some(format!("{by_month}{word} {printed} in {}", self.input.period(other)))
    }

    /// The periods of the sums that a repair makes true.
    fn periods(&self, repair: &diagnosis::RepairCandidate) -> String {
        let period = |sum: &usize| self.input.period(self.input.sum_table.sums[*sum].total);
        repair.resolves.iter().map(period).collect::<Vec<_>>().join(", ")
    }

    /// What to paste, one for each change; none where one of them cannot be told.
    fn corrections(&self, repair: &diagnosis::RepairCandidate) -> Option<String> {
        let reason = format!("{}, by the table's totals", self.describe_error(repair));
        let all = repair.changes.iter().map(|change| self.correction(*change, &reason));
        all.collect::<Option<Vec<_>>>().map(|all| all.join("\n"))
    }

    /// A correction; none where the figure has one already, or its region is unknown.
    fn correction(&self, (cell, meant): (usize, i64), reason: &str) -> Option<String> {
        let (context, figure) = (self.input.context, self.input.figure(cell));
        let key = self.key(figure, cell)?;
        let release = context.releases[self.input.cell(cell).document as usize].map(|day| day.to_string());
        let is_corrected = |known: &Correction| {
            let of_release = known.release.as_ref().map(toml::Spanned::get_ref);
            let is_same = context.definition.exception_key(&known.key)
                == crate::dataset::Key::parse(&key, context.definition).ok();
            is_same && (of_release.is_none() || of_release == release.as_ref())
        };
        if context.definition.corrections.iter().any(is_corrected) {
            return None;
        }
        let release = release.map(|day| format!("release = \"{day}\"\n")).unwrap_or_default();
        let value = format_number(meant, self.input.sum_table.decimals).replace(' ', "");
        let (key, reason) = (quote_toml(&key), quote_toml(reason));
        let expected = quote_toml(self.input.sum_table.cells[cell].printed);
        Some(format!(
            "[[correction]]\nkey = {key}\n{release}expected = {expected}\nvalue = {value}\nreason = {reason}\n"
        ))
    }

    /// The key of a figure; none where one of its codes is unknown.
    fn key(&self, figure: usize, cell: usize) -> Option<String> {
        let (table, batch) = (self.input.table, self.input.batch);
        let code = |(codes, code): (&crate::normalize::codes::CodeTable<'_>, u32)| {
            codes.info(code).map(|info| info.code.to_owned())
        };
        let mut parts: Vec<String> =
            batch.codes.iter().zip(table.codes_at(figure)).map(code).collect::<Option<_>>()?;
        let definition = self.input.context.definition;
        if definition.has_measures() {
            parts.push(definition.measures[table.measures[figure] as usize].code().to_owned());
        }
        parts.push(self.input.period(cell).to_owned());
        Some(parts.join("/"))
    }
}

const TOTAL: &str = "total";

/// What is to be done about rows, which no correction adds or takes out: nothing is printed that it could expect.
const MEND: &str = "mend the document";

/// How a table prints its figures.
struct FigureStyle<'t> {
    convention: NumberConvention,
    measure: &'t Measure,
    /// How many decimals its figures show.
    shown: u32,
    /// What parts its thousands, where anything does.
    thousands: Option<char>,
    /// What it prints for nil.
    nil: Option<&'t str>,
}

impl<'t> FigureStyle<'t> {
    fn new(input: &DiagnosisInput<'t>) -> FigureStyle<'t> {
        let (figures, measure) = (&input.context.definition.figures, input.measure);
        let cells = &input.sum_table.cells;
        let texts = cells.iter().map(|cell| cell.printed);
        let fitting =
            || NumberConvention::detect(texts.clone(), measure.printed_decimals(), figures.negative);
        let convention = figures.convention().unwrap_or_else(|| fitting().unwrap_or(NumberConvention::POINT));
        let nil = cells.iter().find(|cell| cell.is_nil).map(|cell| cell.printed);
        let decimals = |text| convention.parse_printed(text).ok().map(|(_, decimals)| decimals);
        FigureStyle {
            convention,
            measure,
            shown: texts.clone().filter_map(decimals).max().unwrap_or_default(),
            thousands: texts.clone().find_map(|text| convention.find_separator(text)),
            nil,
        }
    }

    /// A figure as a cell prints it, else as the table does.
    fn format_like(&self, figure: i64, like: &str) -> String {
        if let Some(nil) = self.nil.filter(|_| figure == 0) {
            return nil.into();
        }
        let own = self.convention.find_separator(like);
        let digits = like.bytes().filter(u8::is_ascii_digit).count();
        let (figure, decimals) = self.measure.to_printed(figure, self.shown);
        let runs_on = own.is_none() && digits > 3 + decimals as usize;
        self.convention.format(figure, decimals, own.or(self.thousands).filter(|_| !runs_on))
    }
}
