"""The prompter by itself: real phones, store and people; cases are made up."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.auth.const import GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.core.approval import Tap
from custom_components.clip_consent.core.errors import ClipConsentError, NotFoundError
from custom_components.clip_consent.core.models import (
    Approver,
    Camera,
    Case,
    CaseEvent,
    CaseEventType,
    Choice,
    Draft,
    Window,
)
from custom_components.clip_consent.core.settings import HomeSettings
from custom_components.clip_consent.core.windows import DailySpan
from custom_components.clip_consent.home.alarm import RepairAlarm
from custom_components.clip_consent.home.people import HomePeople
from custom_components.clip_consent.home.prompt import PhonePrompter
from custom_components.clip_consent.home.prompt_notice import NOTIFICATION
from custom_components.clip_consent.home.store import HomeStore
from custom_components.clip_consent.home.world import RandomIds
from tests.core import cases
from tests.manager.world import HandClock
from tests.phones import FakePhone, PushRelay, register, set_up_phones
from tests.push_words import english_pushes

CLIENT = "https://home.example/"
CASE_ID = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
START = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
SPAN = Window(start=START, end=START + timedelta(seconds=182))
DRIVEWAY = "driveway"
CAMERAS = {
    camera_id: Camera(
        camera_id=camera_id,
        name=name,
        indoor=False,
        offered=True,
        source_kind="folder",
        source={},
    )
    for camera_id, name in ((DRIVEWAY, "Driveway"), ("gate", "The <i>Gate</i>"))
}
WORDS = "<b>Ring me</b> {{ states('sun.sun') }} http://evil.example"


class ListedIds:
    """Names in an order that is known; random ones after that."""

    def __init__(self) -> None:
        """Begin with none listed."""
        self.listed: list[str] = []

    def new_id(self) -> str:
        """Return the next one."""
        return self.listed.pop(0) if self.listed else RandomIds().new_id()


class NotingDecisions:
    """Keeps the taps that were handed in."""

    def __init__(self) -> None:
        """Begin with none."""
        self.taps: list[tuple[Tap, str]] = []
        self.error: ClipConsentError | None = None

    async def async_tap(self, tap: Tap, token: str) -> bool:
        """Take a tap in."""
        self.taps.append((tap, token))
        if self.error:
            raise self.error
        return True


class HandTimers:
    """Timers that run by the hand clock instead of the loop's."""

    def __init__(self, clock: HandClock) -> None:
        """Begin with none."""
        self._clock = clock
        self._due: list[tuple[datetime, Any]] = []

    def call_later(
        self, hass: HomeAssistant, delay: timedelta, job: Any
    ) -> Callable[[], None]:
        """Stand in for Home Assistant's own."""
        timer = (self._clock.now() + delay, job)
        self._due.append(timer)
        return lambda: self._due.remove(timer)

    def forget(self) -> None:
        """Drop all of them."""
        self._due.clear()

    async def go_on(self, by: timedelta) -> None:
        """Let time pass, and run what comes due, each at its moment."""
        end = self._clock.now() + by
        while due := [timer for timer in self._due if timer[0] <= end]:
            timer = min(due, key=lambda one: one[0])
            self._due.remove(timer)
            self._clock.go_on(max(timer[0] - self._clock.now(), timedelta()))
            await timer[1].target(self._clock.now())
        self._clock.go_on(end - self._clock.now())


