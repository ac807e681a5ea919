"""What the manager needs of the world, as Protocols: handed in, never imported."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from .approval import NewToken, Person, Tap
from .detections import Detection
from .health import SourceHealth
from .ledger import Line
from .masks import Region
from .models import (
    Camera,
    Case,
    CaseEvent,
    Choice,
    Delivery,
    Draft,
    Piece,
    Request,
    Window,
)
from .portal_items import Notice
from .public_status import PublicStatus
from .settings import Portal
from .telling import Told

type Progress = Callable[[float], None]
type SaveUpload = Callable[[str | None], Awaitable[None]]
# Brings recordings into a folder: so many bytes at most. Raises SourceError.
type Bring = Callable[[Path, int, Progress], Awaitable[Sequence[Piece]]]


class Clock(Protocol):
    """The time, as the wall and as a stopwatch that never jumps."""

    def now(self) -> datetime:
        """Return the time in UTC."""

    def monotonic(self) -> float:
        """Return seconds since some fixed moment of this boot."""


class Ids(Protocol):
    """Names that nobody can guess."""

    def new_id(self) -> str:
        """Return 128 random bits as 26 characters of a-z2-7."""


class Chance(Protocol):
    """Numbers that nobody can foresee."""

    def between(self, least: float, most: float) -> float:
        """Return a number between these, each as likely as the other."""


class Source(Protocol):
    """Where recordings of a kind live. Raises SourceError if they cannot be reached."""

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the recordings that overlap the window, in order.

        Raises PartlyFoundError with the rest if only some of them cannot be reached.
        """

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why a recording near the window was not found, None if none was there.

        The code of a problem, by what the last `async_find` saw.
        """

    async def async_scan(self, camera: Camera) -> None:
        """Bring what is known of a camera's recordings up to date, without haste."""

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return how a camera's recordings are doing."""

    async def async_keep(self, cameras: Sequence[Camera]) -> None:
        """Forget what is known of every camera but these."""

    async def async_bring(
        self,
        camera: Camera,
        pieces: Sequence[Piece],
        *,
        window: Window,
        folder: Path,
        max_bytes: int,
        progress: Progress,
    ) -> tuple[Piece, ...]:
        """Return the recordings of a window as files on this machine.

        `pieces` are consecutive ones as `async_find` gave them; what is not here is
        written into `folder`, `max_bytes` at most. What is returned may be cut
        otherwise than `pieces`, and tells when its first frames really are.
        """

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return a small JPEG of a moment, as the recorder has it.

        None if it has none, or if its files are on this machine.
        """

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return what the recorder recognised in a window, in order."""


class Drafter(Protocol):
    """Makes drafts and keeps them until they are not needed."""

    async def async_draft(
        self,
        *,
        case_id: str,
        choice: Choice,
        pieces: Sequence[Piece],
        max_seconds: float,
        progress: Progress,
        masks: Sequence[Region] = (),
        bring: Bring | None = None,
    ) -> Draft:
        """Make the exact file that would be sent, of at most so many seconds.

        `masks` are all regions to fill: the camera's own and those of the choice.
        `bring` makes files of pieces that are none yet. Raises MediaError, and
        SourceError of `bring`.
        """

    async def async_answer(self, *, case_id: str, choice: Choice) -> Draft:
        """Make the draft of an answer in words."""

    async def async_digest(self, case_id: str, draft: Draft) -> str | None:
        """Return the SHA-256 of the draft's file as it is now, None if it is gone.

        Raises StoreError if it is there and cannot be read just now.
        """

    async def async_thumbnails(
        self, pieces: Sequence[Piece], times: Sequence[datetime]
    ) -> list[bytes | None]:
        """Return a small JPEG of each moment, None where there is none to be had.

        Each of `pieces` is the recording, a file on this machine, in which the moment
        of the same place lies. Cancelled, all work for it ends.
        """

    def is_picture(self, data: bytes) -> bool:
        """Tell whether these bytes are a JPEG with nothing in it but the picture."""

    async def async_key_times(
        self, *, case_id: str, pieces: Sequence[Piece], window: Window
    ) -> tuple[datetime, ...]:
        """Return when a copy of consecutive recordings can begin, in a window.

        Raises MediaError.
        """

    def path(self, case_id: str, name: str) -> Path:
        """Return where a draft's file is. Raises NotFoundError for any other name."""

    async def async_keep_only(self, case_id: str, digests: frozenset[str]) -> None:
        """Remove the drafts of a case, and originals, but those with these digests.

        None may be made meanwhile.
        """

    async def async_remove_case(self, case_id: str) -> None:
        """Remove all drafts of a case."""

    async def async_clean(self, keep: set[str]) -> None:
        """Remove what belongs to no case of `keep`, and what a crash left."""


class Sealer(Protocol):
    """Seals consented drafts into spooled packages."""

    async def async_seal(self, case: Case, *, progress: Progress) -> Delivery:
        """Return the case's delivery with its package's digests.

        Idempotent: a package of that delivery which is already spooled is made anew.
        Raises SealError if the draft is not the approved bytes (nothing has left),
        StoreError if the disk refused.
        """

    def path(self, delivery_id: str) -> Path:
        """Return where the sealed package is."""

    async def async_remove(self, delivery_id: str) -> None:
        """Remove a sealed package."""

    async def async_missing(self, delivery_ids: set[str]) -> set[str]:
        """Return those whose package is not there."""

    async def async_clean(self, keep: set[str]) -> None:
        """Remove packages that belong to no delivery of `keep`."""


