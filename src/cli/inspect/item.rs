//! What is printed of something found: for people, and as JSON.

use serde_json::{Value, json};

use crate::cli::inspect::sheets;
use crate::text::format_count;

/// Something printed in a document, and what it was taken for.
pub(super) struct Item {
    pub(super) kind: &'static str,
    pub(super) table: Option<usize>,
    pub(super) position: String,
    pub(super) text: String,
    pub(super) meaning: Value,
}

impl Item {
    pub(super) fn json(&self) -> Value {
        let mut object =
            json!({ "kind": self.kind, "table": self.table, "position": self.position, "text": self.text });
        if let (Some(object), Some(meaning)) = (object.as_object_mut(), self.meaning.as_object()) {
            object.extend(meaning.clone());
        }
        object
    }

    /// For people: where it stands, what it was taken for, what is printed, and what that means.
    pub(super) fn line(&self) -> String {
        if self.kind == "document" {
            return self.heading();
        }
        // In a workbook, its range stands above a table's title.
        let begins = self.kind == "table" || self.kind == "title" && !self.position.contains('!');
        let space = if begins { "\n" } else { "" };
        format!("{space}{:>8}  {:<8} {}{}\n", self.position, self.kind, self.text, self.told())
    }

    fn heading(&self) -> String {
        let told = |name: &str| self.meaning[name].as_str().unwrap_or_default();
        let tables = format_count(self.meaning["tables"].as_u64().unwrap_or_default() as usize, "table");
        let dataset = self.meaning["dataset"].as_str().unwrap_or("none that is known");
        let (format, bytes, sha256) = (told("format"), &self.meaning["bytes"], told("sha256"));
        format!("{}\n{format}, {bytes} bytes, sha256 {sha256}\n{tables}, dataset: {dataset}\n", self.text)
    }

    fn told(&self) -> String {
        let told = |name: &str| self.meaning.get(name).and_then(Value::as_str);
        let period = told("period").unwrap_or("?");
        let main = match self.kind {
            "title" => told("table_name").map(|name| format!(" → {name}")).unwrap_or_default(),
            "label" => format!(" → {}", self.code().unwrap_or("?")),
            "period" => format!(" → {period}"),
            "figure" => format!(" → {}  in {period}{}", self.meaning["value"], self.stored()),
            "sheet" => sheets::told(&self.meaning),
            "column" => format!(" → {}", self.held()),
            "claim" => format!(" → {}, {}", self.claimed(), self.held()),
            "mark" => format!(" → none  in {period}"),
            "note" if self.meaning["holds_below"] == true => "  (holds for the tables below, too)".into(),
            _ => told("problem").map(|problem| format!("  ({problem})")).unwrap_or_default(),
        };
        let status = told("meaning").map(|words| format!(", {words}")).unwrap_or_default();
        format!("{main}{status}{}", self.told_of_marks())
    }

    /// The code that a label stands for, whichever dimension has it.
    fn code(&self) -> Option<&str> {
        self.meaning.as_object()?.values().find_map(Value::as_str)
    }

    /// What the cell stores, where it shows another number.
    fn stored(&self) -> String {
        let stored = self.meaning.get("stored").and_then(Value::as_f64);
        stored.map(|stored| format!("  (the cell stores {stored})")).unwrap_or_default()
    }

    /// `relative change of 2022, 2023`
    fn held(&self) -> String {
        let told = |name: &str| self.meaning.get(name).and_then(Value::as_str);
        let of = told("of").map(|periods| format!(" of {periods}")).unwrap_or_default();
        format!("{}{of}", told("indicator").unwrap_or("?"))
    }

    fn claimed(&self) -> String {
        match self.meaning.get("less_than") {
            Some(bound) => format!("less than {bound}"),
            None => self.meaning["value"].to_string(),
        }
    }

    /// The marks it carries or begins with, and what it says of marks.
    fn told_of_marks(&self) -> String {
        let carried = self.meaning["marks"].as_array().filter(|_| self.kind != "nil" && self.kind != "mark");
        let carried = carried.map(|marks| {
            format!("  (marked {})", marks.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
        });
        let begins = self.meaning["mark"].as_str().map(|mark| format!("  (note {mark})"));
        let legends = self.meaning["legends"].as_object().into_iter().flatten();
        let legends = legends
            .map(|(mark, code)| format!("  ({mark} stands for {})", code.as_str().unwrap_or_default()));
        carried.into_iter().chain(begins).chain(legends).collect()
    }
}

/// Adds what more is known.
pub(super) fn extended(meaning: &mut Value, more: Value) {
    if let (Some(meaning), Value::Object(more)) = (meaning.as_object_mut(), more) {
        meaning.extend(more);
    }
}
