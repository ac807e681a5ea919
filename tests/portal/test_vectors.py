"""tests/portal/vectors.json holds for the second client and for this integration.

The file was made by `tests.portal.foreign.vectors` from fixed secrets. Its docstring
says what is in it; it is plain JSON, so the pages' tests can read it as well.
"""

from datetime import datetime
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.jws import SignatureError
from custom_components.clip_consent.base.package import bucket, read_manifest
from custom_components.clip_consent.base.portal_keys import (
    KeyRing,
    check_rotations,
    hub_words,
    jwk,
    read_signed,
    rotate,
    sign_as_hub,
    thumbprint,
)
from custom_components.clip_consent.base.sealing import parse_recipient, sealed_size
from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.portal_feed import (
    FEED_TYPE,
    HEAD_TYPE,
    feed_payload,
    head_payload,
    read_feed,
    read_head,
)
from custom_components.clip_consent.core.portal_items import read_item
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Beside,
    EntryKind,
    LogLine,
    check_chain,
    entry_json,
    line_json,
    next_entry,
    read_line,
)
from tests.deliveries import Sealed

from .foreign import age, package, signing, vectors
from .foreign.log import Log
from .foreign.spelling import Distrust, instant, unb64

SAID: Final[dict[str, Any]] = json.loads(vectors.FILE.read_text(encoding="utf-8"))
LOG: Final = SAID["log"]
FEED: Final = SAID["feed"]
SEALED: Final = SAID["sealed"]
KEYS: Final = [
    Ed25519PrivateKey.from_private_bytes(unb64(each["secret"])) for each in SAID["keys"]
]


def broken(line: Any) -> list[Any]:
    """Return the log with something else in the place of its third line."""
    lines = LOG["lines"]
    return [*lines[:2], *([line] if line else []), *lines[3:]]


# --- the second client


def test_the_second_client_makes_them_again() -> None:
    """To the byte: nothing in them is of chance."""
    assert vectors.vectors() == SAID


def chain() -> signing.KeyChain:
    """Return the hub's keys as the second client reads them."""
    return signing.key_chain(SAID["hub"], SAID["first_key"], SAID["rotations"])


def test_the_second_client_reads_keys_log_and_feed() -> None:
    """And takes each key for its time."""
    for good in SAID["good"]:
        assert list(chain().good(instant(good["at"]))) == good["kids"]
    log = Log()
    log.follow(LOG["lines"])
    keys = chain().good(instant(LOG["head"]["at"]))
    head = signing.hub_said(LOG["head"]["token"], signing.HEAD, keys)
    log.agree(head, SAID["hub"])
    assert head == LOG["head"]["payload"]
    assert log.untold() == set()
    assert signing.hub_said(FEED["token"], signing.FEED, keys) == FEED["payload"]


@pytest.mark.parametrize("case", LOG["broken"], ids=lambda case: case["what"])
def test_the_second_client_refuses_another_log(case: dict[str, Any]) -> None:
    """Each change of a line."""
    with pytest.raises(Distrust) as refused:
        Log().follow(broken(case["line"]))
    assert refused.value.code == case["code"]


def test_the_second_client_opens_what_is_sealed(tmp_path: Path) -> None:
    """What it sealed, and what a home of this integration does."""
    identity = x25519.Identity.from_str(SEALED["identity"])
    small = unb64(SEALED["small"])
    opened = package.opened(small, identity, SEALED["request_id"])
    assert opened.manifest == SEALED["manifest"]
    assert opened.content == SEALED["content"].encode()
    ours = Sealed(tmp_path)
    request = ours.request.request_id
    opened = package.opened(ours.path.read_bytes(), ours.identity, request)
    assert opened.content == ours.content


# --- this integration


def ring() -> KeyRing:
    """Return the hub's keys as a home of this integration reads them."""
    return check_rotations(SAID["hub"], SAID["first_key"], SAID["rotations"])


@pytest.mark.parametrize("number", range(len(KEYS)))
def test_keys_have_their_names(number: int) -> None:
    """JWK, thumbprint and words."""
    said, key = SAID["keys"][number], KEYS[number].public_key()
    assert jwk(key) == said["jwk"]
    assert thumbprint(key) == said["thumbprint"]
    assert hub_words(said["thumbprint"]) == said["words"]


def test_keys_name_each_other() -> None:
    """The same statements to the byte, each key good for its time."""
    starts = [named.since for named in chain().keys[1:]]
    for n, since in enumerate(starts):
        assert since
        made = rotate(KEYS[n], KEYS[n + 1].public_key(), hub=SAID["hub"], since=since)
        assert made == SAID["rotations"][n]
    for good in SAID["good"]:
        at = datetime.fromisoformat(good["at"])
        assert set(ring().good(at)) == set(good["kids"])


