//! `bluebook inspect` as people see it: the summary of a document, and its drawing.

use std::fmt::Write;

use rust_xlsxwriter::Workbook;

use crate::support::{Case, annex, dimensions, real, root, says};

/// What stands below the first four lines, which tell of the document as a whole.
fn below_heading(out: &str) -> &str {
    out.match_indices('\n').nth(3).map_or("", |(end, _)| &out[end + 1..])
}

/// What `inspect` prints of a text, by the layout alone.
fn inspected(text: &str, flags: &[&str]) -> String {
    let ended = Case::new().file("doc.txt", text).run(&[&["inspect", "doc.txt"], flags].concat());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    below_heading(&ended.out).to_owned()
}

/// The text of a small definition with two kinds of tables.
fn definition(keys: &str, more: &str) -> String {
    format!(
        "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\ntotals = \"optional\"\noptional_tables = true\n{keys}\n\
         [measure]\nname = \"m\"\nunit = \"u\"\n{}{more}\n",
        dimensions("A = \"Visas\", B = \"Permits\"")
    )
}

#[test]
fn the_annex_is_told_in_a_few_lines_a_table() {
    let ended = Case::with(&annex()).run(&["inspect", "input/annex.txt"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
input/annex.txt
text, UTF-8, 3093 bytes, sha256 70deef85eb52ebc8b3491ddc7cd25fefcc5842999cd197bce670bf60e021e73e
7 tables, dataset: hk-talent-admissions
cells with a number: 205 figures, 21 headings

table 1: TTPS, lines 8 to 17
  title      Top Talent Pass Scheme
  fixed      scheme = TTPS
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 7 codes, CHN to _T
  figures    28
  totals     4 of 4 add up
  notes      1

table 2: GEP, lines 21 to 35
  title      General Employment Policy (GEP)
  fixed      scheme = GEP
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 12 codes, KOR to _T
  figures    48
  totals     4 of 4 add up
  notes      1

table 3: ASMTP, lines 39 to 42
  title      Admission Scheme for Mainland Talents and Professionals (ASMTP)
  fixed      scheme = ASMTP, region = CHN
  header     period: 4, 2023 to 2026-01-01/P2M
  figures    4
  totals     none to check
  notes      1

table 4: IANG, lines 46 to 60
  title      Immigration Arrangements for Non-local Graduates
  fixed      scheme = IANG
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 12 codes, CHN to _T
  figures    48
  totals     4 of 4 add up

table 5: TechTAS, lines 62 to 73
  title      Technology Talent Admission Scheme
  fixed      scheme = TechTAS
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 9 codes, CHN to _T
  figures    22
  symbols    14 \"-\" (nil)
  totals     4 of 4 add up; 14 nil symbols proven to be zero

table 6: QMAS, lines 75 to 83
  title      Quality Migrant Admission Scheme
  fixed      scheme = QMAS
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 6 codes, CHN to _T
  figures    24
  totals     4 of 4 add up
  notes      1

table 7: ASSG, lines 87 to 98
  title      Admission Scheme for the Second Generation of Chinese Hong Kong Permanent Residents (ASSG)
  fixed      scheme = ASSG
  header     period: 4, 2023 to 2026-01-01/P2M
  stub       region: 9 codes, GBR to _T
  figures    31
  symbols    5 \"-\" (nil)
  totals     4 of 4 add up; 5 nil symbols proven to be zero
  notes      1

beside the tables
  prose      3 rows
";
    assert_eq!(ended.out, expected);
}

#[test]
fn the_annex_is_drawn_with_its_parts() {
    let ended = Case::with(&annex()).run(&["inspect", "input/annex.txt", "--draw"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "
                 │ A                  │ B      │ C      │ D                        │ E
      3 prose    │ **Breakdown of the Numbers of Applications Approved
      4 prose    │ under the Various Talent Admission Schemes by Applicants' Regions**
      6 prose    │ The tables below give the numbers of applications approved under each of the talent admission sche…

      8 title    │ Top Talent Pass Scheme

     10 header   │ Region             │ 2023   │ 2024   │ 2025                     │ 2026 (as at end- February)
        read as  │ region             │ 2023   │ 2024   │ 2025                     │ 2026-01-01/P2M
     11 figures  │ Chinese Mainland   │ 47 021 │ 39 010 │ 29 638                   │ 4 340
     12 figures  │ Canada             │ 549    │ 393    │ 346                      │ 61
     13 figures  │ The United States  │ 536    │ 331    │ 304                      │ 50
     14 figures  │ Australia          │ 370    │ 256    │ 191                      │ 23
     15 figures  │ Singapore          │ 191    │ 143    │ 118                      │ 20
     16 figures  │ Others             │ 1 070  │ 924    │ 911                      │ 146
     17 figures  │ Total              │ 49 737 │ 41 057 │ 31 508                   │ 4 640

     19 note     │ Note: An application may be received in one year and approved in another. The Immigration Departme…

     21 title    │ General Employment Policy (GEP)
";
    assert!(below_heading(&ended.out).starts_with(expected), "{}", ended.out);
    assert!(ended.out.contains("\n     41 header   │ 2023               │ 2024 "), "{}", ended.out);
}

#[test]
fn a_workbook_is_told_with_what_is_left_out_of_it() {
    let Some(path) = real("workbooks/singstat-visitor-arrivals.xlsx") else { return };
    let dataset = root().join("tests/definitions/sg-visitor-arrivals.toml");
    let arguments = ["inspect", path.to_str().unwrap(), "--dataset", dataset.to_str().unwrap()];
    let ended = Case::new().run(&arguments);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "
table 1: MARKET, T1!A5:SF68
  title      Number
  fixed      visitors = ARRIVED
  header     period: 499, 1978-01 to 2019-07
  stub       market: 62 codes, _T to _O
  figures    22310
  symbols    8628 \"na\" (O, missing)
  totals     1238 of 1246 add up

table 2: SEX_AGE, T2!A5:G18
  title      Number
  fixed      visitors = ARRIVED
  header     period: 6, 2019-02 to 2019-07
  stub       sex: 3 codes, _T to F or age: 9 codes, Y0T14 to _U
  figures    66
  symbols    6 \"-\" (nil)
  totals     12 of 12 add up; 6 nil symbols proven to be zero

table 3: STAY, T3!A1:G22
  title      Subject: Tourism / Topic: International Visitor Arrivals / Title: M550071-International Visitor Arrivals…
  fixed      visitors = LEFT
  header     period: 6, 2019-02 to 2019-07
  stub       stay: 15 codes, _T to D60
  figures    90
  totals     12 of 12 add up
  left out   1 row: an average in days, in a table of persons

beside the tables
  sheets     1 sheet without a table: \"Content\"
  prose      29 rows
";
    assert_eq!(below_heading(&ended.out), expected);
    let drawn = Case::new().run(&[&arguments[..], &["--draw"]].concat()).out;
    let expected = "
sheet \"T1\", 493 columns elided: G to SE
                 │ A                  │ B        │ C        │ D        │ E        │ F        │ … │ SF
      1 prose    │ Subject: Tourism
      2 prose    │ Topic: International Visitor Arrivals
      3 prose    │ Title: M550001-International Visitor Arrivals By Inbound Tourism Markets, Monthly

      5 title    │                    │          │          │          │          │          │ … │ Number
      6 header   │ Variables          │ 1978 Jan │ 1978 Feb │ 1978 Mar │ 1978 Apr │ 1978 May │ … │ 2019 Jul
        read as  │ market             │ 1978-01  │ 1978-02  │ 1978-03  │ 1978-04  │ 1978-05  │ … │ 2019-07
";
    says(
        &drawn,
        &[expected, "      …          │ 51 rows elided: 15 to 65\n", "\n     22 left out │ Average Length"],
    );
}

#[test]
fn a_workbook_whose_codes_run_across_is_told_with_its_rules() {
    let Some(path) = real("workbooks/ons-overseas-travel.xls") else { return };
    let dataset = root().join("tests/definitions/uk-overseas-travel.toml");
    let ended = Case::new().run(&["inspect", path.to_str().unwrap(), "--dataset", dataset.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let expected = "
table 1: IN, Table 1!A1:Q48
  title      1 Overseas residents' visits to the UK by month / thousands
  fixed      direction = IN
  header     region: 7 codes, _T to _O
  stub       period: 42, 2012-01 to 2015-06
  figures    294
  flags      21 E (estimated)
  totals     83 of 84 add up, within 10
  left out   1 column \"ignored\" by heading: \"All Visits SA\"
  notes      3 (marks 1, †)

table 2: left out, Table 2!A1:N48
  title      2 Purpose of overseas resident's visits to the UK by month / thousands
  left out   42 rows: by purpose, not by area
  notes      3 (marks 1, †, *)
";
    assert!(below_heading(&ended.out).starts_with(expected), "{}", ended.out);
    let beside = "
beside the tables
  sheets     1 sheet without a table: \"Index\"
  left out   16 rows: by purpose, not by area
             6 rows: in pounds, not in visits
             12 rows: follows from the months
  prose      18 rows
";
    assert!(ended.out.ends_with(beside), "{}", ended.out);
}

#[test]
fn tables_that_share_a_printed_one_are_told_with_their_rows() {
    let Some(path) = real("workbooks/undesa-immigration-flows-canada.xlsx") else { return };
    let dataset = root().join("tests/definitions/un-immigration-canada.toml");
    let ended = Case::new().run(&["inspect", path.to_str().unwrap(), "--dataset", dataset.to_str().unwrap()]);
    let expected = "
table 1: C, F, Regions by Citizenship!A20:AL50
  title      Classification Regional aggregates
  fixed      C: coverage = C, Coverage \"Citizens\", Type \"Immigrants\"
             F: coverage = F, Coverage \"Foreigners\", Type \"Immigrants\"
  header     period: 33, 1980 to 2012
  stub       region: 28 codes, X021 to _U (OdName, RegName, AreaName)
             ignored (AREA, REG, DEV)
  figures    908
  symbols    49 \"..\" (O, missing)
  totals     165 of 165 add up
  problems   1, listed below
";
    assert!(below_heading(&ended.out).starts_with(expected), "{}", ended.out);
}

#[test]
fn without_a_dataset_layout_alone_is_told() {
    let text = "Claims\n\nRegion\t2023\t2024\tChange\nCanada\t5\t6\t+1\nJapan\t-\t..\t\nAtlantis\t1\t2\t+1\n\nNote: So.\n";
    let expected = "
table 1, lines 1 to 6
  title      Claims
  header     period: 2, 2023 to 2024
  stub       3 labels, Canada to Atlantis; 2 regions, CAN to JPN
  figures    4
  symbols    1 \"-\" (nil), 1 \"..\" (unknown)
  indicators 1 column of change
  notes      1
";
    assert_eq!(inspected(text, &[]), expected);
    let expected = "
                 │ A        │ B    │ C    │ D
      1 title    │ Claims

      3 header   │ Region   │ 2023 │ 2024 │ Change
        read as  │ labels   │ 2023 │ 2024 │ change
      4 figures  │ Canada   │ 5    │ 6    │ +1
      5 figures  │ Japan    │ -    │ ..
      6 figures  │ Atlantis │ 1    │ 2    │ +1

      8 note     │ Note: So.
";
    assert_eq!(inspected(text, &["--draw"]), expected);
    assert_eq!(inspected("Words.\n", &[]), "\nbeside the tables\n  prose      1 row\n");
}

#[test]
fn lines_whose_cells_are_only_in_order_are_drawn_as_they_stand() {
    let text = "Visas\n\nRegion      2023     2024\nCanada         5        6\nTotal          5        6\n";
    let expected = "
                 │ 1        10        20        30        40        50        60        70        80        90
      1 title    │ Visas

      3 header   │ Region      2023     2024
        read as  │ labels      2023     2024
      4 figures  │ Canada         5        6
      5 figures  │ Total          5        6
";
    assert_eq!(inspected(text, &["--draw"]), expected);
    let nested = "Visas\n\nSex    Region      2023     2024\nMen    Canada         5        6\nWomen  Canada         5        6\n";
    says(
        &inspected(nested, &[]),
        &["stub       Sex: 2 labels, Men to Women\n             Region: Canada; 1 region, CAN"],
    );
    let across = "Visas\n\nYear  Canada  Nowhere\n2019    1   2\n2020    3   4\n";
    says(&inspected(across, &["--draw"]), &["        read as  │ period CAN    ?\n"]);
    says(
        &inspected(across, &[]),
        &["header     2 labels, Canada to Nowhere; 1 region, CAN\n  stub       period: 2,"],
    );
}

#[test]
fn what_is_not_understood_is_marked_and_what_is_left_out_has_its_reason() {
    let text = "worker\t119\t93\n\nVisas\n\nRegion\t2023\t2024\tRank\nCanada\t5\t6\t1\nAtlantis\t1x\t2\t2\nof whom: new\t1\t1\t3\n\nOthers\n\nRegion\t2023\t2024\nCanada\t5\t6\n";
    let keys = "[headings]\nRank = \"ignored\"\n[[ignore]]\nlabels = \"of whom: new\"\ntitle = \"Visas\"\nreason = \"a part of all\"";
    let case = Case::new().file("doc.txt", text).file("d.toml", definition("", keys));
    let ended = case.run(&["inspect", "doc.txt", "--dataset", "d.toml"]);
    assert_eq!(ended.code, 1);
    let expected = "
table 1: A, lines 3 to 8
  title      Visas
  fixed      class = A
  header     period: 2, 2023 to 2024
  stub       region: CAN; 1 label unknown: \"Atlantis\"
  figures    3
  totals     none to check
  left out   1 row: a part of all
             1 column \"ignored\" by heading: \"Rank\"
  problems   1, listed below

table 2: no table of the definition, lines 10 to 13
  title      Others
  problems   1, listed below

beside the tables
  unread     1 row of figures under no header, the first at 1:1
";
    assert_eq!(below_heading(&ended.out), expected);
    says(&ended.err, &["`1x` is no figure", "no table of d is titled `Others`"]);
    let expected = "
                 │ A            │ B    │ C    │ D
      1 not read │ worker       │ 119  │ 93

      3 title    │ Visas

      5 header   │ Region       │ 2023 │ 2024 │ Rank
        read as  │ region       │ 2023 │ 2024 │ ignored
      6 figures  │ Canada       │ 5    │ 6    │ 1
      7 figures  │ Atlantis     │ 1x ? │ 2    │ 2
      8 left out │ of whom: new │ 1    │ 1    │ 3

     10 title    │ Others

     12 header   │ Region       │ 2023 │ 2024
     13 not read │ Canada       │ 5    │ 6

?  not understood
";
    let drawn = case.run(&["inspect", "doc.txt", "--dataset", "d.toml", "--draw"]);
    assert_eq!(below_heading(&drawn.out), expected);
}

#[test]
fn what_is_hidden_is_told() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("T").unwrap();
    for (row, cells) in
        [["Visas", "", ""], ["Region", "2023", "2024"], ["Canada", "1", "2"]].iter().enumerate()
    {
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row as u32, column as u16, *text).unwrap();
        }
    }
    sheet.set_row_hidden(2).unwrap().set_column_hidden(1).unwrap();
    let other = book.add_worksheet().set_name("Drafts").unwrap();
    other.set_hidden(true).write(0, 0, "Words").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let ended = Case::new().file("a.xlsx", bytes).run(&["inspect", "a.xlsx"]);
    let expected = "
beside the tables
  sheets     1 sheet without a table: \"Drafts\"
  prose      1 row
  hidden     row 3, column B of sheet \"T\"
             sheet \"Drafts\"
";
    assert!(ended.out.ends_with(expected), "{}", ended.out);
    says(&ended.out, &["\ntable 1, T!A1:C3\n  title      Visas\n"]);
}

/// A document of so many tables, each with so many rows and columns of years from 1900 on.
fn many(tables: usize, rows: usize, columns: usize) -> String {
    let mut text = String::new();
    for table in 0..tables {
        let years: String = (0..columns).map(|year| format!("\t{}", 1900 + year)).collect();
        write!(text, "Table of {table}\n\nRegion{years}\n").unwrap();
        for row in 0..rows {
            writeln!(text, "Place {row}{}", "\t1".repeat(columns)).unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn large_documents_are_shown_in_part_and_say_so() {
    let told = inspected(&many(120, 2, 2), &[]);
    assert_eq!(told.matches("\ntable ").count(), 100);
    assert!(told.ends_with("\nand 20 more tables; `--cells` lists all\n"), "{told}");
    let drawn = inspected(&many(400, 2, 2), &["--draw"]);
    assert!(drawn.lines().count() < 1010 && drawn.ends_with("\nand more rows; `--cells` lists all\n"));
    let drawn = inspected(&many(1, 40, 60), &["--draw"]);
    says(
        &drawn,
        &[
            "\n48 columns elided: M to BH\n",
            "     11 figures  │ Place 7  │ 1    │ 1  ",
            "      …          │ 29 rows elided: 12 to 40\n     41 figures  │ Place 37 ",
            " │ … │ 1\n",
        ],
    );
    assert!(drawn.lines().all(|line| line.chars().count() <= 118), "{drawn}");
}

#[test]
fn long_and_wide_texts_are_cut() {
    let text = format!("{}\n\nRegion\t2023\t2024\n{}\t1\t2\n", "標題".repeat(200), "加拿大".repeat(30));
    for flags in [&[][..], &["--draw"]] {
        let width = |line: &str| line.chars().map(|c| if c > '\u{3000}' { 2 } else { 1 }).sum::<usize>();
        let shown = inspected(&text, flags);
        assert!(shown.lines().all(|line| width(line) <= 118), "{shown}");
        assert!(shown.contains("標…") || shown.contains("題…"), "{shown}");
    }
}

#[test]
fn a_drawing_is_no_list_of_cells() {
    let case = Case::with(&annex());
    for flags in [["--draw", "--cells"], ["--draw", "--format=json"]] {
        assert_eq!(case.run(&[&["inspect", "input/annex.txt"][..], &flags].concat()).code, 2);
    }
}
