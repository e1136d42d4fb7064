//! What identifies a file's content: its length and its SHA-256.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use crate::text::format_hex;

/// What identifies a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Fingerprint {
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
