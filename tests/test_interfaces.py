"""docs/interfaces.md names what the code has: every word, field and address, both ways."""

import ast
from datetime import timedelta
from enum import StrEnum
import re
from typing import Any, Final

import pytest
import voluptuous as vol

from custom_components.clip_consent import condition, http, services, trigger, websocket
from custom_components.clip_consent.base import public_view
from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core import limits, models
from custom_components.clip_consent.home.asking import CLOCK_CORRECTED
from tests.interfaces import EXAMPLES, MARKED, ROOT, fields, rows, section, words

PACKAGE: Final = ROOT / "custom_components" / "clip_consent"
WORDS: Final[dict[str, type[StrEnum]]] = {
    "`state` of a case": models.CaseState,
    "`verdict`": models.VerdictKind,
    "`trust`": models.Trust,
    "`kind` of requester": models.RequesterKind,
    "`portal`": models.PortalKind,
    "`way` out": models.Way,
    "`means` of a consent": models.Means,
    "`closed` reason (never leaves the home)": models.ClosedReason,
    "event types": models.CaseEventType,
}


# --- the page as a whole


def test_every_example_is_read_and_every_one_is_checked() -> None:
    """An example that cannot be read, or that no test compares, is a gap."""
    assert list(EXAMPLES) == MARKED
    assert len(set(MARKED)) == len(MARKED)
    checked: set[str] = set()
    tests = ROOT / "tests"
    paths = (
        path
        for pattern in ("test_*.py", "edges/test_*.py", "config_flow/**/test_*.py")
        for path in tests.glob(pattern)
    )
    for path in paths:
        checked |= set(re.findall(r'example\("(\w+)"\)', path.read_text("utf-8")))
    assert checked == set(EXAMPLES)


def test_words_are_those_of_the_code() -> None:
    """Section 1: every word of the code stands there, and no other."""
    table = {what: words(values) for what, values in rows(1, "what")}
    assert table == {
        what: [each.value for each in kind] for what, kind in WORDS.items()
    }


def test_triggers_and_conditions() -> None:
    """Section 3 names all triggers and conditions, and no other."""
    named = set(re.findall(rf"`{DOMAIN}\.(\w+)`", section(3)))
    assert named == {*trigger.TRIGGERS, *condition.CONDITIONS}
    assert "Option `trust`" in section(3)


def _schema_fields(schema: dict[Any, Any]) -> dict[str, bool]:
    return {str(key): isinstance(key, vol.Required) for key in schema}


def test_actions_and_their_fields() -> None:
    """Section 4: each action with its fields, and which may be left out."""
    table = {
        words(name)[0].removeprefix(f"{DOMAIN}."): fields(cell)
        for name, cell, _ in rows(4, "action")
    }
    table["submit_request"] = {}
    for name, _, _ in rows(4, "field"):
        table["submit_request"] |= fields(name)
    assert table == {
        name: _schema_fields(schema) for name, _, schema, _ in services._ACTIONS
    }


def test_commands_and_their_fields() -> None:
    """Sections 5 and 10: each command with its fields, and which may be left out."""
    registered: dict[str, Any] = {}

    def register(_: object, command: Any) -> None:
        registered[command._ws_command] = command._ws_schema

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(websocket.websocket_api, "async_register_command", register)
        websocket.register_commands(None)  # type: ignore[arg-type]
    real = {
        name: {
            field: needed
            for field, needed in _schema_fields(schema.schema if schema else {}).items()
            if field not in ("id", "type")
        }
        for name, schema in registered.items()
    }
    # the page names once what every command takes
    assert [taken.pop("language", None) for taken in real.values()] == [False] * len(
        real
    )
    named = [*rows(5, "command"), *rows(10, "hub command")]
    table = {words(row[0])[0]: fields(row[2]) for row in named}
    assert table == real
    assert table


def _path(url: str) -> str:
    return re.sub(r"<\w+>|\{(?:[^{}]|\{[^{}]*\})*\}", "<>", url)


def test_public_pages_and_their_answers() -> None:
    """Sections 6 and 7: every address, and every fixed answer."""
    views = {
        _path(view.url)
        for view in vars(http).values()
        if isinstance(view, type)
        and issubclass(view, public_view.PublicView)
        and view.__module__ == http.__name__
    }
    named = {_path(words(call)[0].split()[1]) for call, _ in rows(7, "call")}
    inside = re.findall(r"`GET (\S+)`", section(6))
    assert named | {*map(_path, inside)} == views
    takes_post = {
        _path(words(call)[0].split()[1])
        for call, _ in rows(7, "call")
        if "`POST" in call
    }
    assert takes_post == {_path(http.AskView.url)}
    assert issubclass(http.AskView, public_view.PublicFormView)
    answers = re.findall(r'(\d{3})[^`\d]{0,40}`\{"error":"(\w+)"\}`', section(7))
    said = {int(status): text for status, text in answers}
    fixed = {status.value: text for status, text in public_view._BODIES.items()}
    assert said.items() <= fixed.items()
    # the rest are a hub's, whose page says when
    protocol = (ROOT / "docs" / "portal-protocol.md").read_text(encoding="utf-8")
    assert [
        status for status in fixed.keys() - said if str(status) not in protocol
    ] == []


def test_public_limits() -> None:
    """Section 7: the published limits are those that are held."""
    direct = limits.DIRECT
    said = " ".join(section(7).split())
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert (
        f"window {direct.window_min // minute} minute to"
        f" {direct.window_max // hour} hours, not in the future, not older than"
        f" {direct.window_age_max.days} days; `name` 1 to {direct.name_max} characters;"
        f" `text` 1 to {direct.text_max:,}; `contact` ≤ {direct.contact_max};"
        f" `case_number` ≤ {direct.case_number_max}, required from police."
    ) in said
    assert f"at most {limits.BODY_MAX // 1024} KiB" in said


def test_kinds_of_ledger_lines() -> None:
    """Section 8 names every kind that is ever written, and no other."""
    written: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "hub"):
            continue  # it has a log of its own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "line":
                written.add(ast.literal_eval(node.args[0]))
            elif node.func.id == "Line":
                kinds = [key.value for key in node.keywords if key.arg == "kind"]
                written |= {
                    ast.literal_eval(kind)
                    for kind in kinds
                    if isinstance(kind, ast.Constant)
                }
    said = section(8)
    listed = said[said.index("`kind` is one of") : said.index("`data` depends")]
    assert set(words(listed)) - {"kind"} == written


def test_changes_of_a_draft() -> None:
    """Section 9 names every change that a draft can say of itself."""
    source = (PACKAGE / "home" / "media" / "job.py").read_text(encoding="utf-8")
    [made] = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "_changes"
    ]
    [done] = [node for node in ast.walk(made) if isinstance(node, ast.Dict)]
    codes = {ast.literal_eval(key) for key in done.keys if key} | {CLOCK_CORRECTED}
    said = section(9)
    listed = said[said.index("`transformations`:") : said.index("`purpose` is")]
    assert set(words(listed)) - {"transformations"} == codes
    strings = ROOT / "frontend" / "src" / "strings" / "en" / "common.ts"
    shown = re.search(r"changes: \{(.*?)\}", strings.read_text("utf-8"), re.DOTALL)
    assert shown
    said_of = re.findall(r"^    (\w+):", shown[1], re.MULTILINE)
    assert set(said_of) == codes
