//! The columns that a schema has, held against those of a set: what may be added, and what must be altered by a person.

use crate::sql::{Dialect, SqlColumn, SqlTable};

/// A column that a schema has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundColumn {
    /// The table it is of.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its type, as the database names it.
    pub kind: String,
    /// Whether it can be null.
    pub nullable: bool,
}

/// The columns of all tables that a schema has.
#[derive(Debug, Default)]
pub struct FoundColumns(Vec<FoundColumn>);

/// Something that a column should be, and the statement that makes it so.
struct Difference {
    what: String,
    statement: String,
}

impl FoundColumns {
    /// The columns of a schema, from rows of table, column, type and YES or NO.
    #[must_use]
    pub fn from_rows(rows: Vec<Vec<Option<String>>>) -> FoundColumns {
        let column = |row: Vec<Option<String>>| {
            let [table, name, kind, nullable] = row.try_into().ok()?;
            Some(FoundColumn { table: table?, name: name?, kind: kind?, nullable: nullable? == "YES" })
        };
        FoundColumns(rows.into_iter().filter_map(column).collect())
    }

    /// Whether the schema has a table of this name.
    #[must_use]
    pub fn has_table(&self, name: &str) -> bool {
        self.0.iter().any(|column| column.table == name)
    }

    /// The column of a table, where it is there.
    #[must_use]
    pub fn find(&self, table: &str, name: &str) -> Option<&FoundColumn> {
        self.0.iter().find(|column| column.table == table && column.name == name)
    }

    /// What differs in the columns of a table that is there, each with the statement that mends it.
    #[must_use]
    pub fn describe_differences(&self, table: &SqlTable, schema: &str, dialect: &Dialect) -> Vec<String> {
        let at = format!("{}.{}", dialect.quote_name(schema), dialect.quote_name(&table.name));
        let found = self.0.iter().filter(|column| column.table == table.name);
        let is_surplus = |name: &str| table.columns.iter().all(|column| column.name != name);
        let surplus = found.filter(|column| is_surplus(&column.name)).map(|column| {
            let statement = format!("ALTER TABLE {at} DROP COLUMN {}", dialect.quote_name(&column.name));
            (&column.name, Difference { what: "the set does not have it".into(), statement })
        });
        let differing = table.columns.iter().filter_map(|column| {
            let found = self.find(&table.name, &column.name);
            Some((&column.name, compare(column, found, &at, &dialect.quote_name(&column.name))?))
        });
        let describe = |(name, Difference { what, statement }): (&String, Difference)| {
            format!("  {}.{name}: {what}\n    {statement};\n", table.name)
        };
        differing.chain(surplus).map(describe).collect()
    }
}

/// What a column lacks; one that is missing and can be null is added without a word.
fn compare(wanted: &SqlColumn, found: Option<&FoundColumn>, at: &str, name: &str) -> Option<Difference> {
    let alter = |what: String, how: String| Difference {
        what,
        statement: format!("ALTER TABLE {at} ALTER COLUMN {name} {how}"),
    };
    match found {
        None if wanted.nullable => None,
        None => Some(Difference { what: "it is missing".into(), statement: format!("DROP TABLE {at}") }),
        Some(found) if !found.kind.eq_ignore_ascii_case(wanted.r#type) => Some(alter(
            format!("it is {}, and should be {}", found.kind, wanted.r#type),
            format!("TYPE {}", wanted.r#type),
        )),
        Some(found) if found.nullable && !wanted.nullable => {
            Some(alter("it can be null, and should not".into(), "SET NOT NULL".into()))
        }
        Some(found) if !found.nullable && wanted.nullable => {
            Some(alter("it cannot be null, and should".into(), "DROP NOT NULL".into()))
        }
        Some(_) => None,
    }
}
