"""T39: what this home writes to the log, even while somebody looks for a fault."""

from collections.abc import Awaitable, Callable
import logging

from homeassistant.core import HomeAssistant
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import Case

from .conftest import HOSTILE, TOKEN
from .test_main_job import ASK, delivered

OURS = "custom_components.clip_consent"


def _written(caplog: pytest.LogCaptureFixture) -> str:
    """Return all of ours, and what anybody else says that is worth a warning.

    Home Assistant's own debug log holds every message and every action of its users.
    """
    writes = logging.Formatter("%(name)s %(message)s")
    return "\n".join(
        writes.format(record)
        for record in caplog.records
        if record.name.startswith(OURS) or record.levelno >= logging.WARNING
    )


async def test_the_log_holds_nobodys_words_and_no_secret(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    entry: MockConfigEntry,
    approver: MockUser,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    waiting: Callable[[], Awaitable[Case]],
    body: dict[str, object],
    key: x25519.Identity,
) -> None:
    """Through a whole main job, with wrong knocks at the doors, at debug level."""
    caplog.set_level(logging.DEBUG)
    stranger = await hass_client_no_auth()
    refused = await stranger.post(ASK, json={**body, "kind": HOSTILE, "name": HOSTILE})
    assert refused.status == 400
    assert (await stranger.post(ASK, data=HOSTILE)).status == 415
    response = await stranger.post(ASK, json=body)
    status_id = (await response.json())["id"]
    case = await waiting()
    assert case.offer
    assert case.draft
    panel = await hass_ws_client(hass)
    for digest in ("0" * 64, case.draft.sha256):
        await panel.send_json_auto_id(
            {
                "type": "clip_consent/approve",
                "offer_id": case.offer.offer_id,
                "sha256": digest,
            }
        )
        assert (await panel.receive_json())["success"] is (digest != "0" * 64)
    await delivered(stranger, status_id)
    text = _written(caplog)
    assert "A request was refused" in text  # so that debug was on
    for secret in (
        *(TOKEN, HOSTILE[:20], "onerror", "evil.example", "Anna", "Sam", "Driveway"),
        *(status_id, case.case_id, case.offer.offer_id, case.draft.sha256),
        *(str(key), str(key.to_public()), approver.id, hass.config.config_dir),
    ):
        assert secret not in text, secret
