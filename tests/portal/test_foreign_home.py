"""The second client's home and reader believe no hub that contradicts the page.

The hub here is of paper: answers made of the vectors' keys, which can say anything.
"""

from collections.abc import Callable
import copy
from datetime import datetime, timedelta
import json
from typing import Any, Final, override

import pytest

from .foreign import signing, vectors
from .foreign.asked import slot_length
from .foreign.home import Home
from .foreign.log import new_line
from .foreign.reader import Reader
from .foreign.spelling import Distrust, Said, instant, sha256
from .foreign.web import PATH, Answer, RefusedError, Web

SAID: Final[Said] = json.loads(vectors.FILE.read_text(encoding="utf-8"))
NOW: Final = instant(vectors.AT)
KEY: Final = vectors.KEYS[1]
OTHER: Final = signing.rotation(
    vectors.HUB, vectors.KEYS[0], vectors.KEYS[2].public_key(), "2026-01-01T00:00:00Z"
)


def _square(side: float) -> list[list[float]]:
    """A square on the ground; `side` in degrees of latitude."""
    north, east = 52.52 + side, 13.4 + side / 0.6085
    return [[52.52, 13.4], [52.52, east], [north, east], [north, 13.4]]


class PaperHub(Web):
    """Says what a test lets it say: `info`, `lines` and `feed` before they are signed."""

    def __init__(self) -> None:
        super().__init__(session=None, origin="http://hub.example")  # type: ignore[arg-type]
        said = copy.deepcopy(SAID)
        self.lines: list[Said] = said["log"]["lines"]
        self.feed: Said = said["feed"]["payload"]
        self.head: Said = said["log"]["head"]["payload"]
        self.info: Said = {
            "version": 1,
            "hub": vectors.HUB,
            "first_key": said["first_key"],
            "rotations": said["rotations"],
            "jwks": {
                "keys": [{"kid": each["thumbprint"]} for each in said["keys"][:2]]
            },
            "cells": [vectors.CELL],
        }
        self.page_head = ""
        self.key = KEY
        self.etag: Callable[[bytes], str] = lambda body: f'"{sha256(body)}"'

    @override
    async def call(
        self, method: str, url: str, *, bearer: str | None = None, **given: Any
    ) -> Answer:
        path = url.removeprefix(f"http://hub.example{PATH}")
        head = signing.sign_as_hub(self.head, self.key, signing.HEAD)
        if path == "/info":
            return _json({**self.info, "head": head})
        if path == "/log":
            start = int(given["params"]["from"]) - 1
            head = self.page_head or head
            return _json({"version": 1, "entries": self.lines[start:], "head": head})
        if path != f"/feed/{vectors.CELL}":
            raise RefusedError(404, {"error": "not_found"})
        body = signing.sign_as_hub(self.feed, self.key, signing.FEED).encode()
        etag = self.etag(body)
        known = given["headers"].get("If-None-Match") == etag
        return Answer(304 if known else 200, {"ETag": etag}, b"" if known else body)

    def publish(self, text: str, **said: Any) -> None:
        """Add an entry, and name it in the heads."""
        line = {
            "at": vectors.AT,
            "kind": "published",
            "id": vectors.ITEM,
            "target": None,
        }
        self.lines.append(new_line(self.lines[-1], "00" * 16, text, **{**line, **said}))
        self.heads_at(len(self.lines))

    def heads_at(self, n: int) -> None:
        """Let the heads name an entry."""
        entry = self.lines[n - 1]["entry"]
        self.head |= {"n": n, "hash": entry["hash"]}
        self.feed["head"] = {"n": n, "hash": entry["hash"]}


def _json(said: Said) -> Answer:
    return Answer(200, {}, json.dumps(said).encode())


@pytest.fixture
def hub() -> PaperHub:
    """Return a hub that tells the truth so far."""
    return PaperHub()


@pytest.fixture
def home(hub: PaperHub) -> Home:
    """Return a home in the hub's cell."""
    return Home(Reader(hub, vectors.HUB), 52.535, 13.401)


async def slot(home: Home, now: datetime = NOW) -> list[int]:
    """Return how the home found the feed, as the status of each cell that is covered."""
    home.asked.clear()
    items = await home.slot(now)
    assert [item["id"] for item in items] == [vectors.ITEM]
    return [status for _, status in home.asked]


