"""Tokens: what is taken, and the many that look alike and are not."""

import base64
from collections.abc import Callable
import contextlib
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, strategies as st
import jwt
import pytest

from custom_components.clip_consent.base.jws import (
    SignatureError,
    VerifyingKey,
    decode,
    encode,
    sign,
    sign_with_own_key,
    verify,
    verify_with_own_key,
)

ED = Ed25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, VerifyingKey] = {"ed": ED.public_key(), "ec": EC.public_key()}
TYP = "test+jws"


def b64(data: bytes | dict[str, object]) -> bytes:
    """Return base64url of bytes or of JSON, made without our own code."""
    if isinstance(data, dict):
        data = json.dumps(data).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def forged(header: dict[str, object] | bytes, payload: bytes = b"{}") -> bytes:
    """Return a token with any header, truly signed by the Ed25519 key."""
    said = b64(header) + b"." + b64(payload)
    return said + b"." + b64(ED.sign(said))


@given(st.binary(max_size=200))
def test_both_kinds_of_key_sign_and_verify(payload: bytes) -> None:
    """What was signed comes back."""
    for kid, key in (("ed", ED), ("ec", EC)):
        assert verify(sign(payload, key, typ=TYP, kid=kid), KEYS, typ=TYP) == payload


def test_others_read_ours_and_we_read_theirs() -> None:
    """PyJWT agrees, in both directions."""
    for kid, key, alg in (("ed", ED, "EdDSA"), ("ec", EC, "ES256")):
        ours = sign(b"payload", key, typ=TYP, kid=kid)
        theirs = jwt.PyJWS().encode(b"payload", key, alg, {"typ": TYP, "kid": kid})
        assert jwt.PyJWS().decode(ours, key.public_key(), [alg]) == b"payload"
        assert verify(theirs.encode(), KEYS, typ=TYP) == b"payload"


def test_a_token_can_carry_its_key() -> None:
    """And gives it back; the other reader does not take it."""
    token = sign_with_own_key(b"payload", ED, typ=TYP)
    payload, key = verify_with_own_key(token, typ=TYP)
    assert (payload, key) == (b"payload", ED.public_key())
    with pytest.raises(SignatureError):
        verify(token, KEYS, typ=TYP)
    with pytest.raises(SignatureError):
        verify_with_own_key(sign(b"payload", ED, typ=TYP, kid="ed"), typ=TYP)


GOOD: dict[str, object] = {"alg": "EdDSA", "typ": TYP, "kid": "ed"}
JWK: dict[str, object] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": b64(ED.public_key().public_bytes_raw()).decode(),
}
OWN: dict[str, object] = {"alg": "EdDSA", "typ": TYP, "jwk": JWK}


def _hmac(alg: str, secret: bytes) -> bytes:
    said = b64({**GOOD, "alg": alg}) + b"." + b64(b"{}")
    return said + b"." + b64(hmac.digest(secret, said, hashlib.sha256))


def _public(kind: Encoding) -> bytes:
    form = PublicFormat.SubjectPublicKeyInfo
    if kind is Encoding.Raw:
        form = PublicFormat.Raw
    return ED.public_key().public_bytes(kind, form)


def _rsa() -> bytes:
    token = jwt.PyJWS().encode(b"{}", RSA, "RS256", {"typ": TYP, "kid": "ed"})
    return token.encode()


def _none(signature: bytes = b"") -> bytes:
    return b64({**GOOD, "alg": "none"}) + b"." + b64(b"{}") + b"." + signature


