//! HTML pages: what a browser shows is read, as text is, and what is missing is said.

use crate::support::{Case, annex, placeless, says};

/// The annex as a page: a paragraph for each line of words, a table for each run of rows.
pub fn annex_page() -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Annex</title>\
         <style>td { width: 1234px }</style></head>\n<body>\n",
    );
    let mut is_table = false;
    for line in annex().lines() {
        if line.contains('\t') != is_table {
            page.push_str(if is_table { "</table>\n" } else { "<table>\n" });
            is_table = !is_table;
        }
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;");
        if is_table {
            let cells: String = escaped.split('\t').map(|cell| format!("<td>{cell}")).collect();
            page.extend(["<tr>", &cells, "\n"]);
        } else if !line.trim().is_empty() {
            page.extend(["<p>", &escaped, "\n"]);
        }
    }
    page + "</table>\n</body></html>\n"
}

#[test]
fn a_page_gives_the_observations_of_the_text() {
    let plain = Case::with(&annex());
    assert_eq!(plain.run(&["run"]).code, 0);
    let case = Case::new().file("input/annex.html", annex_page());
    let ended = case.run(&["run"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(placeless(case.rows("observations")), placeless(plain.rows("observations")));
    let notes =
        |case: &Case| case.rows("notes").into_iter().map(|row| row["text"].clone()).collect::<Vec<_>>();
    assert_eq!(notes(&case), notes(&plain));
    let canada = case.rows("observations").into_iter().find(|row| row["region"] == "CAN").unwrap();
    assert!(canada["source_position"].starts_with("page!"), "{}", canada["source_position"]);
}

pub const DEFINITION: &str = "name = \"jobs\"\ntitle = \"Jobs\"\npublisher = \"Office\"\n\n[measure]\nname = \"jobs\"\nunit = \"jobs\"\n\n\
    [[dimension]]\nname = \"sex\"\nmeaning = \"sex\"\n[dimension.codes]\n_T = \"Total\"\nM = \"Men\"\nF = \"Women\"\n\n[[table]]\ntitle = \"Jobs by sex\"\n";

/// A page of one table, with what stands in its body.
fn page(body: &str) -> String {
    format!("<html><body>{body}</body></html>")
}

/// The figures that are read of a page, in order.
fn figures(body: &str) -> Vec<String> {
    let case = Case::new().file("jobs.html", page(body)).file("jobs.toml", DEFINITION);
    let ended = case.run(&["run", "jobs.html", "--dataset", "jobs.toml", "--release-date", "2026-01-01"]);
    assert_eq!(ended.code, 0, "{body}\n{}", ended.err);
    let row = |row: std::collections::BTreeMap<String, String>| {
        format!("{} {} {}", row["sex"], row["period"], row["value"])
    };
    case.rows("observations").into_iter().map(row).collect()
}

#[test]
fn tables_are_read_as_they_are_shown() {
    let expected = ["_T 2023 3", "_T 2024 7", "M 2023 1", "M 2024 3", "F 2023 2", "F 2024 4"];
    let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
    expected.sort();
    let rows = "<tr><td>Men<td>1<td>3<tr><td>Women<td>2<td>4<tr><th>Total<td>3<td>7</table>";
    for (name, body) in [
        ("a caption", format!("<table><caption>Jobs by sex</caption><tr><th>Sex<th>2023<th>2024{rows}")),
        ("a heading", format!("<h2>Jobs by sex</h2><table><thead><tr><th>Sex<th>2023<th>2024<tbody>{rows}")),
        (
            "a layout table around",
            format!(
                "<table><tr><td><h3>Jobs <b>by</b> sex</h3><table><tr><th>Sex<th>2023<th>2024{rows}</td></tr></table>"
            ),
        ),
        (
            "lines in cells",
            format!("<p>Jobs by sex</p><table><tr><th>Sex<br>of person<th>20<!-- -->23<th>2024&nbsp;{rows}"),
        ),
        (
            "marks",
            format!(
                "<p>Jobs by sex</p><table><tr><th>Sex<th>2023<sup>1</sup><th>2024{rows}<p><sup>1</sup> Revised.</p>"
            ),
        ),
        (
            "a script",
            format!(
                "<script>var a = '<table><tr><td>Men<td>9</table>';</script><p>Jobs by sex</p><table><tr><th>Sex<th>2023<th>2024{rows}"
            ),
        ),
        (
            "a heading over two columns",
            format!(
                "<p>Jobs by sex</p><table><tr><th rowspan=2>Sex<th colspan=2>Number<tr><th>2023<th>2024{rows}"
            ),
        ),
    ] {
        let mut found = figures(&body);
        found.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn spanned_rows_keep_columns_in_their_places() {
    let body = "<p>Jobs by sex</p><table><tr><th>Sex<th>2023<th>2024<tr><td>Men<td rowspan=2>1<td>3<tr><td>Women<td>4<tr><td>Total<td>1<td>7</table>";
    let case = Case::new().file("jobs.html", page(body)).file("jobs.toml", DEFINITION);
    let ended = case.run(&["check", "jobs.html", "--dataset", "jobs.toml"]);
    // A figure that goes down over two rows is one of each, as in a sheet, which the total refuses; none moves in its place.
    assert_eq!(ended.code, 1, "{}", ended.out);
    says(&ended.err, &["the total doesn't add up", "printed 1, but its 2 rows make 2"]);
}

#[test]
fn a_page_that_is_cut_off_or_too_large_is_refused() {
    let whole = annex_page();
    for end in [whole.len() / 4, whole.len() / 2, whole.len() - 10] {
        let end = (0..=end).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let case = Case::new().file("input/annex.html", &whole[..end]);
        let ended = case.run(&["run"]);
        assert_eq!(ended.code, 65, "{}", ended.err);
        says(&ended.err, &["the page is cut off"]);
    }
    let case = Case::new().file("input/annex.html", &whole);
    let ended = case.run(&["check", "--limit", "cells=20"]);
    assert_eq!(ended.code, 65);
    says(&ended.err, &["the page has more than 20 cells"]);
    for (body, words) in [
        ("<div>".repeat(100_000), "nested more than 512 deep"),
        (format!("<table><tr>{}</table>", "<td colspan=1000>".repeat(100_000)), "more than 16 384 columns"),
    ] {
        let ended = Case::new().file("input/a.html", page(&body)).within_512_mb(&["check"]);
        assert_eq!(ended.code, 65, "{}", ended.err);
        says(&ended.err, &[words]);
    }
    // A cell where no row is, which only foreign content can have.
    let body = "<table><caption><svg><td>x</td></svg></caption><tr><td>a<td>2023</table>";
    assert_eq!(Case::new().file("input/a.html", page(body)).run(&["check"]).code, 1);
    // Spans of millions ask for nothing.
    let body = "<p>Jobs by sex</p><table><tr><td colspan=99999999 rowspan=99999999>x</table>".repeat(50);
    let case = Case::new().file("input/a.html", page(&body));
    assert_eq!(case.run(&["check"]).code, 1);
}

#[test]
fn an_encoding_that_a_page_declares_is_followed() {
    let (bytes, ..) = encoding_rs::BIG5.encode("<html><head><meta charset=big5></head><body><p>甲</p><table><tr><td>地區<td>2023<tr><td>加拿大<td>5<tr><td>總計<td>5</table></body></html>");
    let case = Case::new().file("a.html", &bytes);
    let ended = case.run(&["inspect", "--cells", "a.html"]);
    says(&ended.out, &["HTML, Big5", "加拿大 → CAN"]);
}
