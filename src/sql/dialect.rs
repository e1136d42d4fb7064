//! The dialects: their types, how they quote, and their templates.

use crate::columns::Type;

/// A dialect of SQL.
pub struct Dialect {
    /// Its name, as `--for` takes it.
    pub name: &'static str,
    /// The format that it reads.
    pub format: &'static str,
    pub(super) template: &'static str,
    /// The type of a text, an int32, an int64, a double, a date and a boolean, as the database itself names them.
    types: [&'static str; 6],
    name_quote: char,
    text: TextQuoting,
}

/// How a text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextQuoting {
    /// Quotation marks are doubled (standard SQL).
    Doubled,
    /// Backslashes escape.
    Escaped,
}

/// Every dialect.
pub static DIALECTS: [Dialect; 5] = [
    Dialect {
        name: "postgres",
        format: "csv",
        template: include_str!("templates/postgres.sql"),
        types: ["text", "integer", "bigint", "double precision", "date", "boolean"],
        name_quote: '"',
        text: TextQuoting::Doubled,
    },
    Dialect {
        name: "duckdb",
        format: "parquet",
        template: include_str!("templates/duckdb.sql"),
        types: ["VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "DATE", "BOOLEAN"],
        name_quote: '"',
        text: TextQuoting::Doubled,
    },
    Dialect {
        name: "clickhouse",
        format: "parquet",
        template: include_str!("templates/clickhouse.sql"),
        types: ["String", "Int32", "Int64", "Float64", "Date32", "Bool"],
        name_quote: '`',
        text: TextQuoting::Escaped,
    },
    Dialect {
        name: "snowflake",
        format: "parquet",
        template: include_str!("templates/snowflake.sql"),
        types: ["VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "DATE", "BOOLEAN"],
        name_quote: '"',
        text: TextQuoting::Escaped,
    },
    Dialect {
        name: "bigquery",
        format: "parquet",
        template: include_str!("templates/bigquery.sql"),
        types: ["STRING", "INT64", "INT64", "FLOAT64", "DATE", "BOOL"],
        name_quote: '`',
        text: TextQuoting::Escaped,
    },
];

/// The dialect of this name.
#[must_use]
pub fn find_dialect(name: &str) -> Option<&'static Dialect> {
    DIALECTS.iter().find(|dialect| dialect.name == name)
}

impl Dialect {
    /// What the database calls a type.
    #[must_use]
    pub fn type_name(&self, kind: Type) -> &'static str {
        let [text, int32, int64, double, date, boolean] = self.types;
        match kind {
            Type::Text | Type::Code => text,
            Type::Int32 => int32,
            Type::Int64 | Type::Figure => int64,
            Type::Double => double,
            Type::Date => date,
            Type::Boolean => boolean,
        }
    }

    /// A name of a table or column.
    #[must_use]
    pub fn quote_name(&self, name: &str) -> String {
        let quote = self.name_quote;
        let name = match self.name_quote {
            '`' => name.replace('\\', "\\\\").replace('`', "\\`"),
            _ => name.replace(quote, &format!("{quote}{quote}")),
        };
        format!("{quote}{name}{quote}")
    }

    /// A text.
    #[must_use]
    pub fn quote_text(&self, text: &str) -> String {
        let text = match self.text {
            TextQuoting::Doubled => text.replace('\'', "''"),
            TextQuoting::Escaped => {
                text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\r', "\\r")
            }
        };
        format!("'{text}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_end_early() {
        let quoted = |name: &str| {
            let dialect = find_dialect(name).unwrap();
            (dialect.quote_name("a\"`\\b"), dialect.quote_text("it's\n\\"))
        };
        assert_eq!(quoted("postgres"), ("\"a\"\"`\\b\"".into(), "'it''s\n\\'".into()));
        assert_eq!(quoted("bigquery"), ("`a\"\\`\\\\b`".into(), "'it\\'s\\n\\\\'".into()));
    }
}
