"""The drop box's limits, and what it keeps of an upload."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.drop_box import (
    Begun,
    DropLimits,
    DropRefusal,
    DropRefusedError,
    HeldDelivery,
    Taken,
    Upload,
    address_has_room,
    address_key,
    delivery_json,
    drop_limits,
    has_room,
    head_line,
    moved,
    of_a_day,
    read_lines,
    step_line,
)
from custom_components.clip_consent.core.hub_settings import HubLimits
from custom_components.clip_consent.core.limits import CIPHERTEXT_KEPT

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
UPLOAD = Upload(
    upload_id="u" * 26, request_id="r" * 26, length=1000, begun_at=NOW, moved_at=NOW
)
LIMITS = DropLimits(
    upload_bytes=100,
    request_bytes=150,
    hub_bytes=200,
    address_bytes=250,
    request_uploads=2,
    hub_uploads=3,
    address_uploads=4,
)


def test_an_upload_goes_a_day_after_it_moved_and_a_whole_one_after_two_weeks() -> None:
    """One that a byte is added to each day goes too."""
    assert UPLOAD.expires_at == NOW + timedelta(days=1)
    later = NOW + timedelta(hours=30)
    assert moved(UPLOAD, 10, later).expires_at == later + timedelta(days=1)
    late = NOW + timedelta(days=6, hours=12)
    assert moved(UPLOAD, 10, late).expires_at == NOW + timedelta(days=7)
    whole = moved(UPLOAD, 1000, late)
    assert whole.is_whole
    assert whole.expires_at == late + CIPHERTEXT_KEPT


steps = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 10**6), st.integers(0, 99))
)


def _written(them: list[tuple[int, int, int]]) -> tuple[list[Upload], list[bytes]]:
    states, lines = [UPLOAD], [head_line(UPLOAD)]
    for offset, seconds, read in them:
        state = moved(states[-1], offset, NOW + timedelta(seconds=seconds))
        states.append(replace(state, read=read))
        lines.append(step_line(states[-1]))
    return states, lines


@given(steps)
def test_what_was_written_is_read(them: list[tuple[int, int, int]]) -> None:
    """The last line counts."""
    states, lines = _written(them)
    data = b"".join(lines)
    assert read_lines(UPLOAD.upload_id, data) == (states[-1], len(data))


@given(steps, st.data())
def test_a_line_that_was_cut_counts_for_nothing(
    them: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Whatever stands in its place: what is whole before it counts."""
    states, lines = _written(them)
    kept = data.draw(st.integers(0, len(lines) - 1))
    torn = lines[kept][: data.draw(st.integers(0, len(lines[kept]) - 1))]
    torn += bytes(data.draw(st.integers(0, 600)))
    read = read_lines(UPLOAD.upload_id, b"".join(lines[:kept]) + torn)
    if kept == 0:
        assert read is None
    else:
        assert read == (states[kept - 1], len(b"".join(lines[:kept])))


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_fail(data: bytes) -> None:
    """Neither as the first line nor after it."""
    read_lines(UPLOAD.upload_id, data)
    head = head_line(UPLOAD)
    read = read_lines(UPLOAD.upload_id, head + data)
    assert read is not None
    assert read[1] >= len(head)


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"version":2,"request":"r","length":1,"begun_at":"2026-11-24T09:00:00Z"}',
        b'{"version":1,"request":5,"length":1,"begun_at":"2026-11-24T09:00:00Z"}',
        b'{"version":1,"request":"r","length":-1,"begun_at":"2026-11-24T09:00:00Z"}',
        b'{"version":1,"request":"r","length":true,"begun_at":"2026-11-24T09:00:00Z"}',
        b'{"version":1,"request":"r","length":1,"begun_at":"2026-11-24T09:00:00"}',
        b'{"version":1,"request":"r","length":1,"begun_at":null}',
        b"\xff",
    ],
)
def test_another_first_line_is_no_upload(head: bytes) -> None:
    """Nothing is guessed."""
    assert read_lines(UPLOAD.upload_id, head + b"\n") is None