async def test_what_is_true_is_believed(hub: PaperHub, home: Home) -> None:
    """And asked for again with the ETag of what is there."""
    assert await slot(home) == [200]
    assert await slot(home) == [304]
    hub.feed["seq"] += 1
    assert await slot(home) == [200]


async def test_on_another_day_nothing_is_said_of_what_is_there(home: Home) -> None:
    """The bytes may have been made for this home alone."""
    assert await slot(home) == [200]
    assert await slot(home, NOW + timedelta(hours=14)) == [304]
    assert await slot(home, NOW + timedelta(hours=15)) == [200]
    assert await slot(home, NOW + timedelta(hours=16)) == [304]


async def test_what_is_over_is_not_offered(hub: PaperHub, home: Home) -> None:
    """Although a feed from a cache still lists it."""
    assert await slot(home) == [200]
    hub.publish("{}", kind="withdrawn", target=3)
    hub.feed["head"] = SAID["feed"]["payload"]["head"]
    assert await home.slot(NOW) == []


async def test_a_feed_may_be_newer_than_the_log(hub: PaperHub, home: Home) -> None:
    """Something was published between the two questions."""

    class Later(PaperHub):
        @override
        async def call(self, method: str, url: str, **given: Any) -> Answer:
            if "/feed/" in url and len(self.lines) == 7:
                text = vectors.NOTICE_TEXT.replace(vectors.NOTICE, "a" * 26)
                self.publish(text, id="a" * 26)
                self.feed["items"].append({"n": 8, **self.lines[7]["beside"]})
            return await super().call(method, url, **given)

    home.reader.web = Later()
    items = await home.slot(NOW)
    assert [item["id"] for item in items] == [vectors.ITEM, "a" * 26]


@pytest.mark.parametrize(
    ("changed", "offered"),
    [
        ({"area": {"kind": "circle", "radius": 143.0}}, False),
        ({"area": {"kind": "circle", "radius": 145.0}}, True),
        ({"area": {"kind": "circle", "radius": 641.0}}, True),
        ({"area": {"kind": "circle", "radius": 644.0}}, False),
        ({"area": {"kind": "polygon", "points": _square(0.0022)}}, False),
        ({"area": {"kind": "polygon", "points": _square(0.0024)}}, True),
        ({"area": {"kind": "polygon", "points": _square(0.0105)}}, False),
        ({"end": "2026-11-30T18:14:59Z"}, False),
        ({"end": "2026-12-01T06:00:01Z"}, False),
    ],
)
async def test_what_would_tell_who_answers_is_not_offered(
    hub: PaperHub, home: Home, changed: Said, offered: bool
) -> None:
    """Whatever limits a hub has."""
    text = json.dumps({**json.loads(vectors.REQUEST), "id": "a" * 26, **changed})
    hub.publish(text, id="a" * 26)
    hub.feed["items"] = [{"n": 8, **hub.lines[7]["beside"]}]
    assert len(await home.slot(NOW)) == offered


def test_a_slot_is_of_few_lengths() -> None:
    """So that no home is marked by its own."""
    said = (1, 60, 61, 899, 900, 901, 3600, 86400)
    assert list(map(slot_length, said)) == [60, 60, 300, 900, 900, 1800, 3600, 3600]


def _item(**changed: Any) -> Callable[[PaperHub], None]:
    def lie(hub: PaperHub) -> None:
        hub.feed["items"][0] |= changed

    return lie


def _feed(**changed: Any) -> Callable[[PaperHub], None]:
    return lambda hub: hub.feed.update(changed)


def _hidden(hub: PaperHub) -> None:
    hub.lines[3]["beside"] = None


def _told_before(hub: PaperHub) -> None:
    """Say why a text goes before there is one."""
    said = {"id": vectors.ITEM, "target": len(hub.lines) + 2}
    hub.publish('{"who":"","why":""}', kind="redacted", **said)
    hub.publish('{"text":"a name"}', kind="note", id=vectors.ITEM, target=3)
    hub.lines[-1]["beside"] = None


def _older_page(hub: PaperHub) -> None:
    said = {**hub.head, "n": 6, "hash": hub.lines[5]["entry"]["hash"]}
    hub.page_head = signing.sign_as_hub(said, KEY, signing.HEAD)


