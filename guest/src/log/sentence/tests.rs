//! Every event as it reads, in both languages: the wording is a contract.

use super::*;
use crate::error::Phase;
use crate::log::{Certificate, Check, Failure, Omitted, TlsFacts, TlsFailure};
use crate::secret::Secret;

#[track_caller]
fn check(note: Note, english: &str, spanish: &str) {
    let mask = Mask::default();
    assert_eq!(of(&note, Language::English, &mask), format!("### {english}"));
    assert_eq!(of(&note, Language::Spanish, &mask), format!("### {spanish}"));
}

#[test]
fn the_wordings_of_the_origin() {
    check(
        Note::Connected { host: "smtp.gmail.com".into(), port: 465, secured: true },
        "SMTP Connected to 'smtp.gmail.com' on port 465. (secured)",
        "SMTP Conectado a 'smtp.gmail.com' en el puerto 465. (asegurado)",
    );
    check(
        Note::Connected { host: "h".into(), port: 25, secured: false },
        "SMTP Connected to 'h' on port 25. (unsecured)",
        "SMTP Conectado a 'h' en el puerto 25. (no asegurado)",
    );
    check(Note::Closed, "SMTP Connection closed", "Conexión SMTP cerrada");
}

#[test]
fn connecting() {
    check(
        Note::NotResolved { host: "smtp.exmaple.com".into(), reason: "no such name".into() },
        "SMTP Name not resolved: no address found for 'smtp.exmaple.com'. (no such name)",
        "SMTP Nombre no resuelto: no se encontró ninguna dirección para 'smtp.exmaple.com'. (no such name)",
    );
    let attempt = |failure| Note::AttemptFailed { ip: "192.0.2.1".into(), port: 587, failure, elapsed_ms: 1500 };
    check(
        attempt(Failure::Refused),
        "SMTP No connection to 192.0.2.1 on port 587 after 1.5 s: connection refused, nobody listens there.",
        "SMTP Sin conexión con 192.0.2.1 en el puerto 587 tras 1.5 s: conexión rechazada, nadie escucha ahí.",
    );
    check(
        attempt(Failure::TimedOut(30_000)),
        "SMTP No connection to 192.0.2.1 on port 587 after 1.5 s: no answer within 30 s.",
        "SMTP Sin conexión con 192.0.2.1 en el puerto 587 tras 1.5 s: sin respuesta en 30 s.",
    );
    check(
        Note::NotConnected { host: "h".into(), port: 25, reached: true },
        "SMTP Not connected to 'h' on port 25.",
        "SMTP No conectado a 'h' en el puerto 25.",
    );
    check(
        Note::NotConnected { host: "h".into(), port: 25, reached: false },
        "SMTP Not connected to 'h' on port 25: none of its addresses could be reached.",
        "SMTP No conectado a 'h' en el puerto 25: no se pudo alcanzar ninguna de sus direcciones.",
    );
    check(
        Note::Denied { reason: "allow h:25".into() },
        "SMTP Not connected: refused by the policy of this host. (allow h:25)",
        "SMTP No conectado: rechazado por la política de este equipo. (allow h:25)",
    );
}

#[test]
fn waiting() {
    check(
        Note::TimedOut { awaiting: Phase::Greeting, limit_ms: 30_000 },
        "SMTP Timed out after 30 s while waiting for the greeting of the server.",
        "SMTP Tiempo agotado tras 30 s mientras se esperaba el saludo del servidor.",
    );
    check(
        Note::Lost { awaiting: Phase::RcptTo, failure: Some(Failure::Reset) },
        "SMTP Connection lost while waiting for the reply to RCPT TO: reset by the other side.",
        "SMTP Conexión perdida mientras se esperaba la respuesta a RCPT TO: interrumpida por el otro extremo.",
    );
    check(
        Note::Lost { awaiting: Phase::Ehlo, failure: None },
        "SMTP Connection lost while waiting for the reply to EHLO: ended by the other side.",
        "SMTP Conexión perdida mientras se esperaba la respuesta a EHLO: cerrada por el otro extremo.",
    );
    check(
        Note::NotUnderstood { awaiting: Phase::Ehlo, bytes: b"HTTP/1.1 \"400\"\r\n".into() },
        "SMTP Reply not understood while waiting for the reply to EHLO: \"HTTP/1.1 \"400\"\\x0d\\x0a\"",
        "SMTP Respuesta no comprendida mientras se esperaba la respuesta a EHLO: \"HTTP/1.1 \"400\"\\x0d\\x0a\"",
    );
    check(
        Note::ServiceClosing { during: Phase::MailFrom },
        "SMTP Service closed by the server with 421 while waiting for the reply to MAIL FROM.",
        "SMTP Servicio cerrado por el servidor con 421 mientras se esperaba la respuesta a MAIL FROM.",
    );
}

