//! A file of a set, fingerprinted while it is written, and held against the published one: what is the same is not
//! written again, so that a run that changes nothing writes nothing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::sync::Arc;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::load::Fingerprint;
use crate::load::settling::Settling;
use crate::load::staging::Staging;
use crate::text::format_hex;

/// How much is read or written at once.
const CHUNK: usize = 1 << 16;

/// A file that is fingerprinted while it is written.
pub struct Output {
    staging: Arc<Staging>,
    name: String,
    to: To,
    hash: Sha256,
    bytes: u64,
}

/// Where bytes go.
enum To {
    /// Nowhere: so far they are those of the published file.
    Published(BufReader<File>),
    File(Settling),
}

impl Output {
    pub(super) fn create(staging: &Arc<Staging>, name: &str) -> Result<Output> {
        let to = match staging.published(name)? {
            Some(file) => To::Published(BufReader::with_capacity(CHUNK, file)),
            None => To::File(staging.begin(name)?),
        };
        Ok(Output { staging: Arc::clone(staging), name: name.into(), to, hash: Sha256::new(), bytes: 0 })
    }

    /// Ends the file, and tells what it is.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn finish(&mut self) -> Result<Fingerprint> {
        if let To::Published(old) = &mut self.to
            && !old.fill_buf()?.is_empty()
        {
            self.depart()?;
        }
        if let To::File(file) = &mut self.to
            && file.end()?
        {
            self.staging.settle(&self.name);
        }
        Ok(Fingerprint { bytes: self.bytes, sha256: format_hex(&self.hash.clone().finalize()) })
    }

    /// Goes on in a file of its own, which begins as the published one does.
    fn depart(&mut self) -> Result<()> {
        let mut file = self.staging.begin(&self.name)?;
        if let To::Published(old) = &mut self.to {
            old.rewind()?;
            io::copy(&mut old.take(self.bytes), &mut file)?;
        }
        self.to = To::File(file);
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let To::Published(old) = &mut self.to
            && !goes_on(old, bytes)?
        {
            self.depart().map_err(io::Error::other)?;
        }
        if let To::File(file) = &mut self.to {
            file.write_all(bytes)?;
        }
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Published(_) => Ok(()),
            To::File(file) => file.flush(),
        }
    }
}

/// Whether a file goes on with these bytes.
fn goes_on(file: &mut impl BufRead, mut bytes: &[u8]) -> io::Result<bool> {
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
