use super::*;
use crate::grammar::number;
use crate::input::text;

/// The cells of each row of a text, and the numbers of the ambiguous rows.
fn recover(text: &str) -> (Vec<Vec<String>>, Vec<u32>) {
    let mut grid = text::parse_grid(text);
    recover_columns(&mut grid);
    let cells = |row: &Row<'_>| row.cells.iter().map(|cell| cell.text.to_string()).collect();
    (grid.rows.iter().map(cells).collect(), grid.ambiguous_rows.iter().map(|row| row.row).collect())
}

/// Rows of cells, written with pipes between them.
fn rows(rows: &[&str]) -> Vec<Vec<String>> {
    let cells = |row: &&str| row.split('|').filter(|_| !row.is_empty()).map(str::to_owned).collect();
    rows.iter().map(cells).collect()
}

#[test]
fn headings_may_be_regions() {
    let text = "As at end of Philippines Indonesia India Thailand Sri Lanka Others Total\n\
        2019 219 073 170 828 4 771 2 218 1 277 1 153 399 320\n\
        2020 207 402 157 802 4 406 2 024 1 177 1 073 373 884\n\
        2021 191 783 140 057 3 836 1 775 1 019 981 339 451\n";
    let expected = rows(&[
        "As at end of|Philippines|Indonesia|India|Thailand|Sri Lanka|Others|Total",
        "2019|219 073|170 828|4 771|2 218|1 277|1 153|399 320",
        "2020|207 402|157 802|4 406|2 024|1 177|1 073|373 884",
        "2021|191 783|140 057|3 836|1 775|1 019|981|339 451",
    ]);
    assert_eq!(recover(text), (expected.clone(), vec![]));
    // The header may be wrapped, or have its cells.
    let (wrapped, ambiguous) = recover(&text.replace(" Others Total", "\nOthers Total"));
    assert_eq!((&wrapped[2..], ambiguous), (&expected[1..], vec![]));
    assert_eq!(
        wrapped[..2],
        rows(&["As at end of|Philippines|Indonesia|India|Thailand|Sri Lanka", "||||||Others|Total"])
    );
    let header = "As at end of\tPhilippines\tIndonesia\tIndia\tThailand\tSri Lanka\tOthers\tTotal";
    let tabbed = text.replacen(text.lines().next().unwrap_or_default(), header, 1);
    assert_eq!(recover(&tabbed), (expected, vec![]));
}

#[test]
fn the_figures_of_foreign_domestic_helpers_are_recovered() {
    let path = "../shared/sources/text/helpers-by-nationality-flattened.txt";
    let Ok(text) = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
    else {
        eprintln!("skipped: the flattened table of helpers is not here");
        return;
    };
    let (cells, ambiguous) = recover(&text);
    assert_eq!(cells[3], ["2019", "219 073", "170 828", "4 771", "2 218", "1 277", "1 153", "399 320"]);
    assert_eq!((cells[2..].iter().map(Vec::len).collect::<Vec<_>>(), ambiguous), (vec![8; 4], vec![]));
}

#[test]
fn a_header_is_a_label_and_periods() {
    let cases = [
        ("Region 2023 2024\nCanada 1 2", "Region|2023|2024"),
        ("2023 2024\n1 2", "2023|2024"),
        (
            "Country/ Region 2025 2026 (as at end- February)\nCanada 1 2",
            "Country/ Region|2025|2026 (as at end- February)",
        ),
        ("Region 2025 2026 (as at end-\nFebruary)\nCanada 1 2", "Region|2025|2026 (as at end-"),
        ("Region\nCanada 1 2\nRegion 2022-23 2023-24\nCanada 1 2", "Region"),
        ("Region 2023 Q1 2023 Q2\nCanada 1 2", "Region|2023 Q1|2023 Q2"),
        ("Region 2022 2023 Total\nCanada 1 2 3", "Region|2022|2023|Total"),
        ("Year 2022 2023\nCanada 1 2", "Year|2022|2023"),
    ];
    for (text, expected) in cases {
        assert_eq!(recover(text).0[0], rows(&[expected])[0], "{text}");
    }
    // The first heading may be `As at end of 2022`, or the label `As at end of`.
    let (cells, ambiguous) = recover("As at end of 2022 2023\nCanada 1 2");
    assert_eq!((cells[0].len(), ambiguous), (1, vec![1]));
}

