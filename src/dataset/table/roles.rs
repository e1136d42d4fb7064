//! What the header rows and label columns of a table name.

use toml::Spanned;

use crate::dataset::dimension::Printed;
use crate::dataset::role::{Role, RoleNames, Stub};
use crate::dataset::table::{LabelColumn, LabelPlace};
use crate::dataset::{Definition, OneOrMany};

impl Definition {
    /// What headings can name: what the definition says, else all that is not fixed.
    pub(super) fn resolve_header(
        &self,
        header: Option<&Vec<Spanned<RoleNames>>>,
        fixed: &[Option<String>],
        measure: Option<usize>,
    ) -> Vec<Role> {
        let Some(header) = header else { return self.open_roles(fixed, measure) };
        header.iter().flat_map(|names| self.roles(names.get_ref())).collect()
    }

    /// The label columns: what the definition says, else one whose labels name any dimension that is not fixed; so, too,
    /// where it says only which columns are ignored.
    pub(super) fn resolve_stub(
        &self,
        stub: Option<&Stub>,
        fixed: &[Option<String>],
        measure: Option<usize>,
    ) -> Vec<LabelColumn> {
        let first = || LabelColumn { roles: self.open_roles(fixed, measure), place: LabelPlace::First };
        let mut columns: Vec<LabelColumn> = match stub {
            None => vec![first()],
            Some(Stub::Columns(columns)) => columns
                .iter()
                .enumerate()
                .map(|(at, names)| LabelColumn {
                    roles: self.roles(names.get_ref()),
                    place: LabelPlace::Number(at),
                })
                .collect(),
            Some(Stub::Headings(headings)) => {
                let mut headings: Vec<_> = headings.iter().collect();
                headings.sort_by_key(|(role, _)| role.span().start);
                let column = |(role, names): (&Spanned<String>, &OneOrMany<String>)| LabelColumn {
                    roles: self.role(role.get_ref()).into_iter().collect(),
                    place: LabelPlace::Headings(names.0.clone()),
                };
                let columns: Vec<LabelColumn> = headings.into_iter().map(column).collect();
                let is_named = columns.iter().any(|column| !column.roles.contains(&Role::Ignored));
                columns.into_iter().chain((!is_named).then(first)).collect()
            }
        };
        columns.sort_by_key(|column| column.roles.contains(&Role::Ignored));
        columns
    }

    /// All that labels and headings of a table can name: dimensions that are printed in cells and not fixed, and measures.
    fn open_roles(&self, fixed: &[Option<String>], measure: Option<usize>) -> Vec<Role> {
        let is_open = |at: &usize| fixed[*at].is_none() && self.dimensions[*at].printed == Printed::Cells;
        let dimensions = (0..self.dimensions.len()).filter(is_open).map(Role::Dimension);
        dimensions.chain((self.has_measures() && measure.is_none()).then_some(Role::Measure)).collect()
    }

    pub(super) fn roles(&self, names: &RoleNames) -> Vec<Role> {
        names.0.iter().filter_map(|name| self.role(name)).collect()
    }

    /// The word of the language of tables for a role.
    #[must_use]
    pub fn role_name(&self, role: Role) -> &str {
        match role {
            Role::Dimension(at) => self.dimensions[at].name(),
            Role::Period => "period",
            Role::Measure => "measure",
            Role::Ignored => "ignored",
        }
    }

    /// What a word of the language of tables names.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<Role> {
        match name {
            "period" => Some(Role::Period),
            "measure" => Some(Role::Measure),
            "ignored" => Some(Role::Ignored),
            name => self.dimension_index(name).map(Role::Dimension),
        }
    }
}
