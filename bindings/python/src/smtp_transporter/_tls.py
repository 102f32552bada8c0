"""TLS over bytes, and what can be said of the certificate."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import ssl
import tempfile
from typing import Any

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from wasmtime.component import Record, Variant

from ._translate import record

# OpenSSL's numbers (x509_vfy.h) and the interface's names.
CHECKS = {
    7: "bad-signature", 9: "not-yet-valid", 10: "expired", 18: "unknown-issuer", 19: "unknown-issuer",
    20: "unknown-issuer", 21: "unknown-issuer", 23: "revoked", 26: "not-for-servers", 62: "wrong-name", 64: "wrong-name",
}
CERTIFICATE_MESSAGE = 11
"""RFC 8446 §4: the type of the handshake message that carries the certificates."""
IANA = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384": "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}
MOST_NAMES = 100


class Handshake:
    """A handshake under way: fed with what the server sent, until there is a :class:`Tls` or a refusal."""

    def __init__(self, settings: Record) -> None:
        name = getattr(settings, "server-name")
        trust = settings.trust
        self._pin: bytes | None = None if trust is None else getattr(trust, "pin-sha256")
        self._name = name
        self._seen: bytes | None = None
        self._first = b""
        self.tls: Tls | None = None
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._trouble: Variant | None = None
        try:
            context = _context(trust, self._pin is not None)
        except (ssl.SSLError, OSError, ValueError) as error:
            self._trouble = Variant("bad-trust", str(error))
            return
        # The only way to the certificate of a handshake that is refused.
        context._msg_callback = self._observe  # type: ignore[attr-defined]
        self._object = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)

    def feed(self, data: bytes) -> None:
        self._first += data[: 64 - len(self._first)]
        self.incoming.write(data)

    def step(self) -> Variant | None:
        """Goes on; a refusal is the interface's ``socket-error``."""
        if self._trouble is not None:
            return self._trouble
        if self._first and not 20 <= self._first[0] <= 23:
            return Variant("not-tls", self._first)
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLCertVerificationError as error:
            check = CHECKS.get(error.verify_code, "other")
            return self._refusal(check, error.verify_message)
        except ssl.SSLError as error:
            reason = (error.reason or str(error)).replace("_", " ").lower()
            versions = ("version", "no shared cipher", "handshake failure")
            return Variant("no-common-tls" if any(word in reason for word in versions) else "handshake", reason)
        der = self._object.getpeercert(binary_form=True) or b""
        if self._pin is not None and hashlib.sha256(der).digest() != self._pin:
            self._seen = der
            return self._refusal("pin-mismatch", "it is not the pinned certificate")
        self.tls = Tls(self, self._object, self._name, der)
        return None

    def _refusal(self, check: str, detail: str) -> Variant:
        certificate = facts(self._seen) if self._seen else None
        return Variant("certificate-refused", record(check=check, detail=detail, certificate=certificate))

    def _observe(self, _: Any, direction: str, version: Any, content: Any, message: int, data: bytes) -> None:
        if direction == "read" and message == CERTIFICATE_MESSAGE and self._seen is None:
            self._seen = _first_certificate(data, version)


class Tls:
    """An encrypted stream."""

    def __init__(self, handshake: Handshake, made: ssl.SSLObject, name: str, der: bytes) -> None:
        self._incoming, self._outgoing, self._object = handshake.incoming, handshake.outgoing, made
        cipher = (made.cipher() or ("", "", 0))[0]
        self.session = record(
            version=made.version() or "",
            cipher=IANA.get(cipher, cipher),
            server_name=name,
            certificate=facts(der),
            channel_binding_exporter=None,
            channel_binding_end_point=_end_point(der),
        )

    def encrypt(self, data: bytes) -> bytes:
        view = memoryview(data)
        while view:
            view = view[self._object.write(view) :]
        return self._outgoing.read()

    def decrypt(self, data: bytes) -> tuple[bytes, bool]:
        """What was in it, and whether the server ended the stream in order."""
        self._incoming.write(data)
        clear = b""
        while True:
            try:
                piece = self._object.read(1 << 16)
            except ssl.SSLWantReadError:
                return clear, False
            except ssl.SSLZeroReturnError:
                return clear, True
            if not piece:
                return clear, True
            clear += piece

    def goodbye(self) -> bytes:
        try:
            self._object.unwrap()
        except ssl.SSLError:
            pass  # It waits for the server's goodbye, which nobody will read.
        return self._outgoing.read()


def _context(trust: Record | None, pinned: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    roots = [] if trust is None else trust.roots
    if not roots:
        roots = [Variant("mozilla")]
    for root in roots:
        if root.tag == "mozilla":
            context.load_verify_locations(certifi.where())
        elif root.tag == "system":
            context.load_default_certs()
        else:
            context.load_verify_locations(cadata=root.payload.decode("ascii"))
    if pinned:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    certificate = None if trust is None else getattr(trust, "client-certificate")
    if certificate is not None:
        if certificate.pem.tag != "value":
            raise ValueError("the Python host takes a client certificate by value only")
        _load_key(context, certificate.pem.payload.encode())
    return context


def _load_key(context: ssl.SSLContext, pem: bytes) -> None:
    """OpenSSL takes it from a file only: one that nobody else can read, and that is gone at once."""
    handle, path = tempfile.mkstemp(prefix="smtp-transporter-")
    try:
        os.write(handle, pem)
        context.load_cert_chain(path)
    finally:
        os.close(handle)
        os.unlink(path)


def facts(der: bytes) -> Record:
    """The interface's ``certificate``."""
    certificate = x509.load_der_x509_certificate(der)
    names: list[str] = []
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        for name in found:
            if isinstance(name, x509.DNSName):
                names.append(name.value)
            elif isinstance(name, x509.IPAddress) and isinstance(
                name.value, (ipaddress.IPv4Address, ipaddress.IPv6Address)
            ):
                names.append(str(name.value))
    except (x509.ExtensionNotFound, ValueError):
        pass
    return record(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        names=names[:MOST_NAMES],
        not_before=certificate.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        not_after=certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        sha256=hashlib.sha256(der).hexdigest(),
    )


def _end_point(der: bytes) -> bytes | None:
    """RFC 5929 §4.1: the hash that the signature uses, SHA-256 in place of MD5 and SHA-1."""
    used = x509.load_der_x509_certificate(der).signature_hash_algorithm
    if used is None:
        return None
    if isinstance(used, (hashes.MD5, hashes.SHA1)):
        used = hashes.SHA256()
    return hashlib.new(used.name, der).digest()


def _first_certificate(message: bytes, version: Any) -> bytes | None:
    """The server's own certificate in a Certificate message: RFC 5246 §7.4.2, RFC 8446 §4.4.2."""
    at = 4
    if version == ssl.TLSVersion.TLSv1_3:
        at += 1 + message[at]
    at += 3
    length = int.from_bytes(message[at : at + 3], "big")
    der = message[at + 3 : at + 3 + length]
    return der if length and len(der) == length else None
