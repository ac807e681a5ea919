"""The main job through the edges: form, entities, panel commands, status page."""

import asyncio
from collections.abc import Awaitable, Callable
import hashlib
import io
import tarfile
from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import entity_registry as er
from pyrage import decrypt, x25519
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.frontend import read_public_files

from .conftest import HOSTILE, TOKEN

ASK = f"/api/clip_consent/ask/{TOKEN}"


async def test_request_to_opened_clip(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
    key: x25519.Identity,
) -> None:
    """What the requester opens is, byte for byte, what the approver was shown."""
    stranger = await hass_client_no_auth()
    response = await stranger.post(ASK, json=body)
    assert response.status == 202
    status_id = (await response.json())["id"]
    await waiting()

    panel = await hass_ws_client(hass)
    await panel.send_json_auto_id({"type": "clip_consent/subscribe"})
    assert (await panel.receive_json())["success"]
    snapshot = (await panel.receive_json())["event"]
    [case] = snapshot["cases"]
    assert case["request"]["text"] == HOSTILE
    preview = await (await hass_client()).get(case["draft"]["video"])
    shown = await preview.read()
    assert hashlib.sha256(shown).hexdigest() == case["draft"]["sha256"]

    await panel.send_json_auto_id(
        {
            "type": "clip_consent/approve",
            "offer_id": case["offer"]["offer_id"],
            "sha256": case["draft"]["sha256"],
        }
    )
    sealed = await delivered(stranger, status_id)

    with tarfile.open(fileobj=io.BytesIO(decrypt(sealed, [key]))) as package:
        assert package.getnames() == ["manifest.jws", "clip.mp4"]
        clip = package.extractfile("clip.mp4")
        assert clip
        assert clip.read() == shown
    assert _state(hass, entry, "sensor", "shared_this_month") == "1"
    assert _state(hass, entry, "sensor", "waiting") == "0"


