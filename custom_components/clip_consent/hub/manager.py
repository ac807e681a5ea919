"""The manager of a hub: the only writer, and all that its edges may ask for."""

from collections.abc import Callable
from typing import override

from ..core.body_fields import check_words, tidied
from ..core.hub_flow import ItemState
from ..core.hub_models import CommentsRead, PostedNotice, RefusalReason, Waiting
from ..core.hub_settings import HubRequester, HubSettings
from ..core.limits import TEXT_MAX, TITLE_MAX
from ..core.portal_bodies import NoticeDraft
from ..core.portal_json import Said
from ..core.ports_hub import DropGate, DropRoom
from .bench import HubBench
from .book import Book
from .comments import Comments
from .deciding import Deciding
from .desk import Caller, Desk
from .feed import Signed
from .intake import Counting, Intake
from .keyring import rotate_key
from .log_pages import Lent, LogPages
from .public import Public
from .storage_probe import StorageCheck, async_probe_storage
from .sweep import Sweep

__all__ = [
    "HubBench",
    "HubManager",
    "Signed",
    "StorageCheck",
    "async_probe_storage",
]


class HubManager(DropGate):
    """Everything a hub does. Errors are ClipConsentErrors with a code.

    What strangers send in raises InvalidRequestError (it breaks a limit) or LimitError
    (there was enough of it); what there is not, NotFoundError.
    """

    def __init__(self, bench: HubBench) -> None:
        """Put the parts together; `async_start` begins."""
        self._bench = bench
        self._book = Book(bench)
        self._public = Public(bench, self._book)
        self._log_pages = LogPages(bench, self._book)
        self._intake = Intake(bench, self._book)
        self._desk = Desk(bench, self._book)
        self._deciding = Deciding(bench, self._book)
        self._comments = Comments(bench)
        self._sweep = Sweep(bench, self._book)
        self._unhear: Callable[[], None] = lambda: None

    # --- life

    async def async_start(self, *, go_on: bool = False) -> None:
        """Open the store and the drop box; sign what has changed. Raises StoreError.

        A log that lacks what was signed before raises RestoredError, unless an admin
        who knows what comes of it wants it to `go_on`.
        """
        await self._book.async_open(go_on=go_on)
        await self._bench.drops.async_start(self)
        self._unhear = self._bench.drops.on_change(self._book.tell)
        self._sweep.start()

    async def async_stop(self) -> None:
        """Stop all work and close the store; nothing is lost."""
        await self._sweep.async_stop()
        self._unhear()
        await self._bench.drops.async_stop()
        await self._bench.store.async_close()

    def watch_store(self, told: Callable[[bool], None]) -> None:
        """Have it told, after each transaction, whether the disk took it."""
        self._bench.store.watch(told)

    async def async_pause(self) -> None:
        """Hold all writing for a backup."""
        await self._bench.store.async_pause()

    def resume(self) -> None:
        """Write again."""
        self._bench.store.resume()

    # --- what everybody may read

    async def async_info(self) -> Said:
        """Return what the hub says of itself."""
        return await self._public.async_info()

    async def async_lend_log(self, start: int, address: str) -> Lent:
        """Lend a page of the log from an entry on, as JSON. Raises StoreError."""
        return await self._log_pages.async_lend(start, address)

    def feed(self, cell: str) -> Signed:
        """Return the signed feed of a cell. Raises NotFoundError."""
        return self._public.feed(cell)

    async def async_public(self, id: str) -> Said:
        """Return what is public of a request or a notice. Raises NotFoundError."""
        return await self._public.async_public(id)

    async def async_coverage(self) -> Said:
        """Return the estimate of how many homes opted in, by cell."""
        return await self._public.async_coverage()

    # --- what strangers and requesters send

    def requester(self, token: str) -> HubRequester | None:
        """Return whose sign-in link has this token."""
        return self._bench.settings.requester(token)

    async def async_submit(
        self, body: bytes, requester: HubRequester | None, address: str
    ) -> str:
        """Keep a request for a moderator; return its id. Raises StoreError."""
        return await self._intake.async_submit(body, requester, address)

    async def async_take_notice(self, body: bytes, address: str) -> str:
        """Keep a neighbour's notice for a moderator; return its id."""
        return await self._intake.async_take_notice(body, address)

    def take_coverage(self, body: bytes, address: str) -> Counting:
        """Take in that a home opted in; what is returned counts it, once answered."""
        return self._intake.take_coverage(body, address)

    async def async_desk(self, requester: HubRequester) -> Said:
        """Return a requester's desk."""
        return await self._desk.async_desk(requester)

    async def async_withdraw(
        self, requester: HubRequester | None, id: str, *, secret: str = ""
    ) -> None:
        """Take a request back; again changes nothing. `secret` is that of its inbox."""
        caller = Caller(requester=requester, secret=secret)
        await self._desk.async_end(caller, id, ItemState.WITHDRAWN)

    async def async_resolve(
        self, requester: HubRequester | None, id: str, *, secret: str = ""
    ) -> None:
        """Say that a request needs no more answers; again changes nothing."""
        caller = Caller(requester=requester, secret=secret)
        await self._desk.async_end(caller, id, ItemState.RESOLVED)

    async def async_note(
        self, requester: HubRequester | None, id: str, body: bytes, *, secret: str = ""
    ) -> None:
        """Keep a follow-up for a moderator."""
        caller = Caller(requester=requester, secret=secret)
        await self._desk.async_note(caller, id, body)

    @override
    async def async_room(self, request_id: str) -> DropRoom | None:
        """Return until when deliveries are taken, None if they are not."""
        return await self._desk.async_room(request_id)

    @override
    async def async_may_read(self, request_id: str, bearer: str) -> bool:
        """Tell whether a token, or an inbox's secret, opens a request's answers."""
        return await self._desk.async_may_read(request_id, bearer)

    # --- moderation: who may do it is for the edges to say

    async def async_waiting(self) -> list[Waiting]:
        """Return what waits for a moderator, oldest first."""
        return await self._deciding.async_waiting()

    async def async_publish(self, id: str, user_id: str) -> None:
        """Publish what waits. Raises ConflictError if it waits no more."""
        await self._deciding.async_publish(id, user_id)

    async def async_refuse(self, id: str, reason: RefusalReason, user_id: str) -> None:
        """Do not publish what waits. Raises ConflictError if it waits no more."""
        await self._deciding.async_refuse(id, reason, user_id)

    async def async_redact(self, n: int, why: str, user_id: str) -> None:
        """Take away the text of entry `n` of the log, and say who, when and why.

        Raises InvalidRequestError, NotFoundError and ConflictError.
        """
        why = tidied("why", why, TEXT_MAX, lines=True)
        check_words("why", why, TEXT_MAX, lines=True)
        await self._deciding.async_redact(n, why, user_id)

    async def async_post_notice(
        self,
        title: str,
        text: str,
        cells: tuple[str, ...],
        user_id: str,
        *,
        comments: bool = True,
    ) -> str:
        """Publish a notice of the operator's to some cells; return its id.

        Raises InvalidRequestError, and ConflictError if there is no room for it.
        """
        draft = NoticeDraft(
            title=tidied("title", title, TITLE_MAX),
            text=tidied("text", text, TEXT_MAX, lines=True),
            cells=cells,
        )
        return await self._deciding.async_post_notice(draft, user_id, comments=comments)

    async def async_withdraw_notice(self, id: str, user_id: str) -> None:
        """Take back a notice of the operator's; again changes nothing.

        Raises NotFoundError for all others, and ConflictError for what is over.
        """
        await self._deciding.async_withdraw_notice(id, user_id)

    async def async_notices(self) -> list[PostedNotice]:
        """Return the operator's notices that are not long over, newest first."""
        return await self._comments.async_notices()

    async def async_comments(self, id: str) -> CommentsRead:
        """Open the comments on a notice of the operator's. Raises NotFoundError."""
        return await self._comments.async_read(id)

    async def async_rotate_key(self) -> None:
        """Sign with a new key from now on; the log names it by the old one."""
        await self._book.async_change(rotate_key)

    # --- what shows

    @property
    def settings(self) -> HubSettings:
        """What the operator set up."""
        return self._bench.settings

    @property
    def hub(self) -> str:
        """The hub's name: the thumbprint of its first key."""
        return self._book.shown.keys.hub

    @property
    def waiting(self) -> int:
        """How much waits for a moderator."""
        return self._book.shown.tally.waiting

    @property
    def open_requests(self) -> int:
        """How many requests and notices are open."""
        return self._book.shown.tally.open

    @property
    def drop_use(self) -> int:
        """How many bytes of ciphertext are held."""
        return self._bench.drops.used_bytes

    @property
    def disk_is_short(self) -> bool:
        """Whether the disk leaves no room for deliveries, as last looked at."""
        return self._bench.drops.is_short

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Hear of every change; the answer ends it."""
        return self._book.on_change(listener)
