//! Tables with one fault each, and what is said of it.

use super::*;
use proptest::prelude::*;

/// A table whose last row is the total of the others, column by column; cells are parted by bars.
fn table<'p>(rows: &[&'p str]) -> Picture<'p> {
    let mut picture = Picture::default();
    for (row, text) in rows.iter().enumerate() {
        for (column, printed) in text.split('|').map(str::trim).enumerate() {
            let value = printed.replace(' ', "").parse().unwrap_or(0);
            picture.cells.push(Cell { row, column, printed, value, is_nil: printed == "-" });
        }
    }
    let columns = picture.cells.iter().filter(|cell| cell.row == 0).count();
    picture.months = vec![12; columns];
    picture.sums =
        (0..columns).map(|column| down(column, columns, 0..rows.len() - 1, rows.len() - 1)).collect();
    picture
}

/// The sum of some rows of a column.
fn down(column: usize, columns: usize, rows: std::ops::Range<usize>, total: usize) -> Sum {
    let cell = |row: usize| row * columns + column;
    Sum { parts: rows.map(cell).collect(), total: cell(total), tolerance: 0 }
}

/// The sums of each diagnosis, and its repairs: `row,column→figure`, and the slip where it is not in a single figure.
fn told(picture: &Picture<'_>) -> Vec<(Vec<usize>, Vec<String>)> {
    let change = |(cell, meant): &(usize, i64)| {
        let Cell { row, column, .. } = picture.cells[*cell];
        format!("{row},{column}→{meant}")
    };
    let repair = |repair: &Repair| {
        let changes: Vec<String> = repair.changes.iter().map(change).collect();
        match &repair.slip {
            Slip::Misprint(_) => changes.join(" "),
            slip => format!("{slip:?} {}", changes.join(" ")).trim().to_owned(),
        }
    };
    let diagnoses = diagnosed(picture);
    diagnoses.iter().map(|found| (found.sums.clone(), found.repairs.iter().map(repair).collect())).collect()
}

/// A table with failing sums, all told of in one, and the likeliest repair of it.
fn first(rows: &[&str], sums: &[usize], repair: &str) {
    let found = told(&table(rows));
    assert!(found.len() == 1 && found[0].0 == sums, "{rows:?}: {found:?}");
    assert_eq!(found[0].1.first().map(String::as_str), Some(repair), "{rows:?}: {found:?}");
}

#[test]
fn a_table_that_adds_up_has_nothing_to_tell() {
    assert_eq!(told(&table(&["549 | 393", "- | 12", "549 | 405"])), []);
    assert_eq!(told(&Picture::default()), []);
}

#[test]
fn all_that_one_misprint_would_explain_is_listed() {
    // 300 too few: in each figure one digit may be wrong, in the total, too.
    let found = told(&table(&["393", "1 121", "600", "2 414"]));
    assert_eq!(found.len(), 1);
    let repairs: BTreeSet<&str> = found[0].1.iter().map(String::as_str).collect();
    assert_eq!(repairs, BTreeSet::from(["0,0→693", "1,0→1421", "2,0→900", "3,0→2114", "Missing([300])"]));
}

#[test]
fn history_tells_which_of_two_is_likelier() {
    first(&["700 | 393 | 690", "400 | 402 | 410", "1 100 | 1 095 | 1 100"], &[1], "0,1→693");
    first(&["390 | 393 | 391", "700 | 402 | 710", "1 090 | 1 095 | 1 101"], &[1], "1,1→702");
}

#[test]
fn a_period_is_compared_by_its_months() {
    let mut picture = table(&["600 | 37", "100 | 79", "700 | 176"]);
    picture.months = vec![12, 2];
    // 60 too few: 97 in two months is nearer to 600 in a year than 37 is; 116 is farther from 700 than 176.
    assert_eq!(told(&picture)[0].1.first().map(String::as_str), Some("0,1→97"));
}

#[test]
fn slips_of_a_row_are_known() {
    // A row is missing with 5, 7 and 9.
    first(&["549 | 393 | 31", "12 | 80 | 7", "566 | 480 | 47"], &[0, 1, 2], "Missing([5, 7, 9])");
    // Its first two figures are swapped.
    first(&["549 | 393 | 31", "80 | 12 | 7", "561 | 473 | 38"], &[0, 1], "Columns 1,0→12 1,1→80");
    // 12, 80 and 7 are printed one column too far to the left, with a figure of some other row behind.
    first(
        &["549 | 393 | 31 | 40", "80 | 7 | 5 | 99", "561 | 473 | 38 | 45"],
        &[0, 1, 2, 3],
        "Shifted 1,0→12 1,1→80 1,2→7 1,3→5",
    );
    first(&["549 | 393", "12 | 80", "12 | 80", "561 | 473"], &[0, 1], "Extra(1, Some(2)) 1,0→0 1,1→0");
    first(&["549 | 393", "12 | 80", "41 | 77", "561 | 473"], &[0, 1], "Extra(2, None) 2,0→0 2,1→0");
    let apart = told(&table(&["549 | 393", "12 | -", "- | 80", "549 | 393"]));
    assert!(!format!("{apart:?}").contains("Extra"), "a row alone is no repetition: {apart:?}");
    first(&["549 | 393 | 280", "12 | 80 | 31", "473 | 473 | 311"], &[0], "Beside 2,0→561");
}

