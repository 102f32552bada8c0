//! Every event in every language, side by side.

use super::language::Text;

pub const CONNECTED_SECURED: Text = Text {
    en: "### SMTP Connected to '{host}' on port {port}. (secured)",
    es: "### SMTP Conectado a '{host}' en el puerto {port}. (asegurado)",
};
pub const CONNECTED_UNSECURED: Text = Text {
    en: "### SMTP Connected to '{host}' on port {port}. (unsecured)",
    es: "### SMTP Conectado a '{host}' en el puerto {port}. (no asegurado)",
};
pub const CLOSED: Text = Text { en: "### SMTP Connection closed", es: "### Conexión SMTP cerrada" };
