"""The keys that a hub signs with: they live in its database, one at a time."""

from dataclasses import dataclass
from datetime import datetime
import sqlite3

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from ..base.portal_keys import (
    KeyRing,
    check_rotations,
    jwk,
    jwks,
    rotate,
    sign_as_hub,
    thumbprint,
)
from ..core.errors import ConflictError, PortalError
from ..core.portal_json import Said
from ..core.portal_log import EntryKind
from . import log
from .store import read_meta, write_meta


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The key that signs now, the first one, and how the one follows from the other."""

    key: Ed25519PrivateKey
    first: Ed25519PublicKey
    ring: KeyRing
    rotations: tuple[str, ...]

    @property
    def hub(self) -> str:
        """The hub's name: the thumbprint of its first key."""
        return self.ring.hub

    def sign(self, payload: bytes, typ: str) -> bytes:
        """Return a signed feed or head."""
        return sign_as_hub(payload, self.key, typ=typ)

    def public(self, now: datetime) -> Said:
        """Return what `/info` says of keys."""
        return {
            "jwks": jwks(self.ring.good(now).values()),
            "first_key": jwk(self.first),
            "rotations": list(self.rotations),
        }


def read_keys(connection: sqlite3.Connection) -> Keys:
    """Return the keys; a new hub makes its first one."""
    secret, first = read_meta(connection, "key"), read_meta(connection, "first_key")
    if secret is None or first is None:
        key = Ed25519PrivateKey.generate()
        secret = key.private_bytes_raw().hex()
        first = key.public_key().public_bytes_raw().hex()
        write_meta(connection, "key", secret)
        write_meta(connection, "first_key", first)
    first_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(first))
    rotations = tuple(
        str(said["rotation"]) for said in log.texts(connection, EntryKind.KEY)
    )
    ring = check_rotations(thumbprint(first_key), jwk(first_key), rotations)
    return Keys(
        key=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)),
        first=first_key,
        ring=ring,
        rotations=rotations,
    )


def rotate_key(connection: sqlite3.Connection, now: datetime) -> None:
    """Make a new key, named by the one before in the log; that one is forgotten.

    Raises ConflictError where nobody would believe it: by a clock that was set back it
    would begin before the last one.
    """
    keys = read_keys(connection)
    new = Ed25519PrivateKey.generate()
    statement = rotate(keys.key, new.public_key(), hub=keys.hub, since=now)
    try:
        check_rotations(keys.hub, jwk(keys.first), (*keys.rotations, statement))
    except PortalError as err:
        raise ConflictError("key_not_later") from err
    log.append_said(
        connection, at=now, kind=EntryKind.KEY, said={"rotation": statement}
    )
    write_meta(connection, "key", new.private_bytes_raw().hex())
