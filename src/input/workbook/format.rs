//! Which format a file has, by its content: a name can be wrong.

use std::io::Cursor;

use zip::ZipArchive;

/// A format of workbooks, or what only looks like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
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

impl Format {
    /// The format of bytes; none where they are no workbook.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Format> {
        if bytes.starts_with(b"PK\x03\x04") {
            Some(of_archive(bytes))
        } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            Some(of_compound(bytes))
        } else {
            None
        }
    }
}

impl Format {
    /// What a person calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Xlsx => "workbook, xlsx",
            Format::Xlsb => "workbook, xlsb",
            Format::Xls => "workbook, xls",
            Format::Ods => "workbook, ods",
            Format::Encrypted => "encrypted workbook",
            Format::Archive => "zip archive",
        }
    }

    /// How the names of its files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Format::Xlsx | Format::Encrypted => ".xlsx",
            Format::Xlsb => ".xlsb",
            Format::Xls => ".xls",
            Format::Ods => ".ods",
            Format::Archive => ".zip",
        }
    }
}

fn of_archive(bytes: &[u8]) -> Format {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return Format::Xlsx };
    let has = |name: &str| archive.file_names().flatten().any(|own| own.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        Format::Xlsb
    } else if has("xl/workbook.xml") {
        Format::Xlsx
    } else if has("content.xml") {
        Format::Ods
    } else {
        Format::Archive
    }
}

/// The name of the stream that holds an encrypted workbook, as a compound file's directory writes it.
const ENCRYPTED: &str = "EncryptedPackage";

fn of_compound(bytes: &[u8]) -> Format {
    let name: Vec<u8> = ENCRYPTED.encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|window| window == name) { Format::Encrypted } else { Format::Xls }
}
