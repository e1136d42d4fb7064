//! A large file goes to the disk piece by piece while it is being made: each is written past the system's memory and read
//! back, by a thread of its own. To wait for the disk at the end would take longer than all else; what is left to do then is
//! to flush the file, as any other.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use crate::load::publish::forget;

/// How many bytes are written and read back at once. A smaller file is left to the end.
const PIECE: usize = 1 << 20;

/// How many pieces may wait for the disk.
const WAITING: usize = 2;

/// What passes the system's memory begins at a multiple of this, in the file and in memory, and is as long as one.
const BLOCK: usize = 4096;

/// A file that is being made.
pub(super) enum Settling {
    /// It is left to the system when it reaches the disk.
    Left(BufWriter<Arc<File>>),
    Proven(Pieces),
}

/// A file that is read back.
pub(super) struct Pieces {
    path: PathBuf,
    file: Arc<File>,
    /// What comes next.
    piece: Piece,
    disk: Option<Disk>,
}

/// The thread that waits for the disk, where it gets its work from, and where it leaves what can be filled again.
struct Disk {
    pieces: SyncSender<Piece>,
    used: Receiver<Piece>,
    thread: JoinHandle<io::Result<()>>,
}

impl Settling {
    /// Makes a file that stands at a path; a safe one is read back, where it is large.
    pub(super) fn new(path: PathBuf, file: Arc<File>, safe: bool) -> Settling {
        if safe {
            Settling::Proven(Pieces { path, file, piece: Piece::new(), disk: None })
        } else {
            Settling::Left(BufWriter::with_capacity(1 << 16, file))
        }
    }

    /// Writes what waits to be written; returns whether all of the file was read back from the disk.
    ///
    /// # Errors
    /// Where that fails, or what was read is not what was written.
    pub(super) fn end(&mut self) -> io::Result<bool> {
        match self {
            Settling::Left(file) => file.flush().map(|()| false),
            Settling::Proven(pieces) => pieces.end(),
        }
    }
}

impl Write for Settling {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Settling::Left(file) => file.write(bytes),
            Settling::Proven(pieces) => pieces.take(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Settling::Left(file) => file.flush(),
            Settling::Proven(_) => Ok(()), // pieces are whole, but for the last
        }
    }
}

impl Pieces {
    /// Takes as many bytes as the piece has room for, and hands it over once it is full.
    fn take(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.piece.take(bytes);
        if self.piece.bytes().len() == PIECE {
            self.hand_over()?;
        }
        Ok(taken)
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let disk = match &self.disk {
            Some(disk) => disk,
            None => self.disk.insert(Disk::begin(&self.path, &self.file)?),
        };
        let next = disk.used.try_recv().unwrap_or_else(|_| Piece::new());
        let piece = mem::replace(&mut self.piece, next);
        self.piece.begin(piece.from + PIECE as u64);
        let refused = disk.pieces.send(piece).is_err();
        let stopped = if refused { self.disk.take() } else { None };
        stopped.map_or(Ok(()), Disk::end)
    }

    fn end(&mut self) -> io::Result<bool> {
        let Some(disk) = self.disk.take() else {
            return write_all_at(&self.file, self.piece.bytes(), self.piece.from).map(|()| false);
        };
        let last = mem::replace(&mut self.piece, Piece::new());
        // Where the thread has stopped, it tells why.
        let _ = disk.pieces.send(last);
        disk.end().map(|()| true)
    }
}

/// A part of the file, in memory where the disk can fetch it.
struct Piece {
    from: u64,
    memory: Vec<u8>,
    /// Where in memory a block begins.
    start: usize,
}

impl Piece {
    fn new() -> Piece {
        let memory: Vec<u8> = Vec::with_capacity(PIECE + BLOCK);
        let start = memory.as_ptr().align_offset(BLOCK).min(BLOCK);
        let mut piece = Piece { from: 0, memory, start };
        piece.begin(0);
        piece
    }

    /// Empties it, for what comes from there in the file.
    fn begin(&mut self, from: u64) {
        self.from = from;
        self.memory.clear();
        self.memory.resize(self.start, 0);
    }

    fn take(&mut self, bytes: &[u8]) -> usize {
        let fitting = (PIECE - self.bytes().len()).min(bytes.len());
        self.memory.extend_from_slice(&bytes[..fitting]);
        fitting
    }

    fn bytes(&self) -> &[u8] {
        &self.memory[self.start..]
    }
}

impl Disk {
    fn begin(path: &Path, file: &Arc<File>) -> io::Result<Disk> {
        let ((pieces, waiting), (used, again)) = (sync_channel(WAITING), channel());
        let (direct, file) = (direct(path).ok(), Arc::clone(file));
        let thread = thread::Builder::new().name("disk".into());
        let thread = thread.spawn(move || Ways { file, direct }.settle(&waiting, &used))?;
        Ok(Disk { pieces, used: again, thread })
    }

    fn end(self) -> io::Result<()> {
        drop(self.pieces);
        self.thread.join().map_err(|_| io::Error::other("a file was not verified"))?
    }
}

