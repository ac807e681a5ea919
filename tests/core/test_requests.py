"""What a requester asks: every limit on both sides, every reason code."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
from pyrage import x25519
import pytest

from custom_components.clip_consent.core.errors import (
    InvalidGeometryError,
    InvalidRequestError,
)
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.limits import DIRECT, HUB, SERVICE, Limits
from custom_components.clip_consent.core.models import RequesterKind, Window
from custom_components.clip_consent.core.requests import (
    Ask,
    make_ask,
    over_limits,
    parse_ask,
    validate,
)

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
RECIPIENT = str(x25519.Identity.generate().to_public())
FORM: dict[str, Any] = {
    "version": 1,
    "start": "2026-11-23T18:02:00Z",
    "end": "2026-11-23T18:05:00Z",
    "text": "Somebody drove into my bicycle",
    "name": "Anna",
    "kind": "neighbour",
    "contact": "",
    "case_number": "",
    "recipient": RECIPIENT,
}
# Every way in which an ask can be refused before the limits are looked at.
PARSE_CODES = {
    *("body_too_large", "body_not_utf8", "body_not_json", "body_not_object"),
    *("body_too_deep", "body_key_twice", "body_number", "version_unsupported"),
    *("start_missing", "end_missing", "text_missing", "name_missing"),
    *("recipient_missing", "not_text", "time_malformed", "kind_unknown"),
    *("name_too_long", "text_too_long", "contact_too_long", "case_number_too_long"),
}


def body(**changes: Any) -> bytes:
    """Return the form's body with changes; a field set to ... is left out."""
    form = {**FORM, **changes}
    return json.dumps({k: v for k, v in form.items() if v is not ...}).encode()


def ask(**changes: Any) -> Ask:
    """Return a lawful ask with changes."""
    given = {
        "window": Window(start=NOW - timedelta(hours=1), end=NOW),
        "text": "Somebody drove into my bicycle",
        "name": "Anna",
        "recipient": RECIPIENT,
        **changes,
    }
    return make_ask(**given)


def lasting(length: timedelta, end: datetime = NOW) -> Window:
    """Return a window of a length."""
    return Window(start=end - length, end=end)


def refusal(
    thing: bytes | Ask, limits: Limits = DIRECT
) -> tuple[str, str, dict[str, str]] | None:
    """Return code, field and placeholders of a refusal."""
    try:
        if isinstance(thing, bytes):
            parse_ask(thing)
        else:
            validate(thing, now=NOW, limits=limits)
    except InvalidRequestError as err:
        return err.code, err.field, err.placeholders
    return None


def test_the_form() -> None:
    """The published example, field by field."""
    assert parse_ask(body()) == Ask(
        window=Window(
            start=datetime(2026, 11, 23, 18, 2, tzinfo=UTC),
            end=datetime(2026, 11, 23, 18, 5, tzinfo=UTC),
        ),
        text="Somebody drove into my bicycle",
        name="Anna",
        kind=RequesterKind.NEIGHBOUR,
        contact="",
        case_number="",
        recipient=RECIPIENT,
    )
    assert refusal(parse_ask(body())) is None


@pytest.mark.parametrize("left_out", [..., None, ""])
def test_what_may_be_left_out(left_out: object) -> None:
    """Kind, contact and case number; not known fields are passed over."""
    parsed = parse_ask(
        body(kind=left_out, contact=left_out, case_number=left_out, colour="red")
    )
    assert parsed.kind is RequesterKind.OTHER
    assert (parsed.contact, parsed.case_number) == ("", "")


def test_the_public_form_takes_no_area() -> None:
    """Whoever has a link asks this home, not a place."""
    area = {"kind": "circle", "latitude": 52.1, "longitude": 4.3, "radius": 250}
    assert parse_ask(body(area=area)).area is None


@pytest.mark.parametrize(
    ("radius", "code"),
    [(143, "area_too_small"), (144, None), (642, None), (643, "area_too_large")],
)
def test_areas_are_held_to_the_limits_of_a_portal(
    radius: float, code: str | None
) -> None:
    """Where it takes areas at all."""
    area = Circle(center=Point(lat=52.1, lon=4.3), radius=radius)
    given = ask(area=area)
    assert given.area == area
    validate(given, now=NOW, limits=DIRECT)
    if code is None:
        validate(given, now=NOW, limits=SERVICE)
        return
    with pytest.raises(InvalidGeometryError, match=f"^{code}$"):
        validate(given, now=NOW, limits=SERVICE)


