//! Bytes in any encoding to UTF-8 text with plain line ends, as a reader, checked while it streams.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::encoding::Encoding;
use super::fault::SheetFault;

/// A record of its own behind the last line: a parser that does not see it alone is still inside a quotation.
pub(crate) const END_OF_SHEET: &str = "\u{4}end of sheet";
const CHUNK: usize = 64 * 1024;

/// Decodes a file to UTF-8, turns CR LF into LF, and refuses bytes that no text of its encoding has.
///
/// Its errors are [`SheetFault`]s inside [`io::Error`]; see [`sheet_fault`].
pub(crate) struct TextReader<R> {
    source: R,
    encoding: Encoding,
    decoder: Option<Decoder>,
    /// Whether everything so far would be UTF-8 too, watched where single bytes are declared.
    utf8_watch: Option<Utf8Watch>,
    raw: Vec<u8>,
    decoded: String,
    text: Vec<u8>,
    text_at: usize,
    /// Raw bytes decoded so far.
    offset: u64,
    /// Line ends decoded so far.
    lines: u64,
    held_return: bool,
    last_byte: u8,
    ended: bool,
}

struct Utf8Watch {
    decoder: Decoder,
    first: Option<(u64, u64)>,
}

/// The fault that an I/O error carries, or the error itself as one.
pub(crate) fn sheet_fault(error: io::Error) -> SheetFault {
    match error.downcast::<SheetFault>() {
        Ok(fault) => fault,
        Err(error) => SheetFault::Io(error),
    }
}

impl<R: Read> TextReader<R> {
    pub(crate) fn new(source: R, encoding: Encoding) -> Self {
        let decoder = encoding_rs::UTF_8.new_decoder_without_bom_handling();
        Self {
            source,
            encoding,
            decoder: None,
            utf8_watch: encoding.is_single_byte().then_some(Utf8Watch {
                decoder,
                first: None,
            }),
            raw: vec![0; CHUNK],
            decoded: String::new(),
            text: Vec::new(),
            text_at: 0,
            offset: 0,
            lines: 0,
            held_return: false,
            last_byte: b'\n',
            ended: false,
        }
    }

    /// Whether the file's last line is complete. Meaningful at the end.
    pub(crate) fn ends_with_line_end(&self) -> bool {
        self.last_byte == b'\n'
    }

    fn fill(&mut self) -> Result<(), SheetFault> {
        self.text.clear();
        self.text_at = 0;
        let mut raw = std::mem::take(&mut self.raw);
        let filled = read_full(&mut self.source, &mut raw).map_err(SheetFault::Io);
        let result = filled.and_then(|length| self.decode(&raw[..length], length < CHUNK));
        self.raw = raw;
        result
    }

    fn decode(&mut self, raw: &[u8], last: bool) -> Result<(), SheetFault> {
        let mut raw = raw;
        if self.decoder.is_none() {
            let (encoding, mark) = self.encoding.decoder(raw);
            let without_zeros = mark == 0 && !raw.is_empty() && !raw.contains(&0);
            if self.encoding == Encoding::Utf16 && without_zeros {
                let suggested = likely_encoding(raw);
                return Err(SheetFault::Encoding {
                    declared: self.encoding,
                    suggested,
                    line: 1,
                    offset: 0,
                });
            }
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
            self.offset = mark as u64;
            raw = &raw[mark..];
        }
        self.watch_for_utf8(raw, last)?;
        self.decode_strictly(raw, last)?;
        self.refuse_control_bytes(raw)?;
        self.offset += raw.len() as u64;
        self.lines += line_ends(self.decoded.as_bytes());
        self.take_lines(last);
        Ok(())
    }

