//! What is said of a total that fails, word for word, and that a correction works when it is pasted.

use std::fmt::Write;

use crate::support::{Case, Ended, annex, real, root, says};

fn changed(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(annex(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?}");
        text.replacen(from, to, 1)
    })
}

fn checked(changes: &[(&str, &str)]) -> Ended {
    let ended = Case::with(&changed(changes)).run(&["check"]);
    assert_eq!(ended.code, 1);
    assert_eq!(ended.err.matches("error: ").count(), 1, "{}", ended.err);
    ended
}

/// The corrections of the likeliest repair, of so many figures, make all true.
fn pasted(changes: &[(&str, &str)], figures: usize) -> Ended {
    let ended = checked(changes);
    let corrections = ended.err.split("[[correction]]").skip(1).take(figures);
    let mut definition =
        std::fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap();
    for correction in corrections {
        let (keys, _) = correction.split_once("\n\n").unwrap();
        write!(definition, "\n[[correction]]{keys}\n").unwrap();
    }
    let case = Case::with(&changed(changes)).file("own.toml", definition);
    let again = case.run(&["check", "--dataset", "own.toml"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""), "{}", ended.err);
    ended
}

#[test]
fn the_likeliest_misprint_comes_first_and_can_be_pasted() {
    let ended = pasted(&[("\t549\t", "\t594\t")], 1);
    let expected = "\
error: the total doesn't add up
  --> input/annex.txt:17:7
   17 | Total\t49 737\t41 057\t31 508\t4 640
      |      \t^^^^^^ printed 49 737, but its 6 rows make 49 782 (45 too many)
repair: any of these would make it true, the likeliest first
  line 12: 594 → 549  two digits swapped; nearer to 393 in 2024
help: one of these is right if a single figure is wrong; where two are or more, none may be: compare with the original
help: paste the one that is right into the definition, with how you know it

[[correction]]
key = \"TTPS/CAN/2023\"
release = \"2026-02-28\"
expected = \"594\"
value = 549
reason = \"two digits swapped, by the table's totals\"

1 problem; nothing was published, what was published before stands
";
    assert_eq!(ended.err, expected);
}

#[test]
fn five_are_shown_unless_all_are_asked_for() {
    let changes = [("Total\t26 270", "Total\t26 370")];
    let ended = checked(&changes);
    let five = "
  line 30: 1 027 → 1 127  one digit (the hundreds); nearer to 1 329 in 2024
  line 33: 1 179 → 1 279  one digit (the hundreds); nearer to 2 009 in 2024
  line 29: 1 464 → 1 564  one digit (the hundreds); nearer to 2 244 in 2024
  line 27: 1 891 → 1 991  one digit (the hundreds); nearer to 2 076 in 2024
  line 24: 2 144 → 2 244  one digit (the hundreds); nearer to 5 565 in 2024
  … and 7 more: `bluebook check -v`
help: one of these";
    says(&ended.err, &[five]);
    // No correction is offered where nothing speaks for one of them more than for the others.
    assert!(!ended.err.contains("[[correction]]"), "{}", ended.err);
    let all = Case::with(&changed(&changes)).run(&["check", "-v"]);
    let last = "
  line 31: 1 813 → 1 913    one digit (the hundreds); farther from 1 133 in 2024
  a row is missing with 100 · 0 · 0 · 0; if the original has it, mend the document
help: one of these";
    says(&all.err, &[last]);
    assert_eq!(all.err.matches("\n  line ").count(), 11);
}

#[test]
fn a_total_and_a_nil_mark_can_be_what_is_wrong() {
    let ended = pasted(&[("Total\t49 737", "Total\t49 773")], 1);
    says(
        &ended.err,
        &["line 17: 49 773 → 49 737  two digits swapped, in the total", "key = \"TTPS/_T/2023\""],
    );
    let ended = pasted(&[("Canada\t25\t23\t17\t3", "Canada\t25\t-\t17\t3")], 1);
    says(&ended.err, &[": - → 23", "a nil symbol that is not nil; nearer to 25 in 2023", "expected = \"-\""]);
    let ended = pasted(&[("Canada\t-\t-\t4\t-", "Canada\t-\t-\t4\t70")], 1);
    says(&ended.err, &["line 68: 70 → -", "a figure instead of nil; by the month nearer to 4 in 2025"]);
}

