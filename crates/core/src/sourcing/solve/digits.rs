//! Units by part as one number, so that they are added and compared at once.

use super::board::Board;

/// Bits of a number.
const BITS: u32 = 128;

/// Units by part as one number: each part is a field with a bit to spare, its guard.
#[derive(Debug)]
pub(super) struct Digits {
    /// By part, where its field begins.
    shift: Vec<u32>,
    /// By bit, the part whose guard it is.
    part: Vec<u8>,
    /// All units of all parts that can be served at all.
    pub(super) full: u128,
    /// The guards of all fields.
    pub(super) guards: u128,
    /// The lowest bit of each field.
    ones: u128,
}

impl Digits {
    /// The fields of an order; none where they are too many, or parts share stock.
    pub(super) fn of(board: &Board<'_>) -> Option<Self> {
        if board.parts.shared {
            return None;
        }
        let mut digits = Self {
            shift: Vec::new(),
            part: vec![0; BITS as usize],
            full: 0,
            guards: 0,
            ones: 0,
        };
        let mut at = 0;
        for nth in 0..board.parts.parts.len() {
            let quantity = u128::try_from(board.servable(nth)).ok()?;
            let guard = at + BITS - quantity.leading_zeros();
            if guard >= BITS {
                return None;
            }
            digits.shift.push(at);
            digits.part[guard as usize] = u8::try_from(nth).ok()?;
            digits.full |= quantity << at;
            digits.ones |= 1 << at;
            digits.guards |= 1 << guard;
            at = guard + 1;
        }
        Some(digits)
    }

    /// Units of a part.
    #[inline]
    pub(super) fn units(&self, packed: u128, part: usize) -> i64 {
        let guard = self.guards >> self.shift[part];
        let field = (packed >> self.shift[part]) & ((1 << guard.trailing_zeros()) - 1);
        i64::try_from(field).unwrap_or(0)
    }

    /// So many units of a part.
    #[inline]
    pub(super) fn of_part(&self, part: usize, units: i64) -> u128 {
        u128::try_from(units).unwrap_or(0) << self.shift[part]
    }

    /// Guards of the parts that have units.
    #[inline]
    pub(super) fn nonzero(&self, packed: u128) -> u128 {
        (packed + (self.guards - self.ones)) & self.guards
    }

    /// The part whose guard a bit is.
    #[inline]
    pub(super) fn part_of_guard(&self, bit: u32) -> usize {
        self.part[bit as usize] as usize
    }

    /// The first part that has units.
    #[inline]
    pub(super) fn first(&self, packed: u128) -> Option<usize> {
        let nonzero = self.nonzero(packed);
        (nonzero != 0).then(|| self.part_of_guard(nonzero.trailing_zeros()))
    }
}
