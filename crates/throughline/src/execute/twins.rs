//! Twins: the same request at two processes. One is committed while the other one is being decided; the other one looked
//! for the key before the commit and at everything else after it, so that it finds its own units sold. It may not be
//! refused for that: before a refusal its keys are looked for once more, and if somebody has them by now it is
//! decided again, to be answered as its twin was.

use std::sync::Arc;

use throughline_core::facts::{ClaimKey, ClaimKind, Need};
use throughline_core::time::Millis;
use throughline_core::{Facts, Request, needs};
use throughline_store::{FailedGuards, StoreError, Writer};

/// What makes a refused request happen once, as far as nobody had it when it was looked for.
pub(super) fn unclaimed(facts: &Facts, request: &Request) -> Vec<Need> {
    let names = Facts {
        network: Arc::clone(&facts.network),
        ..Facts::default()
    };
    let mut named = Vec::new();
    needs(&names, request, &mut named);
    named.retain(|need| match need {
        Need::Claim(key) => is_unique(key.kind) && facts.claims.get(key) == Some(&None),
        _ => false,
    });
    named
}

fn is_unique(kind: ClaimKind) -> bool {
    matches!(
        kind,
        ClaimKind::Request | ClaimKind::Import | ClaimKind::ExternalRef
    )
}

/// Makes sure that nobody has these by now.
///
/// # Errors
/// [`StoreError::GuardFailed`] names those that somebody has.
pub(super) fn prove_unclaimed(
    writer: &mut Writer,
    keys: &[Need],
    now: Millis,
) -> Result<(), StoreError> {
    if keys.is_empty() {
        return Ok(());
    }
    let mut found = Facts::default();
    writer.load(keys, &mut found, now)?;
    let taken = found
        .claims
        .into_iter()
        .filter(|(_, claim)| claim.is_some());
    let claims: Vec<ClaimKey> = taken.map(|(key, _)| key).collect();
    if claims.is_empty() {
        return Ok(());
    }
    Err(StoreError::GuardFailed(Box::new(FailedGuards {
        claims,
        ..FailedGuards::default()
    })))
}
