//! The kinds of damage. Each takes a sound document and gives a damaged one; some say that they may not be seen.

#![allow(clippy::unnecessary_wraps)] // all kinds have one form

use super::Chance;
use super::page::{Line, Page, Role};

/// A damaged document.
pub struct Damage {
    pub page: Page,
    /// Whether no rule within one document may see it.
    pub may_be_unseen: bool,
    /// What its file is called, which may give its release.
    pub file: &'static str,
}

/// Makes the damage of a kind; none where the document has no place for it. Returns whether it may not be seen.
type Make = fn(&mut Chance, &mut Page) -> Option<bool>;

/// The kinds: a name, the damage, and why some of it cannot be seen, in the words of the book.
pub const KINDS: [(&str, Make, Option<&str>); 26] = [
    ("digit of a figure", figure_digit, Some("a figure of a table that prints no total")),
    ("figure to nil", figure_nil, Some("a figure of a table that prints no total")),
    ("figure gone", figure_gone, Some("a figure of a table that prints no total")),
    ("cell lost", cell_lost, Some("a figure of a table that prints no total")),
    ("cell added", cell_added, None),
    ("digit of a heading", heading_digit, None),
    ("headings exchanged", headings_exchanged, None),
    ("heading gone", heading_gone, None),
    ("table lost", table_lost, None),
    ("rows of a table lost", rows_of_table_lost, None),
    ("file cut off", cut_off, None),
    ("letter of a title", title_letter, None),
    ("titles exchanged", titles_exchanged, Some("two titles exchanged")),
    ("row lost", row_lost, Some("a row of nothing")),
    ("total lost", total_lost, None),
    ("row doubled", row_doubled, None),
    ("rows exchanged", rows_exchanged, None),
    ("labels exchanged", labels_exchanged, Some("labels moved")),
    ("label of another", label_other, Some("a label that is another's")),
    ("letter of a label", label_letter, None),
    ("equal compensations", compensation, Some("equal compensations")),
    ("columns of figures exchanged", columns_exchanged, Some("two columns of figures exchanged")),
    ("column lost", column_lost, Some("a first or last column lost")),
    ("stray row", stray_row, None),
    ("figures beside a table", figures_beside, None),
    ("release too early", early_release, None),
];

/// Makes a damage.
pub fn damage(chance: &mut Chance, page: &Page, make: Make) -> Option<Damage> {
    let mut damaged = page.clone();
    let may_be_unseen = make(chance, &mut damaged)?;
    let file = if make as usize == early_release as Make as usize { "2021-06-30-a" } else { "a" };
    Some(Damage { page: damaged, may_be_unseen, file })
}

fn pick(chance: &mut Chance, from: &[usize]) -> Option<usize> {
    if from.is_empty() { None } else { Some(from[chance.below(from.len())]) }
}

/// Whether a table prints a total.
fn has_total(page: &Page, table: usize) -> bool {
    page.lines.iter().any(|line| line.table == table && matches!(line.role, Role::Total(_)))
}

/// A line of figures and the index of one of its cells that holds digits.
fn figure(chance: &mut Chance, page: &Page) -> Option<(usize, usize)> {
    let line = pick(chance, &page.find(|line| line.labels().is_some()))?;
    let labels = page.lines[line].labels()?;
    let cells: Vec<usize> =
        (labels..page.lines[line].cells.len()).filter(|at| page.lines[line].cells[*at] != "-").collect();
    Some((line, pick(chance, &cells)?))
}

fn change_digit(chance: &mut Chance, text: &mut String) -> Option<()> {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = pick(chance, &places)?;
    let old: u32 = text[at..=at].parse().ok()?;
    let new = (old + 1 + chance.below(9) as u32) % 10;
    text.replace_range(at..=at, &new.to_string());
    Some(())
}

fn change_letter(chance: &mut Chance, text: &mut String) -> Option<()> {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_lowercase()).map(|(at, _)| at).collect();
    let at = pick(chance, &places)?;
    let new = if text[at..].starts_with('x') { "q" } else { "x" };
    text.replace_range(at..=at, new);
    Some(())
}

fn figure_digit(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = figure(chance, page)?;
    change_digit(chance, &mut page.lines[line].cells[cell])?;
    Some(!has_total(page, page.lines[line].table))
}

fn figure_nil(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = figure(chance, page)?;
    page.lines[line].cells[cell] = "-".into();
    Some(!has_total(page, page.lines[line].table))
}

fn figure_gone(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = figure(chance, page)?;
    page.lines[line].cells[cell].clear();
    // The only row of a sheet's table leaves a heading with nothing below it, which is a warning.
    Some(!has_total(page, page.lines[line].table))
}

fn cell_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = figure(chance, page)?;
    page.lines[line].cells.remove(cell);
    Some(!has_total(page, page.lines[line].table))
}

fn cell_added(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = figure(chance, page)?;
    page.lines[line].cells.insert(cell, chance.below(900).to_string());
    Some(false)
}

/// A header and the index of one of its headings of periods.
fn heading(chance: &mut Chance, page: &Page) -> Option<(usize, usize)> {
    let line = pick(chance, &page.find(|line| matches!(line.role, Role::Header(_))))?;
    let Role::Header(labels) = page.lines[line].role else { return None };
    Some((line, labels + chance.below(page.lines[line].cells.len() - labels)))
}

fn heading_digit(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = heading(chance, page)?;
    change_digit(chance, &mut page.lines[line].cells[cell])?;
    Some(false)
}

fn headings_exchanged(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = heading(chance, page)?;
    let Role::Header(labels) = page.lines[line].role else { return None };
    let others: Vec<usize> = (labels..page.lines[line].cells.len()).filter(|at| *at != cell).collect();
    let other = pick(chance, &others)?;
    page.lines[line].cells.swap(cell, other);
    Some(false)
}

