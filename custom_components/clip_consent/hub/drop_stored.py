"""Deliveries that lie in an object store: what the drop box does for those instead.

Its own lines say what there is to be, that it came, and that it is to go: so nothing
is lost with a crash, and what is to go is asked to until the store says that it went.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
import logging
from typing import Final

from ..base.wholly import hear, wholly
from ..core.drop_box import STILL, DropRefusedError, Upload, moved
from ..core.errors import NotFoundError, StoreError
from ..core.limits import CIPHERTEXT_KEPT
from ..core.ports import Clock
from ..core.serial import stated
from ..core.storage import Ticket
from .drop_book import Book, Held
from .drop_files import DropFiles
from .drop_writer import Threads
from .object_store import ObjectStore

_LOGGER = logging.getLogger(__name__)
_AT_ONCE: Final = 4  # questions to the store, whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The drop box's own lines, how they are written, and who hears of it."""

    files: DropFiles
    threads: Threads
    tell: Callable[[], None]

    async def note(self, upload: Upload) -> None:
        """Write down what has become of an upload. Raises StoreError."""
        await self.threads(self.files.note, upload)

    async def remove(self, upload_id: str) -> None:
        """Forget an upload. Raises StoreError."""
        await self.threads(self.files.remove, upload_id)


class StoredDelivery:
    """A delivery in the store, as a view reads it."""

    def __init__(self, store: ObjectStore, upload: Upload) -> None:
        """Keep which."""
        self.size = upload.length
        self._store = store
        self._upload_id = upload.upload_id

    def reading(
        self, start: int, size: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Yield so many bytes from an offset on. Raises NotFoundError, StoreError."""
        return self._store.reading(self._upload_id, start, size)


class StoredDrops:
    """The uploads of a drop box that do not lie on its disk."""

    def __init__(
        self, store: ObjectStore | None, book: Book, *, clock: Clock, files: Files
    ) -> None:
        """Keep the store; None if all is on the disk, or has been since."""
        self._store = store
        self._book = book
        self._clock = clock
        self._files = files
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._purge: asyncio.Task[None] | None = None

    @property
    def place(self) -> str | None:
        """Return where new uploads go, None for the disk."""
        return self._store.place if self._store else None

    def has(self, upload: Upload) -> bool:
        """Tell whether an upload is where it can be read: on the disk, or here."""
        return not upload.gone and upload.place in (None, self.place)

    def ticket(self, upload: Upload) -> Ticket | None:
        """Return leave to send an upload that was just begun; None if to the disk."""
        if upload.place is None or self._store is None:
            return None
        return self._store.ticket(upload)

    @wholly
    async def async_ticket(self, held: Held) -> Ticket:
        """Return leave to send once more. Raises as the drop box, NotFoundError."""
        store = self._store_of(held.upload)
        async with held.lock:
            self._check(held)
            self._book.refuse_stored(held)
            upload = moved(held.upload, 0, self._clock.now())
            await self._files.note(upload)
            self._book.move(held, upload)
        return store.ticket(upload)

    @wholly
    async def async_look(self, held: Held) -> None:
        """Ask the store whether an upload came; what is of another size did not.

        Its bytes count from now on. Raises DropRefusedError where there is no room for
        them: they are removed, and may come again. NotFoundError, StoreError.
        """
        if held.upload.place is None or held.upload.is_whole:
            return
        store = self._store_of(held.upload)
        async with held.lock, self._turns:
            self._check(held)
            size = await store.async_size(held.upload.upload_id)
            if size is None:
                return
            if size != held.upload.length:
                await store.async_remove(held.upload.upload_id)
                return
            await self._async_take(store, held)
        self._files.tell()

    async def _async_take(self, store: ObjectStore, held: Held) -> None:
        """Note that an upload came, if there is room for it."""
        try:
            self._book.take(held, held.upload.length)
        except DropRefusedError:
            await store.async_remove(held.upload.upload_id)
            raise
        upload = moved(held.upload, held.upload.length, self._clock.now())
        try:
            await self._files.note(upload)
        except NotFoundError, StoreError:
            self._book.count(held, 0)
            raise
        self._book.move(held, upload)

    async def async_came(self, held: Held) -> bool:
        """Tell whether what would have to make way came, unheard of. Raises StoreError.

        What came beyond the room is no longer there, and makes way.
        """
        with suppress(DropRefusedError, NotFoundError):
            await self.async_look(held)
        return held.upload.is_whole

    async def async_leave(self, held: Held) -> None:
        """Note that an upload is over: it is gone for all, and its object will be."""
        if not held.upload.gone:
            now = stated(self._clock.now())
            upload = replace(held.upload, gone=True, moved_at=now)
            await self._files.note(upload)
            self._book.move(held, upload)
        if self._purge is None or self._purge.done():
            self._purge = asyncio.create_task(self._async_purge())
            self._purge.add_done_callback(hear)

    async def async_sweep(self) -> None:
        """See what came without anybody saying so, and have go what is over.

        A store that does not answer is asked again the next time.
        """
        try:
            for held in self._book:
                upload = held.upload
                if upload.place is None or upload.gone or not self.has(upload):
                    continue
                with suppress(DropRefusedError):  # it is out of the store again
                    await self.async_look(held)
        except NotFoundError:
            pass  # one went meanwhile: the others are looked at the next time
        except StoreError as err:
            _LOGGER.warning("What came to the store cannot be seen: %s", err)

    async def async_purge(self) -> None:
        """Have go what is over, until the store says that it went.

        It is asked each time: what was on its way may have come after it was removed.
        """
        for held in self._book.over():
            held.is_out = False
        if self._purge:  # one that is under way knows only of what went before it
            await asyncio.wait({self._purge})
        if self._purge is None or self._purge.done():
            self._purge = asyncio.create_task(self._async_purge())
        await asyncio.wait({self._purge})

    async def async_stop(self) -> None:
        """End what is asked of the store; what is to go is kept in mind."""
        if self._purge:
            self._purge.cancel()
            await asyncio.wait({self._purge})
        if self._store:
            await self._store.async_close()

    def delivery(self, upload: Upload) -> StoredDelivery | None:
        """Return how to read what came, None if from the disk. Raises NotFoundError."""
        if upload.place is None:
            return None
        return StoredDelivery(self._store_of(upload), upload)

    def _store_of(self, upload: Upload) -> ObjectStore:
        if self._store is None or upload.place != self._store.place:
            raise NotFoundError("delivery_not_found")
        return self._store

    def _check(self, held: Held) -> None:
        """Raise NotFoundError unless an upload is there still, and is not whole."""
        known = self._book.get(held.upload.upload_id) is held
        if not known or held.is_going or held.upload.gone or held.upload.is_whole:
            raise NotFoundError("delivery_not_found")

    async def _async_purge(self) -> None:
        try:
            for held in self._book.over():
                if not held.is_out or self._book.has_many_over:
                    await self._async_purge_one(held)
        except StoreError as err:
            _LOGGER.warning("What is over is still in the store: %s", err)

    async def _async_purge_one(self, held: Held) -> None:
        """Remove an object; its lines go once nobody can send it any more.

        Nor is it waited for that where more is over than is kept in mind. Of a store
        that the operator has left nothing can be removed: a rule of the bucket's own
        does that.
        """
        upload, now = held.upload, self._clock.now()
        if self._store and upload.place == self._store.place:
            async with self._turns:
                await self._store.async_remove(upload.upload_id)
            over = now >= upload.moved_at + STILL or self._book.has_many_over
        else:
            over = now >= upload.moved_at + CIPHERTEXT_KEPT
        self._book.count(held, 0)
        held.is_out = True
        if over:
            async with held.lock:
                await self._files.remove(upload.upload_id)
                self._book.let_go(held)
        self._files.tell()
