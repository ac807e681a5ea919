"""The examples of docs/interfaces.md are what the code makes of the same things.

What needs a running Home Assistant is compared in tests/edges, by the same page.
"""

from dataclasses import replace
from datetime import time, timedelta
from functools import partial
import hashlib
import json
import re
from types import SimpleNamespace
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigSubentryData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.clip_consent import trigger, websocket
from custom_components.clip_consent.base.push import PhoneSystem
from custom_components.clip_consent.const import DOMAIN, VERSION
from custom_components.clip_consent.core import limits, models, public_status
from custom_components.clip_consent.core.approval import World
from custom_components.clip_consent.core.disclosure import (
    camera_view,
    event_view,
    owner_view,
    place_view,
    status_view,
)
from custom_components.clip_consent.core.errors import InvalidRequestError
from custom_components.clip_consent.core.geo import Circle, Point, Polygon
from custom_components.clip_consent.core.ledger import EMPTY, Entry, Head, first_fault
from custom_components.clip_consent.core.masks import Region, masks_view
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.core.protocol import manifest
from custom_components.clip_consent.core.requests import parse_ask, validate
from custom_components.clip_consent.core.rules import parse_rule
from custom_components.clip_consent.core.serial import utc_time
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.core.vouching import FollowUp, Voucher
from custom_components.clip_consent.core.windows import DailySpan
from custom_components.clip_consent.home.configuration import (
    read_approvers,
    read_settings,
)
from custom_components.clip_consent.home.consenting import Yes, accepted
from custom_components.clip_consent.home.push_payload import (
    ACTION_PREFIX,
    Action,
    payload,
)
from custom_components.clip_consent.home.spool import DELETE_AFTER
from tests.core import cases
from tests.interfaces import PAGE, example, section, words
from tests.push_words import english_pushes

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")


def _window(data: dict[str, Any], start: str = "start", end: str = "end") -> Window:
    return Window(start=utc_time(data[start]), end=utc_time(data[end]))


def the_case() -> models.Case:
    """Return the case that the page's examples tell of."""
    shown = example("case")
    asked, drafted, finding = shown["request"], shown["draft"], shown["findings"][0]
    choice = models.Choice(camera_id=drafted["camera_id"], window=_window(asked))
    return models.Case(
        case_id=shown["case_id"],
        state=models.CaseState(shown["state"]),
        request=replace(
            cases.request(),
            request_id=example("manifest")["request_id"],
            label=asked["label"],
            name=asked["name"],
            contact=asked["contact"],
            text=asked["text"],
            window=_window(asked),
            received_at=utc_time(asked["received_at"]),
            expires_at=utc_time(asked["expires_at"]),
            reachable_until=utc_time(asked["expires_at"]) + timedelta(days=14),
        ),
        screening=models.Screening(
            verdict=models.VerdictKind.ASK,
            constraints=models.Constraints(),
            rule_id="r",
            sentence=shown["screening"]["sentence"],
            policy="p",
        ),
        findings=(
            models.Finding(
                camera_id=finding["camera_id"],
                runs=tuple(_window(run) for run in finding["runs"]),
            ),
        ),
        choice=choice,
        draft=replace(
            cases.draft(drafted["sha256"], choice),
            size=drafted["size"],
            window=_window(drafted),
            seconds=drafted["seconds"],
            frames=example("manifest")["frames"],
            width=drafted["width"],
            height=drafted["height"],
            changes=tuple(drafted["changes"]),
        ),
        offer=replace(
            cases.offer(drafted["sha256"], shown["offer"]["offer_id"]),
            expires_at=utc_time(shown["offer"]["expires_at"]),
        ),
    )


def the_delivery() -> models.Delivery:
    """Return the delivery that the page's examples tell of."""
    shown, said, case = example("delivery"), example("consent"), the_case()
    made = cases.delivery(case.draft)
    return replace(
        made,
        delivery_id=shown["delivery_id"],
        consent=replace(
            made.consent,
            user_id="sam",
            means=models.Means(said["means"]),
            at=utc_time(said["at"]),
            undo_until=utc_time(said["undo_until"]),
        ),
        delivered_at=utc_time(shown["delivered_at"]),
        available_until=utc_time(shown["available_until"]),
        package_sha256=shown["package_sha256"],
        package_size=shown["package_size"],
        manifest_sha256=shown["manifest_sha256"],
        signing_key=shown["signing_key"],
    )


