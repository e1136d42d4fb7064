//! Which residual of a table may hold a code: that of a region the code lies in, else that of the whole; none where the
//! definition says that the code cannot occur in the table.

use crate::dataset::{Definition, TableDefinition};
use crate::history::History;
use crate::regions::RESIDUAL;
use crate::transform::comparisons::Part;

impl History {
    /// What the code of a series is among those of its table.
    pub(super) fn part(&self, series: u32) -> Part {
        let Some(share) = self.share else { return Part::Listed };
        Part::of(self.names.code(share, self.places[series as usize].1).kind)
    }

    /// The residual among the series of a table that may hold another of its series.
    pub(super) fn find_residual(&self, series: u32, printed: &[u32]) -> Option<u32> {
        let share = self.share?;
        let dimension = &self.definition.dimensions[share];
        let code = |series: u32| self.names.code(share, self.places[series as usize].1).code.as_str();
        let own = code(series);
        let residuals = || printed.iter().copied().filter(|other| self.part(*other) == Part::Residual);
        let holds = |residual: &u32| {
            let group = code(*residual).strip_prefix(RESIDUAL).filter(|group| !group.is_empty());
            group.is_some_and(|group| dimension.holds(&format!("X{group}"), own))
        };
        let of_whole = || residuals().find(|residual| code(*residual) == RESIDUAL);
        residuals().find(holds).or_else(of_whole).filter(|_| !self.is_excluded(series, own))
    }

    /// Whether the definition says that a code cannot occur in the table of a series.
    fn is_excluded(&self, series: u32, code: &str) -> bool {
        let codes = self.names.series.get(series);
        let is_of = |table: &&TableDefinition| {
            let mut fixed =
                table.fixed.iter().enumerate().filter_map(|(at, code)| Some((at, code.as_ref()?)));
            fixed.all(|(at, fixed)| Some(at) == self.share || self.names.code(at, codes[at]).code == *fixed)
        };
        let Definition { tables, .. } = &self.definition;
        let mut excludes = tables.iter().filter(is_of).flat_map(|table| &table.excludes);
        excludes.any(|(at, excluded, _)| Some(*at) == self.share && excluded == code)
    }
}
