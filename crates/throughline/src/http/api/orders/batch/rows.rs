//! Reading the rows of a batch and giving each to the executor.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::StreamExt;
use throughline_core::Request;
use throughline_core::command::{Actor, IdempotencyKey};
use tokio::sync::{mpsc, oneshot};

use super::super::body::OrderBody;
use super::super::place::{command, contents_hash};
use super::{BYTES_MAX, ROWS_MAX};
use crate::execute::{Done, NotDone};
use crate::http::api::Shared;
use crate::http::body::{BODY_MAX, from_json, too_large};
use crate::http::problem::Problem;
use crate::http::write::{KEY_MAX, is_key};
use crate::wiring::ids;

/// How long the next piece of a batch may take to arrive.
const PIECE_TIME: Duration = Duration::from_secs(30);
/// How long to wait when the queue is full.
const FULL_QUEUE_PAUSE: Duration = Duration::from_millis(20);

/// A row on its way: an answer to come, or the reason why there will be none.
pub(super) type Row = Result<oneshot::Receiver<Result<Done, NotDone>>, Problem>;

/// Who sends the batch.
pub(super) struct Sender {
    pub actor: Actor,
    pub key: Option<String>,
}

/// Reads row after row, until the end or until nothing more can be understood.
pub(super) async fn read(api: Shared, sender: Sender, body: Body, rows: mpsc::Sender<Row>) {
    let (mut body, mut rest, mut number, mut size) = (body.into_data_stream(), Vec::new(), 0, 0);
    loop {
        let piece = match tokio::time::timeout(PIECE_TIME, body.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => break,
            Ok(Some(Err(_))) => {
                return end(
                    &rows,
                    Problem::malformed("the request body broke off; send the rest again"),
                )
                .await;
            }
            Err(_) => {
                return end(
                    &rows,
                    Problem::malformed("the request body stopped arriving; send the rest again"),
                )
                .await;
            }
        };
        size += piece.len();
        if size > BYTES_MAX {
            return end(&rows, too_large(BYTES_MAX)).await;
        }
        for line in whole_lines(&mut rest, &piece) {
            if !next_row(&api, &sender, &line, &mut number, &rows).await {
                return;
            }
        }
        if rest.len() > BODY_MAX {
            return end(&rows, too_large(BODY_MAX)).await;
        }
    }
    next_row(&api, &sender, &rest, &mut number, &rows).await;
}

/// Says why the rest is not read.
async fn end(rows: &mpsc::Sender<Row>, problem: Problem) {
    // Nobody reads the answers any more when this fails; then there is nobody to tell.
    let _ = rows.send(Err(problem)).await;
}

/// The lines that a piece completes; what is left of it waits for the next piece.
fn whole_lines(rest: &mut Vec<u8>, piece: &Bytes) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let parts = piece.split_inclusive(|byte| *byte == b'\n');
    for part in parts {
        rest.extend_from_slice(part);
        if part.ends_with(b"\n") {
            lines.push(std::mem::take(rest));
        }
    }
    lines
}

/// Sends one row on its way; blank lines are no rows. Says whether to go on.
async fn next_row(
    api: &Shared,
    sender: &Sender,
    line: &[u8],
    number: &mut usize,
    rows: &mpsc::Sender<Row>,
) -> bool {
    let line = line.trim_ascii();
    if line.is_empty() {
        return true;
    }
    *number += 1;
    if *number > ROWS_MAX {
        let detail = format!("a batch has at most {ROWS_MAX} rows; send the rest in another one");
        end(
            rows,
            Problem::new(
                axum::http::StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                detail,
            ),
        )
        .await;
        return false;
    }
    let row = match request(sender, line, *number) {
        Ok(request) => enqueue(api, request).await,
        Err(problem) => Err(problem),
    };
    rows.send(row).await.is_ok()
}

fn request(sender: &Sender, line: &[u8], number: usize) -> Result<Request, Problem> {
    let mut body: OrderBody = from_json(line)?;
    let own = body.idempotency_key.take();
    if own.as_deref().is_some_and(|key| !is_key(key)) {
        let detail = format!("/idempotency_key must be 1 to {KEY_MAX} visible ASCII characters");
        return Err(Problem::malformed(detail).with_field("/idempotency_key"));
    }
    let key = own.or_else(|| sender.key.as_ref().map(|key| format!("{key}#{number}")));
    let key = key.map(|key| IdempotencyKey {
        operation: "POST /v1/orders/batch".to_owned(),
        key,
        body_hash: contents_hash(&body),
    });
    Ok(Request {
        id: ids::request(),
        actor: sender.actor,
        key,
        command: command(body)?,
    })
}

/// A full queue makes the batch wait; other callers are told to come back.
async fn enqueue(api: &Shared, request: Request) -> Row {
    loop {
        match api.executor.send(request.clone()).await {
            Ok(answer) => return Ok(answer),
            Err(NotDone::Overloaded) => tokio::time::sleep(FULL_QUEUE_PAUSE).await,
            Err(why) => return Err(why.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_be_cut_anywhere() {
        let text = b"{\"a\":1}\n\r\n{\"b\":2}\r\n{\"c\":3}";
        for cut in 0..text.len() {
            let (mut rest, mut lines) = (Vec::new(), Vec::new());
            for piece in [&text[..cut], &text[cut..]] {
                lines.extend(whole_lines(&mut rest, &Bytes::copy_from_slice(piece)));
            }
            lines.push(rest);
            let lines: Vec<&[u8]> = lines
                .iter()
                .map(|line| line.trim_ascii())
                .filter(|line| !line.is_empty())
                .collect();
            assert_eq!(
                lines,
                [&b"{\"a\":1}"[..], b"{\"b\":2}", b"{\"c\":3}"],
                "cut at {cut}"
            );
        }
    }
}
