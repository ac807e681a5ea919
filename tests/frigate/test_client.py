"""Talking to Frigate: logins, and everything that can go wrong, each with its name."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import logging
from pathlib import Path
import ssl
import traceback

from aiohttp import web
import pytest
import trustme

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera, Window
from custom_components.clip_consent.home.sources import frigate_clips, to_disk
from custom_components.clip_consent.home.sources.frigate import FrigateSource
from custom_components.clip_consent.home.sources.frigate_access import FrigateAccess
from custom_components.clip_consent.home.sources.frigate_client import FrigateClient

from .conftest import MakeSource, camera
from .standin import OLD, PASSWORD, USER, VERSIONS, Answerer, StandIn, answering
from .test_source import at, code, found, span

SECRET = "t0p-5ecret"


def owner(frigate: StandIn, **changes: str) -> Camera:
    """Return a camera whose owner knows the login."""
    return camera(frigate, **{"username": USER, "password": PASSWORD, **changes})


async def test_a_login_that_hangs_keeps_no_other_waiting(
    source: FrigateSource, frigate: StandIn
) -> None:
    """Whoever else has a login gets in meanwhile."""
    frigate.login = True
    hanging = asyncio.Event()

    async def log_in(request: web.BaseRequest) -> web.Response:
        if b'"other"' not in await request.read():
            return await frigate._log_in(request)
        hanging.set()
        return await frigate.hang(request)

    frigate.instead["login"] = log_in
    waiting = asyncio.create_task(found(source, owner(frigate, username="other"), 0, 5))
    await hanging.wait()
    async with asyncio.timeout(10):
        assert await found(source, owner(frigate), 0, 5) == [0]
    assert not waiting.done()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_login_is_used_until_it_runs_out(
    source: FrigateSource, frigate: StandIn, version: str
) -> None:
    """Then it is renewed, once; a password is sent only to who asked for one."""
    frigate.version = version
    assert await found(source, owner(frigate), 0, 5) == [0]
    assert frigate.logins == 0
    frigate.login = True
    for _ in range(2):
        assert await found(source, owner(frigate), 0, 5) == [0]
    assert frigate.logins == 1
    frigate.tokens.clear()
    assert await found(source, owner(frigate), 0, 5) == [0]
    assert frigate.logins == 2


async def test_many_at_once_log_in_once(
    source: FrigateSource, frigate: StandIn
) -> None:
    """Frigate bars who logs in too often."""
    frigate.login = True
    one = owner(frigate)
    await asyncio.gather(*(found(source, one, 0, 5) for _ in range(5)))
    assert frigate.logins == 1


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_login_that_is_refused(
    source: FrigateSource, frigate: StandIn, version: str
) -> None:
    """By 400 or 401, or by letting nobody in who is logged in; or there is none."""
    frigate.version, frigate.login = version, True
    wrong = owner(frigate, password="wrong")
    assert await code(source.async_find(wrong, span(0, 5))) == "frigate_login_refused"
    health = await source.async_health(wrong)
    assert health.state is HealthState.NO_ACCESS
    nobody = camera(frigate)
    assert await code(source.async_find(nobody, span(0, 5))) == "frigate_login_needed"

    async def of_no_use(_: web.BaseRequest) -> web.Response:
        answer = web.Response()
        answer.set_cookie("frigate_token", "of-no-use")
        return answer

    frigate.instead["login"] = of_no_use
    right = owner(frigate)
    assert await code(source.async_find(right, span(0, 5))) == "frigate_login_refused"


async def test_a_cookie_of_another_name(
    source: FrigateSource, frigate: StandIn
) -> None:
    """The owner may have named it otherwise; odd ones are passed over."""
    frigate.login = True
    frigate.tokens.add("a.b-c_d")

    async def log_in(_: web.BaseRequest) -> web.Response:
        answer = web.Response()
        answer.headers.add("Set-Cookie", "a/b=x; Path=/")
        answer.headers.add("Set-Cookie", "my_frigate=a.b-c_d; HttpOnly; Path=/")
        return answer

    frigate.instead["login"] = log_in
    assert await found(source, owner(frigate), 0, 5) == [0]


@pytest.mark.parametrize(
    "answer",
    [
        answering(500),
        answering(),
        answering(**{"Set-Cookie": "frigate_token="}),
        answering(**{"Set-Cookie": 'frigate_token="a b"'}),
    ],
)
async def test_a_login_that_gives_nothing(
    source: FrigateSource, frigate: StandIn, answer: Answerer
) -> None:
    """No session in it, or none that can be sent along."""
    frigate.login, frigate.instead["login"] = True, answer
    awaiting = source.async_find(owner(frigate), span(0, 5))
    assert await code(awaiting) == "frigate_broken_answer"


async def test_a_camera_that_this_login_may_not_see(
    source: FrigateSource, frigate: StandIn
) -> None:
    """0.17 has roles."""
    frigate.version, frigate.barred = VERSIONS[-1], {"drive"}
    one = camera(frigate)
    assert await code(source.async_find(one, span(0, 5))) == "frigate_no_access"


BROKEN = {
    "text": "<html>It works!</html>",
    "nothing": b"",
    "object": "{}",
    "rows": "[1]",
    "no times": '[{"id": "x"}]',
    "words": '[{"start_time": "now", "end_time": 2}]',
    "truth": '[{"start_time": true, "end_time": 2}]',
    "backwards": '[{"start_time": 5, "end_time": 2}]',
    "long": '[{"start_time": 5, "end_time": 20000}]',
    "before all": '[{"start_time": -5, "end_time": 2}]',
    "far off": '[{"start_time": 1e300, "end_time": 1e300}]',
    "infinite": '[{"start_time": 1e999, "end_time": 1e999}]',
    "size": '[{"start_time": 1, "end_time": 2, "segment_size": -1}]',
    "huge": '[{"start_time": 1, "end_time": 2, "segment_size": 1e308}]',
    "cut": '[{"start_time": 1, "end_ti',
    "bytes": b"\xff\xfe\x00",
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=list(BROKEN))
async def test_segments_that_are_none(
    source: FrigateSource, frigate: StandIn, body: str | bytes
) -> None:
    """Whatever else is answered has one name."""
    frigate.instead["recordings"] = answering(body=body)
    awaiting = source.async_find(camera(frigate), span(0, 5))
    assert await code(awaiting) == "frigate_broken_answer"


@pytest.mark.parametrize(
    ("part", "body"),
    [
        ("config", "[]"),
        ("config", "{}"),
        ("config", '{"cameras": {"drive": []}}'),
        ("config", '{"cameras": {"drive": {"record": 1}}}'),
        ("config", '{"cameras": {"drive": {"record": {"retain": {"days": "x"}}}}}'),
        ("version", "<html></html>"),
        ("version", "dev"),
        ("version", b"\xff"),
        ("summary", "{}"),
        ("summary", '[{"day": "2026-11-23"}]'),
        ("summary", '[{"day": "yesterday", "hours": [{"hour": "12"}]}]'),
        ("summary", '[{"day": "2026-11-23", "hours": [{"hour": 25}]}]'),
        ("summary", '[{"day": "9999-12-31", "hours": [{"hour": 23}]}]'),
        ("summary", '[{"day": "0001-01-01", "hours": [{"hour": 0}]}]'),
    ],
)
async def test_what_health_cannot_read(
    source: FrigateSource, frigate: StandIn, part: str, body: str | bytes
) -> None:
    """It is not there, then: nothing is raised."""
    frigate.instead[part] = answering(body=body)
    health = await source.async_health(camera(frigate))
    assert health.state is HealthState.GONE


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "[7]",
        '[{"label": "car"}]',
        '[{"label": "car", "start_time": -1, "end_time": 2}]',
    ],
)
async def test_events_that_are_none(
    source: FrigateSource, frigate: StandIn, body: str
) -> None:
    """As segments."""
    frigate.instead["events"] = answering(body=body)
    awaiting = source.async_detections(camera(frigate), span(0, 5))
    assert await code(awaiting) == "frigate_broken_answer"


@pytest.mark.parametrize(
    "body", [b"no picture", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n" + b"\0" * 64]
)
async def test_pictures_that_are_none(
    source: FrigateSource, frigate: StandIn, body: bytes
) -> None:
    """Nothing of them is shown."""
    frigate.instead["snapshot.jpg"] = answering(body=body)
    awaiting = source.async_picture(camera(frigate), at(5))
    assert await code(awaiting) == "frigate_broken_answer"


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.13.2-6476f8a", "frigate_too_old"),
        ("0.9.4", "frigate_too_old"),
        ("0.14.0", "0.14"),
        ("0.18.0-beta1", "0.18"),
        ('"0.16.1-abc"', "0.16"),
        ("1.0.0", "1.0"),
    ],
)
async def test_versions(
    source: FrigateSource, frigate: StandIn, version: str, said: str
) -> None:
    """From 0.14 on."""
    frigate.instead["version"] = answering(body=version)
    awaiting = source.reader.async_version(FrigateAccess(url=frigate.url))
    if said.startswith("frigate"):
        assert await code(awaiting) == said
    else:
        assert await awaiting == said


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answering(404), "frigate_broken_answer"),
        (answering(500), "frigate_broken_answer"),
        (answering(204), "frigate_broken_answer"),
        (answering(502), "frigate_unreachable"),
        (answering(302, Location="/login"), "frigate_redirects"),
        (answering(body=b"x", **{"Content-Encoding": "gzip"}), "frigate_broken_answer"),
        (answering(body=b" " * (17 * 2**20)), "frigate_broken_answer"),
    ],
)
async def test_answers_that_help_nobody(
    source: FrigateSource, frigate: StandIn, answer: Answerer, said: str
) -> None:
    """By their status, their form and their size."""
    frigate.instead["recordings"] = answer
    assert await code(source.async_find(camera(frigate), span(0, 5))) == said


async def test_a_frigate_that_is_slow(
    frigate: StandIn, make_source: MakeSource
) -> None:
    """It does not answer, or a byte at a time."""

    async def dripping(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            while not frigate.over.is_set():
                await answer.write(b" ")
                await asyncio.sleep(0.05)
        return answer

    one = camera(frigate)
    for answer in (frigate.hang, dripping):
        frigate.instead["recordings"] = frigate.instead["version"] = answer
        for source in (
            make_source(reach=frigate.url, patience=0.3),
            make_source(reach=frigate.url, answer_seconds=0.3),
        ):
            assert await code(source.async_find(one, span(0, 5))) == "frigate_slow"
            assert (await source.async_health(one)).state is HealthState.SLOW


async def test_a_frigate_that_is_not_there(
    frigate: StandIn, make_source: MakeSource, unused_tcp_port: int
) -> None:
    """Nobody listens; or the address is none that may be asked."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    source = make_source(reach=url)
    for where in (url, frigate.url):
        one = camera(frigate, url=where)
        awaiting = source.async_find(one, span(0, 5))
        assert await code(awaiting) == "frigate_unreachable"
        assert (await source.async_health(one)).state is HealthState.GONE


