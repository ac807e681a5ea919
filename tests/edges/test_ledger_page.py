"""The ledger for people: found by kind, request and day, in names instead of ids."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.approval import Rejection
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.serial import utc_text
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.messages import async_speech
from tests.interfaces import example, unlike

from .acting import ASKING, Panel, act, case_in, login, offered, other_admin
from .panels import panel

__all__ = ["panel"]  # fixtures, used by name


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that an approver said no to."""
    answer = await act(hass, "submit_request", **ASKING, hand_over=True)
    await offered(manager, answer["case_id"])
    await act(hass, "decline", case_id=answer["case_id"])
    return await case_in(manager, answer["case_id"], CaseState.CLOSED)


async def _kinds(panel: Panel, **sought: Any) -> list[str]:
    page = await panel.result("ledger", **sought)
    return [entry["kind"] for entry in page["entries"]]


async def test_what_is_looked_for(
    hass: HomeAssistant, manager: HomeManager, panel: Panel, case: Case
) -> None:
    """By kind, by request, by time; together they all have to fit."""
    other = (await act(hass, "submit_request", **ASKING, hand_over=True))["case_id"]
    await offered(manager, other)
    await manager.async_set_accepting(False, None)
    everything = await _kinds(panel)
    assert everything[0] == "accepting"
    assert await _kinds(panel, kinds=["received"]) == ["received"] * 2
    assert await _kinds(panel, kinds=["closed", "accepting"]) == ["accepting", "closed"]
    of_case = await _kinds(panel, case_id=case.case_id)
    assert of_case[0] == "closed"
    assert of_case[-1] == "received"
    assert await _kinds(panel, case_id=case.case_id, kinds=["closed"]) == ["closed"]
    assert await _kinds(panel, case_id=other, kinds=["closed"]) == []
    assert await _kinds(panel, kinds=["martian"]) == []
    later = utc_text(dt_util.utcnow() + timedelta(seconds=1))
    assert await _kinds(panel, since=later) == []
    assert await _kinds(panel, until=later) == everything
    first = (await panel.result("ledger", kinds=["closed"]))["entries"][0]["at"]
    assert (await _kinds(panel, since=first))[-1] in everything
    assert "closed" in await _kinds(panel, since=first)
    assert "closed" not in await _kinds(panel, until=first)


async def test_pages_of_what_was_found(panel: Panel, case: Case) -> None:
    """Each once, and an end; the head and the chain are of all, whatever is shown."""
    whole = await panel.result("ledger", limit=200)
    assert whole["next"] is None
    assert (
        list(unlike(example("ledger_answer") | {"names": {}}, whole | {"names": {}}))
        == []
    )
    kinds = ["received", "screened", "closed"]
    first = await panel.result("ledger", kinds=kinds, limit=2)
    rest = await panel.result("ledger", kinds=kinds, limit=2, before=first["next"])
    found = [entry["kind"] for entry in (*first["entries"], *rest["entries"])]
    assert found == ["closed", "screened", "received"]
    assert rest["next"] is None
    assert first["head"] == rest["head"] == whole["head"]
    exactly = await panel.result("ledger", limit=whole["head"]["seq"])
    assert exactly["next"] is None


async def test_names_instead_of_ids(
    hass: HomeAssistant, manager: HomeManager, panel: Panel, case: Case
) -> None:
    """Who, which rule, which invite, and what a code means: in the reader's language."""
    user = await other_admin(hass)
    await manager.async_set_accepting(False, user.id)
    gone = await other_admin(hass)
    await manager.async_set_accepting(True, gone.id)
    await hass.auth.async_remove_user(gone)
    page = await panel.result("ledger", language="de")
    said = {
        key: page["names"].get(value)
        for entry in page["entries"]
        for key, value in entry["data"].items()
        if isinstance(value, str) and value in page["names"]
    }
    assert said["rule_id"] in [rule.title for rule in manager.reading.rules]
    assert page["names"][user.id] == user.name
    assert gone.id not in page["names"]
    assert not {"sha256", "offer_id", "recipient", "policy"} & said.keys()
    wrong = await panel.error("approve", offer_id="b" * 26, sha256="0" * 64)
    assert wrong
    page = await panel.result("ledger", kinds=["approve_rejected"], language="de")
    assert page["names"]["no_offer"] == "nichts wartete auf Freigabe"


async def test_every_clause_has_words(hass: HomeAssistant) -> None:
    """Of whatever an approval can fail."""
    speech = await async_speech(hass, "en")
    for clause in Rejection:
        assert speech.clause(clause) != clause, clause


async def test_problems_are_told_in_sentences(
    hass: HomeAssistant, manager: HomeManager, panel: Panel
) -> None:
    """The code stays in the entry: it is what the digest is of."""
    old = dt_util.utcnow() - timedelta(days=2)
    asking = {**ASKING, "start": old, "end": old + timedelta(minutes=1)}
    answer = await act(hass, "submit_request", **asking, hand_over=True)
    await case_in(manager, answer["case_id"], CaseState.WAITING)
    page = await panel.result("ledger", language="nl")
    problems = [e["data"]["problem"] for e in page["entries"] if "problem" in e["data"]]
    assert problems
    for code in filter(None, problems):
        assert " " in page["names"][code]


async def test_an_administrator_reads_names_too(
    hass: HomeAssistant, panel: Panel, case: Case, hass_ws_client: WebSocketGenerator
) -> None:
    """They have the settings anyway; nothing of the request is among the names."""
    theirs = Panel(
        await hass_ws_client(hass, await login(hass, await other_admin(hass)))
    )
    page = await theirs.result("ledger")
    told = " ".join(page["names"].values())
    assert page["names"]
    assert case.request.name not in told
    assert case.request.text not in told
