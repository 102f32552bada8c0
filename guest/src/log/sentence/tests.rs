//! Every event as it reads, in both languages: the wording is a contract.

use super::*;
use crate::log::{Certificate, Check, TlsFacts, TlsFailure};

fn check(note: Note, english: &str, spanish: &str) {
    let mask = Mask::default();
    assert_eq!(of(&note, Language::English, &mask), english);
    assert_eq!(of(&note, Language::Spanish, &mask), spanish);
}

#[test]
fn the_wordings_of_the_origin() {
    check(
        Note::Connected { host: "smtp.gmail.com".into(), port: 465, secured: true },
        "### SMTP Connected to 'smtp.gmail.com' on port 465. (secured)",
        "### SMTP Conectado a 'smtp.gmail.com' en el puerto 465. (asegurado)",
    );
    check(
        Note::Connected { host: "h".into(), port: 25, secured: false },
        "### SMTP Connected to 'h' on port 25. (unsecured)",
        "### SMTP Conectado a 'h' en el puerto 25. (no asegurado)",
    );
    check(Note::Closed, "### SMTP Connection closed", "### Conexión SMTP cerrada");
}
