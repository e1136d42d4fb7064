//! Single faults of the annex, drawn by chance, each with what would undo it.

use std::collections::{BTreeMap, BTreeSet};

/// Numbers that look drawn by chance (Knuth's linear congruence, its upper bits).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Where a cell stands: its line and character, from 1.
pub type At = (u32, u32);

/// What would undo a fault.
#[derive(Clone, Debug, PartialEq)]
pub enum Cure {
    /// A cell says this again.
    Cells(BTreeSet<(At, i64)>),
    /// A row with these figures comes back.
    Row(Vec<i64>),
    /// Nothing that is added up was changed: why.
    Nothing(&'static str),
}

/// The annex with a fault.
pub struct Fault {
    pub kind: &'static str,
    pub text: String,
    pub cure: Cure,
}

/// A line of the annex with figures, and whether a total is printed below it.
pub struct Line {
    at: usize,
    label: Option<String>,
    cells: Vec<String>,
    is_covered: bool,
}

impl Line {
    fn printed(&self, cells: &[String]) -> String {
        self.label.iter().chain(cells).cloned().collect::<Vec<_>>().join("\t")
    }

    fn values(&self) -> Vec<i64> {
        self.cells.iter().map(|cell| value(cell)).collect()
    }

    fn is_total(&self) -> bool {
        self.label.as_deref() == Some("Total")
    }
}

pub fn value(cell: &str) -> i64 {
    if cell == "-" { 0 } else { cell.replace(' ', "").parse().unwrap() }
}

/// The lines with figures.
pub fn lines(annex: &str) -> Vec<Line> {
    let rows = annex
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains('\t') && !line.starts_with("Region") && !line.starts_with("2023"));
    rows.map(|(at, line)| {
        let cells: Vec<String> = line.split('\t').map(ToOwned::to_owned).collect();
        let is_bare = cells.len() == 4;
        let (label, cells) =
            if is_bare { (None, cells) } else { (Some(cells[0].clone()), cells[1..].to_vec()) };
        Line { at, label, cells, is_covered: !is_bare }
    })
    .collect()
}

/// A figure with its thousands parted as the annex does; with zeros in front, as a typist leaves it.
pub fn grouped(digits: &str) -> String {
    if digits.starts_with('0') {
        return digits.into();
    }
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(" ")
}

const KINDS: [&str; 10] = [
    "digit changed",
    "digits swapped",
    "digit lost",
    "digit doubled",
    "thousands lost or doubled",
    "row lost",
    "rows swapped",
    "row's figures swapped",
    "sign",
    "nil mark changed",
];

/// A fault of one of the kinds.
pub fn fault(chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let kind = *chance.one(&KINDS);
    let line = chance.one(lines);
    match kind {
        "row lost" => {
            let cure = match line {
                line if !line.is_covered => Cure::Nothing("the table has no total"),
                line if line.is_total() => Cure::Cells(BTreeSet::new()),
                line if line.values().iter().all(|value| *value == 0) => Cure::Nothing("the row is nil"),
                line => Cure::Row(line.values()),
            };
            Fault { kind, text: with(annex, &[(line.at, None)]), cure }
        }
        "rows swapped" | "row's figures swapped" => rows_swapped(kind, chance, annex, lines),
        _ => cell_changed(kind, chance, annex, lines),
    }
}

/// A digit changed in each of two figures of a column that a total covers, so that the two do not make up for each other.
pub fn two_in_a_column(chance: &mut Chance, annex: &str, lines: &[Line]) -> Option<Fault> {
    let are_rows = |pair: &&[Line]| {
        pair[0].at + 1 == pair[1].at && pair[0].is_covered && !pair[0].is_total() && !pair[1].is_total()
    };
    let pairs: Vec<&[Line]> = lines.windows(2).filter(are_rows).collect();
    let pair = *chance.one(&pairs);
    let cell = chance.below(pair[0].cells.len());
    let (mut changes, mut cells, mut gap) = (Vec::new(), BTreeSet::new(), 0);
    for line in pair {
        let printed = &line.cells[cell];
        let becomes = if printed == "-" { return None } else { changed("digit changed", chance, printed) };
        let read = becomes.replace(' ', "").parse::<i64>().ok()?;
        let before: usize =
            line.label.iter().chain(&line.cells[..cell]).map(|cell| cell.chars().count() + 1).sum();
        cells.insert(((line.at as u32 + 1, before as u32 + 1), value(printed)));
        gap += read - value(printed);
        let mut row = line.cells.clone();
        row[cell] = becomes;
        changes.push((line.at, Some(line.printed(&row))));
    }
    let is_pair = changes.len() == 2 && gap != 0;
    is_pair.then(|| Fault { kind: "two in a column", text: with(annex, &changes), cure: Cure::Cells(cells) })
}

