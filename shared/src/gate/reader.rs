//! Bytes read from the front, numbers as LEB128 in their shortest form. Nothing is allocated here.

use super::fault::{Fault, malformed, rule};

#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], Fault> {
        let split = usize::try_from(count).ok().and_then(|count| self.0.split_at_checked(count));
        let Some((first, rest)) = split else { return malformed("ends too soon") };
        self.0 = rest;
        Ok(first)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let bytes = self.take(N as u64)?;
        bytes.try_into().map_err(|_| Fault::Malformed("ends too soon".to_owned()))
    }

    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, Fault> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            rule(shift < 63 || byte <= 1, "a number larger than 64 bits")?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                rule(shift == 0 || byte != 0, "a number longer than needed")?;
                return Ok(value);
            }
        }
        malformed("a number larger than 64 bits")
    }

    /// Numbers beyond 63 bits have no place in a change and are refused.
    pub(super) fn signed(&mut self) -> Result<i64, Fault> {
        let (mut value, mut previous) = (0i64, 0u8);
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let extended = (byte == 0 && previous & 0x40 == 0) || (byte == 0x7f && previous & 0x40 != 0);
                rule(shift == 0 || !extended, "a number longer than needed")?;
                let unused = 64 - (shift + 7);
                return Ok(value << unused >> unused);
            }
            previous = byte;
        }
        malformed("a number larger than 63 bits")
    }
}
