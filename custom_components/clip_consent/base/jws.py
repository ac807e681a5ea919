"""JSON Web Signatures in compact form (RFC 7515), with as little choice as possible.

Two algorithms, each tied to one kind of key. A header may say `alg`, `typ` and who
signed, and nothing else: no key by address, no extension, no encoding of its own.
"""

import base64
import binascii
from collections.abc import Mapping
import re
from typing import Final, cast

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from ..core.errors import ClipConsentError, InvalidRequestError
from ..core.serial import Json, canonical
from ..core.strict_json import parse_json

MAX_TOKEN: Final = 64 * 1024  # bytes, of a whole token
_MAX_HEADER: Final = 1024

_EDDSA: Final = OKPAlgorithm()
_ES256: Final = ECAlgorithm(ECAlgorithm.SHA256, SECP256R1)
_ALPHABET: Final = re.compile(rb"[A-Za-z0-9_-]*")

type SigningKey = Ed25519PrivateKey | EllipticCurvePrivateKey
type VerifyingKey = Ed25519PublicKey | EllipticCurvePublicKey


class SignatureError(ClipConsentError):
    """A token that is not what it should be, or not from whom it should be."""


def sign(payload: bytes, key: SigningKey, *, typ: str, kid: str) -> bytes:
    """Return a token that names its key."""
    return _sign(payload, key, {"typ": typ, "kid": kid})


def sign_with_own_key(payload: bytes, key: Ed25519PrivateKey, *, typ: str) -> bytes:
    """Return a token that carries its public key: proof of unity, not of origin."""
    x = encode(key.public_key().public_bytes_raw()).decode()
    return _sign(
        payload, key, {"typ": typ, "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}}
    )


def verify(
    token: bytes,
    keys: Mapping[str, VerifyingKey],
    *,
    typ: str,
    max_bytes: int = MAX_TOKEN,
) -> bytes:
    """Return the payload of a token signed by one of `keys` (by `kid`).

    Raises SignatureError: `token_too_large`, `token_malformed`, `token_unknown_key` or
    `signature_invalid`.
    """
    parts = _split(token, max_bytes)
    header = _header(parts[0], typ, {"alg", "typ", "kid"})
    kid = header["kid"]
    if not isinstance(kid, str) or (key := keys.get(kid)) is None:
        raise SignatureError("token_unknown_key")
    return _verified(parts, header["alg"], key)


def verify_with_own_key(
    token: bytes, *, typ: str, max_bytes: int = MAX_TOKEN
) -> tuple[bytes, Ed25519PublicKey]:
    """Return the payload of a token that carries its public key, and that key.

    Raises SignatureError, as `verify`.
    """
    parts = _split(token, max_bytes)
    header = _header(parts[0], typ, {"alg", "typ", "jwk"})
    key = _own_key(header["jwk"])
    return _verified(parts, header["alg"], key), key


def encode(data: bytes) -> bytes:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decode(text: bytes) -> bytes:
    """Read base64url without padding, in its one spelling; else SignatureError."""
    try:
        if not _ALPHABET.fullmatch(text):
            raise SignatureError("token_malformed")
        data = base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except binascii.Error:
        raise SignatureError("token_malformed") from None
    if encode(data) != text:
        raise SignatureError("token_malformed")
    return data


def _sign(payload: bytes, key: SigningKey, header: dict[str, Json]) -> bytes:
    alg = _algorithm(key)
    said = encode(canonical({**header, "alg": alg})) + b"." + encode(payload)
    if isinstance(key, Ed25519PrivateKey):
        return said + b"." + encode(_EDDSA.sign(said, key))
    return said + b"." + encode(_ES256.sign(said, key))


def _split(token: bytes, max_bytes: int) -> tuple[bytes, bytes, bytes]:
    if len(token) > max_bytes:
        raise SignatureError("token_too_large")
    parts = token.split(b".", 3)
    if len(parts) != 3 or len(parts[0]) > _MAX_HEADER:
        raise SignatureError("token_malformed")
    return parts[0], parts[1], parts[2]


def _header(part: bytes, typ: str, names: set[str]) -> dict[str, Json]:
    try:
        header = parse_json(decode(part))
    except InvalidRequestError:
        raise SignatureError("token_malformed") from None
    if header.keys() != names or header["typ"] != typ:
        raise SignatureError("token_malformed")
    return header


def _own_key(jwk: Json) -> Ed25519PublicKey:
    if (
        not isinstance(jwk, dict)
        or jwk.keys() != {"kty", "crv", "x"}
        or (jwk["kty"], jwk["crv"]) != ("OKP", "Ed25519")
        or not isinstance(x := jwk["x"], str)
    ):
        raise SignatureError("token_malformed")
    try:
        return Ed25519PublicKey.from_public_bytes(decode(x.encode()))
    except ValueError:
        raise SignatureError("token_malformed") from None


def _verified(parts: tuple[bytes, bytes, bytes], alg: Json, key: VerifyingKey) -> bytes:
    if alg != _algorithm(key):
        raise SignatureError("signature_invalid")
    said, signature = parts[0] + b"." + parts[1], decode(parts[2])
    if isinstance(key, Ed25519PublicKey):
        valid = _EDDSA.verify(said, key, signature)
    else:
        valid = _ES256.verify(said, key, signature)
    if not valid:
        raise SignatureError("signature_invalid")
    return decode(parts[1])


def _algorithm(key: SigningKey | VerifyingKey) -> str:
    """Return the one algorithm a key may be used with."""
    if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        return "EdDSA"
    if isinstance(cast(EllipticCurvePublicKey, key).curve, SECP256R1):
        return "ES256"
    raise SignatureError("token_unknown_key")
