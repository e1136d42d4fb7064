//! Where a sheet is not laid out as a definition says.

use crate::document::Grid;
use crate::layout::frame::place::beyond;
use crate::layout::frame::{Frame, Misfit};
use crate::text::fold_whitespace;

impl Frame {
    /// Why no header of it stands on a grid: the first cell that does not fit in the rows that fit best.
    pub(super) fn explain(&self, grid: &Grid<'_>) -> Misfit {
        let first = self.stub.len();
        let fitting = |at: usize| {
            let rows = self.header_rows(grid, at, grid.rows.len())?;
            let cells = rows.iter().zip(&self.header).map(|(row, level)| {
                beyond(&grid.rows[*row], first).iter().filter(|cell| level.knows(cell)).count()
            });
            Some((cells.sum::<usize>(), rows)).filter(|(count, _)| *count > 0)
        };
        let best = (0..grid.rows.len())
            .filter_map(fitting)
            .max_by_key(|(count, rows)| (*count, std::cmp::Reverse(rows[0])));
        let place = best.and_then(|(_, rows)| {
            rows.iter().zip(&self.header).find_map(|(row, level)| {
                let cells = beyond(&grid.rows[*row], first);
                let cell = cells.iter().find(|cell| !cell.text.is_empty() && !level.knows(cell))?;
                Some((*row, cell))
            })
        });
        match place {
            Some((row, cell)) => Misfit {
                table: self.table,
                row: Some(row),
                column: cell.column,
                message: format!(
                    "`{}` does not fit what `header` says of this row",
                    fold_whitespace(&cell.text)
                ),
            },
            None => Misfit {
                table: self.table,
                row: None,
                column: 1,
                message: "no rows of the sheet fit what `header` and `stub` say".into(),
            },
        }
    }
}