#[test]
fn prose_and_rows_with_cells_are_not_changed() {
    let texts = [
        "In 2023 and 2024 there were\n12 345 and 45 678 cases in all, 1 2\n",
        "Figures of 2023 2024\n\nNo figures follow here.\n",
        "Region 2022 2023 2024\nCanada\n……\nOthers\nTotal\n",
        "Region\t2023\t2024\nCanada\t1\t2\nTotal\t1\t2\n\nNote: so it was in 2023 and 2024.\n",
        "Region    2023    2024\nCanada       1       2\n",
        "China Japan\nare 2 3\n",
        "",
    ];
    for text in texts {
        let plain: Vec<Vec<String>> = text::parse_grid(text)
            .rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| cell.text.to_string()).collect())
            .collect();
        assert_eq!(recover(text), (plain, vec![]), "{text}");
    }
}

#[test]
fn a_label_ends_before_the_figures() {
    let header = "Region 2023 2024 2025\n";
    let cases = [
        ("Canada 1 2 3", "Canada|1|2|3"),
        ("Canada Note 1 26 344 22 815 22 280", "Canada Note 1|26 344|22 815|22 280"),
        ("Aged 15 - 24 1 2 3", "Aged 15 - 24|1|2|3"),
        ("Canada (1) - 9708 1 331", "Canada (1)|-|9708|1 331"),
        ("Canada -1 234 +5 0", "Canada|-1 234|+5|0"),
        ("Canada 1,234 5 6,789", "Canada|1,234|5|6,789"),
        ("Canada 1 234.5 2.0 12", "Canada|1 234.5|2.0|12"),
        ("Canada * .. n.a.", "Canada|*|..|n.a."),
    ];
    for (row, expected) in cases {
        assert_eq!(recover(&format!("{header}{row}")).0[1], rows(&[expected])[0], "{row}");
    }
    // A class, or a thousand? 1 234 | 5 | 6 or Class 1: 234 | 5 | 6.
    assert_eq!(recover(&format!("{header}Class 1 234 5 6")).1, [2]);
}

#[test]
fn a_label_may_begin_on_lines_above() {
    let text = "Region 2023 2024\nThe Democratic People's Republic of\nKorea 1 2\nAsia\nJapan 3 4\nVisas under\nScheme 1\n12 345\nTotal 16 351\n";
    let expected = rows(&[
        "Region|2023|2024",
        "The Democratic People's Republic of Korea|1|2",
        "Asia",
        "Japan|3|4",
        "Visas under Scheme 1|12|345",
        "Total|16|351",
    ]);
    assert_eq!(recover(text), (expected, vec![]));
}

#[test]
fn a_row_with_cells_counts_in_the_totals() {
    let text =
        "Region 2023 2024 2025\nCanada\t5\t1 204\t300\nJapan 219 173 170 828\nTotal 219 178 1 374 1 128\n";
    let (cells, ambiguous) = recover(text);
    assert_eq!((&cells[2], ambiguous), (&rows(&["Japan|219 173|170|828"])[0], vec![]));
}

