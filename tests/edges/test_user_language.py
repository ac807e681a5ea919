"""What the home says in sentences comes in the language that each user reads."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.const import LANGUAGES
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, Panel, act, offered
from .panels import panel

__all__ = ["panel"]  # fixtures, used by name

ASKED = {
    None: "You are asked.",
    "de": "Du wirst gefragt.",
    "en": "You are asked.",
    "es": "Se te pregunta.",
    "fr": "Vous êtes sollicité.",
    "nl": "Er wordt je om een beslissing gevraagd.",
}


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that was put before the approvers."""
    answer = await act(hass, "submit_request", **ASKING, hand_over=True)
    return await offered(manager, answer["case_id"])


def _language(name: str | None) -> dict[str, Any]:
    return {} if name is None else {"language": name}


def _sentence(case: dict[str, Any]) -> str:
    sentence: str = case["screening"]["sentence"]
    return sentence


@pytest.mark.parametrize("name", [None, *LANGUAGES])
async def test_why_a_rule_applied(case: Case, panel: Panel, name: str | None) -> None:
    """In the feed, in the history, of a trial, and in what a command answers."""
    spoken = _language(name)
    await panel.result("subscribe", **spoken)
    [followed] = (await panel.event("snapshot"))["cases"]
    [past] = (await panel.result("history", **spoken))["cases"]
    [tried] = (await panel.result("try_rules", **spoken))["results"]
    answered = await panel.result("decline", case_id=case.case_id, **spoken)
    told = (await panel.event("case"))["case"]
    for one in (followed, past, answered["case"], told):
        assert _sentence(one).endswith(ASKED[name])
    assert tried["sentence"].endswith(ASKED[name])


async def test_two_who_read_differently(
    hass: HomeAssistant, case: Case, panel: Panel, hass_ws_client: WebSocketGenerator
) -> None:
    """What one has asked for is no other's language."""
    other = Panel(await hass_ws_client(hass))
    await panel.result("subscribe", language="fr")
    await other.result("subscribe", language="nl")
    await panel.event("snapshot")
    await other.event("snapshot")
    await act(hass, "decline", case_id=case.case_id)
    for reader, name in ((panel, "fr"), (other, "nl")):
        assert _sentence((await reader.event("case"))["case"]).endswith(ASKED[name])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("de", "Diese Anfrage gibt es nicht"),
        ("nl", "Dit verzoek bestaat niet"),
        (None, "There is no such request"),
    ],
)
async def test_errors(panel: Panel, name: str | None, sentence: str) -> None:
    """What went wrong and what to do, in the reader's words."""
    wrong = await panel.send("undo", case_id="b" * 26, **_language(name))
    assert wrong["error"]["message"].startswith(sentence)
    assert wrong["error"]["translation_key"] == wrong["error"]["code"]
