"""The drop box: sealed deliveries come in by tus, and wait for the one who asked.

Ciphertext is never looked into. An offset that was told is safely on the disk, whatever
happens next; who sends is kept nowhere, but for a day in memory what addresses began.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from ..base.wholly import hear, wholly
from ..core.drop_box import (
    DropLimits,
    DropRefusal,
    DropRefusedError,
    HeldDelivery,
    Upload,
    address_key,
    held_delivery,
)
from ..core.errors import NotFoundError, StoreError
from ..core.ports import Clock, Ids
from ..core.ports_hub import DropGate
from ..core.serial import stated
from ..core.storage import Ticket
from .drop_addresses import Addresses
from .drop_book import Book, Held
from .drop_files import DropFiles
from .drop_stored import Files, StoredDelivery, StoredDrops
from .drop_writer import Pace, Read, Tools, Writer
from .object_store import ObjectStore

_THREADS: Final = 4
_TURNS: Final = 8  # pieces that are being written


class HubDrops:
    """Takes uploads and gives out what came whole."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock,
        ids: Ids,
        limits: DropLimits | None = None,
        pace: Pace | None = None,
        store: ObjectStore | None = None,
    ) -> None:
        """Keep the folder; nothing is read before the start. New bytes: to `store`."""
        self._files = DropFiles(folder)
        self._clock = clock
        self._ids = ids
        self._limits = limits or DropLimits()
        self._pace = pace or Pace()
        self._turns = asyncio.Semaphore(_TURNS)
        self._addresses = Addresses(clock, self._limits)
        self._book = Book(self._limits)
        files = Files(files=self._files, threads=self._in_thread, tell=self._tell)
        self._stored = StoredDrops(store, self._book, clock=clock, files=files)
        self._gate: DropGate | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._listeners: list[Callable[[], None]] = []
        self._short = False

    # --- what the manager asks

    @property
    def used_bytes(self) -> int:
        """Return how many bytes of ciphertext are held."""
        return self._book.size

    @property
    def is_short(self) -> bool:
        """Return whether the disk was found to leave no room for deliveries."""
        return self._short

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever bytes or a delivery came or went; returns how to end."""
        self._listeners.append(listener)
        return partial(self._listeners.remove, listener)

    async def async_start(self, gate: DropGate) -> None:
        """Find what is there, put it right, and begin to serve. Raises StoreError."""
        self._threads = ThreadPoolExecutor(_THREADS, "clip_consent_drops")
        try:
            found = await self._in_thread(self._files.load)
        except StoreError:
            await self.async_stop()
            raise
        for upload in found:
            self._book.hold(upload)
        self._gate = gate
        await self._async_measure()

    async def async_stop(self) -> None:
        """End every upload that is under way; what came of it is kept."""
        self._gate = None
        await self._stored.async_stop()
        await self._async_stop_writers(self._book)
        for held in self._book:
            self._book.let_go(held)
        if threads := self._threads:
            self._threads = None
            await asyncio.to_thread(threads.shutdown)
        self._files.close()

    async def async_deliveries(self, request_id: str) -> tuple[HeldDelivery, ...]:
        """Return what came whole for a request, oldest first."""
        now = self._clock.now()
        whole = [
            each.upload
            for each in self._book.of(request_id)
            if each.upload.is_whole
            and not each.is_going
            and self._stored.has(each.upload)
            and now < each.upload.expires_at
        ]
        return tuple(map(held_delivery, sorted(whole, key=lambda each: each.moved_at)))

    async def async_file(
        self, request_id: str, delivery_id: str
    ) -> Path | StoredDelivery:
        """Return what came whole. Raises NotFoundError, StoreError."""
        upload = self._find(request_id, delivery_id).upload
        if not upload.is_whole:
            raise NotFoundError("delivery_not_found")
        stored = self._stored.delivery(upload)
        return stored or self._files.path(delivery_id)

    @wholly
    async def async_forget(self, request_id: str) -> None:
        """Remove all that came for a request, whole or not. Raises StoreError."""
        await self._async_remove(self._book.of(request_id))

    @wholly
    async def async_sweep(self, now: datetime) -> None:
        """Remove what is over. Raises StoreError."""
        self._addresses.sweep()
        await self._stored.async_sweep()
        over = [
            each
            for each in self._book
            if each.writer is None
            and now >= each.upload.expires_at
            and not each.upload.gone
        ]
        try:
            await self._async_remove(over)
            await self._stored.async_purge()
        finally:
            await self._async_measure()

    # --- what senders ask

    @wholly
    async def async_create(
        self, request_id: str, length: int, address: str | None
    ) -> Upload:
        """Begin an upload of so many bytes.

        Raises NotFoundError if nothing is taken for this request, DropRefusedError
        `too_large` and `full`, StoreError.
        """
        await self._async_room(request_id)
        self._book.refuse_upload(request_id, length)
        sender = address_key(address)
        self._addresses.begin(sender, length)
        while (other := self._book.in_the_way()) is not None:
            if not await self._stored.async_came(other):
                await self._async_remove([other])
            self._book.refuse_upload(request_id, length)
        now = stated(self._clock.now())
        upload = Upload(
            upload_id=self._ids.new_id(),
            request_id=request_id,
            length=length,
            begun_at=now,
            moved_at=now,
            place=self._stored.place,
        )
        held = self._book.hold(upload, sender)
        try:
            await self._in_thread(self._files.create, upload, self._limits.disk_free)
        except StoreError:
            self._book.let_go(held)
            await self._async_measure()
            raise
        try:
            await self._async_room(request_id)
        except NotFoundError:  # it was withdrawn just now, and what it had forgotten
            await self._async_remove([held])
            raise
        return upload

    async def async_upload(self, request_id: str, upload_id: str) -> Upload:
        """Return how far an upload is. Raises NotFoundError, StoreError."""
        held = await self._async_found(request_id, upload_id)
        await self._stored.async_look(held)
        return held.upload

    def ticket(self, upload: Upload) -> Ticket | None:
        """Return leave to send what was just begun elsewhere, None if it comes here."""
        return self._stored.ticket(upload)

    async def async_ticket(self, request_id: str, upload_id: str) -> Ticket:
        """Return leave to send an upload that has not come.

        Raises NotFoundError, DropRefusedError, StoreError.
        """
        return await self._stored.async_ticket(self._find(request_id, upload_id))

    async def async_append(
        self,
        request_id: str,
        upload_id: str,
        *,
        offset: int,
        length: int | None,
        read: Read,
        address: str | None,
    ) -> Upload:
        """Add a body of so many bytes, None if it does not say, at an offset.

        Cancelled, it waits for nothing more and keeps what came. Raises NotFoundError,
        DropRefusedError, StoreError.
        """
        held = await self._async_found(request_id, upload_id)
        if held.upload.place:
            raise NotFoundError("delivery_not_found")  # it is not sent here
        self._book.refuse_body(held, offset, length or 0)
        with self._addresses.writing(address_key(address)):
            writer = held.writer = Writer(held.upload, self._tools(held))
            work = asyncio.ensure_future(self._async_write(held, writer, read))
            try:
                await asyncio.wait({work})
            except asyncio.CancelledError:
                work.add_done_callback(hear)
                writer.stop()
                raise
        if isinstance(work.exception(), StoreError):
            await self._async_measure()
        return work.result()

    @wholly
    async def async_terminate(self, request_id: str, upload_id: str) -> None:
        """Remove an upload. Raises NotFoundError, DropRefusedError, StoreError."""
        held = await self._async_found(request_id, upload_id)
        if held.writer is not None:
            raise DropRefusedError(DropRefusal.LOCKED)
        await self._async_remove([held])

    # --- what the one who asked asks

    async def async_inbox(
        self, request_id: str, bearer: str
    ) -> tuple[HeldDelivery, ...]:
        """Return what came for a request. Raises NotFoundError for a wrong bearer."""
        await self._async_may_read(request_id, bearer)
        return await self.async_deliveries(request_id)

    async def async_delivery(
        self, request_id: str, delivery_id: str, bearer: str
    ) -> Path | StoredDelivery:
        """Return the file of a delivery, or how to read it. Raises NotFoundError."""
        await self._async_may_read(request_id, bearer)
        return await self.async_file(request_id, delivery_id)

    @wholly
    async def async_fetched(self, delivery_id: str) -> None:
        """Count that the last byte of a delivery went out. Raises StoreError."""
        held = self._book.get(delivery_id)
        if held is None or not held.upload.is_whole:
            return
        async with held.lock:
            if self._book.get(delivery_id) is held:
                upload = replace(held.upload, read=held.upload.read + 1)
                await self._in_thread(self._files.note, upload)
                self._book.move(held, upload)
        self._tell()

    # --- within

    async def _in_thread[*Ts, T](self, call: Callable[[*Ts], T], *args: *Ts) -> T:
        if self._threads is None:
            raise StoreError("store_closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, call, *args)

    async def _async_measure(self) -> None:
        """Look whether the disk has room, and tell if that changed."""
        if self._threads is None:
            return
        try:
            short = await self._in_thread(self._files.free) < self._limits.disk_free
        except StoreError:
            short = True
        if short is not self._short:
            self._short = short
            self._tell()

    def _find(self, request_id: str, upload_id: str) -> Held:
        if self._gate is None:
            raise StoreError("store_closed")
        held = self._book.get(upload_id)
        if (
            held is None
            or held.is_going
            or held.upload.gone
            or held.upload.request_id != request_id
            or (held.writer is None and self._clock.now() >= held.upload.expires_at)
        ):
            raise NotFoundError("delivery_not_found")
        return held

    @property
    def _asked(self) -> DropGate:
        if self._gate is None:
            raise StoreError("store_closed")
        return self._gate

    async def _async_room(self, request_id: str) -> None:
        room = await self._asked.async_room(request_id)
        if room is None or self._clock.now() >= room.until:
            raise NotFoundError("delivery_not_found")

    async def _async_may_read(self, request_id: str, bearer: str) -> None:
        if not await self._asked.async_may_read(request_id, bearer):
            raise NotFoundError("delivery_not_found")

    def _tools(self, held: Held) -> Tools:
        return Tools(
            clock=self._clock,
            threads=self._in_thread,
            turns=self._turns,
            taken=partial(self._book.take, held),
            saved=partial(self._book.move, held),
            disk_free=self._limits.disk_free,
            pace=self._pace,
        )

    async def _async_write(self, held: Held, writer: Writer, read: Read) -> Upload:
        try:
            file = await self._in_thread(self._files.open, held.upload.upload_id)
            try:
                return await writer.async_write(file, read)
            finally:
                await self._in_thread(file.close)
        except NotFoundError:  # somebody took its file away: the sender begins anew
            self._book.let_go(held)
            raise
        finally:
            held.writer = None
            self._book.count(held, held.upload.offset)
            writer.ended.set()
            self._tell()

    async def _async_found(self, request_id: str, upload_id: str) -> Held:
        """Return an upload; a writer of whom nothing was heard has left it."""
        held = self._find(request_id, upload_id)
        if held.writer is not None and held.writer.is_leaving:
            await self._async_stop_writers([held])
            held = self._find(request_id, upload_id)
        return held

    async def _async_stop_writers(self, them: Iterable[Held]) -> None:
        writers = [each.writer for each in them if each.writer is not None]
        for writer in writers:
            writer.stop()
        for writer in writers:
            await writer.ended.wait()

    async def _async_remove(self, them: list[Held]) -> None:
        """Remove uploads; who writes to one of them is made to end first."""
        try:
            for held in them:
                held.is_going = True
                await self._async_stop_writers([held])
                async with held.lock:
                    if held.upload.place:
                        await self._stored.async_leave(held)
                        continue
                    await self._in_thread(self._files.remove, held.upload.upload_id)
                    self._book.let_go(held)
        finally:
            for held in them:  # what could not be removed is still there
                held.is_going = False
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
