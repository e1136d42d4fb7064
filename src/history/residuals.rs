//! Which residual of a table may hold a code that it does not list, as for bounds: that of the smallest group around the code.
//! None where the definition says that the code cannot occur in the table.

use crate::dataset::TableDefinition;
use crate::history::History;
use crate::regions::{RESIDUAL, TOTAL};
use crate::transform::comparisons::Part;

impl History {
    /// What the code of a series is among those of its table.
    pub(super) fn part(&self, series: u32) -> Part {
        let Some(share) = self.share else { return Part::Listed };
        Part::of(self.names.code(share, self.places[series as usize].1).kind)
    }

    /// The residual among the series of a table that may hold another of its series.
    pub(super) fn find_residual(&self, series: u32, printed: &[u32]) -> Option<u32> {
        let share = self.share.filter(|share| !self.is_closed_to(*share, series))?;
        let dimension = &self.definition.dimensions[share];
        let code = |series: u32| self.names.code(share, self.places[series as usize].1).code.as_str();
        let holds = |whole: &str, code: &str| whole == TOTAL || dimension.holds(whole, code);
        // What is of unknown origin is kept by itself.
        let residuals = printed.iter().copied().filter(|other| code(*other).starts_with(RESIDUAL));
        let around = residuals.map(|residual| (dimension.whole_of(code(residual)), residual));
        let around: Vec<_> = around.filter(|(whole, _)| holds(whole, code(series))).collect();
        let depth = |whole: &str| around.iter().filter(|(outer, _)| holds(outer, whole)).count();
        around.iter().rev().max_by_key(|(whole, _)| depth(whole)).map(|(_, residual)| *residual)
    }

    /// Whether the definition says that the code of a series cannot occur in its table.
    fn is_closed_to(&self, share: usize, series: u32) -> bool {
        let codes = self.names.series.get(series);
        let code = |at: usize| self.names.code(at, codes[at]).code.as_str();
        let is_of = |table: &&TableDefinition| {
            let mut fixed = table.fixed.iter().enumerate().filter(|(at, _)| *at != share);
            fixed.all(|(at, fixed)| fixed.as_deref().is_none_or(|fixed| fixed == code(at)))
        };
        let dimension = &self.definition.dimensions[share];
        let mut tables = self.definition.tables.iter().filter(is_of).peekable();
        tables.peek().is_some() && tables.all(|table| table.is_closed_to(share, dimension, code(share)))
    }
}