/// The ways to a file.
struct Ways {
    /// Through the system's memory.
    file: Arc<File>,
    /// Past it, where the file system knows how.
    direct: Option<File>,
}

impl Ways {
    /// Brings pieces to the disk, and holds what the disk has of each against what was written.
    fn settle(mut self, pieces: &Receiver<Piece>, used: &Sender<Piece>) -> io::Result<()> {
        let mut read = Piece::new();
        read.memory.resize(read.start + PIECE, 0);
        for piece in pieces {
            self.write(&piece)?;
            self.prove(&piece, &mut read)?;
            // Nobody needs it once the file has ended.
            let _ = used.send(piece);
        }
        Ok(())
    }

    fn write(&mut self, piece: &Piece) -> io::Result<()> {
        // The end of a file may be a part of a block.
        if piece.bytes().len().is_multiple_of(BLOCK)
            && self.directly(|direct| write_all_at(direct, piece.bytes(), piece.from))?.is_some()
        {
            return Ok(()); // the disk has it; that it keeps it is asked of the file as a whole
        }
        write_all_at(&self.file, piece.bytes(), piece.from)?;
        self.file.sync_data()
    }

    fn prove(&mut self, piece: &Piece, memory: &mut Piece) -> io::Result<()> {
        let mut is_same = |file: &File| holds(file, piece, &mut memory.memory[memory.start..]);
        let mut same = self.directly(&mut is_same)?;
        if same.is_none() {
            forget(&self.file);
            same = Some(is_same(&self.file)?);
        }
        let message =
            "it was read back from the disk otherwise than it was written; the disk is not to be trusted";
        if same == Some(true) { Ok(()) } else { Err(io::Error::other(message)) }
    }

    /// Does something past the system's memory; nothing where the file system does not take that, which is not tried again.
    fn directly<T>(&mut self, done: impl FnOnce(&File) -> io::Result<T>) -> io::Result<Option<T>> {
        match self.direct.as_ref().map(done).transpose() {
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                self.direct = None;
                Ok(None)
            }
            done => done,
        }
    }
}

/// Whether a file has a piece as it was written.
fn holds(file: &File, piece: &Piece, memory: &mut [u8]) -> io::Result<bool> {
    let (mut rest, mut at) = (piece.bytes(), piece.from);
    while !rest.is_empty() {
        let read = match read_at(file, memory, at) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?.min(rest.len()),
        };
        if read == 0 || memory[..read] != rest[..read] {
            return Ok(false);
        }
        (rest, at) = (&rest[read..], at + read as u64);
    }
    Ok(true)
}

#[cfg(unix)]
fn read_at(file: &File, memory: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, memory, at)
}

#[cfg(windows)]
fn read_at(file: &File, memory: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, memory, at)
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(windows)]
fn write_all_at(mut file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    io::Seek::seek(&mut file, io::SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// A file past what the system remembers of it.
#[cfg(target_os = "linux")]
fn direct(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::DIRECT.bits() as i32;
    File::options().read(true).write(true).custom_flags(flags).open(path)
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

    fn file(path: &Path) -> Arc<File> {
        Arc::new(File::options().read(true).write(true).create_new(true).open(path).unwrap())
    }

    /// Bytes that are not the same in any two pieces.
    fn bytes(many: usize) -> Vec<u8> {
        (0..=many as u64 / 8).flat_map(u64::to_le_bytes).take(many).collect()
    }

    #[test]
    fn a_large_file_is_proven_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = [0, 5, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + BLOCK, 9 * PIECE + 12_345];
        for (size, safe) in sizes.into_iter().flat_map(|size| [(size, true), (size, false)]) {
            let (path, bytes) = (folder.path().join(format!("{size}-{safe}")), bytes(size));
            let mut settling = Settling::new(path.clone(), file(&path), safe);
            bytes.chunks(1_000_003).for_each(|chunk| settling.write_all(chunk).unwrap());
            assert_eq!(settling.end().unwrap(), safe && size >= PIECE, "{size} {safe}");
            assert!(fs::read(&path).unwrap() == bytes, "{size} {safe}");
        }
    }

    #[test]
    fn what_the_disk_has_otherwise_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file = file(&path);
        for direct in [direct(&path).ok(), None] {
            let mut ways = Ways { file: Arc::clone(&file), direct };
            let mut piece = Piece::new();
            piece.begin(PIECE as u64);
            piece.take(&bytes(PIECE - 9));
            ways.write(&piece).unwrap();
            let mut memory = Piece::new();
            memory.memory.resize(memory.start + PIECE, 0);
            ways.prove(&piece, &mut memory).unwrap();
            // Another one writes there.
            for at in [PIECE, 2 * PIECE - 10] {
                write_all_at(&file, b"x", at as u64).unwrap();
                let error = ways.prove(&piece, &mut memory).unwrap_err();
                assert!(error.to_string().contains("read back from the disk otherwise"));
                ways.write(&piece).unwrap();
            }
            file.set_len(2 * PIECE as u64 - 10).unwrap();
            assert!(ways.prove(&piece, &mut memory).is_err());
        }
    }
}
