"""The log of a hub: a chain that shows every change, and outlives a redaction."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Beside,
    EntryKind,
    Head,
    LogLine,
    check_chain,
    entry_json,
    line_json,
    next_entry,
    read_line,
    text_digest,
)

from .said import NOW, REQUEST, example, sha256

SALT = bytes(range(16))


def chain(length: int, head: Head = EMPTY) -> list[LogLine]:
    """Return so many lines behind a head."""
    lines: list[LogLine] = []
    for number in range(length):
        beside = Beside(salt=SALT, text=f'{{"number":{number},"word":"Straße"}}')
        entry = next_entry(
            head,
            at=NOW + timedelta(minutes=number),
            kind=EntryKind.PUBLISHED,
            id=REQUEST.id,
            target=None,
            beside=beside,
        )
        lines.append(LogLine(entry=entry, beside=beside))
        head = entry.head
    return lines


def test_digests_are_what_the_protocol_says() -> None:
    """Made here by hand from its words."""
    (line,) = chain(1)
    said = entry_json(line.entry)
    assert line.beside
    assert said["digest"] == sha256(SALT + line.beside.text.encode())
    assert text_digest(line.beside) == said["digest"]
    without = {name: value for name, value in said.items() if name != "hash"}
    spelt = json.dumps(
        without, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert said["hash"] == sha256(spelt.encode())
    assert said["previous"] == "0" * 64


def test_the_example_of_the_protocol() -> None:
    """It has the fields that a page of the log has."""
    said = example("portal_log")
    (line,) = chain(1)
    assert said["entries"][0].keys() == line_json(line).keys()
    assert said["entries"][0]["entry"].keys() == entry_json(line.entry).keys()
    assert read_line(said["entries"][0]).entry.id == REQUEST.id


def test_lines_survive() -> None:
    """Written and read, a chain holds and ends in its head."""
    lines = [read_line(line_json(line)) for line in chain(5)]
    assert lines == chain(5)
    assert check_chain(EMPTY, lines) == lines[-1].entry.head
    assert check_chain(lines[1].entry.head, lines[2:]) == lines[-1].entry.head
    assert check_chain(EMPTY, []) == EMPTY


def test_a_redacted_text_leaves_the_chain_whole() -> None:
    """Its entry stays."""
    lines = chain(3)
    lines[1] = replace(lines[1], beside=None)
    assert check_chain(EMPTY, map(read_line, map(line_json, lines)))


def test_what_is_of_a_later_kind_is_kept() -> None:
    """A home that does not know it can still follow the chain."""
    (line,) = chain(1)
    said = line_json(line)
    assert isinstance(said["entry"], dict)
    said["entry"]["kind"] = "moved"
    assert read_line(said).entry.kind == "moved"
    with pytest.raises(PortalError, match="portal_fork"):
        check_chain(EMPTY, [read_line(said)])


@given(place=st.integers(0, 4))
def test_a_missing_entry(place: int) -> None:
    """Wherever one was taken out, but at the end, which the head shows."""
    lines = chain(6)
    del lines[place]
    with pytest.raises(PortalError, match="portal_gap"):
        check_chain(EMPTY, lines)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "note"},
        {"id": None},
        {"target": 1},
        {"at": "2026-11-24T09:00:01Z"},
        {"digest": "0" * 64},
        {"previous": "1" * 64},
        {"hash": "2" * 64},
    ],
)
def test_a_changed_entry(change: dict[str, Any]) -> None:
    """Each field of it."""
    lines = [line_json(line) for line in chain(3)]
    entry = lines[1]["entry"]
    assert isinstance(entry, dict)
    entry.update(change)
    with pytest.raises(PortalError, match="portal_fork"):
        check_chain(EMPTY, map(read_line, lines))


def test_a_changed_text() -> None:
    """And a changed salt."""
    for changed in (
        Beside(salt=SALT, text="{}"),
        Beside(salt=SALT[::-1], text='{"number":0,"word":"Straße"}'),
    ):
        lines = chain(1)
        lines[0] = replace(lines[0], beside=changed)
        with pytest.raises(PortalError, match="portal_fork"):
            check_chain(EMPTY, lines)


def test_another_history() -> None:
    """What follows from one head does not follow from another."""
    lines = chain(3)
    other = Head(n=1, hash="f" * 64)
    with pytest.raises(PortalError, match="portal_fork"):
        check_chain(other, lines[1:])


@pytest.mark.parametrize(
    "said",
    [
        *(None, [], {}, {"entry": None}, {"entry": {}}),
        {"entry": {**entry_json(chain(1)[0].entry), "n": -1}},
        {"entry": {**entry_json(chain(1)[0].entry), "n": True}},
        {"entry": {**entry_json(chain(1)[0].entry), "n": 1.5}},
        {"entry": {**entry_json(chain(1)[0].entry), "at": "now"}},
        {"entry": {**entry_json(chain(1)[0].entry), "id": "no"}},
        {"entry": {**entry_json(chain(1)[0].entry), "target": "1"}},
        {"entry": {**entry_json(chain(1)[0].entry), "hash": "AB" * 32}},
        {"entry": {**entry_json(chain(1)[0].entry), "kind": 5}},
        {"entry": entry_json(chain(1)[0].entry), "beside": 5},
        {"entry": entry_json(chain(1)[0].entry), "beside": {"salt": "00"}},
        {"entry": entry_json(chain(1)[0].entry), "beside": {"salt": "00" * 16}},
    ],
)
def test_what_is_no_line(said: Any) -> None:
    """A typed error."""
    with pytest.raises(PortalError, match="portal_log_invalid"):
        read_line(said)
