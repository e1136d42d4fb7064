//! The rules that a document or a definition can break. This enum is the only list of them: the manual, the SARIF log and
//! the reports take a rule's id from its variant, and its texts from its documentation. The first line is the summary;
//! the paragraph below it says what the rule means, how it comes to be broken, and what to do.

use serde::Serialize;
use strum::{EnumMessage, EnumString, IntoStaticStr, VariantArray};

use crate::problem::exit::Exit;

/// A rule; its id is the variant's name in kebab case and does not change between versions.
/// [`Rule::Definition`] and the rules after it concern definitions and lock files.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    EnumMessage,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Rule {
    /// The document cannot be read
    ///
    /// The file is damaged, encrypted, in an unknown format or encoding, or larger than the
    /// limits allow. Nothing of it is read. Follow the help of the message: save it in
    /// another format, name its `--encoding`, or raise a `--limit`.
    Unreadable,
    /// No definition matches the document
    ///
    /// Tables were found, but none of their titles belongs to a built-in dataset. Name a
    /// definition with `--dataset FILE`, or add the title to the definition that is meant;
    /// `bluebook inspect` shows the tables that were found.
    NoDataset,
    /// The document has no table
    ///
    /// No header row of periods with rows of figures below it was found. Check that the file
    /// is the one that was meant; cells must be separated by tabs, pipes, commas or at least
    /// two blanks.
    NoTable,
    /// The tables of the document have no figures
    ///
    /// Tables were recognised, but every cell below their headers is empty, as in a template.
    /// Check that the file is the final publication and that a workbook was saved with its
    /// values.
    NoFigures,
    /// A table has a title that the definition does not know
    ///
    /// The publisher added or renamed a table, or its title is misprinted. Add the title to
    /// the `title` of its `[[table]]`, declare a new `[[table]]`, or leave the table out
    /// with `[[ignore]]` and a reason.
    UnknownTitle,
    /// A table has no title
    ///
    /// Nothing above the table says what it reports. Check that the title was not lost in
    /// conversion; in a workbook, name the sheet as the `sheet` of its `[[table]]`, or leave
    /// it out with `[[ignore]]` and a reason.
    NoTitle,
    /// A table appears twice in one document
    ///
    /// Two tables have titles of the same `[[table]]`, so that each figure would be published
    /// twice. Remove one of them, or give each its own title in the definition, if both are
    /// meant.
    TableTwice,
    /// A known title has no readable table below it
    ///
    /// The title was found in running text, but no table was recognised below it, so that the
    /// table would be missing from the published data. Check that its header names periods
    /// and that its cells are separated.
    LostTable,
    /// A known table has no figures
    ///
    /// The table has a title and a header, but all its cells are empty, and nothing of it is
    /// published. Check the document; set `optional` under the `[[table]]` if that may be.
    EmptyTable,
    /// A table of the definition is missing
    ///
    /// No document of the release has the table, because it was lost or the file was cut off.
    /// Check that the document is whole; set `optional`, or `from` and `until`, under the
    /// `[[table]]` if releases may lack it.
    TableMissing,
    /// A table was read from hidden rows, columns or sheets
    ///
    /// Hidden cells of a workbook are read and published like any other, although they may be
    /// working notes. Remove them from the workbook, or leave them out with `[[ignore]]`, if
    /// they are not part of the publication.
    Hidden,
    /// Figures have no header of periods above them
    ///
    /// Rows of figures were found outside of any table, usually because a header is missing,
    /// damaged or on another page. Restore the header, or leave the rows out with
    /// `[[ignore]]` and a reason.
    NoHeader,
    /// A column heading is not a period
    ///
    /// Every column of figures needs a heading that names a period. Write the heading as a
    /// period, say what it means under `[periods]`, or say under `[headings]` what else the
    /// column holds.
    NoPeriod,
    /// A column heading can mean more than one period
    ///
    /// The heading has several readings, such as `2023-24` for a financial year or two
    /// calendar years, or counts years by a calendar that is not named. Set the key that the
    /// help names, for instance `financial_year`, `date_order` or `calendar`, or give its
    /// meaning under `[periods]`.
    AmbiguousPeriod,
    /// Headings do not run one way in time
    ///
    /// The periods of a table rise and fall, as where a heading is misprinted or two were
    /// exchanged, and their figures would be published for wrong periods. Correct the
    /// heading, or set `unusual_periods = ["order"]` under the `[[table]]`.
    HeadingOrder,
    /// A period is far from all others
    ///
    /// One heading names a period many times further away than the others are from each
    /// other, as where a digit is misprinted. Correct the heading, or set
    /// `unusual_periods = ["gaps"]` under the `[[table]]`.
    HeadingFar,
    /// Tables of a document have different periods
    ///
    /// Within the time that two tables share, one has a period that the other lacks, as where
    /// a heading of one is misprinted. Correct the heading, or set
    /// `unusual_periods = ["own"]` under the `[[table]]`.
    HeadingsDiffer,
    /// A period ends after the release
    ///
    /// A heading names a period that was not over when the document was released. Correct the
    /// heading or the release date; set `unusual_periods = ["future"]` under the `[[table]]`
    /// if it reports projections.
    AfterRelease,
    /// A release contradicts the one before it
    ///
    /// Two titles, labels or headings seem to have changed places between two releases: with
    /// them exchanged, far more figures would be those of the release before. No sum within a
    /// document can see that. Compare both documents: one of them is misprinted, was read
    /// wrongly, or mends a mistake of the other.
    ReleaseContradicts,
    /// The same document was given twice, with two dates
    ///
    /// Two files have the same bytes and different release dates, so that nothing was revised
    /// between them. Check whether one of the dates is wrong; remove the file that has it.
    SameDocument,
    /// A period appears twice in one header
    ///
    /// Two columns of a table have headings that mean the same period. Correct the misprinted
    /// heading, or say under `[periods]` or `[headings]` what one of them means.
    PeriodTwice,
    /// An indicator of one period appears twice in one header
    ///
    /// Two columns hold the same change, growth, share or total of the same period. Say under
    /// `[headings]` what one of them means, or that it is `ignored`.
    ColumnTwice,
    /// A printed indicator has no figures to check it against
    ///
    /// The heading says that the column holds a change, growth, share or total, but no column
    /// of figures comes before it. Check the header, or declare the heading as `ignored`
    /// under `[headings]`.
    NoBase,
    /// A column of a sheet is empty below its heading
    ///
    /// The heading names a period, but no row has a figure for it. Check the workbook if
    /// figures were expected; otherwise nothing needs to be done.
    EmptyColumn,
    /// A label column contains numbers
    ///
    /// Numbers before the first period may be figures whose heading was not recognised. Name
    /// the column's heading under `ignored` in `stub` if they are codes; otherwise correct
    /// the heading.
    NumbersBefore,
    /// A label column named in the definition does not exist
    ///
    /// The `rows` of a `[[table]]` or `[[ignore]]` name a heading that the table does not
    /// have. Compare the spelling with what `bluebook inspect` shows, and correct the
    /// definition.
    NoColumn,
    /// Rows belong to no table of the definition
    ///
    /// Several `[[table]]`s select rows of one printed table, and none of them selects these.
    /// Select them with `rows`, or leave them out with `[[ignore]]` and a reason.
    RowsLeft,
    /// The unit printed in a table differs from the definition
    ///
    /// The title or header says that figures are multiples, such as thousands, but the unit
    /// of the definition does not. Set `unit` under `[measure]` to what the figures count;
    /// ignore the warning if the words refer to something else.
    Unit,
    /// The cells of a row cannot be separated
    ///
    /// The column separators were lost, and the row can be split in more than one way, or in
    /// none, that agrees with the totals. Restore the separators in the document, or use
    /// another file of the same release.
    Flattened,
    /// A row has too many or too few cells
    ///
    /// The row does not have one cell for each column of the header, so its figures could be
    /// assigned to wrong periods. Add the missing cell, remove the surplus one, or restore
    /// the separators.
    RowShape,
    /// A cell is not a number
    ///
    /// The cell is empty or has text that is neither a figure nor a known symbol. Declare the
    /// symbol under `[symbols]`, or correct a misprinted figure with `[[correction]]`.
    NoFigure,
    /// A number can be read in two ways
    ///
    /// In `1.234`, the point can separate decimals or thousands, and no other figure of the
    /// table decides. Set `decimal` under `[figures]`.
    TwoReadings,
    /// A footnote marker has no note
    ///
    /// A marker behind a label, heading or figure is explained nowhere in the document. Check
    /// that notes were not lost in conversion; the figures are published without the note.
    NoNote,
    /// A row or column has no label
    ///
    /// The table prints no label there, and the definition does not say what its figures are
    /// for. Name the code in the definition: `only = { region = "…" }` or `fixed = { … }`
    /// under the `[[table]]`.
    NoLabel,
    /// A figure names no measure
    ///
    /// The dataset has several measures, and neither the heading nor the labels of a figure
    /// say which it is. Add the words to the `labels` of a `[[measure]]`, or name it for the
    /// table: `fixed = { measure = "…" }` under the `[[table]]`.
    NoMeasure,
    /// A printed unit is not that of the measure
    ///
    /// The table prints a unit for a figure, which is not the `unit` of the figure's measure:
    /// it may be another measure, or in other multiples. Correct `unit` under `[measure]`,
    /// or add what is printed to the `labels` of the measure where both are the same.
    UnitDiffers,
    /// A label is not known
    ///
    /// The label is misprinted, ambiguous, or the publisher's own name of a code. Correct it,
    /// or add it to the definition: to the labels of a code under `[dimension.codes]`, or for
    /// regions under `[dimension.labels]`; `bluebook regions` explains how a label of a
    /// region is resolved.
    UnknownLabel,
    /// Two rows of a table stand for the same
    ///
    /// Two labels resolve to the same codes, so that the table cannot be added up. Check the
    /// labels; where they stand for different things, give them different codes in the
    /// definition.
    LabelTwice,
    /// A table has figures for a code that it excludes
    ///
    /// The definition lists the code in `excludes`, but the table has figures for it. Check
    /// the row's label, or remove the code from `excludes`.
    ExcludedCode,
    /// The total is not labelled as a total
    ///
    /// No row is labelled as the total, and the one row with an unknown label equals the sum
    /// of all others; it is taken for the total. Confirm this by giving its label the code
    /// `_T` under `[dimension.labels]`.
    UnnamedTotal,
    /// A row equals the sum of all others, but is labelled as a region
    ///
    /// The table has no total, and one row of a region equals the sum of the others, so that
    /// it would be counted twice. Give its label the code `_T` under `[dimension.labels]` if
    /// it is the total.
    HiddenTotal,
    /// A table has no total
    ///
    /// Without a total, misread or misprinted figures cannot be detected. Check that the row
    /// was not lost; set `totals = "optional"` if the publisher prints none.
    NoTotal,
    /// A total is not printed and cannot be derived
    ///
    /// The figures may be rates, or rows may overlap: added up, they would be counted several
    /// times. Say in the definition which row is the total, what groups hold, or under
    /// `[measure]` whether figures add up (`additive`).
    NoDerivedTotal,
    /// A total is not the sum of its rows
    ///
    /// A figure or the total is misprinted, or a row is missing. Follow the repairs that are
    /// listed: declare a `[[correction]]` once it is known which figure is wrong, or a
    /// `[[discrepancy]]` if the publisher's total stands.
    Total,
    /// A group is not the sum of its parts
    ///
    /// The figure of a group, such as a continent, differs from the sum of the rows below it.
    /// Follow the repairs that are listed: declare a `[[correction]]` or a `[[discrepancy]]`,
    /// or correct what the group holds: `parent` of its codes, or `[dimension.members]`.
    Subtotal,
    /// A sum over tables does not add up
    ///
    /// A table is the sum of others, by the definition (`sum_of`) or by its figures, and one
    /// of its figures is not. Check the cells that the message names; a misprint is corrected
    /// with `[[correction]]`.
    Tables,
    /// A figure is not rounded as the definition says
    ///
    /// The definition says under `[measure]` what figures are rounded to, and this one is no
    /// multiple of it. Correct a misprinted figure with `[[correction]]`, or take `rounding`
    /// out of the definition if the publisher doesn't round.
    Rounding,
    /// A column cannot be added up
    ///
    /// The figures of the column sum to more than 64-bit integers can hold. Check for cells
    /// that were joined by mistake, or publish the figures in a larger unit.
    TooLarge,
    /// A nil symbol is not proven to be zero
    ///
    /// No total of the table shows that the symbol stands for zero, so it is published as
    /// missing. Set `nil = "zero"` if the publisher says that the symbol means zero.
    NilUnproven,
    /// A printed change does not follow from the figures
    ///
    /// The printed difference is not the difference of the two figures. Correct the
    /// misprinted figure with `[[correction]]`, or say under `[headings]` what the column
    /// holds, if it is something else.
    Change,
    /// A printed percentage change does not follow from the figures
    ///
    /// The printed percentage is not what the change of the figures rounds to. Correct the
    /// misprinted figure with `[[correction]]`, or say under `[headings]` what the column
    /// holds, if it is something else.
    RelativeChange,
    /// A printed growth rate does not follow from the figures
    ///
    /// The printed rate is not what the figures of the two years round to, or the rates of
    /// the rows contradict that of the total. Correct the misprinted figure with
    /// `[[correction]]`, or declare the column under `[headings]`.
    Growth,
    /// A printed share does not follow from the figures
    ///
    /// The printed percentage is not what the figure's share of the total rounds to. Correct
    /// the misprinted figure with `[[correction]]`, or say under `[headings]` what the column
    /// holds, if it is something else.
    Share,
    /// A printed total over periods does not follow from the figures
    ///
    /// The total at the end of a row is not the sum of its periods. Correct the misprinted
    /// figure with `[[correction]]`, or say under `[headings]` what the column holds, if it is
    /// something else.
    Periods,
    /// Nothing can check a printed indicator
    ///
    /// A figure that the printed change, growth or share follows from is missing or zero.
    /// Declare the heading as `ignored` under `[headings]` if that is always so; otherwise
    /// nothing needs to be done.
    Unchecked,
    /// Two documents of one release differ
    ///
    /// Both report the same table, but a figure differs or only one of them has it. Keep one
    /// document, or put different release dates in front of the file names.
    DocumentsDiffer,
    /// Two tables of a document differ
    ///
    /// Both print a figure for the same codes and period, and the two are not the same. Check
    /// which is right; where the tables count different things, let them differ in a code:
    /// `fixed` under `[[table]]`.
    TablesDiffer,
    /// A correction does not match the document
    ///
    /// The figure that the `[[correction]]` expects is not printed there, often because the
    /// publisher corrected it. Remove the correction, or set `expected` to what is printed
    /// now.
    CorrectionUnmatched,
    /// A declared discrepancy no longer exists
    ///
    /// The sum of the `[[discrepancy]]` adds up now, or is off by another amount. Remove it,
    /// or set the difference to what is printed now.
    DiscrepancyUnmatched,
    /// A label of the definition is never used
    ///
    /// No document prints the label that `[dimension.labels]` gives a meaning; it is outdated
    /// or misspelt. Remove it, or write it as it is printed.
    LabelUnused,
    /// A break of the definition is wrong
    ///
    /// A `[[break]]` names codes that the definition does not have, a day that is none, or no
    /// reason. Correct it.
    Break,
    /// A break of the definition is crossed by no comparison
    ///
    /// No figure on one side of the day is compared with one on the other. Remove it, or
    /// correct its day and key.
    BreakUnused,
    /// An entry of the definition leaves out nothing
    ///
    /// No document has the table or rows that an `[[ignore]]` names; it is outdated or
    /// misspelt. Remove it, or write the title and rows as they are printed.
    IgnoreUnused,
    /// The definition is not valid
    ///
    /// The file is not valid TOML, has an unknown or missing key, or a value of the wrong
    /// type. Correct the line that the message names; `bluebook man` describes all keys.
    Definition,
    /// The name of a dataset is not valid
    ///
    /// The name is also that of a folder and part of keys. Use lower-case letters, digits and
    /// hyphens, beginning with a letter.
    DatasetName,
    /// A dimension of the definition is wrong
    ///
    /// Its name is no name of a published column, is taken, or is declared twice, or its keys
    /// do not go with its codes. Use lower-case letters, digits and underscores; `names`,
    /// `members` and `labels` go with `codes = "regions"`.
    Dimension,
    /// A code of a dimension is wrong
    ///
    /// A code is empty, a label stands for two codes, or a parent is no code or a part of
    /// itself. Correct the list under `[dimension.codes]`.
    Code,
    /// A measure of the definition is wrong
    ///
    /// A definition has at least one measure, and each of several has a code of its own. Add
    /// the measure, or give each a `code` that no other has.
    Measure,
    /// The dimension of shares has no total
    ///
    /// `share_of` names no dimension, or one without the code `_T`. Name one that has it.
    ShareOf,
    /// Codes cannot be added up across a dimension
    ///
    /// `sum_across` names no dimension, names that of shares, or one of whose codes counts what
    /// others count; or no measure has figures that add up and are never below zero. Name
    /// dimensions whose codes count nothing twice; give what counts them all the code `_T`, or
    /// make it the `parent` of the others.
    SumAcross,
    /// A table of the definition is wrong
    ///
    /// It names a dimension, code, measure or period that the definition does not have, or
    /// has the name of another table. Correct the `[[table]]`, or declare what it names.
    Table,
    /// A title belongs to two tables
    ///
    /// Two tables of the definition have the same title or sheet. Give them titles that
    /// differ, or select the `rows` of the printed table that each of them takes.
    TableTitle,
    /// A table is declared as the sum of an unknown table
    ///
    /// `sum_of` names a code that no other `[[table]]` has. Correct the code, or declare the
    /// table.
    SumOf,
    /// A symbol or flag of the definition is wrong
    ///
    /// It would hide figures, stands for no known status, or a style is unknown. Use `nil` or
    /// an SDMX observation status.
    Symbols,
    /// An entry of `[figures]` is not valid
    ///
    /// The thousands separator equals the decimal separator, or is given without it. Set both
    /// `decimal` and `thousands`, to different characters.
    Figures,
    /// A heading of the definition is wrong
    ///
    /// A key of `[headings]` is empty, or two differ only in their form. Remove one of them.
    Heading,
    /// An entry of `[periods]` is not valid
    ///
    /// The value is not a period as published data name it. Write it in the form of `2024`,
    /// `2024-Q3` or `2026-01-01/P2M`.
    Period,
    /// A region code of the definition is unknown
    ///
    /// The code is neither in the built-in list nor declared under `[dimension.names]`. Use a
    /// code that `bluebook regions --list` prints, or declare one of the definition's own.
    RegionCode,
    /// A label has two meanings
    ///
    /// Two entries of `[dimension.labels]` differ only in their spelling. Remove one of them.
    RegionLabel,
    /// A correction is not valid
    ///
    /// A `[[correction]]` names no table of the dataset, has a value that the measure cannot
    /// have, an invalid date or period or no reason, or the figure is corrected twice.
    /// Correct the entry that the message names.
    Correction,
    /// A discrepancy is not valid
    ///
    /// A `[[discrepancy]]` names no table of the dataset, has an invalid period, or gives no
    /// reason. Correct the entry that the message names.
    Discrepancy,
    /// An entry that leaves out tables or rows is not valid
    ///
    /// An `[[ignore]]` has no reason, names nothing, or names a table that the definition
    /// publishes. Correct the entry that the message names.
    Ignore,
    /// The lock file is not valid
    ///
    /// The file is damaged or was written by a newer version. Restore it from version
    /// control, or write it again with `bluebook run --lock`.
    LockFile,
}

