//! What is in a cell of an .xlsx, and whether calamine gives it its own value. calamine takes the characters of a value up to
//! the first element for all of it (19 of `19<x/>757`), the last of two values, and a place among the shared texts that is
//! no number for the first one.

/// A cell while it is scanned.
#[derive(Default)]
pub(super) struct CellScan {
    kind: Kind,
    inside: Inside,
    /// How many bytes its value has.
    value: Option<usize>,
    has_text: bool,
    has_formula: bool,
    formula: String,
}

/// What a cell's value is, as its attribute `t` says.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// Plain characters: a number, a truth value, an error.
    #[default]
    Plain,
    /// A place among the shared texts.
    SharedText,
    /// A text.
    OwnText,
    /// Nothing: its text stands in `<is>`.
    InlineText,
}

/// Which of a cell's characters are being scanned.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Value,
    Formula,
}

/// What is wrong with a cell.
type Fault = &'static str;

const SPLIT: Fault = "has a value that is split by markup";
const TWO_VALUES: Fault = "has two values";

impl CellScan {
    /// Begins a cell.
    pub(super) fn restart(&mut self) {
        self.formula.clear();
        *self = CellScan { formula: std::mem::take(&mut self.formula), ..CellScan::default() };
    }

    pub(super) fn set_kind(&mut self, text: &str) {
        self.kind = match text {
            "s" => Kind::SharedText,
            "str" | "d" => Kind::OwnText,
            "inlineStr" => Kind::InlineText,
            _ => Kind::Plain,
        };
    }

    /// Begins an element of the cell.
    pub(super) fn start(&mut self, name: &str) -> Result<(), Fault> {
        match name {
            _ if self.inside == Inside::Value => Err(SPLIT),
            "v" if self.has_value() => Err(TWO_VALUES),
            "v" => {
                (self.inside, self.value) = (Inside::Value, Some(0));
                Ok(())
            }
            // Before its text, a cell of that kind may have a value, which means nothing.
            "is" if self.has_text || self.value.is_some() && self.kind != Kind::InlineText => Err(TWO_VALUES),
            "is" => {
                self.has_text = true;
                Ok(())
            }
            // calamine forgets a value that stands before a formula.
            "f" if self.has_value() => Err("has a formula behind its value"),
            "f" => {
                (self.inside, self.has_formula) = (Inside::Formula, true);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Ends an element of the cell.
    pub(super) fn end(&mut self, name: &str) {
        if matches!(name, "v" | "f") {
            self.inside = Inside::Nothing;
        }
    }

    pub(super) fn add_text(&mut self, text: &str) -> Result<(), Fault> {
        let is_place = || text.bytes().all(|byte| byte.is_ascii_digit());
        match self.inside {
            Inside::Value if self.kind == Kind::SharedText && !is_place() => return Err(SPLIT),
            Inside::Value => self.value = self.value.map(|bytes| bytes + text.len()),
            Inside::Formula => self.formula.push_str(text),
            Inside::Nothing => {}
        }
        Ok(())
    }

    /// Adds the character of a reference.
    pub(super) fn add_reference(&mut self, character: &str) -> Result<(), Fault> {
        if self.inside == Inside::Value && !matches!(self.kind, Kind::OwnText | Kind::InlineText) {
            return Err(SPLIT);
        }
        self.add_text(character)
    }

    /// Checks the cell once it has ended.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.kind == Kind::InlineText && !self.has_text && self.has_content() {
            return Err("has a value where its text should be");
        }
        Ok(())
    }

    pub(super) fn formula(&self) -> Option<&str> {
        self.has_formula.then_some(self.formula.as_str())
    }

    fn has_value(&self) -> bool {
        self.value.is_some() || self.has_text
    }

    /// Whether there is anything in it but a formula. A value without characters, `<v></v>` or `<v/>`, is none, as some programs
    /// write a formula that they don't compute; only a text may be empty.
    pub(super) fn has_content(&self) -> bool {
        self.has_text || self.value.is_some_and(|bytes| bytes > 0 || self.kind == Kind::OwnText)
    }
}
