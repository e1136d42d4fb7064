//! The parts of a workbook that is a zip archive, unpacked within limits before anything reads them. What an archive says
//! of itself is believed nowhere: bytes are counted as they come.
//!
//! The reader gets an archive that packs nothing. What is counted is bounded, and so is what follows from it: the empty
//! cells between others, and the rows that merged areas go over.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::ops::Range;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::input::limits::{Bound, Limits};
use crate::input::workbook::{Unreadable, WorkbookFormat};

/// The unpacked parts: an archive that packs nothing, and where in it each part stands, by its name in lower case.
#[derive(Debug, Default)]
pub(super) struct Parts {
    archive: Vec<u8>,
    places: BTreeMap<String, Place>,
}

/// A part in an archive that packs nothing.
#[derive(Debug)]
struct Place {
    /// Its name as it is written.
    name: String,
    /// Where its bytes stand.
    bytes: Range<usize>,
}

/// Below this size, in bytes, a part may be as empty as it likes: a thousand blanks pack to nothing.
const SMALL: u64 = 1 << 20;

/// Folders of parts that nobody reads, in lower case.
const UNREAD_FOLDERS: [&str; 10] = [
    "/media/",
    "/drawings/",
    "/charts/",
    "/printersettings/",
    "/embeddings/",
    "/activex/",
    "/pivotcache/",
    "/externallinks/",
    "customxml/",
    "thumbnails/",
];

/// How the names of parts that are no XML end, in lower case.
const BINARY: &str = ".bin";

/// How the names of parts that are read end, in lower case.
const READ_ENDINGS: [&str; 4] = [".xml", ".rels", BINARY, "mimetype"];

impl Parts {
    /// Unpacks an archive: of an .xlsx the parts that are XML, in which nothing else is read.
    pub(super) fn unpack(bytes: &[u8], format: WorkbookFormat, limits: &Limits) -> Result<Parts, Unreadable> {
        let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Unreadable::damaged(&error))?;
        check_directory(&mut packed, limits)?;
        let mut unpacked = ZipWriter::new(Cursor::new(Vec::new()));
        let mut left = limits.bytes(Bound::Inflated);
        for at in 0..packed.len() {
            left -= unpack_part(&mut packed, at, (format, left), &mut unpacked, limits)?;
        }
        Parts::from_archive(unpacked)
    }

    /// The parts that are XML, with their names in lower case.
    pub(super) fn xml(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let xml = self.places().filter(|(name, _)| !name.ends_with(BINARY));
        xml.filter_map(|(name, place)| Some((name, self.archive.get(place)?)))
    }

    /// The names of the parts, in lower case, and where they stand in the archive that packs nothing.
    pub(super) fn places(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.places.iter().map(|(name, place)| (name.as_str(), place.bytes.clone()))
    }

    /// A part by its name; case makes no difference.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        let place = self.places.get(&name.to_ascii_lowercase())?;
        self.archive.get(place.bytes.clone())
    }

    /// The parts with some of them rewritten.
    pub(super) fn rewrite(
        self,
        rewrite: impl Fn(&[u8]) -> Result<Option<Vec<u8>>, Unreadable>,
    ) -> Result<Parts, Unreadable> {
        let mut new: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for (name, part) in self.xml() {
            new.extend(rewrite(part)?.map(|part| (name, part)));
        }
        if new.is_empty() {
            return Ok(self);
        }
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, place) in &self.places {
            let own = || self.archive.get(place.bytes.clone()).unwrap_or_default();
            let part = new.get(name.as_str()).map_or_else(own, Vec::as_slice);
            begin(&mut archive, &place.name)?;
            archive.write_all(part).map_err(|error| Unreadable::damaged(&error))?;
        }
        Parts::from_archive(archive)
    }

    /// The parts of an archive that packs nothing.
    fn from_archive(archive: ZipWriter<Cursor<Vec<u8>>>) -> Result<Parts, Unreadable> {
        let archive = archive.finish().map_err(|error| Unreadable::damaged(&error))?.into_inner();
        Ok(Parts { places: places(&archive)?, archive })
    }

    /// The same parts as an archive that packs nothing, so that they need not be unpacked again.
    pub(super) fn stored_bytes(&self) -> &[u8] {
        &self.archive
    }
}