def cameras() -> dict[str, models.Camera]:
    """Return the one camera of the page's examples."""
    [shown] = example("subscribe_snapshot")["cameras"]
    at = shown["place"]
    camera = replace(
        cases.CAMERAS[cases.GARDEN],
        camera_id=shown["camera_id"],
        name=shown["name"],
        viewpoint=models.Viewpoint(
            place=Point(lat=at["latitude"], lon=at["longitude"]), bearing=at["bearing"]
        ),
    )
    return {camera.camera_id: camera}


view = partial(
    owner_view,
    cameras=cameras(),
    user_name={"sam": "Sam"}.get,
    problem_text=str,
    sentence=lambda screening: screening.sentence,
)


def an_event(kind: models.CaseEventType, case: models.Case) -> models.CaseEvent:
    """Return an event about a case."""
    return models.CaseEvent(type=kind, case=case, user_id=None, at=cases.NOW)


def as_asked() -> models.Case:
    """Return the case of the examples of events: the draft covers what was asked."""
    case = the_case()
    assert case.draft
    return replace(case, draft=replace(case.draft, window=case.request.window))


# --- what events say


def test_event_attributes() -> None:
    """Section 2."""
    event = an_event(models.CaseEventType.ASKED, as_asked())
    assert event_view(event, cameras(), 1) == example("event_attributes")


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("asked", {}, None),
        ("closed", {"closed": models.ClosedReason.DECLINED}, "declined"),
        ("failed", {"problem": "upload_refused"}, "upload_refused"),
        ("shared", {"problem": "upload_refused"}, None),
    ],
)
def test_trigger_payload(
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    changes: dict[str, Any],
    reason: str | None,
) -> None:
    """Section 3: the payload, and what `reason` is."""
    home = SimpleNamespace(cameras=cameras(), waiting=1)
    monkeypatch.setattr(trigger, "loaded_manager", lambda _: home)
    event = an_event(models.CaseEventType(kind), replace(as_asked(), **changes))
    said = trigger.trigger_payload(None, event)  # type: ignore[arg-type]
    assert said == {**example("trigger_payload"), "reason": reason}


# --- what approvers see


def test_case() -> None:
    """Section 5: a case, but for the paths that only a session has."""
    shown = example("case")
    paths = {kind: shown["draft"][kind] for kind in ("video", "still", "sheet")}
    shown["draft"] |= dict.fromkeys(paths)
    assert view(the_case()) == shown
    base = f"/api/{DOMAIN}/draft/{shown['case_id']}/{shown['draft']['sha256']}"
    assert paths == {kind: f"{base}/{kind}?authSig=…" for kind in paths}


def test_areas() -> None:
    """Section 5: either shape."""
    corners = [(52.1, 4.3), (52.1, 4.305), (52.103, 4.3)]
    places = tuple(Point(lat=lat, lon=lon) for lat, lon in corners)
    case = the_case()

    def shown(area: Circle | Polygon) -> object:
        return view(replace(case, request=replace(case.request, area=area)))["request"][
            "area"
        ]

    assert shown(Circle(center=places[0], radius=250)) == example("area_circle")
    assert shown(Polygon(vertices=places)) == example("area_polygon")


def test_a_hubs_words() -> None:
    """Section 5: what it says of the one who asks, and what they said since."""
    told = example("case_vouched")
    notes = tuple(
        FollowUp(n=2, at=utc_time(note["at"]), text=note["text"])
        for note in told["notes"]
    )
    voucher = Voucher(item_id="k" * 26, **{**told, "notes": notes})
    case = the_case()
    asked = replace(case, request=replace(case.request, voucher=voucher))
    assert view(asked)["request"]["vouched"] == told


def test_cameras_of_the_snapshot() -> None:
    """Section 5: a camera that is on the map, and one that is not."""
    snapshot = example("subscribe_snapshot")
    [camera] = cameras().values()
    assert [camera_view(camera)] == snapshot["cameras"]
    assert camera_view(replace(camera, viewpoint=None))["place"] is None
    home = snapshot["home"]
    assert place_view(Point(lat=home["latitude"], lon=home["longitude"])) == home


def test_consent_and_delivery() -> None:
    """Section 5: what stands in a case after a tap, and after a share."""
    case = replace(the_case(), delivery=the_delivery(), delivered=(the_delivery(),))
    assert view(case)["consent"] == example("consent")
    assert view(case)["deliveries"] == [example("delivery")]


def test_made_up_request_for_the_rules() -> None:
    """Section 5: the example passes, and its fields are those that are read."""
    shown = example("try_rules_request")
    read = websocket._TRIED(dict(shown))
    assert read.keys() == shown.keys() == {str(key) for key in websocket._TRIED.schema}
    optional = {
        str(key) for key in websocket._TRIED.schema if isinstance(key, vol.Optional)
    }
    for name in shown:
        if name in optional:
            websocket._TRIED({k: v for k, v in shown.items() if k != name})
        else:
            with pytest.raises(vol.Invalid):
                websocket._TRIED({k: v for k, v in shown.items() if k != name})
    sentence = re.search(
        r"made-up request for `try_rules`; ([^.]*) may be left out", PAGE
    )
    assert sentence
    assert set(words(sentence[1])) == optional


