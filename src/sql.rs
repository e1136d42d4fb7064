//! Load scripts: SQL that brings a warehouse to a published set.
//!
//! A dialect is a table of types, a way to quote, and one template. The templates are made of macros, a statement each; the
//! script that `bluebook sql` prints calls them, and `bluebook load` runs them one by one.

mod dialect;
mod set;

use anyhow::{Context, Result};
use minijinja::Environment;
use minijinja::value::{Serde, Value};

pub use dialect::{DIALECTS, Dialect, find_dialect};
pub use set::{SqlColumn, SqlSet, SqlTable, schema_name};

/// The statements of a dialect for a set.
pub struct Script<'a> {
    dialect: &'static Dialect,
    environment: Environment<'a>,
    set: Value,
}

impl Script<'_> {
    /// Prepares the statements that bring a warehouse to a set.
    ///
    /// # Errors
    /// Only where a template is wrong.
    pub fn new(dialect: &'static Dialect, set: &SqlSet) -> Result<Script<'static>> {
        let mut environment = Environment::new();
        environment.add_filter("name", |name: String| dialect.quote_name(&name));
        environment.add_filter("literal", |text: String| dialect.quote_text(&text));
        environment.add_filter("comment", |text: String| text.replace(['\n', '\r'], " "));
        environment.add_function("source", |table: Value| source(dialect, &table));
        environment.add_template(dialect.name, dialect.template)?;
        Ok(Script { dialect, environment, set: Value::from(Serde(set)) })
    }

    /// The whole script.
    ///
    /// # Errors
    /// Only where a template is wrong.
    pub fn render(&self) -> Result<String> {
        let template = self.environment.get_template(self.dialect.name)?;
        template.render(&self.set).with_context(|| format!("the template for {}", self.dialect.name))
    }

    /// Statements of the script, by the names of their macros; those that the dialect has no need of are left out.
    ///
    /// # Errors
    /// Only where a template is wrong.
    pub fn statements(&self, calls: &[(&str, Vec<Value>)]) -> Result<Vec<String>> {
        let template = self.environment.get_template(self.dialect.name)?;
        let mut rendered = template.render_captured(&self.set)?;
        let mut statements = Vec::new();
        for (name, arguments) in calls {
            let text = rendered.with_state_mut(|state| state.call_macro(name, arguments));
            statements
                .push(text.with_context(|| format!("`{name}` of the template for {}", self.dialect.name))?);
        }
        statements.retain(|text| !text.is_empty());
        Ok(statements)
    }
}

/// Where ClickHouse reads a table from: a bucket by its address, else a file.
fn source(dialect: &Dialect, table: &Value) -> Result<String, minijinja::Error> {
    let path = table.get_attr("path")?.to_string();
    let function = match path.split_once("://").map(|(scheme, _)| scheme) {
        Some("s3") => "s3",
        Some("gs") => "gcs",
        Some("http" | "https") => "url",
        _ => "file",
    };
    Ok(format!("{function}({}, Parquet)", dialect.quote_text(&path)))
}
