"""What a home delivers: a manifest and a film in a tar, padded, in an age file."""

from dataclasses import dataclass
import io
import tarfile
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
from pyrage import x25519

from .signing import header_of, jwk, public_key, sign, verified
from .spelling import Distrust, Said, canonical, parsed, sha256

MANIFEST: Final = "clip-consent-manifest+jws"
_SMALLEST: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A delivery whose manifest and content agree."""

    manifest: Said
    content: bytes


def bucket(size: int) -> int:
    """Return the smallest bucket that holds so many bytes."""
    power = _SMALLEST
    while power < size:
        if power * 3 // 2 >= size:
            return power * 3 // 2
        power *= 2
    return power


def packed(manifest: Said, content: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the tar, its two ending blocks there but not yet the padding."""
    said = {"size": len(content), "sha256": sha256(content), **manifest["content"]}
    token = sign(
        canonical({**manifest, "content": said}),
        key,
        MANIFEST,
        {"jwk": jwk(key.public_key())},
    )
    members = (("manifest.jws", token.encode()), (said["name"], content))
    return b"".join(_member(*member) for member in members) + bytes(1024)


def padded(tar: bytes) -> bytes:
    """Return a tar filled up with zeros to its bucket."""
    return tar.ljust(bucket(len(tar)), b"\0")


def opened(sealed: bytes, identity: x25519.Identity, request: str) -> Opened:
    """Return what was delivered to a request.

    Raises Distrust `not_a_package`, `bad_signature`, `other_request`, `other_content`.
    """
    members = _members(pyrage.decrypt(sealed, [identity]))
    match members:
        case [("manifest.jws", token), (name, content)]:
            manifest = read_manifest(token.decode())
        case _:
            raise Distrust("not_a_package", str([name for name, _ in members]))
    if manifest["request_id"] != request:
        raise Distrust("other_request")
    said = manifest["content"]
    if (said["name"], said["size"]) != (name, len(content)):
        raise Distrust("other_content", name)
    if said["sha256"] != sha256(content):
        raise Distrust("other_content", "its digest")
    return Opened(manifest=manifest, content=content)


def read_manifest(token: str) -> Said:
    """Return a manifest that the key in its own header signed.

    Raises Distrust `not_a_package`, `not_a_key` or `bad_signature`.
    """
    header = header_of(token)
    if header != {"alg": "EdDSA", "jwk": header.get("jwk"), "typ": MANIFEST}:
        raise Distrust("not_a_package", "another header")
    return parsed(verified(token, public_key(header["jwk"])))


def _members(plain: bytes) -> list[tuple[str, bytes]]:
    found = []
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
        for each in tar:
            file = tar.extractfile(each)
            if file is None:
                raise Distrust("not_a_package", each.name)
            found.append((each.name, file.read()))
    return found


def _member(name: str, content: bytes) -> bytes:
    header = tarfile.TarInfo(name)
    header.size = len(content)
    return header.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)
