use proptest::prelude::*;

use super::*;

/// The solutions of the rows of a table, with all steps left.
fn solve(table: &FlatTable) -> Vec<RowSolution> {
    crate::column_recovery::solve::solve(table, &mut { MAX_TABLE_STEPS })
}

/// The lattice of a row as printed: `5 1 204 300`; `-` is nil.
fn row(text: &str) -> Lattice {
    let groups: Vec<&str> = text.split(' ').collect();
    let value = |from: usize, to: usize| groups[from..to].concat().parse().unwrap_or(0);
    let cells = |from: usize| {
        let begins = groups[from] == "-" || groups[from] == "0" || !groups[from].starts_with('0');
        let goes_on = |&to: &usize| {
            to == from + 1 || groups[from] != "-" && groups[from] != "0" && groups[to - 1].len() == 3
        };
        // No figure has more than fifteen digits.
        let ends = (from + 1..=groups.len().min(from + 5)).take_while(goes_on);
        ends.filter(|_| begins).map(|to| (to, value(from, to))).collect()
    };
    Lattice::new(&(0..groups.len()).map(cells).collect::<Vec<_>>(), &[0])
}

fn table(rows: &[&str], across: &[i64], down: &[i64]) -> FlatTable {
    FlatTable {
        rows: rows.iter().map(|text| row(text)).collect(),
        column_weights: across.to_vec(),
        row_weights: down.to_vec(),
    }
}

fn read(reading: &[usize]) -> RowSolution {
    RowSolution::Unique(reading.to_vec())
}

#[test]
fn a_row_with_one_reading_needs_no_total() {
    let solutions = solve(&table(&["1 047 893 802", "- 3 124 3 398", "351 184 340 578"], &[0; 3], &[0; 3]));
    assert_eq!(solutions[..2], [read(&[0, 2, 3]), read(&[0, 1, 3])]);
    let left = vec![vec![0, 1, 2], vec![0, 1, 3], vec![0, 2, 3]];
    assert_eq!(solutions[2], RowSolution::Open { readings: left, count: 3 });
}

#[test]
fn a_row_is_solved_by_its_own_total() {
    // 219 073 + 170 828 + 4 771 + 2 218 + 1 277 + 1 153 = 399 320
    let across = [1, 1, 1, 1, 1, 1, -1];
    let text = "219 073 170 828 4 771 2 218 1 277 1 153 399 320";
    assert_eq!(solve(&table(&[text], &across, &[0])), [read(&[0, 2, 4, 6, 8, 10, 12])]);
    let damaged = "219 073 170 828 4 771 2 218 1 277 1 153 399 321";
    // Two of eight groups begin the further two cells.
    assert!(matches!(&solve(&table(&[damaged], &across, &[0]))[0], RowSolution::Open { count: 28, .. }));
}

#[test]
fn rows_are_solved_jointly_by_the_totals_of_columns() {
    let rows = ["219 173 170 828", "5 1 204 300", "219 178 1 374 1 128"];
    let solutions = solve(&table(&rows, &[0; 3], &[1, 1, -1]));
    assert_eq!(solutions, [read(&[0, 2, 3]), read(&[0, 1, 3]), read(&[0, 2, 4])]);
}

#[test]
fn a_row_that_another_contains_is_in_no_sum() {
    let rows = ["219 173 170 828", "5 1 204 300", "219 178 1 374 1 128", "1 100 100 100"];
    let solutions = solve(&table(&rows, &[0; 3], &[1, 1, -1, 0]));
    assert_eq!(solutions[..3], [read(&[0, 2, 3]), read(&[0, 1, 3]), read(&[0, 2, 4])]);
    assert!(matches!(solutions[3], RowSolution::Open { count: 3, .. }));
}

#[test]
fn two_solutions_are_none() {
    // 1 and 100 100 in the one row, 1 100 and 100 in the other: either may be the one.
    let rows = ["1 100 100", "1 100 100", "1 101 100 200"];
    let solutions = solve(&table(&rows, &[0; 2], &[1, 1, -1]));
    assert!(
        matches!(solutions[0], RowSolution::Open { count: 2, .. })
            && matches!(solutions[1], RowSolution::Open { count: 2, .. })
    );
}

