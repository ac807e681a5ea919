"""A small world for the manager: it owns the clock, the cameras and the people.

Store, spool, sealing and flow are the real ones. The drafter copies bytes, since what
footage looks like does not matter here.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
import hashlib
import io
from pathlib import Path
import tarfile
from typing import BinaryIO, override
from zoneinfo import ZoneInfo

import pyrage
from pyrage import x25519

from custom_components.clip_consent.base.hold import Hold
from custom_components.clip_consent.base.outbound import Door
from custom_components.clip_consent.base.package import read_manifest
from custom_components.clip_consent.core.approval import NewToken, Person, Session, Tap
from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.errors import ClipConsentError, NotFoundError
from custom_components.clip_consent.core.health import HealthState, SourceHealth
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Camera,
    Case,
    CaseEvent,
    CaseState,
    Choice,
    Delivery,
    Destination,
    Draft,
    Invite,
    Piece,
    PortalKind,
    Request,
    RequesterKind,
    Trust,
    Way,
    Window,
)
from custom_components.clip_consent.core.ports import (
    AnswerPusher,
    Bring,
    Deliverer,
    NoticePusher,
    Progress,
    SaveUpload,
)
from custom_components.clip_consent.core.rules import READY_MADE, Rule, parse_rule
from custom_components.clip_consent.core.serial import Json
from custom_components.clip_consent.core.settings import HomeSettings
from custom_components.clip_consent.core.telling import Told
from custom_components.clip_consent.home.answer_files import AnswerFiles
from custom_components.clip_consent.home.caseload import Caseload
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.spool import Spool
from custom_components.clip_consent.home.store import HomeStore
from custom_components.clip_consent.home.workbench import Workbench
from custom_components.clip_consent.home.world import RandomIds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OWN_LOGIN = Session(own_login=True)
ANNA = "anna"
BEN = "ben"
GARDEN = "garden"
GATE = "gate"


class HandClock:
    """A clock that goes on only when told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.wall = now
        self.stopwatch = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.stopwatch

    def go_on(self, by: timedelta) -> None:
        self.wall += by
        self.stopwatch += by.total_seconds()


class ListedSource:
    """Recordings as a list; `error` makes it unreachable."""

    def __init__(self) -> None:
        self.pieces: dict[str, list[Piece]] = {}
        self.error: ClipConsentError | None = None
        self.broken: dict[str, Exception] = {}  # by camera: what nobody thought of
        self.left_out: dict[str, str | Exception] = {}  # by camera
        self.health: dict[str, SourceHealth] = {}
        self.scanned: list[str] = []
        self.kept: list[str] = []
        self.brought: list[Window] = []
        self.pictures: dict[datetime, bytes | Exception] = {}
        self.detections: dict[str, list[Detection]] = {}

    def add(self, camera_id: str, start: datetime, seconds: float) -> None:
        piece = Piece(path=f"/{camera_id}/{start:%H%M}", start=start, seconds=seconds)
        self.pieces.setdefault(camera_id, []).append(piece)

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        if error := self.error or self.broken.get(camera.camera_id):
            raise error
        found = self.pieces.get(camera.camera_id, [])
        return tuple(piece for piece in found if piece.window.overlap(window))

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        reason = self.left_out.get(camera.camera_id)
        if isinstance(reason, Exception):
            raise reason
        return reason

    async def async_scan(self, camera: Camera) -> None:
        if self.error:
            raise self.error
        self.scanned.append(camera.camera_id)

    async def async_health(self, camera: Camera) -> SourceHealth:
        return self.health.get(camera.camera_id, SourceHealth(state=HealthState.OK))

    async def async_keep(self, cameras: Sequence[Camera]) -> None:
        if self.error:
            raise self.error
        self.kept = [camera.camera_id for camera in cameras]

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
        if self.error:
            raise self.error
        self.brought.append(window)
        progress(1.0)
        return tuple(replace(piece, remote=False) for piece in pieces)

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        picture = self.pictures.get(at)
        if isinstance(picture, Exception):
            raise picture
        return picture

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        seen = self.detections.get(camera.camera_id, [])
        return tuple(one for one in seen if one.window.overlap(window))