# --- what requesters see


def test_status() -> None:
    """Section 7: received, and what can be fetched."""
    shown, ready = example("status"), example("status_delivery")
    drop = public_status.Drop(
        delivery_id=ready["id"],
        case_id="c",
        size=ready["size"],
        until=utc_time(ready["available_until"]),
        once=False,
    )
    until = utc_time(shown["look_again_until"])
    received = public_status.PublicStatus(look_again_until=until, drops=())
    assert status_view(received) == shown
    shared = replace(received, drops=(drop,))
    assert status_view(shared) == {**shown, "deliveries": [ready]}


def test_ask() -> None:
    """Section 7: the example is read as it stands, and what may be left out may."""
    shown = example("ask")
    ask = parse_ask(json.dumps(shown).encode())
    validate(ask, now=ask.window.end + timedelta(hours=1), limits=limits.DIRECT)
    assert ask.window == _window(shown)
    assert {
        name: getattr(ask, name) for name in shown.keys() - {"version", "start", "end"}
    } == {
        name: value
        for name, value in shown.items()
        if name not in ("version", "start", "end")
    }
    sentence = re.search(r"(.*) may be left out\. Sending", PAGE)
    assert sentence
    for name in shown:
        body = json.dumps({k: v for k, v in shown.items() if k != name}).encode()
        if name in words(sentence[1]):
            parse_ask(body)
        else:
            with pytest.raises(InvalidRequestError):
                parse_ask(body)


# --- what is recorded and sent


