//! A long history, made up by rules on the annex's figures. Each rule changes what the next document prints and puts down the
//! rows that the history must have because of it, so that the program is held against the rules and not against itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::support::{Case, annex, root, says};

const SCHEMES: [(&str, &str); 7] = [
    ("TTPS", "Top Talent Pass Scheme"),
    ("GEP", "General Employment Policy"),
    ("ASMTP", "Admission Scheme for Mainland Talents and Professionals"),
    ("IANG", "Immigration Arrangements for Non-local Graduates"),
    ("TechTAS", "Technology Talent Admission Scheme"),
    ("QMAS", "Quality Migrant Admission Scheme"),
    ("ASSG", "Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents"),
];

const REGIONS: [(&str, &str); 20] = [
    ("AUS", "Australia"),
    ("CAN", "Canada"),
    ("CHN", "Chinese Mainland"),
    ("FRA", "France"),
    ("GBR", "The United Kingdom"),
    ("IND", "India"),
    ("ITA", "Italy"),
    ("JPN", "Japan"),
    ("KOR", "South Korea"),
    ("MAC", "Macao SAR"),
    ("MYS", "Malaysia"),
    ("NLD", "The Netherlands"),
    ("PAK", "Pakistan"),
    ("PHL", "The Philippines"),
    ("SGP", "Singapore"),
    ("THA", "Thailand"),
    ("TWN", "Taiwan, China"),
    ("USA", "The United States"),
    ("_O", "Others"),
    ("_T", "Total"),
];

/// Its code, its heading, and its figures as a fraction of a column of the annex. The last column is of two months.
const PERIODS: [(&str, &str, usize, [i64; 2]); 8] = [
    ("2023", "2023", 0, [1, 1]),
    ("2024", "2024", 1, [1, 1]),
    ("2024-S1", "2024 (as at end-June)", 1, [1, 2]),
    ("2025", "2025", 2, [1, 1]),
    ("2025-Q1", "2025 (as at end-March)", 2, [1, 4]),
    ("2025-S1", "2025 (as at end-June)", 2, [1, 2]),
    ("2026-01-01/P2M", "2026 (as at end-February)", 3, [1, 1]),
    ("2026-Q1", "2026 (as at end-March)", 3, [3, 2]),
];

/// What the built-in definition does not know of the years to come.
const CHANGES: [(&str, &str); 3] = [
    ("[[dimension]]\nname = \"scheme\"", "\"..\" = \"O\"\n\n[[dimension]]\nname = \"scheme\""),
    (
        "ASSG = \"Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents\"\n",
        "ASSG = \"Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents\"\nPIONEER = \"Made-up Pioneer Scheme\"\n",
    ),
    ("fixed = { scheme = \"ASSG\" }", "fixed = { scheme = \"ASSG\" }\nuntil = \"2025-12-31\""),
];