fn certificate() -> Certificate {
    Certificate {
        subject: "CN=mail.example.com".into(),
        issuer: "CN=Example CA,O=Example".into(),
        names: vec!["mail.example.com".into(), "192.0.2.1".into()],
        not_before: "2026-01-01T00:00:00Z".into(),
        not_after: "2026-03-31T23:59:59Z".into(),
        sha256: "ab".repeat(32),
    }
}

#[test]
fn tls_begins() {
    check(
        Note::TlsStarted(TlsFacts {
            version: "TLSv1.3".into(),
            cipher: "TLS13_AES_256_GCM_SHA384".into(),
            server_name: "mail.example.com".into(),
            certificate: certificate(),
            ..TlsFacts::default()
        }),
        "SMTP TLS started: TLSv1.3, TLS13_AES_256_GCM_SHA384, server name 'mail.example.com', certificate of \
         'CN=mail.example.com' issued by 'CN=Example CA,O=Example', expires on 2026-03-31T23:59:59Z.",
        "SMTP TLS iniciado: TLSv1.3, TLS13_AES_256_GCM_SHA384, nombre de servidor 'mail.example.com', certificado de \
         'CN=mail.example.com' emitido por 'CN=Example CA,O=Example', caduca el 2026-03-31T23:59:59Z.",
    );
    // A host that knows nothing of it.
    check(
        Note::TlsStarted(TlsFacts { server_name: "mail.example.com".into(), ..TlsFacts::default() }),
        "SMTP TLS started: server name 'mail.example.com'. (this runtime tells neither version nor cipher nor certificate)",
        "SMTP TLS iniciado: nombre de servidor 'mail.example.com'. (este entorno no dice ni versión ni cifrado ni certificado)",
    );
}

#[test]
fn certificates_that_do_not_pass() {
    let failed = |check, certificate: Certificate| {
        Note::TlsFailed(TlsFailure::Certificate { check, detail: "words".into(), certificate: Some(certificate) })
    };
    for (check, english) in [
        (Check::UnknownIssuer, "'CN=mail.example.com' has an unknown issuer, 'CN=Example CA,O=Example'."),
        (Check::Expired, "'CN=mail.example.com' expired on 2026-03-31T23:59:59Z."),
        (Check::NotYetValid, "'CN=mail.example.com' is not valid before 2026-01-01T00:00:00Z."),
        (Check::Revoked, "'CN=mail.example.com' has been revoked by its issuer, 'CN=Example CA,O=Example'."),
        (Check::Other, "'CN=mail.example.com' did not pass. (words)"),
    ] {
        let sentence = of(&failed(check, certificate()), Language::English, &Mask::default());
        assert_eq!(sentence, format!("### SMTP TLS failed: the certificate of {english}"));
    }
    check(
        failed(Check::WrongName, certificate()),
        "SMTP TLS failed: the certificate is made for other names than this server's, it has 'mail.example.com', \
         '192.0.2.1'.",
        "SMTP TLS fallido: el certificado está hecho para otros nombres que el de este servidor, tiene \
         'mail.example.com', '192.0.2.1'.",
    );
    check(
        failed(Check::PinMismatch, Certificate { subject: String::new(), names: vec!["a.b".into()], ..certificate() }),
        &format!(
            "SMTP TLS failed: the certificate of 'a.b' is not the pinned one, its SHA-256 is {}.",
            "ab".repeat(32)
        ),
        &format!("SMTP TLS fallido: el certificado de 'a.b' no es el fijado, su SHA-256 es {}.", "ab".repeat(32)),
    );
    check(
        failed(Check::UnknownIssuer, Certificate { issuer: "CN=mail.example.com".into(), ..certificate() }),
        "SMTP TLS failed: the certificate of 'CN=mail.example.com' is issued by itself, and so by an unknown issuer.",
        "SMTP TLS fallido: el certificado de 'CN=mail.example.com' está emitido por sí mismo, y así por un emisor \
         desconocido.",
    );
    let many = (0..12).map(|number| format!("n{number}")).collect();
    let sentence = of(
        &failed(Check::WrongName, Certificate { names: many, ..certificate() }),
        Language::English,
        &Mask::default(),
    );
    assert!(sentence.ends_with("'n8', 'n9' and 2 more."), "{sentence}");
}

