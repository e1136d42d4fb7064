//! Tables with one error each, and their diagnoses.

use std::collections::BTreeSet;

use super::*;
use proptest::prelude::*;

/// A table whose last row is the total of the others, column by column; cells are separated by bars.
fn table<'p>(rows: &[&'p str]) -> SumTable<'p> {
    let mut sum_table = SumTable::default();
    for (row, text) in rows.iter().enumerate() {
        for (column, printed) in text.split('|').map(str::trim).enumerate() {
            let value = printed.replace(' ', "").parse().unwrap_or(0);
            sum_table.cells.push(SumCell {
                row,
                column,
                printed,
                value,
                is_nil: printed == "-",
                is_confirmed: false,
            });
        }
    }
    let columns = sum_table.cells.iter().filter(|cell| cell.row == 0).count();
    sum_table.months = vec![12; columns];
    sum_table.sums =
        (0..columns).map(|column| down(column, columns, 0..rows.len() - 1, rows.len() - 1)).collect();
    sum_table
}

/// The sum of some rows of a column.
fn down(column: usize, columns: usize, rows: std::ops::Range<usize>, total: usize) -> SumEquation {
    let cell = |row: usize| row * columns + column;
    SumEquation { parts: rows.map(cell).collect(), total: cell(total), tolerance: 0 }
}

/// The sums of each diagnosis, and its repairs: `row,column→figure`, and the kind of error unless it is a misprint.
fn describe(sum_table: &SumTable<'_>) -> Vec<(Vec<usize>, Vec<String>)> {
    let change = |(cell, meant): &(usize, i64)| {
        let SumCell { row, column, .. } = sum_table.cells[*cell];
        format!("{row},{column}→{meant}")
    };
    let repair = |repair: &RepairCandidate| {
        let changes: Vec<String> = repair.changes.iter().map(change).collect();
        match &repair.error {
            ErrorKind::Misprint(_) => changes.join(" "),
            error => format!("{error:?} {}", changes.join(" ")).trim().to_owned(),
        }
    };
    let diagnoses = diagnose(sum_table);
    diagnoses.iter().map(|found| (found.sums.clone(), found.repairs.iter().map(repair).collect())).collect()
}

/// Asserts that a table has one diagnosis, of these sums and with this likeliest repair.
fn first(rows: &[&str], sums: &[usize], repair: &str) {
    let found = describe(&table(rows));
    assert!(found.len() == 1 && found[0].0 == sums, "{rows:?}: {found:?}");
    assert_eq!(found[0].1.first().map(String::as_str), Some(repair), "{rows:?}: {found:?}");
}

#[test]
fn a_table_that_adds_up_has_no_diagnosis() {
    assert_eq!(describe(&table(&["549 | 393", "- | 12", "549 | 405"])), []);
    assert_eq!(describe(&SumTable::default()), []);
}

#[test]
fn all_single_misprints_are_listed() {
    // 300 too few: in each figure one digit may be wrong, in the total, too.
    let found = describe(&table(&["393", "1 121", "600", "2 414"]));
    assert_eq!(found.len(), 1);
    let repairs: BTreeSet<&str> = found[0].1.iter().map(String::as_str).collect();
    assert_eq!(repairs, BTreeSet::from(["0,0→693", "1,0→1421", "2,0→900", "3,0→2114", "MissingRow([300])"]));
}

#[test]
fn history_decides_which_of_two_is_likelier() {
    first(&["700 | 393 | 690", "400 | 402 | 410", "1 100 | 1 095 | 1 100"], &[1], "0,1→693");
    first(&["390 | 393 | 391", "700 | 402 | 710", "1 090 | 1 095 | 1 101"], &[1], "1,1→702");
}

#[test]
fn a_period_is_compared_by_its_months() {
    let mut sum_table = table(&["600 | 37", "100 | 79", "700 | 176"]);
    sum_table.months = vec![12, 2];
    // 60 too few: 97 in two months is nearer to 600 in a year than 37 is; 116 is farther from 700 than 176.
    assert_eq!(describe(&sum_table)[0].1.first().map(String::as_str), Some("0,1→97"));
}

#[test]
fn errors_of_rows_are_found() {
    // A row is missing with 5, 7 and 9.
    first(&["549 | 393 | 31", "12 | 80 | 7", "566 | 480 | 47"], &[0, 1, 2], "MissingRow([5, 7, 9])");
    // Its first two figures are swapped.
    first(&["549 | 393 | 31", "80 | 12 | 7", "561 | 473 | 38"], &[0, 1], "SwappedColumns 1,0→12 1,1→80");
    // 12, 80 and 7 are printed one column too far to the left, with a figure of some other row behind.
    first(
        &["549 | 393 | 31 | 40", "80 | 7 | 5 | 99", "561 | 473 | 38 | 45"],
        &[0, 1, 2, 3],
        "ShiftedRow 1,0→12 1,1→80 1,2→7 1,3→5",
    );
    first(&["549 | 393", "12 | 80", "12 | 80", "561 | 473"], &[0, 1], "ExtraRow(1, Some(2)) 1,0→0 1,1→0");
    first(&["549 | 393", "12 | 80", "41 | 77", "561 | 473"], &[0, 1], "ExtraRow(2, None) 2,0→0 2,1→0");
    let apart = describe(&table(&["549 | 393", "12 | -", "- | 80", "549 | 393"]));
    assert!(!format!("{apart:?}").contains("ExtraRow"), "a row alone is no repetition: {apart:?}");
    first(&["549 | 393 | 280", "12 | 80 | 31", "473 | 473 | 311"], &[0], "NeighbourTotal 2,0→561");
}

