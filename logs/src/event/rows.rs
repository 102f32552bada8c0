//! The sentences of the log's events, in every language, and what each becomes.
//!
//! The client's own catalogue has the same texts; a test there feeds every one of them through this table. Texts stay
//! here when the catalogue changes: old logs are read, too. The most frequent stand first.

use super::template::Template;
use super::values::{Values, milliseconds};
use super::{Broken, Event, Fault};
use crate::conversation::{Delivery, Phase};
use std::sync::LazyLock;

type Make = fn(&Values) -> Option<Event>;

struct Row {
    texts: Vec<Template>,
    make: Make,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |(texts, make): &(&[&'static str], Make)| Row {
        texts: texts.iter().map(|text| Template::new(text)).collect(),
        make: *make,
    };
    TABLE.iter().map(row).collect()
});

pub(super) fn recognise(sentence: &str) -> Option<Event> {
    let read = |row: &Row| row.texts.iter().find_map(|text| (row.make)(&text.read(sentence)?));
    ROWS.iter().find_map(read)
}

fn outcome(with: &Values, delivery: Delivery) -> Option<Event> {
    // Without a place for it there is no status.
    let status = if with.text("status").is_empty() { 0 } else { with.small("status")? };
    Some(Event::Outcome { delivery, status, accepted: with.number("accepted")?, refused: with.number("refused")? })
}

fn refused(with: &Values, fault: Fault, detail: &str) -> Option<Event> {
    Some(Event::CertificateRefused { fault, subject: with.unquoted("subject"), detail: with.unquoted(detail) })
}

