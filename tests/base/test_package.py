"""The package: opens everywhere, holds what was approved, or does not exist."""

import contextlib
import hashlib
import io
import json
import os
from pathlib import Path
import subprocess
import sys
import tarfile
import tracemalloc
from typing import BinaryIO, override

import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.base import package
from custom_components.clip_consent.base.jws import SignatureError, sign_with_own_key
from custom_components.clip_consent.base.package import (
    LARGEST_BUCKET,
    MANIFEST_TYPE,
    bucket,
    read_manifest,
    seal_package,
)
from custom_components.clip_consent.base.sealing import sealed_size
from custom_components.clip_consent.core.errors import SealError, StoreError
from custom_components.clip_consent.core.serial import Json, canonical
from script import verify_clip
from tests.deliveries import Sealed

VERIFIER = Path(__file__).parents[2] / "script" / "verify_clip.py"


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    """Return a sealed package with all that belongs to it."""
    return Sealed(tmp_path)


def opened(sealed: Sealed) -> bytes:
    """Return the tar inside."""
    return pyrage.decrypt(sealed.path.read_bytes(), [sealed.identity])


def test_it_opens_with_age_and_tar(sealed: Sealed, tmp_path: Path) -> None:
    """As docs/interfaces.md promises."""
    key, folder = tmp_path / "key.txt", tmp_path / "opened"
    key.write_text(str(sealed.identity))
    folder.mkdir()
    command = f"age -d -i {key} {sealed.path} | tar x -C {folder}"
    subprocess.run(["sh", "-c", command], check=True)
    assert names(folder) == ["clip.mp4", "manifest.jws"]
    assert (folder / "clip.mp4").read_bytes() == sealed.content
    manifest = read_manifest((folder / "manifest.jws").read_bytes())
    assert manifest.content.sha256 == hashlib.sha256(sealed.content).hexdigest()
    assert manifest.sha256 == sealed.package.manifest_sha256
    assert manifest.signing_key == sealed.package.signing_key


def test_the_tar_tells_nothing(sealed: Sealed) -> None:
    """Two members in order, without owner or time, then zeros."""
    whole = opened(sealed)
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        members = tar.getmembers()
    assert [member.name for member in members] == ["manifest.jws", "clip.mp4"]
    for member in members:
        assert (member.uid, member.gid, member.mtime) == (0, 0, 0)
        assert (member.uname, member.gname, member.mode) == ("", "", 0o644)
    end = members[1].offset_data + members[1].size
    assert not any(whole[end:])
    assert len(whole) == bucket(end + -end % 512 + 1024)


def test_the_digests_are_those_of_the_file(sealed: Sealed) -> None:
    """What the receipt will say is so."""
    whole = sealed.path.read_bytes()
    assert sealed.package.package_sha256 == hashlib.sha256(whole).hexdigest()
    assert sealed.package.package_size == len(whole) == sealed_size(2**20)


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 2**20, 1_600_000])
def test_every_size_comes_out_as_it_went_in(tmp_path: Path, size: int) -> None:
    """Around the blocks of a tar and the buckets."""
    sealed = Sealed(tmp_path, size=size)
    whole = opened(sealed)
    assert len(whole) == bucket(len(whole))
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        content = tar.extractfile("clip.mp4")
        assert content is not None
        assert content.read() == sealed.content
    assert sealed.package.package_size == sealed_size(len(whole))


def test_buckets_are_few_and_close() -> None:
    """At most 32; none wastes more than half; a bucket is its own bucket."""
    sizes = {bucket(size) for power in range(33) for size in _around(2**power)}
    sizes |= {bucket(size) for power in range(20, 32) for size in _around(3 * 2**power)}
    assert len(sizes) <= 32
    assert (min(sizes), max(sizes)) == (2**20, 2**32)
    assert all(bucket(size) == size for size in sizes)
    for size in (2**20 + 1, 10**7, 10**9, 3 * 10**9, 2**32):
        assert size <= bucket(size) <= size * 1.5
    assert bucket(0) == 2**20


