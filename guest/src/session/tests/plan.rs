use super::*;
use crate::log::Language;
use crate::session::{Address, DeliverBy, EnvelopeId, Host, Limits, Notify, Options, Priority, ReturnContent};

fn envelope(from: &str, to: &[&str], options: Options) -> Envelope {
    let recipients = to.iter().map(|to| Address::parse(to).unwrap().into()).collect();
    Envelope::new(ReversePath::parse(from).unwrap(), recipients, options).unwrap()
}

fn decide(envelope: &Envelope, shape: &Shape, offered: &Capabilities, secured: bool) -> (Result<Plan, Error>, usize) {
    let mut log = Transcript::new(Language::English);
    log.record(true, false);
    let settings = Settings::new(Host::parse("mx.example").unwrap());
    let plan = plan(envelope, shape, offered, &settings, secured, &mut log);
    (plan, log.take_regular().len())
}

fn all() -> Capabilities {
    Capabilities {
        size: Some(Some(1000)),
        eight_bit: true,
        smtputf8: true,
        binarymime: true,
        chunking: true,
        pipelining: true,
        dsn: true,
        enhanced: true,
        limits: Limits::default(),
        requiretls: true,
        mt_priority: true,
        deliverby: Some(Some(60)),
        futurerelease: Some(3600),
        starttls: false,
        auth: Vec::new(),
    }
}

fn everything() -> Options {
    Options {
        require_all: false,
        return_content: Some(ReturnContent::Full),
        envelope_id: EnvelopeId::parse("id").ok(),
        notify: Some(Notify::Never),
        require_tls: true,
        priority: Priority::new(1).ok(),
        deliver_by: DeliverBy::new(60, false, false).ok(),
        hold_for: Some(3600),
    }
}

#[test]
fn everything_that_is_offered_is_said() {
    let envelope = envelope("jürgen@x.example", &["b@x.example"], everything());
    let shape = Shape { body: Body::Binary, size: Some(1000), ..Shape::default() };
    let plan = decide(&envelope, &shape, &all(), true).0.unwrap();
    assert_eq!(
        plan.mail(&envelope, &shape).to_string(),
        "MAIL FROM:<jürgen@x.example> SIZE=1000 BODY=BINARYMIME SMTPUTF8 RET=FULL ENVID=id REQUIRETLS MT-PRIORITY=1 \
         BY=60;R HOLDFOR=3600"
    );
    assert_eq!(plan.rcpt(&envelope, &envelope.recipients[0]).to_string(), "RCPT TO:<b@x.example> NOTIFY=NEVER");
    assert_eq!(plan.warnings, Vec::<String>::new());
}

#[test]
fn each_that_is_not_offered_is_an_error() {
    type Change = fn(&mut Capabilities);
    let changes: [(&str, Change); 9] = [
        ("SMTPUTF8", |offered| offered.smtputf8 = false),
        ("BINARYMIME", |offered| offered.binarymime = false),
        ("BINARYMIME", |offered| offered.chunking = false),
        ("REQUIRETLS", |offered| offered.requiretls = false),
        ("MT-PRIORITY", |offered| offered.mt_priority = false),
        ("DELIVERBY", |offered| offered.deliverby = None),
        ("61 s", |offered| offered.deliverby = Some(Some(61))),
        ("FUTURERELEASE", |offered| offered.futurerelease = None),
        ("3599 s", |offered| offered.futurerelease = Some(3599)),
    ];
    let envelope = envelope("jürgen@x.example", &["b@x.example"], everything());
    let shape = Shape { body: Body::Binary, ..Shape::default() };
    for (word, change) in changes {
        let mut offered = all();
        change(&mut offered);
        let (plan, notes) = decide(&envelope, &shape, &offered, true);
        let error = plan.map(|_| ()).unwrap_err();
        assert_eq!((error.kind, notes), (Kind::ExtensionNotOffered, 1), "{word}");
        assert!(error.message.contains(word), "{word}: {}", error.message);
    }
    let error = decide(&envelope, &shape, &all(), false).0.map(|_| ()).unwrap_err();
    assert!(error.message.contains("not encrypted"));
    let eight = Shape { body: Body::EightBit, ..Shape::default() };
    let plain = super::super::envelope::Envelope { options: Options::default(), ..envelope };
    let error = decide(&plain, &eight, &Capabilities { eight_bit: false, ..all() }, true).0.map(|_| ()).unwrap_err();
    assert!(error.message.contains("8BITMIME"));
}

