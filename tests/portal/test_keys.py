"""A hub's keys: its name, its words, and the chain from its first key."""

from datetime import timedelta
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import jwt
import pytest

from custom_components.clip_consent.base import portal_keys
from custom_components.clip_consent.base.jws import SignatureError, encode, sign
from custom_components.clip_consent.base.portal_keys import (
    ROTATION_TYPE,
    check_rotations,
    hub_words,
    jwk,
    jwks,
    read_jwk,
    read_signed,
    rotate,
    sign_as_hub,
    thumbprint,
)
from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.limits import KEY_OVERLAP
from custom_components.clip_consent.core.proquint import words
from custom_components.clip_consent.core.serial import canonical

from .said import NOW, example

KEYS = [Ed25519PrivateKey.generate() for _ in range(4)]
HUB = thumbprint(KEYS[0].public_key())
FIRST = jwk(KEYS[0].public_key())
WEEK = timedelta(days=7)


def rotation(place: int) -> str:
    """Return how key `place` names the next, a week after the one before."""
    return rotate(
        KEYS[place],
        KEYS[place + 1].public_key(),
        hub=HUB,
        since=NOW + place * WEEK,
    )


def test_thumbprint_of_the_rfc() -> None:
    """RFC 8037, appendix A.3."""
    said = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
    key = read_jwk(said)
    assert thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert jwk(key) == said
    info = example("portal_info")
    assert jwks([key]) == info["jwks"]
    assert info["first_key"] == said
    assert check_rotations(info["hub"], info["first_key"], []).good(NOW).keys() == {
        info["hub"]
    }


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ((127, 0, 0, 1), "lusab-babad"),
        ((63, 84, 220, 193), "gutih-tugad"),
        ((63, 118, 7, 35), "gutuk-bisog"),
        ((140, 98, 193, 141), "mudof-sakat"),
        ((64, 255, 6, 200), "haguz-biram"),
        ((212, 58, 253, 68), "tibup-zujah"),
        ((216, 35, 68, 215), "tobog-higil"),
    ],
)
def test_words_of_the_paper(address: tuple[int, ...], said: str) -> None:
    """The examples of https://arxiv.org/html/0901.4016."""
    assert words(bytes(address)) == said


def test_words_of_a_hub() -> None:
    """Eight of them; what is no name has none."""
    assert len(hub_words(HUB).split("-")) == 8
    with pytest.raises(SignatureError):
        hub_words("not a name!")


def test_each_key_for_its_time() -> None:
    """From when it was named, until a while after the next one was."""
    ring = check_rotations(HUB, FIRST, [rotation(0), rotation(1)])
    kids = [thumbprint(key.public_key()) for key in KEYS]
    instant = timedelta(milliseconds=1)
    assert set(ring.good(NOW - instant)) == {kids[0]}
    assert set(ring.good(NOW)) == {kids[0], kids[1]}
    assert set(ring.good(NOW + WEEK)) == {kids[0], kids[1], kids[2]}
    assert set(ring.good(NOW + KEY_OVERLAP)) == {kids[1], kids[2]}
    assert set(ring.good(NOW + WEEK + KEY_OVERLAP)) == {kids[2]}


def test_what_is_signed_is_read_by_anybody() -> None:
    """By a good key alone; another library reads it too."""
    ring = check_rotations(HUB, FIRST, [rotation(0)])
    token = sign_as_hub(b'{"n":1}', KEYS[1], typ="x+jws")
    assert read_signed(token, ring, typ="x+jws", now=NOW) == b'{"n":1}'
    assert jwt.decode_complete(token.decode(), KEYS[1].public_key(), ["EdDSA"])
    old = sign_as_hub(b"{}", KEYS[0], typ="x+jws")
    assert read_signed(old, ring, typ="x+jws", now=NOW)
    with pytest.raises(SignatureError, match="token_unknown_key"):
        read_signed(old, ring, typ="x+jws", now=NOW + KEY_OVERLAP)
    with pytest.raises(SignatureError):
        read_signed(token, ring, typ="y+jws", now=NOW)


def _stated(by: Ed25519PrivateKey, **changed: Any) -> str:
    said = {
        "version": 1,
        "hub": HUB,
        "key": jwk(KEYS[1].public_key()),
        "from": "2026-11-24T09:00:00Z",
    } | changed
    kid = thumbprint(by.public_key())
    return sign(canonical(said), by, typ=ROTATION_TYPE, kid=kid).decode()


def test_the_example_of_the_protocol() -> None:
    """It has the fields of a statement that is believed."""
    said = example("portal_rotation")
    assert said.keys() == {"version", "hub", "key", "from"}
    assert check_rotations(HUB, FIRST, [_stated(KEYS[0])])


@pytest.mark.parametrize(
    ("rotations", "code"),
    [
        ([5], "portal_keys_invalid"),
        (["a.b.c"], "portal_keys_invalid"),
        ([_stated(KEYS[1])], "portal_keys_invalid"),  # names itself
        ([rotation(1)], "portal_keys_invalid"),  # one is missing
        ([rotation(0), rotation(0)], "portal_keys_invalid"),
        ([rotation(0), _stated(KEYS[1])], "portal_keys_invalid"),  # at the same time
        (
            [rotation(0), _stated(KEYS[1], **{"from": "2026-11-25T09:00:00Z"})],
            "portal_keys_invalid",  # back to itself
        ),
        ([_stated(KEYS[0], hub="another")], "portal_other_hub"),
        ([_stated(KEYS[0], version=2)], "portal_version"),
        (
            [_stated(KEYS[0], key={"kty": "RSA", "crv": "", "x": ""})],
            "portal_keys_invalid",
        ),
        (
            [_stated(KEYS[0], key={"kty": "OKP", "crv": "Ed25519", "x": "AA"})],
            "portal_keys_invalid",
        ),
        (
            [_stated(KEYS[0], key={"kty": "OKP", "crv": "Ed25519", "x": "A!"})],
            "portal_keys_invalid",
        ),
    ],
)
def test_a_chain_that_does_not_hold(rotations: list[Any], code: str) -> None:
    """Nobody but the key before names a key."""
    with pytest.raises(PortalError, match=code):
        check_rotations(HUB, FIRST, rotations)


def test_another_hub() -> None:
    """The first key has to be the one that the hub is named after."""
    with pytest.raises(PortalError, match="portal_other_hub"):
        check_rotations(HUB, jwk(KEYS[1].public_key()), [])


def test_endless_rotations(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub cannot keep a home busy with them."""
    monkeypatch.setattr(portal_keys, "ROTATIONS_MAX", 1)
    assert check_rotations(HUB, FIRST, [rotation(0)])
    with pytest.raises(PortalError, match="portal_keys_invalid"):
        check_rotations(HUB, FIRST, [rotation(0), rotation(1)])


def test_a_thumbprint_is_a_digest() -> None:
    """Of the canonical key, as base64url."""
    spelt = canonical(FIRST)
    assert encode(hashlib.sha256(spelt).digest()).decode() == HUB
