"""A home whose approvers have phones: for the guarantee that only a tap approves."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.ledger import Entry
from custom_components.clip_consent.core.models import Case, CaseState, Window
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.store import HomeStore
from tests.conftest import COUNTED
from tests.edges.conftest import TOKEN, _subentries, body, film, key, recordings
from tests.manager.world import HandClock
from tests.phones import FakePhone, PushRelay, register, relay, set_up_phones

from .durable.campaign import Campaign
from .durable.telling import Report

__all__ = ["body", "film", "key", "recordings", "relay"]  # fixtures, used by name

CLIENT = "https://home.example/"
ASK = f"/api/clip_consent/ask/{TOKEN}"


@dataclass(kw_only=True)
class Member:
    """Somebody with a login."""

    user: User
    token: str  # access
    client: TestClient[Any, Any]


@dataclass(kw_only=True)
class Home:
    """A home with its people, its phones and what left it."""

    hass: HomeAssistant
    entry: MockConfigEntry
    clock: HandClock
    public: TestClient[Any, Any]
    relay: PushRelay
    body: dict[str, object]
    cache: Path
    anna: Member  # approver, an iPhone: taps count
    ben: Member  # approver, an Android phone: taps count only if he says so
    root: Member  # admin, no approver
    guest: Member  # may read only
    iphone: FakePhone
    pixel: FakePhone
    status_id: str = field(default="", init=False)

    @property
    def manager(self) -> HomeManager:
        """The home's manager: another one after each start."""
        manager: HomeManager = self.entry.runtime_data
        return manager

    @property
    def store(self) -> HomeStore:
        """The home's store."""
        return self.manager._bench.store

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(4000):
            await self.hass.async_block_till_done(wait_background_tasks=True)
            if not self.manager.busy:
                await self.hass.async_block_till_done(wait_background_tasks=True)
                return
            await asyncio.sleep(0.005)
        raise AssertionError("the home does not come to rest")

    async def asked(self) -> Case:
        """Send a request in; return its case once the approvers were asked."""
        response = await self.public.post(ASK, json=self.body)
        assert response.status == 202
        self.status_id = (await response.json())["id"]
        for _ in range(4000):
            [case] = self.manager.reading.open_cases()
            if case.offer and not case.prompt_due:
                await self.settle()
                return case
            await asyncio.sleep(0.005)
        raise AssertionError("the approvers were not asked")

    async def case(self, case: Case) -> Case:
        """Return a case as the store has it."""
        return await self.store.async_case(case.case_id)

    async def ledger(self, kind: str | None = None) -> list[Entry]:
        """Return the ledger, or its lines of a kind."""
        entries = await self.store.async_whole_ledger()
        return [entry for entry in entries if kind in (None, entry.kind)]

    async def clauses(self) -> list[object]:
        """Return the clause of every rejection, in order."""
        return [entry.data["clause"] for entry in await self.ledger("approve_rejected")]

    async def pass_time(self, by: timedelta = timedelta(minutes=2)) -> None:
        """Let time pass: any undo window is over then."""
        self.clock.go_on(by)
        self.manager.look_again()
        await self.settle()

    async def deliveries(self) -> list[dict[str, Any]]:
        """Return what the requester can fetch now."""
        path = f"/api/clip_consent/status/{self.status_id}/data"
        response = await self.public.get(path)
        assert response.status == 200
        deliveries: list[dict[str, Any]] = (await response.json())["deliveries"]
        return deliveries

    async def nothing_leaves(self) -> None:
        """Check that no byte is out, nor will be once all windows are over."""
        await self.pass_time()
        assert await self.deliveries() == []
        assert await self.store.async_live_drops() == set()
        assert [
            path for path in (self.cache / "spool").rglob("*") if path.is_file()
        ] == []
        kinds = {entry.kind for entry in await self.ledger()}
        assert not kinds & {"approved", "sealed", "shared"}

    async def refused(self, before: Case, clause: str | None) -> None:
        """Check that a tap changed nothing but the ledger, and that nothing leaves."""
        await self.settle()
        after = await self.case(before)
        assert after == before
        assert after.delivery is None
        if clause is not None:
            assert (await self.clauses())[-1:] == [clause]
        await self.nothing_leaves()
        assert (await self.case(before)).state is CaseState.WAITING

    async def change(self, kind: str, **changes: Any) -> None:
        """Change the settings of everything of a kind, as its form does."""
        for subentry in self.entry.get_subentries_of_type(kind):
            self.hass.config_entries.async_update_subentry(
                self.entry, subentry, data={**subentry.data, **changes}
            )
        await self.hass.async_block_till_done()
        await self.settle()

    async def reload(self) -> None:
        """Start the home anew, as a change of its settings does."""
        assert await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.settle()

    async def restart(self) -> None:
        """Stop the home and start it again."""
        assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.settle()


