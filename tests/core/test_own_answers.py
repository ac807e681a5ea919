"""What came for a request: a stranger's words, each held to its place."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import AnswerError, PortalError
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.core.own_answers import (
    ANSWERS_MAX,
    INBOX_BYTES,
    INBOX_MAX,
    SHORTEST_SEALED,
    AnswerState,
    Listed,
    OwnAnswer,
    is_words,
    opened,
    read_inbox,
    with_listed,
)
from custom_components.clip_consent.core.serial import Json, dump, load

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SEALED = 2**20 + 200  # bytes: more than the smallest bucket
ID = "t2u3v4w5x6y7z2a3b4c5d6e7f2"
LISTED = Listed(delivery_id=ID, size=SEALED, available_until=NOW + timedelta(days=14))
ANSWER = OwnAnswer(
    delivery_id=ID, size=SEALED, available_until=NOW + timedelta(days=14)
)
MANIFEST: dict[str, Json] = {
    "version": 1,
    "content": {
        "name": "clip.mp4",
        "media_type": "video/mp4",
        "size": 4,
        "sha256": "ab" * 32,
    },
    "camera": 1,
    "covered": {"start": "2026-11-24T08:00:00Z", "end": "2026-11-24T08:01:00Z"},
    "audio": True,
    "transformations": ["stream_copy", "audio_removed"],
    "identity": "Carol of number 7",
    "terms": {"delete_by": "2026-12-01T09:00:00Z"},
}


def test_an_inbox_is_read() -> None:
    """Ids, sizes and times; or it is none."""
    said: dict[str, Any] = {
        "version": 1,
        "deliveries": [
            {"id": ID, "size": SEALED, "available_until": "2026-12-08T09:00:00Z"}
        ],
    }
    assert read_inbox(json.dumps(said).encode()) == (LISTED,)
    many = {**said, "deliveries": said["deliveries"] * (INBOX_MAX + 1)}
    assert len(read_inbox(json.dumps(many).encode())) == INBOX_MAX
    assert len(json.dumps(many)) < INBOX_BYTES
    for wrong in (
        b"",
        b"[]",
        b'{"version": 1}',
        b'{"version": 2, "deliveries": []}',
        b'{"version": 1, "deliveries": [1]}',
        b'{"version": 1, "deliveries": [{"id": "../../x", "size": 1}]}',
    ):
        with pytest.raises(PortalError):
            read_inbox(wrong)


def test_what_is_too_short_is_no_answer() -> None:
    """Nobody seals so little: it takes no place of anything."""
    short, shortest = (
        {"id": ID, "size": size, "available_until": "2026-12-08T09:00:00Z"}
        for size in (SHORTEST_SEALED - 1, SHORTEST_SEALED)
    )
    said = {"version": 1, "deliveries": [short] * 50 + [shortest]}
    assert read_inbox(json.dumps(said).encode()) == (
        replace(LISTED, size=SHORTEST_SEALED),
    )


def listed(numbers: Iterable[int]) -> tuple[Listed, ...]:
    """Return deliveries by their numbers."""
    return tuple(replace(LISTED, delivery_id=str(number)) for number in numbers)


def test_what_is_new_comes_behind() -> None:
    """What is known stays as it is, and there is an end to it."""
    here = replace(ANSWER, state=AnswerState.HERE)
    other = replace(LISTED, delivery_id="b" * 26)
    both, _ = with_listed((here,), (), (other, LISTED, other))
    assert both == (here, replace(ANSWER, delivery_id="b" * 26))
    full, passed = with_listed(both, (), listed(range(80)))
    assert full[:2] == both
    assert len(full) == ANSWERS_MAX
    assert with_listed(full, passed, listed(range(80))) == (full, ())


@pytest.mark.parametrize("state", [AnswerState.UNREADABLE, AnswerState.GONE])
def test_what_nobody_can_read_keeps_no_place(state: AnswerState) -> None:
    """However much of it anybody sends: what is good behind it comes all the same."""
    junk = 3 * ANSWERS_MAX
    inbox = listed(range(junk + 1))
    answers: tuple[OwnAnswer, ...] = ()
    passed: tuple[str, ...] = ()
    fetched: list[str] = []
    for _ in range(5):
        answers, passed = with_listed(answers, passed, inbox)
        new = [one for one in answers if one.state is AnswerState.LISTED]
        fetched += [one.delivery_id for one in new]
        answers = tuple(
            replace(
                one, state=AnswerState.HERE if one.delivery_id == str(junk) else state
            )
            for one in answers
        )
    assert fetched == [one.delivery_id for one in inbox]  # each once
    assert [one.state for one in answers].count(AnswerState.HERE) == 1
    assert len(answers) == ANSWERS_MAX + 1
    # what the hub lists no more need not be remembered
    assert with_listed(answers, passed, inbox[1:])[1] == passed[1:]
    assert with_listed(answers, passed, ())[1] == ()


def test_a_manifest_is_shown() -> None:
    """All that it says of the clip, and until when its owner lets it be kept."""
    found = opened(ANSWER, MANIFEST, words=None, now=NOW)
    assert found == replace(
        ANSWER,
        state=AnswerState.HERE,
        came_at=NOW,
        kept_until=NOW + timedelta(days=7),
        sha256="ab" * 32,
        content_size=4,
        camera=1,
        covered=Window(start=NOW - timedelta(hours=1), end=NOW - timedelta(minutes=59)),
        identity="Carol of number 7",
        changes=("stream_copy", "audio_removed"),
        audio=True,
    )
    assert load(OwnAnswer, dump(found)) == found


@pytest.mark.parametrize(
    "change",
    [
        {"camera": True, "covered": 1, "transformations": 1, "identity": 1},
        {"camera": -1, "covered": {}, "transformations": [1], "identity": "a\nb"},
        {"camera": 10**9, "covered": {"start": "x", "end": "y"}, "identity": "x" * 200},
        {
            "camera": "1",
            "covered": {"start": "2026-11-24T08:00:00Z", "end": "2026-11-24T08:00:00Z"},
            "transformations": ["a" * 100, "a\u202eb"],
            "identity": "\u202e",
        },
    ],
)
def test_what_does_not_fit_is_left_out(change: dict[str, Json]) -> None:
    """A strange manifest is one that says less."""
    said = {**MANIFEST, **change, "audio": 1, "terms": {"delete_by": "soon"}}
    found = opened(ANSWER, said, words=None, now=NOW)
    assert (found.camera, found.covered, found.identity) == (None, None, "")
    assert (found.changes, found.audio) in (
        ((), False),
        (("stream_copy", "audio_removed"), False),
    )
    assert found.kept_until == NOW + timedelta(days=30)


def test_words_are_text() -> None:
    """Tidied, never longer than any; whatever else they are is nothing."""
    words = b"At six:\r\na <b>blue</b> van "
    found = opened(ANSWER, MANIFEST, words=words, now=NOW)
    assert found.text == "At six:\na <b>blue</b> van"
    for wrong in (b"\xff", b"", b"a\x00b", "\u202eab".encode(), b"x" * 2001):
        with pytest.raises(AnswerError):
            opened(ANSWER, MANIFEST, words=wrong, now=NOW)
    assert is_words("answer.txt")
    assert not is_words("clip.mp4")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(MANIFEST.keys() - {"content", "version"}, JSON),
    )
)
def test_no_manifest_is_a_fault_of_ours(said: dict[str, Json]) -> None:
    """Whatever is signed."""
    opened(ANSWER, {**said, "content": MANIFEST["content"]}, words=None, now=NOW)
