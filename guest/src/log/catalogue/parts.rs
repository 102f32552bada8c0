//! Parts of sentences: what was being waited for, and why a connection failed.

super::texts! {
    AWAITING_RESOLVE
        en "the addresses of the server"
        es "las direcciones del servidor"
    AWAITING_CONNECT
        en "the connection"
        es "la conexión"
    AWAITING_TLS
        en "the TLS handshake"
        es "la negociación TLS"
    AWAITING_GREETING
        en "the greeting of the server"
        es "el saludo del servidor"
    AWAITING_EHLO
        en "the reply to EHLO"
        es "la respuesta a EHLO"
    AWAITING_STARTTLS
        en "the reply to STARTTLS"
        es "la respuesta a STARTTLS"
    AWAITING_AUTH
        en "the reply to AUTH"
        es "la respuesta a AUTH"
    AWAITING_NOOP
        en "the reply to NOOP"
        es "la respuesta a NOOP"
    AWAITING_RSET
        en "the reply to RSET"
        es "la respuesta a RSET"
    AWAITING_MAIL_FROM
        en "the reply to MAIL FROM"
        es "la respuesta a MAIL FROM"
    AWAITING_RCPT_TO
        en "the reply to RCPT TO"
        es "la respuesta a RCPT TO"
    AWAITING_DATA
        en "the reply to DATA"
        es "la respuesta a DATA"
    AWAITING_CONTENT
        en "the content of the mail to be taken"
        es "la aceptación del contenido del correo"
    AWAITING_QUIT
        en "the reply to QUIT"
        es "la respuesta a QUIT"
    AWAITING_POLICY
        en "the permission of this host"
        es "el permiso de este equipo"
    AWAITING_INPUT
        en "the mail to be handed over"
        es "la entrega del correo por el programa"

    FAILURE_REFUSED
        en "connection refused, nobody listens there"
        es "conexión rechazada, nadie escucha ahí"
    FAILURE_UNREACHABLE
        en "unreachable, no route leads there"
        es "inalcanzable, ninguna ruta lleva ahí"
    FAILURE_TIMED_OUT
        en "no answer within {limit}"
        es "sin respuesta en {limit}"
    FAILURE_RESET
        en "reset by the other side"
        es "interrumpida por el otro extremo"
    FAILURE_ENDED
        en "ended by the other side"
        es "cerrada por el otro extremo"
    FAILURE_OTHER
        en "{reason}"
        es "{reason}"

    QUOTED
        en "'{name}'"
        es "'{name}'"
    NAMES_NONE
        en "no name at all"
        es "ningún nombre"
    MORE_NAMES
        en "{names} and {more} more"
        es "{names} y {more} más"
    ATTACHMENT
        en "'{name}' ({type}, {size} bytes)"
        es "'{name}' ({type}, {size} bytes)"
    ATTACHMENT_NO_SIZE
        en "'{name}' ({type}, size unknown)"
        es "'{name}' ({type}, tamaño desconocido)"
    ATTACHMENT_NO_NAME
        en "unnamed ({type}, {size} bytes)"
        es "sin nombre ({type}, {size} bytes)"
    ATTACHMENT_BARE
        en "unnamed ({type}, size unknown)"
        es "sin nombre ({type}, tamaño desconocido)"
}
