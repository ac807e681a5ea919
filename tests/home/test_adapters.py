"""The home's ties to the world: troubles, counts, settings, and the folder of drafts."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import InvalidRuleError
from custom_components.clip_consent.core.models import CaseEvent, CaseEventType, Trust
from custom_components.clip_consent.core.settings import PANEL_UNDO, PUSH_UNDO
from custom_components.clip_consent.home.alarm import RepairAlarm
from custom_components.clip_consent.home.configuration import (
    read_approvers,
    read_settings,
    read_upload_origins,
)
from custom_components.clip_consent.home.media.folder import DraftFolder
from custom_components.clip_consent.home.tally import SharedTally
from custom_components.clip_consent.home.world import RandomIds, SystemClock
from tests.core import cases
from tests.home.drafting import CASE, Drafting, drafting, recordings

__all__ = ["drafting", "recordings"]

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


# --- troubles


def test_troubles_come_and_go(hass: HomeAssistant) -> None:
    """Raised twice is raised once; of one thing or of all; cleared is gone."""
    alarm, issues = RepairAlarm(hass), ir.async_get(hass)
    alarm.raise_alarm("ledger_fault", seq="3")
    alarm.raise_alarm("ledger_fault", seq="3")
    alarm.raise_alarm("folder_gone", about="a", camera="Garden")
    alarm.raise_alarm("folder_gone", about="b", camera="Gate")
    ir.async_create_issue(
        hass,
        "other",
        "theirs",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="theirs",
    )
    shown = {
        issue_id: (issue.severity, issue.translation_placeholders)
        for (domain, issue_id), issue in issues.issues.items()
        if domain == DOMAIN
    }
    assert shown == {
        "ledger_fault": (ir.IssueSeverity.ERROR, {"seq": "3"}),
        "folder_gone_a": (ir.IssueSeverity.WARNING, {"camera": "Garden"}),
        "folder_gone_b": (ir.IssueSeverity.WARNING, {"camera": "Gate"}),
    }
    alarm.clear_alarm("folder_gone", about="a")
    alarm.clear_alarm("never_raised")
    assert not issues.async_get_issue(DOMAIN, "folder_gone_a")
    assert issues.async_get_issue(DOMAIN, "folder_gone_b")
    alarm.clear_all()
    assert list(issues.issues) == [("other", "theirs")]


# --- counts


class Hand:
    """A clock that shows what it is set to."""

    def __init__(self, wall: datetime) -> None:
        self.wall = wall

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return 0.0


def _shared(at: datetime, kind: CaseEventType = CaseEventType.SHARED) -> CaseEvent:
    return CaseEvent(type=kind, case=cases.case(), user_id=None, at=at)


def test_month_is_that_of_the_homes_calendar() -> None:
    """Half past eleven in the evening, UTC, can be another month at home."""
    clock = Hand(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))  # 23:59 at home
    tally = SharedTally(clock, AMSTERDAM)
    assert (tally.last, tally.this_month) == (None, 0)
    before = datetime(2026, 10, 31, 22, 59, tzinfo=UTC)  # 23:59 on 31 October
    within = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)  # midnight: November
    tally.begin([before, within])
    assert (tally.last, tally.this_month) == (within, 1)
    tally.follow(_shared(clock.wall))
    tally.follow(_shared(clock.wall, CaseEventType.APPROVED))
    assert (tally.last, tally.this_month) == (clock.wall, 2)
    clock.wall += timedelta(minutes=1)
    assert tally.this_month == 0
    assert tally.last == datetime(2026, 11, 30, 22, 59, tzinfo=UTC)


def test_clock_and_ids_of_the_real_world() -> None:
    """Times are aware and in UTC, stopwatches go forward, ids are 128 random bits."""
    clock, ids = SystemClock(), RandomIds()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
    made = {ids.new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(
        len(each) == 26 and set(each) <= set("abcdefghijklmnopqrstuvwxyz234567")
        for each in made
    )


# --- settings


def _entry(
    *subentries: tuple[str, str, dict[str, Any]], **options: Any
) -> MockConfigEntry:
    return MockConfigEntry(
        domain=DOMAIN,
        options=options,
        subentries_data=[
            ConfigSubentryData(
                subentry_type=kind, title=title, unique_id=None, data=data
            )
            for kind, title, data in subentries
        ],
    )


INVITE = {"kind": "public", "token": "a" * 26, "cameras": ["c1"], "expires": None}


def test_empty_home_has_defaults() -> None:
    """No camera, no rule, no invite; undo windows as documented."""
    settings = read_settings(_entry(), AMSTERDAM)
    assert (settings.cameras, settings.rules, settings.invites) == ({}, (), {})
    assert (settings.panel_undo, settings.push_undo) == (PANEL_UNDO, PUSH_UNDO)
    assert (timedelta(seconds=10), timedelta(seconds=30)) == (PANEL_UNDO, PUSH_UNDO)
    assert read_approvers(_entry()) == {}
    assert read_upload_origins(_entry()) == frozenset()


async def test_invites_and_undo_windows(hass: HomeAssistant) -> None:
    """A public link is unverified; its last day counts to its end, at home."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    entry = _entry(
        ("invite", "Door", INVITE),
        (
            "invite",
            "Anna",
            {
                **INVITE,
                "kind": "personal",
                "token": "b" * 26,
                "cameras": [],
                "expires": "2026-10-24",
                "per_day": 2,
            },
        ),
        undo_panel=5,
        undo_push=60,
    )
    settings = read_settings(entry, AMSTERDAM)
    door, anna = settings.invites["a" * 26], settings.invites["b" * 26]
    assert (door.trust, door.cameras, door.expires_at, door.per_day) == (
        Trust.UNVERIFIED,
        ("c1",),
        None,
        5,
    )
    assert (anna.trust, anna.cameras, anna.per_day) == (Trust.INVITED, None, 2)
    # the night after, clocks go back: midnight is still that of summer
    assert anna.expires_at == datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    assert settings.panel_undo == timedelta(seconds=5)
    assert settings.push_undo == timedelta(seconds=60)
    dt_util.set_default_time_zone(dt_util.UTC)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("nas.local:1080", ("nas.local", 1080)),
        ("NAS.local:443", ("nas.local", 443)),
        ("nas.local.:443", ("nas.local", 443)),
        ("[fd00::1]:8080", ("fd00::1", 8080)),
        ("192.168.1.5:80", ("192.168.1.5", 80)),
    ],
)
def test_upload_hosts_are_hosts_and_ports(text: str, origin: tuple[str, int]) -> None:
    """As the doors compare them: lower case, without brackets."""
    assert read_upload_origins(_entry(upload_hosts=[text])) == {origin}