def _shorter(hub: PaperHub) -> None:
    hub.lines.pop()


def _marked(hub: PaperHub) -> None:
    hub.etag = lambda _: '"home 5"'


def _key_not_in_the_log(hub: PaperHub) -> None:
    hub.lines[1:2] = []
    lines = [hub.lines[0]]
    for each in hub.lines[1:]:
        entry, beside = (
            each["entry"],
            each["beside"] or {"salt": "00" * 16, "text": "{}"},
        )
        said = {name: entry[name] for name in ("at", "kind", "id", "target")}
        lines.append(new_line(lines[-1], beside["salt"], beside["text"], **said))
    hub.lines = lines
    hub.heads_at(len(lines))


def _retired_key(hub: PaperHub) -> None:
    """Sign with the first key, and leave out that another one followed."""
    hub.key = vectors.KEYS[0]
    hub.info["rotations"] = []
    hub.info["jwks"]["keys"].pop()


def _key_of_a_thief(hub: PaperHub) -> None:
    """Name another key than the log does, and sign with it."""
    hub.key = vectors.KEYS[2]
    hub.info["rotations"] = [OTHER]
    kids = [signing.thumbprint(vectors.KEYS[2].public_key())]
    hub.info["jwks"]["keys"] = [{"kid": kid} for kid in kids]


def _other_jwks(hub: PaperHub) -> None:
    hub.info["jwks"]["keys"].pop()


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        (_item(text=vectors.REQUEST + " "), "unlisted"),
        (_item(salt="00" * 16), "unlisted"),
        (_item(n=4), "unlisted"),  # a note's
        (_item(n=99), "unlisted"),
        (_feed(head={"n": 7, "hash": "0" * 64}), "fork"),
        (_feed(head={"n": 8, "hash": "0" * 64}), "gap"),
        (_feed(expires=vectors.AT), "feed_expired"),
        (_feed(cell="u33dc"), "other_hub"),
        (_feed(hub="another"), "other_hub"),
        (_marked, "answer_of_another_kind"),
        (_hidden, "fork"),
        (_told_before, "fork"),
        (_shorter, "gap"),
        (_older_page, "rollback"),
        (_key_not_in_the_log, "fork"),
        (_retired_key, "fork"),
        (_key_of_a_thief, "fork"),
        (_other_jwks, "fork"),
    ],
)
async def test_a_lie_is_found_out(
    hub: PaperHub, home: Home, lie: Callable[[PaperHub], None], code: str
) -> None:
    """And nothing of it is offered."""
    lie(hub)
    with pytest.raises(Distrust) as told:
        await home.slot(NOW)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda hub: hub.heads_at(6), "rollback"),
        (_feed(seq=16), "rollback"),
        (_feed(issued=vectors.AT), "fork"),  # two feeds with one number
        (lambda hub: hub.info.update(rotations=[]), "rollback"),
        (lambda hub: hub.info.update(rotations=[OTHER]), "fork"),
    ],
)
async def test_what_was_said_before_counts(
    hub: PaperHub, home: Home, change: Callable[[PaperHub], None], code: str
) -> None:
    """A hub cannot go back to what it said earlier, or say it otherwise."""
    await slot(home)
    change(hub)
    with pytest.raises(Distrust) as told:
        await home.slot(NOW)
    assert told.value.code == code


async def test_a_kept_feed_ends_too(hub: PaperHub, home: Home) -> None:
    """A hub that answers 304 for ever is silent, not open."""
    await slot(home)
    with pytest.raises(Distrust, match="feed_expired"):
        await home.slot(instant("2026-12-04T08:00:00Z"))


@pytest.mark.parametrize("case", SAID["feed"]["refused"], ids=lambda case: case["what"])
async def test_what_the_vectors_refuse(
    hub: PaperHub, home: Home, case: dict[str, Any]
) -> None:
    """Signatures, keys, times, names."""
    await home.reader.info(NOW)
    body = case["token"].encode()
    answer = Answer(200, {"ETag": hub.etag(body)}, body)
    with pytest.raises(Distrust):
        home._read(vectors.CELL, answer, instant(case["at"]))
