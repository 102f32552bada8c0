//! The words of the page, in every language. The script of the page takes its own from here, too.

use crate::causes::Language;

/// Key, English, Spanish.
const LABELS: &[(&str, &str, &str)] = &[
    ("lang", "en", "es"),
    ("title", "Mail report", "Informe de correo"),
    ("of", "of", "de"),
    ("to", "to", "a"),
    ("local-time", "times as the log has them", "horas tal como están en el registro"),
    ("nothing", "The log holds no conversation.", "El registro no contiene ninguna conversación."),
    ("mails-accepted", "mails accepted", "correos aceptados"),
    ("mails-failed", "mails not accepted", "correos no aceptados"),
    ("mails-unknown", "mails undecided", "correos sin decidir"),
    ("conversations", "Conversations", "Conversaciones"),
    ("failed-conversations", "conversations with a problem", "conversaciones con problemas"),
    ("recipients-refused", "recipients refused", "destinatarios rechazados"),
    ("content", "of mail handed over", "de correo entregado"),
    ("all-well", "Every mail was accepted.", "Todos los correos fueron aceptados."),
    ("over-time", "Mails over time", "Correos a lo largo del tiempo"),
    ("per-bar", "One bar is", "Cada barra es"),
    ("most", "at most", "como máximo"),
    ("mails", "mails", "correos"),
    ("accepted", "Accepted", "Aceptado"),
    ("partly", "Accepted in part", "Aceptado en parte"),
    ("failed", "Failed", "Fallido"),
    ("unknown", "Not known", "Se desconoce"),
    ("checked", "Connection checked", "Conexión comprobada"),
    ("unfinished", "Not finished in this log", "Sin terminar en este registro"),
    ("undecided", "Undecided", "Sin decidir"),
    ("not-accepted", "Not accepted", "No aceptado"),
    ("moved-on", "Continued over another connection", "Continuado por otra conexión"),
    ("outcomes", "How the conversations ended", "Cómo acabaron las conversaciones"),
    ("causes", "What went wrong", "Qué falló"),
    ("cause", "Cause", "Causa"),
    ("times", "Times", "Veces"),
    ("show-these", "Show these", "Mostrarlas"),
    ("latency", "How long the server took", "Cuánto tardó el servidor"),
    (
        "latency-note",
        "Each strip runs from 1 ms to 10 s and more, by factors of ten; the taller, the more often.",
        "Cada tira va de 1 ms a 10 s o más, por factores de diez; cuanto más alta, más a menudo.",
    ),
    ("phase", "Step", "Paso"),
    ("distribution", "Distribution", "Distribución"),
    ("median", "Half within", "La mitad en"),
    ("p90", "9 of 10 within", "9 de 10 en"),
    ("longest", "Longest", "La mayor"),
    ("slowest", "Longest waits", "Esperas más largas"),
    ("no-waits", "The server never kept anybody waiting for long.", "El servidor nunca hizo esperar mucho."),
    ("wait", "Wait", "Espera"),
    ("waited-for", "For", "Para"),
    ("usual", "usually up to", "lo usual es hasta"),
    ("number", "No.", "N.º"),
    ("conversation", "Conversation", "Conversación"),
    ("server", "Server", "Servidor"),
    ("port", "port", "puerto"),
    ("started", "Begin", "Inicio"),
    ("duration", "Duration", "Duración"),
    ("from-to", "Sender and recipients", "Remitente y destinatarios"),
    ("outcome", "Outcome", "Resultado"),
    ("search", "Search", "Buscar"),
    ("search-hint", "address, server, text", "dirección, servidor, texto"),
    ("all", "All", "Todos"),
    ("problems", "Problems", "Problemas"),
    ("shown", "shown", "mostradas"),
    ("more", "Show 100 more", "Mostrar 100 más"),
    ("every", "Show all", "Mostrar todas"),
    ("none-fits", "No conversation fits.", "Ninguna conversación coincide."),
    ("details", "Details of conversation", "Detalles de la conversación"),
    ("capped", "The table holds the first", "La tabla contiene las primeras"),
    (
        "capped-rest",
        "conversations; the figures above count all of them.",
        "conversaciones; las cifras de arriba cuentan todas.",
    ),
    (
        "lines-capped",
        "The lines of this conversation are not in this page, which keeps those of the first few hundred. Look at the log, lines",
        "Las líneas de esta conversación no están en esta página, que guarda las de los primeros cientos. Vea el registro, líneas",
    ),
    ("lines-left", "more lines stand in the log.", "líneas más están en el registro."),
    ("lost", "Lines that could not be written to the log:", "Líneas que no se pudieron escribir en el registro:"),
    ("damaged", "Conversations with a torn or broken line:", "Conversaciones con una línea rota:"),
    ("sequence", "What was said", "Lo que se dijo"),
    ("timeline", "Where the time went", "En qué se fue el tiempo"),
    ("log-lines", "The lines of the log", "Las líneas del registro"),
    ("line", "line", "línea"),
    ("lines", "lines", "líneas"),
    ("client", "Client", "Cliente"),
    ("content-lines", "lines of content", "líneas de contenido"),
    ("retry", "Send again?", "¿Enviar de nuevo?"),
    ("retry-later", "Yes, later: it may pass without any change.", "Sí, más tarde: puede pasar sin cambios."),
    ("retry-never", "No: it will fail again.", "No: fallará de nuevo."),
    ("retry-after-change", "After the change.", "Después del cambio."),
    ("advice", "What to do", "Qué hacer"),
    ("said-by", "In the words of", "En palabras de"),
    ("source", "Documented", "Documentado"),
    ("tls", "Encryption", "Cifrado"),
    ("tls-on", "TLS from the first byte", "TLS desde el primer byte"),
    ("tls-off", "none", "ninguno"),
    ("tls-failed", "failed", "fallido"),
    ("tls-unknown", "not in the log", "no está en el registro"),
    ("login", "Login", "Identificación"),
    ("login-accepted", "accepted", "aceptada"),
    ("login-refused", "refused", "rechazada"),
    ("login-begun", "begun", "empezada"),
    ("login-none", "none", "ninguna"),
    ("process", "Process", "Proceso"),
    ("mail", "Mail", "Correo"),
    ("sender", "Sender", "Remitente"),
    ("null-sender", "(empty: a notification)", "(vacío: una notificación)"),
    ("recipients", "Recipients", "Destinatarios"),
    ("refused", "refused", "rechazado"),
    ("unanswered", "no reply", "sin respuesta"),
    ("and-more", "and more:", "y más:"),
    ("subject", "Subject", "Asunto"),
    ("size", "Size", "Tamaño"),
    ("reply", "Reply", "Respuesta"),
    ("slow", "Longer than usual:", "Más de lo usual:"),
    ("time", "Time", "Hora"),
    ("who", "Who", "Quién"),
    ("text", "Text", "Texto"),
    (
        "no-script",
        "The table of conversations needs JavaScript, which is switched off. Everything above does not.",
        "La tabla de conversaciones necesita JavaScript, que está desactivado. Lo de arriba no.",
    ),
    (
        "made",
        "Made by host logs report. This page is complete in itself: it loads nothing and sends nothing.",
        "Hecho por host logs report. Esta página está completa: no carga ni envía nada.",
    ),
    ("phase-resolve", "Name", "Nombre"),
    ("phase-connect", "Connection", "Conexión"),
    ("phase-tls", "TLS", "TLS"),
    ("phase-greeting", "Greeting", "Saludo"),
    ("phase-ehlo", "EHLO", "EHLO"),
    ("phase-starttls", "STARTTLS", "STARTTLS"),
    ("phase-auth", "Login", "Identificación"),
    ("phase-noop", "NOOP", "NOOP"),
    ("phase-rset", "RSET", "RSET"),
    ("phase-mail-from", "MAIL FROM", "MAIL FROM"),
    ("phase-rcpt-to", "RCPT TO", "RCPT TO"),
    ("phase-envelope", "Sender, recipients", "Remitente, destinatarios"),
    ("phase-data", "Sending the content", "Envío del contenido"),
    ("phase-content", "Reply to the content", "Respuesta al contenido"),
    ("phase-reply", "Reply to the content", "Respuesta al contenido"),
    ("phase-quit", "QUIT", "QUIT"),
    ("phase-idle", "Idle", "En espera"),
    ("phase-policy", "Permission", "Permiso"),
    ("phase-input", "The mail itself", "El correo mismo"),
];