async def choose_shorter(home: Home, case: Case) -> Case:
    """Choose another span of the same camera and return the case, offered anew."""
    assert case.draft
    choice = case.draft.choice
    shorter = replace(
        choice,
        window=Window(
            start=choice.window.start, end=choice.window.end - timedelta(seconds=20)
        ),
    )
    await home.manager.async_choose(case.case_id, shorter, home.anna.user.id)
    await home.settle()
    again = await home.case(case)
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    assert again.offer.sha256 != case.offer.sha256
    return again


type MakeMember = Callable[[str, str], Awaitable[Member]]


@pytest.fixture
def make_member(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> MakeMember:
    """Return how somebody with a login comes to be."""

    async def make(name: str, group: str) -> Member:
        user = await hass.auth.async_create_user(name, group_ids=[group])
        refresh = await hass.auth.async_create_refresh_token(user, CLIENT)
        token = hass.auth.async_create_access_token(refresh)
        return Member(user=user, token=token, client=await hass_client(token))

    return make


def _approver(member: Member, phone: FakePhone, *, one_tap: bool) -> ConfigSubentryData:
    return ConfigSubentryData(
        subentry_type="approver",
        title=member.user.name or "",
        unique_id=member.user.id,
        data={
            "user_id": member.user.id,
            "phones": [phone.entry_id],
            "one_tap": [phone.entry_id] if one_tap else [],
            "hide_details": [],
        },
    )


@pytest.fixture
def components(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Return what else is set up: parametrized by the tests that want more."""
    return getattr(request, "param", ())


@pytest.fixture
async def home(
    hass: HomeAssistant,
    components: tuple[str, ...],
    tmp_path: Path,
    recordings: Path,
    relay: PushRelay,
    body: dict[str, object],
    make_member: MakeMember,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Home]:
    """Return a home that is set up, whose clock goes on only when told to."""
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir()
    clock = HandClock(datetime.now(UTC))
    monkeypatch.setattr(
        "custom_components.clip_consent.setup_home.SystemClock", lambda: clock
    )
    await set_up_phones(hass)
    for component in components:
        assert await async_setup_component(hass, component, {})
    assert await async_setup_component(hass, DOMAIN, {})
    public = await hass_client_no_auth()
    anna = await make_member("Anna", GROUP_ID_USER)
    ben = await make_member("Ben", GROUP_ID_USER)
    root = await make_member("Root", GROUP_ID_ADMIN)
    guest = await make_member("Guest", GROUP_ID_READ_ONLY)
    iphone = await register(anna.client, public, relay, hass, name="Anna's", ios=True)
    pixel = await register(ben.client, public, relay, hass, name="Ben's", ios=False)
    others = [
        one
        for one in _subentries(anna.user.id, recordings)
        if one["subentry_type"] != "approver"
    ]
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="home",
        title="Clip Consent",
        subentries_data=[
            _approver(anna, iphone, one_tap=True),
            _approver(ben, pixel, one_tap=False),
            *others,
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    yield Home(
        hass=hass,
        entry=entry,
        clock=clock,
        public=public,
        relay=relay,
        body=body,
        cache=Path(hass.config.cache_path(DOMAIN)),
        anna=anna,
        ben=ben,
        root=root,
        guest=guest,
        iphone=iphone,
        pixel=pixel,
    )
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


@pytest.fixture
def campaign(tmp_path: Path, socket_enabled: None) -> Iterator[Campaign]:
    """Return two nurseries and a server."""
    with Campaign.begun(tmp_path) as begun:
        yield begun


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Return what keeps what a test counted, to be printed when all tests are over."""
    return lambda line: record_property(COUNTED, f"G4: {line}")