def test_words_are_tidied() -> None:
    """Composed, trimmed, one kind of line ending."""
    parsed = parse_ask(
        body(
            name=" Jose\u0301 ",
            text="a\r\nb ",
            contact=" a@b\n",
            case_number=" 12 ",
        )
    )
    assert (parsed.name, parsed.text) == ("José", "a\nb")
    assert (parsed.contact, parsed.case_number) == ("a@b", "12")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"version": ...}, "version_unsupported", "version"),
        ({"version": None}, "version_unsupported", "version"),
        ({"version": 2}, "version_unsupported", "version"),
        ({"version": "1"}, "version_unsupported", "version"),
        ({"version": True}, "version_unsupported", "version"),
        ({"start": ...}, "start_missing", "start"),
        ({"end": None}, "end_missing", "end"),
        ({"text": ...}, "text_missing", "text"),
        ({"name": None}, "name_missing", "name"),
        ({"recipient": ...}, "recipient_missing", "recipient"),
        ({"start": 1}, "not_text", "start"),
        ({"end": []}, "not_text", "end"),
        ({"text": {}}, "not_text", "text"),
        ({"name": 1.5}, "not_text", "name"),
        ({"kind": False}, "not_text", "kind"),
        ({"contact": 0}, "not_text", "contact"),
        ({"case_number": 7}, "not_text", "case_number"),
        ({"recipient": [RECIPIENT]}, "not_text", "recipient"),
        ({"kind": "friend"}, "kind_unknown", "kind"),
        ({"kind": "Police"}, "kind_unknown", "kind"),
        ({"name": "a" * (4 * 127 + 1)}, "name_too_long", "name"),
        ({"text": "a" * (4 * 2000 + 1)}, "text_too_long", "text"),
        ({"contact": "a" * (4 * 255 + 1)}, "contact_too_long", "contact"),
        ({"case_number": "a" * (4 * 64 + 1)}, "case_number_too_long", "case_number"),
    ],
)
def test_a_form_that_cannot_be_read(
    changes: dict[str, object], code: str, field: str
) -> None:
    """Each field of the wrong shape, named."""
    refused = refusal(body(**changes))
    assert refused is not None
    assert refused[:2] == (code, field)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-23T18:02:00Z", datetime(2026, 11, 23, 18, 2, tzinfo=UTC)),
        ("2026-11-23T18:02:00.250Z", datetime(2026, 11, 23, 18, 2, 0, 250_000, UTC)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        *(
            (text, None)
            for text in (
                "",
                "now",
                "2026-11-23",
                "2026-11-23T18:02Z",
                "2026-11-23T18:02:00",
                "2026-11-23T18:02:00+00:00",
                "2026-11-23T18:02:00z",
                "2026-11-23t18:02:00Z",
                "2026-11-23 18:02:00Z",
                "2026-11-23T18:02:00,250Z",
                "2026-11-23T18:02:00.25Z",
                "2026-11-23T18:02:00.250000Z",
                "2026-11-23T24:00:00Z",
                "2026-11-23T18:60:00Z",
                "2026-11-23T18:02:60Z",
                "2026-02-29T18:02:00Z",
                "0000-01-01T00:00:00Z",
                "2026-W48-1T18:02:00Z",
                "２０２６-11-23T18:02:00Z",
                "2026-11-23T18:02:00Z\n",
                "12026-11-23T18:02:00Z",
            )
        ),
    ],
)
def test_times(text: str, time: datetime | None) -> None:
    """UTC with a Z, whole seconds or milliseconds, a day that exists."""
    if time is None:
        assert refusal(body(start=text)) == ("time_malformed", "start", {})
        assert refusal(body(end=text)) == ("time_malformed", "end", {})
    else:
        assert parse_ask(body(start=text)).window.start == time


