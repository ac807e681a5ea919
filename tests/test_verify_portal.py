"""`script/verify_portal.py`: what it says OK to holds, and what does not is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import importlib.util
import json
from pathlib import Path
import subprocess
import sys
import threading
from types import ModuleType
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pytest

from custom_components.clip_consent.base import portal_keys
from custom_components.clip_consent.core.portal_feed import HEAD_TYPE, head_payload
from custom_components.clip_consent.core.portal_log import (
    EMPTY,
    Beside,
    EntryKind,
    Head,
    LogLine,
    line_json,
    next_entry,
)

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "script" / "verify_portal.py"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = (Ed25519PrivateKey.generate() for _ in range(3))
HUB = portal_keys.thumbprint(FIRST.public_key())

type Saved = dict[str, Any]
type Verify = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module", name="script")
def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_portal", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _lines(count: int, *rotations: str) -> list[LogLine]:
    lines: list[LogLine] = []
    for number in range(count):
        text = f'{{"number":{number},"é":"1e-07"}}'
        _add(lines, EntryKind.PUBLISHED, text, id="k5x2mzq7w3d4a6bnt2h5c7e3ya")
    for rotation in rotations:
        _add(lines, EntryKind.KEY, json.dumps({"rotation": rotation}))
    return lines


def _add(
    lines: list[LogLine],
    kind: EntryKind,
    text: str = "{}",
    id: str | None = None,
    target: int | None = None,
) -> int:
    beside = Beside(salt=bytes(16), text=text)
    at = NOW + timedelta(minutes=len(lines))
    entry = next_entry(
        _head(lines), at=at, kind=kind, id=id, target=target, beside=beside
    )
    lines.append(LogLine(entry=entry, beside=beside))
    return entry.n


def _head(lines: list[LogLine]) -> Head:
    return lines[-1].entry.head if lines else EMPTY


def _signed(head: Head, key: Ed25519PrivateKey, hub: str = HUB) -> str:
    payload = head_payload(head, hub=hub, at=NOW)
    return portal_keys.sign_as_hub(payload, key, typ=HEAD_TYPE).decode()


def _info(head: Head, key: Ed25519PrivateKey = FIRST, *rotations: str) -> Saved:
    return {
        "hub": HUB,
        "first_key": portal_keys.jwk(FIRST.public_key()),
        "rotations": list(rotations),
        "head": _signed(head, key),
    }


def _rotation(since: datetime) -> str:
    return portal_keys.rotate(FIRST, SECOND.public_key(), hub=HUB, since=since)


def saved(
    lines: list[LogLine], key: Ed25519PrivateKey = FIRST, *rotations: str
) -> Saved:
    """Return a log as the script saves it."""
    head = _head(lines)
    return {
        "version": 1,
        "at": NOW.isoformat(),
        "info": _info(head, key, *rotations),
        "entries": [line_json(line) for line in lines],
        "head": _signed(head, key),
    }


def saved_log(count: int) -> Saved:
    """Return a log of so many entries as the script saves it."""
    return saved(_lines(count))


@pytest.fixture
def verify(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Verify:
    """Return how to run it on a saved log."""

    def run(saved: object, *more: str) -> tuple[int, str]:
        path = tmp_path / "log.json"
        path.write_text(json.dumps(saved), encoding="utf-8")
        status = script.main([str(path), *more])
        return status, capsys.readouterr().out

    return run


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_whole_log_holds(verify: Verify, count: int) -> None:
    """And the hub's words are told."""
    status, said = verify(saved_log(count))
    assert status == 0, said
    assert f"OK: {count} entries" in said
    words = portal_keys.hub_words(HUB)
    assert words in said
    assert verify(saved_log(count), "--words", words)[0] == 0
    status, said = verify(saved_log(count), "--words", "lusab-babad")
    assert status == 1
    assert words in said


def test_a_key_that_followed(verify: Verify) -> None:
    """The newer one signs; the older one for a while."""
    for key, since, held in (
        (SECOND, NOW - timedelta(days=1), True),
        (FIRST, NOW - timedelta(days=13), True),
        (FIRST, NOW - timedelta(days=14), False),
        (SECOND, NOW + timedelta(days=1), False),
    ):
        rotation = _rotation(since)
        log = saved(_lines(5, rotation), key, rotation)
        assert (verify(log)[0] == 0) is held


LONG_AGO: Final = NOW - timedelta(days=400)


