//! Recipients of the envelope, and when they are reported on: `ADDRESS[;notify=…;original=…]`.

use smtp_host::types::{Notify, NotifyOn, Recipient};

use super::mailbox;
use super::text::one_line;
use crate::exit::Failure;

const OPTION: &str = "--envelope-to";

/// An address of which nothing else is asked.
pub fn plain(email: &str) -> Recipient {
    Recipient { email: email.to_owned(), notify: None, original: None }
}

/// One value of --envelope-to.
pub fn parse(value: &str) -> Result<Recipient, Failure> {
    one_line(OPTION, value)?;
    let mut parts = value.split(';');
    let mut recipient = plain(&mailbox::parse(OPTION, parts.next().unwrap_or_default())?.email);
    for part in parts {
        match part.trim().split_once('=') {
            Some(("notify", when)) => recipient.notify = Some(notify(OPTION, when)?),
            Some(("original", address)) => recipient.original = Some(address.to_owned()),
            _ => {
                let text = format!("{OPTION}: behind the address can stand ;notify=… and ;original=…");
                return Err(Failure::usage(text));
            }
        }
    }
    Ok(recipient)
}

/// RFC 3461 §4.1.
pub fn notify(option: &str, when: &str) -> Result<Notify, Failure> {
    if when.eq_ignore_ascii_case("never") {
        return Ok(Notify::Never);
    }
    let mut on = NotifyOn::empty();
    for word in when.split(',') {
        on |= match word.trim().to_ascii_lowercase().as_str() {
            "success" => NotifyOn::SUCCESS,
            "failure" => NotifyOn::FAILURE,
            "delay" => NotifyOn::DELAY,
            "never" => return Err(Failure::usage(format!("{option}: 'never' stands alone"))),
            _ => {
                let text = format!("{option}: it is never, or any of success, failure and delay with commas");
                return Err(Failure::usage(text));
            }
        };
    }
    Ok(Notify::On(on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn reports() {
        let notify = |when| notify("--dsn", when);
        assert!(matches!(notify("never"), Ok(Notify::Never)));
        assert!(matches!(notify("Success, delay"), Ok(Notify::On(on)) if on == NotifyOn::SUCCESS | NotifyOn::DELAY));
        assert_eq!(notify("success,never").map(|_| ()).unwrap_err().exit, Exit::Usage);
        assert_eq!(notify("").map(|_| ()).unwrap_err().exit, Exit::Usage);
    }

    #[test]
    fn recipients() {
        let one = parse("b@x.test;notify=success,failure;original=a@y.test").unwrap();
        assert_eq!((one.email.as_str(), one.original.as_deref()), ("b@x.test", Some("a@y.test")));
        assert!(matches!(one.notify, Some(Notify::On(on)) if on == NotifyOn::SUCCESS | NotifyOn::FAILURE));
        assert_eq!(parse("b@x.test;when=never").unwrap_err().exit, Exit::Usage);
        assert_eq!(parse("b x.test").unwrap_err().exit, Exit::Data);
        assert_eq!(parse("b@x.test;original=a\r\nDATA").unwrap_err().exit, Exit::Data);
    }
}
