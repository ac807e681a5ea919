"""A reader of age v1 files for one X25519 key: https://c2sp.org/age.

Whoever asks neighbours opens what they send. Every byte of it is a stranger's: whatever
is not exactly as age writes it, or sealed to somebody else, raises AnswerError
`answer_unreadable`.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
import hashlib
import hmac
import re
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..core.bech32 import spelt
from ..core.errors import AnswerError
from .sealing import CHUNK

_INTRO: Final = b"age-encryption.org/v1\n"
_KEY_INFO: Final = b"age-encryption.org/v1/X25519"
_HEADER_MAX: Final = 64 * 1024  # bytes
_LINE_MAX: Final = 1024
_COLUMNS: Final = 64  # characters of a full line of a stanza's body
_FILE_KEY: Final = 16
_SHARE: Final = 32
_NONCE: Final = 16
_TAG: Final = 16
_WORD: Final = re.compile(rb"[\x21-\x7e]+")
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9+/]*")


@dataclass(frozen=True, slots=True)
class _Stanza:
    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Header:
    stanzas: tuple[_Stanza, ...]
    said: bytes  # all of it up to the MAC
    mac: bytes


def new_secret() -> bytes:
    """Return a fresh secret key, of 32 bytes."""
    return X25519PrivateKey.generate().private_bytes_raw()


def recipient_of(secret: bytes) -> str:
    """Return the `age1…` that is sealed to, for this secret key to open."""
    key = X25519PrivateKey.from_private_bytes(secret)
    return spelt(key.public_key().public_bytes_raw())


def unsealed(source: BinaryIO, secret: bytes) -> Iterator[bytes]:
    """Yield what is in an open age file, in pieces; for an executor.

    Each piece is authentic, and only after the last one it is known that none is
    missing. Raises AnswerError `answer_unreadable`.
    """
    header = _read_header(source)
    file_key = _file_key(header, X25519PrivateKey.from_private_bytes(secret))
    mac = hmac.digest(_derive(file_key, b"", b"header"), header.said, hashlib.sha256)
    if not hmac.compare_digest(mac, header.mac):
        raise _unreadable()
    nonce = source.read(_NONCE)
    if len(nonce) != _NONCE:
        raise _unreadable()
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    number, sealed = 0, source.read(CHUNK + _TAG)
    while True:
        ahead = source.read(CHUNK + _TAG)
        try:
            place = number.to_bytes(11) + bytes([not ahead])
            piece = cipher.decrypt(place, sealed, None)
        except InvalidTag:
            raise _unreadable() from None
        if not piece and number:
            raise _unreadable()  # only what is empty ends in an empty chunk
        yield piece
        if not ahead:
            return
        number, sealed = number + 1, ahead


def _unreadable() -> AnswerError:
    return AnswerError("answer_unreadable")


def _read_header(source: BinaryIO) -> _Header:
    said, stanzas = _line(source), list[_Stanza]()
    if said != _INTRO:
        raise _unreadable()
    while True:
        line = _line(source)
        if line.startswith(b"--- "):
            return _Header(tuple(stanzas), said + b"---", _decoded(line[4:-1]))
        words = line[:-1].split(b" ")
        if words[0] != b"->" or not words[1:] or not all(map(_WORD.fullmatch, words)):
            raise _unreadable()
        body = _read_body(source)
        stanzas.append(_Stanza(tuple(words[1:]), _decoded(body.replace(b"\n", b""))))
        said += line + body
        if len(said) > _HEADER_MAX:
            raise _unreadable()


def _read_body(source: BinaryIO) -> bytes:
    """Return the lines of a stanza's body: full ones, then one that is not."""
    body = b""
    while True:
        line = _line(source)
        body += line
        if len(line) - 1 < _COLUMNS:
            return body
        if len(line) - 1 > _COLUMNS or len(body) > _HEADER_MAX:
            raise _unreadable()


def _line(source: BinaryIO) -> bytes:
    line = source.readline(_LINE_MAX)
    if not line.endswith(b"\n"):
        raise _unreadable()
    return line


def _file_key(header: _Header, key: X25519PrivateKey) -> bytes:
    """Return the key of the file: one of the stanzas has it for us."""
    for stanza in header.stanzas:
        if stanza.arguments[0] == b"X25519" and (found := _opened(stanza, key)):
            return found
    raise _unreadable()


def _opened(stanza: _Stanza, key: X25519PrivateKey) -> bytes | None:
    """Return the file's key, None if this stanza is somebody else's."""
    if len(stanza.arguments) != 2 or len(stanza.body) != _FILE_KEY + _TAG:
        raise _unreadable()
    share = _decoded(stanza.arguments[1])
    if len(share) != _SHARE:
        raise _unreadable()
    try:
        secret = key.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:  # a point of low order: its secret is known to all
        raise _unreadable() from None
    salt = share + key.public_key().public_bytes_raw()
    try:
        wrap = ChaCha20Poly1305(_derive(secret, salt, _KEY_INFO))
        return wrap.decrypt(bytes(12), stanza.body, None)
    except InvalidTag:
        return None


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _decoded(text: bytes) -> bytes:
    """Read base64 without padding, in its one spelling."""
    if not _ALPHABET.fullmatch(text):
        raise _unreadable()
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise _unreadable() from None
    if base64.b64encode(data).rstrip(b"=") != text:
        raise _unreadable()
    return data