def test_a_key_whose_time_is_over_does_not_speak_again(verify: Verify) -> None:
    """Not by leaving out the one that followed, nor by naming another."""
    rotation = _rotation(LONG_AGO)
    lines = _lines(2, rotation)
    _add(lines, EntryKind.NOTE)
    assert verify(saved(lines, SECOND, rotation))[0] == 0
    status, said = verify(saved(lines, FIRST))
    assert (status, "not the hub's, or old" in said) == (1, True)
    other = portal_keys.rotate(FIRST, THIRD.public_key(), hub=HUB, since=LONG_AGO)
    status, said = verify(saved(lines, THIRD, other))
    assert (status, "not the hub's, or old" in said) == (1, True)
    # signed by the right one, but the hub says of its keys what its log does not
    for rotations in ((), (other,), (rotation, other)):
        log = saved(lines, SECOND, *rotations)
        assert verify(log) == (
            1,
            "NOT OK: the hub names other keys than its log does\n",
        )
    # nor has the log one that does not follow
    status, said = verify(saved(_lines(2, rotation, other), SECOND, rotation, other))
    assert (status, "NOT OK" in said) == (1, True)


def test_what_the_hub_says_may_be_older_than_its_log(verify: Verify) -> None:
    """Of its keys it then says what the log had by then; it is of that log all the same."""
    rotation = _rotation(LONG_AGO)
    lines = _lines(2, rotation)
    log = saved(lines, SECOND, rotation)
    log["info"] = _info(_head(lines[:2]), SECOND)
    assert verify(log)[0] == 0
    log["info"] = _info(_head(lines[:2]), SECOND, rotation)
    assert verify(log)[0] == 1
    log["info"] = _info(Head(n=3, hash="ab" * 32), SECOND, rotation)
    assert "the head of another log" in verify(log)[1]
    log["info"] = _info(Head(n=4, hash="ab" * 32), SECOND, rotation)
    assert "missing at the end" in verify(log)[1]
    # as an older version of the script and of the page saved it
    log = saved(lines, SECOND, rotation)
    del log["head"]
    assert verify(log)[0] == 0
    log["entries"].pop()
    assert verify(log)[0] == 1


def _at(saved: Saved, *path: Any) -> Any:
    for step in path:
        saved = saved[step]
    return saved


