//! Prints a problem as a compiler does: the message, each place with its line and carets below it, repairs, and the remedy.

use std::fmt;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

use crate::problem::sanitize::{sanitize, sanitize_char};
use crate::problem::{Problem, Span, repair};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
pub(super) const GREEN: Style = AnsiColor::Green.on_default().bold();
const BOLD: Style = Style::new().bold();

impl fmt::Display for Problem {
    /// Writes a problem in colour; the output stream strips the colour where none is wanted. The alternate form (`{:#}`)
    /// writes all repairs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = if self.is_error() { RED } else { YELLOW };
        writeln!(
            f,
            "{style}{}{style:#}{BOLD}: {}{BOLD:#}",
            self.severity.name(),
            sanitize(&self.headline())
        )?;
        for span in &self.spans {
            write_span(f, span, style)?;
        }
        repair::write_repairs(&self.repairs, f.alternate(), f)?;
        if let Some(help) = &self.help {
            writeln!(f, "{GREEN}help{GREEN:#}: {help}")?;
        }
        repair::write_corrections(&self.repairs, f.alternate(), f)
    }
}

impl fmt::Display for Span {
    /// Writes a place as a problem does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_span(f, self, GREEN)
    }
}

/// Writes the place, its line, and carets below the characters that are meant.
fn write_span(f: &mut fmt::Formatter<'_>, span: &Span, style: Style) -> fmt::Result {
    let file = sanitize(&span.file);
    let Some(place) = &span.place else {
        writeln!(f, "  {BLUE}-->{BLUE:#} {file}")?;
        return if span.label.is_empty() {
            Ok(())
        } else {
            writeln!(f, "      {BLUE}={BLUE:#} {}", sanitize(&span.label))
        };
    };
    writeln!(f, "  {BLUE}-->{BLUE:#} {file}:{place}")?;
    let Some(line) = &span.line else { return Ok(()) };
    let (excerpt, at) = cut_line(line, span.start as usize - 1, span.width);
    let before: String = excerpt.chars().take(at).map(pad_like).collect();
    let number = place.row.to_string();
    writeln!(f, "{BLUE}{number:>5} |{BLUE:#} {excerpt}")?;
    let carets = "^".repeat(measure_carets(&excerpt, at, span.width));
    let label = sanitize(&span.label);
    let label = if label.is_empty() { label } else { format!(" {label}") };
    writeln!(
        f,
        "{:>width$} {BLUE}|{BLUE:#} {before}{style}{carets}{label}{style:#}",
        "",
        width = number.len().max(5)
    )
}

/// How much of a long line is printed before and after the carets, in characters.
const CONTEXT: usize = 60;

/// Cuts a long line around the characters that are meant, and returns where they begin in the cut line.
fn cut_line(line: &str, at: usize, width: usize) -> (String, usize) {
    let characters: Vec<char> = line.chars().map(sanitize_char).collect();
    let whole = characters.len() <= 2 * CONTEXT + width.min(CONTEXT);
    let (from, to) = if whole {
        (0, characters.len())
    } else {
        (at.saturating_sub(CONTEXT), (at + width.min(CONTEXT) + CONTEXT).min(characters.len()))
    };
    let shown = characters.get(from..to).unwrap_or_default();
    let (head, tail) = (if from > 0 { "…" } else { "" }, if to < characters.len() { "…" } else { "" });
    (
        format!("{head}{}{tail}", shown.iter().collect::<String>().trim_end()),
        at.saturating_sub(from) + head.chars().count(),
    )
}

/// How many columns of a terminal the `width` characters from `at` take, at least one.
fn measure_carets(excerpt: &str, at: usize, width: usize) -> usize {
    let wide =
        excerpt.chars().skip(at).take(width.min(CONTEXT)).map(|c| c.width().unwrap_or(1)).sum::<usize>();
    wide.max(1)
}

/// White space as wide as `c` on a terminal.
fn pad_like(c: char) -> String {
    if c == '\t' { "\t".into() } else { " ".repeat(c.width().unwrap_or(1)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;
    use crate::problem::Rule;

    fn plain(problem: &Problem) -> String {
        anstream::adapter::strip_str(&problem.to_string()).to_string()
    }

    fn span(line: &str, column: u32, width: usize) -> Span {
        let place = Position { sheet: None, row: 18, column };
        Span {
            file: "a.txt".into(),
            place: Some(place),
            line: Some(line.into()),
            start: column,
            width,
            label: "here".into(),
        }
    }

    #[test]
    fn a_problem_is_shown_as_a_compiler_shows_it() {
        let problem =
            Problem::new(Rule::Total, "it's wrong", span("Total\t49 737\t41", 7, 6)).help("mend it");
        let expected = "error: it's wrong\n  --> a.txt:18:7\n   18 | Total\t49 737\t41\n      |      \t^^^^^^ here\nhelp: mend it\n";
        assert_eq!(plain(&problem), expected);
    }

    #[test]
    fn wide_characters_get_two_carets_each() {
        let problem = Problem::new(Rule::NoFigure, "m", span("中國 台灣 1", 4, 2));
        assert!(plain(&problem).contains("\n      |      ^^^^ here\n"), "{}", plain(&problem));
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_meant() {
        let line = format!("{}12a4{}", "x".repeat(5000), "y".repeat(5000));
        let shown = plain(&Problem::new(Rule::NoFigure, "m", span(&line, 5001, 4)));
        assert!(shown.contains(&format!("…{}12a4{}…", "x".repeat(60), "y".repeat(60))), "{shown}");
        assert!(shown.contains(&format!("|  {}^^^^ here", " ".repeat(60))), "{shown}");
    }

    #[test]
    fn a_document_cannot_drive_the_terminal() {
        let shown = plain(&Problem::new(Rule::NoFigure, "m", span("a\u{1b}[31mb\u{202e}c", 1, 1)));
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
    }
}
