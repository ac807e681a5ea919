"""Service actions: what each takes, answers and refuses, and whom it obeys."""

import asyncio
from datetime import datetime, timedelta
import hashlib
import io
import json
import re
import tarfile
import threading
from typing import Any, Final

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pyrage import decrypt, x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
import voluptuous as vol
import yaml

from custom_components.clip_consent import entity, services
from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.ledger import Entry
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.core.serial import Json
from custom_components.clip_consent.entity import loaded_manager
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.store import HomeStore
from tests.interfaces import ROOT, example, unlike
from tests.servers.web import serving

from .acting import (
    ASKING,
    END,
    SHORT,
    SPAN,
    START,
    Panel,
    act,
    case_in,
    go_on,
    offered,
    other_admin,
    plain_user,
    reading_user,
)

TREE: Final = ROOT / "custom_components" / "clip_consent"
TRANSLATIONS: Final = json.loads((TREE / "translations" / "en.json").read_text("utf-8"))


KEY: Final = str(x25519.Identity.generate().to_public())


async def refusal(
    hass: HomeAssistant, action: str, user_id: str | None = None, **data: Any
) -> str:
    """Call an action that must be refused; return the key of the translated reason."""
    with pytest.raises(ServiceValidationError) as raised:
        await act(hass, action, user_id, **data)
    err = raised.value
    assert err.translation_domain == DOMAIN
    assert err.translation_key in TRANSLATIONS["exceptions"]
    assert " " in str(err)
    return err.translation_key


# --- what there is


async def test_actions_are_described_as_they_are(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """services.yaml, translations, icons and the schemas name the same fields."""
    described = yaml.safe_load((TREE / "services.yaml").read_text("utf-8"))
    icons = json.loads((TREE / "icons.json").read_text("utf-8"))["services"]
    real = {name: schema for name, _, schema, _ in services._ACTIONS}
    assert set(hass.services.async_services()[DOMAIN]) == set(real)
    assert set(real) == set(described) == set(TRANSLATIONS["services"]) == set(icons)
    for name, schema in real.items():
        fields = (described[name] or {}).get("fields", {})
        assert set(fields) == {str(key) for key in schema}
        assert set(TRANSLATIONS["services"][name].get("fields", {})) == set(fields)
        for key in schema:
            needed = isinstance(key, vol.Required)
            assert fields[str(key)].get("required", False) is needed
            if not needed and "default" in fields[str(key)]:
                assert fields[str(key)]["default"] == key.default()


# --- entering a request


async def test_submitted_request_is_asked_like_any_other(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
) -> None:
    """It is drafted and offered; the answer and the list have the published form."""
    answer = await act(
        hass,
        "submit_request",
        approver.id,
        **ASKING,
        label="Station",
        kind="police",
        case_number="2026-1",
        contact="0123",
        recipient=KEY,
    )
    assert list(unlike(example("submit_request_response"), answer)) == []
    asked = await offered(manager, answer["case_id"])
    where = f"/api/clip_consent/status/{asked.request.request_id}"
    assert answer["status_url"].endswith(where)

    [case] = (await act(hass, "get_requests", approver.id))["requests"]
    shown = example("case")
    shown["draft"] |= {"video": None, "still": None, "sheet": None}
    assert list(unlike(shown, case)) == []
    assert case["request"]["label"] == "Station"
    assert case["request"]["portal"] == "service"
    assert case["request"]["trust"] == "invited"
    assert case["request"]["way"] == "drop"
    assert not case["request"]["needs_key"]


async def test_time_without_an_offset_is_the_homes(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """What a form sends is read on the home's clock, which is not UTC here."""
    local = {
        name: dt_util.as_local(moment).strftime("%Y-%m-%d %H:%M:%S")
        for name, moment in (("start", START), ("end", END))
    }
    assert local["start"] != START.strftime("%Y-%m-%d %H:%M:%S")
    answer = await act(hass, "submit_request", **{**ASKING, **local}, recipient=KEY)
    case = await manager.reading.async_case(answer["case_id"], None)
    assert (case.request.window.start, case.request.window.end) == (START, END)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "police"}, "case_number_missing"),
        ({"case_number": "12"}, "case_number_not_police"),
        ({"name": "  "}, "name_blank"),
        ({"text": "x" * 2001}, "text_too_long"),
        ({"text": "a\x07b"}, "control_character"),
        (
            {"end": START.isoformat(), "start": END.isoformat()},
            "window_end_before_start",
        ),
        ({"end": (START + timedelta(seconds=5)).isoformat()}, "window_too_short"),
        ({"end": (START + timedelta(days=2)).isoformat()}, "window_too_long"),
        ({"recipient": "age1nonsense"}, "recipient_malformed"),
        ({"hand_over": True, "recipient": KEY}, "hand_over_alone"),
        ({"hand_over": True, "upload_url": "https://x.example/"}, "hand_over_alone"),
        ({"upload_url": "https://x.example/"}, "upload_needs_recipient"),
    ],
)
async def test_bad_requests_are_refused_in_words(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    changes: dict[str, Any],
    code: str,
) -> None:
    """Each limit has its own translated reason, and nothing is kept."""
    assert await refusal(hass, "submit_request", **{**ASKING, **changes}) == code
    assert (await act(hass, "get_requests"))["requests"] == []
    assert (await act(hass, "export_ledger"))["entries"] == []


