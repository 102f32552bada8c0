//! File names: made safe, and written for every reader (RFC 2231, RFC 8187, RFC 2047).

use super::field::{FOLD_AT, escaped};
use super::words::encoded_list;

/// What is kept of a name: file systems take 255 bytes, and a name of 4 KiB is no name.
const MAX_NAME: usize = 1024;
/// The part of a name that a reader without RFC 2231 gets.
const MAX_PLAIN: usize = 50;

/// The name without folders before it and without control characters; none where nothing is left.
pub(super) fn sanitised(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut safe: String = last.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
    while safe.len() > MAX_NAME {
        safe.pop();
    }
    let safe = safe.trim();
    (!safe.is_empty() && safe != "." && safe != "..").then(|| safe.to_owned())
}

/// The `filename` parameters of Content-Disposition.
///
/// The extended form stands first: Python's `email` and Rust's `mail-parser` take the first name they meet, and
/// readers of RFC 8187 prefer the extended one wherever it stands.
pub(super) fn disposition_parameters(name: &str) -> Vec<Vec<String>> {
    if let Some(plain) = plain("filename", name) {
        return vec![plain];
    }
    let mut all: Vec<Vec<String>> = extended("filename", name).into_iter().map(|part| vec![part]).collect();
    all.push(vec![format!("filename=\"{}\"", escaped(&for_old_readers(name)))]);
    all
}

/// The `name` parameter of Content-Type, which only old readers look at: RFC 2047 in quotes, as they understand it.
pub(super) fn type_parameter(name: &str) -> Vec<String> {
    if let Some(plain) = plain("name", name) {
        return plain;
    }
    let mut words = encoded_list(name, FOLD_AT - "name=\"\";".len() - 1);
    if let Some(first) = words.first_mut() {
        first.insert_str(0, "name=\"");
    }
    if let Some(last) = words.last_mut() {
        last.push('"');
    }
    words
}

/// `name="…"` on one line, if the value is ASCII and short enough.
fn plain(parameter: &str, value: &str) -> Option<Vec<String>> {
    let fit = value.is_ascii() && !value.contains("=?") && !value.contains("  ");
    let word = format!("{parameter}=\"{}\"", escaped(value));
    (fit && word.len() <= FOLD_AT - 2).then(|| vec![word])
}

/// `filename*=UTF-8''…`, or RFC 2231 §3's continuations where that does not fit on a line.
fn extended(parameter: &str, value: &str) -> Vec<String> {
    let quoted: Vec<String> = value.chars().map(percent).collect();
    let whole = format!("{parameter}*=UTF-8''{}", quoted.concat());
    if whole.len() <= FOLD_AT - 2 {
        return vec![whole];
    }
    let mut parts = Vec::new();
    let mut part = format!("{parameter}*0*=UTF-8''");
    for c in quoted {
        // No character is split: some readers decode each part by itself.
        if part.len() + c.len() > FOLD_AT - 2 {
            let next = format!("{parameter}*{}*=", parts.len() + 1);
            parts.push(core::mem::replace(&mut part, next));
        }
        part.push_str(&c);
    }
    parts.push(part);
    parts
}

/// RFC 8187 §3.2.1.
fn percent(c: char) -> String {
    if c.is_ascii_alphanumeric() || "!#$&+-.^_`|~".contains(c) {
        return c.to_string();
    }
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// ASCII of the name, cut so that it keeps its extension.
fn for_old_readers(name: &str) -> String {
    let ascii: String = name.chars().map(|c| if c.is_ascii() && !"\"\\%".contains(c) { c } else { '_' }).collect();
    if ascii.len() <= MAX_PLAIN {
        return ascii;
    }
    let extension = ascii.rfind('.').filter(|dot| ascii.len() - dot <= 12).unwrap_or(ascii.len());
    let (stem, extension) = ascii.split_at(extension);
    format!("{}{extension}", stem[..stem.len().min(MAX_PLAIN - extension.len())].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_taken_off() {
        assert_eq!(sanitised("/etc/passwd").as_deref(), Some("passwd"));
        assert_eq!(sanitised("C:\\docs\\a b.txt").as_deref(), Some("a b.txt"));
        assert_eq!(sanitised("a\tb\u{7f}").as_deref(), Some("a_b_"));
        for nothing in ["", "..", "a/..", "/", " "] {
            assert_eq!(sanitised(nothing), None);
        }
    }

    #[test]
    fn every_reader_gets_a_name() {
        assert_eq!(disposition_parameters("a b.txt"), [["filename=\"a b.txt\""]]);
        assert_eq!(
            disposition_parameters("Übersicht.pdf").concat(),
            ["filename*=UTF-8''%C3%9Cbersicht.pdf", "filename=\"_bersicht.pdf\""]
        );
        assert_eq!(type_parameter("Übersicht.pdf"), ["name=\"=?UTF-8?Q?=C3=9Cbersicht=2Epdf?=\""]);
        let long = disposition_parameters(&"日本語".repeat(20)).concat();
        assert!(long[0].starts_with("filename*0*=UTF-8''%E6"), "{long:?}");
        assert!(long.iter().all(|part| part.len() <= 74), "{long:?}");
        let long = disposition_parameters(&format!("{}.tar.gz", "x".repeat(200)));
        assert_eq!(long.concat().last().unwrap(), &format!("filename=\"{}.gz\"", "x".repeat(47)));
    }
}