#[test]
fn a_total_that_leaves_a_row_out_is_one_of_the_readings() {
    let found = told(&table(&["549 | 393", "70 | 80", "549 | 393"]));
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains(&"LeftOut(1) 2,0→619 2,1→473".to_owned()), "{found:?}");
}

#[test]
fn a_cell_of_two_failing_sums_is_found_by_both() {
    // Two groups of two rows each, their subtotals, and the total of these; 30 of the first group is printed 80.
    let mut picture = table(&["80", "40", "70", "5", "6", "11", "81"]);
    picture.sums = vec![down(0, 1, 0..2, 2), down(0, 1, 3..5, 5)];
    picture.sums.push(Sum { parts: vec![2, 5], total: 6, tolerance: 0 });
    let [(sums, repairs)] = &told(&picture)[..] else { panic!("one diagnosis was expected") };
    assert_eq!((sums.as_slice(), repairs.first().map(String::as_str)), (&[0][..], Some("0,0→30")));
    // The subtotal cannot be wrong: the total holds with it.
    assert!(!repairs.iter().any(|repair| repair.starts_with("2,0")), "{repairs:?}");
    // Where the subtotal is misprinted, both of its sums fail, and it alone mends both.
    picture.cells[0] = Cell { value: 30, printed: "30", ..picture.cells[0] };
    picture.cells[2] = Cell { value: 90, printed: "90", ..picture.cells[2] };
    assert_eq!(told(&picture), [(vec![0, 2], vec!["2,0→70".to_owned()])]);
}

#[test]
fn sums_across_and_down_meet_in_one_cell() {
    let mut picture = table(&["10 | 20 | 30", "41 | 21 | 52", "41 | 41 | 82"]);
    let across = |row: usize| Sum { parts: vec![3 * row, 3 * row + 1], total: 3 * row + 2, tolerance: 0 };
    picture.sums.extend((0..3).map(across));
    assert_eq!(told(&picture), [(vec![0, 4], vec!["1,0→31".to_owned()])]);
}

#[test]
fn faults_apart_are_told_apart() {
    let found = told(&table(&["549 | 393", "12 | 80", "861 | 453"]));
    let sums: Vec<&[usize]> = found.iter().map(|(sums, _)| sums.as_slice()).collect();
    assert_eq!(sums, [&[0][..], &[1]]);
    let found = told(&table(&["549 | 393 | 1", "12 | 80 | 1", "861 | 493 | 2"]));
    assert!(found.len() == 1 && found[0].0 == [0, 1], "a row missing from two of three: {found:?}");
    assert_eq!(found[0].1[0], "Missing([300, 20, 0])");
    assert!(found[0].1.contains(&"0,0→849".to_owned()), "but each may be a misprint: {found:?}");
}

#[test]
fn what_may_be_off_is_not_mended_and_gives_way_to_a_repair() {
    let mut picture = table(&["549", "12", "563"]);
    picture.sums[0].tolerance = 2;
    assert_eq!(told(&picture), []);
    let mut picture = table(&["549", "12", "593"]);
    picture.sums[0].tolerance = 2;
    assert!(told(&picture)[0].1.contains(&"2,0→563".to_owned()), "{:?}", told(&picture));
}

#[test]
fn below_zero_is_a_repair_only_where_figures_can_be() {
    let mut picture = table(&["5", "7", "2"]);
    assert!(!told(&picture)[0].1.contains(&"0,0→-5".to_owned()));
    picture.negative = true;
    assert_eq!(told(&picture)[0].1[0], "0,0→-5");
}

#[test]
fn a_table_too_large_for_a_list_has_none() {
    let rows = vec!["1 | 1"; MOST_CELLS / 2];
    let found = told(&table(&rows));
    assert!(found.iter().all(|(_, repairs)| repairs.is_empty()) && found.len() == 2);
}

proptest! {
    /// Whatever is listed makes the failing sums true, and breaks none.
    #[test]
    fn a_repair_holds_what_it_says(
        rows in prop::collection::vec(prop::collection::vec(0i64..1200, 4), 2..7),
        at in 0usize..28, wrong in 0i64..1200, negative: bool, tolerance in 0i64..4,
    ) {
        let mut figures = rows.clone();
        figures.push((0..4).map(|column| rows.iter().map(|row| row[column]).sum()).collect());
        let at = at % (figures.len() * 4);
        figures[at / 4][at % 4] = wrong;
        let texts: Vec<String> = figures.iter().map(|row| row.iter().map(i64::to_string).collect::<Vec<_>>().join("|")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut picture = Picture { negative, ..table(&texts) };
        picture.sums.iter_mut().for_each(|sum| sum.tolerance = tolerance);
        for found in diagnosed(&picture) {
            for repair in found.repairs.iter().filter(|repair| !matches!(repair.slip, Slip::Missing(_))) {
                let mut mended = picture.clone();
                for (cell, meant) in &repair.changes {
                    prop_assert!(negative || *meant >= 0);
                    mended.cells[*cell].value = *meant;
                }
                let failing = |picture: &Picture<'_>| Table::of(picture).failing;
                let left: Vec<usize> = failing(&picture).into_iter().filter(|sum| !repair.closes.contains(sum)).collect();
                prop_assert_eq!(failing(&mended), left);
            }
        }
    }
}
