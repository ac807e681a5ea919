"""G8 inert: a requester's words are never markup, template, command, link or file name.

Hundreds of hostile strings come in through the real form, on a Home Assistant with
phones, automations and every log on. What the panel draws is tested in a browser.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
import json
import logging
from pathlib import Path
import re
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
from pyrage import x25519
import pytest

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.core.text import tidy
from custom_components.clip_consent.diagnostics import (
    async_get_config_entry_diagnostics,
)

from .conftest import ASK, Home

CANARY = "zq7kx"
BASE = [
    *("<script>{0}</script>", "<img src={1} onerror={0}>", "<svg/onload={0}>"),
    *("<a href={1}>{0}</a>", "<ha-alert>{0}</ha-alert>", "<video src={1}>{0}"),
    *(
        "<iframe srcdoc='{0}'>",
        '"><b>{0}',
        "'-{0}-'",
        "<!--{0}",
        "]]>{0}",
        "&lt;b&gt;{0}",
    ),
    *(
        "![{0}]({1})",
        "[{0}]({1})",
        "[{0}](javascript:{0})",
        "# {0}",
        "`{0}`",
        "<{1}?{0}>",
    ),
    *(
        "{{{{ states('{0}') }}}}",
        "{{% for {0} in [1] %}}",
        "{{# {0} #}}",
        "${{{0}}}",
        "#{{{0}}}",
    ),
    *(
        "{{{{ 7*7 }}}} {0}",
        "%({0})s",
        "{{0.__class__}} {0}",
        "%s%n {0}",
        "{0}\\n\\r\\x00",
    ),
    *("=cmd|'/c {0}'!A1", "+{0}", "-{0}", "@{0}", '=HYPERLINK("{1}","{0}")'),
    *(
        "../../{0}",
        "..\\..\\{0}",
        "/etc/{0}",
        "C:\\{0}",
        "file:///{0}",
        "{0}.mp4",
        "~/{0}",
    ),
    *("; rm -rf {0}", "$({0})", "`{0}` && x", "| tee {0}", "-i {0}", "--{0}"),
    *("' OR '{0}'='{0}", '"; DROP TABLE cases; -- {0}', "{0}' --"),
    *(
        "{1}{0}",
        "tel:{0}",
        "mailto:{0}@evil.example",
        "homeassistant://{0}",
        "intent:{0}",
    ),
    *("app://{0}", "entityId:{0}", "lovelace/{0}", "noAction {0}", "URI {0}"),
    *("рolice {0}", "pоlice.nl/{0}", "ⓟolice.nl {0}", "police。nl {0}", "Pᴏʟɪᴄᴇ {0}"),
    *(
        "🚨🚨 {0} 🚨",
        "👨‍👩‍👧 {0}",
        "\u0600{0}",
        "שלום {0}",
        "مرحبا {0}",
        "\u200f{0}",
        "\u202e{0}",
    ),
    *(
        "{0}\u200b{0}",
        "ﷺ{0}",
        "Z͑ͫ̓{0}",
        "\ufdfd {0}",
        "\u2028{0}",
        "\x1b[31m{0}",
        "\x07{0}",
    ),
    *(
        "[1, 2, '{0}']",
        '{{"{0}": 1}}',
        "None{0}",
        "!secret {0}",
        "!include {0}",
        "&a *a {0}",
    ),
    *("on:\n  - {0}", "HTTP/1.1 200 OK\r\nX: {0}", "\r\n\r\n{0}", "data:text/html,{0}"),
]
# said to a phone alone, each of these is a command to it
COMMANDS = [
    *("command_webview", "command_dnd", "command_activity", "command_launch_app"),
    *("command_broadcast_intent", "command_volume_level", "command_screen_on"),
    *("clear_notification", "remove_channel", "request_location_update", "TTS"),
    *("delete_alert", "clear_badge", "update_widgets", "update_complications"),
    *("command_update_sensors", "None", "true", "0", "{}", "[]", "CLIP_CONSENT_"),
]
WRAPS = ["{}", "  {}  ", "Hello {} there", "{0} {0}"]


def hostile(link: str) -> list[str]:
    """Return hostile strings, some of which no form takes."""
    made = [wrap.format(base.format(CANARY, link)) for base in BASE for wrap in WRAPS]
    long = [
        CANARY * 400,
        f"<b>{CANARY}" * 200,
        "\U0001f6a8" * 1990 + CANARY,
        "A" * 2001,
    ]
    return [*made, *COMMANDS, *long]


@pytest.fixture
async def link(socket_enabled: None) -> AsyncIterator[tuple[str, list[str]]]:
    """Return an address, and who came there."""
    came: list[str] = []

    async def note(request: web.Request) -> web.Response:
        came.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", note)
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url(f"/{CANARY}")), came
    await server.close()


@pytest.fixture
def bus(hass: HomeAssistant) -> list[str]:
    """Return what Home Assistant's bus carries: all that a recorder could keep."""
    seen: list[str] = []

    def hear(event: Event) -> None:
        seen.append(f"{event.event_type} {event.as_dict()!r}")

    hass.bus.async_listen(MATCH_ALL, hear)
    return seen


