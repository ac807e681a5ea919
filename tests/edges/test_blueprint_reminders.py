"""Blueprints that tell at a time of their own, in a real Home Assistant."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.components.automation import ATTR_LAST_TRIGGERED
from homeassistant.const import WEEKDAYS
from homeassistant.core import HomeAssistant, State, SupportsResponse
from homeassistant.helpers import restore_state
from homeassistant.helpers.restore_state import StoredState
from homeassistant.util import dt as dt_util
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, Panel, act, case_in, entity_id, offered
from .blueprinted import (
    ANSWERING,
    AUTOMATION,
    HOUR,
    Ask,
    Automate,
    Called,
    Data,
    Moments,
    Phone,
    ask,
    automate,
    called,
    moments,
    own,
    smooth,
    unheard,
)

__all__ = ["ask", "automate", "called", "moments", "smooth"]  # fixtures, used by name

KEY: Final = str(x25519.Identity.generate().to_public())

pytestmark = pytest.mark.usefixtures("smooth")


def hours(first: datetime, last: datetime) -> list[datetime]:
    """Return the full hours from one to the other, a moment after each began."""
    hour = first.replace(minute=0, second=0, microsecond=0)
    found = []
    while (hour := hour + HOUR) <= last:
        found.append(hour + timedelta(milliseconds=40))
    return found


async def test_remind_before_expiry_once(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    called: Called,
) -> None:
    """In a whole week one reminder, at the last full hour with so much time left."""
    phone, other = Phone(), Phone("other")
    await own(hass, phone, other)
    await automate("remind_before_expiry", tell=["notify.phone"], hours=24)
    case = await ask()
    called.clear()
    end = case.request.expires_at
    told = []
    for hour in hours(case.request.received_at, end - timedelta(minutes=1)):
        await moments.come(hass, hour)
        told += [hour] * (len(phone.shown) - len(told))
    [moment] = told
    # Told a moment after the hour began.
    assert 23 * HOUR < end - moment < 24 * HOUR + timedelta(minutes=1)
    local = dt_util.as_local(end)
    assert phone.shown == [
        (
            "Clip Consent",
            f"Requests for footage that still wait for you: 1. You can answer until {local:%Y-%m-%d %H:%M}. {ANSWERING}",
        )
    ]
    assert other.shown == []
    assert {name for name, _ in called} == {
        "clip_consent.get_requests",
        "notify.send_message",
    }
    unheard(called)


async def test_remind_before_expiry_of_those_that_wait(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    manager: HomeManager,
) -> None:
    """Two in one message, with the first one's end; what was declined is not there."""
    phone = Phone()
    await own(hass, phone)
    await automate(
        "remind_before_expiry",
        tell="notify.phone",
        hours=3,
        words="{{ count }} until {{ until }}",
    )
    first, second, third = await ask(), await ask(), await ask()
    await act(hass, "decline", case_id=first.case_id)
    await case_in(manager, first.case_id, CaseState.CLOSED)
    ends = [each.request.expires_at for each in (second, third)]
    for hour in hours(ends[0] - 6 * HOUR, ends[0]):
        await moments.come(hass, hour)
    local = dt_util.as_local(ends[0])
    # An hour may begin between the two, and then it is one message for each.
    if ends[0].hour == ends[1].hour:
        assert phone.shown == [("Clip Consent", f"2 until {local:%Y-%m-%d %H:%M}")]
    else:
        assert len(phone.shown) == 2


async def test_remind_before_expiry_of_what_is_offered(
    hass: HomeAssistant, moments: Moments, automate: Automate, ask: Ask
) -> None:
    """Where the offer ends before the request, it has to be answered by then."""
    phone = Phone()
    await own(hass, phone)
    case = await ask()
    given = await act(hass, "get_requests", state=["waiting"])
    end = case.request.expires_at - 48 * HOUR
    [one] = given["requests"]
    one["offer"]["expires_at"] = end.isoformat()
    hass.services.async_register(
        "clip_consent",
        "get_requests",
        lambda _: given,
        supports_response=SupportsResponse.ONLY,
    )
    await automate("remind_before_expiry", tell="notify.phone", hours=3)
    for hour in hours(end - 5 * HOUR, case.request.expires_at):
        await moments.come(hass, hour)
    [(_, message)] = phone.shown
    assert f"until {dt_util.as_local(end):%Y-%m-%d %H:%M}." in message


async def test_remind_before_expiry_not_without_a_request(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    called: Called,
    manager: HomeManager,
) -> None:
    """Nothing is looked up or told before one comes, or after it was declined."""
    phone = Phone()
    await own(hass, phone)
    await automate("remind_before_expiry", tell=["notify.phone"])
    start = datetime.now(UTC)
    for hour in hours(start, start + 3 * HOUR):
        await moments.come(hass, hour)
    assert called == []
    case = await ask()
    await act(hass, "decline", case_id=case.case_id)
    await case_in(manager, case.case_id, CaseState.CLOSED)
    called.clear()
    end = case.request.expires_at
    for hour in hours(end - 26 * HOUR, end - 22 * HOUR):
        await moments.come(hass, hour)
    assert (called, phone.shown) == ([], [])