def _around(size: int) -> list[int]:
    return [near for near in (size - 1, size, size + 1) if near <= LARGEST_BUCKET]


def test_what_is_too_large_is_refused() -> None:
    """Above 4 GiB."""
    with pytest.raises(SealError) as raised:
        bucket(LARGEST_BUCKET + 1)
    assert raised.value.code == "clip_too_large"


class Changing(io.BytesIO):
    """A draft that is another one when it is read: swapped, cut or grown."""

    def __init__(self, first: bytes, later: bytes) -> None:
        super().__init__(first)
        self.later = later
        self.reads = 0

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads == 2:
            place = self.tell()
            self.seek(0)
            self.write(self.later)
            self.truncate()
            self.seek(place)
        return super().read(size)


def seal(folder: Path, draft: BinaryIO, content: bytes, **other: object) -> None:
    """Seal `draft` where `content` was approved."""
    digest = hashlib.sha256(content).hexdigest()
    said: dict[str, Json] = {
        "version": 1,
        "content": {
            "name": "clip.mp4",
            "media_type": "video/mp4",
            "size": len(content),
            "sha256": digest,
        },
    }
    arguments: dict[str, object] = {
        "draft": draft,
        "expected_sha256": digest,
        "expected_size": len(content),
        "manifest": said,
        "recipient": str(x25519.Identity.generate().to_public()),
        "spool_path": folder / "spool.age",
        **other,
    }
    seal_package(**arguments)  # type: ignore[arg-type]


LONG = bytes(3 * 2**20)
CHANGED: dict[str, tuple[BinaryIO, bytes]] = {
    "another byte": (io.BytesIO(b"approved!"), b"approved."),
    "one less": (io.BytesIO(b"approved"), b"approved."),
    "one more": (io.BytesIO(b"approved.."), b"approved."),
    "nothing": (io.BytesIO(b""), b"approved."),
    "more than nothing": (io.BytesIO(b"more"), b""),
    "swapped on the way": (Changing(LONG, LONG[:-1] + b"1"), LONG),
    "cut on the way": (Changing(LONG, LONG[:-1]), LONG),
    "grown on the way": (Changing(LONG, LONG + b"0"), LONG),
    "emptied on the way": (Changing(LONG, b""), LONG),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_draft_is_not_sealed(tmp_path: Path, name: str) -> None:
    """Not one byte other, less or more, not even while it is being read."""
    draft, content = CHANGED[name]
    with pytest.raises(SealError) as raised:
        seal(tmp_path, draft, content)
    assert raised.value.code == "draft_changed"
    assert names(tmp_path) == []


def test_a_draft_is_read_from_its_start(tmp_path: Path) -> None:
    """Wherever somebody left it."""
    draft = io.BytesIO(b"approved")
    draft.seek(3)
    seal(tmp_path, draft, b"approved")
    assert names(tmp_path) == ["spool.age"]


class Unreadable(io.BytesIO):
    """A draft on a failing disk."""

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("recipient_malformed", {"recipient": "age1qqqq"}),
        ("manifest_invalid", {"manifest": {}}),
        ("manifest_invalid", {"expected_sha256": "0" * 64}),
        ("manifest_invalid", {"expected_size": 7}),
    ],
)
def test_other_failures_leave_nothing_either(
    tmp_path: Path, code: str, other: dict[str, object]
) -> None:
    """Each says why."""
    with pytest.raises(SealError) as raised:
        seal(tmp_path, io.BytesIO(b"approved"), b"approved", **other)
    assert raised.value.code == code
    assert names(tmp_path) == []


def test_a_draft_that_cannot_be_read(tmp_path: Path) -> None:
    """G4: a failing disk is no change of the draft; it can be tried again."""
    with pytest.raises(StoreError) as raised:
        seal(tmp_path, Unreadable(b"approved"), b"approved")
    assert raised.value.code == "draft_unreadable"
    assert names(tmp_path) == []


