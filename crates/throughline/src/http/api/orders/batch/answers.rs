//! Answering the rows of a batch, in their order.

use axum::body::Bytes;
use axum::http::StatusCode;
use throughline_core::decision::{AnswerKind, Resource};
use tokio::sync::mpsc;

use super::RowAnswer;
use super::rows::Row;
use crate::execute::{Done, NotDone};
use crate::http::api::Shared;
use crate::http::auth::Caller;
use crate::http::problem::Problem;

/// Answers that are sent together when they are ready together, in bytes.
const PIECE: usize = 16 * 1024;

/// Writes an answer for every row as soon as it and all before it are done.
pub(super) async fn write(
    api: Shared,
    caller: Caller,
    mut rows: mpsc::Receiver<Row>,
    client: mpsc::UnboundedSender<Bytes>,
) {
    let (mut lines, mut number) = (Vec::with_capacity(PIECE), 0);
    while let Some(row) = rows.recv().await {
        number += 1;
        let done = match row {
            Ok(answer) => answer
                .await
                .unwrap_or(Err(NotDone::ShuttingDown))
                .map_err(Problem::from),
            Err(problem) => Err(problem),
        };
        let answered = match done {
            Ok(done) => answer(&api, &caller, done, number, &mut lines).await,
            Err(problem) => Err(problem),
        };
        if let Err(problem) = answered {
            push(&mut lines, &refused(number, &problem));
        }
        let is_waiting = rows.is_empty();
        if (is_waiting || lines.len() >= PIECE)
            && client.send(std::mem::take(&mut lines).into()).is_err()
        {
            // The client has gone; what it sent is executed all the same.
            rows.close();
        }
    }
}

async fn answer(
    api: &Shared,
    caller: &Caller,
    done: Done,
    row: usize,
    lines: &mut Vec<u8>,
) -> Result<(), Problem> {
    let status = match done.answer.outcome {
        AnswerKind::Created => StatusCode::CREATED,
        AnswerKind::Ok => StatusCode::OK,
    };
    let Resource::Order(id) = done.answer.resource else {
        return Err(Problem::fault(&caller.key.to_string()));
    };
    let number = match &done.order {
        Some(order) => order.number,
        None => api.order(id).await?.0.order.number,
    };
    push(
        lines,
        &RowAnswer {
            row,
            status: status.as_u16(),
            id: Some(id),
            number: Some(number),
            problem: None,
        },
    );
    Ok(())
}

fn refused(row: usize, problem: &Problem) -> RowAnswer<'_> {
    RowAnswer {
        row,
        status: problem.status().as_u16(),
        id: None,
        number: None,
        problem: Some(problem.body()),
    }
}

fn push(lines: &mut Vec<u8>, answer: &RowAnswer<'_>) {
    if let Err(error) = serde_json::to_writer(&mut *lines, answer) {
        tracing::error!(%error, "the answer to a row cannot be written as JSON");
    }
    lines.push(b'\n');
}
