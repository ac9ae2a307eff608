//! Order, once for all types. The standard library's sort brings six kilobytes of program for each
//! type that it sorts, its map eight for each pair of types that it holds; phones pay for both.

use std::cmp::Ordering;

mod map;

pub use map::Ordered;

/// The numbers below `len` in the order of what they stand for; equals as they are. Merges runs of 1,
/// 2, 4, … in turn.
pub fn order(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    let mut merged = order.clone();
    let mut width = 1;
    while width < len {
        for start in (0..len).step_by(2 * width) {
            let (middle, end) = ((start + width).min(len), (start + 2 * width).min(len));
            let (mut left, mut right) = (start, middle);
            for slot in &mut merged[start..end] {
                let first = left < middle && (right == end || compare(order[left], order[right]).is_le());
                let next = if first { &mut left } else { &mut right };
                *slot = order[*next];
                *next += 1;
            }
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
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
    fn the_order_is_that_of_the_standard_librarys_stable_sort() {
        for len in 0..70_usize {
            let key = |at: usize| at * at * 7 % 13;
            let mut theirs: Vec<usize> = (0..len).collect();
            theirs.sort_by_key(|at| key(*at));
            assert_eq!(order(len, &mut |a, b| key(a).cmp(&key(b))), theirs);
        }
    }

    #[test]
    fn equals_keep_their_order() {
        let mut words = vec!["pear", "fig", "plum", "nut", "apple", "kiwi"];
        sort_by_key(&mut words, |word| word.len());
        assert_eq!(words, ["fig", "nut", "pear", "plum", "kiwi", "apple"]);
        sort_by_key(&mut words, |word| std::cmp::Reverse(*word));
        assert_eq!(words, ["plum", "pear", "nut", "kiwi", "fig", "apple"]);
    }
}
