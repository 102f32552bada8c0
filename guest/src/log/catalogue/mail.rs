//! What became of a mail and its recipients.

super::texts! {
    RECIPIENT_REFUSED
        en "SMTP Recipient '{email}' refused by the server with {status}."
        es "SMTP Destinatario '{email}' rechazado por el servidor con {status}."
    NOT_OFFERED
        en "SMTP Mail not sent: it needs {extension}, which the server does not offer. ({reason})"
        es "SMTP Correo no enviado: necesita {extension}, que el servidor no ofrece. ({reason})"
    TOO_LARGE
        en "SMTP Mail not sent: it has {size} bytes, the server takes at most {limit}."
        es "SMTP Correo no enviado: tiene {size} bytes, el servidor acepta como máximo {limit}."
    CONTENT_FAILED
        en "SMTP Mail not completed: its content could not be read to the end. ({reason})"
        es "SMTP Correo no completado: su contenido no se pudo leer hasta el final. ({reason})"

    BODY_OMITTED
        en "SMTP Body not logged: {bytes} bytes."
        es "SMTP Cuerpo no registrado: {bytes} bytes."
    BODY_AND_ATTACHMENTS_OMITTED
        en "SMTP Body not logged: {bytes} bytes, with the attachments {attachments}."
        es "SMTP Cuerpo no registrado: {bytes} bytes, con los adjuntos {attachments}."
    BODY_ABANDONED
        en "SMTP Body not logged: {bytes} bytes, then the content ended before it was complete."
        es "SMTP Cuerpo no registrado: {bytes} bytes, después el contenido terminó sin completarse."

    ACCEPTED
        en "SMTP Mail accepted by the server with {status}. (recipients accepted: {accepted}, refused: {refused})"
        es "SMTP Correo aceptado por el servidor con {status}. (destinatarios aceptados: {accepted}, rechazados: {refused})"
    NOT_ACCEPTED
        en "SMTP Mail not accepted, the server said {status}. (recipients accepted: {accepted}, refused: {refused})"
        es "SMTP Correo no aceptado, el servidor dijo {status}. (destinatarios aceptados: {accepted}, rechazados: {refused})"
    NOT_COMPLETED
        en "SMTP Mail not accepted, it was not completed. (recipients accepted: {accepted}, refused: {refused})"
        es "SMTP Correo no aceptado, no se completó. (destinatarios aceptados: {accepted}, rechazados: {refused})"
    UNKNOWN
        en "SMTP Mail accepted or not, that is unknown: all of it was sent and no valid answer came; sent again, it may arrive twice. (recipients accepted: {accepted}, refused: {refused})"
        es "SMTP Correo aceptado o no, se desconoce: se envió entero y no llegó respuesta válida; enviado otra vez, puede llegar dos veces. (destinatarios aceptados: {accepted}, rechazados: {refused})"
}
