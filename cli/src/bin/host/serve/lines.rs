//! The lines of one conversation, read from the log's files, where they stand among those of others.

use std::io;
use std::path::Path;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, BufReader, SeekFrom};

use super::feed::{At, Conversation};
use super::log::download;

/// Lines that are shown of one conversation.
const MOST_LINES: usize = 5_000;
/// Bytes of the log that are looked through for them.
const MOST_BYTES: u64 = 256 << 20;
/// Bytes of one line.
const LONGEST: u64 = 1 << 20;

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// File, byte, and the line.
    pub lines: Vec<(At, String)>,
    /// Some of them, or all, are not here: recycled, or too many.
    pub incomplete: bool,
}

/// Reads the lines from the files in `folder`.
pub async fn read(folder: &Path, conversation: &Conversation) -> Found {
    let mut found = Found::default();
    let mut rest = MOST_BYTES;
    let (first, end) = (conversation.first, conversation.end);
    for file in first.file..=end.file {
        let from = if file == first.file { first.byte } else { 0 };
        let to = if file == end.file { end.byte } else { u64::MAX };
        if let Err(_gone) = read_file(folder, file, from..to, conversation.process, &mut rest, &mut found).await {
            found.incomplete = true;
        }
        if found.lines.len() >= MOST_LINES || rest == 0 {
            break;
        }
    }
    found.incomplete |= found.lines.len() < conversation.lines as usize;
    found
}

async fn read_file(
    folder: &Path,
    number: u32,
    bytes: std::ops::Range<u64>,
    process: u64,
    rest: &mut u64,
    found: &mut Found,
) -> io::Result<()> {
    let mut file = File::open(folder.join(download::name(number))).await?;
    file.seek(SeekFrom::Start(bytes.start)).await?;
    let mut reader = BufReader::with_capacity(256 << 10, file);
    let mut at = bytes.start;
    let mut line = Vec::new();
    while at < bytes.end && *rest > 0 && found.lines.len() < MOST_LINES {
        line.clear();
        let length = (&mut reader).take(LONGEST).read_until(b'\n', &mut line).await? as u64;
        if length == 0 {
            break;
        }
        *rest = rest.saturating_sub(length);
        if is_of(&line, process) {
            let text = String::from_utf8_lossy(&line);
            found.lines.push((At { file: number, byte: at }, text.trim_end_matches('\n').to_owned()));
        }
        at += length;
    }
    Ok(())
}

fn is_of(line: &[u8], process: u64) -> bool {
    let field = line.splitn(5, |byte| *byte == b' ').nth(3).and_then(|field| std::str::from_utf8(field).ok());
    field.and_then(|field| field.parse().ok()) == Some(process)
}