#[test]
fn no_tls_at_all() {
    check(
        Note::TlsFailed(TlsFailure::NotTls(Vec::new())),
        "SMTP TLS failed: the server speaks plain text on this port.",
        "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto.",
    );
    check(
        Note::TlsFailed(TlsFailure::NotTls(b"220 mail.example.com ESMTP\r\nmore".into())),
        "SMTP TLS failed: the server speaks plain text on this port, it said \"220 mail.example.com ESMTP\"",
        "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto, dijo \"220 mail.example.com ESMTP\"",
    );
    check(
        Note::TlsFailed(TlsFailure::NothingInCommon("protocol_version".into())),
        "SMTP TLS failed: no TLS version or cipher suite in common with the server. (protocol_version)",
        "SMTP TLS fallido: ninguna versión de TLS ni cifrado en común con el servidor. (protocol_version)",
    );
    check(
        Note::StartTlsRefused { status: 454 },
        "SMTP TLS not started: the server refused STARTTLS with 454 though it is required.",
        "SMTP TLS no iniciado: el servidor rechazó STARTTLS con 454 aunque se exige.",
    );
    check(
        Note::StartTlsNotOffered,
        "SMTP TLS not started: the server offers no STARTTLS though it is required.",
        "SMTP TLS no iniciado: el servidor no ofrece STARTTLS aunque se exige.",
    );
}

#[test]
fn mails() {
    check(
        Note::Outcome { delivery: Delivery::Accepted, status: 250, accepted: 2, refused: 1 },
        "SMTP Mail accepted by the server with 250. (recipients accepted: 2, refused: 1)",
        "SMTP Correo aceptado por el servidor con 250. (destinatarios aceptados: 2, rechazados: 1)",
    );
    check(
        Note::Outcome { delivery: Delivery::NotAccepted, status: 554, accepted: 1, refused: 0 },
        "SMTP Mail not accepted, the server said 554. (recipients accepted: 1, refused: 0)",
        "SMTP Correo no aceptado, el servidor dijo 554. (destinatarios aceptados: 1, rechazados: 0)",
    );
    check(
        Note::RecipientRefused { email: "a@b\u{202e}\n".into(), status: 550 },
        "SMTP Recipient 'a@b\\xe2\\x80\\xae\\x0a' refused by the server with 550.",
        "SMTP Destinatario 'a@b\\xe2\\x80\\xae\\x0a' rechazado por el servidor con 550.",
    );
    let attachments = vec![
        Omitted { name: Some("ñ.png".into()), media_type: "image/png".into(), size: Some(1234) },
        Omitted { name: None, media_type: "text/plain".into(), size: None },
    ];
    check(
        Note::ContentOmitted { bytes: 5, attachments },
        "SMTP Body not logged: 5 bytes, with the attachments 'ñ.png' (image/png, 1234 bytes), unnamed (text/plain, \
         size unknown).",
        "SMTP Cuerpo no registrado: 5 bytes, con los adjuntos 'ñ.png' (image/png, 1234 bytes), sin nombre \
         (text/plain, tamaño desconocido).",
    );
}

#[test]
fn secrets_are_hidden_in_values_and_long_values_cut() {
    let mut mask = Mask::default();
    mask.learn(&Secret::new("Connection"));
    let note = Note::AuthBroken { reason: format!("connection{}", "ñ".repeat(1000)) };
    let sentence = of(&note, Language::English, &mask);
    assert!(sentence.contains("broken off. (********************************ñ"), "{sentence}");
    assert!(sentence.ends_with("ñ…)") && sentence.len() < 1200);
    assert_eq!(of(&Note::Closed, Language::English, &mask), "### SMTP Connection closed");
}
