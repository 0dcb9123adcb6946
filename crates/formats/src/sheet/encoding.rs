//! How the file's bytes stand for characters.

use std::fmt;

use serde::Deserialize;

/// A character encoding that spreadsheets export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Western European Windows.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Western European; read as windows-1252, of which its printable characters are a part, as browsers do.
    #[serde(rename = "iso-8859-1")]
    Iso88591,
    /// UTF-16, little-endian unless a byte order mark says otherwise.
    #[serde(rename = "utf-16")]
    Utf16,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
            Self::Iso88591 => "iso-8859-1",
            Self::Utf16 => "utf-16",
        })
    }
}

impl Encoding {
    pub(crate) fn is_single_byte(self) -> bool {
        matches!(self, Self::Windows1252 | Self::Iso88591)
    }

    /// The decoder for a file that starts with these bytes, and how many of them are a byte order mark.
    pub(crate) fn decoder(self, start: &[u8]) -> (&'static encoding_rs::Encoding, usize) {
        let mark = encoding_rs::Encoding::for_bom(start);
        match (self, mark) {
            (Self::Utf8, Some((encoding, length))) if encoding == encoding_rs::UTF_8 => {
                (encoding, length)
            }
            (Self::Utf8, _) => (encoding_rs::UTF_8, 0),
            (Self::Utf16, Some((encoding, length))) if encoding != encoding_rs::UTF_8 => {
                (encoding, length)
            }
            (Self::Utf16, _) => (encoding_rs::UTF_16LE, 0),
            (Self::Windows1252 | Self::Iso88591, _) => (encoding_rs::WINDOWS_1252, 0),
        }
    }

    /// The bytes of a text in this encoding. Characters that it lacks become question marks.
    pub(crate) fn encode(self, text: &str, bytes: &mut Vec<u8>) {
        match self {
            Self::Utf8 => bytes.extend_from_slice(text.as_bytes()),
            Self::Utf16 => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
            Self::Windows1252 | Self::Iso88591 => {
                let mut buffer = [0; 4];
                for character in text.chars() {
                    let (encoded, _, lacking) =
                        encoding_rs::WINDOWS_1252.encode(character.encode_utf8(&mut buffer));
                    bytes.extend_from_slice(if lacking { b"?" } else { &encoded });
                }
            }
        }
    }

    /// The byte order mark that a file in this encoding should begin with.
    pub(crate) fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf16 => &[0xFF, 0xFE],
            Self::Utf8 | Self::Windows1252 | Self::Iso88591 => &[],
        }
    }
}
