//! The page: every figure under its key, nothing that runs or asks for anything, part of the set as its other files are.

use std::fs;

use bluebook::load::Fingerprint;
use serde_json::Value;

use crate::histories::{DATASET, releases};
use crate::support::{Case, annex, dimensions, root, says};

const PAGE: &str = "output/hk-talent-admissions/index.html";

fn page(case: &Case, name: &str) -> String {
    fs::read_to_string(case.path(name)).unwrap()
}

#[test]
fn every_figure_of_the_annex_stands_under_its_key() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    let page = page(&case, PAGE);
    let rows = case.rows("observations");
    for row in &rows {
        let key = [&row["scheme"], &row["region"], &row["period"]].map(String::as_str).join("/");
        let cell = page.split_once(&format!(" id=\"{key}\">")).unwrap_or_else(|| panic!("{key}")).1;
        let figure: String = cell.split('<').next().unwrap().split_whitespace().collect();
        assert_eq!(figure, row["value"], "{key}");
    }
    assert_eq!(page.matches("<td id=").count() + page.matches("<td class=\"p\" id=").count(), rows.len());
    assert!(page.len() <= 60_000, "{} bytes", page.len());
}

#[test]
fn the_page_says_what_is_known() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    says(
        &page(&case, PAGE),
        &[
            "<html lang=\"en\">",
            ">24 of 24 printed totals add up</h2>",
            "<li>19 nil marks are read as 0",
            "<li>4 totals are derived, as the document prints none",
            "<p>Release 2026-02-28.",
            "<h2 id=\"TTPS/\">Top Talent Pass Scheme</h2>",
            // 346 of 31 508, and 47 fewer than 393.
            "<td id=\"TTPS/CAN/2025\">346<td class=\"p\" id=\"TTPS/CAN/2026-01-01/P2M\">61",
            "<td>1.1 %<td>-47 (-12.0 %)",
            // Canada a month: 549, 393 and 346 in twelve, 61 in two.
            "aria-label=\"46, 33, 29, 31\"",
            // 4 640 in two months.
            "covers 2 months and has a total of 2 320 a month; nothing is printed of the same months",
            // Italy was nil in 2024 and in 2025.
            "<td id=\"TechTAS/ITA/2025\">0<small>nil</small>",
            "<td id=\"ASMTP/_T/2023\">19 757<small>derived</small>",
            "<li>2023: 49 737 = 6 figures",
            "<li>2026-01 to 2026-02: 4 640 = 6 figures",
            "<p id=\"note1\">Note 1: An application may be received in one year and approved in another.",
            "<p><a href=\"#note1\">Note 1</a> holds here, too.",
            "<a href=\"observations.csv\">observations.csv</a>, 228 rows,",
        ],
    );
}

#[test]
fn the_page_is_part_of_the_set() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    let package: Value = serde_json::from_slice(&case.bytes()["datapackage.json"]).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let own = resources.iter().find(|of| of["path"] == "index.html").unwrap();
    let hash = Fingerprint::from_reader(case.bytes()["index.html"].as_slice()).unwrap().sha256;
    assert_eq!(own["hash"], format!("sha256:{hash}"));
    let before = case.bytes();
    assert_eq!(case.run(&["run", "--html"]).out, "");
    says(&case.run(&["verify"]).out, &["14 files are as derived"]);
    says(&case.run(&["verify", "--published"]).out, &["14 files are as datapackage.json says"]);
    assert_eq!(case.run(&["load", "loaded"]).code, 0);
    assert_eq!(page(&case, "loaded/hk-talent-admissions/index.html").as_bytes(), before["index.html"]);
    assert_eq!(case.run(&["run"]).code, 0);
    assert!(!case.bytes().contains_key("index.html"));
    says(&case.run(&["verify"]).out, &["13 files are as derived"]);
    let wanted = case.run_with(&["run"], &[("BLUEBOOK_HTML", "1")]);
    assert_eq!((wanted.code, case.bytes()), (0, before));
}

#[test]
fn a_page_that_was_changed_is_found() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    let changed = page(&case, PAGE).replace("49 737", "49 773");
    fs::write(case.path(PAGE), changed).unwrap();
    for arguments in [&["verify"][..], &["verify", "--published"]] {
        let ended = case.run(arguments);
        assert_eq!(ended.code, 3);
        says(&ended.err, &["index.html"]);
    }
}