def test_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """The manifest says how long it would be."""
    content: dict[str, Json] = {
        "name": "clip.mp4",
        "media_type": "video/mp4",
        "size": LARGEST_BUCKET,
        "sha256": "0" * 64,
    }
    with pytest.raises(SealError) as raised:
        seal(
            tmp_path,
            io.BytesIO(b""),
            b"",
            manifest={"version": 1, "content": content},
            expected_sha256="0" * 64,
            expected_size=LARGEST_BUCKET,
        )
    assert raised.value.code == "clip_too_large"
    assert names(tmp_path) == []


def test_progress_is_told(tmp_path: Path) -> None:
    """Upwards to one."""
    told: list[float] = []
    seal(tmp_path, io.BytesIO(LONG), LONG, progress=told.append)
    assert told == [pytest.approx(1 / 3), pytest.approx(2 / 3), 1]


def test_memory_stays_constant(tmp_path: Path) -> None:
    """Fifty megabytes take no more than a few pieces."""
    draft = tmp_path / "draft"
    with draft.open("wb") as out:
        out.truncate(50 * 2**20)
    with draft.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    content: dict[str, Json] = {
        "name": "clip.mp4",
        "media_type": "video/mp4",
        "size": 50 * 2**20,
        "sha256": digest,
    }
    with draft.open("rb") as file:
        tracemalloc.start()
        try:
            seal(
                tmp_path,
                file,
                b"",
                manifest={"version": 1, "content": content},
                expected_sha256=digest,
                expected_size=50 * 2**20,
            )
            assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
        finally:
            tracemalloc.stop()


def test_the_signing_key_is_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made for the delivery, and neither kept nor given back."""
    made = []
    real = package.Ed25519PrivateKey

    class Noting:
        @staticmethod
        def generate() -> object:
            made.append(real.generate())
            return made[-1]

    monkeypatch.setattr(package, "Ed25519PrivateKey", Noting)
    sealed = Sealed(tmp_path)
    assert len(made) == 1
    secret = made[0].private_bytes_raw()
    for form in (secret, secret.hex().encode()):
        assert form not in opened(sealed)
        for file in tmp_path.iterdir():
            assert form not in file.read_bytes()
    assert secret.hex() not in repr(sealed.package)


def test_a_manifest_must_be_one() -> None:
    """A true signature makes no manifest of something else."""
    key = package.Ed25519PrivateKey.generate()
    for payload in (b"", b"{}", b"[]", b'{"version":1,"version":1}'):
        with pytest.raises(SealError) as raised:
            read_manifest(sign_with_own_key(payload, key, typ=MANIFEST_TYPE))
        assert raised.value.code == "manifest_invalid"
    with pytest.raises(SignatureError):
        read_manifest(sign_with_own_key(canonical({}), key, typ="other+jws"))


class Unpacked:
    """A package as a requester has it, with the program that checks it."""

    def __init__(self, sealed: Sealed, folder: Path) -> None:
        self.sealed = sealed
        self.folder = folder
        self.key = folder / "key.txt"
        self.receipt = folder / "receipt.json"
        self.key.write_text(str(sealed.identity))
        self.receipt.write_text(json.dumps(self._receipt()))

    def _receipt(self) -> dict[str, object]:
        made = self.sealed.package
        return {
            "sha256": self.sealed.delivery.draft.sha256,
            "package_sha256": made.package_sha256,
            "package_size": made.package_size,
            "manifest_sha256": made.manifest_sha256,
            "signing_key": made.signing_key,
        }

    def check(self, *arguments: str | Path) -> tuple[int, str]:
        """Return exit status and last line of the program."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = verify_clip.main([str(argument) for argument in arguments])
        return status, out.getvalue().splitlines()[-1]


@pytest.fixture
def unpacked(sealed: Sealed, tmp_path: Path) -> Unpacked:
    """Return a package, opened and not."""
    folder = tmp_path / "requester"
    folder.mkdir()
    return Unpacked(sealed, folder)


