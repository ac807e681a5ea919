"""Rules at work: verdicts, constraints and the sentence that says why."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.explanation import Explanation, Reason
from custom_components.clip_consent.core.geo import Circle, Point, north_of
from custom_components.clip_consent.core.models import (
    Constraints,
    Destination,
    PortalKind,
    Request,
    RequesterKind,
    Screening,
    Trust,
    VerdictKind,
    Way,
    Window,
)
from custom_components.clip_consent.core.rules import (
    READY_MADE,
    Rule,
    add,
    parse_rule,
    policy,
    screen,
)

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)  # 20:00 at home
START = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
HOME = Point(lat=52.1, lon=4.3)
READY = [parse_rule(f"ready{i}", r.title, r.data) for i, r in enumerate(READY_MADE)]


def request(**changes: Any) -> Request:
    """Return a request with changes; `minutes` is the length of its window."""
    minutes = changes.pop("minutes", 3)
    start = changes.pop("start", START)
    values: dict[str, Any] = {
        "request_id": "q",
        "portal": PortalKind.DIRECT,
        "trust": Trust.INVITED,
        "label": "Anna next door",
        "kind": RequesterKind.NEIGHBOUR,
        "name": "Anna",
        "contact": "",
        "text": "Somebody drove into my bicycle",
        "case_number": "",
        "window": Window(start=start, end=start + timedelta(minutes=minutes)),
        "received_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "recipient": None,
        "destination": Destination(way=Way.DROP),
        "reachable_until": NOW + timedelta(days=7),
    }
    return Request(**{**values, **changes})


def rule(rule_id: str = "r", title: str = "Mine", **data: Any) -> Rule:
    """Return a rule with such data."""
    return parse_rule(rule_id, title, {"order": 10, "verdict": "ask", **data})


def screened(asked: Request, *rules: Rule) -> Screening:
    """Return what the rules say."""
    return screen(asked, rules, now=NOW, time_zone=ZONE, home=HOME)


def test_the_example() -> None:
    """As docs/interfaces.md, section 5, words it."""
    assert screened(request(), *READY) == Screening(
        verdict=VerdictKind.ASK,
        constraints=Constraints(),
        rule_id="ready0",
        sentence="Rule 10 “People I invited” matched: the requester is invited."
        " You are asked.",
        policy=policy(VerdictKind.ASK, Constraints()),
        explanation=Explanation(
            rule_order=10,
            rule_title="People I invited",
            reasons=(Reason(code="trust_invited", placeholders={}),),
            limiting=(),
        ),
    )


@pytest.mark.parametrize(
    ("trust", "verdict", "sentence"),
    [
        (
            Trust.UNVERIFIED,
            VerdictKind.LIST,
            (
                "Rule 100 “Everybody else” matched: it is for every request."
                " It is listed, without a push."
            ),
        ),
        (
            Trust.VERIFIED,
            VerdictKind.ASK,
            (
                "Rule 10 “People I invited” matched: a portal you trust has checked"
                " who asks. You are asked."
            ),
        ),
    ],
)
def test_ready_made(trust: Trust, verdict: VerdictKind, sentence: str) -> None:
    """Known people are asked for, the rest is listed."""
    said = screened(request(trust=trust), *READY)
    assert (said.verdict, said.sentence) == (verdict, sentence)


def test_no_rule_matches() -> None:
    """Then it is listed, and that is said."""
    for rules in ([], [rule(kinds=["insurer"], audio=False)]):
        said = screened(request(), *rules)
        assert said.verdict is VerdictKind.LIST
        assert said.rule_id is None
        assert said.constraints == Constraints()
        assert said.sentence == "No rule matched. It is listed, without a push."


def around(radius: float, metres: float = 0) -> Circle:
    """Return a circle so far north of the home."""
    return Circle(center=north_of(HOME, metres), radius=radius)


@pytest.mark.parametrize(
    ("data", "area", "because"),
    [
        # 0.19635 square kilometres
        ({"area_max_km2": 0.2}, around(250), "the area asked about is at most 0.2 km²"),
        ({"area_max_km2": 25}, around(250), "the area asked about is at most 25 km²"),
        ({"area_max_km2": 0.19}, around(250), None),
        ({"area_max_km2": 25}, None, None),
        (
            {"distance_max_metres": 250},
            around(250, 499),
            "the area is at most 250 m from your home",
        ),
        ({"distance_max_metres": 250}, around(250, 501), None),
        (
            {"distance_max_metres": 0},
            around(250, 249),
            "the area is at most 0 m from your home",
        ),
        ({"distance_max_metres": 0}, around(250, 251), None),
        ({"distance_max_metres": 100_000}, None, None),
        ({"area_max_km2": 0.2, "distance_max_metres": 9}, around(250, 300), None),
        ({"area_max_km2": 0.1, "distance_max_metres": 50}, around(250, 300), None),
    ],
)
def test_conditions_of_place(
    data: dict[str, Any], area: Circle | None, because: str | None
) -> None:
    """An area no larger and no further; a request without one fits no such rule."""
    said = screened(request(area=area), rule(**data))
    if because is None:
        assert said.rule_id is None
    else:
        assert said.sentence == f"Rule 10 “Mine” matched: {because}. You are asked."


def test_no_distance_without_a_home() -> None:
    """Nobody knows how far it is, so it is not near; its size is known all the same."""
    asked, rules = request(area=around(250)), [rule(distance_max_metres=100_000)]
    said = screen(asked, rules, now=NOW, time_zone=ZONE, home=None)
    assert said.rule_id is None
    sized = [rule(area_max_km2=1)]
    assert screen(asked, sized, now=NOW, time_zone=ZONE, home=None).rule_id == "r"


def test_no_verdict_approves() -> None:
    """There is none to give."""
    assert set(VerdictKind) == {"ignore", "list", "ask"}


POLICE = {"kind": RequesterKind.POLICE}


@pytest.mark.parametrize(
    ("data", "changes", "reason"),
    [
        ({"trust": ["invited"]}, {}, "the requester is invited"),
        ({"trust": ["invited"]}, {"trust": Trust.VERIFIED}, None),
        (
            {"trust": ["unverified", "verified"]},
            {"trust": Trust.UNVERIFIED},
            "nobody has checked who asks",
        ),
        (
            {"kinds": ["neighbour"]},
            {},
            "the requester says they are a neighbour",
        ),
        ({"kinds": ["police"]}, POLICE, "the requester says they are the police"),
        ({"kinds": ["police"]}, {}, None),
        (
            {"kinds": ["police", "insurer"]},
            {"kind": RequesterKind.INSURER},
            "the requester says they are an insurer",
        ),
        (
            {"kinds": ["other"]},
            {"kind": RequesterKind.OTHER},
            "the requester is none of neighbour, police, insurer",
        ),
        (
            {"case_number": "required"},
            {"case_number": "2026-1"},
            "there is a case number",
        ),
        ({"case_number": "required"}, {}, None),
        ({"case_number": "none"}, {}, "there is no case number"),
        ({"case_number": "none"}, {"case_number": "2026-1"}, None),
        ({"case_number": "any"}, {"case_number": "1"}, "it is for every request"),
        (
            {"window_max_minutes": 3},
            {},
            "the window is no longer than 3 min",
        ),
        ({"window_max_minutes": 3}, {"minutes": 3.001}, None),
        (
            {"window_max_age_hours": 2},
            {"start": NOW - timedelta(hours=2, minutes=3)},
            "the window ended no more than 2 h ago",
        ),
        (
            {"window_max_age_hours": 2},
            {"start": NOW - timedelta(hours=2, minutes=3, milliseconds=1)},
            None,
        ),
        (
            {"footage_from": "19:00", "footage_to": "20:00"},
            {},
            "all of the window lies between 19:00 and 20:00",
        ),
        (
            {"footage_from": "19:04", "footage_to": "05:00:30"},
            {},
            "part of the window lies between 19:04 and 05:00:30",
        ),
        ({"footage_from": "19:05", "footage_to": "19:02"}, {}, None),
        ({"footage_from": "18:02", "footage_to": "18:05"}, {}, None),  # not UTC
        (
            {"received_from": "20:00", "received_to": "21:00"},
            {},
            "the request came between 20:00 and 21:00",
        ),
        ({"received_from": "19:00", "received_to": "20:00"}, {}, None),
        (
            {"words": ["car", "Bicycle", "drove"]},
            {},
            "the text holds “Bicycle”",
        ),
        ({"words": ["cycle", "some"]}, {}, None),
        ({"words": ["Anna"]}, {}, None),
        ({"cameras": ["c1"]}, {}, "it is about cameras of this rule"),
        (
            {"cameras": ["c1", "c2"]},
            {"cameras": ("c2", "c3")},
            "it is about cameras of this rule",
        ),
        ({"cameras": ["c1"]}, {"cameras": ("c2", "c3")}, None),
        ({}, {}, "it is for every request"),
    ],
)
def test_conditions(
    data: dict[str, object], changes: dict[str, object], reason: str | None
) -> None:
    """Each one holding and failing, at its border."""
    said = screened(request(**changes), rule(**data))
    if reason is None:
        assert said.sentence == "No rule matched. It is listed, without a push."
    else:
        assert said.sentence == f"Rule 10 “Mine” matched: {reason}. You are asked."


def test_all_conditions_have_to_hold() -> None:
    """And all are told."""
    narrow = rule(
        trust=["invited"],
        kinds=["neighbour"],
        case_number="none",
        window_max_minutes=60,
        words=["bicycle"],
    )
    said = screened(request(), narrow)
    assert said.sentence == (
        "Rule 10 “Mine” matched: the requester is invited,"
        " the requester says they are a neighbour, there is no case number,"
        " the window is no longer than 60 min and the text holds “bicycle”."
        " You are asked."
    )
    for change in (
        {"trust": Trust.VERIFIED},
        POLICE,
        {"case_number": "1"},
        {"minutes": 61},
        {"text": "my bike"},
    ):
        assert screened(request(**change), narrow).rule_id is None


def test_first_match_by_order_then_id() -> None:
    """Whatever order they are handed over in."""
    rules = [
        rule("b", order=10, verdict="list"),
        rule("a", order=10, verdict="ask"),
        rule("c", order=5, verdict="ignore", kinds=["police"]),
    ]
    for turned in (rules, rules[::-1]):
        assert screened(request(), *turned).rule_id == "a"
        said = screened(request(**POLICE), *turned)
        assert (said.rule_id, said.verdict) == ("c", VerdictKind.IGNORE)


def test_constraints_of_all_that_match_add_up() -> None:
    """Those of later rules too; those that do not match add nothing."""
    said = screened(
        request(),
        rule("a", order=1, max_seconds=120, only_cameras=["c2", "c1"]),
        rule("b", order=2, verdict="ignore", kinds=["police"], max_seconds=1),
        rule("c", order=3, verdict="list", audio=False, max_seconds=300),
        rule("d", order=4, verdict="ignore", only_cameras=["c2", "c3"]),
        rule("e", order=5, verdict="list"),
        rule("f", order=6, confirm_in_app=True),
    )
    assert said.verdict is VerdictKind.ASK
    assert said.constraints == Constraints(
        max_seconds=120, audio=False, cameras=("c2",), confirm_in_app=True
    )
    assert said.sentence == (
        "Rule 1 “Mine” matched: it is for every request. You are asked."
        " Rules 1, 3, 4 and 6 allow at most 120 s, no sound, one camera only and"
        " approval in the app only."
    )


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        ({"max_seconds": 600}, ""),
        ({"max_seconds": 599}, " Rule 10 allows at most 599 s."),
        ({"audio": False}, " Rule 10 allows no sound."),
        ({"only_cameras": ["c1"]}, " Rule 10 allows one camera only."),
        ({"only_cameras": ["c1", "c2"]}, " Rule 10 allows 2 cameras only."),
        ({"confirm_in_app": True}, " Rule 10 allows approval in the app only."),
        ({"two_approvers": True}, " Rule 10 allows approval by two only."),
        (
            {"masked": True},
            " Rule 10 allows only clips in which a region is filled.",
        ),
    ],
)
def test_limits_are_told(data: dict[str, object], limits: str) -> None:
    """Where there are any, and something can come of it."""
    matched = "Rule 10 “Mine” matched: it is for every request."
    said = screened(request(), rule(**data))
    assert said.sentence == f"{matched} You are asked.{limits}"
    said = screened(request(), rule(verdict="list", **data))
    assert said.sentence == f"{matched} It is listed, without a push.{limits}"
    said = screened(request(), rule(verdict="ignore", **data))
    assert said.sentence == f"{matched} It is ignored."


def test_cameras_that_exclude_each_other() -> None:
    """Nothing is left, and that is said."""
    said = screened(
        request(), rule("a", only_cameras=["c1"]), rule("b", only_cameras=["c2"])
    )
    assert said.constraints.cameras == ()
    assert said.sentence.endswith(" Rules 10 and 10 allow no camera.")


def test_policy_is_a_digest_of_verdict_and_constraints() -> None:
    """Pinned: a change of it would void open offers on an update."""
    canonical = (
        '{"constraints":{"audio":true,"cameras":null,"confirm_in_app":false,'
        '"max_seconds":600},"verdict":"ask"}'
    )
    digest = sha256(canonical.encode()).hexdigest()
    assert policy(VerdictKind.ASK, Constraints()) == digest
    assert digest == (
        "cbf92957b1a60367b2ae013ef74e5837939ec0c46ee739f1371aacdd08582d2e"
    )
    two = policy(VerdictKind.ASK, Constraints(two_approvers=True))
    masked = policy(VerdictKind.ASK, Constraints(masked=True))
    both = policy(VerdictKind.ASK, Constraints(two_approvers=True, masked=True))
    assert len({digest, two, masked, both}) == 4
    # of before there were masks: pinned as well
    assert two == "f6d98c49dc9e2032bd250e2c864d8a0c05ef80bf044372c07f3fc9007a4cb9f8"


CONSTRAINTS = st.builds(
    Constraints,
    max_seconds=st.integers(1, 600),
    audio=st.booleans(),
    cameras=st.none()
    | st.frozensets(st.sampled_from("abcd")).map(lambda s: tuple(sorted(s))),
    confirm_in_app=st.booleans(),
    two_approvers=st.booleans(),
    masked=st.booleans(),
)


def no_looser(one: Constraints, other: Constraints) -> bool:
    """Return whether `one` allows nothing that `other` forbids."""
    cameras = other.cameras is None or (
        one.cameras is not None and set(one.cameras) <= set(other.cameras)
    )
    return (
        cameras
        and one.max_seconds <= other.max_seconds
        and one.audio <= other.audio
        and one.confirm_in_app >= other.confirm_in_app
        and one.two_approvers >= other.two_approvers
        and one.masked >= other.masked
    )


@given(CONSTRAINTS, CONSTRAINTS, CONSTRAINTS)
def test_adding(one: Constraints, two: Constraints, three: Constraints) -> None:
    """Order and repetition make no difference, and the sum is no looser than either."""
    assert add(one, two) == add(two, one)
    assert add(add(one, two), three) == add(one, add(two, three))
    assert add(one, one) == one
    assert add(one, Constraints()) == one
    assert no_looser(add(one, two), one)
    assert no_looser(add(one, two), two)


@given(CONSTRAINTS, CONSTRAINTS, st.sampled_from(VerdictKind))
def test_policies_differ(
    one: Constraints, two: Constraints, verdict: VerdictKind
) -> None:
    """Exactly where something differs."""
    assert (policy(verdict, one) == policy(verdict, two)) == (one == two)
    assert len({policy(kind, one) for kind in VerdictKind}) == 3


def some(*values: Any) -> st.SearchStrategy[list[Any]]:
    """Return lists of some of the values."""
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


CLOCK = st.sampled_from(["00:00", "06:00", "19:03", "20:00", "23:59"])
SPANS = st.none() | st.lists(CLOCK, min_size=2, max_size=2, unique=True)


@st.composite
def rules_of(draw: st.DrawFn) -> Rule:
    """Return a rule that matches now and then."""
    footage = draw(SPANS) or [None, None]
    received = draw(SPANS) or [None, None]
    return parse_rule(
        draw(st.text("xyz", min_size=1, max_size=4)),
        draw(st.text("{}“”%A", max_size=3)),
        {
            "order": draw(st.integers(0, 4)),
            "verdict": draw(st.sampled_from(["ignore", "list", "ask"])),
            "trust": draw(some("unverified", "invited", "verified")),
            "kinds": draw(some("neighbour", "police")),
            "case_number": draw(st.sampled_from(["any", "any", "none", "required"])),
            "window_max_minutes": draw(st.none() | st.integers(1, 120)),
            "window_max_age_hours": draw(st.none() | st.integers(1, 4)),
            "footage_from": footage[0],
            "footage_to": footage[1],
            "received_from": received[0],
            "received_to": received[1],
            "area_max_km2": draw(st.none() | st.sampled_from([0.19, 0.2, 2.5])),
            "distance_max_metres": draw(st.none() | st.integers(0, 400)),
            "words": draw(some("bicycle", "car", "{0}")),
            "cameras": draw(some("a", "b")),
            "max_seconds": draw(st.none() | st.integers(1, 600)),
            "audio": draw(st.booleans()),
            "only_cameras": draw(some("a", "b", "c")),
            "confirm_in_app": draw(st.booleans()),
            "two_approvers": draw(st.booleans()),
            "masked": draw(st.booleans()),
        },
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Return a request that matches some rules."""
    return request(
        trust=draw(st.sampled_from(Trust)),
        kind=draw(st.sampled_from(RequesterKind)),
        case_number=draw(st.sampled_from(["", "1"])),
        text=draw(st.sampled_from(["a bicycle", "cars", "my CAR {0}", ""])),
        minutes=draw(st.integers(1, 720)),
        start=START - timedelta(minutes=draw(st.integers(0, 3000))),
        cameras=draw(st.none() | st.just(("a",)) | st.just(("b", "c"))),
    )


