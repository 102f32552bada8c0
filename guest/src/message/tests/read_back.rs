//! What a parser that is not ours reads: every property as it was given.

use mail_parser::{Address, HeaderForm, Message, MessageParser, MimeHeaders};
use proptest::prelude::*;

use super::sample::{File, Sample, samples};
use super::*;

/// Line ends of a text as they arrive.
fn canonical(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

fn addresses(list: Option<&Address<'_>>) -> Vec<(Option<String>, String)> {
    let list = list.and_then(|address| address.as_list()).unwrap_or_default();
    let owned = |text: &Option<std::borrow::Cow<'_, str>>| text.as_ref().map(|text| text.to_string());
    list.iter().map(|one| (owned(&one.name), owned(&one.address).unwrap_or_default())).collect()
}

fn unstructured(message: &Message<'_>, name: &str) -> String {
    let value = message.header_as(name, HeaderForm::Text).into_iter().next();
    value.and_then(|value| value.as_text().map(str::to_owned)).unwrap_or_default()
}

fn compare(sample: &Sample, bytes: &[u8]) {
    let show = || String::from_utf8_lossy(bytes).into_owned();
    let message: Message<'_> = MessageParser::default().parse(bytes).unwrap();
    assert_eq!(addresses(message.from()), vec![sample.from.clone()], "{}", show());
    assert_eq!(addresses(message.to()), sample.to, "{}", show());
    assert!(!show().contains("blind"));
    assert_eq!(message.subject().unwrap_or_default(), sample.subject, "{}", show());
    assert_eq!(unstructured(&message, "X-Extra"), sample.extra, "{}", show());
    let parts: Vec<_> = message.parts.iter().filter(|part| !part.is_multipart()).collect();
    let mut bodies = parts.iter();
    for text in [&sample.text, &sample.html].into_iter().flatten() {
        let got = bodies.next().unwrap().text_contents().unwrap_or_default();
        let (got, want) = (got.trim_end_matches("\r\n"), canonical(text));
        assert_eq!(got, want.trim_end_matches("\r\n"), "{}", show());
    }
    let mut files: Vec<_> = parts
        .iter()
        .filter(|part| part.content_disposition().is_some())
        .map(|part| (part.attachment_name(), part.contents()))
        .collect();
    for (name, content, _) in &sample.files {
        let content = match content {
            File::Bytes(bytes) => bytes.as_slice(),
            File::Text(text) => text.as_bytes(),
        };
        let found = files.iter().position(|file| *file == (Some(name.as_str()), content));
        let found = found.unwrap_or_else(|| panic!("{name:?} {content:?} not in {files:?}\n{}", show()));
        files.remove(found);
    }
    assert!(files.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_property_comes_back(sample in samples(), eight_bit: bool, binary: bool) {
        let offer = Offer { eight_bit, binary, utf8: false };
        let (bytes, _) = composed(sample.mail(), offer);
        compare(&sample, &bytes);
    }

    #[test]
    fn the_output_keeps_the_rules(sample in samples(), eight_bit: bool) {
        let offer = Offer { eight_bit, binary: false, utf8: false };
        let (bytes, shape) = composed(sample.mail(), offer);
        prop_assert!(bytes.ends_with(b"\r\n"));
        prop_assert!(!bytes.contains(&0));
        prop_assert_eq!(shape.body == crate::message::Body::SevenBit, bytes.is_ascii());
        for line in bytes[..bytes.len() - 2].split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            prop_assert!(!line.contains(&b'\r') && line.len() <= 998);
        }
        let text = String::from_utf8(bytes.clone()).unwrap();
        prop_assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        let header = text.split("\r\n\r\n").next().unwrap();
        for line in header.split("\r\n") {
            // Only a word that can't be broken goes over.
            let words = line.split_once(": ").map_or(line, |(_, value)| value).trim();
            prop_assert!(line.len() <= 76 || !words.contains(' '), "{}", line);
            prop_assert!(!line.ends_with(' ') && header.is_ascii(), "{:?}", line);
        }
    }

    #[test]
    fn every_split_gives_the_same_bytes(sample in samples(), steps in prop::collection::vec(1usize..5000, 1..20)) {
        let (whole, _) = composed(sample.mail(), EIGHT_BIT);
        let mut composer = Composer::new(sample.mail().checked().unwrap(), ENTROPY, MOMENT).unwrap();
        composer.prepare(EIGHT_BIT).unwrap();
        let mut got = Vec::new();
        for at_most in steps.iter().cycle() {
            let start = got.len();
            let last = composer.read(&mut got, *at_most).unwrap();
            prop_assert!(got.len() - start <= *at_most && (last || got.len() > start));
            prop_assert!(*at_most < 1000 || got.ends_with(b"\n") );
            if last {
                break;
            }
        }
        prop_assert_eq!(got, whole);
    }
}
