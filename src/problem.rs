//! A problem: where something stands, what was expected, what was found, and what to do, and how it is shown.
//!
//! Problems are values, not control flow: each step returns all it found beside its result, so that one run
//! shows them all, as a compiler does.

pub mod exit;
mod repair;

use std::fmt;

use anstyle::{AnsiColor, Style};
use strsim::jaro_winkler;
use unicode_width::UnicodeWidthChar;

use crate::position::Position;
use crate::problem::exit::Exit;
pub use repair::{Change, Repair};

/// What a problem is about, which decides how a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Worth knowing; the result stands.
    Warning,
    /// The data cannot be trusted as it is.
    Data,
    /// The document cannot be read at all.
    Unreadable,
    /// A definition is wrong.
    Definition,
}

/// A located finding.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it is about.
    pub kind: Kind,
    /// A short, lasting name of the rule that was broken, for programs.
    pub rule: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// The places it concerns, the main one first.
    pub marks: Vec<Mark>,
    /// What to do about it.
    pub help: Option<String>,
    /// The single changes that would make it true, the likeliest first.
    pub repairs: Vec<Repair>,
}

/// A place a problem points at, with the line that stands there.
#[derive(Clone, Debug)]
pub struct Mark {
    /// The path of the document or definition.
    pub file: String,
    /// The place in it; none where the file as a whole is meant.
    pub place: Option<Position>,
    /// The line that stands there.
    pub line: Option<String>,
    /// At which character of the line what is meant begins, from 1.
    pub at: u32,
    /// How many characters are meant.
    pub width: usize,
    /// A few words beside the carets.
    pub label: String,
}

impl Problem {
    /// A fault of the data at a place.
    pub fn data(rule: &'static str, message: impl Into<String>, mark: Mark) -> Problem {
        let (marks, repairs) = (vec![mark], Vec::new());
        Problem { kind: Kind::Data, rule, message: message.into(), marks, help: None, repairs }
    }

    /// The same problem as another kind.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Problem {
        Problem { kind, ..self }
    }

    /// The same problem with a remedy.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// The same problem with a further place.
    #[must_use]
    pub fn also(mut self, mark: Mark) -> Problem {
        self.marks.push(mark);
        self
    }

    /// The same problem with what would make it true.
    #[must_use]
    pub fn repairs(self, repairs: Vec<Repair>) -> Problem {
        Problem { repairs, ..self }
    }

    /// How a run that has this problem ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self.kind {
            Kind::Warning => Exit::Done,
            Kind::Data => Exit::Problems,
            Kind::Unreadable => Exit::Unreadable,
            Kind::Definition => Exit::Config,
        }
    }
}

/// How a run that has these problems ends.
#[must_use]
pub fn exit_of(problems: &[Problem]) -> Exit {
    problems.iter().map(Problem::exit).max().unwrap_or(Exit::Done)
}

impl Mark {
    /// Marks a file as a whole.
    pub fn file(file: String, label: impl Into<String>) -> Mark {
        Mark { file, place: None, line: None, at: 1, width: 0, label: label.into() }
    }

    /// Marks a span of bytes in a text, as the TOML reader reports them.
    pub fn span(file: &str, text: &str, span: std::ops::Range<usize>, label: impl Into<String>) -> Mark {
        let before = text.get(..span.start).unwrap_or(text);
        let row = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let line = text.lines().nth(row).unwrap_or_default();
        let wanted = text.get(span).unwrap_or_default();
        let width = wanted.lines().next().unwrap_or_default().chars().count().max(1);
        let at = column as u32 + 1;
        let place = Some(Position { sheet: None, row: row as u32 + 1, column: at });
        Mark { file: file.into(), place, line: Some(line.into()), at, width, label: label.into() }
    }
}

/// What is longer than this, in bytes, is no misspelt name.
const LONGEST: usize = 200;

/// `did you mean A or B?` with the candidates most like `word`, or nothing where none is alike.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let word = word.to_lowercase();
    let mut alike: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (jaro_winkler(&word, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.85)
        .collect();
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    alike.dedup_by(|a, b| a.1 == b.1);
    let best = alike.first().map_or(0.0, |(likeness, _)| *likeness);
    alike.retain(|(likeness, _)| best - likeness < 0.08);
    let best: Vec<String> = alike.iter().take(3).map(|(_, candidate)| format!("`{candidate}`")).collect();
    (!best.is_empty()).then(|| format!("did you mean {}?", best.join(" or ")))
}

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BOLD: Style = Style::new().bold();

impl fmt::Display for Problem {
    /// As a compiler shows it, in colour; the stream it is written to takes the colour off where none is wanted. The
    /// alternate form (`{:#}`) shows all repairs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, style) = match self.kind {
            Kind::Warning => ("warning", YELLOW),
            _ => ("error", RED),
        };
        writeln!(f, "{style}{word}{style:#}{BOLD}: {}{BOLD:#}", visible(&self.message))?;
        for mark in &self.marks {
            draw(f, mark, style)?;
        }
        repair::write(&self.repairs, f.alternate(), f)?;
        match &self.help {
            Some(help) => writeln!(f, "{GREEN}help{GREEN:#}: {help}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Mark {
    /// As a problem shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        draw(f, self, GREEN)
    }
}

