"""What neighbours sent, opened: the sealed package of `package`, read and checked.

The whole file passes by once. What was in it gets its name only when the signature of
the manifest, the size and the digest hold, and the last chunk was the last one.
"""

from collections.abc import Callable, Iterator
import hashlib
from io import BytesIO
from pathlib import Path
import tarfile
from typing import Final

from ..core.errors import AnswerError, SealError, StoreError
from ..core.own_answers import is_words
from .durable import durable_file
from .jws import MAX_TOKEN, SignatureError
from .package import MANIFEST_NAME, Manifest, read_manifest
from .unsealing import unsealed

_BLOCK: Final = 512  # of a tar


def open_package(
    sealed: Path, *, secret: bytes, request_id: str, content: Path
) -> Manifest:
    """Open a sealed package; its content is in the file `content` then. Blocking.

    `request_id` is that of the request it has to be an answer to. Raises AnswerError
    `answer_unreadable`, whatever is wrong with it, and StoreError. After an error there
    is no such file.
    """
    try:
        with sealed.open("rb") as file:
            stream = _Stream(unsealed(file, secret))
            manifest = _read_manifest(stream, request_id)
            with durable_file(content) as write:
                _read_content(stream, manifest, write)
            return manifest
    except OSError as err:
        raise StoreError("spool_failed") from err


def open_words(
    sealed: Path | bytes, *, secret: bytes, request_id: str, most: int
) -> tuple[Manifest, bytes]:
    """Open a sealed package of words, at most so many bytes. Blocking.

    Nothing of it is written anywhere. Raises AnswerError `answer_unreadable`, for all
    else than words too, and StoreError.
    """
    words = bytearray()
    try:
        with (
            BytesIO(sealed) if isinstance(sealed, bytes) else sealed.open("rb") as file
        ):
            stream = _Stream(unsealed(file, secret))
            manifest = _read_manifest(stream, request_id)
            said = manifest.content
            if not is_words(said.name) or said.size > most:
                raise AnswerError("answer_unreadable")
            _read_content(stream, manifest, words.extend)
    except OSError as err:
        raise StoreError("spool_failed") from err
    return manifest, bytes(words)


class _Stream:
    """Bytes by number, of an iterator of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def some(self, most: int) -> bytes:
        """Return up to so many bytes, none at the end."""
        while not self._rest:
            if (piece := next(self._pieces, None)) is None:
                return b""
            self._rest = piece
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken

    def exactly(self, size: int) -> bytes:
        """Return so many bytes. Raises AnswerError if there are fewer."""
        found = b""
        while len(found) < size:
            if not (piece := self.some(size - len(found))):
                raise AnswerError("answer_unreadable")
            found += piece
        return found

    def member(self) -> tuple[str, int]:
        """Read a tar's header: name and size of a plain file. Raises AnswerError."""
        try:
            info = tarfile.TarInfo.frombuf(self.exactly(_BLOCK), "utf-8", "strict")
        except tarfile.HeaderError, UnicodeError, ValueError:
            raise AnswerError("answer_unreadable") from None
        if not info.isreg() or info.size < 0:
            raise AnswerError("answer_unreadable")
        return info.name, info.size


def _read_manifest(stream: _Stream, request_id: str) -> Manifest:
    name, size = stream.member()
    if name != MANIFEST_NAME or size > MAX_TOKEN:
        raise AnswerError("answer_unreadable")
    token = stream.exactly(size)
    stream.exactly(-size % _BLOCK)
    try:
        manifest = read_manifest(token)
    except SealError, SignatureError:
        raise AnswerError("answer_unreadable") from None
    if manifest.said.get("request_id") != request_id:
        raise AnswerError("answer_unreadable")
    return manifest


def _read_content(
    stream: _Stream, manifest: Manifest, write: Callable[[bytes], object]
) -> None:
    said = manifest.content
    if stream.member() != (said.name, said.size):
        raise AnswerError("answer_unreadable")
    digest, left = hashlib.sha256(), said.size
    while left:
        if not (piece := stream.some(left)):
            raise AnswerError("answer_unreadable")
        digest.update(piece)
        write(piece)
        left -= len(piece)
    if digest.hexdigest() != said.sha256:
        raise AnswerError("answer_unreadable")
    while stream.some(_BLOCK):
        pass  # padding; only behind it the file is known to be whole
