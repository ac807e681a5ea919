"""What is drawn: requests, rules, choices, who answers and how time passes."""

from datetime import timedelta

from hypothesis import strategies as st

from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Choice,
    Destination,
    Request,
    RequesterKind,
    Trust,
    Way,
    Window,
)
from custom_components.clip_consent.core.rules import Rule, parse_rule

from .cases import CHOICE, GARDEN, SPAN, request
from .life_home import DOOR


def _rules(first: int, *several: dict[str, object]) -> list[Rule]:
    """Return rules, tried from a place on."""
    return [
        parse_rule(str(order), f"Rule {order}", {"order": order, **data})
        for order, data in enumerate(several, first)
    ]


ASK, IGNORE, ZEBRA = _rules(
    10,
    {"verdict": "ask"},
    {"verdict": "ignore", "trust": ["unverified"]},
    {"verdict": "ignore", "words": ["zebra"], "window_max_age_hours": 1},
)
LIMITS = _rules(
    20,
    {"verdict": "list", "two_approvers": True},
    {"verdict": "list", "two_approvers": True, "trust": ["unverified", "invited"]},
    {"verdict": "list", "confirm_in_app": True},
    {"verdict": "list", "max_seconds": 120},
    {"verdict": "ask", "only_cameras": [GARDEN], "audio": False},
)
SHORT = Window(start=SPAN.start, end=SPAN.start + timedelta(minutes=1))
LONG = Window(start=SPAN.start - timedelta(minutes=20), end=SPAN.end)
CHOICES = [
    CHOICE,
    Choice(camera_id=GARDEN, window=SHORT),
    Choice(camera_id=DOOR, window=SHORT, audio=True),
    Choice(camera_id=DOOR, window=LONG),
    Choice(camera_id="", window=SPAN, text="Come by."),
    Choice(camera_id=GARDEN, window=SHORT, identity="Sam, number 12"),
]
SELDOM = st.sampled_from([False] * 19 + [True])  # what few lives outlast
USERS = st.sampled_from([("anna",), ("ben",), ("anna", "ben"), ("ben", "anna")])
KINDS = [*["approve"] * 4, "other", "other", "void", "spent"]  # of tokens
WHEN = st.sampled_from(["later", "at once", "of before"])
WHAT = st.sampled_from(["restart"] * 6 + ["back up"] * 6 + ["restore", "go back"])
PICK = st.integers(0, 3)
DOOR = Region(left=0, top=0, right=5000, bottom=5000)
ROAD = Region(left=6000, top=0, right=9000, bottom=5000)
SECONDS = st.integers(0, 15) | st.integers(15, 60) | st.integers(0, 2 * 86400)
# the first that matches says what becomes of a request; all that match limit it
SOME_RULES = st.tuples(
    st.sampled_from([(ASK,), (ASK,), (), (IGNORE, ASK), (ZEBRA,)]),
    st.lists(st.sampled_from(LIMITS), max_size=2, unique=True),
).map(lambda rules: (*rules[0], *rules[1]))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw what somebody asks; when and under which id is left open."""
    way = draw(st.sampled_from([*Way, Way.TUS, Way.PUT]))
    url = f"https://{way}.example/" if way in (Way.TUS, Way.PUT) else None
    recipient = draw(st.sampled_from(["age1x", "age1y", "age1z", None]))
    return request(
        trust=draw(st.sampled_from(Trust)),
        kind=draw(st.sampled_from(RequesterKind)),
        window=draw(st.sampled_from([SPAN, SPAN, SPAN, LONG])),
        invite_id=draw(st.sampled_from(["a", "b", None])),
        text=draw(st.sampled_from(["words", "a zebra"])),
        recipient=None if way is Way.HAND_OVER else recipient,
        destination=Destination(way=way, url=url),
    )
