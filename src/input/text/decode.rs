//! Bytes to text: the byte order mark, the named encoding, and where decoding fails.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Why bytes cannot be decoded.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The line of the first invalid byte, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
    /// What was found there.
    pub found: String,
    /// What to do.
    pub help: String,
}

/// Decodes bytes by their byte order mark, or else as `encoding`, or else as UTF-8. Returns the text and the name of the
/// encoding.
///
/// # Errors
/// If a byte is invalid in the encoding, or the text has a NUL. Nothing is replaced.
pub fn decode(
    bytes: &[u8],
    encoding: Option<&'static Encoding>,
) -> Result<(String, &'static str), DecodeError> {
    let marked = Encoding::for_bom(bytes);
    let (used, mark_length) = marked.unwrap_or((encoding.unwrap_or(UTF_8), 0));
    let rest = &bytes[mark_length..];
    let text = used.decode_without_bom_handling_and_without_replacement(rest);
    let text = text.ok_or_else(|| invalid_byte_error(rest, used))?.into_owned();
    match text.find('\0') {
        None => Ok((text, used.name())),
        Some(at) => Err(nul_byte_error(&text, at, rest)),
    }
}

/// The error at the first byte that is invalid in the encoding.
fn invalid_byte_error(bytes: &[u8], encoding: &'static Encoding) -> DecodeError {
    let good = if encoding == UTF_8 {
        std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len)
    } else {
        valid_up_to(bytes, encoding)
    };
    let (before, _) = encoding.decode_without_bom_handling(&bytes[..good]);
    let found = bytes.get(good).map_or("the end of the file".into(), |byte| format!("the byte 0x{byte:02X}"));
    let found = format!("{found}, which is not valid {}", encoding.name());
    let help = "save the document as UTF-8, or name its encoding: `--encoding windows-1252` (or big5, gb18030, utf-16le …)";
    DecodeError { found, help: help.into(), ..error_at(&before, before.len()) }
}

/// The length of the longest prefix that decodes.
fn valid_up_to(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let decodes =
        |end: usize| encoding.decode_without_bom_handling_and_without_replacement(&bytes[..end]).is_some();
    let (mut good, mut bad) = (0, bytes.len());
    while bad - good > 4 {
        let middle = good + (bad - good) / 2;
        // A prefix can end inside a character, so the nearest end of one is tried.
        match (middle.saturating_sub(3)..=middle).rev().find(|&end| end > good && decodes(end)) {
            Some(end) => good = end,
            None => bad = middle,
        }
    }
    (good..=bad).rev().find(|&end| decodes(end)).unwrap_or(good)
}

/// The error at a NUL, which no text has. UTF-16 without a byte order mark has them, and so have most binary files.
fn nul_byte_error(text: &str, at: usize, bytes: &[u8]) -> DecodeError {
    let even = bytes.iter().step_by(2).take(64).filter(|&&byte| byte == 0).count();
    let odd = bytes.iter().skip(1).step_by(2).take(64).filter(|&&byte| byte == 0).count();
    let half = bytes.len().min(128) / 2;
    let guess = [(odd, UTF_16LE), (even, UTF_16BE)].into_iter().find(|(zeros, _)| *zeros * 4 > half * 3);
    let help = match guess {
        Some((_, utf16)) => format!(
            "it looks like UTF-16 without a byte order mark: try `--encoding {}`",
            utf16.name().to_lowercase()
        ),
        None => "bluebook reads text and workbooks; take this file out of the input".into(),
    };
    DecodeError { found: "a NUL byte: this is a binary file, not text".into(), help, ..error_at(text, at) }
}

/// An error at a byte offset of a text.
fn error_at(text: &str, at: usize) -> DecodeError {
    let before = &text[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    DecodeError { line, column, found: String::new(), help: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_and_named_encodings_are_followed() {
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("é1".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16, None), Ok(("é1".into(), "UTF-16LE")));
        assert_eq!(decode(b"\xEF\xBB\xBFa", None), Ok(("a".into(), "UTF-8")));
        assert_eq!(decode(b"\xE9", Some(encoding_rs::WINDOWS_1252)), Ok(("é".into(), "windows-1252")));
    }

    #[test]
    fn what_is_no_text_is_located_and_never_replaced() {
        let fault = decode(b"abc\nd\xE9f", None).unwrap_err();
        assert_eq!((fault.line, fault.column), (2, 2));
        assert!(fault.found.contains("0xE9") && fault.help.contains("--encoding"));
        let fault = decode("ab\ncde\u{20ac}".as_bytes(), Some(encoding_rs::EUC_JP)).unwrap_err();
        assert_eq!(fault.line, 2);
        assert!(decode(b"PNG\0\0\x01", None).unwrap_err().found.contains("binary"));
        assert!(decode(b"a\0b\0c\0d\0", None).unwrap_err().help.contains("utf-16le"));
    }
}