#[rustfmt::skip]
const TABLE: &[(&[&str], Make)] = &[
    (&["SMTP Connection closed",
       "Conexión SMTP cerrada"],
     |_| Some(Event::Closed)),
    (&["SMTP Connected to '{host}' on port {port}. (secured)",
       "SMTP Conectado a '{host}' en el puerto {port}. (asegurado)"],
     |with| Some(Event::Connected { host: with.owned("host"), port: with.small("port")?, secured: true })),
    (&["SMTP Connected to '{host}' on port {port}. (unsecured)",
       "SMTP Conectado a '{host}' en el puerto {port}. (no asegurado)"],
     |with| Some(Event::Connected { host: with.owned("host"), port: with.small("port")?, secured: false })),
    (&["SMTP Body not logged: {bytes} bytes.",
       "SMTP Cuerpo no registrado: {bytes} bytes."],
     |with| Some(Event::BodyOmitted { bytes: with.number("bytes")?, attachments: None })),
    (&["SMTP Body not logged: {bytes} bytes, with the attachments {attachments}.",
       "SMTP Cuerpo no registrado: {bytes} bytes, con los adjuntos {attachments}."],
     |with| Some(Event::BodyOmitted { bytes: with.number("bytes")?, attachments: Some(with.owned("attachments")) })),
    (&["SMTP Body not logged: {bytes} bytes, then the content ended before it was complete.",
       "SMTP Cuerpo no registrado: {bytes} bytes, después el contenido terminó sin completarse."],
     |with| Some(Event::BodyAbandoned { bytes: with.number("bytes")? })),
    (&["SMTP Mail accepted by the server with {status}. (recipients accepted: {accepted}, refused: {refused})",
       "SMTP Correo aceptado por el servidor con {status}. (destinatarios aceptados: {accepted}, rechazados: {refused})"],
     |with| outcome(with, Delivery::Accepted)),
    (&["SMTP Mail not accepted, the server said {status}. (recipients accepted: {accepted}, refused: {refused})",
       "SMTP Correo no aceptado, el servidor dijo {status}. (destinatarios aceptados: {accepted}, rechazados: {refused})"],
     |with| outcome(with, Delivery::NotAccepted)),
    (&["SMTP Mail not accepted, it was not completed. (recipients accepted: {accepted}, refused: {refused})",
       "SMTP Correo no aceptado, no se completó. (destinatarios aceptados: {accepted}, rechazados: {refused})"],
     |with| outcome(with, Delivery::NotAccepted)),
    (&["SMTP Mail accepted or not, that is unknown: all of it was sent and no valid answer came; sent again, it may arrive twice. (recipients accepted: {accepted}, refused: {refused})",
       "SMTP Correo aceptado o no, se desconoce: se envió entero y no llegó respuesta válida; enviado otra vez, puede llegar dos veces. (destinatarios aceptados: {accepted}, rechazados: {refused})"],
     |with| outcome(with, Delivery::Unknown)),
    (&["SMTP TLS started: {version}, {cipher}, server name '{host}', certificate of {subject} issued by {issuer}, expires on {date}.",
       "SMTP TLS iniciado: {version}, {cipher}, nombre de servidor '{host}', certificado de {subject} emitido por {issuer}, caduca el {date}."],
     |with| Some(Event::TlsStarted { version: with.owned("version"), cipher: with.owned("cipher"), host: with.owned("host"),
                                     subject: with.unquoted("subject"), issuer: with.unquoted("issuer"), date: with.owned("date") })),
    (&["SMTP TLS started: server name '{host}'. (this runtime tells neither version nor cipher nor certificate)",
       "SMTP TLS iniciado: nombre de servidor '{host}'. (este entorno no dice ni versión ni cifrado ni certificado)"],
     |with| Some(Event::TlsStarted { version: "TLS".to_owned(), cipher: String::new(), host: with.owned("host"),
                                     subject: String::new(), issuer: String::new(), date: String::new() })),
    (&["SMTP Recipient '{email}' refused by the server with {status}.",
       "SMTP Destinatario '{email}' rechazado por el servidor con {status}."],
     |with| Some(Event::RecipientRefused { email: with.owned("email"), status: with.small("status")? })),

    (&["SMTP Name not resolved: no address found for '{host}'. ({reason})",
       "SMTP Nombre no resuelto: no se encontró ninguna dirección para '{host}'. ({reason})"],
     |with| Some(Event::NotResolved { host: with.owned("host"), reason: with.owned("reason") })),
    (&["SMTP No connection to {ip} on port {port} after {elapsed}: {failure}.",
       "SMTP Sin conexión con {ip} en el puerto {port} tras {elapsed}: {failure}."],
     |with| Some(Event::AttemptFailed { ip: with.owned("ip"), port: with.small("port")?, elapsed_ms: with.ms("elapsed")?, failure: with.failure() })),
    (&["SMTP Not connected to '{host}' on port {port}: none of its addresses could be reached.",
       "SMTP No conectado a '{host}' en el puerto {port}: no se pudo alcanzar ninguna de sus direcciones."],
     |with| Some(Event::NotConnected { host: with.owned("host"), port: with.small("port")?, everywhere: true })),
    (&["SMTP Not connected to '{host}' on port {port}.",
       "SMTP No conectado a '{host}' en el puerto {port}."],
     |with| Some(Event::NotConnected { host: with.owned("host"), port: with.small("port")?, everywhere: false })),
    (&["SMTP Not connected: the proxy '{proxy}' made no connection. ({reason})",
       "SMTP No conectado: el proxy '{proxy}' no estableció la conexión. ({reason})"],
     |with| Some(Event::ProxyFailed { proxy: with.owned("proxy"), reason: with.owned("reason") })),
    (&["SMTP Not connected: refused by the policy of this host. ({reason})",
       "SMTP No conectado: rechazado por la política de este equipo. ({reason})"],
     |with| Some(Event::Denied { reason: with.owned("reason") })),
    (&["SMTP Kept connection found closed by the server, opening a new one.",
       "SMTP El servidor había cerrado la conexión conservada, se abre otra."],
     |_| Some(Event::Reconnecting)),
    (&["SMTP Timed out after {limit} while waiting for {awaiting}.",
       "SMTP Tiempo agotado tras {limit} mientras se esperaba {awaiting}."],
     |with| Some(Event::TimedOut { awaiting: with.awaiting()?, limit_ms: with.ms("limit")? })),
    (&["SMTP Connection lost while waiting for {awaiting}: {failure}.",
       "SMTP Conexión perdida mientras se esperaba {awaiting}: {failure}."],
     |with| Some(Event::Lost { awaiting: with.awaiting()?, failure: with.failure() })),

    (&["SMTP Mail not sent: it needs {extension}, which the server does not offer. ({reason})",
       "SMTP Correo no enviado: necesita {extension}, que el servidor no ofrece. ({reason})"],
     |with| Some(Event::NotOffered { extension: with.owned("extension"), reason: with.owned("reason") })),
    (&["SMTP Mail not sent: it has {size} bytes, the server takes at most {limit}.",
       "SMTP Correo no enviado: tiene {size} bytes, el servidor acepta como máximo {limit}."],
     |with| Some(Event::TooLarge { size: with.number("size")?, limit: with.number("limit")? })),
    (&["SMTP Mail not completed: its content could not be read to the end. ({reason})",
       "SMTP Correo no completado: su contenido no se pudo leer hasta el final. ({reason})"],
     |with| Some(Event::ContentFailed { reason: with.owned("reason") })),

    (&["SMTP Not authenticated: the server offers no authentication.",
       "SMTP No autenticado: el servidor no ofrece autenticación."],
     |_| Some(Event::AuthNotOffered)),
    (&["SMTP Not authenticated: nothing that the server offers can be used. ({offered})",
       "SMTP No autenticado: nada de lo que el servidor ofrece se puede usar. ({offered})"],
     |with| Some(Event::AuthNotPossible { offered: with.owned("offered") })),
    (&["SMTP Not authenticated: the exchange was broken off. ({reason})",
       "SMTP No autenticado: el intercambio se interrumpió. ({reason})"],
     |with| Some(Event::AuthBroken { reason: with.owned("reason") })),
    (&["SMTP OAuth2 error of the server: {json}",
       "SMTP Error OAuth2 del servidor: {json}"],
     |with| Some(Event::OauthError { json: with.owned("json") })),
    (&["SMTP Reply not understood while waiting for {awaiting}: \"{bytes}\"",
       "SMTP Respuesta no comprendida mientras se esperaba {awaiting}: \"{bytes}\""],
     |with| Some(Event::NotUnderstood { awaiting: with.awaiting()?, bytes: with.owned("bytes") })),
    (&["SMTP Reply too long while waiting for {awaiting}: more than {limit} bytes.",
       "SMTP Respuesta demasiado larga mientras se esperaba {awaiting}: más de {limit} bytes."],
     |with| Some(Event::ReplyTooLong { awaiting: with.awaiting()?, limit: with.number("limit")? })),
    (&["SMTP Service closed by the server with 421 while waiting for {awaiting}.",
       "SMTP Servicio cerrado por el servidor con 421 mientras se esperaba {awaiting}."],
     |with| Some(Event::ServiceClosing { awaiting: with.awaiting()? })),

    (&["SMTP TLS failed: the certificate of {subject} has an unknown issuer, {issuer}.",
       "SMTP TLS fallido: el certificado de {subject} tiene un emisor desconocido, {issuer}."],
     |with| refused(with, Fault::UnknownIssuer, "issuer")),
    (&["SMTP TLS failed: the certificate of {subject} is issued by itself, and so by an unknown issuer.",
       "SMTP TLS fallido: el certificado de {subject} está emitido por sí mismo, y así por un emisor desconocido."],
     |with| refused(with, Fault::SelfSigned, "")),
    (&["SMTP TLS failed: the certificate of {subject} expired on {after}.",
       "SMTP TLS fallido: el certificado de {subject} caducó el {after}."],
     |with| refused(with, Fault::Expired, "after")),
    (&["SMTP TLS failed: the certificate of {subject} is not valid before {before}.",
       "SMTP TLS fallido: el certificado de {subject} no es válido antes del {before}."],
     |with| refused(with, Fault::NotYetValid, "before")),
    (&["SMTP TLS failed: the certificate is made for other names than this server's, it has {names}.",
       "SMTP TLS fallido: el certificado está hecho para otros nombres que el de este servidor, tiene {names}."],
     |with| Some(Event::CertificateRefused { fault: Fault::WrongName, subject: String::new(), detail: with.owned("names") })),
    (&["SMTP TLS failed: the certificate of {subject} has been revoked by its issuer, {issuer}.",
       "SMTP TLS fallido: el certificado de {subject} ha sido revocado por su emisor, {issuer}."],
     |with| refused(with, Fault::Revoked, "issuer")),
    (&["SMTP TLS failed: the certificate of {subject} is not the pinned one, its SHA-256 is {sha256}.",
       "SMTP TLS fallido: el certificado de {subject} no es el fijado, su SHA-256 es {sha256}."],
     |with| refused(with, Fault::PinMismatch, "sha256")),
    (&["SMTP TLS failed: the signature of the certificate of {subject} is wrong. ({detail})",
       "SMTP TLS fallido: la firma del certificado de {subject} es incorrecta. ({detail})"],
     |with| refused(with, Fault::BadSignature, "detail")),
    (&["SMTP TLS failed: the certificate of {subject} is not made for servers. ({detail})",
       "SMTP TLS fallido: el certificado de {subject} no está hecho para servidores. ({detail})"],
     |with| refused(with, Fault::NotForServers, "detail")),
    (&["SMTP TLS failed: the certificate of the server can't be read. ({detail})",
       "SMTP TLS fallido: el certificado del servidor no se puede leer. ({detail})"],
     |with| refused(with, Fault::Malformed, "detail")),
    (&["SMTP TLS failed: the certificate of {subject} did not pass. ({detail})",
       "SMTP TLS fallido: el certificado de {subject} no fue aceptado. ({detail})"],
     |with| refused(with, Fault::Other, "detail")),
    (&["SMTP TLS failed: the server speaks plain text on this port, it said \"{line}\"",
       "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto, dijo \"{line}\""],
     |with| Some(Event::NotTls { line: with.owned("line") })),
    (&["SMTP TLS failed: the server speaks plain text on this port.",
       "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto."],
     |_| Some(Event::NotTls { line: String::new() })),
    (&["SMTP TLS failed: no TLS version or cipher suite in common with the server. ({detail})",
       "SMTP TLS fallido: ninguna versión de TLS ni cifrado en común con el servidor. ({detail})"],
     |with| Some(Event::NothingInCommon { detail: with.owned("detail") })),
    (&["SMTP TLS not started: the trust settings can't be read. ({detail})",
       "SMTP TLS no iniciado: la configuración de confianza no se puede leer. ({detail})"],
     |with| Some(Event::BadTrust { detail: with.owned("detail") })),
    (&["SMTP TLS failed while waiting for the handshake: the server ended the connection without a word.",
       "SMTP TLS fallido mientras se esperaba la negociación: el servidor cerró la conexión sin decir nada."],
     |_| Some(Event::TlsBroken { failure: Broken::Ended })),
    (&["SMTP TLS failed while waiting for the handshake: {failure}.",
       "SMTP TLS fallido mientras se esperaba la negociación: {failure}."],
     |with| Some(Event::TlsBroken { failure: with.failure() })),
    (&["SMTP TLS failed. ({detail})",
       "SMTP TLS fallido. ({detail})"],
     |with| Some(Event::TlsFailed { detail: with.owned("detail") })),
    (&["SMTP TLS not started: the server offers no STARTTLS though it is required.",
       "SMTP TLS no iniciado: el servidor no ofrece STARTTLS aunque se exige."],
     |_| Some(Event::StarttlsNotOffered)),
    (&["SMTP TLS not started: the server refused STARTTLS with {status} though it is required.",
       "SMTP TLS no iniciado: el servidor rechazó STARTTLS con {status} aunque se exige."],
     |with| Some(Event::StarttlsRefused { status: with.small("status")? })),
    (&["SMTP TLS not started: STARTTLS can't be had from the server, going on in the clear as the settings accept.",
       "SMTP TLS no iniciado: el servidor no da STARTTLS, se sigue sin cifrar como acepta la configuración."],
     |_| Some(Event::InTheClear)),
    (&["SMTP Reply not understood while waiting for the greeting of the server: it speaks TLS at once on this port.",
       "SMTP Respuesta no comprendida mientras se esperaba el saludo del servidor: habla TLS desde el principio en este puerto."],
     |_| Some(Event::TlsOnPlainPort)),
    (&["SMTP TLS not started: {count} bytes came in the clear behind the reply to STARTTLS, perhaps put there by somebody else.",
       "SMTP TLS no iniciado: {count} bytes llegaron sin cifrar tras la respuesta a STARTTLS, quizá puestos por un tercero."],
     |with| Some(Event::InjectedBytes { count: with.number("count")? })),

    (&["SMTP Log: {lines} lines could not be written ({reason})",
       "SMTP Log: {lines} line could not be written ({reason})",
       "SMTP Registro: {lines} líneas no se pudieron escribir ({reason})",
       "SMTP Registro: {lines} línea no se pudo escribir ({reason})"],
     |with| Some(Event::LinesLost { lines: with.number("lines")?, reason: with.owned("reason") })),
];

