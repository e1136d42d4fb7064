//! The hybrid of runs and packed bits in which the Parquet format keeps small integers ("Encodings", RLE / bit-packing
//! hybrid): a number that stands in many rows is written once, and what differs takes as many bits as the largest needs.

/// How many integers are packed together.
const GROUP: usize = 8;

/// Integers, none of which needs more than `width` bits.
pub fn encoded(values: &[u32], width: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() * width as usize / GROUP + GROUP);
    let (mut packed, mut at) = (0, 0);
    while let Some(value) = values.get(at) {
        let run = values[at..].iter().take_while(|other| *other == value).count();
        // What waits to be packed takes of the run what fills up its last group.
        let fill = (at - packed).next_multiple_of(GROUP) - (at - packed);
        if run >= fill + GROUP {
            pack(&values[packed..at + fill], width, &mut out);
            repeat(*value, run - fill, width, &mut out);
            packed = at + run;
        }
        at += run;
    }
    pack(&values[packed..], width, &mut out);
    out
}

fn repeat(value: u32, times: usize, width: u32, out: &mut Vec<u8>) {
    varint(times << 1, out);
    out.extend_from_slice(&value.to_le_bytes()[..width.div_ceil(u8::BITS) as usize]);
}

fn pack(values: &[u32], width: u32, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(GROUP);
    varint(groups << 1 | 1, out);
    let end = out.len() + groups * width as usize;
    let (mut bits, mut waiting) = (0u64, 0);
    for value in values {
        bits |= u64::from(*value) << waiting;
        waiting += width;
        while waiting >= u8::BITS {
            out.push(bits as u8);
            (bits, waiting) = (bits >> u8::BITS, waiting - u8::BITS);
        }
    }
    out.push(bits as u8);
    out.resize(end, 0);
}

/// An unsigned integer in groups of seven bits, the lowest first (ULEB128).
fn varint(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format's own example packs the numbers 0 to 7 in three bits each; the others were worked out by hand.
    #[test]
    fn integers_are_written_as_the_format_has_them() {
        let cases: [(&[u32], u32, &[u8]); 7] = [
            (&[0, 1, 2, 3, 4, 5, 6, 7], 3, &[0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010]),
            (&[5; 100], 3, &[200, 1, 5]),
            (&[300; 8], 9, &[16, 44, 1]),
            (&[0; 9], 0, &[18]),
            (&[1, 0, 1], 1, &[0b11, 0b101]),
            // Two of the run of ones fill up the group that the six before began.
            (&[1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 1, &[0b11, 0b1101_0101, 16, 1]),
            (&[], 4, &[]),
        ];
        for (values, width, expected) in cases {
            assert_eq!(encoded(values, width), expected, "{values:?} in {width} bits");
        }
    }
}
