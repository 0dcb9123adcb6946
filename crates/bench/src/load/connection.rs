//! One keep-alive HTTP/1.1 connection that sends requests rendered beforehand.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::response::{Head, parse_head};

/// One connection and its read buffer.
pub(crate) struct Connection {
    stream: TcpStream,
    incoming: Vec<u8>,
    filled: usize,
    body: Vec<u8>,
}

/// The answer to one request; the body lives until the next one.
pub(crate) struct Answer<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body, with any chunking removed.
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// Fails unless the status is the wanted one: a fast refusal must not pass for speed.
    pub(crate) fn expect(&self, status: u16) -> Result<()> {
        ensure!(
            self.status == status,
            "wanted status {status}, got {}: {}",
            self.status,
            String::from_utf8_lossy(&self.body[..self.body.len().min(2_000)])
        );
        Ok(())
    }
}

impl Connection {
    /// Connects without delaying small packets.
    pub(crate) async fn open(target: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(target)
            .await
            .with_context(|| format!("no connection to {target}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            incoming: vec![0; 64 * 1024],
            filled: 0,
            body: Vec::new(),
        })
    }

    /// Sends one rendered request and reads its whole answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        let mut head = self.head().await?;
        self.body.clear();
        loop {
            let used = head
                .body
                .feed(&self.incoming[..self.filled], &mut self.body)?;
            self.discard(used);
            if head.body.is_done() {
                break;
            }
            self.read_more().await?;
        }
        Ok(Answer {
            status: head.status,
            body: &self.body,
        })
    }

    /// Sends a head, then `rows`, while the answer is already being read; every whole line of the
    /// answer goes to `line`. Answers the status.
    pub(crate) async fn stream_lines(
        &mut self,
        head: &[u8],
        rows: &[u8],
        mut line: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<u16> {
        let (mut reading, mut writing) = self.stream.split();
        let send = async {
            writing.write_all(head).await?;
            writing.write_all(rows).await?;
            Ok::<_, anyhow::Error>(())
        };
        let (incoming, body) = (&mut self.incoming, &mut self.body);
        body.clear();
        let receive = async {
            let mut filled = 0;
            let mut head: Option<Head> = None;
            loop {
                let count = reading.read(&mut incoming[filled..]).await?;
                ensure!(count > 0, "the server closed the connection");
                filled += count;
                if head.is_none() {
                    head = parse_head(&incoming[..filled])?;
                    if let Some(found) = &head {
                        incoming.copy_within(found.length..filled, 0);
                        filled -= found.length;
                    }
                }
                let Some(found) = &mut head else { continue };
                let used = found.body.feed(&incoming[..filled], body)?;
                incoming.copy_within(used..filled, 0);
                filled -= used;
                drain_lines(body, &mut line)?;
                if found.body.is_done() {
                    return Ok::<_, anyhow::Error>(found.status);
                }
            }
        };
        let ((), status) = tokio::try_join!(send, receive)?;
        if !self.body.is_empty() {
            line(&self.body)?;
        }
        Ok(status)
    }

    async fn head(&mut self) -> Result<Head> {
        loop {
            if self.filled > 0
                && let Some(head) = parse_head(&self.incoming[..self.filled])?
            {
                self.discard(head.length);
                return Ok(head);
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        if self.filled == self.incoming.len() {
            bail!("a response head that does not fit the read buffer");
        }
        let count = self.stream.read(&mut self.incoming[self.filled..]).await?;
        ensure!(count > 0, "the server closed the connection");
        self.filled += count;
        Ok(())
    }

    fn discard(&mut self, used: usize) {
        self.incoming.copy_within(used..self.filled, 0);
        self.filled -= used;
    }
}

/// Gives every whole line of `body` to `line` and leaves the unfinished rest.
fn drain_lines(body: &mut Vec<u8>, line: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut from = 0;
    while let Some(end) = body[from..].iter().position(|byte| *byte == b'\n') {
        if end > 0 {
            line(&body[from..from + end])?;
        }
        from += end + 1;
    }
    body.drain(..from);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_lines_are_given_out_and_the_rest_waits() {
        let mut body = b"one\n\ntwo\nthr".to_vec();
        let mut seen = Vec::new();
        drain_lines(&mut body, &mut |line: &[u8]| {
            seen.push(String::from_utf8_lossy(line).into_owned());
            Ok(())
        })
        .expect("the lines");
        assert_eq!(seen, ["one", "two"]);
        assert_eq!(body, b"thr");
    }
}
