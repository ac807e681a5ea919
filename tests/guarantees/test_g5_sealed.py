"""G5 sealed: only the requester's key opens; all others see ciphertext in buckets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
import hashlib
import io
from pathlib import Path
import random
import re
import subprocess
import tarfile

import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.outbound import Outbound
from custom_components.clip_consent.base.package import (
    LARGEST_BUCKET,
    Progress,
    bucket,
    read_manifest,
    seal_package,
)
from custom_components.clip_consent.base.sealing import sealed_size
from custom_components.clip_consent.core.errors import SealError
from custom_components.clip_consent.core.models import Destination, Draft, Way
from custom_components.clip_consent.core.protocol import manifest
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import NOON, Sealed, new_delivery, new_draft, new_request
from tests.servers.fixtures import _tus_server, tus_server
from tests.servers.processes import TusServer
from tests.servers.proxy import FaultProxy

__all__ = ["_tus_server", "tus_server"]  # fixtures, used by name

CANARY = b"a face at the window"
CONTENT = CANARY * 10_000
TELLING = (
    *(CANARY, b"clip.mp4", b"manifest", b"bicycle", b"Anna", b"sam-the-owner"),
    *(b"Front door", b"2026-11-23", b"ustar", b"EdDSA", b"video/mp4"),
)


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    """Return a sealed clip that would be known again anywhere."""
    return Sealed(tmp_path, content=CONTENT)


def test_the_requesters_key_opens_it(sealed: Sealed, tmp_path: Path) -> None:
    """With the reference program: the clip that was approved, and a true manifest."""
    key = tmp_path / "key.txt"
    key.write_text(str(sealed.identity))
    opened = subprocess.run(
        ["age", "-d", "-i", key, sealed.path], check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        clip, token = tar.extractfile("clip.mp4"), tar.extractfile("manifest.jws")
        assert clip is not None and token is not None
        assert clip.read() == CONTENT
        said = read_manifest(token.read())
    assert said.content.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_no_other_key_opens_it(sealed: Sealed) -> None:
    """There is one recipient, and it is not us."""
    whole = sealed.path.read_bytes()
    header = whole[: whole.index(b"\n---")]
    assert header.count(b"->") == 1
    for _ in range(20):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(whole, [x25519.Identity.generate()])


def test_the_package_shows_nothing(sealed: Sealed) -> None:
    """Not of the clip, not of the manifest, not whom it is for."""
    whole = sealed.path.read_bytes()
    for word in (*TELLING, str(sealed.identity.to_public()).encode()):
        assert word not in whole
    assert str(sealed.identity.to_public()).encode()[4:] not in whole


def test_the_spool_never_holds_plaintext(tmp_path: Path) -> None:
    """Not even in a part of a file, at any moment of sealing."""
    content = CANARY * 200_000
    seen: list[bytes] = []

    def look(_: float) -> None:
        seen.extend(file.read_bytes() for file in tmp_path.iterdir())

    _seal(new_draft(content), content, tmp_path / "spool.age", look)
    look(1)
    assert len(seen) > 3
    assert max(map(len, seen)) > len(content)
    for state in seen:
        assert not any(word in state for word in TELLING)


def test_what_was_not_approved_is_not_sealed(tmp_path: Path) -> None:
    """One byte other: nothing is left, sealed or not."""
    with pytest.raises(SealError):
        _seal(new_draft(CONTENT), CONTENT[:-1] + b"!", tmp_path / "spool.age")
    assert not list(tmp_path.iterdir())


def _seal(
    draft: Draft, content: bytes, path: Path, progress: Progress | None = None
) -> None:
    """Seal some bytes, as those of a draft, to a new key."""
    identity = x25519.Identity.generate()
    request = new_request(str(identity.to_public()), Destination(way=Way.DROP))
    seal_package(
        draft=io.BytesIO(content),
        expected_sha256=draft.sha256,
        expected_size=draft.size,
        manifest=manifest(
            request=request,
            delivery=new_delivery(request, draft),
            delete_by=NOON,
            software_version="0.1.0",
        ),
        recipient=str(identity.to_public()),
        spool_path=path,
        progress=progress,
    )


def test_sizes_fall_into_few_buckets() -> None:
    """S-07: of 10,000 clips of any size, the packages have at most 32 sizes."""
    chance = random.Random(7)
    clips = [int(2 ** chance.uniform(0, 32)) for _ in range(10_000)]
    sizes = {sealed_size(bucket(min(size, LARGEST_BUCKET))) for size in clips}
    assert 20 < len(sizes) <= 32


def test_clips_of_a_bucket_look_alike(tmp_path: Path) -> None:
    """A long clip and an empty one: the same length on the wire."""
    sizes = {Sealed(tmp_path, size=size).package.package_size for size in (0, 10**6)}
    assert sizes == {sealed_size(2**20)}


@pytest.fixture
async def wire(
    tus_server: TusServer, socket_enabled: None
) -> AsyncIterator[FaultProxy]:
    """Return the wire to a portal, tapped."""
    async with FaultProxy(tus_server.port) as proxy:
        yield proxy
    await asyncio.get_running_loop().shutdown_default_executor()


async def _deliver(sealed: Sealed, wire: FaultProxy) -> bytes:
    """Return all that the network sees of a delivery."""
    outbound = Outbound(
        allowed_fetch=frozenset(), allowed_send=frozenset({("127.0.0.1", wire.port)})
    )
    url = f"http://127.0.0.1:{wire.port}/files"
    consent = replace(
        sealed.delivery.consent, destination=Destination(way=Way.TUS, url=url)
    )
    saved: list[str | None] = []

    async def save(upload: str | None) -> None:
        saved.append(upload)

    wire.sent.clear()
    await Uploader(outbound.send).async_deliver(
        replace(sealed.delivery, consent=consent),
        sealed.path,
        save=save,
        progress=lambda _: None,
    )
    await outbound.async_close()
    return bytes(wire.sent)


HEADERS = {
    *("host", "user-agent", "accept", "accept-encoding", "connection"),
    *("tus-resumable", "upload-length", "upload-metadata", "upload-offset"),
    *("content-length", "content-type"),
}


async def test_the_network_sees_ciphertext_only(
    sealed: Sealed, wire: FaultProxy
) -> None:
    """Every byte on the wire is the package, or one of a few headers that say nothing."""
    seen = await _deliver(sealed, wire)
    whole = sealed.path.read_bytes()
    assert seen.count(whole) == 1
    talk = seen.replace(whole, b"").decode("ascii")
    names = re.findall(r"^([A-Za-z-]+): ", talk, re.MULTILINE)
    assert {name.lower() for name in names} <= HEADERS
    for word in TELLING:
        assert word.decode() not in talk
    assert sealed.request.request_id not in talk


async def test_nothing_links_two_deliveries(tmp_path: Path, wire: FaultProxy) -> None:
    """Of two clips of one home, the talk differs in one random name and nothing else."""
    talks, packages = [], []
    for content in (CONTENT, CONTENT + b"another"):
        sealed = Sealed(tmp_path, content=content)
        whole = sealed.path.read_bytes()
        talk = (await _deliver(sealed, wire)).replace(whole, b"").decode("ascii")
        upload = re.findall(r"PATCH (\S+) ", talk)[0]
        name = re.findall(r"filename (\S+)", talk)[0]
        talks.append(talk.replace(upload, "UPLOAD").replace(name, "NAME"))
        packages.append((name, whole, sealed.package.signing_key))
    assert talks[0] == talks[1]
    (name, whole, key), (other_name, other, other_key) = packages
    assert name != other_name
    assert key != other_key
    # No 16 bytes at the same place are the same, but for the format's first line.
    same = [
        place
        for place in range(32, min(len(whole), len(other)) - 16)
        if whole[place : place + 16] == other[place : place + 16]
    ]
    assert same == []
