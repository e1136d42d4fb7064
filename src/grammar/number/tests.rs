//! Cases and laws of numbers.

use proptest::prelude::*;

use super::*;

#[test]
fn printed_decimals_are_returned() {
    let cases = [
        ("+27.9", Ok((279, 1))),
        ("-5", Ok((-5, 0))),
        ("−0.50", Ok((-50, 2))),
        ("+78%", Ok((78, 0))),
        ("+ 78 %", Ok((78, 0))),
        ("７８．１％", Ok((781, 1))),
        ("(5)", Ok((-5, 0))),
        ("(5.1%)", Ok((-51, 1))),
        ("(5.1)%", Ok((-51, 1))),
        ("+93,371", Ok((93371, 0))),
        ("%", Err(ParseNumberError::Empty)),
        ("5%%p", Err(ParseNumberError::Character('%'))),
        ("1.0000000000", Err(ParseNumberError::Decimals)),
        ("**", Err(ParseNumberError::Character('*'))),
    ];
    for (text, expected) in cases {
        assert_eq!(NumberConvention::POINT.parse_printed(text), expected, "{text}");
    }
    assert_eq!(NumberConvention::COMMA.parse_printed("-2,5 %"), Ok((-25, 1)));
}

#[test]
fn all_printed_forms_give_the_value() {
    let cases = [
        ("0", 0),
        ("9708", 9708),
        ("8 490", 8490),
        ("8\u{a0}490", 8490),
        ("8\u{2009}490", 8490),
        ("8\u{202f}490", 8490),
        ("8\u{2007}490", 8490),
        ("1,331", 1331),
        ("1'331", 1331),
        ("1’331’000", 1_331_000),
        ("８４９０", 8490),
        ("８，４９０", 8490),
        ("-5", -5),
        ("−5", -5),
        ("–5", -5),
        ("‑5", -5),
        ("- 5", -5),
        ("+1 605", 1605),
        ("9 223 372 036 854 775 807", i64::MAX),
    ];
    for (text, value) in cases {
        assert_eq!(parse(text, 0), Ok(value), "{text}");
    }
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    let cases = [
        ("12a4", ParseNumberError::Character('a')),
        ("12²", ParseNumberError::Character('²')),
        ("1.5", ParseNumberError::Character('.')),
        ("(5)", ParseNumberError::Character('(')),
        ("12,34", ParseNumberError::Grouping),
        ("1234 567", ParseNumberError::Grouping),
        ("1,234 567", ParseNumberError::Grouping),
        ("1  234", ParseNumberError::Grouping),
        (",234", ParseNumberError::Grouping),
        ("0 125", ParseNumberError::Grouping),
        ("", ParseNumberError::Empty),
        ("-", ParseNumberError::Empty),
        ("9 223 372 036 854 775 808", ParseNumberError::TooLarge),
    ];
    for (text, fault) in cases {
        assert_eq!(parse(text, 0), Err(fault), "{text}");
    }
}

#[test]
fn decimals_are_kept_exactly() {
    assert_eq!(parse("1 234.5", 1), Ok(12345));
    assert_eq!(parse("-0.25", 2), Ok(-25));
    assert_eq!(parse("7", 2), Ok(700));
    assert_eq!(parse("1.25", 1), Err(ParseNumberError::Decimals));
}

#[test]
fn format_number_groups_thousands() {
    let cases =
        [(49_736, 0, "49 736"), (-1_000, 0, "-1 000"), (12_145, 1, "1 214.5"), (-5, 2, "-0.05"), (7, 0, "7")];
    for (figure, decimals, expected) in cases {
        assert_eq!(format_number(figure, decimals), expected);
    }
}

#[test]
fn a_convention_accepts_its_characters_only() {
    let brackets = NumberConvention { negative: NegativeStyle::Brackets, ..NumberConvention::POINT };
    let trailing = NumberConvention { negative: NegativeStyle::TrailingMinus, ..NumberConvention::COMMA };
    let narrow = NumberConvention { thousands: ThousandsSeparators::new(&[' ']), ..NumberConvention::COMMA };
    let cases = [
        (NumberConvention::COMMA, "1.234.567", 0, Ok(1_234_567)),
        (NumberConvention::COMMA, "1 234,5", 1, Ok(12345)),
        (NumberConvention::COMMA, "１．２３４", 0, Ok(1234)),
        (NumberConvention::COMMA, "1,234", 0, Err(ParseNumberError::Character(','))),
        (NumberConvention::POINT, "1.234", 0, Err(ParseNumberError::Character('.'))),
        (NumberConvention::POINT, "(5)", 0, Err(ParseNumberError::Character('('))),
        (brackets, "(1,234)", 0, Ok(-1234)),
        (brackets, "（5）", 0, Ok(-5)),
        (brackets, "(-5)", 0, Err(ParseNumberError::Character('-'))),
        (brackets, "()", 0, Err(ParseNumberError::Empty)),
        (brackets, "-5", 0, Ok(-5)),
        (trailing, "1.234,5-", 1, Ok(-12345)),
        (trailing, "-5-", 1, Err(ParseNumberError::Character('-'))),
        (narrow, "1 234,5", 1, Ok(12345)),
        (narrow, "1\u{202f}234,5", 1, Ok(12345)),
        (narrow, "1.234,5", 1, Err(ParseNumberError::Character('.'))),
    ];
    for (convention, text, decimals, expected) in cases {
        assert_eq!(convention.parse(text, decimals), expected, "{text} by {convention:?}");
    }
}

