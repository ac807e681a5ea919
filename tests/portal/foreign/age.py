"""Sealing as https://age-encryption.org/v1 says it, with secrets that are given.

`age` and its libraries take theirs from chance; a test vector has to be made again. Not
for anything but tests: whoever gives the same secrets twice gives the texts away.
"""

from base64 import b64encode
from dataclasses import dataclass
import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK: Final = 64 * 1024
_KEY: Final = 32
_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What chance would give: 16 bytes, 32 bytes, 16 bytes."""

    file_key: bytes
    ephemeral: bytes
    nonce: bytes


def seal(plain: bytes, recipient: X25519PublicKey, secrets: Secrets) -> bytes:
    """Return an age file for one recipient."""
    ephemeral = X25519PrivateKey.from_private_bytes(secrets.ephemeral)
    share = ephemeral.public_key().public_bytes_raw()
    wrap = _hkdf(
        ephemeral.exchange(recipient),
        share + recipient.public_bytes_raw(),
        b"age-encryption.org/v1/X25519",
    )
    body = ChaCha20Poly1305(wrap).encrypt(bytes(12), secrets.file_key, None)
    header = (
        f"age-encryption.org/v1\n-> X25519 {_plain64(share)}\n{_plain64(body)}\n---"
    ).encode()
    mac = hmac.digest(_hkdf(secrets.file_key, b"", b"header"), header, hashlib.sha256)
    stream = ChaCha20Poly1305(_hkdf(secrets.file_key, secrets.nonce, b"payload"))
    starts = range(0, max(len(plain), 1), CHUNK)
    chunks = (
        stream.encrypt(
            number.to_bytes(11) + bytes([start == starts[-1]]),
            plain[start : start + CHUNK],
            None,
        )
        for number, start in enumerate(starts)
    )
    opening = header + f" {_plain64(mac)}\n".encode() + secrets.nonce
    return opening + b"".join(chunks)


def identity(key: X25519PrivateKey) -> str:
    """Return a secret key as age writes it."""
    return _bech32("age-secret-key-", key.private_bytes_raw()).upper()


def desk_secret(secret: bytes) -> str:
    """Return a requester's desk secret as it is written."""
    return _bech32("clip-consent-desk-", secret).upper()


def desk_key(secret: bytes, hint: str) -> bytes:
    """Return the secret half of the key of the request with this hint."""
    return _hkdf(secret, b"", f"clip-consent desk v1 {hint}".encode())


def recipient(key: X25519PublicKey) -> str:
    """Return a public key as age writes it."""
    return _bech32("age", key.public_bytes_raw())


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY, salt=salt, info=info).derive(secret)


def _plain64(data: bytes) -> str:
    return b64encode(data).rstrip(b"=").decode()


def _bech32(prefix: str, data: bytes) -> str:
    """BIP 173."""
    number, bits = int.from_bytes(data), len(data) * 8
    number <<= -bits % 5
    count = -(-bits // 5)
    values = [number >> 5 * place & 31 for place in reversed(range(count))]
    spread = [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]
    rest = _polymod([*spread, *values, *[0] * 6]) ^ 1
    check = [rest >> 5 * place & 31 for place in reversed(range(6))]
    return f"{prefix}1" + "".join(_ALPHABET[value] for value in [*values, *check])


def _polymod(values: list[int]) -> int:
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATOR):
            total ^= generator if top >> place & 1 else 0
    return total
