"""Rules as their form saves them: each field's limits and its code."""

from datetime import time
import math
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import InvalidRuleError
from custom_components.clip_consent.core.models import (
    Constraints,
    RequesterKind,
    Trust,
    VerdictKind,
)
from custom_components.clip_consent.core.rule_data import (
    READY_MADE,
    CaseNumber,
    Rule,
    Word,
    parse_rule,
)
from custom_components.clip_consent.core.windows import DailySpan

# As docs/interfaces.md, section 12, shows it.
DATA: dict[str, Any] = {
    "order": 10,
    "verdict": "ask",
    "trust": ["invited", "verified"],
    "kinds": [],
    "case_number": "any",
    "window_max_minutes": None,
    "window_max_age_hours": None,
    "footage_from": None,
    "footage_to": None,
    "received_from": None,
    "received_to": None,
    "area_max_km2": None,
    "distance_max_metres": None,
    "words": [],
    "cameras": [],
    "max_seconds": None,
    "audio": True,
    "only_cameras": [],
    "confirm_in_app": False,
    "two_approvers": False,
    "masked": False,
}
CODES = {f"rule_{field}_invalid" for field in DATA} | {
    "rule_field_invalid",
    "rule_footage_invalid",
    "rule_received_invalid",
}


def parse(**changes: Any) -> Rule:
    """Return the example with changes; a field set to ... is left out."""
    data = {k: v for k, v in {**DATA, **changes}.items() if v is not ...}
    return parse_rule("r1", "My rule", data)


def test_the_example() -> None:
    """Null and empty do not narrow."""
    assert parse() == Rule(
        rule_id="r1",
        title="My rule",
        order=10,
        verdict=VerdictKind.ASK,
        trust=frozenset({Trust.INVITED, Trust.VERIFIED}),
    )


def test_every_field() -> None:
    """All of them at once."""
    rule = parse(
        order=20,
        verdict="ignore",
        trust=["unverified"],
        kinds=["police", "insurer"],
        case_number="required",
        window_max_minutes=60,
        window_max_age_hours=48,
        footage_from="22:00",
        footage_to="06:00:00",
        received_from="08:30:15",
        received_to="18:00",
        area_max_km2=0.25,
        distance_max_metres=500,
        words=[" Bike ", "car crash"],
        cameras=["c2", "c1"],
        max_seconds=30,
        audio=False,
        only_cameras=["c3", "c1", "c3"],
        confirm_in_app=True,
        two_approvers=True,
        masked=True,
    )
    assert rule == Rule(
        rule_id="r1",
        title="My rule",
        order=20,
        verdict=VerdictKind.IGNORE,
        trust=frozenset({Trust.UNVERIFIED}),
        kinds=frozenset({RequesterKind.POLICE, RequesterKind.INSURER}),
        case_number=CaseNumber.REQUIRED,
        window_max_minutes=60,
        window_max_age_hours=48,
        footage=DailySpan(start=time(22), end=time(6)),
        received=DailySpan(start=time(8, 30, 15), end=time(18)),
        area_max_km2=0.25,
        distance_max_metres=500,
        words=(
            Word(spelling="Bike", form=" bike "),
            Word(spelling="car crash", form=" car crash "),
        ),
        cameras=frozenset({"c1", "c2"}),
        constraints=Constraints(
            max_seconds=30,
            audio=False,
            cameras=("c1", "c3"),
            confirm_in_app=True,
            two_approvers=True,
            masked=True,
        ),
    )