TRIGGERS = ("received", "asked", "closed")


async def automate(hass: HomeAssistant) -> None:
    """Have automations that say all that a trigger tells them."""
    automation = [
        {
            "alias": kind,
            "triggers": [{"trigger": f"clip_consent.request_{kind}"}],
            "actions": [
                {"event": "told", "event_data": {"all": "{{ trigger | string }}"}}
            ],
        }
        for kind in TRIGGERS
    ]
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()


def three(words: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the words, each as text, as name and as contact of some request."""
    for place, word in enumerate(words):
        yield word, words[place - 7], words[place - 23]


async def send(home: Home, text: str, name: str, contact: str) -> bool:
    """Send the form with some words; tell whether they were taken."""
    for fields in (
        {"text": text, "name": name, "contact": contact},
        {"text": text, "name": "Anna", "contact": contact},
        {"text": text, "name": "Anna", "contact": ""},
    ):
        key = str(x25519.Identity.generate().to_public())
        body = {**home.body, **fields, "recipient": key}
        response = await home.public.post(ASK, json=body)
        if response.status == 202:
            return True
        assert response.status == 400
    return False


def plain(push: dict[str, Any]) -> str:
    """Return a push without what is random in it."""
    text = json.dumps(push, sort_keys=True)
    return re.sub(r"[a-z2-7]{26}(?![a-z2-7])|[0-9a-f]{64}", "?", text)


def _timeless(reminder: str) -> str:
    """Return a reminder without the time until when it can be answered."""
    return re.sub(r"until \d+ \w+, \d\d:\d\d", "until ?", reminder)


async def test_hostile_words_stay_words(
    hass: HomeAssistant,
    home: Home,
    bus: list[str],
    link: tuple[str, list[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """F-09, D-01, T21: pushes as for an innocent note; no trace anywhere but the panel."""
    await automate(hass)
    caplog.set_level(logging.DEBUG)
    address, came = link
    words = hostile(address)
    assert len(words) > 300
    # a time of which nothing was recorded: nothing to draft, so it goes fast
    _long_ago(home)
    assert await send(home, "My bicycle", "Anna", "")
    await home.settle()
    innocent = list(map(plain, home.iphone.pushes))
    innocent_android = list(map(plain, home.pixel.pushes))
    taken = 1
    texts: set[str] = set()
    for text, name, contact in list(three(words))[::3]:
        home.clock.go_on(timedelta(hours=5))  # within every limit
        if await send(home, text, name, contact):
            taken += 1
            texts |= {tidy(text, lines=True)}
            await home.settle()
    assert taken > 70
    for phone, first in ((home.iphone, innocent), (home.pixel, innocent_android)):
        pushes = [p for p in map(plain, phone.pushes) if "clear_" not in p]
        questions = [p for p in pushes if "Still waiting" not in p]
        reminders = [_timeless(p) for p in pushes if "Still waiting" in p]
        assert len(first) == 1
        assert set(questions) == set(first)
        assert len(set(reminders)) == 1
        assert len(questions) == taken
    await _no_trace(hass, home, bus, caplog)
    assert came == []
    shown = {
        case.request.text for case in (await home.store.async_history(None, 500))[0]
    }
    assert texts <= shown  # to the owner, to the letter


def _long_ago(home: Home) -> None:
    from custom_components.clip_consent.core.serial import utc_text, utc_time

    for end in ("start", "end"):
        moment = utc_time(str(home.body[end])) - timedelta(days=2)
        home.body[end] = utc_text(moment.replace(microsecond=0))


async def _no_trace(
    hass: HomeAssistant,
    home: Home,
    bus: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Check every place where words could come to stand."""
    told = [each for each in bus if each.startswith("told ")]
    assert len(told) > 100
    places = {
        "events": "\n".join(bus),
        "states": "\n".join(repr(state.as_dict()) for state in hass.states.async_all()),
        "diagnostics": repr(await async_get_config_entry_diagnostics(hass, home.entry)),
        "log": caplog.text,
        "ledger": repr(await home.store.async_whole_ledger()),
        "pushes": json.dumps(home.relay.received, ensure_ascii=False),
    }
    for place, said in places.items():
        assert len(said) > 100, place
        assert CANARY not in said, place
    for path in Path(hass.config.config_dir).rglob("*"):
        assert CANARY not in path.name
        if path.is_file() and not path.name.startswith("home.db"):
            assert CANARY.encode() not in path.read_bytes(), path


CHAIN = [
    f"<img src=x onerror={CANARY}>",
    "{{ states('" + CANARY + "') }}",
    "clear_notification",
    f"../../{CANARY}.mp4",
]


async def whole_way(home: Home, words: str) -> list[list[str]]:
    """Go all the way with some words: approve, undo, approve, share; return the pushes."""
    home.relay.received.clear()
    key = str(x25519.Identity.generate().to_public())
    home.body.update(text=words, name=words, contact=words, recipient=key)
    case = await home.asked()
    await _approve(home, case)
    await home.manager.async_undo(case.case_id, home.ben.user.id)
    await home.settle()
    await _approve(home, await home.case(case))
    names = _file_names(home)
    await home.pass_time()
    assert len(await home.deliveries()) == 1
    names |= _file_names(home)
    assert all(re.fullmatch(r"[a-z0-9_.-]+", name) for name in names), names
    assert not any(CANARY in name for name in names)
    home.clock.go_on(timedelta(hours=6))
    return [
        [plain(push) for push in phone.pushes] for phone in (home.iphone, home.pixel)
    ]


async def _approve(home: Home, case: Case) -> None:
    from tests.manager.world import OWN_LOGIN

    assert case.offer
    assert case.draft
    await home.manager.async_approve(
        offer_id=case.offer.offer_id,
        sha256=case.draft.sha256,
        user_id=home.anna.user.id,
        session=OWN_LOGIN,
    )
    await home.settle()


def _file_names(home: Home) -> set[str]:
    return {path.name for path in home.cache.rglob("*")}


async def test_the_whole_way_says_the_same(home: Home) -> None:
    """F-09: question, approval, undo, question, approval, result: every push as for an innocent note."""
    home.clock.go_on(timedelta(hours=6))
    innocent = await whole_way(home, "My bicycle")
    assert [len(pushes) for pushes in innocent] == [6, 6]
    for words in CHAIN:
        said = await whole_way(home, words)
        for ours, theirs in zip(innocent, said, strict=True):
            assert [_untimed(push) for push in theirs] == [_untimed(p) for p in ours]


def _untimed(push: str) -> str:
    return re.sub(r"\d\d:\d\d(:\d\d)?", "hh:mm", push)


def test_there_is_something_to_look_for() -> None:
    """The words are many, and nearly all are marked, so that none passes unseen."""
    words = set(hostile("http://127.0.0.1/x"))
    assert len(words) > 300
    assert len([word for word in words if CANARY not in word]) < 30