#[test]
fn detection_takes_the_convention_that_fits_most_cells() {
    let decimal = |cells: &[&'static str], decimals| {
        NumberConvention::detect(cells.iter().copied(), decimals, NegativeStyle::Minus)
            .map(|convention| convention.decimal)
    };
    let ambiguous = |text, readings| Err(AmbiguousNumber { text, readings });
    assert_eq!(decimal(&["1", "8 490", "-"], 0), Ok('.'));
    assert_eq!(decimal(&["1,331", "8 490", "9708"], 0), Ok('.'));
    assert_eq!(decimal(&["1.331", "8 490"], 0), Ok(','));
    assert_eq!(decimal(&["1.5", "3"], 0), Ok('.'), "no convention reads it; the point's says why");
    assert_eq!(decimal(&["1.234", "7"], 3), ambiguous("1.234", [1234, 1_234_000]));
    assert_eq!(decimal(&["1,234", "7"], 3), ambiguous("1,234", [1_234_000, 1234]));
    assert_eq!(decimal(&["1.234", "1.5"], 3), Ok('.'));
    assert_eq!(decimal(&["1.234", "0,125"], 3), Ok(','), "no thousand begins with a zero");
    assert_eq!(decimal(&["1.234", "0,12"], 3), Ok(','));
    assert_eq!(decimal(&["1.234", "1.234.567,5"], 3), Ok(','));
    assert_eq!(decimal(&["1,234", "7"], 1), Ok('.'));
    assert_eq!(decimal(&["12,5", "x"], 1), Ok(','));
    assert_eq!(
        decimal(&["1.5", "2,5", "3.5"], 1),
        Ok('.'),
        "the one that fits most; the others are reported"
    );
}

/// A figure as a convention prints it.
fn print_number(value: i64, decimals: u32, decimal: char, thousands: &str) -> String {
    let scale = 10u64.pow(decimals);
    let (whole, fraction) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    let digits = whole.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    let whole = groups.join(thousands);
    if decimals == 0 {
        whole
    } else {
        format!("{whole}{decimal}{fraction:0width$}", width = decimals as usize)
    }
}

proptest! {
    #[test]
    fn a_number_printed_by_any_convention_parses_back(
        value in -(10i64.pow(17))..10i64.pow(17), decimals in 0u32..6, comma: bool, at in 0usize..9, sign in 0usize..7,
    ) {
        let convention = if comma { NumberConvention::COMMA } else { NumberConvention::POINT };
        let grouping = if comma { "." } else { "," };
        let thousands = ["", " ", "\u{a0}", "\u{2009}", "\u{202f}", "\u{2007}", "'", "’", grouping][at];
        let digits = print_number(value, decimals, convention.decimal, thousands);
        let (negative, before, after) = [
            (NegativeStyle::Minus, "-", ""), (NegativeStyle::Minus, "−", ""), (NegativeStyle::Minus, "– ", ""), (NegativeStyle::Brackets, "(", ")"),
            (NegativeStyle::Brackets, "-", ""), (NegativeStyle::TrailingMinus, "", "-"), (NegativeStyle::TrailingMinus, "", " −"),
        ][sign];
        let text = if value < 0 { format!("{before}{digits}{after}") } else { digits };
        prop_assert_eq!(NumberConvention { negative, ..convention }.parse(&text, decimals), Ok(value), "{}", text);
    }

    #[test]
    fn a_formatted_number_parses_back(value: i32, decimals in 0u32..6, comma: bool, parted: bool, sign in 0usize..3) {
        let negative = [NegativeStyle::Minus, NegativeStyle::Brackets, NegativeStyle::TrailingMinus][sign];
        let convention = NumberConvention { negative, ..if comma { NumberConvention::COMMA } else { NumberConvention::POINT } };
        let mark = parted.then_some(if comma { '.' } else { '\u{a0}' });
        let text = convention.format(i64::from(value), decimals, mark);
        prop_assert_eq!(convention.parse(&text, decimals), Ok(i64::from(value)), "{}", text);
        let has_thousands = u64::from(value.unsigned_abs()) / 10u64.pow(decimals) >= 1000;
        prop_assert_eq!(convention.find_separator(&text), mark.filter(|_| has_thousands), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", decimals in 0u32..9, brackets: bool) {
        let negative = if brackets { NegativeStyle::Brackets } else { NegativeStyle::TrailingMinus };
        for convention in [NumberConvention::POINT, NumberConvention::COMMA] {
            let _ = NumberConvention { negative, ..convention }.parse(&text, decimals);
        }
        let _ = NumberConvention::detect([text.as_str()].into_iter(), decimals, negative);
    }
}