@pytest.mark.parametrize(
    ("ran_before_end", "reminders"),
    [(30, 1), (23.5, 0), (None, 1)],
    ids=["off_at_that_hour", "told_before", "new"],
)
async def test_remind_before_expiry_after_a_restart(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    ran_before_end: float | None,
    reminders: int,
) -> None:
    """What fell into the time off is made up for, what was told is not told again."""
    phone = Phone()
    await own(hass, phone)
    case = await ask()
    end = case.request.expires_at
    if ran_before_end is not None:
        ran = end - ran_before_end * HOUR
        state = State(AUTOMATION, "on", {ATTR_LAST_TRIGGERED: ran.isoformat()})
        before = StoredState(state, None, ran)
        restore_state.async_get(hass).last_states[AUTOMATION] = before
    await automate("remind_before_expiry", tell=["notify.phone"], hours=24)
    for hour in hours(end - 20 * HOUR, end - 16 * HOUR):
        await moments.come(hass, hour)
    assert len(phone.shown) == reminders


def week(hour: int, minute: int = 0) -> list[datetime]:
    """Return that time of each day of a week, from the next time it is."""
    now = dt_util.now()
    first = now.replace(hour=hour, minute=minute, second=0, microsecond=40_000)
    first += timedelta(days=first < now + timedelta(minutes=1))
    return [first + timedelta(days=days) for days in range(7)]


def counts(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return the sensors that are chosen for the two counts."""
    return {
        "waiting": entity_id(hass, entry, "sensor", "waiting"),
        "shared": entity_id(hass, entry, "sensor", "shared_this_month"),
    }


@pytest.fixture
async def german(hass: HomeAssistant) -> None:
    """Let a home be set up in German."""
    await hass.config.async_update(language="de")


async def test_weekly_summary_in_a_home_that_speaks_german(
    hass: HomeAssistant,
    german: None,
    entry: MockConfigEntry,
    moments: Moments,
    automate: Automate,
) -> None:
    """Its sensors are called otherwise there."""
    phone = Phone()
    await own(hass, phone)
    sensors = counts(hass, entry)
    assert "sensor.clip_consent_waiting_requests" not in sensors.values()
    await automate("weekly_summary", tell=["notify.phone"], always=True, **sensors)
    for moment in week(18):
        await moments.come(hass, moment)
    [(_, message)] = phone.shown
    assert message.startswith("Requests waiting for you: 0.")


async def test_weekly_summary_tells_the_counts(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    ask: Ask,
    entry: MockConfigEntry,
    manager: HomeManager,
    called: Called,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """On its day and time alone: one waits, one was shared, and no word of theirs."""
    phone = Phone()
    await own(hass, phone)
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await Panel(await hass_ws_client(hass)).approve(case)
    await case_in(manager, case.case_id, CaseState.SHARED)
    await ask()
    shared = dt_util.now()
    days = week(7, 30)
    day = WEEKDAYS[days[2].weekday()]
    sensors = counts(hass, entry)
    await automate(
        "weekly_summary", tell=["notify.phone"], day=day, at="07:30", **sensors
    )
    called.clear()
    for moment in days:
        # a month that ends in between has ended well before
        if (midnight := moment.replace(hour=0, minute=0)) > shared:
            await moments.come(hass, midnight)
        await moments.come(hass, moment)
        assert bool(phone.shown) is (moment >= days[2])
    # On the first days of a month, nothing was shared in it yet.
    count = int(days[2].month == shared.month)
    words = (
        f"Requests waiting for you: 1. Clips shared this month: {count}. {ANSWERING}"
    )
    assert phone.shown == [("Clip Consent", words)]
    assert [name for name, _ in called] == ["notify.send_message"]
    unheard(called)


@pytest.mark.parametrize("always", [False, True])
async def test_weekly_summary_of_nothing(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    entry: MockConfigEntry,
    always: bool,
) -> None:
    """Comes only where it was chosen."""
    phone = Phone()
    await own(hass, phone)
    more: Data = {**counts(hass, entry), **({"always": True} if always else {})}
    await automate("weekly_summary", tell=["notify.phone"], **more)
    for moment in week(18):
        await moments.come(hass, moment)
    told = [message for _, message in phone.shown]
    words = f"Requests waiting for you: 0. Clips shared this month: 0. {ANSWERING}"
    assert told == ([words] if always else [])


@pytest.mark.parametrize("gone", ["unloaded", "another"])
async def test_weekly_summary_without_its_sensors(
    hass: HomeAssistant,
    moments: Moments,
    automate: Automate,
    entry: MockConfigEntry,
    gone: str,
) -> None:
    """Sensors that are away, or hold no count, make no summary and no error."""
    phone = Phone()
    await own(hass, phone)
    more: dict[str, Any] = {**counts(hass, entry), "always": True}
    if gone == "another":
        more["shared"] = "sensor.clip_consent_last_shared"
    else:
        assert await hass.config_entries.async_unload(entry.entry_id)
    await automate("weekly_summary", tell=["notify.phone"], **more)
    for moment in week(18):
        await moments.come(hass, moment)
    assert phone.shown == []
