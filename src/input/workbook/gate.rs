//! The scan goes ahead, and the reader comes behind it: both at once, each on a thread of its own, but no byte of a part
//! reaches the reader before it was scanned.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::input::limits::{Bound, Limits};
use crate::input::workbook::Unreadable;
use crate::input::workbook::container::Parts;
use crate::input::workbook::scan::{Found, scan};

/// How far the scan goes before it says so, in bytes.
const STEP: usize = 1 << 16;

/// What was scanned of a workbook's parts.
pub(super) struct Gate<'p> {
    parts: &'p Parts,
    /// The places of the parts, in the order in which they stand in the archive.
    places: Vec<(&'p str, Range<usize>)>,
    passed: Mutex<Passed>,
    moved: Condvar,
}

struct Passed {
    /// Up to where each part was scanned.
    upto: Vec<usize>,
    /// Whether no more is scanned.
    over: bool,
}

impl<'p> Gate<'p> {
    pub(super) fn of(parts: &'p Parts) -> Gate<'p> {
        let mut places: Vec<_> = parts.places().collect();
        places.sort_by_key(|(_, place)| place.start);
        let upto = places.iter().map(|(_, place)| place.start).collect();
        let passed = Mutex::new(Passed { upto, over: false });
        Gate { parts, places, passed, moved: Condvar::new() }
    }

    /// Scans all parts, the small ones first: sheets need what they say.
    pub(super) fn scan(&self, limits: &Limits) -> Result<BTreeMap<&'p str, Found>, Unreadable> {
        // However it ends, nobody waits for more.
        let _over = Over(self);
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|at| self.places[*at].1.len());
        let (mut found, mut cells) = (BTreeMap::new(), 0);
        for at in order {
            let (name, place) = &self.places[at];
            let part = self.parts.stored().get(place.clone()).unwrap_or_default();
            let mut told = 0;
            let of_part = scan(part, name, limits, |upto, of_part: &Found| {
                within(cells + of_part.cells, limits)?;
                if upto - told >= STEP {
                    self.pass(at, place.start + upto);
                    told = upto;
                }
                Ok(())
            })?;
            cells += of_part.cells;
            within(cells, limits)?;
            self.pass(at, place.end);
            found.insert(*name, of_part);
        }
        Ok(found)
    }

    /// The archive for a reader.
    pub(super) fn reader(&self) -> Behind<'_> {
        Behind { gate: self, archive: Cursor::new(self.parts.stored()), open: 0..0 }
    }

    fn pass(&self, part: usize, upto: usize) {
        self.state().upto[part] = upto;
        self.moved.notify_all();
    }

    /// The bytes from a place on that may be read, once there are some; none at the end. What is no part is open.
    fn open_from(&self, at: usize) -> io::Result<Range<usize>> {
        let part = self.places.partition_point(|(_, place)| place.end <= at);
        let Some((_, place)) = self.places.get(part) else { return Ok(at..self.parts.stored().len()) };
        if at < place.start {
            return Ok(at..place.start);
        }
        let mut state = self.state();
        while state.upto[part] <= at {
            if state.over {
                return Err(io::Error::other("what comes next is not safe to read"));
            }
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(at..state.upto[part])
    }

    fn state(&self) -> MutexGuard<'_, Passed> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn within(cells: u64, limits: &Limits) -> Result<(), Unreadable> {
    if cells > limits.of(Bound::Cells) {
        return Err(Unreadable::beyond("cells", limits.limit(Bound::Cells)));
    }
    Ok(())
}

/// Ends the scan when it is dropped.
struct Over<'g, 'p>(&'g Gate<'p>);

impl Drop for Over<'_, '_> {
    fn drop(&mut self) {
        self.0.state().over = true;
        self.0.moved.notify_all();
    }
}

/// An archive that waits for the scan.
pub(super) struct Behind<'g> {
    gate: &'g Gate<'g>,
    archive: Cursor<&'g [u8]>,
    /// What is known to be open.
    open: Range<usize>,
}

impl Read for Behind<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.archive.position() as usize;
        if !self.open.contains(&at) {
            self.open = self.gate.open_from(at)?;
        }
        let most = buffer.len().min(self.open.end.saturating_sub(at));
        self.archive.read(&mut buffer[..most])
    }
}

impl Seek for Behind<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.archive.seek(to)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;
    use std::thread;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;
    use crate::input::workbook::Format;

    fn parts(all: &[(&str, String)]) -> Parts {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, part) in all {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(part.as_bytes()).unwrap();
        }
        Parts::of(&archive.finish().unwrap().into_inner(), Format::Xlsx, &Limits::default()).unwrap()
    }

    fn sheet(cells: usize) -> String {
        format!("<sheetData>{}</sheetData>", "<c><v>1</v></c>".repeat(cells))
    }

    fn read(gate: &Gate<'_>, name: &str) -> io::Result<String> {
        let (_, place) = gate.places.iter().find(|(own, _)| *own == name).unwrap();
        let (mut reader, mut part) = (gate.reader(), vec![0; place.len()]);
        reader.seek(SeekFrom::Start(place.start as u64))?;
        reader.read_exact(&mut part)?;
        Ok(String::from_utf8(part).unwrap())
    }

    #[test]
    fn a_reader_waits_for_the_scan_and_gets_all() {
        let all = [("a.xml", sheet(30_000)), ("b.xml", sheet(1)), ("c.xml", sheet(20_000))];
        let parts = parts(&all);
        let gate = Gate::of(&parts);
        thread::scope(|scope| {
            let scanned = scope.spawn(|| {
                thread::yield_now();
                gate.scan(&Limits::default())
            });
            for (name, part) in &all {
                assert_eq!(read(&gate, name).unwrap(), *part);
            }
            assert_eq!(scanned.join().unwrap().unwrap()["a.xml"].cells, 30_000);
        });
    }

    #[test]
    fn what_the_scan_refuses_never_reaches_a_reader() {
        let parts = parts(&[("a.xml", sheet(3)), ("b.xml", sheet(20_000) + "<!DOCTYPE x>" + &sheet(9))]);
        let gate = Gate::of(&parts);
        assert!(gate.scan(&Limits::default()).is_err());
        assert_eq!(read(&gate, "a.xml").unwrap(), sheet(3));
        assert!(read(&gate, "b.xml").unwrap_err().to_string().contains("not safe"));
    }

    #[test]
    fn cells_of_all_parts_are_counted_together() {
        let parts = parts(&[("a.xml", sheet(6)), ("b.xml", sheet(6))]);
        for (limit, is_refused) in [("cells=12", false), ("cells=11", true)] {
            let limits = Limits::default().with(limit.parse().unwrap());
            assert_eq!(Gate::of(&parts).scan(&limits).is_err(), is_refused, "{limit}");
        }
    }
}
