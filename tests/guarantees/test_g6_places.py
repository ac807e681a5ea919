"""G2, G5, G6: where somebody asks about, and where home and cameras are, stays inside.

Approvers see the places on a map. Nobody and nothing else does.
"""

import io
import json
import logging
import tarfile
from typing import Any, Final

from homeassistant.const import EVENT_CALL_SERVICE, MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from pyrage import decrypt, x25519
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.limits import TEXT_KEPT
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.edges.acting import ASKING, Panel, act, offered
from tests.edges.test_logs import _written
from tests.manager.world import OWN_LOGIN

from .conftest import ASK, Home

AREA: Final = {"latitude": 52.1357913, "longitude": 4.3246802, "radius": 333.7}
CAMERA: Final = {
    "location": {"latitude": 52.1024681, "longitude": 4.3097531},
    "bearing": 217,
}
RULE: Final = {"area_max_km2": 2, "distance_max_metres": 90_000}
# digits of each that stand for nothing else
AREA_DIGITS: Final = ("1357913", "3246802", "333.7")
DIGITS: Final = (*AREA_DIGITS, "1024681", "3097531", "2091357", "3186427")


@pytest.fixture
def bus(hass: HomeAssistant) -> list[str]:
    """Return what the bus carries, but for the call of the action itself."""
    seen: list[str] = []

    @callback
    def hear(event: Event[Any]) -> None:
        if event.event_type != EVENT_CALL_SERVICE:
            seen.append(repr(event.as_dict()))

    hass.bus.async_listen(MATCH_ALL, hear)
    return seen


async def _approve(home: Home, case: Case) -> None:
    assert case.offer
    await home.manager.async_approve(
        offer_id=case.offer.offer_id,
        sha256=case.offer.sha256,
        user_id=home.anna.user.id,
        session=OWN_LOGIN,
    )
    await home.settle()
    await home.pass_time()


async def _read(home: Home, path: str) -> bytes:
    response = await home.public.get(path)
    assert response.status == 200
    return await response.read()


async def _public(home: Home, key: x25519.Identity) -> str:
    """Return all that the one who asked can read, the opened package included."""
    base = f"/api/clip_consent/status/{home.status_id}"
    [delivery] = await home.deliveries()
    package = await _read(home, f"{base}/drop/{delivery['id']}")
    said = [await _read(home, f"{base}/data")]
    with tarfile.open(fileobj=io.BytesIO(decrypt(package, [key]))) as inside:
        files = [inside.extractfile(name) for name in inside.getnames()]
        said += [file.read() for file in files if file]
    return "".join(part.decode("latin-1") for part in said)


async def test_an_area_stays_inside(
    hass: HomeAssistant,
    home: Home,
    bus: list[str],
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Asked, approved, shared and forgotten: approvers alone read where it was."""
    caplog.set_level(logging.DEBUG)
    await hass.config.async_update(latitude=52.2091357, longitude=4.3186427)
    await home.settle()
    await home.change("camera", **CAMERA)
    await home.change("rule", **RULE)
    key = x25519.Identity.generate()
    asking = {**ASKING, "recipient": str(key.to_public()), "area": AREA}
    answer = await act(hass, "submit_request", **asking)
    home.status_id = answer["status_url"].rpartition("/")[2]
    case = await offered(home.manager, answer["case_id"])
    assert case.screening
    assert "90000 m from your home" in case.screening.sentence
    await home.settle()

    for member, sees in ((home.anna, True), (home.guest, False), (home.root, False)):
        panel = Panel(await hass_ws_client(hass, member.token))
        await panel.result("subscribe")
        shown = json.dumps(await panel.event("snapshot"))
        assert [each in shown for each in DIGITS] == [sees] * len(DIGITS)

    # something to log, so that debug is known to be on
    assert (await home.public.post(ASK, json={**home.body, "name": ""})).status == 400
    await _approve(home, await home.case(case))
    said = {
        "public": await _public(home, key),
        "events": "\n".join(bus),
        "states": "\n".join(
            repr(each.as_dict()) for each in hass.states.async_all("event")
        ),
        "diagnostics": repr(await async_get_config_entry_diagnostics(hass, home.entry)),
        "log": _written(caplog),
        "ledger": repr(await home.store.async_whole_ledger()),
        "pushes": json.dumps(home.relay.received),
    }
    assert "A request was refused" in said["log"]
    for place, text in said.items():
        assert len(text) > 30, place
        found = [digits for digits in DIGITS if digits in text]
        # Home Assistant itself tells its clients where it is
        core = {"2091357", "3186427"} if place == "events" else set()
        assert set(found) <= core, place


async def test_an_area_is_forgotten_with_the_words(
    hass: HomeAssistant, home: Home
) -> None:
    """Where somebody was is as personal as what they wrote."""
    asking = {**ASKING, "hand_over": True, "area": AREA}
    answer = await act(hass, "submit_request", **asking)
    case = await offered(home.manager, answer["case_id"])
    assert case.request.area
    await home.settle()
    await home.manager.async_decline(case.case_id, home.anna.user.id)
    await home.settle()
    home.clock.go_on(2 * TEXT_KEPT)
    await home.store.async_forget_words(home.clock.now())
    request = (await home.case(case)).request
    assert (request.text, request.area) == ("", None)
