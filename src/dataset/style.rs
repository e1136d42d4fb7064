//! How a publisher prints its figures and what its marks stand for, as a definition says it: `[figures]`, `[symbols]` and `[flags]`.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use toml::Spanned;

use crate::dataset::Definition;
use crate::grammar::number::{NegativeStyle, NumberConvention, ThousandsSeparators};
use crate::grammar::status_flag::{self, FlagMeaning, PublisherFlag};
use crate::problem::{Problem, Rule, did_you_mean};

/// How figures are printed. Where nothing is said, each table must fit one convention and no other.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// What parts the decimals.
    pub decimal: Option<Decimal>,
    /// What may part the thousands: all that is usual beside that decimal mark, where left out.
    #[schemars(with = "Option<Thousands>")]
    pub thousands: Option<Spanned<Thousands>>,
    /// How a figure below zero is printed, beside a minus in front of it.
    #[serde(default)]
    pub negative: NegativeStyle,
    /// Whether figures with more decimals than the measure has are rounded to these, to the farther side half-way.
    #[serde(default)]
    pub rounded: bool,
}

/// What parts the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Decimal {
    /// A point.
    #[serde(rename = ".")]
    Point,
    /// A comma.
    #[serde(rename = ",")]
    Comma,
}

/// What may part the thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Listed")]
pub struct Thousands(pub ThousandsSeparators);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a list of marks, or \"none\"")]
enum Listed {
    Word(String),
    Marks(Vec<String>),
}

impl TryFrom<Listed> for Thousands {
    type Error = String;

    fn try_from(listed: Listed) -> Result<Thousands, String> {
        let marks = match listed {
            Listed::Word(word) if word == "none" => Vec::new(),
            Listed::Word(word) => vec![word],
            Listed::Marks(marks) => marks,
        };
        let one = |mark: &String| match mark.chars().collect::<Vec<char>>()[..] {
            [c] if ThousandsSeparators::new(&[c]).contains(c) => Ok(c),
            _ => Err(format!(
                "`{mark}` parts no thousands; known here: \" \", \",\", \".\", \"'\", or \"none\""
            )),
        };
        Ok(Thousands(ThousandsSeparators::new(
            &marks.iter().map(one).collect::<Result<Vec<char>, String>>()?,
        )))
    }
}

impl Figures {
    /// The convention that is named.
    #[must_use]
    pub fn convention(&self) -> Option<NumberConvention> {
        let usual = match self.decimal? {
            Decimal::Point => NumberConvention::POINT,
            Decimal::Comma => NumberConvention::COMMA,
        };
        let thousands = self.thousands.as_ref().map_or(usual.thousands, |named| named.get_ref().0);
        Some(NumberConvention { thousands, negative: self.negative, ..usual })
    }
}

/// What marks stand for: a publisher's style by its name, a table of marks, or a table that begins with a style.
#[derive(Clone, Debug)]
pub enum Marks {
    /// All as the style has it.
    Style(String),
    /// A table.
    Own {
        /// The style it begins with.
        style: Option<Spanned<String>>,
        /// Its marks.
        marks: Vec<(Spanned<String>, Spanned<Said>)>,
    },
}

/// What is said of a mark.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a status such as \"Q\", or { status = \"Q\", meaning = \"…\" }")]
pub enum Said {
    /// A code: `nil`, or a status.
    Code(String),
    /// The same with the publisher's words.
    Told {
        /// The code.
        status: String,
        /// The words.
        meaning: String,
    },
}

impl Said {
    fn code(&self) -> &str {
        let (Said::Code(code) | Said::Told { status: code, .. }) = self;
        code
    }
}

impl<'d> Deserialize<'d> for Marks {
    fn deserialize<D: Deserializer<'d>>(toml: D) -> Result<Marks, D::Error> {
        toml.deserialize_any(MarksVisitor)
    }
}

/// Keeps the places of marks, which an untagged enum would lose.
struct MarksVisitor;

impl<'d> Visitor<'d> for MarksVisitor {
    type Value = Marks;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a style, or a table of marks")
    }

    fn visit_str<E: Error>(self, style: &str) -> Result<Marks, E> {
        Ok(Marks::Style(style.to_owned()))
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Marks, A::Error> {
        let (mut style, mut marks) = (None, Vec::new());
        while let Some(mark) = map.next_key::<Spanned<String>>()? {
            if mark.get_ref() == "style" {
                style = Some(map.next_value()?);
            } else {
                marks.push((mark, map.next_value()?));
            }
        }
        Ok(Marks::Own { style, marks })
    }
}

/// What a definition says of a mark: what it stands for, and in which words.
pub type Told = (FlagMeaning, String);