    fn decode_strictly(&mut self, raw: &[u8], last: bool) -> Result<(), SheetFault> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        self.decoded.clear();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(raw.len())
            .unwrap_or(raw.len() * 3 + 16);
        self.decoded.reserve(room);
        let (result, read) =
            decoder.decode_to_string_without_replacement(raw, &mut self.decoded, last);
        let DecoderResult::Malformed(length, after) = result else {
            return Ok(());
        };
        let back = u64::from(length) + u64::from(after);
        Err(SheetFault::Encoding {
            declared: self.encoding,
            suggested: likely_encoding(raw),
            line: self.lines + line_ends(self.decoded.as_bytes()) + 1,
            offset: (self.offset + read as u64).saturating_sub(back),
        })
    }

    /// Text declared as single bytes in which every byte above ASCII is part of a UTF-8 sequence is UTF-8.
    fn watch_for_utf8(&mut self, raw: &[u8], last: bool) -> Result<(), SheetFault> {
        let Some(watch) = &mut self.utf8_watch else {
            return Ok(());
        };
        if watch.first.is_none() {
            let position = raw.iter().position(|byte| !byte.is_ascii());
            watch.first = position.map(|at| {
                (
                    self.lines + line_ends(&raw[..at]) + 1,
                    self.offset + at as u64,
                )
            });
        }
        let mut scratch = String::with_capacity(raw.len() * 3 + 16);
        let (result, _) =
            watch
                .decoder
                .decode_to_string_without_replacement(raw, &mut scratch, last);
        match (result, watch.first) {
            (DecoderResult::Malformed(..), _) => self.utf8_watch = None,
            (_, Some((line, offset))) if last => {
                return Err(SheetFault::Encoding {
                    declared: self.encoding,
                    suggested: Encoding::Utf8,
                    line,
                    offset,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn refuse_control_bytes(&self, raw: &[u8]) -> Result<(), SheetFault> {
        let text = self.decoded.as_bytes();
        let Some(at) = text.iter().position(|byte| matches!(byte, 0 | 4)) else {
            return Ok(());
        };
        let line = self.lines + line_ends(&text[..at]) + 1;
        let offset = self.offset + at as u64;
        if likely_encoding(raw) == Encoding::Utf16 && self.encoding != Encoding::Utf16 {
            return Err(SheetFault::Encoding {
                declared: self.encoding,
                suggested: Encoding::Utf16,
                line,
                offset,
            });
        }
        Err(SheetFault::Binary { line, offset })
    }

    fn take_lines(&mut self, last: bool) {
        let decoded = self.decoded.as_bytes();
        if self.held_return || decoded.contains(&b'\r') {
            for &byte in decoded {
                if self.held_return && byte != b'\n' {
                    self.text.push(b'\r');
                }
                self.held_return = byte == b'\r';
                if !self.held_return {
                    self.text.push(byte);
                }
            }
        } else {
            self.text.extend_from_slice(decoded);
        }
        self.last_byte = self.text.last().copied().unwrap_or(self.last_byte);
        if last {
            self.end();
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.held_return) {
            self.last_byte = b'\n';
        }
        self.text.push(b'\n');
        self.text.extend_from_slice(END_OF_SHEET.as_bytes());
        self.text.push(b'\n');
        self.ended = true;
    }
}

impl<R: Read> Read for TextReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill().map_err(|fault| match fault {
                SheetFault::Io(error) => error,
                fault => io::Error::other(fault),
            })?;
        }
        let length = buffer.len().min(self.text.len() - self.text_at);
        buffer[..length].copy_from_slice(&self.text[self.text_at..self.text_at + length]);
        self.text_at += length;
        Ok(length)
    }
}

/// Fills the buffer as far as the source goes.
fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn line_ends(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn likely_encoding(raw: &[u8]) -> Encoding {
    if raw.starts_with(&[0xFF, 0xFE]) || raw.starts_with(&[0xFE, 0xFF]) || is_half_zeros(raw) {
        Encoding::Utf16
    } else if std::str::from_utf8(raw).is_ok() {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    }
}

/// Whether a zero stands in many of the pairs of bytes, and always on the same side, as in UTF-16 text of mostly Latin
/// letters. A program or a picture has zeros on both sides.
fn is_half_zeros(raw: &[u8]) -> bool {
    let zeros = |side: usize| raw.iter().skip(side).step_by(2).filter(|byte| **byte == 0);
    let (even, odd) = (zeros(0).count(), zeros(1).count());
    even.max(odd) * 4 > raw.len() && even.min(odd) * 16 < even.max(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, String> {
        let mut text = String::new();
        let mut reader = TextReader::new(bytes, encoding);
        reader
            .read_to_string(&mut text)
            .map_err(|error| sheet_fault(error).to_string())?;
        let end = format!("\n{END_OF_SHEET}\n");
        Ok(text.strip_suffix(&end).unwrap().to_owned())
    }

    #[test]
    fn every_encoding_becomes_the_same_text() {
        let utf16: Vec<u8> = "£5 café"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big_endian: Vec<u8> = "\u{feff}£5 café"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        for (bytes, encoding) in [
            ("£5 café".as_bytes(), Encoding::Utf8),
            ("\u{feff}£5 café".as_bytes(), Encoding::Utf8),
            (b"\xa35 caf\xe9", Encoding::Windows1252),
            (b"\xa35 caf\xe9", Encoding::Iso88591),
            (&utf16, Encoding::Utf16),
            (&big_endian, Encoding::Utf16),
        ] {
            assert_eq!(
                decode(bytes, encoding).as_deref(),
                Ok("£5 café"),
                "{encoding}"
            );
        }
    }

    #[test]
    fn line_ends_become_plain() {
        for (text, plain) in [
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\nb", "a\nb"),
            ("a\rb", "a\rb"),
            ("a\r", "a"),
            ("\r\n\r\n", "\n\n"),
        ] {
            assert_eq!(
                decode(text.as_bytes(), Encoding::Utf8).as_deref(),
                Ok(plain),
                "{text:?}"
            );
        }
        let long = "x\r\n".repeat(CHUNK);
        assert_eq!(
            decode(long.as_bytes(), Encoding::Utf8),
            Ok("x\n".repeat(CHUNK)),
            "across chunks"
        );
    }

    #[test]
    fn wrong_encodings_are_located_and_the_right_one_is_named() {
        let far = format!("{}\n", "y".repeat(999)).repeat(100);
        let mut late = far.clone().into_bytes();
        late.extend_from_slice(b"caf\xe9\n");
        let utf16: Vec<u8> = "\u{feff}a,b\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let bare_utf16: Vec<u8> = "a,b\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], Encoding, &str); 9] = [
            (
                b"a,b\ncaf\xe9,1\n",
                Encoding::Utf8,
                "line 2, byte 7: this is not utf-8 text; it looks like windows-1252",
            ),
            (
                &late,
                Encoding::Utf8,
                "line 101, byte 100003: this is not utf-8 text; it looks like windows-1252",
            ),
            (
                &utf16,
                Encoding::Utf8,
                "line 1, byte 0: this is not utf-8 text; it looks like utf-16",
            ),
            (
                &bare_utf16,
                Encoding::Utf8,
                "line 1, byte 1: this is not utf-8 text; it looks like utf-16",
            ),
            (
                "a\ncafé\n".as_bytes(),
                Encoding::Windows1252,
                "line 2, byte 5: this is not windows-1252 text; it looks like utf-8",
            ),
            (
                b"a,b\n1,2",
                Encoding::Utf16,
                "line 1, byte 0: this is not utf-16 text; it looks like utf-8",
            ),
            (
                b"a\0,\0b\0\n\0c",
                Encoding::Utf16,
                "line 2, byte 8: this is not utf-16 text",
            ),
            (
                b"a\0b\0\0\0\0\0\0\0\0\0",
                Encoding::Utf8,
                "line 1, byte 1: this is no text file",
            ),
            (
                b"a,b\nc\0d\n",
                Encoding::Utf8,
                "line 2, byte 5: this is no text file",
            ),
        ];
        for (bytes, encoding, message) in cases {
            let fault = decode(bytes, encoding).unwrap_err();
            assert!(fault.starts_with(message), "{fault}");
        }
    }
}
