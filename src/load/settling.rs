//! A large file is flushed and read back piece by piece while it is being written: to wait for the disk at the end would
//! take longer than all else.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crc32fast::Hasher;

use super::publish::forget;

/// How many bytes are flushed and read back at once. A smaller file is left to the end.
const PIECE: u64 = 4 << 20;

/// How many pieces may wait for the disk.
const WAITING: usize = 4;

/// How much is read at once, in bytes.
const AT_ONCE: usize = 1 << 20;

/// What is read past the system's memory begins at a multiple of this, in the file and in memory.
const BLOCK: usize = 4096;

/// A file that is being written.
pub(super) struct Settling {
    path: PathBuf,
    file: BufWriter<Arc<File>>,
    /// Whether it is flushed and read back.
    safe: bool,
    piece: Piece,
    disk: Option<Disk>,
}

/// The thread that waits for the disk, and where it gets its work from.
struct Disk {
    pieces: SyncSender<Piece>,
    thread: JoinHandle<io::Result<()>>,
}

/// A part of the file.
#[derive(Clone, Default)]
struct Piece {
    from: u64,
    bytes: u64,
    sum: Hasher,
}

impl Settling {
    /// Writes to a file that stands at a path.
    pub(super) fn new(path: PathBuf, file: Arc<File>, safe: bool) -> Settling {
        let file = BufWriter::with_capacity(1 << 16, file);
        Settling { path, file, safe, piece: Piece::default(), disk: None }
    }

    /// Writes what waits to be written; returns whether all of the file was flushed and read back.
    ///
    /// # Errors
    /// Where that fails, or what was read is not what was written.
    pub(super) fn end(&mut self) -> io::Result<bool> {
        self.file.flush()?;
        let last = mem::take(&mut self.piece);
        let Some(disk) = self.disk.take() else { return Ok(false) };
        // Where the thread has stopped, it tells why.
        let _ = disk.pieces.send(last);
        disk.end().map(|()| true)
    }

    /// Has a piece flushed and read back, and begins the next.
    fn hand_over(&mut self) -> io::Result<()> {
        self.file.flush()?;
        let next = Piece { from: self.piece.from + self.piece.bytes, ..Piece::default() };
        let piece = mem::replace(&mut self.piece, next);
        if self.disk.is_none() {
            self.disk = Some(Disk::begin(&self.path, self.file.get_ref())?);
        }
        let refused = self.disk.as_ref().is_none_or(|disk| disk.pieces.send(piece).is_err());
        let stopped = if refused { self.disk.take() } else { None };
        stopped.map_or(Ok(()), Disk::end)
    }
}

impl Write for Settling {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.safe {
            return self.file.write(bytes);
        }
        let room = (PIECE - self.piece.bytes).min(bytes.len() as u64) as usize;
        let written = self.file.write(&bytes[..room])?;
        self.piece.sum.update(&bytes[..written]);
        self.piece.bytes += written as u64;
        if self.piece.bytes == PIECE {
            self.hand_over()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Disk {
    fn begin(path: &Path, file: &Arc<File>) -> io::Result<Disk> {
        let (pieces, waiting) = sync_channel(WAITING);
        let (path, file) = (path.to_owned(), Arc::clone(file));
        let thread = thread::Builder::new().name("disk".into());
        let thread = thread.spawn(move || proven(&path, &file, &waiting))?;
        Ok(Disk { pieces, thread })
    }

    fn end(self) -> io::Result<()> {
        drop(self.pieces);
        self.thread.join().map_err(|_| io::Error::other("a file was not verified"))?
    }
}

/// Flushes pieces, and holds what the disk has of each against what was written.
fn proven(path: &Path, file: &File, pieces: &Receiver<Piece>) -> io::Result<()> {
    let direct = direct(path).ok();
    let mut memory = vec![0; AT_ONCE + BLOCK];
    let aligned = memory.as_ptr().align_offset(BLOCK).min(BLOCK);
    let buffer = &mut memory[aligned..aligned + AT_ONCE];
    for piece in pieces {
        file.sync_data()?;
        let found = match direct.as_ref().map(|direct| sum_of(direct, &piece, buffer)) {
            // Not every file system can be read past the system's memory.
            Some(Err(error)) if error.kind() != io::ErrorKind::InvalidInput => return Err(error),
            Some(Ok(found)) => found,
            _ => {
                forget(file);
                sum_of(file, &piece, buffer)?
            }
        };
        if found != piece.sum.clone().finalize() {
            let message =
                "it was read back from the disk otherwise than it was written; the disk is not to be trusted";
            return Err(io::Error::other(message));
        }
    }
    Ok(())
}

/// The checksum of a piece as a file has it; another one where it ends too early.
fn sum_of(file: &File, piece: &Piece, buffer: &mut [u8]) -> io::Result<u32> {
    let (mut sum, mut at, end) = (Hasher::new(), piece.from, piece.from + piece.bytes);
    while at < end {
        let read = match read_at(file, buffer, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok(!piece.sum.clone().finalize());
        }
        let own = (read as u64).min(end - at);
        sum.update(&buffer[..own as usize]);
        at += own;
    }
    Ok(sum.finalize())
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// A file as the disk has it, whatever the system remembers of it.
#[cfg(target_os = "linux")]
fn direct(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::DIRECT.bits() as i32;
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(target_os = "linux"))]
fn direct(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::*;

    fn settling(path: &Path, safe: bool) -> Settling {
        let file = File::options().read(true).write(true).create_new(true).open(path).unwrap();
        Settling::new(path.to_owned(), Arc::new(file), safe)
    }

    /// Bytes that are not the same in any two pieces.
    fn bytes(many: usize) -> Vec<u8> {
        (0..=many as u64 / 8).flat_map(u64::to_le_bytes).take(many).collect()
    }

    #[test]
    fn a_large_file_is_proven_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let sizes =
            [0, 5, PIECE as usize - 1, PIECE as usize, PIECE as usize + 1, 2 * PIECE as usize + 12_345];
        for (size, safe) in sizes.into_iter().flat_map(|size| [(size, true), (size, false)]) {
            let (path, bytes) = (folder.path().join(format!("{size}-{safe}")), bytes(size));
            let mut file = settling(&path, safe);
            bytes.chunks(1_000_003).for_each(|chunk| file.write_all(chunk).unwrap());
            assert_eq!(file.end().unwrap(), safe && size >= PIECE as usize, "{size} {safe}");
            assert!(fs::read(&path).unwrap() == bytes, "{size} {safe}");
        }
    }

    #[test]
    fn what_the_disk_has_otherwise_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let bytes = bytes(PIECE as usize + 9);
        let mut file = settling(&path, true);
        file.write_all(&bytes[..PIECE as usize + 3]).unwrap();
        // Another one writes in the piece that is not flushed yet.
        file.file.flush().unwrap();
        let mut other = File::options().write(true).open(&path).unwrap();
        io::Seek::seek(&mut other, io::SeekFrom::Start(PIECE + 1)).unwrap();
        other.write_all(b"x").unwrap();
        assert!(file.end().unwrap_err().to_string().contains("read back from the disk otherwise"));
    }
}
