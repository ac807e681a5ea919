"""The hub keeps to docs/openapi.yaml: a stranger's program asks it whatever it can."""

import asyncio
from collections import Counter
from collections.abc import Callable
import json
from pathlib import Path
import re
import sys
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml

from custom_components.clip_consent import http_drops, http_hub
from custom_components.clip_consent.core.hub_settings import HubLimits
from tests.conftest import COUNTED

from .web import WebHub
from .world import MODERATOR, POLICE_TOKEN

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGE: Final = DOCS / "openapi.yaml"
OPENAPI: Final[dict[str, Any]] = yaml.safe_load(PAGE.read_text(encoding="utf-8"))
METHODS: Final = ("get", "post", "head", "patch", "delete")
# What no hub does: a 401 is a failed login, a 405 tells what there is.
NOT_ASKED: Final = (
    "unsupported_method,allow_header_conformance,ignored_auth,missing_required_header,"
    "positive_data_acceptance"
)
HOOKS: Final = str(Path(__file__).with_name("tus_bodies.py"))
CONFIG: Final = """
[parameters]
"path.request" = "{item}"

[checks.negative_data_rejection]
expected-statuses = ["400", "404", "412", "413", "415", "416", "429"]
"""


type Recorder = Callable[[str, object], None]


def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): item[method]
        for path, item in OPENAPI["paths"].items()
        for method in METHODS
        if method in item
    }


def _shape(url: str) -> str:
    return re.sub(r"\{(?:[^{}]|\{[^{}]*\})*\}", "<>", url)


def test_every_view_is_described_and_nothing_else() -> None:
    """Paths are those of the views, whose methods are tried below."""
    views = {
        _shape(str(view.url)).removeprefix(http_hub.BASE)
        for module in (http_hub, http_drops)
        for view in vars(module).values()
        if isinstance(view, type)
        and view.__module__ == module.__name__
        and getattr(view, "url", None)
    }
    described = {_shape(path) for path in OPENAPI["paths"]}
    actions = {"/requests/<>/withdraw", "/requests/<>/resolve", "/requests/<>/note"}
    assert actions <= described
    assert (described - actions) | {"/requests/<>/<>"} == views


def test_nothing_is_ever_answered_by_a_call_for_a_login() -> None:
    """Nor by a redirect, nor by any fault of the server but that it is not there."""
    for (method, path), operation in _operations().items():
        statuses = {int(status) for status in operation["responses"]}
        assert not statuses & {401, 403, 405, 500, *range(300, 304)}, (method, path)
        assert 404 in statuses


@pytest.mark.parametrize(
    ("example", "schema"),
    [
        ("portal_info", "Info"),
        ("portal_item", "Item"),
        ("portal_submission", "Submission"),
        ("portal_desk", "Desk"),
    ],
)
def test_the_examples_of_the_protocol_fit(example: str, schema: str) -> None:
    """The page that people read and the one that programs read say the same."""
    page = (DOCS / "portal-protocol.md").read_text(encoding="utf-8")
    found = re.search(
        rf"<!-- example: {example} -->\n```json\n(.*?)```", page, re.DOTALL
    )
    assert found
    said = json.loads(found[1])
    if "head" in said:  # cut short on the page
        said["head"] = "a.b.c"
    jsonschema_rs.validate({**OPENAPI, "$ref": f"#/components/schemas/{schema}"}, said)


async def prepared(hub: WebHub) -> str:
    """Have something of everything, and limits that a flood of examples keeps to."""
    await hub.reboot(limits=HubLimits(per_week=100_000, per_case_number=100_000))
    item = await hub.police_asks()
    await hub.publish(item)
    note = json.dumps({"version": 1, "text": "It was Wednesday."}).encode()
    await hub.manager.async_note(hub.manager.requester(POLICE_TOKEN), item, note)
    (waiting,) = await hub.manager.async_waiting()
    await hub.manager.async_publish(waiting.id, MODERATOR)
    await hub.manager.async_post_notice("Ice", "On the steps.", ("u33db",), MODERATOR)
    await hub.manager.async_redact(4, "It names somebody", MODERATOR)
    return item


async def schemathesis(
    hub: WebHub, folder: Path, examples: int, *options: str, **headers: str
) -> str:
    """Run it as a program of its own; return what it says at the end."""
    program = Path(sys.executable).parent / "schemathesis"
    process = await asyncio.create_subprocess_exec(
        *(str(program), "--config-file", str(folder / "schemathesis.toml")),
        *("run", str(PAGE), "--url", hub.base, "--checks", "all"),
        *("--exclude-checks", NOT_ASKED, "--max-examples", str(examples)),
        *("--continue-on-failure", "--seed", "5", "--warnings", "off", "--no-color"),
        *(f"--header={name}:{value}" for name, value in headers.items()),
        *options,
        cwd=folder,
        env={
            "HOME": str(folder),
            "PATH": str(program.parent),
            "SCHEMATHESIS_HOOKS": HOOKS,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    text = out.decode()
    assert process.returncode == 0, text[-6000:]
    return text


async def test_no_question_has_an_answer_that_is_not_described(
    web_hub: WebHub, tmp_path: Path, record_property: Recorder
) -> None:
    """No fault, no undescribed answer, for whoever has no token."""
    await _asked(web_hub, tmp_path, None, record_property, 10, 600)


@pytest.mark.slow
async def test_two_thousand_questions(
    web_hub: WebHub, tmp_path: Path, record_property: Recorder
) -> None:
    """The same with a requester's token, at length."""
    await _asked(web_hub, tmp_path, POLICE_TOKEN, record_property, 110, 2000)


def _times(hub: WebHub) -> dict[tuple[str, str], int]:
    """Return how often each operation of the page was asked for."""
    found = {}
    for method, path in _operations():
        parts = (re.escape(part) for part in re.split(r"\{\w+\}", path))
        shape = re.compile(re.escape(http_hub.BASE) + "[^/]*".join(parts))
        found[method, path] = sum(
            times
            for (asked, where), times in hub.asked.items()
            if asked == method.upper() and shape.fullmatch(where)
        )
    return found


async def _asked(
    hub: WebHub,
    folder: Path,
    token: str | None,
    record_property: Recorder,
    examples: int,
    least: int,
) -> None:
    item = await prepared(hub)
    (folder / "schemathesis.toml").write_text(CONFIG.format(item=item))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    hub.answered.clear()
    hub.asked.clear()
    text = await schemathesis(hub, folder, examples, **headers)
    generated = re.search(r"(\d+) generated, (\d+) passed", text)
    assert generated and generated[1] == generated[2], text[-6000:]
    statuses = Counter[int]()
    for (_, status), count in hub.answered.items():
        statuses[status] += count
    assert not [
        status for status in statuses if status in {401, 403, 405} or status >= 500
    ]
    assert {200, 202, 400, 404, 412} <= statuses.keys()
    assert statuses.total() >= least
    times = _times(hub)
    assert min(times.values()) >= 3, times  # more where something can be varied
    said = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    record_property(COUNTED, f"{generated[1]} examples, answered {said}")