#[test]
fn smtputf8_only_where_it_is_needed() {
    let none = Capabilities::default();
    for (from, to, utf8, needed) in [
        ("a@x.example", "b@bücher.example", false, None),
        ("a@x.example", "ü@x.example", false, Some("ü@x.example")),
        ("ü@x.example", "b@x.example", false, Some("ü@x.example")),
        ("a@x.example", "b@x.example", true, Some("header")),
    ] {
        let envelope = envelope(from, &[to], Options::default());
        let shape = Shape { utf8, ..Shape::default() };
        match (decide(&envelope, &shape, &none, true).0, needed) {
            (Ok(plan), None) => assert!(!plan.utf8),
            (Err(error), Some(word)) => assert!(error.message.contains(word), "{}", error.message),
            (plan, _) => panic!("{from} {to}: {plan:?}"),
        }
        assert_eq!(decide(&envelope, &shape, &all(), true).0.unwrap().utf8, needed.is_some());
    }
}

#[test]
fn size_is_checked_before_anything_is_said() {
    let envelope = envelope("", &["b@x.example"], Options::default());
    let shape = |size| Shape { size: Some(size), ..Shape::default() };
    assert!(decide(&envelope, &shape(1000), &all(), true).0.is_ok());
    let (plan, notes) = decide(&envelope, &shape(1001), &all(), true);
    let error = plan.map(|_| ()).unwrap_err();
    assert_eq!((error.kind, error.retry, notes), (Kind::MessageTooLarge, Retry::AfterChange, 1));
    let unlimited = Capabilities { size: Some(None), ..all() };
    let plan = decide(&envelope, &shape(1 << 40), &unlimited, true).0.unwrap();
    assert_eq!(plan.mail(&envelope, &shape(1 << 40)).to_string(), "MAIL FROM:<> SIZE=1099511627776");
    let plan = decide(&envelope, &shape(5), &Capabilities::default(), true).0.unwrap();
    assert_eq!(plan.mail(&envelope, &shape(5)).to_string(), "MAIL FROM:<>");
}

#[test]
fn dsn_that_is_not_offered_is_left_out_with_a_warning() {
    let options = Options { return_content: Some(ReturnContent::Headers), ..Options::default() };
    let envelope = envelope("a@x.example", &["b@x.example"], options);
    let plan = decide(&envelope, &Shape::default(), &Capabilities::default(), true).0.unwrap();
    assert_eq!(plan.mail(&envelope, &Shape::default()).to_string(), "MAIL FROM:<a@x.example>");
    assert_eq!(plan.warnings.len(), 1);
}

#[test]
fn limits() {
    let to = ["a@x.example", "b@Y.example", "c@x.example", "d@z.example", "e@x.example"];
    let unasked = |limits, require_all| {
        let options = Options { require_all, ..Options::default() };
        let plan = decide(&envelope("", &to, options), &Shape::default(), &Capabilities { limits, ..all() }, true).0;
        plan.map(|plan| (plan.unasked.iter().map(Option::is_some).collect::<Vec<_>>(), plan.warnings.len()))
    };
    let three = Limits { rcpt_max: Some(3), ..Limits::default() };
    assert_eq!(unasked(three, false), Ok((vec![false, false, false, true, true], 1)));
    assert_eq!(unasked(three, true).unwrap_err().kind, Kind::RecipientRefused);
    let domains = Limits { rcpt_domain_max: Some(2), ..Limits::default() };
    assert_eq!(unasked(domains, false), Ok((vec![false, false, false, true, false], 1)));
}