/// What was being waited for.
#[rustfmt::skip]
const AWAITED: &[(Phase, &str, &str)] = &[
    (Phase::Resolve, "the addresses of the server", "las direcciones del servidor"),
    (Phase::Connect, "the connection", "la conexión"),
    (Phase::Tls, "the TLS handshake", "la negociación TLS"),
    (Phase::Greeting, "the greeting of the server", "el saludo del servidor"),
    (Phase::Ehlo, "the reply to EHLO", "la respuesta a EHLO"),
    (Phase::Starttls, "the reply to STARTTLS", "la respuesta a STARTTLS"),
    (Phase::Auth, "the reply to AUTH", "la respuesta a AUTH"),
    (Phase::Noop, "the reply to NOOP", "la respuesta a NOOP"),
    (Phase::Rset, "the reply to RSET", "la respuesta a RSET"),
    (Phase::MailFrom, "the reply to MAIL FROM", "la respuesta a MAIL FROM"),
    (Phase::RcptTo, "the reply to RCPT TO", "la respuesta a RCPT TO"),
    (Phase::Data, "the reply to DATA", "la respuesta a DATA"),
    (Phase::Content, "the content of the mail to be taken", "la aceptación del contenido del correo"),
    (Phase::Quit, "the reply to QUIT", "la respuesta a QUIT"),
    (Phase::Policy, "the permission of this host", "el permiso de este equipo"),
    (Phase::Input, "the mail to be handed over", "la entrega del correo por el programa"),
];

pub(super) fn phase(text: &str) -> Option<Phase> {
    AWAITED.iter().find(|(_, english, spanish)| text == *english || text == *spanish).map(|(phase, ..)| *phase)
}

/// How a connection broke; what is none of the known phrases is the system's words.
pub(super) fn broken(text: &str) -> Broken {
    match text {
        "connection refused, nobody listens there" | "conexión rechazada, nadie escucha ahí" => Broken::Refused,
        "unreachable, no route leads there" | "inalcanzable, ninguna ruta lleva ahí" => Broken::Unreachable,
        "reset by the other side" | "interrumpida por el otro extremo" => Broken::Reset,
        "ended by the other side" | "cerrada por el otro extremo" => Broken::Ended,
        _ => {
            let limit = text.strip_prefix("no answer within ").or_else(|| text.strip_prefix("sin respuesta en "));
            match limit.and_then(milliseconds) {
                Some(limit_ms) => Broken::TimedOut { limit_ms },
                None => Broken::Other { reason: super::values::kept(text) },
            }
        }
    }
}
