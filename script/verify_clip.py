#!/usr/bin/env python3
"""Check a clip that a Clip Consent home sent you, without that home and without us.

Needs Python 3.11 and the package `cryptography` (pip install cryptography).

    age -d -i key.txt clip.age | tar x -C folder
    python3 verify_clip.py folder

(or on a folder with the two files that the page in the browser saves), or, where the
program `age` is installed, on the sealed file itself:

    python3 verify_clip.py clip.age --identity key.txt [--extract folder]

What holds when it says OK: the manifest is signed by the key it carries, and the clip
is to the byte the one that the manifest names. With --receipt (the JSON object of a
delivery, from the home's owner) also: it is the delivery that the receipt speaks of.
Without a receipt nothing tells which home made it: each delivery has its own key.

Exit status: 0 if all held, 1 if not, 2 if it could not be checked.
"""

import argparse
import base64
from collections.abc import Iterable, Iterator
import contextlib
from fnmatch import fnmatchcase
import hashlib
import json
from pathlib import Path
import signal
import subprocess
import sys
import tarfile
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST = "manifest.jws"
CONTENTS = {"clip.mp4", "answer.txt"}
MANIFEST_TYPE = "clip-consent-manifest+jws"
LONGEST_MANIFEST = 64 * 1024
PIECE = 2**20
BLOCK = 512


class Mismatch(Exception):  # noqa: N818
    """What was found is not what it claims to be."""


def expect(held: bool, otherwise: str) -> None:
    """Raise Mismatch unless `held`."""
    if not held:
        raise Mismatch(otherwise)


def decode(text: str) -> bytes:
    """Read base64url in its one spelling."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    spelled = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    expect(spelled == text, "the manifest is not spelled as a token is")
    return data


def read_object(data: bytes) -> dict[str, Any]:
    """Return a JSON object; one that says the same thing twice is none."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        expect(len(dict(pairs)) == len(pairs), "the manifest says something twice")
        return dict(pairs)

    value = json.loads(data.decode(), object_pairs_hook=once)
    expect(isinstance(value, dict), "the manifest is not an object")
    return dict(value)