/// Whether a problem prevents publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is published.
    Error,
    /// Worth knowing; the result is published.
    Warning,
}

impl Rule {
    /// All rules, in the order of the list.
    pub const ALL: &'static [Rule] = Rule::VARIANTS;

    /// The id for programs, such as `no-figure`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Its severity, unless a problem is lowered to a warning.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Rule::Hidden
            | Rule::EmptyColumn
            | Rule::Unit
            | Rule::NoNote
            | Rule::UnnamedTotal
            | Rule::NilUnproven
            | Rule::Unchecked
            | Rule::LabelUnused
            | Rule::BreakUnused
            | Rule::ReleaseContradicts
            | Rule::SameDocument
            | Rule::IgnoreUnused => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The exit code of a run with an error of this rule.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Rule::Unreadable => Exit::Unreadable,
            rule if rule >= Rule::Definition => Exit::Config,
            _ => Exit::Problems,
        }
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.texts().0
    }

    /// What the rule means, how it comes to be broken, and what to do: a paragraph in lines
    /// of at most 90 characters.
    #[must_use]
    pub fn help(self) -> &'static str {
        self.texts().1.trim_end()
    }

    fn texts(self) -> (&'static str, &'static str) {
        self.get_documentation().and_then(|texts| texts.split_once("\n\n")).unwrap_or_default()
    }
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}