def test_a_step_beyond_the_end_counts_for_nothing() -> None:
    """And nothing after it."""
    wrong = step_line(replace(UPLOAD, offset=1001))
    right = step_line(replace(UPLOAD, offset=5))
    head = head_line(UPLOAD)
    assert read_lines(UPLOAD.upload_id, head + wrong + right) == (UPLOAD, len(head))


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2a00:1450:4001:81b::200e", "2a00:1450:4001:800::/56"),
        ("2a00:1450:4001:81b:1:2:3:4%eth0", "2a00:1450:4001:800::/56"),
        ("127.0.0.1", None),
        ("192.168.1.7", None),
        ("::1", None),
        ("fe80::1%eth0", None),
        ("unknown", None),
        (None, None),
    ],
)
def test_an_address_stands_for_its_network(
    address: str | None, key: str | None
) -> None:
    """One that others may hide behind stands for nobody."""
    assert address_key(address) == key


def test_an_address_has_its_room_of_a_day() -> None:
    """By number, and by what it announced."""
    begun = tuple(Begun(at=float(at), length=80) for at in range(3))
    assert address_has_room(begun, 10, LIMITS)
    assert not address_has_room(begun, 11, LIMITS)
    small = tuple(Begun(at=0.0, length=1) for _ in range(4))
    assert not address_has_room(small, 1, LIMITS)
    assert of_a_day(begun, 86_401.0) == begun[2:]
    assert of_a_day(begun, 86_399.0) == begun


def test_room_of_a_request_and_of_the_hub() -> None:
    """Each of the limits closes the door by itself."""

    def room(length: int, request: tuple[int, int], hub: tuple[int, int]) -> bool:
        return has_room(
            request=Taken(uploads=request[0], size=request[1]),
            hub=Taken(uploads=hub[0], size=hub[1]),
            length=length,
            limits=LIMITS,
        )

    assert room(90, (1, 60), (2, 110))
    assert not room(91, (1, 60), (2, 0))
    assert not room(91, (1, 0), (2, 110))
    assert room(100, (0, 0), (2, 0))
    assert not room(1, (2, 0), (2, 0))
    assert not room(1, (1, 0), (3, 0))


def test_the_operators_limits_are_those_of_the_drop_box() -> None:
    """Those they do not set stay as they are."""
    assert drop_limits(HubLimits()) == DropLimits()
    own = drop_limits(HubLimits(drop_max_bytes=10, drops_max_bytes=100))
    assert own == DropLimits(upload_bytes=10, request_bytes=50, hub_bytes=100)


def test_a_line_without_its_end_is_none() -> None:
    """Even if all that is said in it can be read."""
    head, step = head_line(UPLOAD), step_line(moved(UPLOAD, 5, NOW))
    assert read_lines(UPLOAD.upload_id, head[:-1]) is None
    assert read_lines(UPLOAD.upload_id, head + step[:-1]) == (UPLOAD, len(head))


def test_a_refusal_is_told_by_its_name() -> None:
    """As all of our errors."""
    refused = DropRefusedError(DropRefusal.LOCKED)
    assert refused.refusal is DropRefusal.LOCKED
    assert str(refused) == "locked"


def test_a_delivery_has_the_form_of_the_protocol() -> None:
    """How often it was read is not told: it says nothing that the reader needs."""
    page = Path(__file__).parents[2] / "docs" / "portal-protocol.md"
    [line] = re.findall(r'"deliveries": \[\n *(\{.*\})\n', page.read_text("utf-8"))
    said = json.loads(line)
    delivery = HeldDelivery(
        delivery_id=said["id"],
        size=said["size"],
        available_until=datetime.fromisoformat(said["available_until"]),
        read=3,
    )
    assert delivery_json(delivery) == said
