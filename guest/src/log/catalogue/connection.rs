//! From the name to the live connection, and its end.

super::texts! {
    CONNECTED_SECURED
        en "SMTP Connected to '{host}' on port {port}. (secured)"
        es "SMTP Conectado a '{host}' en el puerto {port}. (asegurado)"
    CONNECTED_UNSECURED
        en "SMTP Connected to '{host}' on port {port}. (unsecured)"
        es "SMTP Conectado a '{host}' en el puerto {port}. (no asegurado)"
    CLOSED
        en "SMTP Connection closed"
        es "Conexión SMTP cerrada"

    NOT_RESOLVED
        en "SMTP Name not resolved: no address found for '{host}'. ({reason})"
        es "SMTP Nombre no resuelto: no se encontró ninguna dirección para '{host}'. ({reason})"
    ATTEMPT_FAILED
        en "SMTP No connection to {ip} on port {port} after {elapsed}: {failure}."
        es "SMTP Sin conexión con {ip} en el puerto {port} tras {elapsed}: {failure}."
    NOT_CONNECTED
        en "SMTP Not connected to '{host}' on port {port}: none of its addresses could be reached."
        es "SMTP No conectado a '{host}' en el puerto {port}: no se pudo alcanzar ninguna de sus direcciones."
    NOT_CONNECTED_THEREFORE
        en "SMTP Not connected to '{host}' on port {port}."
        es "SMTP No conectado a '{host}' en el puerto {port}."
    PROXY_FAILED
        en "SMTP Not connected: the proxy '{proxy}' made no connection. ({reason})"
        es "SMTP No conectado: el proxy '{proxy}' no estableció la conexión. ({reason})"
    DENIED
        en "SMTP Not connected: refused by the policy of this host. ({reason})"
        es "SMTP No conectado: rechazado por la política de este equipo. ({reason})"

    RECONNECTING
        en "SMTP Kept connection found closed by the server, opening a new one."
        es "SMTP El servidor había cerrado la conexión conservada, se abre otra."
    TIMED_OUT
        en "SMTP Timed out after {limit} while waiting for {awaiting}."
        es "SMTP Tiempo agotado tras {limit} mientras se esperaba {awaiting}."
    LOST
        en "SMTP Connection lost while waiting for {awaiting}: {failure}."
        es "SMTP Conexión perdida mientras se esperaba {awaiting}: {failure}."
}