AREA: Final = {"latitude": 52.1, "longitude": 4.3, "radius": 250}


async def test_an_area_goes_before_the_rules_and_the_approvers(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
) -> None:
    """As the selector gives it; without one there is none."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY, area=AREA)
    asked = await offered(manager, answer["case_id"])
    assert asked.request.area == Circle(center=Point(lat=52.1, lon=4.3), radius=250)
    [case] = (await act(hass, "get_requests", approver.id))["requests"]
    assert case["request"]["area"] == {"kind": "circle", **AREA}
    assert list(unlike(example("area_circle"), case["request"]["area"])) == []

    await act(hass, "submit_request", **ASKING, recipient=KEY)
    newest, _ = (await act(hass, "get_requests"))["requests"]
    assert newest["request"]["area"] is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"latitude": 91}, "area_out_of_range"),
        ({"longitude": -181}, "area_out_of_range"),
        ({"latitude": 86}, "area_near_pole"),
        ({"latitude": "nan"}, "area_not_a_number"),
        ({"radius": "inf"}, "area_not_a_number"),
        ({"radius": 0}, "area_no_radius"),
        ({"radius": -250}, "area_no_radius"),
        ({"radius": 143}, "area_too_small"),
        ({"radius": 643}, "area_too_large"),
        ({"radius": 2501}, "area_too_wide"),
    ],
)
async def test_bad_areas_are_refused_in_words(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, Any], code: str
) -> None:
    """By the limits of requests through a hub; nothing is kept."""
    asking = {**ASKING, "area": {**AREA, **changes}}
    assert await refusal(hass, "submit_request", **asking) == code
    assert (await act(hass, "export_ledger"))["entries"] == []


@pytest.mark.parametrize("radius", [144, 642])
async def test_the_least_and_the_largest_area(
    hass: HomeAssistant, entry: MockConfigEntry, radius: int
) -> None:
    """As the field's description says them."""
    area = {**AREA, "radius": radius}
    assert await act(hass, "submit_request", **ASKING, recipient=KEY, area=area)
    said = TRANSLATIONS["services"]["submit_request"]["fields"]["area"]["description"]
    assert str(radius) in said