async def test_a_clip_that_is_cut_off(
    frigate: StandIn, make_source: MakeSource, tmp_path: Path
) -> None:
    """Empty, half, other bytes, too short, too long, or no answer at all; all by 200."""
    source = make_source(reach=frigate.url)
    one, window = camera(frigate), span(0, 25)
    pieces = await source.async_find(one, window)

    async def bring(source: FrigateSource = source) -> str:
        for path in tmp_path.glob("frigate-*"):
            path.unlink()
        awaiting = source.async_bring(
            one,
            pieces,
            window=window,
            folder=tmp_path,
            max_bytes=2**30,
            progress=lambda _: None,
        )
        return await code(awaiting)

    rows = frigate.rows["drive"]
    whole = rows[0].path.read_bytes()
    for body in (
        b"",
        b"\0\0\0",
        whole[: len(whole) // 2],  # cut in a box
        whole[: whole.index(b"mdat") - 4],  # before all pictures
        b"\0\0\0\1mdat\0\0\0\0\0\0\x01\0",
        b"\0\0\0\1mdat",
        b"\0\0\0\0mdatpictures",
        b"<html>It works!</html>",
        whole,  # ten seconds, not thirty
    ):
        frigate.instead["clip.mp4"] = answering(body=body)
        assert await bring() == "frigate_clip_failed"
    frigate.instead["clip.mp4"] = answering(404)
    assert await bring() == "frigate_clip_failed"

    async def unreadable(_: str) -> float:
        raise MediaError("recording_unreadable")

    async def long(_: str) -> float:
        return 40.0

    for measure in (unreadable, long):
        frigate.instead.clear()
        other = make_source(reach=frigate.url, measure=measure)
        assert await bring(other) == "frigate_clip_failed"

    async def broken_off(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.enable_chunked_encoding()
        await answer.prepare(request)
        await answer.write(whole[:5000])
        assert request.transport
        request.transport.close()
        return answer

    frigate.instead["clip.mp4"] = broken_off
    assert await bring() == "frigate_unreachable"
    frigate.instead["clip.mp4"] = frigate.hang
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frigate_clips, "_PATIENCE", -59.7)
        assert await bring() == "frigate_slow"


@pytest.mark.parametrize(
    ("err", "said"),
    [
        (OSError(28, "No space left on device"), "disk_full"),
        (OSError(5, "Input/output error"), "draft_folder_failed"),
    ],
)
async def test_a_disk_that_takes_no_more(
    source: FrigateSource,
    frigate: StandIn,
    tmp_path: Path,
    err: OSError,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is no fault of Frigate's."""

    def write(*_: object) -> None:
        raise err

    monkeypatch.setattr(to_disk, "_write", write)
    one, window = camera(frigate), span(0, 5)
    awaiting = source.async_bring(
        one,
        await source.async_find(one, window),
        window=window,
        folder=tmp_path,
        max_bytes=2**30,
        progress=lambda _: None,
    )
    assert await code(awaiting) == said


async def test_a_certificate_of_its_own(
    frigate: StandIn, even: object, tmp_path: Path
) -> None:
    """Frigate makes one that proves nothing; only who says so does without."""
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    one = StandIn(folder=tmp_path, rows=frigate.rows, version=OLD)
    async with one.running(server):
        origin = origin_of(one.url)
        for unverified, said in (
            (frozenset({origin}), None),
            (frozenset({("127.0.0.1", 1)}), "frigate_certificate"),
        ):
            ways = Outbound(
                allowed_fetch=frozenset({origin}),
                allowed_send=frozenset(),
                unverified=unverified,
            )
            client = FrigateClient(ways.fetch)
            asking = client.async_get(FrigateAccess(url=one.url), "version")
            if said:
                assert await code(asking) == said
            else:
                assert await asking == OLD.encode()
            await ways.async_close()


@pytest.mark.parametrize(
    "answer", [answering(401), answering(500), None, answering(302, Location="/")]
)
async def test_no_password_is_in_what_goes_wrong(
    frigate: StandIn,
    make_source: MakeSource,
    caplog: pytest.LogCaptureFixture,
    answer: Answerer | None,
) -> None:
    """Not in an error, nor in what it comes from, nor in the log; nor a token."""
    caplog.set_level(logging.DEBUG)
    frigate.login = True
    frigate.instead["login"] = answer or frigate.hang
    source = make_source(reach=frigate.url, patience=0.3)
    one = owner(frigate, password=SECRET)
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: source.async_find(one, span(0, 5)),
        lambda: source.async_picture(one, at(5)),
        lambda: source.async_detections(one, span(0, 5)),
        lambda: source.async_left_out(one, span(0, 5)),
    ]
    said = [repr(one), repr(FrigateAccess(url="http://x", password=SECRET))]
    for call in calls:
        with pytest.raises(SourceError) as raised:
            await call()
        said += traceback.format_exception(raised.value)
        said += [repr(raised.value), str(raised.value), repr(raised.value.placeholders)]
    assert SECRET not in "".join([*said, caplog.text])
    assert USER not in "".join(said[:2])


async def test_a_window_may_be_any(source: FrigateSource, frigate: StandIn) -> None:
    """A moment before there was a calendar is asked for as any other."""
    assert await source.async_picture(camera(frigate), at(-2_000_000_000)) is None
    window = Window(start=at(-2_000_000_000), end=at(-1_999_999_000))
    assert await source.async_find(camera(frigate), window) == ()
