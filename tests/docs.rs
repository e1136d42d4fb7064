//! The documents keep what they say: links lead somewhere, commands print what is shown, definitions can be read, and the
//! reference has every key of the definition language.
//!
//! A fenced block says by its first line what it is: `console` is run, `console terminal` is run on a terminal, `definition`
//! is read as a definition, and `file=NAME` is a file in the folder that the commands of the page run in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bluebook::dataset::Definition;

use crate::support::{Case, root};

/// A fenced block: the words behind the fence, and its lines.
struct Block {
    info: String,
    text: String,
}

impl Block {
    fn is(&self, word: &str) -> bool {
        self.info.split(' ').any(|own| own == word)
    }

    fn file(&self) -> Option<&str> {
        self.info.split(' ').find_map(|word| word.strip_prefix("file="))
    }
}

/// The pages of the book.
fn book() -> Vec<PathBuf> {
    let pages = fs::read_dir(root().join("docs/src")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = pages.collect();
    pages.sort();
    pages
}

/// All documents that readers follow links in.
fn documents() -> Vec<PathBuf> {
    let others = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md"];
    others.iter().map(|name| root().join(name)).chain(book()).collect()
}

/// A document as its lines outside of fenced blocks, and its blocks.
fn parse(path: &Path) -> (Vec<String>, Vec<Block>) {
    let (mut prose, mut blocks) = (Vec::new(), Vec::new());
    let mut open: Option<Block> = None;
    for line in fs::read_to_string(path).unwrap().lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some(Block { info: info.into(), text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => block.text.extend([line, "\n"]),
            (None, None) => prose.push(line.to_owned()),
        }
    }
    assert!(open.is_none(), "{}: a block does not end", path.display());
    (prose, blocks)
}

/// The anchors of a document's headings, as code hosts and mdBook make them.
fn anchors(path: &Path) -> BTreeSet<String> {
    let anchor = |heading: &str| -> String {
        let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let prose = parse(path).0;
    prose
        .iter()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect()
}

/// The targets of the links in a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0))
}

#[test]
fn links_lead_somewhere() {
    let mut seen = 0;
    for document in documents() {
        let (prose, _) = parse(&document);
        let prose = prose.join("\n");
        for link in links(&prose).filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            assert!(target.exists(), "{}: {link} is not there", document.display());
            let is_known = anchor.is_empty() || anchors(&target).contains(anchor);
            assert!(is_known, "{}: {link} has no such heading", document.display());
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen} links");
}

#[test]
fn the_book_lists_its_pages() {
    let summary = fs::read_to_string(root().join("docs/src/SUMMARY.md")).unwrap();
    let listed: BTreeSet<&str> = links(&summary).collect();
    for page in book() {
        let name = page.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name == "SUMMARY.md" || listed.contains(name.as_str()), "{name} is not in the summary");
    }
}

/// ARCHITECTURE.md follows a figure through functions, each with its file.
#[test]
fn the_walk_through_the_code_goes_through_functions_that_exist() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let steps: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter_map(|(function, rest)| Some((function, links(rest).next()?)))
        .collect();
    for (function, file) in &steps {
        let source = fs::read_to_string(root().join(file)).unwrap();
        let is_there = [format!("fn {function}("), format!("fn {function}<")];
        assert!(is_there.iter().any(|start| source.contains(start)), "{file} has no function {function}");
    }
    let files: BTreeSet<&str> = steps.iter().map(|(_, file)| *file).collect();
    let count = format!("{} functions in {} files", steps.len(), files.len());
    assert!(text.contains(&count), "{count}");
}

/// Whether commands can be run on a terminal: `script` makes one.
fn has_terminal() -> bool {
    Command::new("script")
        .args(["-qec", "true", "/dev/null"])
        .output()
        .is_ok_and(|ended| ended.status.success())
}

/// What a command prints in a folder, on either stream.
fn run(case: &Case, command: &str, on_terminal: bool) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_bluebook")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    let command = if on_terminal { format!("script -qec '{command}' /dev/null") } else { command.to_owned() };
    shell.args(["-c", &format!("( {command}\n) 2>&1")]).current_dir(case.path("")).env("PATH", path);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("BLUEBOOK_") || name == "GITHUB_ACTIONS" {
            shell.env_remove(&variable);
        }
    }
    String::from_utf8(shell.output().unwrap().stdout).unwrap().replace("\r\n", "\n")
}