class CopyingDrafter:
    """Makes drafts of bytes that name what was chosen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.error: Exception | None = None
        self.made: list[Choice] = []
        self.longest: list[float] = []
        self.looks: list[int] = []
        self.looking = asyncio.Event()  # until it is set, pictures take forever
        self.looking.set()

    def _write(self, case_id: str, choice: Choice, body: bytes, suffix: str) -> Draft:
        sha256 = hashlib.sha256(body).hexdigest()
        folder = self.folder / case_id
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{sha256}.{suffix}"
        (folder / name).write_bytes(body)
        film = choice.text is None
        return Draft(
            sha256=sha256,
            size=len(body),
            file=name,
            media_type="video/mp4" if film else "text/plain",
            window=choice.window,
            seconds=choice.window.seconds if film else 0,
            frames=100 if film else 0,
            width=640 if film else 0,
            height=360 if film else 0,
            video_codec="h264" if film else "",
            audio=choice.audio,
            changes=("stream_copy", "metadata_removed") if film else (),
            still=None,
            sheet=None,
            choice=choice,
        )

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
        if bring:
            pieces = await bring(self.folder, 2**30, progress)
        self.made.append(choice)
        self.longest.append(max_seconds)
        if self.error:
            raise self.error
        progress(1.0)
        # what goes along beside a film does not change the film
        film = replace(choice, identity="")
        parts = [piece.path for piece in pieces]
        body = repr((film, parts, *masks)).encode() * 50
        draft = self._write(case_id, choice, body, "mp4")
        if not masks:
            return draft
        plain = repr((film, parts)).encode() * 50  # as it is drafted without masks
        original = hashlib.sha256(plain).hexdigest()
        return replace(draft, masks=tuple(masks), original=original)

    async def async_answer(self, *, case_id: str, choice: Choice) -> Draft:
        return self._write(case_id, choice, (choice.text or "").encode(), "txt")

    async def async_digest(self, case_id: str, draft: Draft) -> str | None:
        path = self.folder / case_id / draft.file
        if not path.is_file():
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()

    async def async_thumbnails(
        self, pieces: Sequence[Piece], times: Sequence[datetime]
    ) -> list[bytes | None]:
        self.looks.append(len(times))
        await self.looking.wait()
        return [
            None if self.error else f"{piece.path}@{at.isoformat()}".encode()
            for piece, at in zip(pieces, times, strict=True)
        ]

    def is_picture(self, data: bytes) -> bool:
        return data.startswith(b"\xff\xd8")

    async def async_key_times(
        self, *, case_id: str, pieces: Sequence[Piece], window: Window
    ) -> tuple[datetime, ...]:
        if self.error:
            raise self.error
        return tuple(max(piece.start, window.start) for piece in pieces)

    def path(self, case_id: str, name: str) -> Path:
        path = self.folder / case_id / name
        if not path.is_file():
            raise NotFoundError("draft_not_found")
        return path

    def open_draft(self, case_id: str, draft: Draft) -> BinaryIO:
        return (self.folder / case_id / draft.file).open("rb")

    async def async_keep_only(self, case_id: str, digests: frozenset[str]) -> None:
        for path in (self.folder / case_id).glob("*"):
            if path.stem not in digests:
                path.unlink()

    async def async_remove_case(self, case_id: str) -> None:
        folder = self.folder / case_id
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    async def async_clean(self, keep: set[str]) -> None:
        if self.folder.is_dir():
            for folder in self.folder.iterdir():
                if folder.name not in keep:
                    await self.async_remove_case(folder.name)


class ListedPeople:
    """Users as a dictionary."""

    def __init__(self) -> None:
        self.persons = {
            ANNA: person(ANNA, listed=True, admin=True),
            BEN: person(BEN, listed=True),
            "guest": person("guest"),
            "admin": person("admin", admin=True),
        }

    async def async_person(self, user_id: str) -> Person | None:
        return self.persons.get(user_id)

    def approvers(self) -> tuple[str, ...]:
        return tuple(p.user_id for p in self.persons.values() if p.listed)


def person(user_id: str, *, listed: bool = False, admin: bool = False) -> Person:
    """Return a user in good standing with one encrypted phone."""
    return Person(
        user_id=user_id,
        name=user_id.title(),
        listed=listed,
        active=True,
        system_generated=False,
        local_only=False,
        admin=admin,
        exposed=frozenset(),
        one_tap=frozenset({f"phone of {user_id}"}),
    )


class NotingPrompter:
    """Keeps what would have been pushed."""

    def __init__(self) -> None:
        self.asked: list[Case] = []
        self.renewed: list[Case] = []
        self.found: list[Case] = []
        self.settled: list[CaseEvent] = []
        self.finished = 0

    async def async_ask(self, case: Case) -> Told:
        self.asked.append(case)
        return Told(pushed=1)

    async def async_ask_again(self, case: Case) -> None:
        self.renewed.append(case)

    async def async_tell_found(self, case: Case) -> None:
        self.found.append(case)

    async def async_settle(self, event: CaseEvent) -> None:
        self.settled.append(event)

    async def async_finish(self) -> None:
        self.finished += 1


class NotingAlarm:
    """Keeps the troubles that show."""

    def __init__(self) -> None:
        self.raised: dict[str, dict[str, str]] = {}

    def raise_alarm(self, code: str, *, about: str = "", **placeholders: str) -> None:
        self.raised[f"{code}_{about}" if about else code] = placeholders

    def clear_alarm(self, code: str, *, about: str = "") -> None:
        self.raised.pop(f"{code}_{about}" if about else code, None)

    def clear_others(self, code: str, about: Collection[str]) -> None:
        kept = {f"{code}_{one}" for one in about}
        for raised in list(self.raised):
            if raised.startswith(f"{code}_") and raised not in kept:
                del self.raised[raised]


class LoadedDice:
    """Chance that always falls as it is told to: from 0, the least, to 1, the most."""

    def __init__(self) -> None:
        self.falls = 0.5

    def between(self, least: float, most: float) -> float:
        return least + self.falls * (most - least)


class ByteOracle(Deliverer):
    """Where packages go: what left the home is what arrived here."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.errors: list[ClipConsentError] = []

    @override
    async def async_deliver(
        self,
        delivery: Delivery,
        path: Path,
        *,
        save: SaveUpload,
        progress: Progress,
    ) -> None:
        if delivery.upload_url is None:
            await save("https://example.org/uploads/1")
        if self.errors:
            raise self.errors.pop(0)
        progress(1.0)
        self.arrived.append(path.read_bytes())


