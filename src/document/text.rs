//! The text of a cell. A sheet of a million figures has as many texts of a few characters, which should not each ask the
//! heap for memory.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use arrayvec::ArrayString;

/// As many bytes as fit where a longer text has its address and length.
const FEW: usize = 12;

const _: () = assert!(size_of::<Text<'_>>() == size_of::<Cow<'_, str>>());

/// The text of a cell: of the document, short, or on the heap.
#[derive(Clone)]
pub enum Text<'c> {
    /// As it stands in the document, or of any length.
    Any(Cow<'c, str>),
    /// Of a few bytes.
    Short(ArrayString<FEW>),
}

impl<'c> Text<'c> {
    /// The text as it stands in the document; none where it was made.
    #[must_use]
    pub fn as_borrowed(&self) -> Option<&'c str> {
        match self {
            Text::Any(Cow::Borrowed(text)) => Some(text),
            Text::Any(Cow::Owned(_)) | Text::Short(_) => None,
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Any(text) => text,
            Text::Short(text) => text,
        }
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        self
    }
}

impl<'c> From<&'c str> for Text<'c> {
    fn from(text: &'c str) -> Text<'c> {
        Text::Any(Cow::Borrowed(text))
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        match ArrayString::from(&text) {
            Ok(short) => Text::Short(short),
            Err(_) => Text::Any(Cow::Owned(text)),
        }
    }
}

impl<'c> From<Cow<'c, str>> for Text<'c> {
    fn from(text: Cow<'c, str>) -> Text<'c> {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        }
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
