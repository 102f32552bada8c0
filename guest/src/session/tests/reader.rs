use proptest::prelude::*;

use super::*;
use crate::log::Language;

fn log() -> Transcript {
    let mut log = Transcript::new(Language::English);
    log.record(true, true);
    log
}

/// Everything that comes of `bytes` in pieces of this size; reading ends at a fault.
fn read(bytes: &[u8], size: usize) -> (Vec<Result<RawReply, Fault>>, Vec<String>) {
    let (mut reader, mut log, mut replies) = (Reader::default(), log(), Vec::new());
    for mut piece in bytes.chunks(size) {
        while !piece.is_empty() {
            let (taken, reply) = reader.take(piece, &mut log);
            assert!(taken > 0);
            piece = &piece[taken..];
            let is_over = matches!(reply, Some(Err(_)));
            replies.extend(reply);
            if is_over {
                return (replies, log.take_regular());
            }
        }
    }
    reader.abandon(&mut log);
    (replies, log.take_regular())
}

fn one(bytes: &[u8]) -> Result<(u16, Vec<String>), Fault> {
    let (replies, _) = read(bytes, 1);
    assert_eq!(read(bytes, usize::MAX).0, replies);
    let reply = replies.into_iter().next().expect("a reply")?;
    Ok((reply.status, reply.lines.into_iter().map(|line| String::from_utf8_lossy(&line).into_owned()).collect()))
}

#[test]
fn replies() {
    for (bytes, status, lines) in [
        ("250 OK\r\n", 250, &["OK"][..]),
        ("250 OK\n", 250, &["OK"]),
        ("250\r\n", 250, &[""]),
        ("250 \r\n", 250, &[""]),
        ("250-\r\n250\r\n", 250, &["", ""]),
        ("250-a\r\n250-b \n250 c\r\n", 250, &["a", "b ", "c"]),
        ("250-a\r\n550 b\r\n", 550, &["a", "b"]),
        ("250 a\rb\r\n", 250, &["a\rb"]),
        ("334 \r\n", 334, &[""]),
    ] {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        assert_eq!(one(bytes.as_bytes()), Ok((status, lines)), "{bytes:?}");
    }
}

#[test]
fn what_is_no_reply() {
    for line in
        ["", "25", "2500", "250x", "250\tx", "199 x", "600 x", "2a0 x", " 250 x", "HTTP/1.1 400 Bad Request", "\0"]
    {
        let fault = Err(Fault::NotAReply(line.as_bytes().to_vec()));
        assert_eq!(one(format!("{line}\r\n").as_bytes()), fault, "{line:?}");
        assert_eq!(one(format!("250-x\r\n{line}\r\n").as_bytes()), fault, "{line:?}");
    }
    assert_eq!(one(&[&[b'x'; 500][..], b"\n"].concat()), Err(Fault::NotAReply(vec![b'x'; SHOWN])));
}

#[test]
fn what_is_unfinished_is_logged() {
    let (replies, lines) = read(b"250-a\r\n250 b", 4);
    assert_eq!(replies, []);
    assert_eq!(lines, ["S < \"250-a\"", "S < \"250 b\""]);
}

#[test]
fn long_replies_are_read_to_their_end_and_kept_in_part() {
    let megabyte = [b"250-", vec![b'x'; 1 << 20].as_slice(), b"\r\n250 end\r\n"].concat();
    let (replies, _) = read(&megabyte, 65_536);
    let Some(Ok(reply)) = replies.first() else { panic!("{:?}", replies.len()) };
    assert_eq!((reply.status, reply.lines.len(), reply.lines[0].len()), (250, 2, TEXT_LIMIT));
    let lines = [b"250-0123456789\r\n".repeat(70_000).as_slice(), b"250 end\r\n"].concat();
    let (replies, _) = read(&lines, 65_536);
    assert!(matches!(&replies[..], [Ok(reply)] if reply.lines.len() == LINES_LIMIT));
}

#[test]
fn a_reply_without_end_is_cut_off() {
    for bytes in [vec![b'2'; REPLY_LIMIT + 1], b"250-x\r\n".repeat(REPLY_LIMIT / 7 + 1)] {
        let (replies, _) = read(&bytes, 60_000);
        assert_eq!(replies, [Err(Fault::TooLong)]);
    }
}

proptest! {
    #[test]
    fn splits_do_not_matter(text in r"((2[05]|33|5)[0-9]{1,2}[- x]?[a-c]{0,3}\r?\n?){0,8}", size in 1usize..12) {
        prop_assert_eq!(read(text.as_bytes(), size), read(text.as_bytes(), usize::MAX));
    }
}