@pytest.mark.parametrize(
    ("window", "limits", "refused"),
    [
        (lasting(timedelta(minutes=1)), DIRECT, None),
        (
            lasting(timedelta(minutes=1) - MS),
            DIRECT,
            ("window_too_short", "end", {"minutes": "1"}),
        ),
        (lasting(timedelta(minutes=15)), HUB, None),
        (
            lasting(timedelta(minutes=15) - MS),
            HUB,
            ("window_too_short", "end", {"minutes": "15"}),
        ),
        (lasting(timedelta(hours=12)), DIRECT, None),
        (lasting(timedelta(hours=12)), HUB, None),
        (
            lasting(timedelta(hours=12) + MS),
            DIRECT,
            ("window_too_long", "end", {"hours": "12"}),
        ),
        (
            lasting(timedelta(hours=12) + MS),
            HUB,
            ("window_too_long", "end", {"hours": "12"}),
        ),
        (lasting(timedelta(0)), DIRECT, ("window_end_before_start", "end", {})),
        (lasting(-MS), DIRECT, ("window_end_before_start", "end", {})),
        (lasting(timedelta(days=-400)), DIRECT, ("window_end_before_start", "end", {})),
        (lasting(timedelta(hours=1), NOW), DIRECT, None),
        (
            lasting(timedelta(hours=1), NOW + MS),
            DIRECT,
            ("window_in_future", "end", {}),
        ),
        (
            Window(
                start=NOW - timedelta(days=366),
                end=NOW - timedelta(days=366) + timedelta(hours=1),
            ),
            DIRECT,
            None,
        ),
        (
            Window(
                start=NOW - timedelta(days=366) - MS,
                end=NOW - timedelta(days=366) + timedelta(hours=1),
            ),
            DIRECT,
            ("window_too_old", "start", {"days": "366"}),
        ),
        (
            Window(
                start=datetime(1, 1, 1, tzinfo=UTC),
                end=datetime(1, 1, 1, 1, tzinfo=UTC),
            ),
            HUB,
            ("window_too_old", "start", {"days": "366"}),
        ),
    ],
)
def test_windows(
    window: Window, limits: Limits, refused: tuple[str, str, dict[str, str]] | None
) -> None:
    """Both ends of every limit, to the millisecond."""
    assert refusal(ask(window=window, contact="a@b"), limits) == refused


@pytest.mark.parametrize(
    ("field", "limit"), [("name", 127), ("text", 2000), ("contact", 255)]
)
@pytest.mark.parametrize("letter", ["a", "é", "e\u0301", "🚲"])
def test_lengths(field: str, limit: int, letter: str) -> None:
    """Characters count, as they are after NFC."""
    assert refusal(ask(**{field: letter * limit})) is None
    assert refusal(ask(**{field: letter * (limit + 1)})) == (
        f"{field}_too_long",
        field,
        {"limit": str(limit)},
    )


def test_case_number_length() -> None:
    """Sixty-four characters."""
    police = {"kind": RequesterKind.POLICE}
    assert refusal(ask(case_number="1" * 64, **police)) is None
    assert refusal(ask(case_number="1" * 65, **police)) == (
        "case_number_too_long",
        "case_number",
        {"limit": "64"},
    )


def test_white_space_around_does_not_count() -> None:
    """Up to a bound, over which nothing is tidied at all."""
    assert refusal(ask(name="a".rjust(4 * 127))) is None
    with pytest.raises(InvalidRequestError) as err:
        ask(name="a".rjust(4 * 127 + 1))
    assert (err.value.code, err.value.field) == ("name_too_long", "name")
    assert err.value.placeholders == {"limit": "127"}


@pytest.mark.parametrize("blank", ["", "  ", "\u3164", "\u200b\u200d"])
def test_blank_words(blank: str) -> None:
    """Name and text are needed; a contact only through a hub."""
    assert refusal(ask(name=blank)) == ("name_blank", "name", {})
    assert refusal(ask(text=blank)) == ("text_blank", "text", {})
    assert refusal(ask(contact=blank), HUB) == ("contact_blank", "contact", {})
    expected = ("contact_blank", "contact", {}) if blank.strip() else None
    assert refusal(ask(contact=blank)) == expected


@pytest.mark.parametrize("field", ["name", "text", "contact", "case_number"])
@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\x00", "control_character"),
        ("\t", "control_character"),
        ("\x1b", "control_character"),
        ("\u202e", "bidi_character"),
        ("\u2067", "bidi_character"),
        ("\ufeff", "invisible_character"),
        ("\ue000", "unknown_character"),
        ("\udc00", "unknown_character"),
        ("\u0302" * 5, "too_many_marks"),
    ],
)
def test_characters(field: str, character: str, code: str) -> None:
    """Each kind that may not stand, in every field."""
    words = {field: f"a{character}b"}
    if field == "case_number":
        words["kind"] = RequesterKind.POLICE
    assert refusal(ask(**words)) == (code, field, {})