class Deliverer(Protocol):
    """Takes a sealed package to where it was approved for."""

    async def async_deliver(
        self,
        delivery: Delivery,
        path: Path,
        *,
        save: SaveUpload,
        progress: Progress,
    ) -> None:
        """Return once the other side has all of it; resumes what was begun.

        Raises DeliveryError, which says whether trying again can help.
        """


class People(Protocol):
    """The Home Assistant users, as they are now."""

    async def async_person(self, user_id: str) -> Person | None:
        """Return the user's standing, None if there is no such user."""

    def approvers(self) -> tuple[str, ...]:
        """Return the user ids that are listed as approvers."""


class Prompter(Protocol):
    """Tells the approvers, on their phones."""

    async def async_ask(self, case: Case) -> Told:
        """Push a new request, within the limits. An unreachable phone is no error."""

    async def async_ask_again(self, case: Case) -> None:
        """Replace the pushes of a case that has a new offer: the old one is void."""

    async def async_tell_found(self, case: Case) -> None:
        """Replace the pushes of a case, for which nothing was found before."""

    async def async_settle(self, event: CaseEvent) -> None:
        """Replace or clear the pushes of a case after something was decided."""

    async def async_finish(self) -> None:
        """Let what is on its way to phones arrive, for a few seconds at most."""


class PublicRecords(Protocol):
    """What the public pages read: the same work for every request."""

    async def async_status(self, request_id: str, now: datetime) -> PublicStatus | None:
        """Return a request's public status, None if it is unknown or over."""


class PushBook(Protocol):
    """What the prompter keeps: token digests, and how often it pushed."""

    async def async_mint(self, case_id: str, tokens: Sequence[NewToken]) -> None:
        """Keep new tokens; earlier ones of the same approver and phone are void."""

    async def async_asked(self, case_id: str) -> set[str]:
        """Return the phones that show a question about a case, not a result."""

    async def async_shown(self, case_id: str) -> set[str]:
        """Return the phones that may show anything about a case."""

    async def async_told(self, case_id: str, phones: set[str]) -> None:
        """Note that these phones show no buttons of a case that count no more."""

    async def async_stale(self) -> dict[str, set[str]]:
        """Return, by case, the phones whose buttons may count no more."""

    async def async_pushes(self, user_id: str, since: datetime) -> tuple[datetime, ...]:
        """Return when new requests were pushed to an approver since then."""

    async def async_pushed(self, user_id: str, now: datetime) -> None:
        """Count a push of a new request."""


class Alarm(Protocol):
    """Tells the owner of trouble that stays until it is mended (HA: repair issues)."""

    def raise_alarm(self, code: str, *, about: str = "", **placeholders: str) -> None:
        """Show a trouble, of one thing if `about` names it; again changes nothing."""

    def clear_alarm(self, code: str, *, about: str = "") -> None:
        """Say that it is over."""

    def clear_others(self, code: str, about: Collection[str]) -> None:
        """Say that it is over for all things but these: the others are no more."""


class Intake(Protocol):
    """What portals and services hand requests to."""

    async def async_take(self, request: Request) -> tuple[str, str | None]:
        """Keep a request; return its id, and its case if it is a new one.

        Nothing is looked at before `look_at` is called with that case.
        """

    def look_at(self, case_id: str) -> None:
        """Begin to work on a case."""

    async def async_fetched(self, delivery_id: str, until: datetime) -> None:
        """End a drop at `until`, if it is one that is read once. Raises StoreError."""


class HubIntake(Protocol):
    """What a follower of a hub hands requests to."""

    async def async_offer(self, request: Request) -> None:
        """Take a request in, if it concerns this home and is not here yet.

        One that is here learns what its requester said since. Raises StoreError.
        """

    async def async_end(self, hub: str, item_ids: Collection[str]) -> None:
        """Close what its requester needs no more. Raises StoreError."""

    async def async_reroute(self, hub: str, base: str, storage: str | None) -> None:
        """Have all that is open of a hub go to where it is, and has answers kept, now.

        What was offered or approved for another place is void. Raises StoreError.
        """

    async def async_show(self, portal_id: str, notices: Sequence[Notice]) -> None:
        """Show these notices of a hub, and no others of it. Raises StoreError."""


class NoticePusher(Protocol):
    """Tells approvers who want that of notices, on their phones, without a sound."""

    def tell(self, portal: Portal, fresh: int) -> None:
        """Say how many new notices a hub has, within the limits."""

    def clear(self, portal_id: str) -> None:
        """Take that away: no notice of that hub is shown any more."""


class AnswerPusher(Protocol):
    """Tells approvers of answers to what this home asked, without a sound."""

    async def async_tell(self, portal: Portal, count: int) -> bool:
        """Say how many answers of a hub are new; False while there are no phones."""

    def clear(self, portal_id: str) -> None:
        """Take that away: somebody has looked."""


class PortalBook(Protocol):
    """What a follower keeps between two starts. Raises StoreError."""

    async def async_setting(self, key: str, default: str) -> str:
        """Return a text."""

    async def async_set(
        self, key: str, value: str, lines: Sequence[Line], now: datetime
    ) -> None:
        """Keep a text, with ledger lines."""


class Decisions(Protocol):
    """What the prompter hands taps to."""

    async def async_tap(self, tap: Tap, token: str) -> bool:
        """Judge a tap; True if it counted. Says nothing else to anybody."""