@dataclass(kw_only=True)
class PromptWorld:
    """Approvers, their phones, and a prompter that may be started anew."""

    hass: HomeAssistant
    store: HomeStore
    clock: HandClock
    relay: PushRelay
    make_client: ClientSessionGenerator
    public: Any
    ids: ListedIds = field(default_factory=ListedIds)
    decisions: NotingDecisions = field(default_factory=NotingDecisions)
    approvers: dict[str, Approver] = field(default_factory=dict)
    quiet: dict[str, DailySpan] = field(default_factory=dict)
    reminder: timedelta | None = None
    prompter: PhonePrompter = field(init=False)
    stop: Callable[[], None] = field(init=False, default_factory=lambda: lambda: None)

    async def user(self, name: str) -> User:
        """Return a new user."""
        return await self.hass.auth.async_create_user(name, group_ids=[GROUP_ID_USER])

    async def phone(self, user: User, name: str, **more: Any) -> FakePhone:
        """Register a phone of a user."""
        refresh = await self.hass.auth.async_create_refresh_token(user, CLIENT)
        token = self.hass.auth.async_create_access_token(refresh)
        client = await self.make_client(token)
        return await register(
            client, self.public, self.relay, self.hass, name=name, **more
        )

    def approve_by(
        self,
        user: User,
        *phones: FakePhone,
        one_tap: bool = True,
        hide: bool = False,
        also: tuple[str, ...] = (),
    ) -> None:
        """List a user as an approver, with phones."""
        entries = tuple(phone.entry_id for phone in phones)
        self.approvers[user.id] = Approver(
            user_id=user.id,
            name=user.name or "",
            phones=(*entries, *also),
            one_tap=frozenset(entries) if one_tap else frozenset(),
            hide_details=frozenset(entries) if hide else frozenset(),
        )

    def start(self, cameras: dict[str, Camera] | None = None) -> None:
        """Start the prompter, as often as wanted."""
        self.stop()
        self.prompter = PhonePrompter(
            self.hass,
            approvers=self.approvers,
            people=HomePeople(self.hass, self.approvers),
            book=self.store,
            clock=self.clock,
            ids=self.ids,
            settings=HomeSettings(
                time_zone=ZoneInfo("Europe/Amsterdam"),
                cameras=CAMERAS if cameras is None else cameras,
                quiet=self.quiet,
                reminder=self.reminder,
            ),
            alarm=RepairAlarm(self.hass),
            texts=english_pushes(),
        )
        self.stop = self.prompter.listen(self.decisions)

    async def keep(self, case: Case) -> Case:
        """Put a case in the store, or what became of one; return it as kept."""
        key = f"key of {case.case_id}"
        request = replace(case.request, request_id=case.case_id, recipient=key)
        case = replace(case, request=request)
        try:
            before = await self.store.async_case(case.case_id)
        except NotFoundError:
            await self.store.async_add(case, [], {}, self.clock.now())
            return case
        return await self.store.async_save(before, case, [], self.clock.now())

    async def settle(
        self, kind: CaseEventType, case: Case, user: User | None = None
    ) -> None:
        """Tell what became of a case, and wait until the phones know."""
        event = CaseEvent(
            type=kind,
            case=case,
            user_id=user.id if user else None,
            at=self.clock.now(),
        )
        await self.prompter.async_settle(event)
        await self.rest()

    async def rest(self) -> None:
        """Wait for what is done while nobody waits."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    @property
    def issues(self) -> set[str]:
        """The repair issues that show."""
        return {
            issue_id
            for domain, issue_id in ir.async_get(self.hass).issues
            if domain == "clip_consent"
        }

    @property
    def notification(self) -> str | None:
        """What the persistent notification says, None if there is none."""
        shown = self.hass.data.get("persistent_notification", {})
        found = shown.get(NOTIFICATION)
        return found["message"] if found else None


def draft(**changes: Any) -> Draft:
    """Return a draft of the driveway."""
    choice = Choice(camera_id=DRIVEWAY, window=SPAN)
    return replace(
        cases.draft(SHA, choice), seconds=182.0, still=f"{SHA}.jpg", **changes
    )


def waiting(case_id: str = CASE_ID, **changes: Any) -> Case:
    """Return a case that waits with an offer; the requester's words are hostile."""
    request = cases.request(
        label="Anna next door", name=WORDS, text=WORDS, contact=WORDS, window=SPAN
    )
    return replace(
        cases.waiting(),
        case_id=case_id,
        **{
            "request": request,
            "draft": draft(),
            "offer": cases.offer(SHA, offer_id=f"offer of {case_id}"),
            **changes,
        },
    )


@pytest.fixture
async def prompting(
    hass: HomeAssistant,
    tmp_path: Path,
    relay: PushRelay,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> AsyncIterator[PromptWorld]:
    """Return a world without approvers; its prompter is not started yet."""
    await set_up_phones(hass)
    store = HomeStore(tmp_path / "config", tmp_path / "cache")
    await store.async_open()
    world = PromptWorld(
        hass=hass,
        store=store,
        clock=HandClock(),
        relay=relay,
        make_client=hass_client,
        public=await hass_client_no_auth(),
    )
    yield world
    world.stop()
    await world.rest()
    await store.async_close()


@pytest.fixture
async def timers(prompting: PromptWorld, monkeypatch: pytest.MonkeyPatch) -> HandTimers:
    """Return timers that go by the hand clock."""
    timers = HandTimers(prompting.clock)
    for name in ("prompt_digest", "prompt_remind"):
        monkeypatch.setattr(
            f"custom_components.clip_consent.home.{name}.async_call_later",
            timers.call_later,
        )
    return timers