#[test]
fn a_total_that_omits_a_row_is_a_candidate() {
    let found = describe(&table(&["549 | 393", "70 | 80", "549 | 393"]));
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains(&"OmittedRow(1) 2,0→619 2,1→473".to_owned()), "{found:?}");
}

#[test]
fn a_cell_of_two_failing_sums_is_found_by_both() {
    // Two groups of two rows each, their subtotals, and the total of these; 30 of the first group is printed 80.
    let mut sum_table = table(&["80", "40", "70", "5", "6", "11", "81"]);
    sum_table.sums = vec![down(0, 1, 0..2, 2), down(0, 1, 3..5, 5)];
    sum_table.sums.push(SumEquation { parts: vec![2, 5], total: 6, tolerance: 0 });
    let [(sums, repairs)] = &describe(&sum_table)[..] else { panic!("one diagnosis was expected") };
    assert_eq!((sums.as_slice(), repairs.first().map(String::as_str)), (&[0][..], Some("0,0→30")));
    // The subtotal cannot be wrong: the total holds with it.
    assert!(!repairs.iter().any(|repair| repair.starts_with("2,0")), "{repairs:?}");
    // Where the subtotal is misprinted, both of its sums fail, and it alone mends both.
    sum_table.cells[0] = SumCell { value: 30, printed: "30", ..sum_table.cells[0] };
    sum_table.cells[2] = SumCell { value: 90, printed: "90", ..sum_table.cells[2] };
    assert_eq!(describe(&sum_table), [(vec![0, 2], vec!["2,0→70".to_owned()])]);
}

#[test]
fn sums_of_rows_and_columns_meet_in_one_cell() {
    let mut sum_table = table(&["10 | 20 | 30", "41 | 21 | 52", "41 | 41 | 82"]);
    let across =
        |row: usize| SumEquation { parts: vec![3 * row, 3 * row + 1], total: 3 * row + 2, tolerance: 0 };
    sum_table.sums.extend((0..3).map(across));
    assert_eq!(describe(&sum_table), [(vec![0, 4], vec!["1,0→31".to_owned()])]);
}

#[test]
fn separate_errors_are_diagnosed_separately() {
    let found = describe(&table(&["549 | 393", "12 | 80", "861 | 453"]));
    let sums: Vec<&[usize]> = found.iter().map(|(sums, _)| sums.as_slice()).collect();
    assert_eq!(sums, [&[0][..], &[1]]);
    let found = describe(&table(&["549 | 393 | 1", "12 | 80 | 1", "861 | 493 | 2"]));
    assert!(found.len() == 1 && found[0].0 == [0, 1], "a row missing from two of three: {found:?}");
    assert_eq!(found[0].1[0], "MissingRow([300, 20, 0])");
    assert!(found[0].1.contains(&"0,0→849".to_owned()), "but each may be a misprint: {found:?}");
}

#[test]
fn a_tolerance_holds_for_sums_and_for_repairs() {
    let mut sum_table = table(&["549", "12", "563"]);
    sum_table.sums[0].tolerance = 2;
    assert_eq!(describe(&sum_table), []);
    let mut sum_table = table(&["549", "12", "593"]);
    sum_table.sums[0].tolerance = 2;
    assert!(describe(&sum_table)[0].1.contains(&"2,0→563".to_owned()), "{:?}", describe(&sum_table));
}

#[test]
fn a_repair_is_negative_only_if_figures_can_be() {
    let mut sum_table = table(&["5", "7", "2"]);
    assert!(!describe(&sum_table)[0].1.contains(&"0,0→-5".to_owned()));
    sum_table.allows_negative = true;
    assert_eq!(describe(&sum_table)[0].1[0], "0,0→-5");
}

#[test]
fn a_table_that_is_too_large_has_no_repairs() {
    let rows = vec!["1 | 1"; MAX_CELLS / 2];
    let found = describe(&table(&rows));
    assert!(found.iter().all(|(_, repairs)| repairs.is_empty()) && found.len() == 2);
}

proptest! {
    /// Every candidate resolves the sums that it names, and breaks none.
    #[test]
    fn a_repair_resolves_its_sums_and_breaks_none(
        rows in prop::collection::vec(prop::collection::vec(0i64..1200, 4), 2..7),
        at in 0usize..28, wrong in 0i64..1200, allows_negative: bool, tolerance in 0i64..4,
    ) {
        let mut figures = rows.clone();
        figures.push((0..4).map(|column| rows.iter().map(|row| row[column]).sum()).collect());
        let at = at % (figures.len() * 4);
        figures[at / 4][at % 4] = wrong;
        let texts: Vec<String> = figures.iter().map(|row| row.iter().map(i64::to_string).collect::<Vec<_>>().join("|")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut sum_table = SumTable { allows_negative, ..table(&texts) };
        sum_table.sums.iter_mut().for_each(|sum| sum.tolerance = tolerance);
        for found in diagnose(&sum_table) {
            for repair in found.repairs.iter().filter(|repair| !matches!(repair.error, ErrorKind::MissingRow(_))) {
                let mut mended = sum_table.clone();
                for (cell, meant) in &repair.changes {
                    prop_assert!(allows_negative || *meant >= 0);
                    mended.cells[*cell].value = *meant;
                }
                let failing = |sum_table: &SumTable<'_>| RepairSearch::new(sum_table).failing;
                let left: Vec<usize> = failing(&sum_table).into_iter().filter(|sum| !repair.resolves.contains(sum)).collect();
                prop_assert_eq!(failing(&mended), left);
            }
        }
    }
}