def _state(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str | None:
    unique_id = f"{entry.entry_id}_{key}"
    entity_id = er.async_get(hass).async_get_entity_id(platform, DOMAIN, unique_id)
    state = hass.states.get(entity_id or "")
    return state.state if state else None


async def delivered(stranger: Any, status_id: str) -> bytes:
    """Wait for the sealed clip and take it, as the status page does."""
    base = f"/api/clip_consent/status/{status_id}"
    for _ in range(200):
        status = await (await stranger.get(f"{base}/data")).json()
        if status["deliveries"]:
            delivery = status["deliveries"][0]["id"]
            sealed: bytes = await (await stranger.get(f"{base}/drop/{delivery}")).read()
            return sealed
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was delivered")


async def test_states_hold_no_word_of_the_requester(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
) -> None:
    """G8, G1: names and text stay in the panel; entities show labels and counts."""
    events: list[Event] = []
    hass.bus.async_listen("state_changed", events.append)
    stranger = await hass_client_no_auth()
    await stranger.post(ASK, json=body)
    await waiting()
    await hass.async_block_till_done()

    said = "".join(str(event.data) for event in events)
    assert "Anna next door" in said
    for word in ("onerror", "evil.example", "states("):
        assert word not in said
    assert _state(hass, entry, "binary_sensor", "waiting") == "on"


async def test_no_action_or_entity_approves(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A-04: the registries hold nothing that could approve."""
    actions = set(hass.services.async_services()["clip_consent"])
    assert actions == {
        "ask_neighbours",
        "submit_request",
        "get_requests",
        "find_clips",
        "prepare",
        "decline",
        "revoke",
        "export_ledger",
    }
    domains = {state.domain for state in hass.states.async_all()}
    assert domains <= {"binary_sensor", "event", "sensor", "switch", "update", "zone"}


async def test_long_lived_token_cannot_approve(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_admin_user: Any,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
) -> None:
    """A-04: bridges and scripts log in with such tokens; they are not a person."""
    from datetime import timedelta

    await (await hass_client_no_auth()).post(ASK, json=body)
    case = await waiting()
    token = await hass.auth.async_create_refresh_token(
        hass_admin_user,
        client_name="bridge",
        token_type="long_lived_access_token",
        access_token_expiration=timedelta(days=10),
    )
    bridge = await hass_ws_client(hass, hass.auth.async_create_access_token(token))
    assert case.offer
    assert case.draft
    await bridge.send_json_auto_id(
        {
            "type": "clip_consent/approve",
            "offer_id": case.offer.offer_id,
            "sha256": case.draft.sha256,
        }
    )
    answer = await bridge.receive_json()
    assert not answer["success"]
    assert answer["error"]["code"] == "session_not_own"


async def test_draft_is_for_approvers_only(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_read_only_access_token: str,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
) -> None:
    """A-12: 404 for everybody else, never 401."""
    await (await hass_client_no_auth()).post(ASK, json=body)
    case = await waiting()
    assert case.draft
    path = f"/api/clip_consent/draft/{case.case_id}/{case.draft.sha256}/video"
    assert (await (await hass_client_no_auth()).get(path)).status == 404
    other = await hass_client(hass_read_only_access_token)
    assert (await other.get(path)).status == 404
    mine = await (await hass_client()).get(path)
    assert mine.status == 200
    assert mine.headers["Cache-Control"] == "no-store"


async def test_bad_input_gets_fixed_answers(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> None:
    """400, 404, 413 and 415 with a fixed body; no 401, no notification.

    Who follows a link that is no invite gets a fixed page.
    """
    stranger = await hass_client_no_auth()
    unknown = ASK.replace(TOKEN, "a" * 26)
    wanted = [
        (await stranger.post(ASK, json={**body, "start": "yesterday"}), 400),
        (await stranger.post(ASK, json=[]), 400),
        (await stranger.post(ASK, data=b"{", headers=_JSON), 400),
        (await stranger.post(unknown, json=body), 404),
        (await stranger.post(ASK, data=b" " * 70_000, headers=_JSON), 413),
        (await stranger.post(ASK, data=b"name=x"), 415),
        (
            await stranger.post(
                ASK, data=b"\x1f\x8b", headers={**_JSON, "Content-Encoding": "gzip"}
            ),
            415,
        ),
        (await stranger.get("/api/clip_consent/status/" + "a" * 26 + "/data"), 404),
    ]
    assert [response.status for response, _ in wanted] == [s for _, s in wanted]
    for response, _ in wanted:
        text = await response.text()
        assert "Traceback" not in text
        assert len(text) < 60
    for followed in (unknown, "/api/clip_consent/ask/x"):
        page = await stranger.get(followed)
        assert page.status == 404
        assert await page.read() == read_public_files()["no_invite.html"].body


_JSON = {"Content-Type": "application/json"}


async def test_pages_have_a_strict_policy(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The pages share an origin with the login: no script from elsewhere, no frames."""
    stranger = await hass_client_no_auth()
    for path in (ASK, "/api/clip_consent/status/" + "b" * 26):
        response = await stranger.get(path)
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


async def test_switched_off_looks_the_same(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
) -> None:
    """G2: a request to a home that is switched off gets the same answers."""
    stranger = await hass_client_no_auth()
    on = await stranger.post(ASK, json=body)
    await waiting()
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": "switch.clip_consent_accept_requests"},
        blocking=True,
    )
    key = str(x25519.Identity.generate().to_public())
    off = await stranger.post(ASK, json={**body, "recipient": key})
    await asyncio.sleep(0.3)
    first, second = (await on.json())["id"], (await off.json())["id"]
    views = [
        await stranger.get(f"/api/clip_consent/status/{each}/data")
        for each in (first, second)
    ]
    texts = [await view.json() for view in views]
    for text in texts:
        text.pop("look_again_until")
    assert texts[0] == texts[1]
    sizes = {view.headers["Content-Length"] for view in views}
    assert len(sizes) == 1