const ADDED_TABLES: &str = "
[[table]]
fixed = { scheme = \"PIONEER\" }
from = \"2026-01-01\"

[[table]]
fixed = { scheme = \"IANG\" }
title = [\"Made-up Graduates Scheme\"]
";

/// The name of the definition in the folder of a case.
const DATASET: &str = "made-up.toml";

/// The release that comes in two documents.
const IN_TWO_DOCUMENTS: &str = "2025-01-31";

const OPEN: &str = "9999-12-31";

/// A scheme and a period.
type Table = (&'static str, &'static str);

/// A scheme, a region and a period.
type Key = (&'static str, &'static str, &'static str);

/// What stands for a figure for some time.
struct Row {
    start: &'static str,
    end: String,
    kind: &'static str,
    value: Option<i64>,
    previous: Option<i64>,
    difference: Option<i64>,
    releases: u32,
    last: &'static str,
}

/// What has been published so far, and what must be told of it.
struct Maker {
    /// The columns of the annex by scheme and region, without totals.
    annex: BTreeMap<(&'static str, &'static str), [i64; 4]>,
    /// Regions that a scheme's tables do not list.
    folded: BTreeSet<(&'static str, &'static str)>,
    /// The schemes that are published, each with its title.
    schemes: BTreeMap<&'static str, &'static str>,
    /// The figures of each table in its newest print; none where a mark stands in place of one.
    tables: BTreeMap<Table, BTreeMap<&'static str, Option<i64>>>,
    rows: BTreeMap<Key, Vec<Row>>,
    /// The lines of `releases`.
    releases: Vec<String>,
    /// Names and texts.
    documents: Vec<(String, String)>,
    /// The tables of the release before.
    before: Vec<Table>,
    today: &'static str,
    /// The tables that the release of today prints.
    printed: Vec<Table>,
}

impl Maker {
    fn new() -> Maker {
        Maker {
            annex: read_annex(),
            folded: BTreeSet::new(),
            schemes: SCHEMES.into(),
            tables: BTreeMap::new(),
            rows: BTreeMap::new(),
            releases: Vec::new(),
            documents: Vec::new(),
            before: Vec::new(),
            today: "",
            printed: Vec::new(),
        }
    }

    /// Publishes a release of some periods, the newest last, after what `change` does to the tables.
    fn release(&mut self, date: &'static str, periods: &[&'static str], change: impl FnOnce(&mut Maker)) {
        let last = std::mem::replace(&mut self.today, date);
        let tables = self.schemes.keys().flat_map(|scheme| periods.iter().map(|period| (*scheme, *period)));
        self.printed = tables.collect();
        change(self);
        for table in self.printed.clone() {
            if !self.tables.contains_key(&table) {
                self.print_first(table);
            }
        }
        self.count(last, periods[periods.len() - 1]);
        self.before = std::mem::take(&mut self.printed);
        let schemes: Vec<&'static str> = self.schemes.keys().copied().collect();
        for (at, part) in schemes.chunks(schemes.len().div_ceil(documents(date))).enumerate() {
            let name = if at == 0 { format!("{date}.txt") } else { format!("{date}-more.txt") };
            self.documents.push((name, self.document(part, periods)));
        }
    }

    /// A figure is another; so is the total of its table.
    fn revise(&mut self, (scheme, region, period): Key, by: i64) {
        for region in [region, "_T"] {
            let value = self.figure((scheme, region, period)).map(|value| value + by);
            self.put((scheme, region, period), "revised", value, Some(by));
        }
    }

    /// A region is listed no more: the residuals of the scheme's tables hold it.
    fn fold(&mut self, scheme: &'static str, region: &'static str) {
        self.folded.insert((scheme, region));
        for period in self.standing_periods(scheme) {
            let value = self.figure((scheme, region, period)).unwrap();
            self.put((scheme, region, period), "folded", None, None);
            self.tables.get_mut(&(scheme, period)).unwrap().remove(region);
            self.compose((scheme, period), value);
        }
    }

    /// A region is listed that the residuals held.
    fn list(&mut self, scheme: &'static str, region: &'static str) {
        self.folded.remove(&(scheme, region));
        for period in self.standing_periods(scheme) {
            let value = of_period(self.annex[&(scheme, region)], period);
            self.put((scheme, region, period), "listed", Some(value), None);
            self.compose((scheme, period), -value);
        }
    }

    /// The residual of a table holds others; nothing was revised.
    fn compose(&mut self, (scheme, period): Table, by: i64) {
        let value = self.figure((scheme, "_O", period)).map(|value| value + by);
        self.put((scheme, "_O", period), "composition", value, Some(0));
    }

    /// A region leaves a scheme whose tables have no residual that may hold it.
    fn leave(&mut self, scheme: &'static str, region: &'static str) {
        self.annex.remove(&(scheme, region));
        for period in self.standing_periods(scheme) {
            let value = self.figure((scheme, region, period)).unwrap();
            self.put((scheme, region, period), "withdrawn", None, None);
            self.tables.get_mut(&(scheme, period)).unwrap().remove(region);
            let total = self.figure((scheme, "_T", period)).map(|total| total - value);
            self.put((scheme, "_T", period), "revised", total, Some(-value));
        }
    }

    /// A mark is printed in place of a figure.
    fn withdraw(&mut self, key: Key) {
        self.put(key, "withdrawn", None, None);
    }

    /// The figure of the annex is printed in place of a mark.
    fn supply(&mut self, key: Key) {
        let value = of_period(self.annex[&(key.0, key.1)], key.2);
        self.put(key, "supplied", Some(value), None);
    }

    /// The tables of a scheme that the release of today prints again.
    fn standing_periods(&self, scheme: &str) -> Vec<&'static str> {
        let again = self.printed.iter().filter(|table| table.0 == scheme && self.tables.contains_key(*table));
        again.map(|table| table.1).collect()
    }

    fn figure(&self, (scheme, region, period): Key) -> Option<i64> {
        self.tables[&(scheme, period)][region]
    }

    /// The first print of a table, with all that is listed by now.
    fn print_first(&mut self, (scheme, period): Table) {
        let mut figures: BTreeMap<&str, i64> = BTreeMap::new();
        for ((_, region), columns) in self.annex.iter().filter(|((own, _), _)| *own == scheme) {
            let printed_as = if self.folded.contains(&(scheme, *region)) { "_O" } else { region };
            *figures.entry(printed_as).or_default() += of_period(*columns, period);
        }
        figures.insert("_T", figures.values().sum());
        for (region, value) in figures {
            self.put((scheme, region, period), "first", Some(value), None);
        }
    }

    /// A row that stands from today on in place of the one before. What changes twice on one day is one row.
    fn put(&mut self, key: Key, kind: &'static str, value: Option<i64>, difference: Option<i64>) {
        self.tables.entry((key.0, key.2)).or_default().insert(key.1, value);
        let rows = self.rows.entry(key).or_default();
        if let Some(row) = rows.last_mut().filter(|row| row.start == self.today) {
            row.value = value;
            row.difference = Some(row.difference.unwrap() + difference.unwrap());
            row.kind = if row.difference == Some(0) { "composition" } else { "revised" };
            return;
        }
        let previous = rows.last().and_then(|before| before.value);
        if let Some(before) = rows.last_mut() {
            before.end = day_before(self.today);
        }
        rows.push(Row {
            start: self.today,
            end: OPEN.into(),
            kind,
            value,
            previous,
            difference,
            releases: 1,
            last: self.today,
        });
    }

    /// Counts what the release of today says again, and puts down the line of the release.
    fn count(&mut self, last: &str, newest: &str) {
        let mut unchanged = 0;
        for (scheme, period) in &self.printed {
            for (region, value) in &self.tables[&(*scheme, *period)] {
                let row = self.rows.get_mut(&(*scheme, *region, *period)).unwrap().last_mut().unwrap();
                if row.start != self.today {
                    row.releases += 1;
                    row.last = self.today;
                    unchanged += usize::from(value.is_some());
                }
            }
        }
        let printed = self.printed.iter().flat_map(|table| self.tables[table].values());
        let (figures, tables) = (printed.flatten().count(), self.printed.len());
        let kinds: Vec<&str> =
            self.rows.values().flatten().filter(|row| row.start == self.today).map(|row| row.kind).collect();
        let count = |of: &[&str]| kinds.iter().filter(|kind| of.contains(kind)).count();
        let [new, revised, moved, gone] =
            [&["first", "listed"][..], &["revised", "supplied"], &["composition"], &["folded", "withdrawn"]]
                .map(count);
        let repeats = self.before == self.printed;
        self.releases.push(format!(
            "{} {last} {} {newest} {tables} {figures} {new} {unchanged} {revised} {moved} {gone} {repeats}",
            self.today,
            documents(self.today)
        ));
    }

    /// What a document prints of some schemes, in the annex's own layout.
    fn document(&self, schemes: &[&'static str], periods: &[&'static str]) -> String {
        let tables: String = schemes.iter().map(|scheme| self.table(scheme, periods)).collect();
        format!("Made up for a test on the annex's figures: nobody published this.\n{tables}")
    }

    fn table(&self, scheme: &'static str, periods: &[&'static str]) -> String {
        // For one region only: its tables have neither labels nor a total.
        let is_only = scheme == "ASMTP";
        let line = |label: &str, cells: Vec<String>| {
            let label = if is_only { String::new() } else { format!("{label}\t") };
            format!("{label}{}\n", cells.join("\t"))
        };
        let row = |region: &&'static str| {
            let cells = periods.iter().map(|period| cell(self.figure((scheme, region, period))));
            line(REGIONS.iter().find(|(code, _)| code == region).unwrap().1, cells.collect())
        };
        let headings = periods.iter().map(|code| period(code).1.to_owned());
        let regions = self.tables[&(scheme, periods[0])].keys();
        let rows: String = regions.filter(|region| !is_only || **region != "_T").map(row).collect();
        format!("\n{}\n\n{}{rows}", self.schemes[scheme], line("Region", headings.collect()))
    }

    /// The rows that the history must have.
    fn history(&self) -> Vec<String> {
        let line = |(scheme, region, period): &Key, at: usize, row: &Row| {
            let status = match (row.kind, *region) {
                ("folded", _) => "K",
                ("withdrawn", _) => "O",
                (_, "_O") => "W",
                _ => "A",
            };
            let [value, previous, difference] = [row.value, row.previous, row.difference].map(text);
            let Row { start, end, kind, releases, last, .. } = row;
            format!(
                "{scheme} {region} {period} {start} {end} {at} {kind} {value} {status} {previous} {difference} {releases} {last}"
            )
        };
        let lines = self.rows.iter().flat_map(|(key, rows)| {
            rows.iter().enumerate().map(|(at, row)| line(key, at, row)).collect::<Vec<_>>()
        });
        lines.collect()
    }

    /// The documents in a folder; `name` names the file of the release of that number.
    fn case(&self, name: impl Fn(usize, &str) -> String) -> Case {
        let case = Case::new().file(DATASET, definition());
        let documents = self.documents.iter().enumerate();
        documents.fold(case, |case, (at, (own, text))| case.file(&name(at, own), text))
    }
}

