"""A writer of age v1 files for one X25519 recipient: https://c2sp.org/age.

Anything that reads age opens them; `unsealing` does, where this home is who asked.
"""

import base64
from collections.abc import Buffer, Callable, Iterable
import hashlib
import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..core.bech32 import public_key
from ..core.errors import InvalidRequestError, SealError

CHUNK: Final = 64 * 1024

_INTRO: Final = b"age-encryption.org/v1\n"
_FILE_KEY: Final = 16  # bytes
_NONCE: Final = 16
_TAG: Final = 16
_HEADER: Final = 168  # one X25519 stanza: always the same length

type Write = Callable[[Buffer], object]


def parse_recipient(text: str) -> bytes:
    """Return the public key that `age1…` spells.

    Raises SealError `recipient_malformed`.
    """
    try:
        return public_key(text)
    except InvalidRequestError:
        raise SealError("recipient_malformed") from None


def sealed_size(size: int) -> int:
    """Return how many bytes `size` bytes become."""
    chunks = max(1, -(-size // CHUNK))
    return _HEADER + _NONCE + size + chunks * _TAG


def seal(source: Iterable[Buffer], recipient: bytes, write: Write) -> None:
    """Encrypt the pieces of `source` to a recipient, in constant memory.

    `write` gets buffers that are good only until it returns. An error of either ends
    it at once, and what was written so far opens nowhere.
    """
    file_key = os.urandom(_FILE_KEY)
    write(_header(file_key, recipient))
    nonce = os.urandom(_NONCE)
    write(nonce)
    write_payload(source, file_key, nonce, write)


def write_payload(
    source: Iterable[Buffer], file_key: bytes, nonce: bytes, write: Write
) -> None:
    """Write the chunks behind header and nonce: full ones, then a marked last one."""
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    chunk, sealed = bytearray(), memoryview(bytearray(CHUNK + _TAG))
    number = 0

    def flush(*, last: bool) -> None:
        nonce = number.to_bytes(11) + bytes([last])
        written = len(chunk) + _TAG
        cipher.encrypt_into(nonce, chunk, None, sealed[:written])
        write(sealed[:written])

    for piece in source:
        rest = memoryview(piece)
        while rest:
            if len(chunk) == CHUNK:
                flush(last=False)
                chunk.clear()
                number += 1
            room = CHUNK - len(chunk)
            chunk += rest[:room]
            rest = rest[room:]
    flush(last=True)


def _header(file_key: bytes, recipient: bytes) -> bytes:
    once = X25519PrivateKey.generate()
    share = once.public_key().public_bytes_raw()
    secret = once.exchange(X25519PublicKey.from_public_bytes(recipient))
    wrap = _derive(secret, share + recipient, b"age-encryption.org/v1/X25519")
    # The wrapping key is used once, so age fixes its nonce.
    wrapped = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    stanza = b"-> X25519 %b\n%b\n---" % (_base64(share), _base64(wrapped))
    key = _derive(file_key, b"", b"header")
    mac = hmac.digest(key, _INTRO + stanza, hashlib.sha256)
    return _INTRO + stanza + b" %b\n" % _base64(mac)


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")