def test_rule_that_no_form_would_save_is_named() -> None:
    """The error holds the owner's title, so that they find the rule."""
    entry = _entry(("rule", "My friends", {"order": 1, "verdict": "approve"}))
    with pytest.raises(InvalidRuleError, match="rule_verdict_invalid") as raised:
        read_settings(entry, AMSTERDAM)
    assert raised.value.placeholders["title"] == "My friends"


# --- tidying up


async def test_tidying_up_spares_drafts_that_are_being_made(drafting: Drafting) -> None:
    """The sweep comes every half minute, and some drafts take longer than that."""
    making = asyncio.create_task(drafting("camera.mp4", 1, 4, playable=True))
    rounds = 0
    while not making.done():
        await drafting.media.async_clean({CASE})
        await asyncio.sleep(0)
        rounds += 1
    draft = await making
    assert rounds > 5
    assert drafting.file(draft).is_file()
    assert [path.name for path in drafting.file(draft).parent.iterdir()] == [
        each.name for each in drafting.file(draft).parent.glob(f"{draft.sha256}.*")
    ]


def test_tidying_up_looks_twice_before_a_new_draft_goes(tmp_path: Path) -> None:
    """Which cases are open was asked before; one that came in since is no leftover."""
    folder = DraftFolder(tmp_path, quota=2**30, reserve=0)
    (tmp_path / ("b" * 26)).mkdir()  # what a crash left
    work = folder.work_path(CASE)
    folder.make_work(work)
    folder.write(work / "film", b"x")
    folder.clean(set())
    assert not (tmp_path / ("b" * 26)).exists()
    assert (work / "film").exists()
    folder.publish(CASE, {f"{'0' * 64}.mp4": work / "film"})
    folder.drop_work(work)
    folder.clean(set())
    assert folder.path(CASE, f"{'0' * 64}.mp4").exists()
    folder.clean(set())
    assert not (tmp_path / CASE).exists()
