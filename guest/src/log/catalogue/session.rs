//! What stops or bends a conversation, apart from TLS.

super::texts! {
    AUTH_NOT_OFFERED
        en "SMTP Not authenticated: the server offers no authentication."
        es "SMTP No autenticado: el servidor no ofrece autenticación."
    AUTH_NOT_POSSIBLE
        en "SMTP Not authenticated: nothing that the server offers can be used. ({offered})"
        es "SMTP No autenticado: nada de lo que el servidor ofrece se puede usar. ({offered})"
    AUTH_BROKEN
        en "SMTP Not authenticated: the exchange was broken off. ({reason})"
        es "SMTP No autenticado: el intercambio se interrumpió. ({reason})"
    OAUTH_ERROR
        en "SMTP OAuth2 error of the server: {json}"
        es "SMTP Error OAuth2 del servidor: {json}"

    NOT_UNDERSTOOD
        en "SMTP Reply not understood while waiting for {awaiting}: \"{bytes}\""
        es "SMTP Respuesta no comprendida mientras se esperaba {awaiting}: \"{bytes}\""
    REPLY_TOO_LONG
        en "SMTP Reply too long while waiting for {awaiting}: more than {limit} bytes."
        es "SMTP Respuesta demasiado larga mientras se esperaba {awaiting}: más de {limit} bytes."
    SERVICE_CLOSING
        en "SMTP Service closed by the server with 421 while waiting for {awaiting}."
        es "SMTP Servicio cerrado por el servidor con 421 mientras se esperaba {awaiting}."
}