def test_a_log_is_read_and_written_the_same() -> None:
    """Line by line, its digests made anew."""
    lines = [read_line(line) for line in LOG["lines"]]
    assert [line_json(line) for line in lines] == LOG["lines"]
    head = EMPTY
    for line in lines:
        if line.beside:
            entry = line.entry
            made = next_entry(
                head,
                at=entry.at,
                kind=EntryKind(entry.kind),
                id=entry.id,
                target=entry.target,
                beside=line.beside,
            )
            assert entry_json(made) == entry_json(entry)
        head = line.entry.head
    assert check_chain(EMPTY, lines) == head
    said = LOG["head"]
    at = datetime.fromisoformat(said["at"])
    payload = read_signed(said["token"].encode(), ring(), typ=HEAD_TYPE, now=at)
    assert read_head(payload, hub=SAID["hub"]) == head
    issued = datetime.fromisoformat(said["payload"]["at"])
    again = head_payload(head, hub=SAID["hub"], at=issued)
    assert sign_as_hub(again, KEYS[1], typ=HEAD_TYPE).decode() == said["token"]


@pytest.mark.parametrize("case", LOG["broken"], ids=lambda case: case["what"])
def test_another_log_is_refused(case: dict[str, Any]) -> None:
    """Each change of a line."""
    lines = [read_line(line) for line in broken(case["line"])]
    with pytest.raises(PortalError, match=f"portal_{case['code']}"):
        check_chain(EMPTY, lines)


def read(token: str, at: str) -> Any:
    """Read a feed as a home does."""
    now = datetime.fromisoformat(at)
    payload = read_signed(token.encode(), ring(), typ=FEED_TYPE, now=now)
    return read_feed(payload, hub=SAID["hub"], cell=FEED["cell"], now=now)


def test_a_feed_is_read_and_written_the_same() -> None:
    """With the item in it, whose text is the log's."""
    feed = read(FEED["token"], FEED["at"])
    assert (
        sign_as_hub(feed_payload(feed), KEYS[1], typ=FEED_TYPE).decode()
        == FEED["token"]
    )
    assert FEED["etag"] == f'"{hashlib.sha256(FEED["token"].encode()).hexdigest()}"'
    (listed,) = feed.items
    line: LogLine = read_line(LOG["lines"][2])
    assert (listed.n, listed.beside) == (3, line.beside)
    assert isinstance(listed.beside, Beside)
    item = read_item(listed.beside.text)
    assert item is not None
    assert item.title == "Kratzer in der Lindenstraße"


@pytest.mark.parametrize("case", FEED["refused"], ids=lambda case: case["what"])
def test_what_is_no_feed_is_refused(case: dict[str, Any]) -> None:
    """By its signature, its key's time, or what it speaks of."""
    with pytest.raises((PortalError, SignatureError)):
        read(case["token"], case["at"])


def test_a_package_is_read_as_it_was_sealed() -> None:
    """Manifest and bucket; the sealing is age's."""
    manifest = read_manifest(SEALED["manifest_jws"].encode())
    assert manifest.said == SEALED["manifest"]
    assert manifest.content.size == len(SEALED["content"].encode())
    key = parse_recipient(SEALED["recipient"])
    assert age.recipient(X25519PublicKey.from_public_bytes(key)) == SEALED["recipient"]
    whole = _padded()
    assert (len(whole), sealed_size(bucket(1))) == (SEALED["padded"]["size"],) * 2
    identity = x25519.Identity.from_str(SEALED["identity"])
    plain = pyrage.decrypt(whole, [identity])
    assert len(plain) == bucket(len(plain)) == SEALED["padded"]["tar_size"]
    assert plain[512:].startswith(SEALED["manifest_jws"].encode())


@pytest.mark.parametrize(
    "case", SAID["desk"]["requests"], ids=lambda case: case["key_hint"]
)
def test_a_request_of_the_desk_has_its_key(case: dict[str, Any]) -> None:
    """Spelt out once more, with what others made: HKDF of Python, age's own letters."""
    secret, hint = unb64(SAID["desk"]["secret"]), case["key_hint"]
    extracted = hmac.digest(b"\0" * 32, secret, "sha256")
    info = f"clip-consent desk v1 {hint}".encode()
    key = hmac.digest(extracted, info + b"\1", "sha256")
    assert age.desk_key(secret, hint) == key
    identity = x25519.Identity.from_str(case["identity"])
    assert str(identity.to_public()) == case["recipient"]
    assert age.identity(X25519PrivateKey.from_private_bytes(key)) == case["identity"]


def _padded() -> bytes:
    """Return the package that is too large for the file, from what made it."""
    said = SEALED["padded"]
    secrets = age.Secrets(
        **{name: unb64(said[name]) for name in ("file_key", "ephemeral", "nonce")}
    )
    identity = x25519.Identity.from_str(SEALED["identity"])
    tar = package.padded(pyrage.decrypt(unb64(SEALED["small"]), [identity]))
    key = X25519PublicKey.from_public_bytes(parse_recipient(SEALED["recipient"]))
    whole = age.seal(tar, key, secrets)
    assert hashlib.sha256(whole).hexdigest() == said["sha256"]
    return whole
