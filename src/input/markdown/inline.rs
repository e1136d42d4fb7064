//! What Markdown shows of a cell or a line: escapes, references to characters, emphasis, code and tags are what they stand
//! for; all else is left as it stands, so that what is not understood is reported and not guessed.
//!
//! Emphasis goes by the rules of `CommonMark` (6.2), but for one: marks between two letters or digits are characters, as
//! `1*234*5` is no figure. Struck text (`~~5~~`) and links stay as written.

use std::borrow::Cow;

use scraper::Html;

use crate::grammar::footnote;
use crate::text::fold_whitespace;

/// Tags that only set text in another way. What is set smaller or lower may be a mark, and stays with its tags.
const SHAPES: [&str; 5] = ["b", "em", "i", "strong", "u"];

/// The longest reference to a character that is looked for: `&CounterClockwiseContourIntegral;`.
const LONGEST_REFERENCE: usize = 33;
/// The longest tag or comment.
const LONGEST_TAG: usize = 500;

/// The text that is shown.
pub fn render_inline(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['\\', '*', '_', '`', '<', '&']) {
        return text;
    }
    let mut line = Line { rest: &text, ..Line::default() };
    while line.read() {}
    let shown = line.show();
    let shown = fold_whitespace(&shown);
    if shown == text { text } else { Cow::Owned(shown.into_owned()) }
}

/// A part of what is shown.
enum Piece {
    Text(String),
    Emphasis(Emphasis),
}

/// A run of marks of emphasis.
struct Emphasis {
    mark: char,
    length: usize,
    opens: bool,
    closes: bool,
}

/// A line, as far as it was read.
#[derive(Default)]
struct Line<'t> {
    rest: &'t str,
    pieces: Vec<Piece>,
    /// The character before the rest.
    before: Option<char>,
}

impl Line<'_> {
    /// Reads what comes next; false at the end.
    fn read(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        let is_read = match first {
            '\\' => self.read_escape(),
            '&' => self.read_reference(),
            '<' => self.read_tag(),
            '`' => self.read_code(),
            '*' | '_' => self.read_emphasis(first),
            _ => false,
        };
        if !is_read {
            self.push_text(&self.rest[..first.len_utf8()], first.len_utf8());
        }
        true
    }

    /// Shows a text in place of the first bytes of the rest.
    fn push_text(&mut self, shown: &str, length: usize) {
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.push_str(shown),
            _ => self.pieces.push(Piece::Text(shown.to_owned())),
        }
        self.skip(length);
    }

    fn skip(&mut self, length: usize) {
        self.before = self.rest[..length].chars().next_back();
        self.rest = &self.rest[length..];
    }

    fn read_escape(&mut self) -> bool {
        let escaped = self.rest[1..].chars().next().filter(char::is_ascii_punctuation);
        if escaped.is_some() {
            self.push_text(&self.rest[1..2], 2);
        }
        escaped.is_some()
    }

    /// `&nbsp;`, `&#45;`: the tables of HTML know what it is.
    fn read_reference(&mut self) -> bool {
        let end = self.rest.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';');
        let Some(reference) = end.and_then(|end| self.rest.get(..=end)) else { return false };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '#';
        if reference.len() < 3 || !reference[1..reference.len() - 1].chars().all(is_name) {
            return false;
        }
        let shown: String = Html::parse_fragment(reference).root_element().text().collect();
        self.push_text(&shown, reference.len());
        true
    }

    /// A tag that breaks a line, raises or shapes text, or a comment.
    fn read_tag(&mut self) -> bool {
        let near = &self.rest.as_bytes()[..self.rest.len().min(LONGEST_TAG)];
        if self.rest.starts_with("<!--") {
            let end = memchr::memmem::find(near, b"-->");
            return end.map(|end| self.skip(end + 3)).is_some();
        }
        let Some(end) = memchr::memchr(b'>', near) else { return false };
        let tag = self.rest[1..end].trim_end_matches('/').trim();
        let (is_end, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = name.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "br" => self.push_text(" ", end + 1),
            "sup" if !is_end => return self.read_superscript(end + 1),
            name if SHAPES.contains(&name) => self.skip(end + 1),
            _ => return false,
        }
        true
    }

    /// What is set high is a mark, as `²` is in any other text.
    fn read_superscript(&mut self, begins: usize) -> bool {
        const END: &str = "</sup>";
        let near = &self.rest.as_bytes()[..self.rest.len().min(LONGEST_TAG)];
        let Some(end) = memchr::memmem::find(near, END.as_bytes()) else { return false };
        let inside = render_inline(Cow::Borrowed(&self.rest[begins..end]));
        self.push_text(&footnote::raise(&inside), end + END.len());
        true
    }

    /// Text between marks of the same length, which is shown as it stands.
    fn read_code(&mut self) -> bool {
        let length = self.rest.len() - self.rest.trim_start_matches('`').len();
        let (mark, behind) = self.rest.split_at(length);
        let Some(end) = behind.find(mark) else { return false };
        self.push_text(behind[..end].trim(), end + 2 * length);
        true
    }

    fn read_emphasis(&mut self, mark: char) -> bool {
        let length = self.rest.len() - self.rest.trim_start_matches(mark).len();
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (before, after) = (self.before, self.rest[length..].chars().next());
        let is_within = is_word(before) && is_word(after);
        let opens = !is_blank(after) && !is_within && (is_word(after) || !is_word(before));
        let closes = !is_blank(before) && !is_within && (is_word(before) || !is_word(after));
        self.skip(length);
        self.pieces.push(Piece::Emphasis(Emphasis { mark, length, opens, closes }));
        true
    }

    fn show(mut self) -> String {
        pair_emphasis(&mut self.pieces);
        show(self.pieces.into_iter())
    }
}