@pytest.mark.parametrize("label", ["Sta\u202etion", "Sta\u0007tion"])
async def test_a_label_is_plain_text(
    hass: HomeAssistant, entry: MockConfigEntry, label: str
) -> None:
    """Pushes and states say it: no character of direction, none that cannot be seen."""
    with pytest.raises(ServiceValidationError):
        await act(hass, "submit_request", **ASKING, recipient=KEY, label=label)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("no address", "address_invalid"),
        ("ftp://files.example/x", "address_invalid"),
        ("https://user:word@files.example/x", "address_invalid"),
        ("http://files.example/x", "address_needs_https"),
        ("https://127.0.0.1/x", "address_not_allowed"),
        ("https://[::1]/x", "address_not_allowed"),
        ("https://10.0.0.1/x", "address_not_allowed"),
        ("https://a..example/x", "address_invalid"),
        ("https://8.8.8.8:8123/x", "address_not_allowed"),
    ],
)
async def test_upload_address_is_checked_at_once(
    hass: HomeAssistant, entry: MockConfigEntry, url: str, code: str
) -> None:
    """Private, plain and odd addresses are refused before anybody is asked."""
    refused = await refusal(
        hass, "submit_request", **ASKING, recipient=KEY, upload_url=url
    )
    assert refused == code


