//! Which format a file has, by its content: a name can be wrong.

use std::io::Cursor;

use memchr::memmem;
use zip::ZipArchive;

/// What a zip archive begins with.
const ZIP: &[u8] = b"PK\x03\x04";
/// What a compound file begins with.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// A format of workbooks, or what only looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkbookFormat {
    /// Office Open XML: `.xlsx`, `.xlsm`.
    Xlsx,
    /// Its binary sister: `.xlsb`.
    Xlsb,
    /// The binary format of 1997: `.xls`.
    Xls,
    /// `OpenDocument`: `.ods`.
    Ods,
    /// An encrypted workbook.
    Encrypted,
    /// A zip archive of something else.
    Archive,
}

impl WorkbookFormat {
    /// The format of bytes; none where they are no workbook.
    #[must_use]
    pub fn detect(bytes: &[u8]) -> Option<WorkbookFormat> {
        if bytes.starts_with(ZIP) {
            Some(detect_archive(bytes))
        } else if bytes.starts_with(COMPOUND) {
            Some(detect_compound(bytes))
        } else {
            None
        }
    }
}

impl WorkbookFormat {
    /// Whether bytes are of it. Most are told apart by how they begin, before anything is searched.
    pub(super) fn is_of(self, bytes: &[u8]) -> bool {
        let begins = |with: &&[u8]| bytes.starts_with(with);
        self.beginnings().iter().any(begins) && WorkbookFormat::detect(bytes) == Some(self)
    }

    /// What its files can begin with.
    fn beginnings(self) -> &'static [&'static [u8]] {
        match self {
            WorkbookFormat::Xls => &[COMPOUND],
            WorkbookFormat::Encrypted => &[COMPOUND, ZIP],
            WorkbookFormat::Xlsx | WorkbookFormat::Xlsb | WorkbookFormat::Ods | WorkbookFormat::Archive => {
                &[ZIP]
            }
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            WorkbookFormat::Xlsx => "workbook, xlsx",
            WorkbookFormat::Xlsb => "workbook, xlsb",
            WorkbookFormat::Xls => "workbook, xls",
            WorkbookFormat::Ods => "workbook, ods",
            WorkbookFormat::Encrypted => "encrypted workbook",
            WorkbookFormat::Archive => "zip archive",
        }
    }

    /// How the names of its files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            WorkbookFormat::Xlsx | WorkbookFormat::Encrypted => ".xlsx",
            WorkbookFormat::Xlsb => ".xlsb",
            WorkbookFormat::Xls => ".xls",
            WorkbookFormat::Ods => ".ods",
            WorkbookFormat::Archive => ".zip",
        }
    }
}

fn detect_archive(bytes: &[u8]) -> WorkbookFormat {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return WorkbookFormat::Xlsx };
    let has = |name: &str| archive.file_names().flatten().any(|own| own.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        WorkbookFormat::Xlsb
    } else if has("xl/workbook.xml") {
        WorkbookFormat::Xlsx
    } else if has("encrypted-package") {
        WorkbookFormat::Encrypted
    } else if has("content.xml") {
        WorkbookFormat::Ods
    } else {
        WorkbookFormat::Archive
    }
}

/// The name of the stream that holds an encrypted workbook, as a compound file's directory writes it.
const ENCRYPTED: &str = "EncryptedPackage";

fn detect_compound(bytes: &[u8]) -> WorkbookFormat {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let is_encrypted = memmem::find(bytes, &name).is_some() || has_password(bytes);
    if is_encrypted { WorkbookFormat::Encrypted } else { WorkbookFormat::Xls }
}

/// Whether an .xls needs a password: its globals begin with the record `FilePass`, perhaps behind `WriteProtect` ([MS-XLS]
/// 2.1.7.20.3). What follows is encrypted, and would be read as other values.
fn has_password(bytes: &[u8]) -> bool {
    const GLOBALS: &[u8] = b"\x09\x08\x10\x00\x00\x06\x05\x00";
    const WHOLE: usize = 20;
    const WRITE_PROTECT: &[u8] = b"\x86\x00\x00\x00";
    const FILE_PASS: &[u8] = b"\x2F\x00";
    let globals = memmem::find(bytes, GLOBALS).and_then(|at| bytes.get(at + WHOLE..));
    globals.is_some_and(|next| next.strip_prefix(WRITE_PROTECT).unwrap_or(next).starts_with(FILE_PASS))
}