FORGERIES: dict[str, Callable[[], bytes]] = {
    "alg none": _none,
    "alg none, signed": lambda: _none(b64(b"0" * 64)),
    "alg None": lambda: forged({**GOOD, "alg": "None"}),
    "alg null": lambda: forged({**GOOD, "alg": None}),
    "alg list": lambda: forged({**GOOD, "alg": ["EdDSA"]}),
    "HS256 with the raw public key": lambda: _hmac("HS256", _public(Encoding.Raw)),
    "HS256 with the public PEM": lambda: _hmac("HS256", _public(Encoding.PEM)),
    "RS256": _rsa,
    "ES256 by name only": lambda: forged({**GOOD, "alg": "ES256"}),
    "other key's kid": lambda: forged({**GOOD, "kid": "ec"}),
    "unknown kid": lambda: forged({**GOOD, "kid": "new"}),
    "kid list": lambda: forged({**GOOD, "kid": ["ed"]}),
    "no kid": lambda: forged({"alg": "EdDSA", "typ": TYP}),
    "other typ": lambda: forged({**GOOD, "typ": "JWT"}),
    "no typ": lambda: forged({"alg": "EdDSA", "kid": "ed"}),
    "crit": lambda: forged({**GOOD, "crit": ["exp"], "exp": 1}),
    "crit, empty": lambda: forged({**GOOD, "crit": []}),
    "b64 false": lambda: forged({**GOOD, "b64": False}),
    "zip": lambda: forged({**GOOD, "zip": "DEF"}),
    "jku": lambda: forged({**GOOD, "jku": "https://evil.example/keys"}),
    "x5u": lambda: forged({**GOOD, "x5u": "https://evil.example/keys"}),
    "x5c": lambda: forged({**GOOD, "x5c": ["MII"]}),
    "jwk beside kid": lambda: forged({**GOOD, "jwk": JWK}),
    "key twice": lambda: forged(b'{"alg":"none",' + json.dumps(GOOD).encode()[1:]),
    "not an object": lambda: forged(b"[]"),
    "not JSON": lambda: forged(b"{"),
    "big number": lambda: forged({**GOOD, "kid": 2**60}),
    "long header": lambda: forged({**GOOD, "kid": "e" * 2000}),
    "two parts": lambda: forged(GOOD).rpartition(b".")[0],
    "four parts": lambda: forged(GOOD) + b".",
    "empty": lambda: b"",
    "padding": lambda: forged(GOOD) + b"==",
    "line end": lambda: forged(GOOD) + b"\n",
    "plain base64": lambda: (
        forged(GOOD).rpartition(b".")[0] + b"." + base64.b64encode(b"\xff" * 64)
    ),
    "other spelling": lambda: _respelled(forged(GOOD)),
    "empty signature": lambda: forged(GOOD).rpartition(b".")[0] + b".",
    "short signature": lambda: forged(GOOD)[:-4],
}


def _respelled(token: bytes) -> bytes:
    """Return the token with its last character spelled otherwise: the same bytes."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + bytes([alphabet[alphabet.index(token[-1:]) ^ 1]])
    part = token.rpartition(b".")[2] + b"=="
    assert base64.urlsafe_b64decode(other.rpartition(b".")[2] + b"==") == (
        base64.urlsafe_b64decode(part)
    )
    return other


def test_the_forger_can_sign() -> None:
    """Without its fault, the forger's token holds: so each fault is what is refused."""
    assert verify(forged(GOOD), KEYS, typ=TYP) == b"{}"
    assert verify_with_own_key(forged(OWN), typ=TYP)[0] == b"{}"


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_refused(name: str) -> None:
    """By both readers."""
    token = FORGERIES[name]()
    with pytest.raises(SignatureError):
        verify(token, KEYS, typ=TYP)
    with pytest.raises(SignatureError):
        verify_with_own_key(token, typ=TYP)


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "key",
        {},
        {**JWK, "kty": "EC"},
        {**JWK, "crv": "X25519"},
        {**JWK, "crv": "Ed448"},
        {**JWK, "d": "AAAA"},
        {**JWK, "kid": "ed"},
        {**JWK, "x": 1},
        {**JWK, "x": ""},
        {**JWK, "x": "AAAA"},
        {**JWK, "x": f"{JWK['x']}="},
        {**JWK, "x": "é"},
    ],
)
def test_odd_keys_inside_are_refused(jwk: object) -> None:
    """Only a plain Ed25519 public key is one."""
    with pytest.raises(SignatureError):
        verify_with_own_key(forged({**OWN, "jwk": jwk}), typ=TYP)


def test_an_edited_payload_is_refused() -> None:
    """Also where the key inside is another's."""
    token = sign_with_own_key(b"10 frames", ED, typ=TYP)
    head, _, signature = token.split(b".")
    with pytest.raises(SignatureError) as raised:
        verify_with_own_key(head + b"." + b64(b"11 frames") + b"." + signature, typ=TYP)
    assert raised.value.code == "signature_invalid"


def test_size_is_limited_before_anything_is_read() -> None:
    """One byte more is too large."""
    token = sign(b"p" * 100, ED, typ=TYP, kid="ed")
    assert verify(token, KEYS, typ=TYP, max_bytes=len(token))
    with pytest.raises(SignatureError) as raised:
        verify(token, KEYS, typ=TYP, max_bytes=len(token) - 1)
    assert raised.value.code == "token_too_large"


def test_only_known_curves_sign() -> None:
    """P-384 is not ES256."""
    with pytest.raises(SignatureError):
        sign(b"", ec.generate_private_key(ec.SECP384R1()), typ=TYP, kid="x")


@given(st.binary(max_size=100))
def test_base64url_has_one_spelling(data: bytes) -> None:
    """What decodes, encodes to the same."""
    assert decode(encode(data)) == data
    for text in (data, encode(data)[:-1]):
        with contextlib.suppress(SignatureError):
            assert encode(decode(text)) == text
