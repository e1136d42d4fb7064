//! What can be wrong with a history, through the whole program: each case ends with its code, and says where it is wrong and
//! what to do. What was published before stands wherever a run fails.

use std::fs;

use crate::support::{Case, annex, root, says};

/// A second document beside `2026-03-05.txt`, or words behind the built-in definition, and what the program makes of it.
struct Wrong {
    document: Option<(&'static str, String)>,
    definition: &'static str,
    /// Where these words are wrong: line and column.
    at: Option<(usize, usize)>,
    code: i32,
    told: &'static [&'static str],
}

fn document(name: &'static str, text: String, code: i32, told: &'static [&'static str]) -> Wrong {
    Wrong { document: Some((name, text)), definition: "", at: None, code, told }
}

fn definition(
    definition: &'static str,
    at: (usize, usize),
    code: i32,
    told: &'static [&'static str],
) -> Wrong {
    Wrong { document: None, definition, at: Some(at), code, told }
}

/// The annex, in which a figure and its total are others.
fn revised() -> String {
    annex().replace("\t393\t", "\t391\t").replace("41 057", "41 055")
}

/// The annex without its first table, which is the largest.
fn without_the_largest() -> String {
    let annex = annex();
    let [start, end] = ["Top Talent Pass Scheme", "Note:"].map(|words| annex.find(words).unwrap());
    format!("{}{}", &annex[..start], &annex[end..])
}

fn built_in() -> String {
    fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap()
}

fn cases() -> Vec<Wrong> {
    vec![
        document(
            "2026-03-05-corrected.txt",
            revised(),
            1,
            &[
                "error: two documents of one release differ on TTPS/CAN/2024",
                "--> input/2026-03-05-corrected.txt:12:12",
                "--> input/2026-03-05.txt:12:12",
                "differ on TTPS/_T/2024",
                "a corrected document is a release of its own, dated by the day of its correction",
            ],
        ),
        document("2026-03-20.txt", revised(), 0, &[]),
        document(
            "2026-03-20.txt",
            annex(),
            0,
            &[
                "warning: 2 releases have the same document",
                "--> input/2026-03-05.txt",
                "--> input/2026-03-20.txt",
                "is one of the dates wrong?",
            ],
        ),
        document(
            "2026-03-20.txt",
            without_the_largest(),
            1,
            &[
                "error: 1 table of the definition is missing: TTPS",
                "--> input/2026-03-20.txt",
                "`optional = true`, or by `from` and `until`",
            ],
        ),
        document(
            "2026-03-20.txt",
            annex().replace("Immigration Arrangements for Non-local Graduates", "Scheme of Another Name"),
            1,
            &[
                "error: no table of hk-talent-admissions is titled `Scheme of Another Name`",
                "--> input/2026-03-20.txt:46:1",
                "add its `title` to a `[[table]]`",
            ],
        ),
        definition(
            "[[break]]\nkey = \"scheme=TTPS\"\nfrom = \"2022-06-30\"\nreason = \"made up\"\n",
            (3, 8),
            0,
            &["warning: no comparison crosses the break of scheme=TTPS", "take it out"],
        ),
        definition(
            "[[break]]\nkey = \"scheme=TTSP\"\nfrom = \"2025-06-30\"\nreason = \"made up\"\n",
            (2, 7),
            78,
            &["error: `TTSP` is no code of `scheme`", "did you mean `TTPS`?"],
        ),
        definition(
            "[[break]]\nkey = \"scheme=TTPS\"\nfrom = \"2025-06-31\"\nreason = \"made up\"\n",
            (3, 8),
            78,
            &["error: the break's first day is no date", "write it as 2026-02-28"],
        ),
        definition(
            "[[table]]\nfixed = { scheme = \"TTPS\" }\nsum_of = [\"QMAS\", \"ASSG\"]\n",
            (2, 20),
            78,
            &[
                "error: `TTPS` would be counted with its part `QMAS` across `scheme`",
                "give it the code `_T`, or say of its parts `parent = \"TTPS\"`",
            ],
        ),
    ]
}

#[test]
fn what_is_wrong_with_a_history_is_told_with_its_place_and_what_to_do() {
    for wrong in cases() {
        let case = Case::new().file("input/2026-03-05.txt", annex()).file("own.toml", built_in());
        let arguments = ["run", "-q", "--dataset", "own.toml"];
        assert_eq!(case.run(&arguments).code, 0);
        let before = case.bytes();
        let case = case.file("own.toml", built_in() + wrong.definition);
        let case = match &wrong.document {
            Some((name, text)) => case.file(&format!("input/{name}"), text),
            None => case,
        };
        let ended = case.run(&arguments);
        assert_eq!(ended.code, wrong.code, "{}", ended.err);
        says(&ended.err, wrong.told);
        assert!(!wrong.told.is_empty() || ended.err.is_empty(), "{}", ended.err);
        if let Some((line, column)) = wrong.at {
            let line = built_in().lines().count() + line;
            says(&ended.err, &[&format!("--> own.toml:{line}:{column}\n")]);
        }
        assert!(wrong.code == 0 || case.bytes() == before, "{:?}", wrong.told);
    }
}