/// The words for a key; the key itself where there are none.
pub fn label(language: Language, key: &str) -> &str {
    let entry = LABELS.iter().find(|entry| entry.0 == key);
    match language {
        Language::English => entry.map_or(key, |entry| entry.1),
        Language::Spanish => entry.map_or(key, |entry| entry.2),
    }
}

/// All words of a language, for the script.
pub fn all(language: Language) -> serde_json::Map<String, serde_json::Value> {
    LABELS.iter().map(|entry| (entry.0.to_owned(), label(language, entry.0).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_stands_there_once_and_every_key_that_is_used_stands_there() {
        let keys: HashSet<_> = LABELS.iter().map(|entry| entry.0).collect();
        assert_eq!(keys.len(), LABELS.len());
        // `t("key")`, and no longer name that ends with a t.
        let used = |text: &'static str| {
            let calls = text.match_indices("t(\"").filter(|(at, _)| !text[..*at].ends_with(char::is_alphanumeric));
            calls.filter_map(|(at, call)| text[at + call.len()..].split('"').next()).collect::<Vec<_>>()
        };
        let template = include_str!("../../templates/report.html");
        let all: Vec<_> = used(template).into_iter().chain(used(crate::report::SCRIPT)).collect();
        assert!(all.len() > 80, "{}", all.len());
        for key in all {
            assert!(keys.contains(key), "no label {key}");
        }
    }
}
