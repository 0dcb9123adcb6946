//! Randomness from the operating system, drawn in blocks so that an id costs no system call.

use std::cell::RefCell;

/// Random bytes drawn from the operating system at a time, per thread.
const BLOCK: usize = 4096;

struct Pool {
    bytes: [u8; BLOCK],
    used: usize,
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; BLOCK], used: BLOCK }) };
}

/// Unpredictable bytes, fit for secrets. Every byte is handed out once.
///
/// # Panics
/// When the operating system has no randomness to give; nothing can be done safely then.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    const { assert!(N <= BLOCK, "at most one block at a time") };
    POOL.with_borrow_mut(|pool| {
        if pool.used + N > BLOCK {
            refill(pool);
        }
        let mut taken = [0; N];
        let source = &mut pool.bytes[pool.used..pool.used + N];
        taken.copy_from_slice(source);
        source.fill(0);
        pool.used += N;
        taken
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the wiring draws randomness for everybody else"
)]
fn refill(pool: &mut Pool) {
    if let Err(error) = getrandom::fill(&mut pool.bytes) {
        panic!("the operating system gives no random bytes: {error}");
    }
    pool.used = 0;
}

/// 128 unpredictable bits.
#[must_use]
pub fn bits() -> u128 {
    u128::from_ne_bytes(bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_never_handed_out_twice() {
        let drawn: std::collections::HashSet<[u8; 16]> = (0..2000).map(|_| bytes()).collect();
        assert_eq!(drawn.len(), 2000);
    }
}
