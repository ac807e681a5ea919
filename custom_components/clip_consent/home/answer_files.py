"""Clips that neighbours sent: fetched sealed, opened beside, kept for a while.

They lie in Home Assistant's cache folder, which its backups leave out. File names are
ids that were checked: nothing a stranger says is one.
"""

from contextlib import suppress
from pathlib import Path
import re
import shutil
from typing import Final

from ..base.durable import disk_trouble, make_folder
from ..base.opening import open_package, open_words
from ..base.package import Manifest
from ..base.threads import async_in_thread
from ..core.errors import NotFoundError, StoreError
from ..core.own_answers import TEXT_BYTES_MAX, OwnAnswer, is_words, opened
from ..core.own_requests import OwnRequest
from ..core.ports import Clock

DISK_FREE: Final = 2**30  # bytes that stay free beside an answer
_ID: Final = re.compile(r"[a-z2-7]{26}")


class AnswerFiles:
    """Answers by request and delivery. Raises StoreError when the disk refuses."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Keep the folder; it is made when it is first needed."""
        self._folder = folder
        self._clock = clock

    def clip(self, request_id: str, delivery_id: str) -> Path:
        """Return where an opened clip is. Raises NotFoundError for what is no id."""
        return self._path(request_id, delivery_id, ".mp4")

    def sealed(self, request_id: str, delivery_id: str) -> Path:
        """Return where sealed bytes are gathered."""
        return self._path(request_id, delivery_id, ".age")

    def _path(self, request_id: str, delivery_id: str, suffix: str) -> Path:
        if not _ID.fullmatch(request_id) or not _ID.fullmatch(delivery_id):
            raise NotFoundError("answer_not_found")
        return self._folder / request_id / f"{delivery_id}{suffix}"

    async def async_make_room(self, request_id: str, size: int) -> None:
        """Make the folder of a request. Raises StoreError if so much has no room."""
        await async_in_thread(self._make_room, self._folder / request_id, size)

    def _make_room(self, folder: Path, size: int) -> None:
        with disk_trouble():
            make_folder(folder)
            # sealed and opened lie side by side for a moment
            if shutil.disk_usage(folder).free < 2 * size + DISK_FREE:
                raise StoreError("spool_full")

    async def async_open(self, request: OwnRequest, answer: OwnAnswer) -> OwnAnswer:
        """Open what was gathered; the sealed bytes go then.

        Raises AnswerError `answer_unreadable`: nothing of it is left either.
        """
        return await async_in_thread(self._open, request, answer)

    def _open(self, request: OwnRequest, answer: OwnAnswer) -> OwnAnswer:
        sealed = self.sealed(request.request_id, answer.delivery_id)
        clip = self.clip(request.request_id, answer.delivery_id)
        try:
            manifest, words = _read(request, sealed, clip)
            now = self._clock.now()
            found = opened(answer, manifest.said, words=words, now=now)
        except StoreError:
            raise  # the disk may be better the next time
        except BaseException:
            _remove(sealed)
            _remove(clip)
            raise
        _remove(sealed)
        return found

    async def async_missing(self, request: OwnRequest) -> set[str]:
        """Return the answers whose clip should be here and is not."""
        return await async_in_thread(self._missing, request)

    def _missing(self, request: OwnRequest) -> set[str]:
        return {
            answer.delivery_id
            for answer in request.answers
            if answer.text is None
            and not self.clip(request.request_id, answer.delivery_id).is_file()
        }

    async def async_remove(self, request_id: str, delivery_id: str) -> None:
        """Remove what there is of an answer."""
        for path in (
            self.clip(request_id, delivery_id),
            self.sealed(request_id, delivery_id),
        ):
            await async_in_thread(_remove, path)

    async def async_clean(self, keep: set[str]) -> None:
        """Remove what belongs to no request of `keep`."""
        await async_in_thread(self._clean, keep)

    def _clean(self, keep: set[str]) -> None:
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def _read(
    request: OwnRequest, sealed: Path, clip: Path
) -> tuple[Manifest, bytes | None]:
    """Return what was sent: words, or None where `clip` is a film then.

    A comment on a notice is words, and is never a file of its own.
    """
    secret, item_id = bytes.fromhex(request.secret), request.item_id or ""
    if request.is_notice:
        return open_words(
            sealed, secret=secret, request_id=item_id, most=TEXT_BYTES_MAX
        )
    manifest = open_package(sealed, secret=secret, request_id=item_id, content=clip)
    words = None
    if is_words(manifest.content.name):
        words = _read_words(clip)
        clip.unlink()
    return manifest, words


def _read_words(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(TEXT_BYTES_MAX + 1)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