#[test]
fn slips_of_a_row_are_one_problem_and_all_of_it_can_be_pasted() {
    let ended = pasted(&[("Japan\t2 492\t3 449", "Japan\t3 449\t2 492")], 2);
    let expected = "\
error: 2 totals of GEP don't add up
  --> input/annex.txt:35:7
   35 | Total\t26 270\t35 058\t31 278\t4 230
      |      \t^^^^^^ printed 26 270, but its 11 rows make 27 227 (957 too many)
  --> input/annex.txt:35:14
   35 | Total\t26 270\t35 058\t31 278\t4 230
      |      \t      \t^^^^^^ printed 35 058, but its 11 rows make 34 101 (957 too few)
repair: any of these would make it true, the likeliest first
  line 25: 3 449 → 2 492, 2 492 → 3 449  two columns of the row swapped
help: one of these";
    assert!(ended.err.starts_with(expected), "{}", ended.err);
    let ended = pasted(&[("Japan\t2 492\t3 449\t3 689\t496", "Japan\t3 449\t3 689\t496\t-")], 4);
    says(
        &ended.err,
        &[
            "line 25: 3 449 → 2 492, 3 689 → 3 449, 496 → 3 689, - → 496  the row's figures stand one column off",
        ],
    );
    let ended = pasted(&[("Total\t26 270", "Total\t35 058")], 1);
    says(&ended.err, &["line 35: 35 058 → 26 270  the total is that of the column beside"]);
}

#[test]
fn what_no_correction_can_tell_is_said_in_words() {
    let ended = checked(&[("Canada\t549\t393\t346\t61\n", "")]);
    let missing = "repair: any of these would make it true, the likeliest first
  a row is missing with 549 · 393 · 346 · 61; if the original has it, mend the document
help: one of these is right if a single figure is wrong; where two are or more, none may be: compare with the original

1 problem;";
    says(&ended.err, &["error: 4 totals of TTPS don't add up", missing]);
    assert!(!ended.err.contains("[[correction]]"), "{}", ended.err);
    let ended =
        checked(&[("\nAustralia\t34\t61\t45\t3", "\nAustralia\t34\t61\t45\t3\nJapan\t34\t61\t45\t3")]);
    says(
        &ended.err,
        &[
            "  line 80:  `Australia` repeats `Japan`; if the original doesn't, mend the document",
            "  line 81:  `Japan`",
        ],
    );
    let ended = checked(&[("Total\t12 969\t11 848\t7 101\t699", "Total\t12 884\t11 751\t7 017\t682")]);
    says(
        &ended.err,
        &[
            "  line 82:  all adds up without `Others`; if the original has no such row, mend the document",
            "699  the total is the sum of all rows but `Others`",
        ],
    );
    // A lost row would explain any two gaps; so each is explained by itself, too.
    let ended = checked(&[("Total\t49 737\t41 057", "Total\t49 837\t41 067")]);
    let told = "
  a row is missing with 100 · 10 · 0 · 0; if the original has it, mend the document
  line 17: 49 837 → 49 737  only 2023: one digit (the hundreds), in the total; nearer to 41 067 in 2024\n";
    says(&ended.err, &["error: 2 totals of TTPS don't add up", told]);
    let ended = checked(&[("Total\t26 270", "Total\t17 412")]);
    says(
        &ended.err,
        &[
            "help: no single misprint or lost row explains it: two figures or more are wrong, or the publisher's sum is; see `bluebook man` for corrections",
        ],
    );
}

const GROUPS: &str = "Top Talent Pass Scheme\n
Region\t2022\t2023\t2024\t2025
Asia\t1 300\t1 410\t1 540\t1 660\nJapan\t800\t900\t1 000\t1 100\nIndia\t500\t510\t540\t560
Europe\t700\t710\t735\t760\nFrance\t400\t410\t420\t430\nGermany\t300\t300\t315\t330
Others\t50\t55\t60\t65\nTotal\t2 050\t2 175\t2 335\t2 485\n";

/// A subtotal is a sum, and a part of the total: what is told of a figure must suit all sums that it is in.
#[test]
fn subtotals_and_totals_bear_witness_to_one_another() {
    let told = |from: &str, to: &str| {
        let ended = Case::with(&GROUPS.replacen(from, to, 1)).run(&["check"]);
        let repairs =
            ended.err.lines().filter(|line| line.starts_with("  line ") || line.starts_with("  a row"));
        let repairs: Vec<String> = repairs.map(ToOwned::to_owned).collect();
        (ended.err.lines().next().unwrap().to_owned(), repairs)
    };
    assert_eq!(
        told("Japan\t800\t900", "Japan\t800\t990"),
        (
            "error: the subtotal doesn't add up".into(),
            vec!["  line 5: 990 → 900  one digit (the tens); nearer to 800 in 2022".into()]
        )
    );
    assert_eq!(
        told("Asia\t1 300\t1 410", "Asia\t1 300\t1 140"),
        (
            "error: 2 sums of TTPS don't add up".into(),
            vec!["  line 4: 1 140 → 1 410  two digits swapped, in the subtotal; 2 sums then add up; nearer to 1 300 in 2022".into()]
        )
    );
    // No figure of a group can be what is wrong: its subtotal holds.
    assert_eq!(
        told("Total\t2 050\t2 175", "Total\t2 050\t2 715"),
        (
            "error: the total doesn't add up".into(),
            vec![
                "  line 11: 2 715 → 2 175  two digits swapped, in the total; nearer to 2 050 in 2022".into(),
                "  a row is missing with 0 · 540 · 0 · 0; if the original has it, mend the document".into()
            ]
        )
    );
}