def read_manifest(token: bytes) -> tuple[dict[str, Any], str]:
    """Return what a manifest says and the key that signed it (base64url)."""
    expect(len(token) <= LONGEST_MANIFEST, "the manifest is too long")
    parts = token.decode("ascii").split(".")
    expect(len(parts) == 3, "the manifest is not a token of three parts")
    header = read_object(decode(parts[0]))
    expect(header.keys() == {"alg", "typ", "jwk"}, "the manifest's header is odd")
    expect(header["typ"] == MANIFEST_TYPE, "the token is not a manifest")
    expect(header["alg"] == "EdDSA", "the manifest is not signed by EdDSA")
    jwk = header["jwk"]
    expect(jwk.keys() == {"kty", "crv", "x"}, "the manifest's key is odd")
    expect((jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"), "the key is not Ed25519")
    key = Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
    try:
        key.verify(decode(parts[2]), f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature:
        raise Mismatch("the manifest's signature does not hold") from None
    return read_object(decode(parts[1])), jwk["x"]


class Found:
    """Digests and size of what was found."""

    manifest = b""
    name = ""
    size = 0
    sha256 = ""
    package_sha256: str | None = None
    package_size: int | None = None

    def take(self, name: str, pieces: Iterable[bytes], copy: Path | None) -> None:
        """Digest the content, and copy it where it is wanted."""
        digest = hashlib.sha256()
        with contextlib.ExitStack() as stack:
            out = stack.enter_context((copy / name).open("wb")) if copy else None
            for piece in pieces:
                digest.update(piece)
                self.size += len(piece)
                if out is not None:
                    out.write(piece)
        self.name, self.sha256 = name, digest.hexdigest()


def pieces_of(stream: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """Yield a stream in pieces: all of it, or exactly `size` bytes."""
    while size is None or size > 0:
        piece = stream.read(PIECE if size is None else min(PIECE, size))
        if not piece:
            expect(size is None, "the package ends too early")
            return
        if size is not None:
            size -= len(piece)
        yield piece


def read_folder(folder: Path) -> Found:
    """Return what is in a folder that a package was unpacked to, or saved to.

    A browser saves with the time in the name: `clip-2026-11-23T18-01-58Z.mp4`.
    """
    found = Found()
    found.manifest = named(folder, [MANIFEST])[1].read_bytes()
    name, path = named(folder, sorted(CONTENTS))
    with path.open("rb") as content:
        found.take(name, pieces_of(content), None)
    return found


def named(folder: Path, names: list[str]) -> tuple[str, Path]:
    """Return the one file that goes by one of these names, with that name."""
    found = [
        (name, path)
        for path in folder.iterdir()
        for name in names
        for pattern in (name, name.replace(".", "-*."))
        if fnmatchcase(path.name, pattern)
    ]
    expect(len(found) == 1, "there must be one of: " + ", ".join(names))
    return found[0]


def read_sealed(path: Path, identity: Path, extract: Path | None) -> Found:
    """Return what is in a sealed package; `age` opens it."""
    found = Found()
    with path.open("rb") as sealed:
        found.package_sha256 = hashlib.file_digest(sealed, "sha256").hexdigest()
    found.package_size = path.stat().st_size
    command = ["age", "--decrypt", "--identity", str(identity), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as age:
        assert age.stdout is not None
        fault: Mismatch | None = None
        try:
            read_package(found, age.stdout, extract)
        except Mismatch as err:
            fault = err
    # Where age failed, that is why: it stops at the first byte that was changed.
    expect(age.returncode in {0, -signal.SIGPIPE}, "age could not open the package")
    if fault is not None:
        raise fault
    return found


def read_package(found: Found, stream: IO[bytes], extract: Path | None) -> None:
    """Read the tar inside: a manifest, one content, then nothing but zeros."""
    for wanted in ({MANIFEST}, CONTENTS):
        try:
            member = tarfile.TarInfo.frombuf(stream.read(BLOCK), "ascii", "strict")
        except tarfile.HeaderError as err:
            raise Mismatch(f"the package is not a tar: {err}") from None
        fits = member.isreg() and member.name in wanted
        expect(fits, "the package holds something else than a manifest and a clip")
        if member.name == MANIFEST:
            expect(member.size <= LONGEST_MANIFEST, "the manifest is too long")
            found.manifest = b"".join(pieces_of(stream, member.size))
            if extract is not None:
                (extract / MANIFEST).write_bytes(found.manifest)
        else:
            found.take(member.name, pieces_of(stream, member.size), extract)
        expect(not any(stream.read(-member.size % BLOCK)), "the tar is not clean")
    clean = all(piece.count(0) == len(piece) for piece in pieces_of(stream))
    expect(clean, "something is hidden behind the clip")


def check(found: Found, receipt: dict[str, Any] | None) -> dict[str, Any]:
    """Return the manifest once everything fits together."""
    said, key = read_manifest(found.manifest)
    expect(said.get("version") == 1, "the manifest is of a version unknown here")
    content = said["content"]
    expect(content["name"] == found.name, "the manifest names another file")
    expect(
        content["size"] == found.size, "the clip is not as long as the manifest says"
    )
    expect(content["sha256"] == found.sha256, "the clip is not the one of the manifest")
    if receipt is not None:
        facts = {
            "sha256": found.sha256,
            "manifest_sha256": hashlib.sha256(found.manifest).hexdigest(),
            "signing_key": key,
            "package_sha256": found.package_sha256,
            "package_size": found.package_size,
        }
        for name, fact in facts.items():
            expect(
                fact is None or receipt[name] == fact,
                f"the receipt speaks of another delivery ({name})",
            )
    return said


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, help="an unpacked folder, or a .age file")
    parser.add_argument("--identity", type=Path, help="your age key, to open the file")
    parser.add_argument("--extract", type=Path, help="also unpack into this folder")
    parser.add_argument("--receipt", type=Path, help="compare with this receipt (JSON)")
    options = parser.parse_args(arguments)
    try:
        if options.extract:
            options.extract.mkdir(parents=True, exist_ok=True)
        receipt = read_object(options.receipt.read_bytes()) if options.receipt else None
        if options.path.is_dir():
            found = read_folder(options.path)
        elif options.identity is None:
            parser.error("a sealed file needs --identity")
        else:
            found = read_sealed(options.path, options.identity, options.extract)
        said = check(found, receipt)
    except Mismatch as err:
        print(f"NOT OK: {err}")
        return 1
    except (KeyError, TypeError, AttributeError, ValueError) as err:
        print(f"NOT OK: this is not a manifest that can be read ({err!r})")
        return 1
    except OSError as err:
        print(f"could not check: {err}", file=sys.stderr)
        return 2
    print(json.dumps(said, indent=2, ensure_ascii=True))
    print(f"OK: {found.name}, SHA-256 {found.sha256}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
