//! What the numbers were measured on, in one line: numbers without their machine say nothing.

use std::fs;

pub fn line(seed: u64, browser: Option<&str>) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut facts = vec![format!("{cores} cores")];
    facts.extend(field("/proc/cpuinfo", "model name"));
    facts.extend(field("/proc/meminfo", "MemTotal").and_then(|total| gibibytes(&total)));
    // The number alone: what follows names who built it, not what was measured.
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    facts.extend(release.and_then(|release| Some(format!("Linux {}", release.trim().split('-').next()?))));
    facts.extend(browser.map(str::to_owned));
    facts.push(format!("seed {seed}"));
    format!("Measured on {}.", facts.join(", "))
}

/// The value after `name:` in one of the kernel's files.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let (_, value) = text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.trim() == name)?;
    Some(value.trim().to_owned())
}

fn gibibytes(kibibytes: &str) -> Option<String> {
    let kibibytes: u64 = kibibytes.strip_suffix(" kB")?.parse().ok()?;
    Some(format!("{} GiB memory", (kibibytes + 512 * 1024) / (1024 * 1024)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_rounded_to_what_people_say() {
        assert_eq!(gibibytes("24684292 kB").as_deref(), Some("24 GiB memory"));
        assert_eq!(gibibytes("many"), None);
    }
}
