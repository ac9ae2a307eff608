//! Token buckets, and a table that forgets: what limits on rates and quotas are made of.

use std::collections::HashMap;
use std::hash::Hash;

/// So much at once, and so much more each second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    pub burst: f64,
    pub per_second: f64,
}

/// What is left to somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    left: f64,
    /// Milliseconds, by the relay's clock.
    at: i64,
}

impl Bucket {
    pub fn full(rule: Rule, now: i64) -> Bucket {
        Bucket { left: rule.burst, at: now }
    }

    fn refill(&mut self, rule: Rule, now: i64) {
        // A clock that is set back gives nothing and takes nothing.
        let seconds = (now - self.at).max(0) as f64 / 1e3;
        self.left = (self.left + seconds * rule.per_second).min(rule.burst);
        self.at = now;
    }

    /// The whole seconds until something is left; `None` when there is now.
    pub fn wait(&mut self, rule: Rule, now: i64) -> Option<u64> {
        self.refill(rule, now);
        (self.left < 1.0).then(|| ((1.0 - self.left) / rule.per_second).ceil().max(1.0) as u64)
    }

    /// Takes `amount`; who took more than there was waits the longer.
    pub fn take(&mut self, amount: f64) {
        self.left -= amount;
    }
}

/// A table of at most so many entries. The entries that were not asked for the longest go first, half
/// of the table at a time: what is asked for moves to the young half, and when that is full the old
/// half is forgotten.
#[derive(Debug)]
pub struct Recent<K, V> {
    half: usize,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Hash + Eq, V> Recent<K, V> {
    pub fn new(entries_max: usize) -> Recent<K, V> {
        Recent { half: entries_max / 2, young: HashMap::new(), old: HashMap::new() }
    }

    pub fn entry(&mut self, key: K, begin: impl FnOnce() -> V) -> &mut V {
        if !self.young.contains_key(&key) && self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        let known = self.old.remove(&key);
        self.young.entry(key).or_insert_with(|| known.unwrap_or_else(begin))
    }

    pub fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule { burst: 3.0, per_second: 0.5 };

    #[test]
    fn a_bucket_empties_and_fills() {
        let mut bucket = Bucket::full(RULE, 0);
        for _ in 0..3 {
            assert_eq!(bucket.wait(RULE, 0), None);
            bucket.take(1.0);
        }
        assert_eq!(bucket.wait(RULE, 0), Some(2));
        assert_eq!(bucket.wait(RULE, 1_000), Some(1));
        assert_eq!(bucket.wait(RULE, 2_000), None);
        assert_eq!(bucket.wait(RULE, -50_000), None, "a clock set back takes nothing");
        bucket.take(11.0);
        assert_eq!(bucket.wait(RULE, -50_000), Some(22), "more was taken than there was");
        assert_eq!(bucket.wait(RULE, 3_600_000), None);
        bucket.take(3.0);
        assert_eq!(bucket.wait(RULE, 3_600_000), Some(2), "it never holds more than its burst");
    }

    #[test]
    fn a_table_stays_small_and_keeps_who_is_busy() {
        let mut table = Recent::new(8);
        for number in 0..1_000 {
            *table.entry(u32::MAX, || 0) += 1;
            table.entry(number, || 0);
            assert!(table.young.len() + table.old.len() <= 8);
        }
        assert_eq!(*table.entry(u32::MAX, || 0), 1_000);
        assert_eq!(*table.entry(1, || 7), 7, "who was silent is forgotten");
    }
}