def _published_digest(entry: dict[str, Any]) -> str:
    """Return the digest by the rule of section 8, with nothing of ours."""
    body = {key: value for key, value in entry.items() if key != "digest"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_ledger_entry() -> None:
    """Section 8: fields and data of a tap, and the digest by the published rule."""
    shown = example("ledger_entry")
    assert shown["digest"] == _published_digest(shown)
    assert Entry(**shown).as_json() == shown
    said, before = shown["data"], the_case()
    offer = replace(
        cases.offer(),
        offer_id=said["offer_id"],
        sha256=said["sha256"],
        recipient=said["recipient"],
    )
    case = replace(before, state=models.CaseState.WAITING, offer=offer)
    yes = Yes(
        user_id=said["user_id"],
        means=models.Means.PANEL,
        at=cases.NOW,
        undo=timedelta(seconds=10),
        consent_id=said["consent_id"],
        delivery_id="d",
    )
    assert case.draft
    world = World(
        now=cases.NOW,
        seconds_left=60.0,
        policy="",
        file_sha256=offer.sha256,
        masks=(),
    )
    [line] = accepted(case, offer, case.draft, yes, world).lines
    assert (line.kind, line.case_id, line.data) == (
        shown["kind"],
        shown["case_id"],
        shown["data"],
    )


def test_ledger_export() -> None:
    """Section 8: an export that anybody can check, and that goes on with the entry."""
    shown = example("ledger_export")
    entries = [Entry(**entry) for entry in shown["entries"]]
    assert [each.digest for each in entries] == [
        _published_digest(entry) for entry in shown["entries"]
    ]
    assert first_fault(entries, after=EMPTY, head=Head(**shown["head"])) is None
    following = Entry(**example("ledger_entry"))
    assert (
        first_fault([*entries, following], head=Head(seq=2, digest=following.digest))
        is None
    )


def test_manifest() -> None:
    """Section 9."""
    case, delivery = the_case(), the_delivery()
    said = manifest(
        request=case.request,
        delivery=delivery,
        delete_by=delivery.consent.at + DELETE_AFTER,
        software_version=VERSION,
    )
    assert said == example("manifest")


def test_manifest_of_a_masked_clip() -> None:
    """Section 9: what is filled is told, and the digest of what is kept at home."""
    case, delivery, shown = the_case(), the_delivery(), example("manifest_masked")
    regions = (
        Region(left=0, top=0, right=2500, bottom=1200),
        Region(left=6200, top=5400, right=7100, bottom=6000),
    )
    masked = replace(
        delivery.draft,
        masks=regions,
        original="6b51d431df5d7f141cbececcf79edf3dd861c3b4069f0b11661a3eefacbba918",
        changes=tuple(shown["transformations"]),
    )
    said = manifest(
        request=case.request,
        delivery=replace(delivery, draft=masked, original_salt="1f" * 32),
        delete_by=delivery.consent.at + DELETE_AFTER,
        software_version=VERSION,
    )
    assert {**example("manifest"), **shown} == said


# --- what is pushed


@pytest.mark.parametrize("system", list(PhoneSystem))
def test_push(system: PhoneSystem) -> None:
    """Section 11: words and data, on both systems."""
    shown = (
        example("push_data_ios")
        if system is PhoneSystem.IOS
        else example("push_data_android")
    )
    texts = english_pushes()
    assert shown["title"] == texts.say("title")
    shown_case = the_case()
    assert shown_case.draft
    case = replace(
        shown_case, draft=replace(shown_case.draft, window=shown_case.request.window)
    )
    assert shown["message"] == texts.request(case, cameras(), AMSTERDAM, hide=False)
    keys = {each["title"]: each["action"] for each in shown["data"]["actions"]}
    for title, key in keys.items():
        if title != texts.say("review"):
            assert re.fullmatch(f"{ACTION_PREFIX}[a-z2-7]{{26}}", key)
    actions = [
        Action(title=texts.say("review"), key=None),
        Action(
            title=texts.say("decline"),
            key=keys[texts.say("decline")],
            destructive=True,
        ),
    ]
    if approve := keys.get(texts.say("approve")):
        actions.insert(0, Action(title=texts.say("approve"), key=approve, unlock=True))
    image = f"/api/{DOMAIN}/draft/{case.case_id}/{shown_case.draft.sha256}/still"
    assert shown["data"] == payload(
        system, case_id=case.case_id, actions=actions, image=image
    )
    assert "CLIP_CONSENT_" in section(11)


# --- what is set up


class Noting(dict[str, Any]):
    """A dictionary that keeps which of its keys were looked at."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


def test_subentries() -> None:
    """Section 12: what is shown is what is read, to the last field."""
    shown = example("subentries")
    titles = {
        "approver": "Sam",
        "camera": "Driveway",
        "rule": "Friends",
        "invite": "Anna next door",
        "portal": "Lindenstraße",
    }
    entry = MockConfigEntry(
        domain=DOMAIN,
        subentries_data=[
            ConfigSubentryData(
                subentry_type=kind, title=titles[kind], unique_id=None, data=data
            )
            for kind, data in shown.items()
        ],
    )
    noting = {}
    for subentry in entry.subentries.values():
        noting[subentry.subentry_type] = Noting(dict(subentry.data))
        object.__setattr__(subentry, "data", noting[subentry.subentry_type])
    settings = read_settings(entry, AMSTERDAM)
    assert {kind: data.read for kind, data in noting.items() if kind != "rule"} == {
        kind: set(data) for kind, data in shown.items() if kind != "rule"
    }
    [approver] = read_approvers(entry).values()
    assert approver == models.Approver(
        user_id="2f6c0e",
        name="Sam",
        phones=("01K9ZPHONE",),
        one_tap=frozenset({"01K9ZPHONE"}),
        hide_details=frozenset(),
        notices=frozenset(),
    )
    night = DailySpan(start=time(22), end=time(7))
    assert settings.quiet == {"2f6c0e": night}
    [portal] = settings.portals
    assert portal == Portal(
        portal_id=portal.portal_id, title="Lindenstraße", **shown["portal"]
    )
    [camera] = settings.cameras.values()
    assert (camera.name, camera.entity_id, camera.indoor, camera.offered) == (
        "Driveway",
        "camera.driveway",
        False,
        True,
    )
    assert camera.source == shown["camera"]["source"]
    assert camera.viewpoint
    assert {
        "location": place_view(camera.viewpoint.place),
        "bearing": camera.viewpoint.bearing,
    } == {key: shown["camera"][key] for key in ("location", "bearing")}
    assert masks_view(camera.masks) == shown["camera"]["masks"]
    [invite] = settings.invites.values()
    assert (invite.label, invite.trust, invite.per_day, invite.cameras) == (
        "Anna next door",
        models.Trust.INVITED,
        5,
        None,
    )
    [rule] = settings.rules
    assert rule.trust == {models.Trust.INVITED, models.Trust.VERIFIED}
    assert rule.constraints == models.Constraints()
    bare = {"order": 10, "verdict": "ask", "trust": ["invited", "verified"]}
    assert rule == parse_rule(rule.rule_id, "Friends", bare)


def test_the_head_of_the_ledger_is_its_last_entry() -> None:
    """One ledger runs through the examples."""
    entry, page = example("ledger_entry"), example("ledger_answer")
    assert page["head"] == {"seq": entry["seq"], "digest": entry["digest"]}