#[test]
fn texts_of_documents_and_definitions_are_no_html() {
    let built_in = fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap();
    let definition = built_in
        .replace("GBR = \"The United Kingdom\"", "GBR = \"<script>alert(1)</script>\"")
        .replace("title = \"Applications", "homepage = \"javascript:alert(2)\"\ntitle = \"</title>\\\"'&")
        .replace("applications approved", "<b onclick=alert(3)>");
    let text = annex().replace("Note: Approved", "Note: <img src=x onerror=alert(4)> Approved");
    let case = Case::new().file("input/<i>&amp;.txt", text).file("hostile.toml", definition);
    let ended = case.run(&["check", "--dataset", "hostile.toml", "--html", "page.html"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let page = page(&case, "page.html");
    for markup in
        ["<script", "<img", "<b ", "<i>", "javascript:", "</title>\"", "http://", "https://", "src="]
    {
        assert!(!page.replace("&#60;img src=x", "").contains(markup), "{markup}");
    }
    says(&page, &["&#60;script&#62;alert(1)&#60;/script&#62;", "&#60;i&#62;&#38;amp;.txt"]);
}

#[test]
fn a_check_shows_problems_at_their_figures_and_publishes_nothing() {
    let case = Case::with(&annex().replace("\t549\t", "\t594\t"));
    let ended = case.run(&["check", "--html", "page.html"]);
    assert_eq!(ended.code, 1);
    assert!(!case.path("output").exists());
    says(
        &page(&case, "page.html"),
        &[
            "<h2 id=\"verdict\" class=\"unsound\">1 problem: this cannot be published</h2>",
            "<li>23 of 24 printed totals add up",
            "the total doesn&#39;t add up",
            "<li>line 12: 594 → 549",
            "<td id=\"TTPS/CAN/2023\">594",
            "<td id=\"TTPS/_T/2023\">49 737<sup><a href=\"#problem1\">problem 1</a></sup>",
            "2023: 49 737, but 6 figures make 49 782",
        ],
    );
}

#[test]
fn a_check_that_understands_nothing_still_has_a_page() {
    let case = Case::with("no table\n");
    assert_eq!(case.run(&["check", "--html", "page.html"]).code, 1);
    says(&page(&case, "page.html"), &["1 problem: this cannot be published", "0 figures are printed"]);
    let ended = Case::with(&annex()).run(&["check", "--html", "no/such/folder.html"]);
    assert_eq!(ended.code, 74);
    says(&ended.err, &["no/such/folder.html"]);
}

#[test]
fn the_newest_release_stands_on_the_page_and_others_are_listed() {
    let later = annex().replace("\t549\t", "\t550\t").replace("49 737", "49 738");
    let case = Case::new().file("input/2026-03-31-a.txt", annex()).file("input/2027-03-31-b.txt", later);
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    let page = page(&case, PAGE);
    says(
        &page,
        &[
            "<p>Release 2027-03-31; the one before is of 2026-03-31.",
            "<td id=\"TTPS/CAN/2023\">550",
            "<details><summary>Documents of the releases before</summary>",
            "<li>2026-03-31-a.txt, release 2026-03-31,",
        ],
    );
    assert_eq!(page.matches("id=\"TTPS/CAN/2023\"").count(), 1);
}

#[test]
fn what_a_release_changes_is_told_figure_by_figure_and_by_the_totals_of_tables() {
    let cases: [(usize, &[&str]); 2] = [
        (
            2,
            &[
                "<h2 id=\"changes\">What changed since 2025-06-30</h2>",
                "<p>2 revised, 1 part completed, 4 figures unchanged.",
                "<a href=\"#TTPS/CAN/2024\">Top Talent Pass Scheme, Canada, 2024</a>: <span class=\"n\">391 → 393</span>",
                "<a href=\"#TTPS/_T/2024\">Top Talent Pass Scheme, Total, 2024</a>: <span class=\"n\">41 055 → 41 057</span>",
                "<a href=\"#TTPS/_T/2025\">Top Talent Pass Scheme, 2025, completes 2025-S1</a>: <span class=\"n\">14 920 → 31 508</span>",
            ],
        ),
        (
            4,
            &[
                "<h2 id=\"changes\">What changed since 2026-02-28</h2>",
                "<p>1 folded into a residual, 1 listed on their own, 1 new table, 5 figures unchanged.",
                "<li>Top Talent Pass Scheme, Singapore, 2025: <span class=\"n\">was 118</span>",
                "<a href=\"#TTPS/FRA/2025\">Top Talent Pass Scheme, France, 2025</a>: <span class=\"n\">110</span>",
                "<a href=\"#TTPS/_T/2026-S1\">Top Talent Pass Scheme, 2026-S1</a>: <span class=\"n\">15 930</span>",
            ],
        ),
    ];
    for (count, expected) in cases {
        let case = releases(count, |date| format!("{date}.txt"));
        let ended = case.run(&["check", "--dataset", DATASET, "--html", "page.html"]);
        assert_eq!(ended.code, 0, "{}", ended.err);
        says(&page(&case, "page.html"), expected);
    }
}

#[test]
fn only_a_table_that_is_parted_by_the_dimension_of_shares_has_them() {
    let definition = "name = \"made-up\"\ntitle = \"Made up\"\npublisher = \"nobody\"\n\
        [measure]\nname = \"arrivals\"\nunit = \"persons\"\n\
        [[dimension]]\nname = \"region\"\nmeaning = \"region\"\ncodes = \"regions\"\n\
        [[dimension]]\nname = \"sex\"\nmeaning = \"sex\"\ncodes = { _T = \"Total\", M = \"Males\", F = \"Females\" }\n\
        [[table]]\nlong = { region = \"Region\", sex = \"Sex\", period = \"Period\", value = \"Arrivals\" }\n";
    let rows = [
        "Canada\tTotal\t2024\t6",
        "Japan\tTotal\t2024\t4",
        "Total\tTotal\t2024\t10",
        "Total\tMales\t2024\t7",
        "Total\tFemales\t2024\t3",
    ];
    let text = format!("Region\tSex\tPeriod\tArrivals\n{}\n", rows.join("\n"));
    let case = Case::new().file("made-up.toml", definition).file("input/2025-01-31.txt", text);
    let ended = case.run(&["check", "--dataset", "made-up.toml", "--html", "page.html"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let page = page(&case, "page.html");
    says(&page, &["By region, 2024<", "By sex, 2024<", "60.0 %", "40.0 %"]);
    assert_eq!(page.matches("Share, 2024").count(), 1);
    assert_eq!(page.matches("100.0 %").count(), 1, "that of the total");
}

#[test]
fn bounds_across_tables_are_ranges_and_exact_ones_points() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--html"]).code, 0);
    says(
        &page(&case, PAGE),
        &[
            "<h3>All tables together, by region of the applicants</h3>",
            // 29 638 + 26 714 + 26 355 + 143 + 6 888: no other table can hold the Mainland.
            "<th scope=\"row\">Chinese Mainland<td>exactly 89 738<td><svg",
            "aria-label=\"exactly 89 738\"><circle",
            // 1 518 + 130 + 2, and at most the others of three tables: 911 + 84 + 4.
            "<th scope=\"row\">India<td>1 650 to 2 649<td><svg",
            "aria-label=\"1 650 to 2 649\"><path",
        ],
    );
}

#[test]
fn bounds_of_each_measure_are_a_table_of_their_own() {
    let definition = "name = \"made-up\"\ntitle = \"Made up\"\npublisher = \"nobody\"\nsum_across = [\"class\"]\n\
        header = [\"measure\", \"period\"]\nstub = [\"region\"]\n\
        [[measure]]\ncode = \"IN\"\nname = \"arrivals\"\nunit = \"persons\"\n\
        [[measure]]\ncode = \"OUT\"\nname = \"departures\"\nunit = \"persons\"\n";
    let definition = definition.to_owned() + &dimensions("A = \"Alpha\", B = \"Beta\"");
    let table = |title: &str, rows: &str| {
        format!("{title}\n\n\tArrivals\tDepartures\nRegion\t2024\t2024\n{rows}\n\n")
    };
    let alpha = table("Alpha", "Japan\t5\t1\nOthers\t2\t3\nTotal\t7\t4");
    let beta = table("Beta", "Canada\t6\t2\nOthers\t4\t5\nTotal\t10\t7");
    let case = Case::new().file("made-up.toml", definition).file("input/2025-01-31.txt", alpha + &beta);
    let ended = case.run(&["check", "--dataset", "made-up.toml", "--html", "page.html"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let page = page(&case, "page.html");
    // Japan: 5 to 5 + 4, and 1 to 1 + 5. Canada: 6 to 6 + 2, and 2 to 2 + 3.
    for (measure, japan, canada) in [("arrivals", "5 to 9", "6 to 8"), ("departures", "1 to 6", "2 to 5")] {
        let table = page.split_once(&format!("<summary>{measure}, 2024</summary>")).unwrap().1;
        let table = table.split("</table>").next().unwrap();
        let row = |name: &str, words: &str| format!("<th scope=\"row\">{name}<td>{words}<td>");
        says(table, &[&row("Japan", japan), &row("Canada", canada)]);
    }
}

#[test]
fn a_mark_at_a_label_is_a_link_to_its_note() {
    let marked =
        annex().replace("Canada\t41\t", "Canada (1)\t41\t").replace("Note: Approved", "(1) Approved");
    let case = Case::with(&marked);
    let ended = case.run(&["check", "--html", "page.html"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(
        &page(&case, "page.html"),
        &[
            "Canada<sup><a href=\"#note4\">1</a></sup><td id=\"QMAS/CAN/2023\">41",
            "<p id=\"note4\">Note 1: Approved applications are those that succeeded",
            "<p id=\"note1\">Note no. 1: An application may be received",
        ],
    );
}
