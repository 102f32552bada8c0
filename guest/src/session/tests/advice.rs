use super::*;

fn refusal(phase: Phase, text: &str) -> (Kind, Retry, String) {
    let (status, text) = text.split_once(' ').unwrap();
    let enhanced = text.split(' ').next().filter(|code| code.matches('.').count() == 2).map(str::to_owned);
    let reply = Reply { status: status.parse().unwrap(), enhanced, lines: vec![text.to_owned()] };
    let error = refused(phase, reply.clone());
    assert_eq!(error.reply, Some(reply));
    (error.kind, error.retry, error.message)
}

#[test]
fn what_is_said_of_what() {
    use Kind::*;
    use Retry::*;
    for (phase, reply, kind, retry, word) in [
        (Phase::Greeting, "554 5.7.1 blocked", Refused, Never, "block list"),
        (Phase::Greeting, "450 busy", Refused, Later, "at the moment"),
        (Phase::Ehlo, "550 bad name", Refused, AfterChange, "EHLO name"),
        (Phase::Auth, "535 5.7.8 no", AuthenticationFailed, Never, "password"),
        (
            Phase::Auth,
            "534 5.7.9 Application-specific password required",
            AuthenticationFailed,
            AfterChange,
            "application password",
        ),
        (Phase::Auth, "534 5.7.9 too weak", AuthenticationFailed, AfterChange, "mode"),
        (Phase::Auth, "454 4.7.0 later", AuthenticationFailed, Later, "try again"),
        (Phase::Auth, "538 5.7.11 no", AuthenticationFailed, AfterChange, "encrypted"),
        (Phase::MailFrom, "530 5.7.0 Authentication required", Refused, AfterChange, "user name"),
        (Phase::MailFrom, "530 5.7.0 Must issue a STARTTLS command first", Refused, AfterChange, "encrypted"),
        (Phase::MailFrom, "552 5.3.4 too large", MessageTooLarge, AfterChange, "smaller"),
        (Phase::MailFrom, "451 4.1.8 unknown domain", SenderRefused, Later, "try again"),
        (Phase::MailFrom, "553 5.7.1 not owned", SenderRefused, Never, "in its name"),
        (Phase::RcptTo, "554 5.7.1 Relay access denied", RecipientRefused, AfterChange, "relaying"),
        (Phase::RcptTo, "550 relay not permitted", RecipientRefused, AfterChange, "relaying"),
        (Phase::RcptTo, "550 5.1.1 unknown", RecipientRefused, Never, "no such mailbox"),
        (Phase::RcptTo, "552 too many recipients", RecipientRefused, Later, "no more recipients"),
        (Phase::RcptTo, "552 5.2.2 full", RecipientRefused, Never, "full"),
        (Phase::RcptTo, "452 4.2.2 full", RecipientRefused, Later, "full"),
        (Phase::RcptTo, "450 4.7.1 greylisted", RecipientRefused, Later, "greylisting"),
        (Phase::Content, "552 5.3.4 too large", MessageTooLarge, AfterChange, "smaller"),
        (Phase::Content, "552 no", MessageTooLarge, AfterChange, "smaller"),
        (Phase::Content, "552 5.2.2 full", MessageRefused, Never, "full"),
        (Phase::Content, "550 5.7.1 spam", MessageRefused, Never, "spam"),
        (Phase::Content, "451 4.3.0 try", MessageRefused, Later, "try again"),
        (Phase::Content, "554 5.6.0 bad", MessageRefused, Never, "reply"),
    ] {
        let (told, when, message) = refusal(phase, reply);
        assert_eq!((told, when), (kind, retry), "{phase:?} {reply}");
        assert!(message.contains(word), "{phase:?} {reply}: {message}");
    }
}

#[test]
fn every_status_has_a_word_that_fits() {
    for phase in [
        Phase::Greeting,
        Phase::Ehlo,
        Phase::Auth,
        Phase::MailFrom,
        Phase::RcptTo,
        Phase::Data,
        Phase::Content,
        Phase::Quit,
    ] {
        for status in 400..600 {
            let (_, retry, message) = refusal(phase, &format!("{status} words"));
            let is_old_552 = status == 552 && phase == Phase::RcptTo;
            let is_transient = status < 500 && !(status == 432 && phase == Phase::Auth);
            assert_eq!(retry == Retry::Later, is_transient || is_old_552, "{phase:?} {status}");
            assert!(message.ends_with(['.', '?']));
        }
    }
}