def test_line_feeds() -> None:
    """They may stand in the text alone."""
    assert refusal(ask(text="a\nb")) is None
    assert refusal(ask(name="a\nb")) == ("control_character", "name", {})
    assert refusal(ask(contact="a\nb")) == ("control_character", "contact", {})


@pytest.mark.parametrize("kind", RequesterKind)
def test_case_numbers(kind: RequesterKind) -> None:
    """From police always, from all others never."""
    field = "case_number"
    given = refusal(ask(kind=kind, case_number="2026-1"))
    lacking = refusal(ask(kind=kind))
    blank = refusal(ask(kind=kind, case_number="\u3164"))
    if kind is RequesterKind.POLICE:
        assert given is None
        assert lacking == ("case_number_missing", field, {})
        assert blank == ("case_number_blank", field, {})
    else:
        assert given == blank == ("case_number_not_police", field, {})
        assert lacking is None


def test_recipient() -> None:
    """A key of age, or none where no key is needed."""
    assert refusal(ask(recipient=None)) is None
    assert refusal(ask(recipient=RECIPIENT.upper())) == (
        "recipient_malformed",
        "recipient",
        {},
    )
    assert refusal(ask(recipient="")) == ("recipient_malformed", "recipient", {})


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    """Whatever comes: an ask, or a refusal with a code that has a sentence."""
    refused = refusal(raw)
    assert refused is not None
    assert refused[0] in PARSE_CODES


@given(st.data())
def test_broken_forms(data: st.DataObject) -> None:
    """The form's body with a few bytes changed, cut out or put in."""
    raw = bytearray(body())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 8))
        raw[start : start + length] = data.draw(st.binary(max_size=8))
    refused = refusal(bytes(raw))
    assert refused is None or refused[0] in PARSE_CODES


@given(
    st.dictionaries(
        st.sampled_from(sorted(FORM)),
        st.none()
        | st.booleans()
        | st.integers(-(2**60), 2**60)
        | st.floats()
        | st.text()
        | st.just(...)
        | st.lists(st.text(), max_size=2)
        | st.datetimes().map(lambda t: t.isoformat(timespec="seconds") + "Z"),
    )
)
def test_forms_of_other_values(changes: dict[str, Any]) -> None:
    """Every field with any value: read or refused, then lawful or refused."""
    raw = body(**changes)
    refused = refusal(raw)
    if refused is None:
        parsed = parse_ask(raw)
        refusal(parsed, HUB)
        refusal(parsed, DIRECT)
    else:
        assert refused[0] in PARSE_CODES


def test_invite_quota() -> None:
    """The sixth of a day is over."""
    assert not over_limits("mine", {"mine": 4}, {"mine": 5})
    assert over_limits("mine", {"mine": 5}, {"mine": 5})


def test_home_quota() -> None:
    """Twenty a day, all invites together."""
    per_day = dict.fromkeys("abcdef", 5)
    assert not over_limits("f", {"a": 5, "b": 5, "c": 5, "d": 4}, per_day)
    assert over_limits("f", {"a": 5, "b": 5, "c": 5, "d": 5}, per_day)


def test_a_link_that_got_about_silences_nobody_else() -> None:
    """Towards the home an invite counts with what it may, and no more."""
    assert over_limits("leaked", {"leaked": 1000}, {"leaked": 5, "mine": 5})
    assert not over_limits("mine", {"leaked": 1000}, {"leaked": 5, "mine": 5})
    assert not over_limits("mine", {"removed": 1000}, {"mine": 5})


def test_quotas_of_ones_own() -> None:
    """An invite may have its own; none at all is possible; one that is gone has none."""
    assert not over_limits("mine", {"mine": 2}, {"mine": 3})
    assert over_limits("mine", {"mine": 3}, {"mine": 3})
    assert over_limits("mine", {}, {"mine": 0})
    assert over_limits("gone", {}, {"mine": 5})
    assert over_limits(None, {}, {"mine": 5})
    assert over_limits("mine", {}, {"mine": 5}, per_home=0)
    assert over_limits("mine", {"other": 1}, {"mine": 5}, per_home=1)


COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30))


@given(COUNTS, COUNTS, st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))
def test_more_submissions_never_help(
    earlier: dict[str, int], per_day: dict[str, int], mine: str, more: str
) -> None:
    """One more earlier submission cannot bring one under a limit."""
    if over_limits(mine, earlier, per_day):
        again = {**earlier, more: earlier.get(more, 0) + 1}
        assert over_limits(mine, again, per_day)