const NIGHTS: &str = r#"
name = "nights"
title = "T"
publisher = "P"
[measure]
name = "nights"
unit = "nights"
decimals = 1
negative = true
[figures]
negative = "brackets"
[[dimension]]
name = "class"
meaning = "k"
printed = "table"
codes = { 'A"B"' = "Nights" }
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
"#;

#[test]
fn a_repair_is_printed_as_its_table_prints() {
    let document = "Nights\n\nRegion\t2023\t2024\nFrance\t1.234,5\t1.250,0\nJapan\t(12,5)\t13,5\nTotal\t1.247,0\t1.263,5\n";
    let case = Case::new().file("nights.toml", NIGHTS).file("nights.txt", document);
    let ended = case.run(&["check", "nights.txt", "--dataset", "nights.toml"]);
    let correction = "
[[correction]]
key = \"A\\\"B\\\"/JPN/2023\"
release = \"2024-12-31\"
expected = \"(12,5)\"
value = 12.5
reason = \"the sign, by the table's totals\"
";
    says(&ended.err, &["  line 5: (12,5) → 12,5  the sign; nearer to 13,5 in 2024\n", correction]);
    let case = case.file("nights.toml", format!("{NIGHTS}{correction}"));
    assert_eq!(case.run(&["check", "nights.txt", "--dataset", "nights.toml"]).code, 0);
    let wrong = case.file("nights.toml", format!("{NIGHTS}{}", correction.replace("= 12.5", "= 13.5")));
    let ended = wrong.run(&["check", "nights.txt", "--dataset", "nights.toml"]);
    assert!(ended.code == 1 && !ended.err.contains("/JPN/2023"), "corrected already: {}", ended.err);
}

const CLAIMS: &str = r#"
name = "claims"
title = "T"
publisher = "P"
[measure]
name = "claims"
unit = "claims"
[[dimension]]
name = "sex"
meaning = "sex"
codes = { _T = "Total", M = "Male", F = "Female" }
[[table]]
name = "C"
title = ["Claims by sex", "Claims by sex | | Number of claims |"]
"#;

/// The real sources whose tables are read and print totals that add up: none is doubted. One that is made to fail is mended.
#[test]
fn no_total_of_a_consistent_source_is_doubted() {
    let (Some(annex), Some(claims)) =
        (real("text/talent-admission-schemes-2026-02.txt"), real("text/claims-by-sex-grid.txt"))
    else {
        return;
    };
    let ended = Case::new().run(&["check", annex.to_str().unwrap()]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    says(&ended.out, &["24 of 24 totals reconciled"]);
    let case = Case::new().file("claims.toml", CLAIMS);
    let ended = case.run(&["check", claims.to_str().unwrap(), "--dataset", "claims.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    says(&ended.out, &["10 of 10 totals reconciled"]);
    let wrong = std::fs::read_to_string(claims).unwrap().replace("2,564", "2,546");
    let ended = case.file("claims.txt", wrong).run(&["check", "claims.txt", "--dataset", "claims.toml"]);
    says(&ended.err, &["first\n  line 9: 2,546 → 2,564  two digits swapped; nearer to 3,461 in 2015\n"]);
}

/// What is printed beside a figure and follows from it confirms it: no repair changes it.
#[test]
fn what_another_check_confirms_is_not_offered() {
    let table = |japan: &str| {
        format!(
            "Top Talent Pass Scheme\n\nRegion\t2023\t2024\tChange\nCanada\t40\t50\t+10\nJapan\t30\t{japan}\t+25\nTotal\t70\t105\t+35\n"
        )
    };
    let sound = Case::in_parts(&table("55")).run(&["check"]);
    assert_eq!((sound.code, sound.err.as_str()), (0, ""));
    let ended = Case::in_parts(&table("45")).run(&["check"]);
    let repairs: Vec<&str> =
        ended.err.lines().filter(|line| line.starts_with("  line ") || line.starts_with("  a row")).collect();
    assert_eq!(
        repairs[0], "  line 5: 45 → 55  one digit (the tens); farther from 30 in 2023",
        "{}",
        ended.err
    );
    assert!(!ended.err.contains("50 → 60") && !ended.err.contains("105 → 95"), "{}", ended.err);
}