fn show(pieces: impl Iterator<Item = Piece>) -> String {
    let shown = |piece: Piece| match piece {
        Piece::Text(text) => text,
        Piece::Emphasis(run) => String::from(run.mark).repeat(run.length),
    };
    pieces.map(shown).collect()
}

/// Takes the marks away that open and close emphasis; those without a partner are characters.
fn pair_emphasis(pieces: &mut [Piece]) {
    let (mut stars, mut lines) = (Vec::new(), Vec::new());
    for at in 0..pieces.len() {
        let (before, own) = pieces.split_at_mut(at);
        let Some(Piece::Emphasis(run)) = own.first_mut() else { continue };
        let open = if run.mark == '*' { &mut stars } else { &mut lines };
        while run.closes
            && run.length > 0
            && let Some(Piece::Emphasis(first)) = open.last().map(|from: &usize| &mut before[*from])
        {
            let paired = first.length.min(run.length);
            first.length -= paired;
            run.length -= paired;
            if first.length == 0 {
                open.pop();
            }
        }
        if run.opens && run.length > 0 {
            open.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read() {
        let cases = [
            ("Canada", "Canada"),
            ("**Total**", "Total"),
            ("***1 234***", "1 234"),
            ("**_Total_**", "Total"),
            ("__Total__", "Total"),
            ("**Region** *of birth*", "Region of birth"),
            ("A\\|B \\- C\\\\", "A|B - C\\"),
            ("\\*\\*", "**"),
            ("2026 (as at<br>end-February)<br/>", "2026 (as at end-February)"),
            ("1&nbsp;234", "1 234"),
            ("A &amp; B &lt; C&#45;D&#x2d;E", "A & B < C-D-E"),
            ("2025<sup>2</sup>", "2025²"),
            ("<b>5</b> <i class=\"x\">6</i>", "5 6"),
            ("Title <!-- image -->", "Title"),
            ("`1*2*3`", "1*2*3"),
        ];
        for (text, expected) in cases {
            assert_eq!(render_inline(Cow::Borrowed(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_stays() {
        for text in [
            "*",
            "**",
            "-",
            "5*",
            "* Revised.",
            "Canada*, Mexico*",
            "1*234*5",
            "2_3_4",
            "~~5~~",
            "<LOD",
            "<5",
            "<del>5</del>",
            "5<sub>2</sub>",
            "5<sup>2",
            "5</sup>2",
            "[1](#a)",
            "5 & 6",
            "&nosuch",
            "&#;",
            "`5",
            "a \\ b",
            "<!-- 5",
            "1**2",
        ] {
            assert_eq!(render_inline(Cow::Borrowed(text)), text);
        }
    }

    #[test]
    fn many_marks_take_no_longer() {
        for mark in ["*a", "a*", "_a ", "<sup>", "`", "``` `", "&amp", "\\", "<!--", "*a_ "] {
            let text = mark.repeat(50_000);
            assert!(render_inline(Cow::Borrowed(&text)).len() <= text.len(), "{mark}");
        }
    }
}
