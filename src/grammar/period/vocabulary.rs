//! The words of headings, in English and Chinese; months, quarters and half-years also in French, German, Spanish and
//! Portuguese, without their accents.

use crate::grammar::period::heading::PeriodStatus;
use crate::grammar::period::tokens::TimeToken;

/// The status that an English word or letter gives to the figures. Revised figures are normal ones.
pub(super) fn english_status(word: &str) -> Option<PeriodStatus> {
    Some(match word {
        "r" | "rev" | "revised" => PeriodStatus::Normal,
        "p" | "prov" | "provisional" | "prelim" | "preliminary" => PeriodStatus::Provisional,
        "e" | "est" | "estimate" | "estimated" | "estimates" => PeriodStatus::Estimated,
        "f" | "forecast" | "forecasts" | "proj" | "projected" | "projection" | "projections" => {
            PeriodStatus::Forecast
        }
        _ => return None,
    })
}

/// The token of an English word.
pub(super) fn english_token(word: &str) -> Option<TimeToken> {
    Some(match word {
        "q" | "qtr" | "quarter" => TimeToken::Quarter,
        "h" | "s" | "half" | "semester" => TimeToken::Half,
        "year" | "yr" => TimeToken::Years,
        "m" | "month" | "months" => TimeToken::Months,
        "fy" | "financial" | "fiscal" => TimeToken::Financial,
        "cy" | "calendar" => TimeToken::Calendar,
        "ending" | "ended" => TimeToken::Ending,
        "end" => TimeToken::End,
        "as" | "at" | "on" => TimeToken::At,
        "up" | "until" | "till" => TimeToken::UpTo,
        "to" | "through" => TimeToken::To,
        "first" => TimeToken::Nth(1),
        "second" => TimeToken::Nth(2),
        "third" => TimeToken::Nth(3),
        "fourth" => TimeToken::Nth(4),
        _ => TimeToken::Month(parse_month(word)?),
    })
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by its name, or by the first three or more letters of it.
fn parse_month(name: &str) -> Option<u32> {
    let start = name.as_bytes().get(..3)?;
    let at = MONTHS.iter().position(|month| &month.as_bytes()[..3] == start)?;
    MONTHS[at].starts_with(name).then_some(at as u32 + 1)
}

/// The names of months in French, German, Spanish and Portuguese.
const OTHER_MONTHS: [&[&str]; 12] = [
    &["janvier", "januar", "janner", "enero", "janeiro"],
    &["fevrier", "februar", "febrero", "fevereiro"],
    &["mars", "marz", "maerz", "marzo", "marco"],
    &["avril", "april", "abril"],
    &["mai", "mayo", "maio"],
    &["juin", "juni", "junio", "junho"],
    &["juillet", "juli", "julio", "julho"],
    &["aout", "august", "agosto"],
    &["septembre", "september", "septiembre", "setiembre", "setembro"],
    &["octobre", "oktober", "octubre", "outubro"],
    &["novembre", "november", "noviembre", "novembro"],
    &["decembre", "dezember", "diciembre", "dezembro"],
];

/// Short forms that are words of their own: `In 2023`, `Out 2023` are no months.
const NO_MONTHS: [&str; 2] = ["out", "set"];

/// Short forms of months that are not the beginning of one name alone, or of none.
const SHORT_MONTHS: [(&str, u32); 3] = [("mrz", 3), ("jul", 7), ("jun", 6)];

/// The token of a French, German, Spanish or Portuguese word for a part of a year.
pub(super) fn european_token(word: &str) -> Option<TimeToken> {
    Some(match word {
        "t" | "trim" | "trimestre" | "quartal" => TimeToken::Quarter,
        "semestre" | "halbjahr" => TimeToken::Half,
        "premier" | "primer" | "primeiro" | "erstes" => TimeToken::Nth(1),
        "deuxieme" | "segundo" | "zweites" => TimeToken::Nth(2),
        "troisieme" | "tercer" | "terceiro" | "drittes" => TimeToken::Nth(3),
        "quatrieme" | "cuarto" | "quarto" | "viertes" => TimeToken::Nth(4),
        _ => TimeToken::Month(parse_other_month(word)?),
    })
}

/// A month by its name, or by three or more letters that begin the names of one month alone.
fn parse_other_month(name: &str) -> Option<u32> {
    if let Some((_, month)) = SHORT_MONTHS.iter().find(|(short, _)| *short == name) {
        return Some(*month);
    }
    let is_short = name.len() < 3 || NO_MONTHS.contains(&name);
    let begins = |names: &&[&str]| !is_short && names.iter().any(|month| month.starts_with(name));
    let mut months = (1..).zip(OTHER_MONTHS.iter().copied()).filter(|(_, names)| begins(names));
    let (month, _) = months.next()?;
    months.next().is_none().then_some(month)
}

/// Chinese words. A word comes before words that it begins with.
pub(super) const CHINESE_TOKENS: [(&str, &[TimeToken]); 37] = [
    ("年底", &[TimeToken::End]),
    ("年末", &[TimeToken::End]),
    ("年度", &[TimeToken::Financial]),
    ("年", &[]),
    ("財政年度", &[TimeToken::Financial]),
    ("财政年度", &[TimeToken::Financial]),
    ("第一", &[TimeToken::Nth(1)]),
    ("第二", &[TimeToken::Nth(2)]),
    ("第三", &[TimeToken::Nth(3)]),
    ("第四", &[TimeToken::Nth(4)]),
    ("第", &[]),
    ("首季", &[TimeToken::Nth(1), TimeToken::Quarter]),
    ("季度", &[TimeToken::Quarter]),
    ("季", &[TimeToken::Quarter]),
    ("上半年", &[TimeToken::Nth(1), TimeToken::Half]),
    ("下半年", &[TimeToken::Nth(2), TimeToken::Half]),
    ("十一月", &[TimeToken::Month(11)]),
    ("十二月", &[TimeToken::Month(12)]),
    ("十月", &[TimeToken::Month(10)]),
    ("一月", &[TimeToken::Month(1)]),
    ("二月", &[TimeToken::Month(2)]),
    ("三月", &[TimeToken::Month(3)]),
    ("四月", &[TimeToken::Month(4)]),
    ("五月", &[TimeToken::Month(5)]),
    ("六月", &[TimeToken::Month(6)]),
    ("七月", &[TimeToken::Month(7)]),
    ("八月", &[TimeToken::Month(8)]),
    ("九月", &[TimeToken::Month(9)]),
    ("底", &[TimeToken::End]),
    ("末", &[TimeToken::End]),
    ("截至", &[TimeToken::AtOrUpTo]),
    ("於", &[TimeToken::At]),
    ("于", &[TimeToken::At]),
    ("至", &[TimeToken::To]),
    ("到", &[TimeToken::To]),
    ("數字", &[]),
    ("数字", &[]),
];

/// Chinese words for the status of the figures.
pub(super) const CHINESE_STATUSES: [(&str, PeriodStatus); 10] = [
    ("臨時", PeriodStatus::Provisional),
    ("临时", PeriodStatus::Provisional),
    ("初步", PeriodStatus::Provisional),
    ("估計", PeriodStatus::Estimated),
    ("估计", PeriodStatus::Estimated),
    ("預測", PeriodStatus::Forecast),
    ("预测", PeriodStatus::Forecast),
    ("修訂", PeriodStatus::Normal),
    ("修订", PeriodStatus::Normal),
    ("推算", PeriodStatus::Estimated),
];
