//! The mails of the scripts: finished messages from `contents/`, generated ones, a draft, and one that breaks off.

use smtp_guest::Error;
use smtp_guest::message::{Attachment, Content as Data, Finished, Mail, Mailbox, Offer, Shape};
use smtp_guest::transporter::{Content, Draft, Moment, More, Pushed};

/// The content that a script names.
pub fn content(name: &str, tells_size: bool) -> Result<Box<dyn Content>, Error> {
    match name.split_once(':').unwrap_or((name, "")) {
        ("draft", _) => Ok(Box::new(Draft::new(draft(), [7; 16])?)),
        ("breaks", _) => Ok(Box::new(Breaks { read: false })),
        ("bytes", count) => finished(&generated(count.parse().unwrap_or(0)), tells_size),
        _ => {
            let path = super::folder().join("contents").join(name).with_extension("eml");
            let text = std::fs::read(&path).map_err(|error| Error::input(format!("{}: {error}", path.display())))?;
            finished(&text, tells_size)
        }
    }
}

fn finished(text: &[u8], tells_size: bool) -> Result<Box<dyn Content>, Error> {
    let announced = text.len() + text.iter().filter(|&&byte| byte == b'\n').count();
    let mut message = Finished::new(tells_size.then_some(announced as u64));
    message.push(text).unwrap();
    message.finish()?;
    Ok(Box::new(Pushed { message }))
}

/// A message of about this many bytes: a header of 192 bytes, and lines of 64 with their ends, so that chunks end where
/// lines do.
fn generated(bytes: usize) -> Vec<u8> {
    let mut text =
        b"From: anna@example.org\nTo: bert@example.net\nSubject: Large\nDate: Fri, 6 Feb 2026 15:03:11 +0100\n\
        Message-ID: <large@example.org>\nX-Even: "
            .to_vec();
    text.extend(format!("{}\n\n", "e".repeat(47)).bytes());
    (0..bytes / 64).for_each(|_| text.extend(format!("{}\n", "x".repeat(62)).bytes()));
    text
}

/// A mail in its parts, with an attachment.
fn draft() -> Mail {
    Mail {
        from: vec![Mailbox::named("Anna Ümlaut", "anna@example.org")],
        to: vec![Mailbox::new("bert@example.net")],
        subject: Some("The figures".to_owned()),
        text_body: Some("Here they are.\n.\nAnna\n".to_owned()),
        attachments: vec![Attachment::new("figures.csv", Data::Text("a;b\n1;2\n".to_owned()))],
        message_id: Some("figures@example.org".to_owned()),
        ..Mail::default()
    }
}

/// A stream that fails in the middle of the body.
struct Breaks {
    read: bool,
}

impl Content for Breaks {
    fn prepare(&mut self, _: Offer, _: Moment) -> Result<Shape, Error> {
        Ok(Shape::default())
    }

    fn read(&mut self, into: &mut Vec<u8>, _: usize) -> Result<More, String> {
        if self.read {
            return Err("figures.csv: input/output error".to_owned());
        }
        self.read = true;
        into.extend(b"From: anna@example.org\r\nSubject: Broken\r\n\r\nThis is not\r\n");
        Ok(More::Some)
    }
}
