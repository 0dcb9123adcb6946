//! (a) BEGIN, a statement for each thing, COMMIT. The lines go in one statement, and the stock is
//! locked last and in the order of its key, which is the best a plain transaction can do.

use anyhow::{Result, ensure};
use tokio_postgres::types::ToSql;

use super::hand::{Placing, Session};

/// What a session prepares, in the order of use.
pub(crate) const STATEMENTS: &[&str] = &[
    "insert into orders (id, channel, external_ref, status, currency, customer_email,
         customer_name, ship_to, total_minor, placed_at)
     values ($1, 'web', $2, 'open', 'EUR', $3, $4, $5::text::jsonb, $6, now())",
    "insert into order_lines (order_id, line_no, sku, location, quantity, unit_price_minor)
     values ($1, 1, $2, $3, $4, $5), ($1, 2, $6, $7, $8, $9), ($1, 3, $10, $11, $12, $13)",
    "insert into payments (id, order_id, status, method, amount_minor)
     values ($1, $2, 'authorized', 'card', $3)",
    "insert into journal (order_id, seq, at, kind, body)
     values ($1, 1, now(), 'order_placed', $2::text::jsonb)",
    "update stock set allocated = allocated + $3
     where sku = $1 and location = $2 and allocated + $3 <= on_hand",
];

/// Places one order.
pub(crate) async fn place(session: &mut Session, placing: &Placing<'_>) -> Result<()> {
    let transaction = session.client.transaction().await?;
    let [order, lines, payment, journal, stock] = session.statements.as_slice() else {
        anyhow::bail!("a session prepared for something else");
    };
    let total = placing.order.total_minor();
    transaction
        .execute(
            order,
            &[
                &placing.id,
                &placing.external_ref,
                &placing.customer_email,
                &placing.customer_name,
                &placing.ship_to,
                &total,
            ],
        )
        .await?;
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&placing.id];
    placing.push_lines(&mut values);
    transaction.execute(lines, &values).await?;
    transaction
        .execute(payment, &[&placing.payment_id, &placing.id, &total])
        .await?;
    transaction
        .execute(journal, &[&placing.id, &placing.journal_body])
        .await?;
    for line in &placing.lines {
        let values: [&(dyn ToSql + Sync); 3] = [&line.sku, &line.location, &line.quantity];
        let taken = transaction.execute(stock, &values).await?;
        ensure!(taken == 1, "no stock of {} at {}", line.sku, line.location);
    }
    transaction.commit().await?;
    Ok(())
}
