"""The drop box in memory: every upload, who writes to it, and what that takes."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..core.drop_box import (
    DropLimits,
    DropRefusal,
    DropRefusedError,
    Taken,
    Upload,
    has_bytes,
    has_room,
)
from .drop_writer import Writer


@dataclass(slots=True, eq=False)
class Held:
    """An upload; `used` are its bytes on the disk, safe or not yet.

    Of one that is kept in a store: all of them once the hub has seen it there, until
    the store has removed it, and none before. `sender` stands for the address that
    began it, None where that is not known: it is in memory alone.
    """

    upload: Upload
    used: int = 0
    writer: Writer | None = None
    is_going: bool = False  # it is being removed
    is_out: bool = False  # the store said so, since it is over
    sender: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # held without a writer


class Book:
    """All uploads there are, and whether there is room for more."""

    def __init__(self, limits: DropLimits) -> None:
        """Begin with none."""
        self._limits = limits
        self._held: dict[str, Held] = {}
        self._unfinished: dict[str, Held] = {}
        self._gone: dict[str, Held] = {}  # in the order in which they went
        self._taken: dict[str, Taken] = {}  # by request
        self._all = Taken()

    def __iter__(self) -> Iterator[Held]:
        """Return all uploads, as they are now."""
        return iter(tuple(self._held.values()))

    @property
    def size(self) -> int:
        """Return how many bytes there are."""
        return self._all.size

    def get(self, upload_id: str) -> Held | None:
        """Return an upload."""
        return self._held.get(upload_id)

    def of(self, request_id: str) -> list[Held]:
        """Return a request's uploads."""
        return [each for each in self if each.upload.request_id == request_id]

    def hold(self, upload: Upload, sender: str | None = None) -> Held:
        """Add an upload."""
        held = self._held[upload.upload_id] = Held(upload, sender=sender)
        self._note(held, 1)
        self.count(held, upload.offset)
        return held

    def move(self, held: Held, upload: Upload) -> None:
        """Keep what an upload is now."""
        is_held = upload.upload_id in self._held
        if is_held:
            self._note(held, -1)
        held.upload = upload
        if is_held:
            self._note(held, 1)

    def let_go(self, held: Held) -> None:
        """Forget an upload."""
        if held.upload.upload_id in self._held:
            self.count(held, 0)
            self._note(held, -1)
            del self._held[held.upload.upload_id]

    def count(self, held: Held, used: int) -> None:
        """Note how many bytes of an upload are kept."""
        if held.upload.upload_id in self._held:
            self._add(held.upload.request_id, 0, used - held.used)
            held.used = used

    def take(self, held: Held, size: int) -> None:
        """Count so many bytes more. Raises DropRefusedError if there is no room."""
        self._refuse_bytes(held.upload.request_id, size)
        self.count(held, held.used + size)

    def refuse_upload(self, request_id: str, length: int) -> None:
        """Raise DropRefusedError unless there is room for one more upload."""
        if length > self._limits.upload_bytes:
            raise DropRefusedError(DropRefusal.TOO_LARGE)
        request = self._taken.get(request_id, Taken())
        if not has_room(
            request=request, hub=self._all, length=length, limits=self._limits
        ):
            raise DropRefusedError(DropRefusal.FULL)

    def in_the_way(self) -> Held | None:
        """Return what has to go before one more may begin, None if nothing has to.

        The one with the fewest bytes that stands still for the longest: whoever really
        sends has more, and begins anew if not. Of those that are sent to a store no
        bytes are known, and one may be on its way there: so the sender who began the
        most loses the one whose address was signed first, and few addresses push out
        none but their own. Refusing whoever comes next instead would let them shut
        everybody out. Raises DropRefusedError if all of them are being written.
        """
        them = [each for each in self._unfinished.values() if not each.is_going]
        if len(them) < self._limits.unfinished:
            return None
        still = [each for each in them if each.writer is None]
        if not still:
            raise DropRefusedError(DropRefusal.FULL)
        begun = Counter(each.sender for each in them)
        return min(
            still,
            key=lambda each: (each.used, -begun[each.sender], each.upload.moved_at),
        )

    def over(self) -> list[Held]:
        """Return what is over and not forgotten yet, in the order in which it went."""
        return list(self._gone.values())

    @property
    def has_many_over(self) -> bool:
        """Whether more is over than is kept in mind: each is a file of its own."""
        return len(self._gone) > self._limits.hub_uploads

    def refuse_body(self, held: Held, offset: int, length: int) -> None:
        """Raise DropRefusedError unless so many bytes can be added at an offset."""
        upload = held.upload
        if held.writer is not None:
            raise DropRefusedError(DropRefusal.LOCKED)
        if offset != upload.offset:
            raise DropRefusedError(DropRefusal.CONFLICT)
        if offset + length > upload.length:
            raise DropRefusedError(DropRefusal.TOO_LARGE)
        self._refuse_bytes(upload.request_id, length)

    def refuse_stored(self, held: Held) -> None:
        """Raise DropRefusedError unless there is room for all of an upload."""
        self._refuse_bytes(held.upload.request_id, held.upload.length)

    def _refuse_bytes(self, request_id: str, size: int) -> None:
        request = self._taken.get(request_id, Taken())
        if not has_bytes(
            request=request, hub=self._all, size=size, limits=self._limits
        ):
            raise DropRefusedError(DropRefusal.FULL)

    def _note(self, held: Held, change: int) -> None:
        """Add an upload to what is whole or is not, or take it out there."""
        upload = held.upload
        if upload.gone:  # only its bytes may be there still
            if change > 0:
                self._gone[upload.upload_id] = held
            else:
                del self._gone[upload.upload_id]
            return
        if upload.is_whole:
            self._add(upload.request_id, change, 0)
        elif change > 0:
            self._unfinished[upload.upload_id] = held
        else:
            del self._unfinished[upload.upload_id]

    def _add(self, request_id: str, uploads: int, size: int) -> None:
        def more(taken: Taken) -> Taken:
            return Taken(uploads=taken.uploads + uploads, size=taken.size + size)

        self._all = more(self._all)
        of_request = more(self._taken.get(request_id, Taken()))
        if of_request != Taken():
            self._taken[request_id] = of_request
        else:
            self._taken.pop(request_id, None)
