//! The files of the regular log, for download: chosen by their number, so that no path comes from outside.

use std::io;
use std::path::Path;
use tokio::fs::File;

/// The name of the file with this number.
pub fn name(number: u32) -> String {
    format!("SMTPLog_{number}.txt")
}

/// The number in a file's name.
pub fn number(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("SMTPLog_")?.strip_suffix(".txt")?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// The files that are there, the newest number first: number and bytes.
pub fn list(folder: &Path) -> Vec<(u32, u64)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let about = |entry: std::fs::DirEntry| {
        let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((number(entry.file_name().to_str()?)?, about.len()))
    };
    let mut files: Vec<_> = entries.flatten().filter_map(about).collect();
    files.sort_unstable_by(|a, b| b.cmp(a));
    files
}

/// Opens one, with its length. A link is not followed: it would lead out of the folder.
pub async fn open(folder: &Path, number: u32) -> io::Result<(File, u64)> {
    let path = folder.join(name(number));
    if !tokio::fs::symlink_metadata(&path).await?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let file = File::open(&path).await?;
    let length = file.metadata().await?.len();
    Ok((file, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(number("SMTPLog_12.txt"), Some(12));
        for name in [
            "SMTPLog_.txt",
            "SMTPLog_01.txt",
            "SMTPLog_+1.txt",
            "SMTPLog_../../etc/passwd",
            "x_1.txt",
            "SMTPLog_1.txt/",
        ] {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