fn heading_gone(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (line, cell) = heading(chance, page)?;
    page.lines[line].cells[cell].clear();
    Some(false)
}

fn table(chance: &mut Chance, page: &Page) -> usize {
    let tables = page.lines.last().map_or(0, |line| line.table + 1);
    chance.below(tables)
}

fn table_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let lost = table(chance, page);
    page.lines.retain(|line| line.table != lost);
    Some(false)
}

fn rows_of_table_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let lost = table(chance, page);
    page.lines.retain(|line| line.table != lost || line.labels().is_none());
    Some(false)
}

fn cut_off(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    // The last line is blank: behind the one before, nothing is lost.
    let end = 1 + chance.below(page.lines.len() - 2);
    page.lines.truncate(end);
    Some(false)
}

fn title_letter(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| line.role == Role::Title))?;
    // What stands in a bracket behind the title is an acronym, and tells nothing.
    let cell = &mut page.lines[line].cells[0];
    let end = cell.find('(').unwrap_or(cell.len());
    let mut name = cell[..end].to_owned();
    change_letter(chance, &mut name)?;
    cell.replace_range(..end, &name);
    Some(false)
}

fn titles_exchanged(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let titles = page.find(|line| line.role == Role::Title);
    let (one, other) = (pick(chance, &titles)?, pick(chance, &titles)?);
    let moved = page.lines[one].cells.clone();
    page.lines[one].cells = std::mem::replace(&mut page.lines[other].cells, moved);
    Some(true)
}

fn row_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(Line::is_row))?;
    let Line { cells, table, .. } = page.lines.remove(line);
    let is_nothing = cells[1..].iter().all(|cell| cell == "-");
    Some(is_nothing || !has_total(page, table))
}

fn total_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| matches!(line.role, Role::Total(_))))?;
    page.lines.remove(line);
    Some(false)
}

fn row_doubled(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(Line::is_row))?;
    let doubled = page.lines[line].clone();
    page.lines.insert(line, doubled);
    Some(false)
}

/// Two rows of a table that stand one below the other.
fn two_rows(chance: &mut Chance, page: &Page) -> Option<[usize; 2]> {
    let is_pair = |at: &usize| page.lines[*at].is_row() && page.lines.get(at + 1).is_some_and(Line::is_row);
    let pairs: Vec<usize> = (0..page.lines.len()).filter(is_pair).collect();
    let first = pick(chance, &pairs)?;
    Some([first, first + 1])
}

fn rows_exchanged(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let [one, other] = two_rows(chance, page)?;
    page.lines.swap(one, other);
    Some(false)
}

fn labels_exchanged(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let [one, other] = two_rows(chance, page)?;
    let last = page.lines[one].labels()?.checked_sub(1)?;
    let moved = page.lines[one].cells[last].clone();
    page.lines[one].cells[last] = std::mem::replace(&mut page.lines[other].cells[last], moved);
    Some(true)
}

fn label_other(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| line.is_row() && line.labels() > Some(0)))?;
    let last = page.lines[line].labels()? - 1;
    page.lines[line].cells[last] = "Uruguay".into();
    Some(true)
}

fn label_letter(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| line.is_row() && line.labels() > Some(0)))?;
    let last = page.lines[line].labels()? - 1;
    change_letter(chance, &mut page.lines[line].cells[last])?;
    Some(false)
}

/// Adds to a figure; only where it stays above zero.
fn add(cell: &mut String, number: i64) -> Option<()> {
    let value = cell.replace(' ', "").parse::<i64>().ok()? + number;
    *cell = value.to_string();
    (value > 0).then_some(())
}

fn compensation(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let [one, other] = two_rows(chance, page)?;
    let labels = page.lines[one].labels()?;
    let cell = labels + chance.below(page.lines[one].cells.len() - labels);
    let number = 1 + chance.below(9) as i64;
    add(&mut page.lines[one].cells[cell], number)?;
    add(&mut page.lines[other].cells[cell], -number)?;
    Some(true)
}

fn columns_exchanged(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let chosen = table(chance, page);
    let (first, far) = (chance.below(3), chance.below(3));
    for line in page.lines.iter_mut().filter(|line| line.table == chosen) {
        let Some(labels) = line.labels() else { continue };
        line.cells.swap(labels + first, labels + (first + 1 + far) % 4);
    }
    Some(true)
}

fn column_lost(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let (chosen, lost) = (table(chance, page), chance.below(4));
    for line in page.lines.iter_mut().filter(|line| line.table == chosen) {
        let labels = match line.role {
            Role::Header(labels) => labels,
            _ => match line.labels() {
                Some(labels) => labels,
                None => continue,
            },
        };
        line.cells.remove(labels + lost);
    }
    // The last of the annex's columns is a part of a year, and the one before it the last year.
    Some(lost != 1)
}

fn stray_row(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| line.role == Role::Blank))?;
    let table = page.lines[line].table;
    let cells = vec!["Peru".into(), "not counted before".into(), (1 + chance.below(5_000)).to_string()];
    let blank = Line { cells: Vec::new(), role: Role::Blank, table };
    page.lines.insert(line, Line { cells, role: Role::Blank, table });
    page.lines.insert(line, blank);
    Some(false)
}

fn figures_beside(chance: &mut Chance, page: &mut Page) -> Option<bool> {
    let line = pick(chance, &page.find(|line| line.labels().is_some()))?;
    page.lines[line].cells.extend([String::new(), (1 + chance.below(5_000)).to_string()]);
    Some(false)
}

fn early_release(_: &mut Chance, _: &mut Page) -> Option<bool> {
    Some(false)
}