#[test]
fn long_lines_are_left_ambiguous() {
    let figures = "123 ".repeat(5000);
    let text = format!("Region 2023 2024\nCanada {figures}\nJapan {figures}\n");
    assert!(recover(&text).0.iter().all(|row| row.len() <= 3));
    let digits = "1".repeat(100_000);
    assert_eq!(recover(&format!("Region 2023 2024\nCanada {digits} {digits}\n")).0.len(), 2);
    let years = format!("Region {}\nCanada 1 2\n", "2023 ".repeat(300));
    assert_eq!(recover(&years).0.len(), 2);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_is_lost_and_every_cell_has_its_column(text in "(Region |2023 |2024 |Canada |Korea |Total |Note 1 |- |1 |12 |123 |045 |1234567 |1,234 |12[.]5 |2026 [(]as at end-|February[)] |Japan\t5|\n|\n|\n\n){0,80}") {
        let words = |grid: &Grid<'_>| {
            let cells = grid.rows.iter().flat_map(|row| &row.cells);
            let mut words: Vec<String> = cells.flat_map(|cell| cell.text.split_whitespace().map(str::to_owned)).collect();
            words.sort();
            words.concat()
        };
        let mut grid = text::parse_grid(&text);
        let before = words(&grid);
        recover_columns(&mut grid);
        let digits = |text: &str| { let mut all: Vec<char> = text.chars().collect(); all.sort_unstable(); all };
        proptest::prop_assert_eq!(digits(&words(&grid)), digits(&before));
        for row in &grid.rows {
            for cell in row.cells.iter().filter(|cell| matches!(cell.text, Cow::Borrowed(_))) {
                let behind: String = row.line.chars().skip(cell.column as usize - 1).collect();
                proptest::prop_assert!(behind.starts_with(cell.text.as_ref()));
            }
        }
        proptest::prop_assert!(grid.ambiguous_rows.is_sorted_by(|a, b| a.row < b.row));
        proptest::prop_assert!(grid.rows.is_sorted_by(|a, b| a.number < b.number));
    }
}

/// Pseudo-random numbers that are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// A figure of one to eight digits, or nil.
    fn figure(&mut self) -> Option<i64> {
        let most = 10u64.pow(1 + self.below(8) as u32);
        let least = if most == 10 { 0 } else { most / 10 };
        (self.below(10) > 0).then(|| (least + self.below(most - least)) as i64)
    }
}

/// The greatest size of tables, and which totals they have besides those of the columns.
#[derive(Clone, Copy)]
struct Shape {
    rows: u64,
    columns: u64,
    across: bool,
}

const REGIONS: [&str; 30] = [
    "Canada",
    "Japan",
    "India",
    "France",
    "Italy",
    "Brazil",
    "Kenya",
    "Peru",
    "Chile",
    "China",
    "Spain",
    "Norway",
    "Sweden",
    "Finland",
    "Denmark",
    "Poland",
    "Greece",
    "Turkey",
    "Egypt",
    "Ghana",
    "Nigeria",
    "Mexico",
    "Cuba",
    "Nepal",
    "Thailand",
    "Viet Nam",
    "Malaysia",
    "Sri Lanka",
    "South Korea",
    "Others",
];

/// A table of random figures with its totals, as cells.
fn random_table(numbers: &mut Numbers, shape: Shape) -> Vec<Vec<String>> {
    let (rows, columns) = (2 + numbers.below(shape.rows - 1), 2 + numbers.below(shape.columns - 1));
    let mut figures: Vec<Vec<Option<i64>>> =
        (0..rows).map(|_| (0..columns).map(|_| numbers.figure()).collect()).collect();
    if shape.across {
        for row in &mut figures {
            row.push(Some(row.iter().flatten().sum()));
        }
    }
    let total = |column: usize| Some(figures.iter().filter_map(|row| row[column]).sum::<i64>());
    let totals = (0..figures[0].len()).map(total).collect();
    figures.push(totals);
    let printed = |figure: &Option<i64>| figure.map_or("-".into(), |figure| number::format_number(figure, 0));
    let labels = REGIONS.iter().take(rows as usize).chain([&"Total"]);
    let row = |(label, row): (&&str, &Vec<Option<i64>>)| {
        std::iter::once((*label).to_owned()).chain(row.iter().map(printed)).collect()
    };
    let years = (0..columns).map(|year| (2001 + year).to_string());
    let total = shape.across.then(|| "Total".to_owned());
    let header: Vec<String> = std::iter::once("Region".to_owned()).chain(years).chain(total).collect();
    std::iter::once(header).chain(labels.zip(&figures).map(row)).collect()
}

