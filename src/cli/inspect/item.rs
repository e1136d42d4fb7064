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
        format!("{space}{:>8}  {:<8} {}{}\n", self.position, self.kind, self.text, self.describe())
    }

    fn heading(&self) -> String {
        let text = |name: &str| self.meaning[name].as_str().unwrap_or_default();
        let tables = format_count(self.meaning["tables"].as_u64().unwrap_or_default() as usize, "table");
        let dataset = self.meaning["dataset"].as_str().unwrap_or("none that is known");
        let (format, bytes, sha256) = (text("format"), &self.meaning["bytes"], text("sha256"));
        let kinds = self.meaning["numbers"].as_object().into_iter().flatten();
        let kinds = kinds.filter(|(_, count)| **count != 0);
        let kinds: Vec<String> =
            kinds.map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect();
        let numbers = if kinds.is_empty() { "none".into() } else { kinds.join(", ") };
        format!(
            "{}\n{format}, {bytes} bytes, sha256 {sha256}\n{tables}, dataset: {dataset}\ncells with a number: {numbers}\n",
            self.text
        )
    }

    fn describe(&self) -> String {
        let text = |name: &str| self.meaning.get(name).and_then(Value::as_str);
        let period = text("period").unwrap_or("?");
        let main = match self.kind {
            "title" => text("table_name").map(|name| format!(" → {name}")).unwrap_or_default(),
            "label" => format!(" → {}", self.code().unwrap_or("?")),
            "period" => format!(" → {period}"),
            "figure" => format!(" → {}  in {period}{}", self.meaning["value"], self.describe_stored()),
            "sheet" => sheets::describe_meaning(&self.meaning),
            "column" => format!(" → {}", self.describe_content()),
            "claim" => format!(" → {}, {}", self.describe_indicator(), self.describe_content()),
            "mark" => format!(" → none  in {period}"),
            "note" if self.meaning["holds_below"] == true => "  (holds for the tables below, too)".into(),
            _ => text("problem").map(|problem| format!("  ({problem})")).unwrap_or_default(),
        };
        let status = text("meaning").map(|words| format!(", {words}")).unwrap_or_default();
        format!("{main}{status}{}", self.told_of_marks())
    }

    /// The code that a label stands for, whichever dimension has it.
    fn code(&self) -> Option<&str> {
        self.meaning.as_object()?.values().find_map(Value::as_str)
    }

    /// What the cell stores, where it shows another number.
    fn describe_stored(&self) -> String {
        let stored = self.meaning.get("stored").and_then(Value::as_f64);
        stored.map(|stored| format!("  (the cell stores {stored})")).unwrap_or_default()
    }

    /// `relative change of 2022, 2023`
    fn describe_content(&self) -> String {
        let text = |name: &str| self.meaning.get(name).and_then(Value::as_str);
        let of = text("of").map(|periods| format!(" of {periods}")).unwrap_or_default();
        format!("{}{of}", text("indicator").unwrap_or("?"))
    }

    fn describe_indicator(&self) -> String {
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
pub(super) fn extend(meaning: &mut Value, more: Value) {
    if let (Some(meaning), Value::Object(more)) = (meaning.as_object_mut(), more) {
        meaning.extend(more);
    }
}