/// The marks of a definition: those of its style, and its own, which win.
pub(super) fn by_mark(all: [Option<&Spanned<Marks>>; 2]) -> BTreeMap<String, Told> {
    all.into_iter().flat_map(from_table).collect()
}

fn from_table(marks: Option<&Spanned<Marks>>) -> BTreeMap<String, Told> {
    let (style, own) = match marks.map(Spanned::get_ref) {
        None => return BTreeMap::new(),
        Some(Marks::Style(style)) => (Some(style.as_str()), &[][..]),
        Some(Marks::Own { style, marks }) => {
            (style.as_ref().map(|style| style.get_ref().as_str()), marks.as_slice())
        }
    };
    let of_style = |known: &&PublisherFlag| Some(known.style) == style;
    let styled = status_flag::publisher_flags().iter().filter(of_style);
    let styled = styled.map(|known| (known.symbol.to_owned(), (known.meaning, known.words.to_owned())));
    let own = own.iter().filter_map(|(mark, said)| {
        let meaning = FlagMeaning::from_code(said.get_ref().code())?;
        let words = match said.get_ref() {
            Said::Told { meaning, .. } => meaning.clone(),
            Said::Code(_) => meaning.name().to_owned(),
        };
        Some((mark.get_ref().clone(), (meaning, words)))
    });
    styled.chain(own).collect()
}

impl Definition {
    /// All that is wrong with how figures and marks are described.
    pub(super) fn validate_style(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.validate_thousands().into_iter().collect();
        for (at, marks) in
            [&self.symbols, &self.flags].into_iter().flatten().map(|marks| (marks, marks.get_ref()))
        {
            match marks {
                Marks::Style(style) => problems.extend(self.validate_named_style(at, style)),
                Marks::Own { style, marks } => {
                    let named =
                        style.iter().filter_map(|style| self.validate_named_style(style, style.get_ref()));
                    problems.extend(named);
                    problems.extend(marks.iter().filter_map(|(mark, said)| self.validate_mark(mark, said)));
                }
            }
        }
        problems
    }

    /// Thousands must be parted by another mark than decimals.
    fn validate_thousands(&self) -> Option<Problem> {
        let named = self.figures.thousands.as_ref()?;
        let (message, label) = match self.figures.convention() {
            None => (
                "the mark between thousands needs the decimal mark beside it",
                "add `decimal = \".\"` or `\",\"`",
            ),
            Some(convention) if convention.thousands.contains(convention.decimal) => {
                ("one mark cannot part both thousands and decimals", "")
            }
            Some(_) => return None,
        };
        Some(self.fault(Rule::Figures, named, message.into(), label))
    }

    fn validate_named_style<T>(&self, at: &Spanned<T>, style: &str) -> Option<Problem> {
        let mut known: Vec<&str> = status_flag::publisher_flags().iter().map(|known| known.style).collect();
        known.dedup();
        if known.contains(&style) {
            return None;
        }
        let message = format!("no style of marks is called `{style}`");
        let hint = did_you_mean(style, known.iter().copied());
        let help = hint.unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        Some(self.fault(Rule::Symbols, at, message, "").help(help))
    }

    /// A mark must not hide a figure, and stand for something known.
    fn validate_mark(&self, mark: &Spanned<String>, said: &Spanned<Said>) -> Option<Problem> {
        let (text, code) = (mark.get_ref(), said.get_ref().code());
        let stands_alone = FlagMeaning::from_code(code).is_some_and(FlagMeaning::is_standalone);
        if self.hides_figures(text) && !(text.is_empty() && stands_alone) {
            return Some(self.fault(
                Rule::Symbols,
                mark,
                format!("`{text}` cannot be a mark"),
                "it is empty, or a figure",
            ));
        }
        if FlagMeaning::from_code(code).is_some() {
            return None;
        }
        let known = || {
            let known = status_flag::all_codes().filter_map(FlagMeaning::from_code);
            let known: Vec<String> = known.map(|of| format!("{} {}", of.code(), of.name())).collect();
            format!("known here: {}", known.join(", "))
        };
        let help = status_flag::parse_legend(code)
            .map_or_else(known, |meaning| format!("write `{}`", meaning.code()));
        let message = format!("`{code}` is no observation status of SDMX");
        Some(self.fault(Rule::Symbols, said, message, "").help(help))
    }

    /// Whether a text is empty, or a figure in some convention.
    pub(super) fn hides_figures(&self, text: &str) -> bool {
        let decimals = self.printed_decimals();
        let conventions = [NumberConvention::POINT, NumberConvention::COMMA];
        text.trim().is_empty()
            || conventions.iter().any(|convention| convention.parse(text, decimals).is_ok())
    }
}
