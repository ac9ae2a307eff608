//! Order, once for all types. The standard library's sort brings six kilobytes of program for each
//! type that it sorts, its map eight for each pair of types that it holds; phones pay for both.

use std::cmp::Ordering;

mod map;

pub use map::Ordered;

/// The numbers below `len` in the order of what they stand for.
pub fn order(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Sorts, stable, by a key that is made once for each item.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = order(items.len(), &mut |a, b| keys[a].cmp(&keys[b]));
    let mut unsorted: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| unsorted[at].take()));
}

/// Sorted, each once: to be asked by `binary_search`.
pub fn unique<T: Ord + Clone>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    sort_by_key(&mut items, T::clone);
    items.dedup();
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_keep_their_order() {
        let mut words = vec!["pear", "fig", "plum", "nut", "apple", "kiwi"];
        sort_by_key(&mut words, |word| word.len());
        assert_eq!(words, ["fig", "nut", "pear", "plum", "kiwi", "apple"]);
        sort_by_key(&mut words, |word| std::cmp::Reverse(*word));
        assert_eq!(words, ["plum", "pear", "nut", "kiwi", "fig", "apple"]);
    }
}