/// Changes a digit of a figure, or of a total.
fn damage(numbers: &mut Numbers, table: &mut [Vec<String>]) {
    let digits =
        |cell: &str| cell.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect::<Vec<_>>();
    let (cell, digits) = loop {
        let row = 1 + numbers.below(table.len() as u64 - 1) as usize;
        let column = 1 + numbers.below(table[0].len() as u64 - 1) as usize;
        let found = digits(&table[row][column]);
        if !found.is_empty() {
            break (&mut table[row][column], found);
        }
    };
    let at = digits[numbers.below(digits.len() as u64) as usize];
    let old = u64::from(cell.as_bytes()[at] - b'0');
    // Another digit, and no zero, with which no figure begins.
    let new = 1 + (old + numbers.below(8)) % 9;
    cell.replace_range(at..=at, &new.to_string());
}

/// The results of random tables.
#[derive(Debug, Default)]
struct Count {
    whole: usize,
    wrong: usize,
    damaged: usize,
    damaged_whole: usize,
    damaged_wrong: usize,
}

/// Recovers random tables, each as printed and damaged, and counts the results.
fn count_recovered(shape: Shape, tables: usize) -> Count {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let mut count = Count { damaged: tables, ..Count::default() };
    for _ in 0..tables {
        let mut table = random_table(&mut numbers, shape);
        let (whole, wrong) = compare(&table);
        count.whole += usize::from(whole);
        count.wrong += usize::from(wrong);
        damage(&mut numbers, &mut table);
        let (whole, wrong) = compare(&table);
        count.damaged_whole += usize::from(whole);
        count.damaged_wrong += usize::from(wrong);
    }
    eprintln!(
        "up to {} rows, {} columns, row totals {}: of {tables} {count:?}",
        shape.rows, shape.columns, shape.across
    );
    count
}

/// Whether all rows of a flattened table are recovered, and whether a row is recovered wrongly.
fn compare(table: &[Vec<String>]) -> (bool, bool) {
    let text: Vec<String> = table.iter().map(|row| row.join(" ")).collect();
    let (cells, ambiguous) = recover(&text.join("\n"));
    let is_ambiguous = |at: usize| ambiguous.contains(&(at as u32 + 1));
    let wrong = (0..table.len()).any(|at| !is_ambiguous(at) && cells[at] != table[at] && cells[at].len() > 1);
    (cells == table, wrong)
}

/// Column totals alone in tables of up to 12 rows and 6 columns, and of up to 30 rows and 12; row totals, too.
const SHAPES: [(Shape, usize); 3] = [
    (Shape { rows: 12, columns: 6, across: false }, 99),
    (Shape { rows: 30, columns: 12, across: false }, 90),
    (Shape { rows: 30, columns: 12, across: true }, 99),
];

fn test_random_tables(tables: usize) {
    for (shape, share) in SHAPES {
        let count = count_recovered(shape, tables);
        assert_eq!(count.wrong, 0, "{count:?}");
        assert!(count.whole * 100 >= share * tables, "{count:?}");
        // A wrong figure can be made up for by a wrong reading, by chance.
        assert!(count.damaged_wrong * 1000 <= count.damaged, "{count:?}");
    }
}

#[test]
fn random_tables_are_recovered_or_ambiguous() {
    test_random_tables(100);
}

#[test]
#[ignore = "takes some minutes"]
fn ten_thousand_random_tables_are_recovered_or_ambiguous() {
    test_random_tables(10_000);
}
