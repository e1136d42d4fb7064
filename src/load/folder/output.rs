//! A file of a set, hashed while it is written, and compared with the published one: nothing is written before the first byte
//! that differs, so that a run that changes nothing writes nothing.
//!
//! A run that changes nothing needs no room on the disk. What differs is flushed and read back, all files side by side,
//! and each must have the hash it was written with.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::load::PublishedFile;
use crate::load::folder::fingerprint::Fingerprint;
use crate::load::folder::staging::Staging;
use crate::text::format_hex;

/// How much is read or written at once.
const CHUNK: usize = 1 << 16;

/// A file that is hashed while it is written.
pub struct Output {
    staging: Arc<Staging>,
    name: String,
    target: Target,
    hash: Sha256,
    bytes: u64,
}

/// Where bytes go.
enum Target {
    /// Nowhere: so far they are those of the published file.
    Published(BufReader<File>),
    File(BufWriter<Arc<File>>),
}

impl Output {
    /// Begins a file of a set in preparation.
    ///
    /// # Errors
    /// Where it cannot be created, or the published file cannot be read.
    pub fn create(staging: &Arc<Staging>, name: &str) -> Result<Output> {
        let target = match staging.open_published(name)? {
            Some(file) => Target::Published(BufReader::with_capacity(CHUNK, file)),
            None => Target::File(create_file(staging, name)?),
        };
        Ok(Output { staging: Arc::clone(staging), name: name.into(), target, hash: Sha256::new(), bytes: 0 })
    }

    /// Writes a file that is no table as a whole.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write_whole(staging: &Arc<Staging>, name: &str, content: &[u8]) -> Result<PublishedFile> {
        let mut output = Output::create(staging, name)?;
        let written = output.write_all(content).map_err(anyhow::Error::from);
        let fingerprint =
            written.and_then(|()| output.finish()).with_context(|| staging.cannot_write(name))?;
        Ok(PublishedFile { name: name.into(), fingerprint, rows: None })
    }

    /// Ends the file; returns its fingerprint.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(&mut self) -> Result<Fingerprint> {
        if let Target::Published(old) = &mut self.target
            && !old.fill_buf()?.is_empty()
        {
            self.diverge_from_published()?;
        }
        self.flush()?;
        Ok(Fingerprint { bytes: self.bytes, sha256: format_hex(&self.hash.clone().finalize()) })
    }

    /// Continues in a file of its own, which begins with the bytes written so far.
    fn diverge_from_published(&mut self) -> Result<()> {
        let mut file = create_file(&self.staging, &self.name)?;
        if let Target::Published(old) = &mut self.target {
            old.rewind()?;
            io::copy(&mut old.take(self.bytes), &mut file)?;
        }
        self.target = Target::File(file);
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Target::Published(old) = &mut self.target
            && !matches(old, bytes)?
        {
            self.diverge_from_published().map_err(io::Error::other)?;
        }
        if let Target::File(file) = &mut self.target {
            file.write_all(bytes)?;
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Published(_) => Ok(()),
            Target::File(file) => file.flush(),
        }
    }
}

fn create_file(staging: &Staging, name: &str) -> Result<BufWriter<Arc<File>>> {
    Ok(BufWriter::with_capacity(CHUNK, staging.create(name)?))
}

/// Whether the next bytes of a file are these.
fn matches(file: &mut impl BufRead, mut bytes: &[u8]) -> io::Result<bool> {
    while !bytes.is_empty() {
        let read = file.fill_buf()?;
        let common = read.len().min(bytes.len());
        if common == 0 || read[..common] != bytes[..common] {
            return Ok(false);
        }
        file.consume(common);
        bytes = &bytes[common..];
    }
    Ok(true)
}
