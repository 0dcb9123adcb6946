//! Reads HTTP/1.1 responses with as little work as a correct client can do: the load generator
//! shares the machine's cores with the server it measures.

use anyhow::{Context, Result, bail};

/// What a client needs from the head of a response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The status code.
    pub(crate) status: u16,
    /// How many bytes the head itself took.
    pub(crate) length: usize,
    /// How the end of the body is announced.
    pub(crate) body: BodyReader,
}

/// Parses the head of a response, or answers `None` while it is incomplete.
pub(crate) fn parse_head(input: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; 48];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(input).context("not an HTTP response")? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Ok(None),
    };
    let status = response.code.context("a response without a status")?;
    let body = framing(status, response.headers)?;
    Ok(Some(Head {
        status,
        length,
        body,
    }))
}

fn framing(status: u16, headers: &[httparse::Header<'_>]) -> Result<BodyReader> {
    if status == 204 || status == 304 {
        return Ok(BodyReader::counted(0));
    }
    for header in headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(header.value)?;
            return Ok(BodyReader::counted(text.trim().parse()?));
        }
        if header.name.eq_ignore_ascii_case("transfer-encoding")
            && header.value.eq_ignore_ascii_case(b"chunked")
        {
            return Ok(BodyReader::chunked());
        }
    }
    bail!("a {status} response that announces no end of its body")
}

/// Takes a body apart piece by piece, whichever way its end is announced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BodyReader {
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Counted(usize),
    ChunkSize,
    Chunk(usize),
    ChunkEnd,
    Trailers,
    Done,
}

impl BodyReader {
    fn counted(length: usize) -> Self {
        let state = match length {
            0 => State::Done,
            length => State::Counted(length),
        };
        Self { state }
    }

    fn chunked() -> Self {
        Self {
            state: State::ChunkSize,
        }
    }

    /// Whether the whole body has been read.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// Moves what `input` holds of the body into `body` and answers how many bytes were used up;
    /// the rest is to be offered again, with more behind it.
    pub(crate) fn feed(&mut self, input: &[u8], body: &mut Vec<u8>) -> Result<usize> {
        let mut used = 0;
        while !self.is_done() {
            let step = self.step(&input[used..], body)?;
            if step == 0 {
                break;
            }
            used += step;
        }
        Ok(used)
    }

    fn step(&mut self, input: &[u8], body: &mut Vec<u8>) -> Result<usize> {
        match self.state {
            State::Counted(left) => Ok(self.take(left, input, body, State::Counted, State::Done)),
            State::Chunk(left) => Ok(self.take(left, input, body, State::Chunk, State::ChunkEnd)),
            State::ChunkSize => self.chunk_size(input),
            State::ChunkEnd => Ok(self.line(input, |_| State::ChunkSize)),
            State::Trailers => Ok(self.line(input, |line| {
                if line.is_empty() {
                    State::Done
                } else {
                    State::Trailers
                }
            })),
            State::Done => Ok(0),
        }
    }

    fn take(
        &mut self,
        left: usize,
        input: &[u8],
        body: &mut Vec<u8>,
        more: fn(usize) -> State,
        end: State,
    ) -> usize {
        let taken = left.min(input.len());
        body.extend_from_slice(&input[..taken]);
        self.state = if taken == left {
            end
        } else {
            more(left - taken)
        };
        taken
    }

    fn chunk_size(&mut self, input: &[u8]) -> Result<usize> {
        match httparse::parse_chunk_size(input) {
            Ok(httparse::Status::Partial) => Ok(0),
            Ok(httparse::Status::Complete((used, 0))) => {
                self.state = State::Trailers;
                Ok(used)
            }
            Ok(httparse::Status::Complete((used, size))) => {
                self.state = State::Chunk(usize::try_from(size)?);
                Ok(used)
            }
            Err(_) => bail!("a chunk without a size"),
        }
    }

    fn line(&mut self, input: &[u8], next: fn(&[u8]) -> State) -> usize {
        let Some(end) = input.windows(2).position(|pair| pair == b"\r\n") else {
            return 0;
        };
        self.state = next(&input[..end]);
        end + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a whole response that arrives in pieces of `piece` bytes.
    fn read(wire: &[u8], piece: usize) -> (u16, Vec<u8>) {
        let mut seen = 0;
        let mut head = loop {
            seen = (seen + piece).min(wire.len());
            if let Some(head) = parse_head(&wire[..seen]).expect("a good head") {
                break head;
            }
        };
        let (mut body, mut from) = (Vec::new(), head.length);
        loop {
            from += head
                .body
                .feed(&wire[from..seen], &mut body)
                .expect("a good body");
            if head.body.is_done() {
                return (head.status, body);
            }
            assert!(seen < wire.len(), "the reader wants more than there is");
            seen = (seen + piece).min(wire.len());
        }
    }

    #[test]
    fn a_counted_body_is_read_in_pieces_of_any_size() {
        let wire = b"HTTP/1.1 201 Created\r\ncontent-length: 11\r\n\r\nhello there";
        for piece in 1..wire.len() {
            assert_eq!(read(wire, piece), (201, b"hello there".to_vec()));
        }
    }

    #[test]
    fn a_chunked_body_is_read_in_pieces_of_any_size() {
        let wire = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
            5\r\nhello\r\n6;x=y\r\n there\r\n0\r\nx-sum: 1\r\n\r\n";
        for piece in 1..wire.len() {
            assert_eq!(read(wire, piece), (200, b"hello there".to_vec()));
        }
    }

    #[test]
    fn a_body_without_an_announced_end_is_refused() {
        assert!(parse_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        let empty = parse_head(b"HTTP/1.1 204 No Content\r\n\r\n").expect("a head");
        assert!(empty.is_some_and(|head| head.body.is_done()));
    }
}
