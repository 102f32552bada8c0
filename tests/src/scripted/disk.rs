//! A disk of its own for a test: a tmpfs, which root may mount.

use std::path::PathBuf;
use std::process::{Command, Stdio};

pub struct Disk(pub PathBuf);

impl Disk {
    /// `options` are those of mount: `size=256k`, `noexec`.
    pub fn mount(name: &str, options: &str) -> Disk {
        let disk = Disk(std::env::temp_dir().join(format!("smtp-disk-{name}-{}", std::process::id())));
        std::fs::create_dir(&disk.0).expect("a folder");
        let options = format!("mode=700,{options}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&disk.0).status();
        assert!(mounted.is_ok_and(|status| status.success()), "this test has to mount a tmpfs: run it as root");
        disk
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).stderr(Stdio::null()).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}
