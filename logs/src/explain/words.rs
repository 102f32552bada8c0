//! What an explanation says around the diagnoses, in every language.

use crate::causes::Language;
use crate::conversation::{Outcome, Phase};

/// `en`, `es`.
pub(super) type Words = (&'static str, &'static str);

pub(super) fn say(words: Words, language: Language) -> &'static str {
    match language {
        Language::English => words.0,
        Language::Spanish => words.1,
    }
}

pub(super) fn outcome(outcome: Outcome) -> Words {
    match outcome {
        Outcome::Accepted => ("accepted", "aceptado"),
        Outcome::Partly => ("partly", "en parte"),
        Outcome::Failed => ("FAILED", "FALLIDO"),
        Outcome::Unknown => ("UNKNOWN", "INCIERTO"),
        Outcome::Checked => ("checked", "comprobado"),
        Outcome::Unfinished => ("unfinished", "inacabado"),
    }
}

pub(super) fn waited(phase: Phase) -> Words {
    match phase {
        Phase::Resolve => ("for the addresses of the server", "las direcciones del servidor"),
        Phase::Connect => ("for the connection", "la conexión"),
        Phase::Tls => ("for the TLS handshake", "la negociación TLS"),
        Phase::Greeting => ("for the greeting", "el saludo"),
        Phase::Ehlo => ("for the reply to EHLO", "la respuesta a EHLO"),
        Phase::Starttls => ("for the reply to STARTTLS", "la respuesta a STARTTLS"),
        Phase::Auth => ("for the reply to AUTH", "la respuesta a AUTH"),
        Phase::Noop => ("for the reply to NOOP", "la respuesta a NOOP"),
        Phase::Rset => ("for the reply to RSET", "la respuesta a RSET"),
        Phase::MailFrom => ("for the reply to MAIL FROM", "la respuesta a MAIL FROM"),
        Phase::RcptTo => ("for the reply to RCPT TO", "la respuesta a RCPT TO"),
        Phase::Data => ("for the reply to DATA", "la respuesta a DATA"),
        Phase::Content => ("for the server to take the mail", "que el servidor tomara el correo"),
        Phase::Quit => ("for the reply to QUIT", "la respuesta a QUIT"),
        Phase::Policy => ("for the permission of this host", "el permiso de este equipo"),
        Phase::Input => ("for the program", "el programa"),
    }
}

pub(super) const UNKNOWN_SERVER: Words = ("server not named", "servidor no nombrado");
pub(super) const IN_THE_CLEAR: Words = ("in the clear", "sin cifrar");
pub(super) const TLS_FAILED: Words = ("TLS failed", "TLS fallido");
pub(super) const NO_USER: Words = ("no user", "sin usuario");
pub(super) const USER_ACCEPTED: Words = ("user accepted", "usuario aceptado");
pub(super) const USER_REFUSED: Words = ("user refused", "usuario rechazado");
pub(super) const USER_UNDECIDED: Words = ("login unanswered", "acceso sin respuesta");
pub(super) const NO_MAIL: Words = ("no mail", "sin correo");
pub(super) const MAILS: Words = ("mails", "correos");
pub(super) const BYTES: Words = ("bytes", "bytes");
pub(super) const REFUSED: Words = ("refused", "rechazado");
pub(super) const ALSO_REFUSED: Words = ("refused", "rechazados");
pub(super) const MORE: Words = ("more", "más");
pub(super) const UNANSWERED: Words = ("unanswered", "sin respuesta");
pub(super) const NULL_SENDER: Words = ("(null sender)", "(remitente nulo)");
pub(super) const UNKNOWN_SENDER: Words = ("(sender not logged)", "(remitente no registrado)");
pub(super) const NOBODY: Words = ("(nobody)", "(nadie)");
pub(super) const MAIL: Words = ("mail", "correo");
pub(super) const LINE: Words = ("line", "línea");
pub(super) const FILE: Words = ("of", "de");
pub(super) const RECIPIENT: Words = ("recipient", "destinatario");
pub(super) const WORDS_OF: Words = ("words of", "palabras de");
pub(super) const TO_DO: Words = ("what to do", "qué hacer");
pub(super) const SEE: Words = ("see", "véase");
pub(super) const USUAL: Words = ("usual is under", "lo habitual es menos de");
pub(super) const WAS_WAITING: Words = ("was waiting", "esperaba");
pub(super) const WAITED: Words = ("waited", "se esperó");

pub(super) fn delivery(delivery: crate::conversation::Delivery) -> Words {
    use crate::conversation::Delivery;
    match delivery {
        Delivery::Accepted => ("accepted", "aceptado"),
        Delivery::NotAccepted => ("not accepted", "no aceptado"),
        Delivery::Unknown => ("accepted or not: unknown", "aceptado o no: incierto"),
        Delivery::MovedOn => ("sent anew over another connection", "enviado de nuevo por otra conexión"),
        Delivery::Unfinished => ("the log ends before", "el registro termina antes"),
    }
}

/// What is out of the ordinary about the log of a conversation.
pub(super) const MIDDLE: Words =
    ("The log begins in the middle of this conversation.", "El registro empieza en mitad de esta conversación.");
pub(super) const LOG_ENDS: Words =
    ("The log ends before this conversation does.", "El registro termina antes que esta conversación.");
pub(super) const OVERTAKEN: Words = (
    "Another conversation of the same process begins before this one ends: lines are missing, or two programs write into one file.",
    "Otra conversación del mismo proceso empieza antes de que esta termine: faltan líneas, o dos programas escriben en un mismo archivo.",
);
pub(super) const SET_ASIDE: Words = (
    "Too many conversations were open at once: the rest of this one is told apart.",
    "Había demasiadas conversaciones abiertas a la vez: el resto de esta se cuenta aparte.",
);
pub(super) const CONTINUED: Words =
    ("It goes on below, under the same number.", "Continúa más abajo, con el mismo número.");
pub(super) const DAMAGED: Words = ("A line of it is torn or was broken.", "Una línea suya está cortada o partida.");
pub(super) const LINES_LOST: Words = (
    "lines of the log could not be written here or nearby.",
    "líneas del registro no se pudieron escribir aquí o cerca.",
);
