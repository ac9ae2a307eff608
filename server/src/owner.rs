//! Files that hold what only members may read: nobody but their owner opens them, from the moment that
//! they are there.

use std::fs::OpenOptions;

/// For writing a file that this makes.
pub fn writing() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
