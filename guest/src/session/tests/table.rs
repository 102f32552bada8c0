use super::*;

const STEPS: [Step; 16] = [
    Step::Greeting,
    Step::Ehlo,
    Step::Helo,
    Step::StartTls,
    Step::Auth,
    Step::Cancel,
    Step::Noop,
    Step::Rset,
    Step::Mail,
    Step::Rcpt(0),
    Step::Data,
    Step::Dot,
    Step::EmptyDot,
    Step::Bdat,
    Step::BdatLast,
    Step::Quit,
];

#[test]
fn what_holds_for_every_step() {
    for step in STEPS {
        let is_quit = step == Step::Quit;
        assert_eq!(after(step, 421), if is_quit { Move::Left } else { Move::Closing }, "{step:?}");
        assert_eq!(after(step, 100), if is_quit { Move::Left } else { Move::Confused }, "{step:?}");
        let takes_3xx = matches!(step, Step::Auth | Step::Data) || is_quit;
        assert_eq!(after(step, 354) == Move::Confused, !takes_3xx, "{step:?}");
        // Nothing but DATA is out of step with a success.
        assert_eq!(after(step, 250) == Move::Confused, step == Step::Data, "{step:?}");
        for code in [450, 550] {
            assert_ne!(after(step, code), Move::Confused, "{step:?}");
        }
        assert!(step.patience_ms() >= 5_000);
    }
}

#[test]
fn the_mail_is_the_servers_with_2xx_alone() {
    for step in STEPS {
        for status in 200..600 {
            let accepted = after(step, status) == Move::Accepted;
            assert_eq!(accepted, matches!(step, Step::Dot | Step::BdatLast) && status < 300, "{step:?} {status}");
        }
    }
}

#[test]
fn nothing_goes_in_the_clear_unless_that_was_accepted() {
    assert_eq!(after_hello(false, false, false), Opening::TlsMissing);
    assert_eq!(after_hello(false, true, true), Opening::StartTls);
    assert_eq!(after_hello(false, false, true), Opening::AuthInTheClear);
    for offered in [false, true] {
        assert_eq!(after_hello(true, offered, false), Opening::Auth);
    }
}
