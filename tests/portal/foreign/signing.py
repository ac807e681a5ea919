"""Keys, compact JWS of EdDSA (RFC 7515, 8037), and the chain of a hub's keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .spelling import Distrust, Said, b64, canonical, instant, parsed, proquints, unb64

ROTATION: Final = "clip-consent-key+jws"
HEAD: Final = "clip-consent-log-head+jws"
FEED: Final = "clip-consent-feed+jws"
OVERLAP: Final = timedelta(days=14)

_PARTS: Final = 3


def jwk(key: Ed25519PublicKey) -> Said:
    """Return a public key as RFC 8037 writes it."""
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_bytes_raw())}


def public_key(said: Any) -> Ed25519PublicKey:
    """Return the key that a JWK holds.

    Raises Distrust `not_a_key`.
    """
    match said:
        case {"kty": "OKP", "crv": "Ed25519", "x": str(x)}:
            try:
                return Ed25519PublicKey.from_public_bytes(unb64(x))
            except Distrust, ValueError:
                pass
    raise Distrust("not_a_key")


def thumbprint(key: Ed25519PublicKey) -> str:
    """Return the RFC 7638 thumbprint."""
    return b64(hashlib.sha256(canonical(jwk(key))).digest())


def words(hub: str) -> str:
    """Return the eight words of a hub's name."""
    return proquints(unb64(hub)[:16])


def sign(payload: bytes, key: Ed25519PrivateKey, typ: str, header: Said) -> str:
    """Return a compact JWS; `header` is what its header says of the key."""
    protected = canonical({"alg": "EdDSA", "typ": typ, **header})
    signed = f"{b64(protected)}.{b64(payload)}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"


def sign_as_hub(payload: Said, key: Ed25519PrivateKey, typ: str) -> str:
    """Return what a hub signs."""
    kid = thumbprint(key.public_key())
    return sign(canonical(payload), key, typ, {"kid": kid})


def header_of(token: str) -> Said:
    """Return the header of a JWS, of which nothing is checked yet.

    Raises Distrust `not_a_jws`.
    """
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise Distrust("not_a_jws")
    return parsed(unb64(parts[0]))


def verified(token: str, key: Ed25519PublicKey) -> bytes:
    """Return the payload of a JWS that this key signed.

    Raises Distrust `bad_signature`.
    """
    signed, _, signature = token.rpartition(".")
    try:
        key.verify(unb64(signature), signed.encode())
    except InvalidSignature:
        raise Distrust("bad_signature") from None
    return unb64(signed.partition(".")[2])


def hub_said(token: str, typ: str, keys: Mapping[str, Ed25519PublicKey]) -> Said:
    """Return what a hub signed with one of these keys, each under its `kid`.

    Raises Distrust.
    """
    header = header_of(token)
    key = keys.get(str(header.get("kid")))
    if header != {"alg": "EdDSA", "kid": header.get("kid"), "typ": typ}:
        raise Distrust("other_header", str(header))
    if key is None:
        raise Distrust("unknown_key")
    return parsed(verified(token, key))


@dataclass(frozen=True, slots=True)
class Named:
    """A key of a hub, and from when on it is good (the first: always)."""

    kid: str
    key: Ed25519PublicKey
    since: datetime | None


@dataclass(frozen=True, slots=True)
class KeyChain:
    """All keys of a hub, the first one first."""

    hub: str
    keys: tuple[Named, ...]

    def good(self, at: datetime) -> dict[str, Ed25519PublicKey]:
        """Return the keys whose signatures count for who reads at this time."""
        following = [named.since for named in self.keys[1:]]
        ends = [since + OVERLAP for since in following if since]
        return {
            named.kid: named.key
            for named, end in zip(self.keys, [*ends, None], strict=True)
            if (named.since is None or named.since <= at) and (not end or at < end)
        }


def key_chain(hub: str, first_key: Any, rotations: Iterable[Any]) -> KeyChain:
    """Return the keys of a hub, of which its name alone is known.

    Raises Distrust `other_hub`, `not_a_key` or `bad_rotation`.
    """
    first = public_key(first_key)
    if thumbprint(first) != hub:
        raise Distrust("other_hub")
    keys = [Named(hub, first, None)]
    for token in rotations:
        before = keys[-1]
        said = hub_said(str(token), ROTATION, {before.kid: before.key})
        if said.get("version") != 1 or said.get("hub") != hub:
            raise Distrust("bad_rotation", "of another hub or version")
        key, since = public_key(said.get("key")), instant(said.get("from"))
        kid = thumbprint(key)
        if kid in {named.kid for named in keys}:
            raise Distrust("bad_rotation", "a key came twice")
        if before.since and since <= before.since:
            raise Distrust("bad_rotation", "not after the one before")
        keys.append(Named(kid, key, since))
    return KeyChain(hub, tuple(keys))


def rotation(
    hub: str, before: Ed25519PrivateKey, key: Ed25519PublicKey, since: str
) -> str:
    """Return how a key names the one after it, good from `since`."""
    said = {"version": 1, "hub": hub, "key": jwk(key), "from": since}
    return sign_as_hub(said, before, ROTATION)
