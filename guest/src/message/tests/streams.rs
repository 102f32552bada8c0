//! Attachments that come in pieces.

use super::*;
use proptest::prelude::*;

fn mail(bytes: &[u8], size: Option<u64>) -> Mail {
    Mail { attachments: vec![stream("a.bin", bytes, size)], ..simple() }
}

#[test]
fn another_length_than_announced_ends_the_mail() {
    for (size, word) in
        [(10, "longer than the 10"), (300, "ended after 200 of the 300"), (199, "longer"), (201, "ended")]
    {
        for offer in [NOTHING, ALL] {
            let mut composer = Composer::new(mail(&[7; 200], Some(size)).checked().unwrap(), ENTROPY, MOMENT).unwrap();
            assert!(composer.prepare(offer).unwrap().size.is_some());
            let error = drained(&mut composer, 100_000).unwrap_err();
            assert!(error.contains(word) && error.contains("a.bin"), "{error}");
            // It stays one: the end can't be reached by asking again.
            assert!(drained(&mut composer, 100_000).is_err());
        }
    }
}

#[test]
fn an_unknown_length_is_not_announced() {
    let (bytes, shape) = composed(mail(&[7; 200], None), NOTHING);
    assert_eq!(shape.size, None);
    assert_eq!(shape.attachments[0].size, None);
    let (same, shape) = composed(mail(&[7; 200], Some(200)), NOTHING);
    assert!(same == bytes && shape.size.is_some());
}

/// Counts what is held: a source of any length costs one buffer.
#[test]
fn a_long_stream_is_not_held() {
    struct Zeros(u64);
    impl Source for Zeros {
        fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<usize, String> {
            let count = self.0.min(at_most as u64);
            assert!(at_most <= 64 * 1024);
            into.resize(into.len() + count as usize, 0);
            self.0 -= count;
            Ok(count as usize)
        }
    }
    let len = 20_000_001;
    let content = Content::Stream(Box::new(Zeros(len)));
    let mail = Mail { attachments: vec![Attachment { size: Some(len), ..Attachment::new("z", content) }], ..simple() };
    let mut composer = Composer::new(mail.checked().unwrap(), ENTROPY, MOMENT).unwrap();
    let size = composer.prepare(NOTHING).unwrap().size.unwrap();
    let (mut total, mut piece) = (0, Vec::new());
    loop {
        piece.clear();
        let last = composer.read(&mut piece, 256 * 1024).unwrap();
        total += piece.len() as u64;
        assert!(piece.ends_with(b"\n") && piece.capacity() <= 512 * 1024);
        if last {
            break;
        }
    }
    assert_eq!(total, size);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_written_as_bytes_are(bytes in prop::collection::vec(any::<u8>(), 0..5000), step in 1usize..3000, at_most in 1usize..3000, binary: bool) {
        let offer = Offer { binary, ..EIGHT_BIT };
        let held = Mail { attachments: vec![Attachment::new("a.bin", Content::Bytes(bytes.clone()))], ..simple() };
        let (want, _) = composed(held, offer);
        let source = Slow { bytes: bytes.clone(), at: 0, step };
        let size = Some(bytes.len() as u64);
        let file = Attachment { size, ..Attachment::new("a.bin", Content::Stream(Box::new(source))) };
        let mut composer = Composer::new(Mail { attachments: vec![file], ..simple() }.checked().unwrap(), ENTROPY, MOMENT).unwrap();
        prop_assert_eq!(composer.prepare(offer).unwrap().size, Some(want.len() as u64));
        prop_assert_eq!(drained(&mut composer, at_most).unwrap(), want);
    }
}