/// The columns of each row that the annex prints.
fn read_annex() -> BTreeMap<(&'static str, &'static str), [i64; 4]> {
    let (mut figures, mut scheme) = (BTreeMap::new(), "");
    for line in annex().lines() {
        if let Some((code, _)) = SCHEMES.iter().find(|(_, title)| line.starts_with(title)) {
            scheme = code;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let Some(columns) = cells.len().checked_sub(4).and_then(|first| numbers(&cells[first..])) else {
            continue;
        };
        let label = if cells.len() == 4 { "Chinese Mainland" } else { cells[0] };
        let code = REGIONS.iter().find(|(_, own)| *own == label).unwrap().0;
        figures.insert((scheme, code), columns);
    }
    figures.retain(|(_, region), _| *region != "_T");
    figures
}

/// Four figures of a row; none where the cells are headings.
fn numbers(cells: &[&str]) -> Option<[i64; 4]> {
    let number = |cell: &&str| if *cell == "-" { Some(0) } else { cell.replace(' ', "").parse().ok() };
    cells.iter().map(number).collect::<Option<Vec<i64>>>()?.try_into().ok()
}

fn period(code: &str) -> (&'static str, &'static str, usize, [i64; 2]) {
    *PERIODS.iter().find(|(own, ..)| *own == code).unwrap()
}

fn of_period(columns: [i64; 4], code: &str) -> i64 {
    let (_, _, column, [numerator, denominator]) = period(code);
    columns[column] * numerator / denominator
}

fn cell(value: Option<i64>) -> String {
    match value {
        None => "..".into(),
        Some(0) => "-".into(),
        Some(value) => value.to_string(),
    }
}

fn text(value: Option<i64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// How many documents a release has.
fn documents(date: &str) -> usize {
    if date == IN_TWO_DOCUMENTS { 2 } else { 1 }
}

fn day_before(day: &str) -> String {
    day.parse::<NaiveDate>().unwrap().pred_opt().unwrap().to_string()
}

/// The built-in definition, with what it does not know.
fn definition() -> String {
    let path = root().join("src/dataset/built_in/hk-talent-admissions.toml");
    let built_in = fs::read_to_string(path).unwrap();
    let definition = CHANGES.iter().fold(built_in, |text, (old, new)| {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    });
    definition + ADDED_TABLES
}

/// Ten releases, and all that can happen to a figure, a region, a period and a scheme.
fn make() -> Maker {
    let mut made = Maker::new();
    made.folded.insert(("TTPS", "AUS"));
    made.release("2024-07-31", &["2023", "2024-S1"], |_| {});
    // A part-year is completed, and a figure revised in silence.
    made.release(IN_TWO_DOCUMENTS, &["2023", "2024"], |made| made.revise(("TTPS", "CAN", "2023"), 2));
    // The revision is taken back; a region enters.
    made.release("2025-04-30", &["2023", "2024", "2025-Q1"], |made| {
        made.revise(("TTPS", "CAN", "2023"), -2);
        made.list("TTPS", "AUS");
    });
    // Regions are folded, one that has nothing but nil marks among them; a scheme has another title.
    made.schemes.insert("IANG", "Made-up Graduates Scheme");
    made.release("2025-07-31", &["2023", "2024", "2025-S1"], |made| {
        made.fold("GEP", "THA");
        made.fold("TTPS", "SGP");
        made.fold("TechTAS", "ITA");
    });
    // A correction is published under its own date, and the same document again under another.
    made.release("2025-08-15", &["2023", "2024", "2025-S1"], |made| made.revise(("GEP", "JPN", "2024"), -40));
    made.release("2025-08-20", &["2023", "2024", "2025-S1"], |_| {});
    // What was folded is listed again, a mark stands for a figure; a scheme is added and one has ended.
    made.schemes.remove("ASSG");
    made.schemes.insert("PIONEER", "Made-up Pioneer Scheme");
    for region in ["AUS", "CAN", "USA"] {
        made.annex.insert(("PIONEER", region), made.annex[&("QMAS", region)].map(|figure| 2 * figure));
    }
    made.release("2026-01-31", &["2023", "2024", "2025"], |made| {
        made.list("TTPS", "SGP");
        made.withdraw(("QMAS", "AUS", "2024"));
    });
    // The first year drops out; a region leaves a scheme that has no residual.
    made.release("2026-03-05", &["2024", "2025", "2026-01-01/P2M"], |made| {
        made.supply(("QMAS", "AUS", "2024"));
        made.leave("PIONEER", "CAN");
    });
    // A fold hides no revision of the residual.
    made.release("2026-04-30", &["2024", "2025", "2026-Q1"], |made| {
        made.fold("QMAS", "AUS");
        made.revise(("QMAS", "_O", "2025"), 3);
    });
    made.release("2026-05-20", &["2024", "2025", "2026-Q1"], |made| made.revise(("TTPS", "CAN", "2025"), 5));
    made
}

/// Publishes the documents by these arguments. The one that is there twice is told, and nothing else.
fn publish(case: &Case, arguments: &[&str]) {
    let ended = case.run(&[&["run", "-q", "--dataset", DATASET], arguments].concat());
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(&ended.err, &["warning: 2 releases have the same document", "2025-08-15.txt", "2025-08-20.txt"]);
    assert_eq!(ended.err.matches("warning: ").count(), 1, "{}", ended.err);
}

fn lines(case: &Case, table: &str, columns: &str) -> Vec<String> {
    let line = |row: BTreeMap<String, String>| {
        columns.split_whitespace().map(|column| row[column].as_str()).collect::<Vec<_>>().join(" ")
    };
    case.rows(table).into_iter().map(line).collect()
}

/// Both lists have the same lines; the first that differ are told.
fn same(found: &[String], expected: &[String]) {
    let differ = found.iter().zip(expected).find(|(found, expected)| found != expected);
    assert_eq!(differ, None, "found, expected");
    assert_eq!(found.len(), expected.len());
}

#[test]
fn a_long_history_has_the_rows_that_were_put_in_and_no_others() {
    let made = make();
    let case = made.case(|_, name| format!("input/{name}"));
    publish(&case, &[]);
    let columns = "scheme region period realtime_start realtime_end revision kind value status previous_value difference releases last_release";
    let expected = made.history();
    let kinds = ["first", "listed", "revised", "composition", "supplied", "withdrawn", "folded"];
    for kind in kinds {
        assert!(expected.iter().any(|line| line.contains(&format!(" {kind} "))), "{kind}");
    }
    same(&lines(&case, "history", columns), &expected);
    let columns = "release_date previous_release documents newest_period tables figures new unchanged revised moved gone repeats";
    same(&lines(&case, "releases", columns), &made.releases);
}

/// Some of what the rules put down, worked out by hand: the rules, too, may err.
#[test]
fn the_rules_say_what_the_annex_makes_of_them() {
    let made = make();
    let history = made.history();
    for line in [
        // 549 of the annex, and 2 more for a while.
        "TTPS CAN 2023 2024-07-31 2025-01-30 0 first 549 A   1 2024-07-31",
        "TTPS CAN 2023 2025-01-31 2025-04-29 1 revised 551 A 549 2 1 2025-01-31",
        "TTPS CAN 2023 2025-04-30 9999-12-31 2 revised 549 A 551 -2 5 2026-01-31",
        // 1 070 and Australia's 370; 1 070; with Singapore's 191; 1 070 again.
        "TTPS _O 2023 2024-07-31 2025-04-29 0 first 1440 W   2 2025-01-31",
        "TTPS _O 2023 2025-04-30 2025-07-30 1 composition 1070 W 1440 0 1 2025-04-30",
        "TTPS _O 2023 2025-07-31 2026-01-30 2 composition 1261 W 1070 0 3 2025-08-20",
        "TTPS _O 2023 2026-01-31 9999-12-31 3 composition 1070 W 1261 0 1 2026-01-31",
        "TTPS SGP 2024 2025-07-31 2026-01-30 1 folded  K 143  1 2025-07-31",
        "TTPS SGP 2024 2026-01-31 9999-12-31 2 listed 143 A   4 2026-05-20",
        // Half of 17, and no print behind that of July 2024.
        "ASSG USA 2024-S1 2024-07-31 9999-12-31 0 first 8 A   1 2024-07-31",
        "QMAS AUS 2024 2026-03-05 2026-04-29 2 supplied 61 A   1 2026-03-05",
        // 84, and 45 that were Australia's, and 3.
        "QMAS _O 2025 2026-04-30 9999-12-31 1 revised 132 W 84 3 2 2026-05-20",
        // Twice 56; the total loses it: 2 × (56 + 45 + 28) - 112.
        "PIONEER CAN 2025 2026-03-05 9999-12-31 1 withdrawn  O 112  1 2026-03-05",
        "PIONEER _T 2025 2026-03-05 9999-12-31 1 revised 146 A 258 -112 3 2026-05-20",
    ] {
        assert!(history.iter().any(|own| own == line), "{line}");
    }
    // The annex's tables have 7, 12, 2, 12, 9, 6 and 9 rows with totals, and Australia is not in the first; of two periods.
    assert_eq!(made.releases[0], "2024-07-31  1 2024-S1 14 112 112 0 0 0 0 false");
    let repeats: Vec<&str> =
        made.releases.iter().filter(|line| line.ends_with("true")).map(|line| &line[..10]).collect();
    assert_eq!(repeats, ["2025-08-15", "2025-08-20", "2026-05-20"]);
}

#[test]
fn the_order_in_which_documents_arrive_decides_nothing() {
    let made = make();
    let case = made.case(|_, name| format!("input/{name}"));
    publish(&case, &[]);
    let published = case.bytes();
    // Folders are read by their names: the newest document has the first.
    let folder = |at: usize| format!("late/{}", made.documents.len() - at);
    let late = made.case(|at, name| format!("{}/{name}", folder(at)));
    publish(&late, &["late"]);
    assert!(late.bytes() == published);
    let named: Vec<String> = made
        .documents
        .iter()
        .enumerate()
        .rev()
        .map(|(at, (name, _))| format!("{}/{name}", folder(at)))
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    publish(&late, &[&named[..], &["--output", "named"]].concat());
    for (file, bytes) in &published {
        assert!(fs::read(late.path("named/hk-talent-admissions").join(file)).unwrap() == *bytes, "{file}");
    }
}

#[test]
fn a_release_is_known_by_its_lines() {
    let case = make().case(|_, name| format!("input/{name}"));
    publish(&case, &[]);
    let bytes = case.bytes();
    let observations = std::str::from_utf8(&bytes["observations.csv"]).unwrap();
    for row in case.rows("releases") {
        let start = format!("{},{},", row["dataset"], row["release_date"]);
        let own = observations.split_inclusive('\n').filter(|line| line.starts_with(&start));
        let hash = Sha256::digest(own.collect::<String>());
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row["observations_sha256"], hash, "{}", row["release_date"]);
    }
}
