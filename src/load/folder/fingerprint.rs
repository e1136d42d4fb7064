//! What identifies a file's content: its length and its SHA-256.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::text::format_hex;

/// What identifies a file's content.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Fingerprint {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Fingerprint {
    /// The fingerprint of a file as it stands on the disk, not in the system's cache.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn from_disk(path: &Path) -> io::Result<Fingerprint> {
        let file = File::open(path)?;
        drop_page_cache(&file);
        Fingerprint::from_reader(file)
    }

    /// The fingerprint of all that is read.
    ///
    /// # Errors
    /// Where reading fails.
    pub fn from_reader(mut reader: impl Read) -> io::Result<Fingerprint> {
        let (mut hash, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
        loop {
            let read = match reader.read(&mut chunk) {
                Ok(0) => return Ok(Fingerprint { bytes, sha256: format_hex(&hash.finalize()) }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            hash.update(&chunk[..read]);
            bytes += read as u64;
        }
    }
}

/// Makes the next read of a file come from the disk; a hint, which the system may ignore.
#[cfg(target_os = "linux")]
fn drop_page_cache(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn drop_page_cache(_: &File) {}