def test_anyone_can_check_a_clip(unpacked: Unpacked) -> None:
    """Sealed, unpacked, with receipt and without: by a program that knows us not."""
    source = VERIFIER.read_text(encoding="utf-8")
    assert "clip_consent" not in source.replace('"clip-consent-manifest+jws"', "")
    out, path = unpacked.folder / "out", unpacked.sealed.path
    status, last = unpacked.check(
        path,
        *("--identity", unpacked.key, "--extract", out),
        *("--receipt", unpacked.receipt),
    )
    assert (status, last[:3]) == (0, "OK:")
    assert unpacked.sealed.delivery.draft.sha256 in last
    assert (out / "clip.mp4").read_bytes() == unpacked.sealed.content
    assert unpacked.check(out, "--receipt", unpacked.receipt)[0] == 0


def test_what_a_browser_saved_can_be_checked(unpacked: Unpacked) -> None:
    """The page puts the time into the names of both files; two clips are too many."""
    out, path = unpacked.folder / "out", unpacked.sealed.path
    unpacked.check(path, "--identity", unpacked.key, "--extract", out)
    (out / "clip.mp4").rename(out / "clip-2026-11-23T18-01-58Z.mp4")
    (out / "manifest.jws").rename(out / "manifest-2026-11-23T18-01-58Z.jws")
    status, last = unpacked.check(out, "--receipt", unpacked.receipt)
    assert (status, last[:3]) == (0, "OK:")
    (out / "clip-of-something-else.mp4").write_bytes(b"other")
    assert unpacked.check(out)[0] == 1


def test_the_checker_stands_alone(unpacked: Unpacked) -> None:
    """It runs as a program, from another folder, and without us on the path."""
    copy = unpacked.folder / "verify_clip.py"
    copy.write_bytes(VERIFIER.read_bytes())
    result = subprocess.run(
        [sys.executable, copy, unpacked.sealed.path, "--identity", unpacked.key],
        check=True,
        capture_output=True,
        text=True,
        cwd=unpacked.folder,
        env={"PATH": os.environ["PATH"]},
    )
    assert result.stdout.splitlines()[-1].startswith("OK: clip.mp4")


def test_the_checker_notices(unpacked: Unpacked) -> None:
    """A changed clip, an edited manifest, another receipt, a damaged package."""
    out, path = unpacked.folder / "out", unpacked.sealed.path
    opening = ("--identity", unpacked.key)
    assert unpacked.check(path, *opening, "--extract", out)[0] == 0
    (out / "clip.mp4").write_bytes(unpacked.sealed.content[:-1] + b"?")
    status, said = unpacked.check(out)
    assert (status, said) == (1, "NOT OK: the clip is not the one of the manifest")
    (out / "clip.mp4").write_bytes(unpacked.sealed.content)
    token = (out / "manifest.jws").read_bytes()
    own_key = package.Ed25519PrivateKey.generate()
    (out / "manifest.jws").write_bytes(token[:-6] + b"AAAAAA")
    assert unpacked.check(out)[0] == 1
    said_so = canonical(read_manifest(token).said)
    (out / "manifest.jws").write_bytes(
        sign_with_own_key(said_so, own_key, typ=MANIFEST_TYPE)
    )
    assert unpacked.check(out)[0] == 0  # another's signature on true words
    status, said = unpacked.check(out, "--receipt", unpacked.receipt)
    assert (status, said[:43]) == (1, "NOT OK: the receipt speaks of another deliv")
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    assert unpacked.check(path, *opening)[0] == 1


def test_the_checker_finds_what_is_hidden(unpacked: Unpacked) -> None:
    """Behind the clip there are zeros and nothing else."""
    whole = opened(unpacked.sealed)
    for place in (-1, -(2**19)):
        other = bytearray(whole)
        other[place] = 1
        again = pyrage.encrypt(bytes(other), [unpacked.sealed.identity.to_public()])
        unpacked.sealed.path.write_bytes(again)
        status, said = unpacked.check(unpacked.sealed.path, "--identity", unpacked.key)
        assert (status, said) == (1, "NOT OK: something is hidden behind the clip")
