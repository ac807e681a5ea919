"""The package a requester gets: manifest and content in a tar, padded, sealed.

`age -d -i key.txt clip.age | tar x` opens it anywhere. The same bytes go through the
digest check and the cipher: there is no moment between looking and sealing.
"""

from collections.abc import Buffer, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
import hashlib
from pathlib import Path
import tarfile
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..core.errors import InvalidRequestError, SealError, StoreError
from ..core.protocol import Content, content_of
from ..core.serial import Json, canonical
from ..core.strict_json import parse_json
from .durable import durable_file
from .jws import encode, sign_with_own_key, verify_with_own_key
from .sealing import parse_recipient, seal, sealed_size

MANIFEST_NAME: Final = "manifest.jws"
MANIFEST_TYPE: Final = "clip-consent-manifest+jws"
SMALLEST_BUCKET: Final = 2**20
LARGEST_BUCKET: Final = 2**32

_BLOCK: Final = 512  # of a tar
_END: Final = 2 * _BLOCK
_READ: Final = 2**20

type Progress = Callable[[float], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPackage:
    """What a receipt needs to know of a sealed package."""

    package_sha256: str  # of the sealed bytes
    package_size: int
    manifest_sha256: str  # of the bytes of `manifest.jws`
    signing_key: str  # Ed25519 public key, base64url


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest whose signature holds."""

    said: dict[str, Json]
    content: Content
    sha256: str
    signing_key: str


def bucket(size: int) -> int:
    """Return the padded size: the next of 2^k and 1.5 x 2^k bytes, from 1 MiB to 4 GiB.

    Raises SealError `clip_too_large` above.
    """
    if size > LARGEST_BUCKET:
        raise SealError("clip_too_large")
    power = max(SMALLEST_BUCKET, 1 << max(size - 1, 0).bit_length())
    smaller = power // 4 * 3
    return smaller if size <= smaller and smaller > SMALLEST_BUCKET else power


def read_manifest(token: bytes) -> Manifest:
    """Return a manifest after its signature was checked with the key it carries.

    Raises SealError `manifest_invalid` or SignatureError.
    """
    payload, key = verify_with_own_key(token, typ=MANIFEST_TYPE)
    try:
        said = parse_json(payload)
    except InvalidRequestError:
        raise SealError("manifest_invalid") from None
    return Manifest(
        said=said,
        content=content_of(said),
        sha256=hashlib.sha256(token).hexdigest(),
        signing_key=encode(key.public_bytes_raw()).decode(),
    )


def seal_package(
    *,
    draft: BinaryIO,
    expected_sha256: str,
    expected_size: int,
    manifest: Mapping[str, Json],
    recipient: str,
    spool_path: Path,
    progress: Progress | None = None,
) -> SealedPackage:
    """Seal an open draft into a file that is safely on disk; for an executor.

    Raises SealError: `draft_changed` if the bytes are not those approved,
    `recipient_malformed`, `clip_too_large`, `manifest_invalid`; StoreError:
    `draft_unreadable`, `spool_full`, `spool_failed`. After an error there is no file.
    `progress` is called in this thread, with 0 to 1.
    """
    content = content_of(dict(manifest))
    if (content.sha256, content.size) != (expected_sha256, expected_size):
        raise SealError("manifest_invalid")
    public_key = parse_recipient(recipient)
    key = Ed25519PrivateKey.generate()  # of this delivery; it is never written anywhere
    token = sign_with_own_key(canonical(dict(manifest)), key, typ=MANIFEST_TYPE)
    size = sealed_size(_tar_size(token, content))
    sealed = hashlib.sha256()
    with ThreadPoolExecutor(1) as beside, durable_file(spool_path) as write_all:

        def write(piece: Buffer) -> None:
            sealed.update(piece)
            write_all(piece)

        approved = _approved(draft, content, progress, beside)
        seal(_tar(token, content, approved), public_key, write)
    return SealedPackage(
        package_sha256=sealed.hexdigest(),
        package_size=size,
        manifest_sha256=hashlib.sha256(token).hexdigest(),
        signing_key=encode(key.public_key().public_bytes_raw()).decode(),
    )


def _approved(
    draft: BinaryIO, content: Content, progress: Progress | None, beside: Executor
) -> Iterator[bytes]:
    """Yield the draft; ends in an error unless it was, to the byte, as approved.

    A piece is hashed in a thread beside, while it is sealed.
    """
    digest, left = hashlib.sha256(), content.size
    try:
        draft.seek(0)
        while left and (piece := draft.read(min(_READ, left))):
            hashed = beside.submit(digest.update, piece)
            left -= len(piece)
            yield piece
            hashed.result()
            if progress:
                progress(1 - left / content.size)
        whole = not left and not draft.read(1)
    except OSError as err:
        raise StoreError("draft_unreadable") from err  # it may well be as approved
    if not whole or digest.hexdigest() != content.sha256:
        raise SealError("draft_changed")


def _tar(token: bytes, content: Content, pieces: Iterable[bytes]) -> Iterator[Buffer]:
    yield _member(MANIFEST_NAME, len(token))
    yield token
    yield bytes(-len(token) % _BLOCK)
    yield _member(content.name, content.size)
    yield from pieces
    yield bytes(-content.size % _BLOCK)
    # The end of a tar is two blocks of zeros: so is the padding, which readers skip.
    left = _tar_size(token, content) - _used(token, content)
    zeros = memoryview(bytes(_READ))
    while left:
        yield zeros[: min(left, _READ)]
        left -= min(left, _READ)


def _tar_size(token: bytes, content: Content) -> int:
    return bucket(_used(token, content) + _END)


def _used(token: bytes, content: Content) -> int:
    """Return the length of the members: a header each, filled up to whole blocks."""
    return sum(_BLOCK + size + -size % _BLOCK for size in (len(token), content.size))


def _member(name: str, size: int) -> bytes:
    """Return a tar header that tells nothing but name and size."""
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT)
