//! Laws that hold for any table: shares add up to 1, contributions to the total's change, ranks are counts.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::support::Case;

const REGIONS: [&str; 9] =
    ["Canada", "Japan", "India", "France", "Italy", "Brazil", "Kenya", "Peru", "Others"];

/// A document with one table per scheme, of random figures (none is a nil mark).
fn document(tables: &[Vec<Vec<u32>>]) -> String {
    let titles = ["Top Talent Pass Scheme", "Quality Migrant Admission Scheme"];
    let table = |(figures, title): (&Vec<Vec<u32>>, &str)| {
        let years: Vec<String> = (0..figures[0].len()).map(|year| (2019 + year).to_string()).collect();
        let print = |figure: &u32| if *figure == 0 { "-".into() } else { figure.to_string() };
        let row = |(region, figures): (&&str, &Vec<u32>)| {
            format!("{region}\t{}", figures.iter().map(print).collect::<Vec<_>>().join("\t"))
        };
        let total: Vec<String> = (0..years.len())
            .map(|year| figures.iter().map(|row| u64::from(row[year])).sum::<u64>().to_string())
            .collect();
        let rows: Vec<String> = REGIONS.iter().zip(figures).map(row).collect();
        format!("{title}\n\nRegion\t{}\n{}\nTotal\t{}\n", years.join("\t"), rows.join("\n"), total.join("\t"))
    };
    tables.iter().zip(titles).map(table).collect::<Vec<_>>().join("\n")
}

fn tables() -> impl Strategy<Value = Vec<Vec<Vec<u32>>>> {
    let figure = prop_oneof![3 => Just(0), 5 => 1u32..30, 5 => 0u32..40_000_000];
    let table = (1usize..=9, 2usize..6).prop_flat_map(move |(rows, years)| {
        prop::collection::vec(prop::collection::vec(figure.clone(), years), rows)
    });
    prop::collection::vec(table, 1..=2)
}

type Row = BTreeMap<String, String>;

fn number(row: &Row, column: &str) -> Option<f64> {
    (!row[column].is_empty()).then(|| row[column].parse().unwrap())
}

/// The sum over the regions of a column; none where one of them is null.
fn sum(rows: &[&Row], column: &str) -> Option<f64> {
    rows.iter().map(|row| number(row, column)).sum()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn shares_contributions_and_ranks_hold_their_laws(tables in tables()) {
        let case = Case::in_parts(&document(&tables));
        let ended = case.run(&["run"]);
        prop_assert_eq!(ended.code, 0, "{}", ended.err);
        let rows = case.rows("observations");
        let mut columns: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            columns.entry((&row["scheme"], &row["period"])).or_default().push(row);
        }
        for column in columns.values() {
            let (totals, parts): (Vec<&Row>, Vec<&Row>) = column.iter().partition(|row| row["region"] == "_T");
            let total = totals[0];
            prop_assert_eq!(sum(&parts, "value"), number(total, "value"));
            if let Some(shares) = sum(&parts, "share") { prop_assert!(close(shares, 1.0)) } else { prop_assert_eq!(number(total, "value"), Some(0.0)) }
            match (sum(&parts, "contribution"), number(total, "change_relative")) {
                (Some(contributions), Some(change)) => prop_assert!(close(contributions, change)),
                (contributions, change) => prop_assert_eq!(contributions, change),
            }
            let economies: Vec<&&Row> = parts.iter().filter(|row| row["region_kind"] == "economy").collect();
            for row in &economies {
                let larger = economies.iter().filter(|other| number(other, "value") > number(row, "value")).count();
                prop_assert_eq!(number(row, "region_rank"), Some(larger as f64 + 1.0));
            }
            prop_assert!(column.iter().all(|row| row["region_kind"] == "economy" || row["region_rank"].is_empty()));
        }
    }
}