@pytest.mark.parametrize("empty", [..., None])
def test_what_may_be_left_out(empty: object) -> None:
    """All but order and verdict."""
    others = [field for field in DATA if field not in {"order", "verdict"}]
    assert parse(**dict.fromkeys(others, empty)) == Rule(
        rule_id="r1", title="My rule", order=10, verdict=VerdictKind.ASK
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("order", [..., None, -1, 10_000, 1.5, True, "1", float("nan")]),
        ("verdict", [..., None, "approve", "Ask", "", 1, ["ask"]]),
        ("trust", ["invited", ["friend"], [None], [["invited"]], {"invited": 1}]),
        ("kinds", ["police", ["Police"], [1], ["other"] * 5]),
        ("case_number", ["", "maybe", True, 0]),
        ("window_max_minutes", [0, -5, 721, 1.5, False, "60", float("inf")]),
        ("window_max_age_hours", [0, -5, 8785, 0.5, True, "48"]),
        ("words", ["bike", [""], [" "], ["!?"], [7], ["a" * 65], ["a"] * 51]),
        ("cameras", ["c1", [""], [1], ["c"] * 101, {"c1"}]),
        ("max_seconds", [0, -1, 601, 0.5, True, "30"]),
        ("audio", [0, 1, "true", []]),
        ("only_cameras", ["c1", [""], [None], ["c"] * 101]),
        ("confirm_in_app", [0, 1, "no"]),
        ("two_approvers", [0, 1, "two"]),
        ("masked", [0, 1, "yes", []]),
        ("area_max_km2", [0, 0.009, 25.01, 0.065, -1, True, "1", [], 1e300, math.nan]),
        ("distance_max_metres", [-1, 100_001, 0.5, True, "30", math.inf]),
        ("colour", [None, "red"]),
    ],
)
def test_wrong_values(field: str, values: list[object]) -> None:
    """Each is refused with its field's code and the rule's title."""
    code = "rule_field_invalid" if field == "colour" else f"rule_{field}_invalid"
    for value in values:
        with pytest.raises(InvalidRuleError) as err:
            parse(**{field: value})
        assert (err.value.code, value) == (code, value)
        assert err.value.placeholders == {"title": "My rule"}


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("order", 0, 0),
        ("order", 9999, 9999),
        ("order", 20.0, 20),
        ("window_max_minutes", 1, 1),
        ("window_max_minutes", 720, 720),
        ("window_max_minutes", 60.0, 60),
        ("window_max_age_hours", 1, 1),
        ("window_max_age_hours", 8784, 8784),
        ("distance_max_metres", 0, 0),
        ("distance_max_metres", 100_000.0, 100_000),
    ],
)
def test_borders(field: str, value: float, read: int) -> None:
    """The least and the most; a form's number field gives a float."""
    number = getattr(parse(**{field: value}), field)
    assert number == read
    assert type(number) is int


@pytest.mark.parametrize("km2", [0.01, 0.07, 0.29, 1, 1.3, 25.0, 25])
def test_sizes_with_two_decimals(km2: float) -> None:
    """As a form's number field gives them, or somebody wrote them."""
    read = parse(area_max_km2=km2).area_max_km2
    assert read == km2
    assert type(read) is float


def test_borders_of_lists_and_lengths() -> None:
    """The most that each may hold."""
    words = [f"{n:02}".ljust(64, "a") for n in range(50)]
    assert len(parse(words=words).words) == 50
    cameras = [f"c{n}" for n in range(100)]
    assert len(parse(cameras=cameras).cameras) == 100
    assert parse(only_cameras=cameras).constraints.cameras == tuple(sorted(cameras))
    assert parse(max_seconds=1).constraints.max_seconds == 1
    assert parse(max_seconds=600).constraints == Constraints()
    assert parse(trust=list(Trust), kinds=list(RequesterKind)).trust == set(Trust)


@pytest.mark.parametrize("name", ["footage", "received"])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("22:00", None),
        (None, "06:00"),
        ("22:00", "22:00"),
        ("22:00", "22:00:00"),
        ("24:00", "06:00"),
        ("22:60", "06:00"),
        ("9:00", "17:00"),
        ("0900", "1700"),
        ("22:00", "06:00+01:00"),
        ("22:00Z", "06:00"),
        ("22:00:00.5", "06:00"),
        ("٢٢:٠٠", "06:00"),
        ("22:00\n", "06:00"),
        ("", "06:00"),
        (22, 6),
        (time(22), time(6)),
    ],
)
def test_wrong_times(name: str, start: object, end: object) -> None:
    """Both or none, as hours and minutes, and not the same."""
    with pytest.raises(InvalidRuleError, match=f"rule_{name}_invalid"):
        parse(**{f"{name}_from": start, f"{name}_to": end})


def test_ready_made() -> None:
    """Known people are asked for, the rest is listed."""
    rules = [parse_rule(r.title, r.title, r.data) for r in READY_MADE]
    assert [r.title for r in rules] == ["People I invited", "Everybody else"]
    assert [(r.order, r.verdict, r.trust) for r in rules] == [
        (10, VerdictKind.ASK, {Trust.INVITED, Trust.VERIFIED}),
        (100, VerdictKind.LIST, set()),
    ]
    assert all(r.constraints == Constraints() for r in rules)


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.text() | st.integers() | st.none(), max_size=3)
    | st.sampled_from(["ask", "invited", "police", "any", "22:00", ["invited"], ["a"]])
)


@given(
    st.dictionaries(st.sampled_from(sorted(DATA)) | st.text(max_size=9), VALUES),
    st.booleans(),
)
def test_any_data(data: dict[str, object], whole: bool) -> None:
    """A rule or the typed error, and no rule that approves."""
    try:
        said = parse_rule("r", "t", {**DATA, **data} if whole else data).verdict
    except InvalidRuleError as err:
        said = err.code
    assert said in CODES | {"ignore", "list", "ask"}
