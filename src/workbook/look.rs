//! How cells show what they store: number formats and indents.

use ssfmt::{DateSystem, FormatOptions, NumberFormat};

/// The looks of a workbook's cells.
#[derive(Clone, Debug, Default)]
pub struct Looks {
    /// The looks; a cell names its own by its place here.
    pub all: Vec<Look>,
    /// Whether day 0 is 1 January 1904, not 31 December 1899.
    pub from_1904: bool,
}

/// How a cell shows what it stores.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// The format of numbers; none where a number is shown as it is.
    pub format: Option<NumberFormat>,
    /// How many steps a text is set in.
    pub indent: u8,
}

impl Look {
    /// A look by the code of its format, as spreadsheets write it: `#,##0`.
    #[must_use]
    pub fn new(code: &str, indent: u8) -> Look {
        let general = code.eq_ignore_ascii_case("general") || code.is_empty();
        Look { format: NumberFormat::parse(code).ok().filter(|_| !general), indent }
    }
}

impl Looks {
    /// A number as a person sees it in a cell of a look.
    #[must_use]
    pub fn shown(&self, number: f64, look: u32) -> String {
        let format = self.all.get(look as usize).and_then(|look| look.format.as_ref());
        let date_system = if self.from_1904 { DateSystem::Date1904 } else { DateSystem::Date1900 };
        let options = FormatOptions { date_system, ..FormatOptions::default() };
        match format {
            Some(format) => format.format(number, &options),
            None => plain(number),
        }
    }

    /// How many steps the text of a cell of a look is set in.
    #[must_use]
    pub fn indent(&self, look: u32) -> u32 {
        self.all.get(look as usize).map_or(0, |look| u32::from(look.indent))
    }
}

/// A number in as few digits as say it.
fn plain(number: f64) -> String {
    let mut buffer = zmij::Buffer::new();
    let printed = buffer.format(number);
    printed.strip_suffix(".0").unwrap_or(printed).to_owned()
}