MANY = st.lists(rules_of(), max_size=6, unique_by=lambda r: r.rule_id)


@given(requests(), MANY, st.randoms())
def test_order_of_input_is_irrelevant(
    asked: Request, rules: list[Rule], r: Any
) -> None:
    """The same rules say the same."""
    before = screened(asked, *rules)
    r.shuffle(rules)
    assert screened(asked, *rules) == before


@given(requests(), MANY)
def test_verdict_of_the_first_constraints_of_all(
    asked: Request, rules: list[Rule]
) -> None:
    """Each rule alone says whether it matches; together they say this."""
    alone = [(r, screened(asked, r)) for r in rules]
    matching = [r for r, said in alone if said.rule_id is not None]
    said = screened(asked, *rules)
    if not matching:
        assert (said.rule_id, said.verdict) == (None, VerdictKind.LIST)
        assert said.constraints == Constraints()
        return
    first = min(matching, key=lambda r: (r.order, r.rule_id))
    assert (said.rule_id, said.verdict) == (first.rule_id, first.verdict)
    assert said.constraints.max_seconds == min(
        r.constraints.max_seconds for r in matching
    )
    assert said.constraints.audio == all(r.constraints.audio for r in matching)
    assert said.constraints.masked == any(r.constraints.masked for r in matching)
    assert said.constraints.two_approvers == any(
        r.constraints.two_approvers for r in matching
    )
    assert said.constraints.confirm_in_app == any(
        r.constraints.confirm_in_app for r in matching
    )
    lists = [r.constraints.cameras for r in matching if r.constraints.cameras]
    left = set.intersection(*map(set, lists)) if lists else None
    cameras = said.constraints.cameras
    assert (None if cameras is None else set(cameras)) == left
    assert said.policy == policy(said.verdict, said.constraints)
    assert said.sentence.startswith(f"Rule {first.order} “{first.title}” matched: ")


@given(requests(), MANY, rules_of())
def test_one_more_rule_never_loosens(
    asked: Request, rules: list[Rule], more: Rule
) -> None:
    """Whether it matches or not, wherever it stands."""
    before, after = screened(asked, *rules), screened(asked, *rules, more)
    assert no_looser(after.constraints, before.constraints)
    if screened(asked, more).rule_id is None:
        assert after == before


@given(MANY, st.sampled_from(Trust))
def test_no_word_of_the_requesters_in_the_sentence(
    rules: list[Rule], trust: Trust
) -> None:
    """Two requests that differ in words alone get the same sentence."""

    def asked(canary: str) -> Request:
        return request(
            trust=trust,
            name=canary,
            contact=canary,
            text=f"bicycle {canary}",
            case_number=canary,
            label=canary,
        )

    assert screened(asked("<b>{x}%s"), *rules) == screened(asked("\u202eyyy"), *rules)