async def test_failure_of_ours_is_no_fault_of_the_caller(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk raises a translated HomeAssistantError, not a validation error."""

    async def full(*_: object) -> str:
        raise StoreError("disk_full")

    monkeypatch.setattr(HomeStore, "async_add", full)
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "submit_request", **ASKING)
    assert not isinstance(raised.value, ServiceValidationError)
    assert raised.value.translation_key == "disk_full"


# --- the ways out


async def test_handed_over_file_is_for_the_approver_after_the_tap(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """G1: no byte before consent, the approved bytes after, nothing else ever."""
    answer = await act(hass, "submit_request", approver.id, **ASKING, hand_over=True)
    assert answer["status_url"] is None
    case = await offered(manager, answer["case_id"])
    assert case.draft
    assert case.offer
    assert case.offer.recipient is None
    path = f"/api/clip_consent/draft/{case.case_id}/{case.draft.sha256}/file"
    mine, stranger = await hass_client(), await hass_client_no_auth()
    assert (await mine.get(path)).status == 404

    await Panel(await hass_ws_client(hass)).approve(case)
    assert (await mine.get(path)).status == 404  # the undo window runs
    await case_in(manager, case.case_id, CaseState.SHARED)
    response = await mine.get(path)
    body = await response.read()
    assert response.status == 200
    assert hashlib.sha256(body).hexdigest() == case.draft.sha256
    assert response.headers["Content-Disposition"] == 'attachment; filename="clip.mp4"'
    assert response.headers["Content-Type"] == "video/mp4"
    assert response.headers["Cache-Control"] == "no-store"
    part = await mine.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status, await part.read()) == (206, body[10:20])
    assert (await stranger.get(path)).status == 404

    film = manager._bench.drafter.path(case.case_id, case.draft.file)
    film.write_bytes(body[:-1] + b"x")
    assert (await mine.get(path)).status == 404  # not the approved bytes any more
    film.write_bytes(body)
    assert (await mine.get(path)).status == 200
    go_on(monkeypatch, timedelta(days=1))
    assert (await mine.get(path)).status == 404


async def test_hand_over_of_changed_bytes_is_void(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """G1, A-06: a file swapped within the undo window is never handed over."""
    answer = await act(hass, "submit_request", **ASKING, hand_over=True)
    case = await offered(manager, answer["case_id"])
    assert case.draft
    await Panel(await hass_ws_client(hass)).approve(case)
    film = manager._bench.drafter.path(case.case_id, case.draft.file)
    film.write_bytes(b"another film")
    after = await case_in(manager, case.case_id, CaseState.WAITING, CaseState.SHARED)
    assert after.state is CaseState.WAITING
    assert after.problem == "draft_changed"
    assert after.delivered == ()
    assert ir.async_get(hass).async_get_issue(DOMAIN, "draft_changed")
    path = f"/api/clip_consent/draft/{case.case_id}/{case.draft.sha256}/file"
    assert (await (await hass_client()).get(path)).status == 404


async def test_pickup_link_is_made_in_the_owners_browser(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Without a key there is no offer; with the browser's there is a one-time link."""
    answer = await act(hass, "submit_request", **ASKING)
    case = await case_in(manager, answer["case_id"], CaseState.WAITING)
    assert case.draft
    assert case.offer is None
    key = x25519.Identity.generate()
    panel = Panel(await hass_ws_client(hass))
    fields = {"case_id": case.case_id, "recipient": str(key.to_public())}
    url = (await panel.result("pickup_key", **fields))["url"]
    again = await offered(manager, case.case_id)
    assert await panel.error("pickup_key", **fields) == "key_already_set"
    await panel.approve(again)
    await case_in(manager, case.case_id, CaseState.SHARED)

    page = re.sub(r"^https?://[^/]+", "", url)
    stranger = await hass_client_no_auth()
    status = await (await stranger.get(f"{page}/data")).json()
    [ready] = status["deliveries"]
    sealed = await stranger.get(f"{page}/drop/{ready['id']}")
    with tarfile.open(
        fileobj=io.BytesIO(decrypt(await sealed.read(), [key]))
    ) as package:
        clip = package.extractfile("clip.mp4")
        assert clip
        assert hashlib.sha256(clip.read()).hexdigest() == case.draft.sha256
    [after] = (await (await stranger.get(f"{page}/data")).json())["deliveries"]
    left = datetime.fromisoformat(after["available_until"]) - dt_util.utcnow()
    assert left <= timedelta(minutes=15)


async def test_upload_goes_to_the_address_that_was_approved(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The owner entered this private server: one PUT brings the sealed clip there."""
    arrived: dict[str, bytes] = {}

    async def take(request: web.BaseRequest) -> web.Response:
        body = b"".join([piece async for piece in request.content.iter_any()])
        arrived[f"{request.method} {request.path_qs}"] = body
        return web.Response(status=201)

    key = x25519.Identity.generate()
    async with serving(take) as port:
        options = {**entry.options, "upload_hosts": [f"127.0.0.1:{port}"]}
        hass.config_entries.async_update_entry(entry, options=options)
        await hass.async_block_till_done()
        home: HomeManager = entry.runtime_data
        assert home is not manager  # other options, another home
        answer = await act(
            hass,
            "submit_request",
            **ASKING,
            recipient=str(key.to_public()),
            upload_url=f"http://127.0.0.1:{port}/bin/clip?signature=s3cret",
            upload_protocol="put",
        )
        case = await offered(home, answer["case_id"])
        assert arrived == {}
        await Panel(await hass_ws_client(hass)).approve(case)
        done = await case_in(home, case.case_id, CaseState.SHARED)
    [body] = arrived.values()
    assert list(arrived) == ["PUT /bin/clip?signature=s3cret"]
    assert hashlib.sha256(body).hexdigest() == done.delivered[0].package_sha256
    with tarfile.open(fileobj=io.BytesIO(decrypt(body, [key]))) as package:
        assert package.getnames() == ["manifest.jws", "clip.mp4"]
    assert "s3cret" not in str(await act(hass, "export_ledger"))
    delivery_id = done.delivered[0].delivery_id
    assert await refusal(hass, "revoke", delivery_id=delivery_id) == "cannot_revoke"


async def test_revoked_package_is_gone_for_good(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What still lies in the home's own drop can be taken back, once."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await Panel(await hass_ws_client(hass)).approve(case)
    done = await case_in(manager, case.case_id, CaseState.SHARED)
    delivery_id = done.delivered[0].delivery_id
    package = manager._bench.sealer.path(delivery_id)
    assert package.exists()
    await act(hass, "revoke", approver.id, delivery_id=delivery_id)
    assert not package.exists()
    again = await refusal(hass, "revoke", approver.id, delivery_id=delivery_id)
    assert again == "nothing_to_revoke"


# --- reading


async def test_requests_by_state_are_found_behind_many_others(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """The filter looks at all requests, not at the newest fifty alone."""
    waiting = (await act(hass, "submit_request", **ASKING, hand_over=True))["case_id"]
    await offered(manager, waiting)
    await manager.async_set_accepting(False, None)
    for _ in range(51):
        last = (await act(hass, "submit_request", **ASKING))["case_id"]
    await case_in(manager, last, CaseState.CLOSED)
    await until_rest(manager)

    async def ids(**data: Any) -> list[str]:
        shown = (await act(hass, "get_requests", **data))["requests"]
        return [case["case_id"] for case in shown]

    assert await ids(state="waiting") == [waiting]
    assert await ids(state=["waiting", "shared"]) == [waiting]
    assert await ids(state=["shared"]) == []
    newest = await ids()
    assert len(newest) == 50
    assert newest[0] == last
    with pytest.raises(vol.Invalid):
        await ids(state="gone")


async def until_rest(manager: HomeManager) -> None:
    """Wait until no case is worked on."""
    while manager.busy:
        await asyncio.sleep(0.02)


async def test_found_and_spare_clips_touch_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """Looking for clips and preparing a spare draft leave offer and record alone."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    [camera_id] = manager.cameras
    before = await act(hass, "export_ledger")

    found = await act(hass, "find_clips", camera_id=camera_id, **SPAN)
    assert list(unlike(example("find_clips_response"), found)) == []
    assert [(run["start"], run["end"]) for run in found["runs"]] == [
        (f"{START:%Y-%m-%dT%H:%M:%SZ}", f"{END:%Y-%m-%dT%H:%M:%SZ}")
    ]
    spare = await act(
        hass, "prepare", case_id=case.case_id, camera_id=camera_id, **SHORT
    )
    assert list(unlike(example("prepare_response"), spare)) == []
    assert spare["sha256"] != case.offer.sha256
    now = await manager.reading.async_case(case.case_id, None)
    assert now == case
    assert await act(hass, "export_ledger") == before

    assert (
        await refusal(hass, "find_clips", camera_id="x", **SPAN) == "camera_not_found"
    )
    backwards = {"start": SPAN["end"], "end": SPAN["start"]}
    assert (
        await refusal(hass, "find_clips", camera_id=camera_id, **backwards)
        == "window_out_of_range"
    )
    wanted = {"case_id": case.case_id, "camera_id": "x", **SHORT}
    assert await refusal(hass, "prepare", **wanted) == "camera_not_found"
    unknown = {"case_id": "a" * 26, "camera_id": camera_id, **SHORT}
    assert await refusal(hass, "prepare", **unknown) == "case_not_found"
    await act(hass, "decline", case_id=case.case_id)
    wanted["camera_id"] = camera_id
    assert await refusal(hass, "prepare", **wanted) == "case_moved_on"
    assert await refusal(hass, "decline", case_id=case.case_id) == "case_moved_on"
    assert await refusal(hass, "revoke", delivery_id="b" * 26) == "nothing_to_revoke"


async def test_exported_ledger_can_be_checked_by_anybody(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """G7: form and digests of an export are as published."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    await until_rest(manager)
    export = await act(hass, "export_ledger")
    assert list(unlike(example("ledger_export"), {**export, "entries": []})) == []
    previous = "0" * 64
    for number, entry_ in enumerate(export["entries"], 1):
        assert entry_.keys() == example("ledger_entry").keys()
        body = {key: value for key, value in entry_.items() if key != "digest"}
        text = json.dumps(
            body, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        assert entry_["digest"] == hashlib.sha256(text.encode()).hexdigest()
        assert (entry_["seq"], entry_["previous"]) == (number, previous)
        previous = entry_["digest"]
    assert export["head"] == {"seq": len(export["entries"]), "digest": previous}
    assert [each["kind"] for each in export["entries"]] == [
        *("received", "screened", "matched", "drafted", "offered", "asked")
    ]


async def test_a_long_ledger_is_exported_beside_the_event_loop(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """G9: Home Assistant goes on while many thousand entries get their form."""
    await manager.async_set_accepting(False, None)
    await manager.async_set_accepting(True, None)
    threads: list[int] = []
    as_json = Entry.as_json

    def noted(self: Entry) -> dict[str, Json]:
        threads.append(threading.get_ident())
        return as_json(self)

    monkeypatch.setattr(Entry, "as_json", noted)
    export = await act(hass, "export_ledger")
    assert len(export["entries"]) == len(threads) == 2
    assert threading.get_ident() not in threads


# --- who may


CALLS: Final[dict[str, dict[str, Any]]] = {
    "submit_request": {**ASKING, "hand_over": True},
    "get_requests": {},
    "find_clips": {"camera_id": "CAMERA", **SPAN},
    "prepare": {"case_id": "CASE", "camera_id": "CAMERA", **SHORT},
    "decline": {"case_id": "CASE"},
    "revoke": {"delivery_id": "b" * 26},
    "export_ledger": {},
    "ask_neighbours": {**SPAN, "title": "Bicycle", "text": "Taken at night."},
}
# What an action says to those who may, where there is nothing that it could do.
NOTHING: Final = {"revoke": "nothing_to_revoke", "ask_neighbours": "no_hub_to_ask"}
ADMINS: Final = {"export_ledger", "ask_neighbours"}


async def test_each_action_obeys_by_role(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
) -> None:
    """Approvers and automations: all. Admins: ledger, asking. Others, and nobody: none.

    Home Assistant lets its read-only users call any action: ours look by themselves.
    """
    assert set(CALLS) == set(hass.services.async_services()[DOMAIN])
    admin, guest = await other_admin(hass), await plain_user(hass)
    reader = await reading_user(hass)
    [camera_id] = manager.cameras

    case_id = ""

    async def verdict(user_id: str | None, action: str) -> str | None:
        nonlocal case_id
        if case_id not in {case.case_id for case in manager.reading.open_cases()}:
            asked = await act(hass, "submit_request", **ASKING, recipient=KEY)
            case_id = (await offered(manager, asked["case_id"])).case_id
        names = {"CASE": case_id, "CAMERA": camera_id}
        data = {key: names.get(value, value) for key, value in CALLS[action].items()}
        try:
            await act(hass, action, user_id, **data)
        except ServiceValidationError as err:
            return err.translation_key
        return None

    for action in CALLS:
        works = NOTHING.get(action)
        assert await verdict(None, action) == works
        assert await verdict(approver.id, action) == works
        assert await verdict(guest.id, action) == "not_approver"
        assert await verdict(reader.id, action) == "not_approver"
        by_admin = works if action in ADMINS else "not_approver"
        assert await verdict(admin.id, action) == by_admin
        assert await verdict("no such user", action) == "not_approver"


async def test_whoever_calls_during_a_reload_waits_for_its_end(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each saved setting starts the home anew: no action and no command fails by that."""
    panel = Panel(await hass_ws_client(hass))
    reload = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await asyncio.sleep(0)
    assert loaded_manager(hass) is None
    assert (await act(hass, "get_requests"))["requests"] == []
    assert await reload
    reload = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await panel.result("history")
    assert await reload
    # one that comes to no end is not waited for
    monkeypatch.setattr(entity, "RELOAD_MAX", 0.05)
    assert await hass.config_entries.async_unload(entry.entry_id)
    async with asyncio.timeout(5), entry.setup_lock:
        assert await refusal(hass, "get_requests") == "not_loaded"


async def test_without_a_home_every_action_says_so(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """After an unload the actions are still there, and say what is wrong."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    names = {"CASE": "a" * 26}
    for action, data in CALLS.items():
        filled = {key: names.get(value, value) for key, value in data.items()}
        assert await refusal(hass, action, **filled) == "not_loaded"
