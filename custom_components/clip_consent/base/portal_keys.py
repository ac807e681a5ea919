"""A hub's keys: names, words, rotation; docs/portal-protocol.md, section 1."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ..core.errors import PortalError
from ..core.limits import FEED_MAX, KEY_OVERLAP
from ..core.portal_json import Fields, Said, read_json
from ..core.proquint import words
from ..core.serial import Json, canonical, utc_text
from .jws import SignatureError, decode, encode, sign, verify

ROTATION_TYPE: Final = "clip-consent-key+jws"
ROTATIONS_MAX: Final = 1000  # far more than a hub that changes its key each month
_CODE: Final = "portal_keys_invalid"
_WORD_BYTES: Final = 16
# base64url makes four characters of three bytes, and the header comes beside
_TOKEN_MAX: Final = FEED_MAX * 4 // 3 + 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _TimedKey:
    key: Ed25519PublicKey
    since: datetime | None  # None: always
    until: datetime | None  # None: no other has followed


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The keys of a hub, each with the time for which it is good."""

    hub: str
    keys: Mapping[str, _TimedKey]

    def good(self, now: datetime) -> dict[str, Ed25519PublicKey]:
        """Return the keys by `kid` whose signatures count now."""
        return {
            kid: timed.key
            for kid, timed in self.keys.items()
            if (timed.since is None or timed.since <= now)
            and (timed.until is None or now < timed.until)
        }

    def followed_by(self, rotations: Iterable[Json]) -> KeyRing:
        """Return the keys with those that follow. Raises as `check_rotations`."""
        keys = dict(self.keys)
        for statement in rotations:
            _add(keys, statement, self.hub)
        return KeyRing(hub=self.hub, keys=keys)


def jwk(key: Ed25519PublicKey) -> Said:
    """Return a public key as JWK (RFC 8037)."""
    x = encode(key.public_bytes_raw()).decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x}


def thumbprint(key: Ed25519PublicKey) -> str:
    """Return the RFC 7638 thumbprint of a key: its `kid`."""
    return encode(hashlib.sha256(canonical(jwk(key))).digest()).decode()


def hub_words(hub: str) -> str:
    """Return the name of a hub as eight words that people can compare.

    Raises SignatureError for what is no thumbprint.
    """
    return words(decode(hub.encode())[:_WORD_BYTES])


def jwks(keys: Iterable[Ed25519PublicKey]) -> Said:
    """Return keys as a JWK set."""
    return {
        "keys": [
            {**jwk(key), "kid": thumbprint(key), "use": "sig", "alg": "EdDSA"}
            for key in keys
        ]
    }


def rotate(
    old: Ed25519PrivateKey, new: Ed25519PublicKey, *, hub: str, since: datetime
) -> str:
    """Return the statement by which a key names the one that follows it."""
    said: Said = {
        "version": 1,
        "hub": hub,
        "key": jwk(new),
        "from": utc_text(since),
    }
    kid = thumbprint(old.public_key())
    return sign(canonical(said), old, typ=ROTATION_TYPE, kid=kid).decode()


def check_rotations(hub: str, first: Json, rotations: Iterable[Json]) -> KeyRing:
    """Return the keys that follow from the first one of a hub.

    Raises PortalError `portal_keys_invalid` unless each was named by the one before,
    later than that one, and `portal_other_hub` if the first is not that of this hub.
    """
    key = read_jwk(first)
    if thumbprint(key) != hub:
        raise PortalError("portal_other_hub")
    first_key = _TimedKey(key=key, since=None, until=None)
    return KeyRing(hub=hub, keys={hub: first_key}).followed_by(rotations)


def read_signed(token: bytes, ring: KeyRing, *, typ: str, now: datetime) -> bytes:
    """Return what a hub signed with a key that is good now. Raises SignatureError."""
    return verify(token, ring.good(now), typ=typ, max_bytes=_TOKEN_MAX)


def sign_as_hub(payload: bytes, key: Ed25519PrivateKey, *, typ: str) -> bytes:
    """Return a signed feed or head."""
    return sign(payload, key, typ=typ, kid=thumbprint(key.public_key()))


def read_jwk(said: Json) -> Ed25519PublicKey:
    """Read a public key. Raises PortalError `portal_keys_invalid`."""
    fields = Fields(said, _CODE)
    if (fields.text("kty"), fields.text("crv")) != ("OKP", "Ed25519"):
        raise PortalError(_CODE)
    try:
        return Ed25519PublicKey.from_public_bytes(decode(fields.text("x").encode()))
    except (ValueError, SignatureError) as err:
        raise PortalError(_CODE) from err


def _add(keys: dict[str, _TimedKey], statement: Json, hub: str) -> None:
    """Add the key that the newest one names."""
    if len(keys) > ROTATIONS_MAX or not isinstance(statement, str):
        raise PortalError(_CODE)
    kid, before = next(reversed(keys.items()))
    newer, since = _read_rotation(statement, hub, kid, before.key)
    if before.since is not None and since <= before.since:
        raise PortalError(_CODE)
    until = since + KEY_OVERLAP
    keys[kid] = _TimedKey(key=before.key, since=before.since, until=until)
    if (named := thumbprint(newer)) in keys:
        raise PortalError(_CODE)
    keys[named] = _TimedKey(key=newer, since=since, until=None)


def _read_rotation(
    statement: str, hub: str, kid: str, key: Ed25519PublicKey
) -> tuple[Ed25519PublicKey, datetime]:
    try:
        payload = verify(statement.encode(), {kid: key}, typ=ROTATION_TYPE)
    except SignatureError as err:
        raise PortalError(_CODE) from err
    fields = Fields(read_json(payload, _CODE), _CODE)
    fields.version()
    if fields.text("hub") != hub:
        raise PortalError("portal_other_hub")
    return read_jwk(fields.json("key")), fields.time("from")