/// Two rows of a table swapped: with their labels, or their figures alone.
fn rows_swapped(kind: &'static str, chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let are_rows = |pair: &&[Line]| pair[0].at + 1 == pair[1].at && !pair[1].is_total();
    let pairs: Vec<&[Line]> = lines.windows(2).filter(are_rows).collect();
    let [above, below] = chance.one(&pairs) else { unreachable!("a pair") };
    let (first, second, why) = if kind == "rows swapped" {
        (below.printed(&below.cells), above.printed(&above.cells), "the rows say the same")
    } else {
        (above.printed(&below.cells), below.printed(&above.cells), "each sum stays as it was")
    };
    let text = with(annex, &[(above.at, Some(first)), (below.at, Some(second))]);
    Fault { kind, text, cure: Cure::Nothing(why) }
}

/// One figure or nil mark changed.
fn cell_changed(kind: &'static str, chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let fits = |cell: &str| match kind {
        "digits swapped" => cell.len() > 1,
        "thousands lost or doubled" => cell.contains(' '),
        "nil mark changed" => true,
        _ => cell != "-",
    };
    let nil_first = kind == "nil mark changed" && chance.below(2) == 0;
    let cells: Vec<(&Line, usize)> = lines
        .iter()
        .flat_map(|line| (0..line.cells.len()).map(move |cell| (line, cell)))
        .filter(|(line, cell)| fits(&line.cells[*cell]) && (!nil_first || line.cells[*cell] == "-"))
        .collect();
    let (line, cell) = *chance.one(&cells);
    let printed = &line.cells[cell];
    let becomes = changed(kind, chance, printed);
    let mut cells = line.cells.clone();
    cells[cell].clone_from(&becomes);
    let before: usize =
        line.label.iter().chain(&line.cells[..cell]).map(|cell| cell.chars().count() + 1).sum();
    let at = (line.at as u32 + 1, before as u32 + 1);
    let read = becomes.replace(' ', "").parse::<i64>();
    let is_same = read == Ok(value(printed)) || becomes == *printed;
    let cure = match () {
        () if !line.is_covered => Cure::Nothing("the table has no total"),
        () if is_same => Cure::Nothing("the value is the same"),
        () => Cure::Cells(BTreeSet::from([(at, value(printed))])),
    };
    Fault { kind, text: with(annex, &[(line.at, Some(line.printed(&cells)))]), cure }
}

/// A cell after a fault. Half of the faults hit the printed characters, half the figure, which is printed anew.
fn changed(kind: &str, chance: &mut Chance, cell: &str) -> String {
    let anew = chance.below(2) == 0;
    let mut digits: Vec<char> =
        if anew { cell.replace(' ', "").chars().collect() } else { cell.chars().collect() };
    let at = chance.below(digits.len());
    let digit = char::from_digit(chance.below(10) as u32, 10).unwrap();
    match kind {
        "digit changed" => digits[at] = digit,
        "digits swapped" => {
            let places: Vec<usize> = (0..digits.len()).filter(|at| digits[*at] != ' ').collect();
            let first = chance.below(places.len() - 1);
            let far = if chance.below(2) == 0 { 0 } else { chance.below(places.len() - 1 - first) };
            digits.swap(places[first], places[first + 1 + far]);
        }
        "digit lost" => drop(digits.remove(at)),
        "digit doubled" => digits.insert(at, digits[at]),
        "sign" => digits.insert(0, '-'),
        "thousands lost or doubled" => digits = groups_changed(chance, cell).chars().collect(),
        _ if cell == "-" => digits = chance.below(400).to_string().chars().collect(),
        _ => digits = vec!['-'],
    }
    let text = digits.iter().collect::<String>().trim().to_owned();
    if anew && text.chars().all(|c| c.is_ascii_digit()) { grouped(&text) } else { text }
}

/// A figure without one of its groups of thousands, or with one twice.
fn groups_changed(chance: &mut Chance, cell: &str) -> String {
    let mut groups: Vec<&str> = cell.split(' ').collect();
    let at = chance.below(groups.len());
    if chance.below(2) == 0 {
        groups.remove(at);
    } else {
        groups.insert(at, groups[at]);
    }
    grouped(&groups.concat())
}

/// The annex with lines changed or taken out.
fn with(annex: &str, changes: &[(usize, Option<String>)]) -> String {
    let changes: BTreeMap<usize, &Option<String>> = changes.iter().map(|(at, line)| (*at, line)).collect();
    let lines = annex.lines().enumerate().filter_map(|(at, line)| match changes.get(&at) {
        Some(instead) => instead.as_deref(),
        None => Some(line),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