#[test]
fn commands_print_what_is_shown() {
    let has_terminal = has_terminal();
    let mut seen = 0;
    for page in book().into_iter().chain([root().join("README.md")]) {
        let annex = "input/hk-talent-admissions-2026-02.txt";
        let mut case = Case::new().file(annex, fs::read(root().join(annex)).unwrap());
        for block in parse(&page).1 {
            if let Some(name) = block.file() {
                case = case.file(name, &block.text);
            }
            let on_terminal = block.is("terminal");
            if !block.is("console") || on_terminal && !has_terminal {
                continue;
            }
            let commands = block.text.lines().filter_map(|line| line.strip_prefix("$ "));
            let shown: String = commands
                .map(|command| format!("$ {command}\n{}", run(&case, command, on_terminal)))
                .collect();
            assert_eq!(shown, block.text, "{}", page.display());
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} blocks");
}

#[test]
fn definitions_can_be_read() {
    let mut seen = 0;
    for page in book() {
        for block in parse(&page).1.iter().filter(|block| block.is("definition")) {
            let problems = Definition::parse(&block.text, "definition.toml").err().unwrap_or_default();
            assert!(problems.is_empty(), "{}: {problems:?}\n{}", page.display(), block.text);
            seen += 1;
        }
        for block in parse(&page).1.iter().filter(|block| block.info == "toml") {
            let base =
                "name = \"d\"\ntitle = \"T\"\npublisher = \"P\"\nmeasure = { name = \"m\", unit = \"u\" }\n";
            // Only the language is meant here: what keys name may be missing from so small a definition.
            let wrong =
                Definition::parse(&format!("{base}{}", block.text), "part.toml").err().unwrap_or_default();
            let unread = wrong.iter().find(|problem| problem.rule.id() == "definition");
            assert!(unread.is_none(), "{}: {unread:?}\n{}", page.display(), block.text);
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen} definitions");
}

/// The keys that a section of a definition takes, as the reader of definitions names them where one is unknown.
fn keys_of(section: &str) -> BTreeSet<String> {
    let base = "title = \"T\"\npublisher = \"P\"\nname = \"d\"\n";
    let problems = Definition::parse(&format!("{base}{section}"), "d.toml").unwrap_err();
    let help = problems[0].help.clone().unwrap_or_default();
    let known = help.strip_prefix("known here: ").unwrap_or_else(|| panic!("{section}: {problems:?}"));
    known.split(", ").map(str::to_owned).collect()
}

/// The keys that a section of the reference lists in its table.
fn keys_in_reference(heading: &str) -> BTreeSet<String> {
    let prose = parse(&root().join("docs/src/definitions.md")).0;
    let section =
        prose.iter().skip_while(|line| line.trim_start_matches('#') != format!(" {heading}")).skip(1);
    let section = section.take_while(|line| !line.starts_with('#'));
    section.filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned())).collect()
}

#[test]
fn the_reference_has_every_key() {
    for (heading, section) in [
        ("Top level", "zzzzzz = 1"),
        ("Measure", "[measure]\nzzzzzz = 1"),
        ("Dimension", "[[dimension]]\nzzzzzz = 1"),
        ("Codes", "[[dimension]]\ncodes = { A = { zzzzzz = 1 } }"),
        ("Table", "[[table]]\nzzzzzz = 1"),
        ("Figures", "[figures]\nzzzzzz = 1"),
        ("Ignore", "[[ignore]]\nzzzzzz = 1"),
        ("Correction", "[[correction]]\nzzzzzz = 1"),
        ("Discrepancy", "[[discrepancy]]\nzzzzzz = 1"),
    ] {
        let known = keys_of(section);
        assert_eq!(keys_in_reference(heading), known, "{heading}");
        let manual = include_str!("../src/cli/definitions.txt");
        let is_named =
            |key: &&String| manual.contains(&format!("{key} =")) || manual.contains(&format!("{key}]"));
        let missing: Vec<&String> = known.iter().filter(|key| !is_named(key)).collect();
        assert!(missing.is_empty(), "the manual lacks {missing:?} of {heading}");
    }
}
