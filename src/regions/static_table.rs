//! Hash tables over embedded text files: lines of a key, a tab and a value, with an index of where each key's line begins.
//!
//! The index is computed at compile time, so the program builds nothing at start, and the text file is the only source.
//!
//! A name is in one table only, which a test holds, so that the order in which tables are searched decides nothing.

/// A text of lines `key`, tab, `value`, with open addressing by the hash of the key. `SLOTS` is a power of two.
pub struct StaticTable<const SLOTS: usize> {
    text: &'static str,
    starts: [u32; SLOTS],
}

const EMPTY_SLOT: u32 = u32::MAX;

impl<const SLOTS: usize> StaticTable<SLOTS> {
    /// Indexes a text. Keys must be distinct, and each line must end with a line feed.
    pub const fn new(text: &'static str) -> StaticTable<SLOTS> {
        let bytes = text.as_bytes();
        let (mut starts, mut line, mut lines) = ([EMPTY_SLOT; SLOTS], 0, 0);
        while line < bytes.len() {
            let mut slot = slot::<SLOTS>(hash(bytes, line));
            while starts[slot] != EMPTY_SLOT {
                slot = (slot + 1) % SLOTS;
            }
            starts[slot] = line as u32;
            while bytes[line] != b'\n' {
                line += 1;
            }
            line += 1;
            lines += 1;
            assert!(lines < SLOTS * 3 / 4, "a table has too many lines for its slots");
        }
        StaticTable { text, starts }
    }

    /// The value of a key.
    pub fn find(&self, key: &str) -> Option<&'static str> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The key with the table's lifetime, and its value.
    pub fn entry(&self, key: &str) -> Option<(&'static str, &'static str)> {
        let mut slot = slot::<SLOTS>(hash(key.as_bytes(), 0));
        while self.starts[slot] != EMPTY_SLOT {
            let line = &self.text[self.starts[slot] as usize..];
            if let Some(value) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix('\t')) {
                let end = value.find('\n').unwrap_or(value.len());
                return Some((&line[..key.len()], &value[..end]));
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }

    /// All keys and values, in the order of the text.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<SLOTS> {
        self.text.lines().filter_map(|line| line.split_once('\t'))
    }
}

/// The FNV-1a hash of the bytes from an offset to the next tab, or to the end.
const fn hash(bytes: &[u8], from: usize) -> u32 {
    let (mut hash, mut at) = (0x811c_9dc5_u32, from);
    while at < bytes.len() && bytes[at] != b'\t' {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

/// The slot of a hash. The high half is mixed in, because the low bits of FNV are its weakest.
const fn slot<const SLOTS: usize>(hash: u32) -> usize {
    (hash ^ (hash >> 16)) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    static SMALL: StaticTable<4> = StaticTable::new("a\t1\nb c\t2 3\n");

    #[test]
    fn only_whole_keys_are_found() {
        assert_eq!(SMALL.entry("a"), Some(("a", "1")));
        assert_eq!(SMALL.find("b c"), Some("2 3"));
        for absent in ["", "b", "c", "b c\t2", "a\t1", "zzzz", "ab", "a\t"] {
            assert_eq!(SMALL.find(absent), None, "{absent:?}");
        }
        assert_eq!(SMALL.lines().collect::<Vec<_>>(), [("a", "1"), ("b c", "2 3")]);
    }
}
