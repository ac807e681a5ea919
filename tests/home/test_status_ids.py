"""Ids that need no row: they say themselves until when they hold, to this home alone."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
import sqlite3

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.home.status_ids import StatusIds
from custom_components.clip_consent.home.world import RandomIds

WHEN = datetime(2026, 11, 30, 12, 0, 7, tzinfo=UTC)
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """Return a database that keeps settings."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("CREATE TABLE meta (key TEXT, value TEXT) STRICT")
        yield connection


def test_it_says_until_when(database: sqlite3.Connection) -> None:
    """To the second, and to the next life of the same home too."""
    ids = StatusIds()
    ids.enter(database)
    made = ids.make(WHEN + timedelta(milliseconds=900))
    assert ids.read(made) == WHEN
    again = StatusIds()
    again.enter(database)
    assert again.read(made) == WHEN


def test_no_two_are_alike(database: sqlite3.Connection) -> None:
    """Those of one second have nothing in common, as with any other id."""
    ids = StatusIds()
    ids.enter(database)
    made = [ids.make(WHEN) for _ in range(2000)]
    assert len(set(made)) == 2000
    plain = [RandomIds().new_id() for _ in range(2000)]
    for place in range(26):
        seen = {each[place] for each in made}
        assert seen == {each[place] for each in plain}
        assert len(seen) == (8 if place == 25 else 32)


def test_another_home_reads_nothing(database: sqlite3.Connection) -> None:
    """Without the key it is an id like any other."""
    ids = StatusIds()
    ids.enter(database)
    assert StatusIds().read(ids.make(WHEN)) is None


@given(st.text(LETTERS, min_size=26, max_size=26))
def test_guesses_are_none(guess: str) -> None:
    """48 bits would have to be right."""
    assert StatusIds().read(guess) is None


@given(st.text(max_size=40))
def test_anything_else_is_none(text: str) -> None:
    """Whatever is asked for, nothing is raised."""
    assert StatusIds().read(text) is None


def test_only_one_spelling_counts() -> None:
    """The last letter has bits to spare, and capitals say the same: neither holds."""
    ids = StatusIds()
    made = ids.make(WHEN)
    spellings = [made[:25] + letter for letter in LETTERS] + [made.upper()]
    assert [each for each in spellings if ids.read(each)] == [made]
