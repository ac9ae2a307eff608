//! What the relay says of its own troubles: their kind and how often. Never what was asked, by whom,
//! or what it was about.

use std::collections::BTreeMap;
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

static COUNTS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Says that there was trouble of this kind: the first time, the tenth, the hundredth, …
pub fn report(kind: String) {
    let mut counts = COUNTS.lock().unwrap_or_else(PoisonError::into_inner);
    let line = counted(&mut counts, kind);
    drop(counts);
    if let Some(line) = line {
        eprintln!("{line}");
    }
}

fn counted(counts: &mut BTreeMap<String, u64>, kind: String) -> Option<String> {
    let count = counts.entry(kind.clone()).or_default();
    *count += 1;
    match *count {
        1 => Some(kind),
        count if 10_u64.pow(count.ilog10()) == count => Some(format!("{kind} ({count} times)")),
        _ => None,
    }
}

/// Panics say where, not what: their messages quote what they stumbled over.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic: &PanicHookInfo<'_>| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        report(format!("something broke{place}"));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_said_less_and_less_often() {
        let mut counts = BTreeMap::new();
        let mut said = |kind: &str, times: usize| -> Vec<String> {
            (0..times).filter_map(|_| counted(&mut counts, kind.to_owned())).collect()
        };
        assert_eq!(said("full", 200), ["full", "full (10 times)", "full (100 times)"]);
        assert_eq!(said("slow", 2), ["slow"]);
    }
}