#[test]
fn a_search_that_takes_too_long_is_given_up() {
    let rows = ["219 173 170 828", "5 1 204 300", "219 178 1 374 1 128"];
    let table = table(&rows, &[0; 3], &[1, 1, -1]);
    assert!(matches!(solve_within(&table, &mut 5)[0], RowSolution::Open { count: 3, .. }));
    assert_eq!(solve_within(&table, &mut 100)[0], read(&[0, 2, 3]));
}

#[test]
#[ignore = "measures"]
fn sixty_rows_of_twelve_columns_are_solved_or_given_up_within_a_second() {
    // Figures of six digits, each of which is one cell or two: the most readings that a table can have.
    let figure = |row: i64, column: i64| 100_000 + (row * 7919 + column * 104_729) * 7_368_787 % 899_999;
    let printed = |figures: Vec<i64>| {
        figures
            .into_iter()
            .map(|figure| crate::grammar::number::format_number(figure, 0))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let total = |column: i64| (0..59).map(|row| figure(row, column)).sum();
    let mut rows: Vec<String> =
        (0..59).map(|row| printed((0..12).map(|column| figure(row, column)).collect())).collect();
    rows.push(printed((0..12).map(total).collect()));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let mut down = vec![1; 60];
    down[59] = -1;
    let start = std::time::Instant::now();
    let open = solve(&table(&rows, &[0; 12], &down))
        .iter()
        .filter(|row| matches!(row, RowSolution::Open { .. }))
        .count();
    eprintln!("{open} rows left open after {:?}", start.elapsed());
}

/// A figure, or nil.
fn figure() -> impl Strategy<Value = Option<i64>> {
    let digits = (1u32..=8).prop_flat_map(|digits| 10i64.pow(digits - 1)..10i64.pow(digits));
    prop_oneof![1 => Just(None), 9 => digits.prop_map(Some)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is found in a small table is what trying all readings of all rows finds.
    #[test]
    fn the_search_agrees_with_brute_force(figures in prop::collection::vec(prop::collection::vec(figure(), 3), 1..4), off in 0i64..2) {
        let groups = |figure: &Option<i64>| figure.map_or("-".into(), |figure| crate::grammar::number::format_number(figure, 0));
        let mut rows: Vec<Vec<Option<i64>>> = figures.clone();
        rows.push((0..3).map(|column| Some(figures.iter().filter_map(|row| row[column]).sum::<i64>() + off)).collect());
        let printed: Vec<String> = rows.iter().map(|row| row.iter().map(groups).collect::<Vec<_>>().join(" ")).collect();
        let printed: Vec<&str> = printed.iter().map(String::as_str).collect();
        let mut down = vec![1; rows.len()];
        down[rows.len() - 1] = -1;
        let table = table(&printed, &[0; 3], &down);
        let found = brute_force(&table);
        let solutions = solve(&table);
        for (row, solution) in solutions.iter().enumerate() {
            let single = table.rows[row].count_readings(3) == 1;
            match (solution, found.as_slice()) {
                (RowSolution::Unique(reading), [only]) => prop_assert_eq!(reading, &only[row]),
                (RowSolution::Unique(_), _) => prop_assert!(single),
                (RowSolution::Open { .. }, found) => prop_assert!(found.len() != 1 && !single),
            }
        }
    }
}

/// All readings of all rows for which each column adds up, found by brute force.
fn brute_force(table: &FlatTable) -> Vec<Vec<RowReading>> {
    let all = |row: &Lattice| {
        row.find_readings(&vec![0; table.column_weights.len()], usize::MAX, &mut usize::MAX.clone()).list
    };
    let mut joint: Vec<Vec<RowReading>> = vec![Vec::new()];
    for row in &table.rows {
        let readings = all(row);
        joint = joint
            .iter()
            .flat_map(|before| readings.iter().map(|one| [before.clone(), vec![one.clone()]].concat()))
            .collect();
    }
    let value = |row: usize, reading: &RowReading, column: usize| {
        table.rows[row].value(
            reading[column],
            reading
                .get(column + 1)
                .copied()
                .unwrap_or(table.rows[row].place(crate::column_recovery::lattice::END_NODE)),
        )
    };
    joint.retain(|readings| {
        (0..table.column_weights.len()).all(|column| {
            readings
                .iter()
                .enumerate()
                .map(|(row, reading)| table.row_weights[row] * value(row, reading, column))
                .sum::<i64>()
                == 0
        })
    });
    joint
}
