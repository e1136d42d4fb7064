//! What the tests share: the annex, a folder to work in, the program, and its results.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rust_xlsxwriter::{Workbook, Worksheet};
use tempfile::TempDir;

/// The project's own annex.
pub fn annex() -> String {
    fs::read_to_string(root().join("input/hk-talent-admissions-2026-02.txt")).unwrap()
}

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The real documents, where they are; says so where they are not. CI insists on them by `BLUEBOOK_SOURCES=required`.
pub fn real(name: &str) -> Option<PathBuf> {
    let path = root().join("../shared/sources").join(name);
    let required = std::env::var("BLUEBOOK_SOURCES").is_ok_and(|wanted| wanted == "required");
    assert!(path.exists() || !required, "{} is missing", path.display());
    if !path.exists() {
        eprintln!("skipped: {name} is not here");
    }
    path.exists().then_some(path)
}

/// The dimensions of a small definition: the kinds that tell its tables apart by their titles, and regions. It ends in what
/// says how regions are understood, so that `[dimension.names]` and the like can follow.
pub fn dimensions(kinds: &str) -> String {
    format!(
        "[[dimension]]\nname = \"class\"\nmeaning = \"kind\"\nprinted = \"table\"\ncodes = {{ {kinds} }}\n\
         [[dimension]]\nname = \"region\"\nmeaning = \"region\"\ncodes = \"regions\"\n"
    )
}

/// A folder with documents, and the program run in it.
pub struct Case {
    folder: TempDir,
    /// The definition, if it is not the one that fits.
    dataset: Option<&'static str>,
}

/// How the program ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Case {
    pub fn new() -> Case {
        Case { folder: tempfile::tempdir().unwrap(), dataset: None }
    }

    /// With one document, `input/annex.txt`.
    pub fn with(text: &str) -> Case {
        Case::new().file("input/annex.txt", text)
    }

    /// With one document, `input/annex.txt`, that may have some of the annex's tables only.
    pub fn in_parts(text: &str) -> Case {
        let built_in =
            fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap();
        let case = Case::with(text).file("in-parts.toml", format!("optional_tables = true\n{built_in}"));
        Case { dataset: Some("in-parts.toml"), ..case }
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Case {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[])
    }

    pub fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        ended(&command.output().unwrap())
    }

    /// Runs the program with this on its standard input.
    pub fn pipe(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Ended {
        let file = self.path("standard-input");
        fs::write(&file, input).unwrap();
        ended(&self.command(arguments).stdin(fs::File::open(file).unwrap()).output().unwrap())
    }

    /// What the program gives, as bytes, with this on its standard input.
    pub fn pipe_bytes(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Vec<u8> {
        let file = self.path("standard-input");
        fs::write(&file, input).unwrap();
        let output = self.command(arguments).stdin(fs::File::open(file).unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Runs the program where no process may have more than 512 MB of memory of its own.
    pub fn within_512_mb(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -d 524288; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_bluebook")]);
        ended(&command.current_dir(self.folder.path()).args(arguments).output().unwrap())
    }

    /// The program, to be run in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluebook"));
        command.current_dir(self.folder.path()).args(arguments);
        for name in [
            "BLUEBOOK_DATASET",
            "BLUEBOOK_OUTPUT",
            "BLUEBOOK_INPUT",
            "BLUEBOOK_RELEASE_DATE",
            "BLUEBOOK_AS_OF",
            "BLUEBOOK_ENCODING",
            "BLUEBOOK_FORMAT",
            "BLUEBOOK_HTML",
            "BLUEBOOK_PAGE",
            "BLUEBOOK_WAIT",
            "BLUEBOOK_NO_SYNC",
            "BLUEBOOK_LAYOUT",
            "BLUEBOOK_TARGET",
            "BLUEBOOK_SCHEMA",
            "BLUEBOOK_LOG_FORMAT",
            "BLUEBOOK_PING",
            "GITHUB_ACTIONS",
        ] {
            command.env_remove(name);
        }
        command.envs(self.dataset.map(|dataset| ("BLUEBOOK_DATASET", dataset)));
        command
    }

    /// The published rows of a table of the only dataset.
    pub fn rows(&self, table: &str) -> Vec<BTreeMap<String, String>> {
        rows(&self.published().join(format!("{table}.csv")))
    }

    /// The folder of the only dataset.
    pub fn published(&self) -> PathBuf {
        let entries = fs::read_dir(self.path("output")).unwrap().map(|entry| entry.unwrap());
        let is_before = |name: &str| name.starts_with(".bluebook-before.");
        let mut datasets = entries.filter(|entry| !is_before(&entry.file_name().to_string_lossy()));
        let dataset = datasets.next().unwrap().path();
        assert!(datasets.next().is_none(), "one dataset was expected, and nothing beside it");
        dataset
    }

    /// The bytes of all files below the output folder.
    pub fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let folder = self.published();
        let names =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
    }
}

pub fn ended(output: &Output) -> Ended {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ended { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

pub fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// The observations without their place: what must not depend on how a document is printed.
pub fn placeless(rows: Vec<BTreeMap<String, String>>) -> Vec<BTreeMap<String, String>> {
    let drop = |mut row: BTreeMap<String, String>| {
        for column in ["source", "source_position", "value_label", "period_label", "region_label"] {
            row.remove(column);
        }
        row
    };
    rows.into_iter().map(drop).collect()
}

/// Each of the words stands in what the program said.
pub fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word:?} is not in\n{text}");
    }
}

/// A sheet of cells that tabs part; a number where one is printed.
pub fn fill_sheet<'b>(book: &'b mut Workbook, name: &str, text: &str) -> &'b mut Worksheet {
    let sheet = book.add_worksheet().set_name(name).unwrap();
    for (row, line) in (0u32..).zip(text.lines()) {
        for (column, cell) in (0u16..).zip(line.split('\t')).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row, column, number).unwrap(),
                Err(_) => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
    sheet
}

/// A workbook of such sheets.
pub fn workbook(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, text) in sheets {
        fill_sheet(&mut book, name, text);
    }
    book.save_to_buffer().unwrap()
}