DAMAGE: dict[str, tuple[Callable[[Saved], object], str]] = {
    "an entry is gone": (lambda s: s["entries"].pop(2), "entry 3 is missing"),
    "the last is gone": (lambda s: s["entries"].pop(), "missing at the end"),
    "two changed places": (lambda s: s["entries"].reverse(), "entry 1 is missing"),
    "another kind": (
        lambda s: _at(s, "entries", 1, "entry").update(kind="note"),
        "entry 2 was changed",
    ),
    "another text": (
        lambda s: _at(s, "entries", 1, "beside").update(text="{}"),
        "the text of entry 2 was changed",
    ),
    "a text is gone": (
        lambda s: s["entries"][1].update(beside=None),
        "the text of entry 2 is gone",
    ),
    "another history": (
        lambda s: _at(s, "entries", 1, "entry").update(previous="f" * 64),
        "does not follow",
    ),
    "an entry says less": (
        lambda s: s["entries"][1]["entry"].pop("target"),
        "entry 2 is no entry",
    ),
    "signed by a stranger": (
        lambda s: s.update(head=_signed(EMPTY, SECOND)),
        "not the hub's",
    ),
    "another hub's head": (
        lambda s: s.update(head=_signed(_head(_lines(5)), FIRST, "x")),
        "another hub's",
    ),
    "another first key": (
        lambda s: s["info"].update(first_key=portal_keys.jwk(SECOND.public_key())),
        "not named after",
    ),
    "a key of another kind": (
        lambda s: s["info"]["first_key"].update(kty="RSA"),
        "of another kind",
    ),
    "a key of another hub": (
        lambda s: s.update(
            saved(
                _lines(
                    1,
                    portal_keys.rotate(FIRST, SECOND.public_key(), hub="x", since=NOW),
                )
            )
        ),
        "another hub's",
    ),
    "another version": (lambda s: s.update(version=2), "another version"),
    "no log": (lambda s: s.pop("entries"), "no log"),
    "no entries": (lambda s: s.update(entries=5), "no log"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_does_not_hold_is_named(verify: Verify, name: str) -> None:
    """Each way to change a log."""
    change, expected = DAMAGE[name]
    saved = copy.deepcopy(saved_log(5))
    change(saved)
    status, said = verify(saved)
    assert status == 1
    assert expected in said


def test_a_signature_that_was_changed(verify: Verify) -> None:
    """And a header that says more."""
    saved = saved_log(1)
    header, body, signature = saved["head"].split(".")
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    saved["head"] = f"{header}.{body}.{flipped}"
    assert verify(saved) == (1, "NOT OK: a signature does not hold\n")


def test_a_text_that_was_taken_away(verify: Verify) -> None:
    """Only with an entry that says so."""
    lines = _lines(2)
    _add(lines, EntryKind.REDACTED, '{"who":"moderator","why":"a name"}', target=1)
    lines[0] = replace(lines[0], beside=None)
    assert verify(saved(lines))[0] == 0


WHY: Final = '{"who":"moderator","why":"a name"}'


@pytest.mark.parametrize("kind", list(EntryKind))
def test_only_what_somebody_wrote_may_lose_its_text(
    verify: Verify, kind: EntryKind
) -> None:
    """Rules, keys, ends, and who took a text away: their texts stay, whatever is said."""
    rotation = _rotation(LONG_AGO)
    key = kind is EntryKind.KEY
    lines = _lines(1)
    n = _add(lines, kind, json.dumps({"rotation": rotation}) if key else "{}", target=1)
    _add(lines, EntryKind.REDACTED, WHY, target=n)
    signed = (SECOND, rotation) if key else (FIRST,)
    assert verify(saved(lines, *signed))[0] == 0
    lines[n - 1] = replace(lines[n - 1], beside=None)
    status, said = verify(saved(lines, *signed))
    if kind in (EntryKind.PUBLISHED, EntryKind.NOTE):
        assert status == 0, said
    else:
        assert (status, "the text of entry 2 is gone" in said) == (1, True)


def test_a_reason_comes_after_what_it_is_for(verify: Verify) -> None:
    """Not before it, and not in place of it."""
    lines = _lines(1)
    for target in (3, 2):
        _add(lines, EntryKind.REDACTED, WHY, target=target)
    _add(lines, EntryKind.NOTE)
    assert verify(saved(lines))[0] == 0
    lines[-1] = replace(lines[-1], beside=None)
    status, said = verify(saved(lines))
    assert (status, "the text of entry 4 is gone" in said) == (1, True)
    _add(lines, EntryKind.REDACTED, WHY, target=4)
    assert verify(saved(lines))[0] == 0
    lines = _lines(1)
    _add(lines, EntryKind.REDACTED, WHY, target=3)
    _add(lines, EntryKind.PUBLISHED)
    lines[-1] = replace(lines[-1], beside=None)
    status, said = verify(saved(lines))
    assert (status, "the text of entry 3 is gone" in said) == (1, True)


def test_an_older_copy_tells_a_log_made_anew(verify: Verify, tmp_path: Path) -> None:
    """Nothing else can, if the hub's own key made it."""
    older = tmp_path / "older.json"
    older.write_text(json.dumps(saved_log(3)), encoding="utf-8")
    assert verify(saved_log(5), "--before", str(older))[0] == 0
    status, said = verify(saved_log(2), "--before", str(older))
    assert (status, "more entries" in said) == (1, True)
    lines: list[LogLine] = []
    for number in range(4):
        _add(lines, EntryKind.NOTE, f"{{}}{' ' * number}")
    status, said = verify(saved(lines), "--before", str(older))
    assert (status, "entry 1 is another one" in said) == (1, True)


@contextmanager
def _hub(answer: Callable[[str], bytes | int]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = answer(self.path)
            self.send_response(said if isinstance(said, int) else 200)
            if isinstance(said, int):
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            if isinstance(said, bytes):
                self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/some/page"
        finally:
            server.shutdown()
            thread.join()


def _answers(saved: Saved) -> Callable[[str], bytes]:
    def answer(path: str) -> bytes:
        split = urlsplit(path)
        if split.path.endswith("/v1/info"):
            return json.dumps(saved["info"]).encode()
        start = int(parse_qs(split.query)["from"][0])
        page = saved["entries"][start - 1 : start + 99]
        return json.dumps({"entries": page, "head": saved["info"]["head"]}).encode()

    return answer


@pytest.mark.usefixtures("socket_enabled")
def test_a_hub_by_its_address(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All pages are read, and kept if that is wanted."""
    kept = tmp_path / "kept.json"
    with _hub(_answers(saved_log(250))) as address:
        assert script.main([address, "--save", str(kept)]) == 0
    assert "OK: 250 entries" in capsys.readouterr().out
    assert script.main([str(kept)]) == 0


@pytest.mark.usefixtures("socket_enabled")
def test_a_hub_that_does_not_answer_well(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It sends elsewhere, says too much, or is not there."""
    with _hub(lambda _: 302) as address:
        assert script.main([address]) == 2
    assert "302" in capsys.readouterr().err
    with _hub(lambda _: b" " * (2**20 + 1)) as address:
        assert script.main([address]) == 1
    assert "larger than" in capsys.readouterr().out
    with _hub(lambda _: 404) as address:
        assert script.main([address]) == 2
    assert script.main([str(tmp_path / "nowhere.json")]) == 2


def test_it_runs_alone(tmp_path: Path) -> None:
    """Away from the repository."""
    copied = tmp_path / "verify_portal.py"
    copied.write_bytes(SCRIPT.read_bytes())
    log = tmp_path / "log.json"
    log.write_text(json.dumps(saved_log(3)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", copied, log],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "OK: 3 entries" in done.stdout