def ready_made_rules() -> tuple[Rule, ...]:
    """Return the rules that a fresh home has."""
    return tuple(
        parse_rule(f"rule{number}", made.title, made.data)
        for number, made in enumerate(READY_MADE)
    )


def settings() -> HomeSettings:
    """Return a home with two cameras outside, one inside, and an invite."""
    cameras = [
        _camera(GARDEN, "Garden"),
        _camera(GATE, "Gate"),
        replace(_camera("hall", "Hall"), indoor=True, offered=False),
    ]
    return HomeSettings(
        time_zone=ZoneInfo("Europe/Amsterdam"),
        cameras={camera.camera_id: camera for camera in cameras},
        rules=ready_made_rules(),
        names={ANNA: "Anna", BEN: "Ben"},
        invites={
            "a" * 26: Invite(
                invite_id="invite1",
                token="a" * 26,
                label="Carol next door",
                trust=Trust.INVITED,
                cameras=None,
                expires_at=None,
                per_day=5,
            )
        },
    )


def _camera(camera_id: str, name: str) -> Camera:
    return Camera(
        camera_id=camera_id,
        name=name,
        indoor=False,
        offered=True,
        source_kind="folder",
        source={},
    )


def recipient() -> str:
    """Return the public half of a fresh age key."""
    return str(x25519.Identity.generate().to_public())


