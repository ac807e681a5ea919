"""What all tests share."""

import asyncio
from asyncio import BaseEventLoop
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
import pytest
import pytest_asyncio

# Imported before Home Assistant looks for it: the test plugin brings a package of the
# same name, and the first one imported is the one that is searched for integrations.
import custom_components  # noqa: F401
from script.demo_world.browser import Browser

from .browsers import SharedBrowser

_HOUSE = "house"
COUNTED = "counted"  # a property: a line about what a test counted

# A busy machine is no fault of ours: examples are counted, not timed. They are the same
# each time, so that a change answers for what it broke, and for nothing else. Others
# are looked for with --hypothesis-profile=search.
_UNHURRIED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("unhurried", _UNHURRIED, derandomize=True)
settings.register_profile("search", _UNHURRIED, max_examples=1000)
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares a home where several workers run: else, each file.

    What takes long comes first, then what has many tests: so that in the end no worker
    is alone with a long one. Before pytest-xdist looks for groups: hence first.
    """
    groups = {item: _group(item) for item in items}
    sizes = Counter(groups.values())
    long = {
        group
        for item, group in groups.items()
        if group == _HOUSE or item.get_closest_marker("slow")
    }

    def place(item: pytest.Item) -> tuple[bool, int, str]:
        group = groups[item]
        return group not in long, -sizes[group], group

    items.sort(key=place)
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
        if "browser" in getattr(item, "fixturenames", ()):
            # the loop in which the browser runs: it outlives the test
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def _group(item: pytest.Item) -> str:
    names = getattr(item, "fixturenames", ())
    shared = item.path.parent.name == "e2e" and "world" in names
    return _HOUSE if shared else str(item.path.relative_to(item.config.rootpath))


@pytest.fixture(autouse=True)
async def enable_event_loop_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold what the event loop's debug mode holds: nothing of it is for other threads.

    In that mode, which the test plugin has all tests run in, each future and each
    callback also keeps the stack it was made on: a third of all the time.
    """
    loop: Any = asyncio.get_running_loop()

    def checked[T](call: Callable[..., T]) -> Callable[..., T]:
        def checking(*args: Any, **kwargs: Any) -> T:
            loop._check_thread()
            return call(*args, **kwargs)

        return checking

    for name in ("call_soon", "call_at"):
        monkeypatch.setattr(loop, name, checked(getattr(loop, name)))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _chromium() -> AsyncGenerator[SharedBrowser]:
    shared = SharedBrowser()
    yield shared
    await shared.async_end()


@pytest_asyncio.fixture(loop_scope="session")
async def own_threads() -> AsyncGenerator[None]:
    """Give a test in the loop that many share threads that end with it.

    The test plugin counts those that outlive a test, and ends those of a test's own
    loop only.
    """
    loop: Any = asyncio.get_running_loop()
    # the loop itself has none set but Home Assistant's own
    use = partial(BaseEventLoop.set_default_executor, loop)
    threads = ThreadPoolExecutor()
    use(threads)
    yield
    threads.shutdown()
    use(ThreadPoolExecutor())  # none starts before it is needed


@pytest_asyncio.fixture(loop_scope="session")
async def browser(
    socket_enabled: None, own_threads: None, _chromium: SharedBrowser
) -> AsyncGenerator[Browser]:
    """Return a headless Chromium that knows nothing of any other test."""
    async with _chromium.lent() as lent:
        yield lent


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find ours, in the tests that start one."""
    if "hass" not in request.fixturenames:
        return
    if "recorder_mock" in request.fixturenames:
        # The recorder's database has to be there before `hass` is.
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: what one prints itself is lost where several run."""
    lines = {
        (report.nodeid, line): None
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport)
        for name, line in report.user_properties
        if name == COUNTED
    }
    if lines:
        terminalreporter.section("counted")
    for _, line in lines:
        terminalreporter.write_line(str(line))
