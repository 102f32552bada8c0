//! How TLS began, or why it did not.

super::texts! {
    TLS_STARTED
        en "SMTP TLS started: {version}, {cipher}, server name '{host}', certificate of {subject} issued by {issuer}, expires on {date}."
        es "SMTP TLS iniciado: {version}, {cipher}, nombre de servidor '{host}', certificado de {subject} emitido por {issuer}, caduca el {date}."
    TLS_STARTED_UNTOLD
        en "SMTP TLS started: server name '{host}'. (this runtime tells neither version nor cipher nor certificate)"
        es "SMTP TLS iniciado: nombre de servidor '{host}'. (este entorno no dice ni versión ni cifrado ni certificado)"

    UNKNOWN_ISSUER
        en "SMTP TLS failed: the certificate of {subject} has an unknown issuer, {issuer}."
        es "SMTP TLS fallido: el certificado de {subject} tiene un emisor desconocido, {issuer}."
    SELF_SIGNED
        en "SMTP TLS failed: the certificate of {subject} is issued by itself, and so by an unknown issuer."
        es "SMTP TLS fallido: el certificado de {subject} está emitido por sí mismo, y así por un emisor desconocido."
    EXPIRED
        en "SMTP TLS failed: the certificate of {subject} expired on {after}."
        es "SMTP TLS fallido: el certificado de {subject} caducó el {after}."
    NOT_YET_VALID
        en "SMTP TLS failed: the certificate of {subject} is not valid before {before}."
        es "SMTP TLS fallido: el certificado de {subject} no es válido antes del {before}."
    WRONG_NAME
        en "SMTP TLS failed: the certificate is made for other names than this server's, it has {names}."
        es "SMTP TLS fallido: el certificado está hecho para otros nombres que el de este servidor, tiene {names}."
    REVOKED
        en "SMTP TLS failed: the certificate of {subject} has been revoked by its issuer, {issuer}."
        es "SMTP TLS fallido: el certificado de {subject} ha sido revocado por su emisor, {issuer}."
    PIN_MISMATCH
        en "SMTP TLS failed: the certificate of {subject} is not the pinned one, its SHA-256 is {sha256}."
        es "SMTP TLS fallido: el certificado de {subject} no es el fijado, su SHA-256 es {sha256}."
    BAD_SIGNATURE
        en "SMTP TLS failed: the signature of the certificate of {subject} is wrong. ({detail})"
        es "SMTP TLS fallido: la firma del certificado de {subject} es incorrecta. ({detail})"
    NOT_FOR_SERVERS
        en "SMTP TLS failed: the certificate of {subject} is not made for servers. ({detail})"
        es "SMTP TLS fallido: el certificado de {subject} no está hecho para servidores. ({detail})"
    MALFORMED
        en "SMTP TLS failed: the certificate of the server can't be read. ({detail})"
        es "SMTP TLS fallido: el certificado del servidor no se puede leer. ({detail})"
    CERTIFICATE_REFUSED
        en "SMTP TLS failed: the certificate of {subject} did not pass. ({detail})"
        es "SMTP TLS fallido: el certificado de {subject} no fue aceptado. ({detail})"
    UNNAMED
        en "the server"
        es "el servidor"

    NOT_TLS
        en "SMTP TLS failed: the server speaks plain text on this port, it said \"{line}\""
        es "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto, dijo \"{line}\""
    NOT_TLS_UNTOLD
        en "SMTP TLS failed: the server speaks plain text on this port."
        es "SMTP TLS fallido: el servidor habla texto sin cifrar en este puerto."
    NOTHING_IN_COMMON
        en "SMTP TLS failed: no TLS version or cipher suite in common with the server. ({detail})"
        es "SMTP TLS fallido: ninguna versión de TLS ni cifrado en común con el servidor. ({detail})"
    BAD_TRUST
        en "SMTP TLS not started: the trust settings can't be read. ({detail})"
        es "SMTP TLS no iniciado: la configuración de confianza no se puede leer. ({detail})"
    TLS_CONNECTION
        en "SMTP TLS failed while waiting for the handshake: {failure}."
        es "SMTP TLS fallido mientras se esperaba la negociación: {failure}."
    TLS_LOST
        en "SMTP TLS failed while waiting for the handshake: the server ended the connection without a word."
        es "SMTP TLS fallido mientras se esperaba la negociación: el servidor cerró la conexión sin decir nada."
    TLS_OTHER
        en "SMTP TLS failed. ({detail})"
        es "SMTP TLS fallido. ({detail})"

    STARTTLS_NOT_OFFERED
        en "SMTP TLS not started: the server offers no STARTTLS though it is required."
        es "SMTP TLS no iniciado: el servidor no ofrece STARTTLS aunque se exige."
    STARTTLS_REFUSED
        en "SMTP TLS not started: the server refused STARTTLS with {status} though it is required."
        es "SMTP TLS no iniciado: el servidor rechazó STARTTLS con {status} aunque se exige."
    IN_THE_CLEAR
        en "SMTP TLS not started: STARTTLS can't be had from the server, going on in the clear as the settings accept."
        es "SMTP TLS no iniciado: el servidor no da STARTTLS, se sigue sin cifrar como acepta la configuración."
    TLS_ON_PLAIN_PORT
        en "SMTP Reply not understood while waiting for the greeting of the server: it speaks TLS at once on this port."
        es "SMTP Respuesta no comprendida mientras se esperaba el saludo del servidor: habla TLS desde el principio en este puerto."
    INJECTED_BYTES
        en "SMTP TLS not started: {count} bytes came in the clear behind the reply to STARTTLS, perhaps put there by somebody else."
        es "SMTP TLS no iniciado: {count} bytes llegaron sin cifrar tras la respuesta a STARTTLS, quizá puestos por un tercero."
}