def request(**changes: object) -> Request:
    """Return a request for 11:00 to 11:05 by somebody invited."""
    base = Request(
        request_id=RandomIds().new_id(),
        portal=PortalKind.DIRECT,
        trust=Trust.INVITED,
        label="Carol next door",
        kind=RequesterKind.NEIGHBOUR,
        name="Carol",
        contact="",
        text="My bicycle",
        case_number="",
        window=Window(
            start=NOON - timedelta(hours=1), end=NOON - timedelta(minutes=55)
        ),
        received_at=NOON,
        expires_at=NOON + timedelta(days=7),
        recipient=recipient(),
        destination=Destination(way=Way.DROP),
        invite_id="invite1",
        reachable_until=NOON + timedelta(days=21),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@dataclass
class World:
    """Everything around one home; `boot` starts it, again and again if wanted."""

    folder: Path
    settings: HomeSettings = field(default_factory=settings)
    clock: HandClock = field(default_factory=HandClock)
    source: ListedSource = field(default_factory=ListedSource)
    people: ListedPeople = field(default_factory=ListedPeople)
    prompter: NotingPrompter = field(default_factory=NotingPrompter)
    alarm: NotingAlarm = field(default_factory=NotingAlarm)
    oracle: ByteOracle = field(default_factory=ByteOracle)
    hold: Hold = field(default_factory=Hold)
    hubs: Door | None = None
    notice_pushes: NoticePusher | None = None
    answer_pushes: AnswerPusher | None = None
    chance: LoadedDice = field(default_factory=LoadedDice)
    refused_address: ClipConsentError | None = None
    manager: HomeManager = field(init=False)
    bench: Workbench = field(init=False)
    drafter: CopyingDrafter = field(init=False)
    events: list[CaseEvent] = field(default_factory=list)

    async def boot(self) -> HomeManager:
        """Start the home on what its folder holds."""
        cache = self.folder / "cache"
        self.drafter = CopyingDrafter(cache / "drafts")
        store = HomeStore(self.folder / "config", cache, hold=self.hold)
        self.bench = Workbench(
            store=store,
            caseload=Caseload(store, self.clock),
            clock=self.clock,
            ids=RandomIds(),
            chance=self.chance,
            settings=self.settings,
            sources={"folder": self.source},
            drafter=self.drafter,
            sealer=Spool(
                cache / "spool",
                open_draft=self.drafter.open_draft,
                software_version="test",
            ),
            deliverers={Way.TUS: self.oracle, Way.PUT: self.oracle},
            people=self.people,
            prompter=self.prompter,
            alarm=self.alarm,
            answers=AnswerFiles(cache / "answers", self.clock),
            check_address=self._check_address,
            hubs=self.hubs,
            notice_pushes=self.notice_pushes,
            answer_pushes=self.answer_pushes,
        )
        self.manager = HomeManager(self.bench)
        self.manager.on_event(self.events.append)
        await self.manager.async_start()
        return self.manager

    def _check_address(self, url: str) -> None:
        if self.refused_address:
            raise self.refused_address

    async def reboot(self) -> HomeManager:
        """Stop and start again."""
        await self.manager.async_stop()
        return await self.boot()

    async def settle(self) -> None:
        """Let the loop work until it waits for a decision or the clock."""
        for _ in range(2000):
            await asyncio.sleep(0.001)
            if not self.manager.busy:
                await asyncio.sleep(0)  # what is called back at the end of a step
                return
        raise AssertionError("the manager does not come to rest")

    async def asked(self, **changes: object) -> Case:
        """Send a request and return its case, put before the approvers."""
        if not self.source.pieces:
            self.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
        sent = request(**changes)
        await self.manager.async_submit(sent)
        await self.settle()
        return await self.case(sent.request_id)

    async def case(self, request_id: str) -> Case:
        """Return the case of a request as the store has it."""
        cases, _ = await self.bench.store.async_history(None, 50)
        return next(c for c in cases if c.request.request_id == request_id)

    async def manifest(self, request_id: str, key: x25519.Identity) -> dict[str, Json]:
        """Return the last delivery's manifest, opened as its requester does."""
        delivery = (await self.case(request_id)).delivered[-1]
        path = await self.manager.direct.async_drop(request_id, delivery.delivery_id)
        assert path
        plain = pyrage.decrypt(path.read_bytes(), [key])
        with tarfile.open(fileobj=io.BytesIO(plain)) as package:
            token = package.extractfile("manifest.jws")
            assert token
            return read_manifest(token.read()).said

    async def approve(self, case: Case, user_id: str = ANNA) -> Case:
        """Approve in the panel what the case offers."""
        assert case.offer
        assert case.draft
        return await self.manager.async_approve(
            offer_id=case.offer.offer_id,
            sha256=case.draft.sha256,
            user_id=user_id,
            session=OWN_LOGIN,
        )

    async def pass_undo(self) -> None:
        """Let the undo window pass and the delivery go out."""
        self.clock.go_on(timedelta(seconds=31))
        self.manager.look_again()
        await self.settle()

    async def mint(self, case: Case, decision: object, user_id: str = ANNA) -> str:
        """Mint a token as the prompter does, and return it."""
        token = RandomIds().new_id()
        offer_id = case.offer.offer_id if case.offer else ""
        await self.bench.store.async_mint(
            case.case_id,
            [
                NewToken(
                    token=token,
                    offer_id=offer_id,
                    user_id=user_id,
                    phone=f"phone of {user_id}",
                    decision=decision,  # type: ignore[arg-type]
                )
            ],
        )
        return token

    async def ledger(self) -> list[str]:
        """Return the kinds of all ledger lines."""
        return [entry.kind for entry in await self.bench.store.async_whole_ledger()]


def tap(user_id: str = ANNA, **changes: object) -> Tap:
    """Return a tap as a real phone of that user makes it."""
    base = Tap(
        event_type="mobile_app_notification_action",
        remote=True,
        parent_id=None,
        user_id=user_id,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def waits(case: Case) -> bool:
    """Tell whether a case waits for a decision."""
    return case.state is CaseState.WAITING
