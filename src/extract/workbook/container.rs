//! The parts of a workbook that is a zip archive, unpacked within limits before anything reads them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Unreadable;
use super::eager::damaged;

/// The unpacked parts by name.
#[derive(Debug, Default)]
pub(super) struct Parts(BTreeMap<String, Vec<u8>>);

impl Parts {
    /// Unpacks an archive.
    pub(super) fn of(bytes: &[u8]) -> Result<Parts, Unreadable> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        let mut parts = BTreeMap::new();
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).map_err(|error| damaged(&error))?;
            let name = entry.name().map_err(|error| damaged(&error))?.into_owned();
            let mut part = Vec::new();
            entry.read_to_end(&mut part).map_err(|error| damaged(&error))?;
            parts.insert(name, part);
        }
        Ok(Parts(parts))
    }

    /// A part by its name.
    #[allow(dead_code)]
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The same parts as an archive that packs nothing, so that they need not be unpacked again.
    pub(super) fn stored(&self) -> Result<Vec<u8>, Unreadable> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (name, part) in &self.0 {
            archive.start_file(name.as_str(), options).map_err(|error| damaged(&error))?;
            archive.write_all(part).map_err(|error| damaged(&error))?;
        }
        Ok(archive.finish().map_err(|error| damaged(&error))?.into_inner())
    }
}
