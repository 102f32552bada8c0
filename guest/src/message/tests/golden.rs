//! Messages to the byte.

use super::*;

#[test]
fn the_simplest_mail() {
    let (bytes, shape) = composed(simple(), NOTHING);
    let want = "Date: Fri, 6 Feb 2026 15:03:11 +0100\r\n\
        From: Ann <ann@example.com>\r\n\
        To: bob@example.org\r\n\
        Subject: Hello\r\n\
        Message-ID: <30313233343536373839616263646566@example.com>\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: 7bit\r\n\
        \r\n\
        Hi Bob\r\n";
    assert_eq!(String::from_utf8(bytes).unwrap(), want);
    assert_eq!(shape.message_id.as_deref(), Some("30313233343536373839616263646566@example.com"));
}