/// The place, the line that stands there, and carets below what is meant.
fn draw(f: &mut fmt::Formatter<'_>, mark: &Mark, style: Style) -> fmt::Result {
    let file = visible(&mark.file);
    let Some(place) = &mark.place else {
        writeln!(f, "  {BLUE}-->{BLUE:#} {file}")?;
        return if mark.label.is_empty() {
            Ok(())
        } else {
            writeln!(f, "      {BLUE}={BLUE:#} {}", visible(&mark.label))
        };
    };
    writeln!(f, "  {BLUE}-->{BLUE:#} {file}:{place}")?;
    let Some(line) = &mark.line else { return Ok(()) };
    let (excerpt, at) = excerpt(line, mark.at as usize - 1, mark.width);
    let before: String = excerpt.chars().take(at).map(blank_like).collect();
    let number = place.row.to_string();
    writeln!(f, "{BLUE}{number:>5} |{BLUE:#} {excerpt}")?;
    let carets = "^".repeat(caret_width(&excerpt, at, mark.width));
    let label = visible(&mark.label);
    let label = if label.is_empty() { label } else { format!(" {label}") };
    writeln!(
        f,
        "{:>width$} {BLUE}|{BLUE:#} {before}{style}{carets}{label}{style:#}",
        "",
        width = number.len().max(5)
    )
}

/// How much of a long line is shown before and after what is meant, in characters.
const AROUND: usize = 60;

/// The line, cut where it is long, and where in it the character at `at` has come to stand.
fn excerpt(line: &str, at: usize, width: usize) -> (String, usize) {
    let characters: Vec<char> = line.chars().map(visible_char).collect();
    let whole = characters.len() <= 2 * AROUND + width.min(AROUND);
    let (from, to) = if whole {
        (0, characters.len())
    } else {
        (at.saturating_sub(AROUND), (at + width.min(AROUND) + AROUND).min(characters.len()))
    };
    let shown = characters.get(from..to).unwrap_or_default();
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < characters.len() { "…" } else { "" });
    (
        format!("{head}{}{tail}", shown.iter().collect::<String>().trim_end()),
        at.saturating_sub(from) + head.chars().count(),
    )
}

/// How many columns of a terminal the `width` characters from `at` take, at least one.
fn caret_width(excerpt: &str, at: usize, width: usize) -> usize {
    let wide =
        excerpt.chars().skip(at).take(width.min(AROUND)).map(|c| c.width().unwrap_or(1)).sum::<usize>();
    wide.max(1)
}

/// White space as wide as `c` on a terminal.
fn blank_like(c: char) -> String {
    if c == '\t' { "\t".into() } else { " ".repeat(c.width().unwrap_or(1)) }
}

/// A text from a document, safe to show: a control character could drive the terminal, and a long one fill it.
pub fn visible(text: &str) -> String {
    let shown: String = text.chars().take(MOST_SHOWN).map(visible_char).collect();
    if shown.len() < text.len() && text.chars().nth(MOST_SHOWN).is_some() { shown + "…" } else { shown }
}

/// A text from a document as TOML writes it, safe to show.
pub(crate) fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        _ if visible_char(c) == c => c.to_string(),
        _ => format!("\\U{:08X}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// How many characters of a text from a document are shown.
const MOST_SHOWN: usize = 1000;

fn visible_char(c: char) -> char {
    let hidden =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if c != '\t' && c.is_control() || hidden { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(problem: &Problem) -> String {
        anstream::adapter::strip_str(&problem.to_string()).to_string()
    }

    fn mark(line: &str, column: u32, width: usize) -> Mark {
        let place = Position { sheet: None, row: 18, column };
        Mark {
            file: "a.txt".into(),
            place: Some(place),
            line: Some(line.into()),
            at: column,
            width,
            label: "here".into(),
        }
    }

    #[test]
    fn a_problem_is_shown_as_a_compiler_shows_it() {
        let problem = Problem::data("total", "it's wrong", mark("Total\t49 737\t41", 7, 6)).help("mend it");
        let expected = "error: it's wrong\n  --> a.txt:18:7\n   18 | Total\t49 737\t41\n      |      \t^^^^^^ here\nhelp: mend it\n";
        assert_eq!(plain(&problem), expected);
    }

    #[test]
    fn wide_characters_get_two_carets_each() {
        let problem = Problem::data("x", "m", mark("中國 台灣 1", 4, 2));
        assert!(plain(&problem).contains("\n      |      ^^^^ here\n"), "{}", plain(&problem));
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let line = format!("{}12a4{}", "x".repeat(5000), "y".repeat(5000));
        let shown = plain(&Problem::data("x", "m", mark(&line, 5001, 4)));
        assert!(shown.contains(&format!("…{}12a4{}…", "x".repeat(60), "y".repeat(60))), "{shown}");
        assert!(shown.contains(&format!("|  {}^^^^ here", " ".repeat(60))), "{shown}");
    }

    #[test]
    fn a_document_cannot_drive_the_terminal() {
        let shown = plain(&Problem::data("x", "m", mark("a\u{1b}[31mb\u{202e}c", 1, 1)));
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
    }

    #[test]
    fn a_text_is_quoted_as_toml_reads_it() {
        for text in ["8 490", "a\"b\\c", "\u{1b}[31m\u{202e}\t\u{a0}", ""] {
            let read: toml::Table = toml::from_str(&format!("a = {}", quoted(text))).unwrap();
            assert_eq!(read["a"].as_str(), Some(text));
            assert_eq!(visible(&quoted(text)), quoted(text));
        }
    }

    #[test]
    fn suggestions_are_near_names_only() {
        let names = ["Singapore", "Slovenia", "Canada"];
        assert_eq!(did_you_mean("Sinapore", names).as_deref(), Some("did you mean `Singapore`?"));
        assert_eq!(did_you_mean("Atlantis", names), None);
    }
}
