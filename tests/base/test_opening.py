"""Opening what neighbours sent: whole, or nothing of it."""

from collections.abc import Callable
import io
import os
from pathlib import Path
import tarfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base.opening import open_package
from custom_components.clip_consent.base.unsealing import new_secret, recipient_of
from custom_components.clip_consent.core.errors import AnswerError, StoreError
from tests.portal.foreign import package

ITEM = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
MANIFEST = {
    "version": 1,
    "kind": "clip",
    "request_id": ITEM,
    "content": {"name": "clip.mp4", "media_type": "video/mp4"},
}


class Box:
    """A key, and what somebody seals to it."""

    def __init__(self, folder: Path) -> None:
        self.secret = new_secret()
        self.sealed = folder / "came.age"
        self.content = folder / "clip.mp4"

    def put(self, tar: bytes) -> None:
        """Seal a tar as another implementation does."""
        to = x25519.Recipient.from_str(recipient_of(self.secret))
        self.sealed.write_bytes(pyrage.encrypt(tar, [to]))

    def open(self) -> bytes:
        """Open it, and return its content."""
        open_package(
            self.sealed, secret=self.secret, request_id=ITEM, content=self.content
        )
        return self.content.read_bytes()

    def files(self) -> list[str]:
        """Return what there is."""
        return sorted(file.name for file in self.sealed.parent.iterdir())


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Return an empty one."""
    return Box(tmp_path)


def packed(content: bytes, /, **changes: object) -> bytes:
    """Return the tar of another home's software."""
    return package.packed(
        {**MANIFEST, **changes}, content, Ed25519PrivateKey.generate()
    )


@pytest.mark.parametrize("size", [0, 1, 511, 512, 200_000])
def test_another_homes_package_opens(box: Box, size: int) -> None:
    """To the byte, whatever its length."""
    content = os.urandom(size)
    box.put(package.padded(packed(content)))
    assert box.open() == content


def test_what_it_says_comes_along(box: Box) -> None:
    """The manifest, after its signature was checked."""
    box.put(package.padded(packed(b"film")))
    manifest = open_package(
        box.sealed, secret=box.secret, request_id=ITEM, content=box.content
    )
    assert manifest.said["kind"] == "clip"
    assert manifest.content.size == 4


def other_member(tar: bytes) -> bytes:
    """Put a file before the two."""
    info = tarfile.TarInfo("note.txt")
    return info.tobuf(tarfile.USTAR_FORMAT) + tar


def link(tar: bytes) -> bytes:
    """Make the content a link."""
    info = tarfile.TarInfo("clip.mp4")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return tar[: _content_at(tar)] + info.tobuf(tarfile.USTAR_FORMAT) + bytes(1024)


def elsewhere(tar: bytes) -> bytes:
    """Give the content another name."""
    info = tarfile.TarInfo("../clip.mp4")
    info.size = 4
    at = _content_at(tar)
    return tar[:at] + info.tobuf(tarfile.USTAR_FORMAT) + tar[at + 512 :]


def changed(tar: bytes) -> bytes:
    """Change a byte of the content."""
    at = _content_at(tar) + 512
    return tar[:at] + b"F" + tar[at + 1 :]


def forged(tar: bytes) -> bytes:
    """Change a byte of the signature."""
    end = 512 + tarfile.TarInfo.frombuf(tar[:512], "utf-8", "strict").size
    return tar[: end - 1] + bytes([tar[end - 1] ^ 1]) + tar[end:]


def long_manifest(tar: bytes) -> bytes:
    """Say that the manifest never ends."""
    info = tarfile.TarInfo("manifest.jws")
    info.size = 2**20
    return info.tobuf(tarfile.USTAR_FORMAT) + tar[512:] + bytes(2**20)


def _content_at(tar: bytes) -> int:
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        return opened.getmembers()[1].offset


@pytest.mark.parametrize(
    "change",
    [
        other_member,
        link,
        elsewhere,
        changed,
        forged,
        long_manifest,
        lambda tar: tar[:300],
        lambda tar: tar[: _content_at(tar) + 514],
        lambda tar: tar[: _content_at(tar)],
        lambda tar: bytes(10240),
        lambda tar: b"\xff" * 512 + tar,
        lambda tar: b"",
    ],
)
def test_anything_else_is_nothing(box: Box, change: Callable[[bytes], bytes]) -> None:
    """One error, and no file: not a part of one either."""
    box.put(change(packed(b"film")))
    with pytest.raises(AnswerError) as caught:
        box.open()
    assert caught.value.code == "answer_unreadable"
    assert box.files() == ["came.age"]


@pytest.mark.parametrize(
    "changes", [{"request_id": "a" * 26}, {"version": 2}, {"content": {"name": "x"}}]
)
def test_an_answer_to_something_else_is_none(
    box: Box, changes: dict[str, object]
) -> None:
    """Whoever copies one request's answer into another's inbox brings nothing."""
    tar = packed(b"film", **changes)
    box.put(tar)
    with pytest.raises(AnswerError):
        box.open()


def test_what_is_cut_off_is_nothing(box: Box) -> None:
    """Content that was whole gets no name before the last chunk came."""
    box.put(package.padded(packed(bytes(200_000))))
    whole = box.sealed.read_bytes()
    box.sealed.write_bytes(whole[:-20])
    with pytest.raises(AnswerError):
        box.open()
    assert box.files() == ["came.age"]


def test_trouble_with_the_disk_is_no_verdict(box: Box) -> None:
    """What cannot be read now may be read later."""
    with pytest.raises(StoreError):
        box.open()
    box.put(package.padded(packed(b"film")))
    box.content = box.content.parent / "missing" / "clip.mp4"
    with pytest.raises(StoreError):
        box.open()