/// Whether the directory of an archive can be true. Two names for one part, or two parts in one place, are how a small
/// archive unfolds to a large one, and how two readers are made to see two documents.
fn check_directory(packed: &mut ZipArchive<Cursor<&[u8]>>, limits: &Limits) -> Result<(), Unreadable> {
    if packed.len() as u64 > limits.get(Bound::Parts) {
        return Err(Unreadable::beyond("parts", limits.limit(Bound::Parts)));
    }
    let mut names: Vec<String> =
        packed.file_names().flatten().map(|name| name.replace('\\', "/").to_ascii_lowercase()).collect();
    names.sort_unstable();
    if packed.has_duplicate_names() || names.windows(2).any(|two| two[0] == two[1]) {
        return Err(Unreadable::hostile("two of its parts have one name"));
    }
    if packed.has_overlapping_entries().map_err(|error| Unreadable::damaged(&error))? {
        return Err(Unreadable::hostile("its parts overlap in the archive"));
    }
    Ok(())
}

/// Unpacks one part into an archive, and tells how many bytes it has.
fn unpack_part(
    packed: &mut ZipArchive<Cursor<&[u8]>>,
    at: usize,
    (format, left): (WorkbookFormat, u64),
    unpacked: &mut ZipWriter<Cursor<Vec<u8>>>,
    limits: &Limits,
) -> Result<u64, Unreadable> {
    let mut part = packed.by_index(at).map_err(|error| Unreadable::damaged(&error))?;
    let name = part.name().map_err(|error| Unreadable::damaged(&error))?.into_owned();
    if !is_read(&name, format) {
        return Ok(0);
    }
    let by_ratio = part.compressed_size().saturating_mul(limits.get(Bound::Ratio)).max(SMALL);
    let most = left.min(by_ratio);
    begin(unpacked, &name)?;
    let bytes = if part.size() > most { part.size() } else { copy(&mut part, unpacked, most)? };
    match bytes {
        bytes if bytes <= most => Ok(bytes),
        _ if most == by_ratio => Err(Unreadable::beyond(
            &format!("times the packed bytes in its part {name}"),
            limits.limit(Bound::Ratio),
        )),
        _ => Err(Unreadable::beyond("megabytes once it is unfolded", limits.limit(Bound::Inflated))),
    }
}

/// Begins a part of an archive that packs nothing.
fn begin(archive: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str) -> Result<(), Unreadable> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    archive.start_file(name, options).map_err(|error| Unreadable::damaged(&error))
}

/// Copies bytes, and no more than one beyond the most.
fn copy(from: &mut impl Read, to: &mut impl Write, most: u64) -> Result<u64, Unreadable> {
    let mut bounded = from.take(most.saturating_add(1));
    let (mut buffer, mut copied) = (vec![0; 1 << 16], 0);
    loop {
        let read = bounded.read(&mut buffer).map_err(|error| Unreadable::damaged(&error))?;
        if read == 0 {
            return Ok(copied);
        }
        to.write_all(&buffer[..read]).map_err(|error| Unreadable::damaged(&error))?;
        copied += read as u64;
    }
}

fn is_read(name: &str, format: WorkbookFormat) -> bool {
    let name = name.replace('\\', "/").to_ascii_lowercase();
    let unread = UNREAD_FOLDERS.iter().any(|folder| name.contains(folder));
    let is_code =
        name.ends_with("vbaproject.bin") || format == WorkbookFormat::Xlsx && name.ends_with(BINARY);
    !unread && !is_code && READ_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Where each part stands in an archive that packs nothing.
fn places(archive: &[u8]) -> Result<BTreeMap<String, Place>, Unreadable> {
    let mut stored = ZipArchive::new(Cursor::new(archive)).map_err(|error| Unreadable::damaged(&error))?;
    let mut places = BTreeMap::new();
    for at in 0..stored.len() {
        let part = stored.by_index(at).map_err(|error| Unreadable::damaged(&error))?;
        let name = part.name().map_err(|error| Unreadable::damaged(&error))?;
        let start = part.data_start().unwrap_or_default() as usize;
        let bytes = start..start + part.size() as usize;
        let place = Place { name: name.clone().into_owned(), bytes };
        places.insert(name.replace('\\', "/").to_ascii_lowercase(), place);
    }
    Ok(places)
}
