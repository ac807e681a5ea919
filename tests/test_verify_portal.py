"""`script/verify_portal.py`: what it says OK to holds, and what does not is named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import copy
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import importlib.util
import json
from pathlib import Path
import subprocess
import sys
import threading
from types import ModuleType
from typing import Any
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
FIRST, SECOND = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
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


def _lines(count: int) -> list[LogLine]:
    head, lines = EMPTY, []
    for number in range(count):
        beside = Beside(salt=bytes(16), text=f'{{"number":{number},"é":"1e-07"}}')
        entry = next_entry(
            head,
            at=NOW + timedelta(minutes=number),
            kind=EntryKind.PUBLISHED,
            id="k5x2mzq7w3d4a6bnt2h5c7e3ya",
            target=None,
            beside=beside,
        )
        lines.append(LogLine(entry=entry, beside=beside))
        head = entry.head
    return lines


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


def saved_log(count: int) -> Saved:
    """Return a log as the script saves it."""
    lines = _lines(count)
    head = lines[-1].entry.head if lines else EMPTY
    return {
        "version": 1,
        "at": NOW.isoformat(),
        "info": _info(head),
        "entries": [line_json(line) for line in lines],
    }


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
    head = _lines(5)[-1].entry.head
    for key, since, held in (
        (SECOND, NOW - timedelta(days=1), True),
        (FIRST, NOW - timedelta(days=13), True),
        (FIRST, NOW - timedelta(days=14), False),
        (SECOND, NOW + timedelta(days=1), False),
    ):
        saved = saved_log(5)
        saved["info"] = _info(head, key, _rotation(since))
        assert (verify(saved)[0] == 0) is held


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
        lambda s: s["info"].update(head=_signed(EMPTY, SECOND)),
        "not the hub's",
    ),
    "another hub's head": (
        lambda s: s["info"].update(head=_signed(_lines(5)[-1].entry.head, FIRST, "x")),
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
        lambda s: s["info"].update(
            rotations=[
                portal_keys.rotate(FIRST, SECOND.public_key(), hub="x", since=NOW)
            ]
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
    header, body, signature = saved["info"]["head"].split(".")
    flipped = ("B" if signature[0] == "A" else "A") + signature[1:]
    saved["info"]["head"] = f"{header}.{body}.{flipped}"
    assert verify(saved) == (1, "NOT OK: a signature does not hold\n")


def test_a_text_that_was_taken_away(verify: Verify) -> None:
    """Only with an entry that says so."""
    lines = _lines(2)
    why = Beside(salt=bytes(16), text='{"who":"moderator","why":"a name"}')
    entry = next_entry(
        lines[-1].entry.head,
        at=NOW + timedelta(hours=1),
        kind=EntryKind.REDACTED,
        id="k5x2mzq7w3d4a6bnt2h5c7e3ya",
        target=1,
        beside=why,
    )
    said = [line_json(line) for line in (*lines, LogLine(entry=entry, beside=why))]
    said[0]["beside"] = None
    saved = saved_log(2) | {"info": _info(entry.head), "entries": said}
    assert verify(saved)[0] == 0


def test_an_older_copy_tells_a_log_made_anew(verify: Verify, tmp_path: Path) -> None:
    """Nothing else can, if the hub's own key made it."""
    older = tmp_path / "older.json"
    older.write_text(json.dumps(saved_log(3)), encoding="utf-8")
    assert verify(saved_log(5), "--before", str(older))[0] == 0
    status, said = verify(saved_log(2), "--before", str(older))
    assert (status, "more entries" in said) == (1, True)
    other = saved_log(4)
    head, lines = EMPTY, []
    for number in range(4):
        beside = Beside(salt=bytes(16), text=f"{{}}{' ' * number}")
        entry = next_entry(
            head, at=NOW, kind=EntryKind.NOTE, id=None, target=None, beside=beside
        )
        lines.append(line_json(LogLine(entry=entry, beside=beside)))
        head = entry.head
    other |= {"entries": lines, "info": _info(head)}
    status, said = verify(other, "--before", str(older))
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
