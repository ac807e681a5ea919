"""The addresses: pages for strangers, drafts for approvers, nothing for anybody else."""

from datetime import timedelta
import hashlib
import logging
from pathlib import Path
from typing import Any, Final

from homeassistant.components.http.auth import async_sign_path
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.base.public_view import HEADERS
from custom_components.clip_consent.const import DOMAIN, LANGUAGES
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.store import HomeStore
from tests.interfaces import example, unlike

from .acting import ASKING, Panel, act, case_in, login, offered, other_admin, plain_user
from .conftest import TOKEN

BASE: Final = "/api/clip_consent"
ASK: Final = f"{BASE}/ask/{TOKEN}"
KEY: Final = str(x25519.Identity.generate().to_public())
NOT_FOUND: Final = b'{"error":"not_found"}'
UNAVAILABLE: Final = b'{"error":"unavailable"}'


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that was put before the approvers."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    return await offered(manager, answer["case_id"])


async def shown(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, token: str | None = None
) -> dict[str, Any]:
    """Return the one case, as a panel is shown it."""
    whose = (hass, token) if token else (hass,)
    panel = Panel(await hass_ws_client(*whose))
    await panel.result("subscribe")
    [case] = (await panel.event("snapshot"))["cases"]
    await panel.close()
    return dict(case)


def is_not_found(response: Any, body: bytes) -> bool:
    """Tell whether an answer is the fixed one, which says nothing."""
    return response.status == 404 and body == NOT_FOUND


# --- for strangers


async def test_form_is_taken_and_followed(
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> None:
    """The answer and the status have the published form; asking twice is asking once."""
    stranger = await hass_client_no_auth()
    response = await stranger.post(ASK, json=body)
    taken = await response.json()
    assert response.status == 202
    assert list(unlike(example("ask_response"), taken)) == []
    again = await stranger.post(ASK, json=body)
    assert await again.json() == taken
    status = await stranger.get(f"{BASE}/status/{taken['id']}/data")
    said = await status.json()
    assert list(unlike(example("status"), said)) == []
    assert said == {
        "version": 1,
        "status": "received",
        "look_again_until": taken["look_again_until"],
        "deliveries": [],
    }


async def test_built_files_are_served_and_nothing_beside_them(
    entry: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """Every built file has its type and its digest; other names are not found."""
    stranger = await hass_client_no_auth()
    files = read_public_files()
    assert set(files) >= {
        *("ask.html", "no_invite.html", "starting.html", "status.html"),
        "panel.js",
    }
    for name, file in files.items():
        response = await stranger.get(f"{BASE}/public/{name}")
        assert await response.read() == file.body
        assert response.headers["ETag"] == f'"{file.etag}"'
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.content_type == file.content_type
    for name in ("licenses.txt", "x.js", ".env"):
        response = await stranger.get(f"{BASE}/public/{name}")
        assert response.status == 404
    response = await stranger.get(f"{BASE}/public/x.js")
    assert is_not_found(response, await response.read())


async def test_the_panels_path_has_scripts_alone(
    entry: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """A page from there would come without its policy, on the login's own origin."""
    stranger = await hass_client_no_auth()
    for name, file in read_public_files().items():
        response = await stranger.get(f"/clip_consent_static/{name}")
        if name.endswith(".js"):
            assert await response.read() == file.body
            assert "max-age" in response.headers["Cache-Control"]
        else:
            assert response.status == 404


async def test_scripts_of_the_panel_are_sent_compressed(
    entry: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """To browsers that take it, which is told to whatever caches on the way."""
    stranger = await hass_client_no_auth()
    body = read_public_files()["panel.js"].body
    for encoding in ("gzip", "identity"):
        response = await stranger.get(
            "/clip_consent_static/panel.js", headers={"Accept-Encoding": encoding}
        )
        assert await response.read() == body
        assert response.content_type == "text/javascript"
        packed = encoding == "gzip"
        assert (response.headers.get("Content-Encoding") == "gzip") is packed
        assert (int(response.headers["Content-Length"]) < len(body)) is packed
        if packed:
            assert response.headers["Vary"] == "Accept-Encoding"


async def test_sealed_package_is_sent_whole_and_in_parts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A requester can go on where a connection broke; others find nothing."""
    await Panel(await hass_ws_client(hass)).approve(case)
    done = await case_in(manager, case.case_id, CaseState.SHARED)
    stranger = await hass_client_no_auth()
    page = f"{BASE}/status/{case.request.request_id}"
    [ready] = (await (await stranger.get(f"{page}/data")).json())["deliveries"]
    assert list(unlike(example("status_delivery"), ready)) == []
    drop = f"{page}/drop/{ready['id']}"
    whole = await (await stranger.get(drop)).read()
    assert len(whole) == ready["size"]
    assert hashlib.sha256(whole).hexdigest() == done.delivered[0].package_sha256
    rest = await stranger.get(drop, headers={"Range": "bytes=1000-"})
    assert rest.status == 206
    assert await rest.read() == whole[1000:]
    assert rest.headers["Content-Type"] == "application/octet-stream"
    assert rest.headers["Cache-Control"] == "no-store"
    too_far = await stranger.get(drop, headers={"Range": f"bytes={len(whole)}-"})
    assert too_far.status == 416
    for wrong in (
        f"{page}/drop/{'a' * 26}",
        drop.replace(case.request.request_id, "a" * 26),
    ):
        response = await stranger.get(wrong)
        assert is_not_found(response, await response.read())
    package = Path(hass.config.cache_path(DOMAIN), "spool", f"{ready['id']}.age")
    aside = package.rename(package.with_suffix(".aside"))
    response = await stranger.get(drop)  # lost with its disk: nothing says why
    assert is_not_found(response, await response.read())
    aside.rename(package)
    assert (await stranger.get(drop)).status == 200
    await manager.async_revoke(ready["id"], None)
    response = await stranger.get(drop)
    assert is_not_found(response, await response.read())


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-"}, {"Range": "bytes=-9"}])
async def test_pickup_link_ends_once_its_last_byte_went_out(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    headers: dict[str, str],
) -> None:
    """A link that is good once is so by ranges too; its beginning ends nothing."""
    panel = Panel(await hass_ws_client(hass))
    case_id = (await act(hass, "submit_request", **ASKING))["case_id"]
    await case_in(manager, case_id, CaseState.WAITING)
    await panel.result("pickup_key", case_id=case_id, recipient=KEY)
    await panel.approve(await offered(manager, case_id))
    done = await case_in(manager, case_id, CaseState.SHARED)
    stranger = await hass_client_no_auth()
    page = f"{BASE}/status/{done.request.request_id}"

    async def until_when() -> str:
        [ready] = (await (await stranger.get(f"{page}/data")).json())["deliveries"]
        return str(ready["available_until"])

    drop, first = f"{page}/drop/{done.delivered[0].delivery_id}", await until_when()
    part = await stranger.get(drop, headers={"Range": "bytes=0-99"})
    assert (part.status, len(await part.read())) == (206, 100)
    assert await until_when() == first
    await (await stranger.get(drop, headers=headers)).read()
    assert await until_when() < first


@pytest.mark.parametrize("code", ["store_closed", "disk_full"])
async def test_a_link_that_cannot_be_noted_as_fetched_is_fetched_all_the_same(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    code: str,
) -> None:
    """A home that is just stopping, or a full disk: all bytes, and no traceback."""
    panel = Panel(await hass_ws_client(hass))
    case_id = (await act(hass, "submit_request", **ASKING, recipient=KEY))["case_id"]
    await panel.approve(await offered(manager, case_id))
    done = await case_in(manager, case_id, CaseState.SHARED)
    [delivery] = done.delivered

    async def refuse(*_: object) -> None:
        raise StoreError(code)

    monkeypatch.setattr(HomeStore, "async_fetched", refuse)
    stranger = await hass_client_no_auth()
    page = f"{BASE}/status/{done.request.request_id}"
    response = await stranger.get(f"{page}/drop/{delivery.delivery_id}")
    package = await response.read()
    assert response.status == 200
    assert hashlib.sha256(package).hexdigest() == delivery.package_sha256
    assert (await stranger.get(f"{page}/data")).status == 200
    await hass.async_block_till_done()
    levels = [each.levelno for each in caplog.records if each.levelno > logging.INFO]
    assert max(levels, default=0) < logging.ERROR
    noted = [each for each in caplog.messages if "not noted" in each]
    assert len(noted) == (code == "disk_full")


# --- while the home is not there


async def test_good_links_say_try_again_while_the_home_starts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> None:
    """503 while there is a home that is not running, 404 when there is none at all."""
    stranger, mine = await hass_client_no_auth(), await hass_client()
    page = f"{BASE}/status/{case.request.request_id}"
    unknown = f"{BASE}/ask/{'a' * 26}"
    ended = read_public_files()["no_invite.html"].body
    starting = read_public_files()["starting.html"].body
    draft = f"{BASE}/draft/{case.case_id}/{'0' * 64}/video"

    async def answers() -> set[tuple[int, bytes]]:
        responses = [
            await stranger.post(ASK, json=body),
            await stranger.get(f"{page}/data"),
            await stranger.get(f"{page}/drop/{'a' * 26}"),
        ]
        return {(each.status, await each.read()) for each in responses}

    async def followed() -> set[tuple[int, bytes]]:
        responses = [await stranger.get(ASK), await stranger.get(unknown)]
        return {(each.status, await each.read()) for each in responses}

    await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert await answers() == {(503, UNAVAILABLE)}
    assert await followed() == {(503, starting)}
    assert (await stranger.get(page)).status == 200  # the same bytes as ever
    assert (await mine.get(draft)).status == 404
    assert (await stranger.get(draft)).status == 404

    await hass.config_entries.async_setup(entry.entry_id)
    assert (await stranger.get(ASK)).status == 200
    assert (await stranger.get(f"{page}/data")).status == 200

    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await answers() == {(404, NOT_FOUND)}
    assert await followed() == {(404, ended)}
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert await answers() == {(404, NOT_FOUND)}
    assert await followed() == {(404, ended)}


async def test_the_page_of_a_starting_home_tells_nothing_of_the_link(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The same status, headers and bytes for an invite and for none, one script of ours."""
    stranger = await hass_client_no_auth()
    await hass.config_entries.async_unload(entry.entry_id)
    seen = []
    for path in (ASK, f"{BASE}/ask/{'a' * 26}"):
        response = await stranger.get(path)
        headers = {k: v for k, v in response.headers.items() if k != "Date"}
        seen.append((response.status, headers, await response.read()))
    assert seen[0] == seen[1]
    status, headers, body = seen[0]
    assert (status, headers["Retry-After"]) == (503, "60")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert dict(headers.items() & HEADERS.items()) == HEADERS
    script = (
        b'<script type="module" src="/api/clip_consent/public/starting.js"></script>'
    )
    assert script in body
    assert body.count(b"<script") == 1
    assert (await stranger.get(f"{BASE}/public/starting.js")).status == 200
    assert {f'lang="{each}"' in body.decode() for each in LANGUAGES} == {True}


# --- for approvers


async def test_signed_paths_show_the_draft_to_this_session_for_a_while(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A-12: video with Range, still and sheet; not another file, not a changed path."""
    browser = await hass_client_no_auth()
    draft = (await shown(hass, hass_ws_client))["draft"]
    paths = {kind: draft[kind] for kind in ("video", "still", "sheet")}
    types = {"video": "video/mp4", "still": "image/jpeg", "sheet": "image/jpeg"}
    for kind, path in paths.items():
        response = await browser.get(path)
        assert response.status == 200
        assert response.headers["Content-Type"] == types[kind]
        assert response.headers["Cache-Control"] == "no-store"
    whole = await (await browser.get(paths["video"])).read()
    assert hashlib.sha256(whole).hexdigest() == draft["sha256"]
    part = await browser.get(paths["video"], headers={"Range": "bytes=100-199"})
    assert (part.status, await part.read()) == (206, whole[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"

    plain, _, signature = paths["video"].partition("?")
    for wrong in (
        plain,
        f"{plain}?authSig=x",
        paths["video"].replace(draft["sha256"], "0" * 64),
        f"{plain.removesuffix('video')}still?{signature}",
        f"{plain.removesuffix('video')}file?{signature}",
    ):
        response = await browser.get(wrong)
        assert is_not_found(response, await response.read()), wrong


async def test_signed_path_ends_with_time_session_and_case(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A-12: a quarter of an hour, this login, and as long as the draft is the case's."""
    browser = await hass_client_no_auth()

    async def status(path: str) -> int:
        return int((await browser.get(path)).status)

    refresh = await hass.auth.async_create_refresh_token(
        approver, "https://app.example"
    )
    token = hass.auth.async_create_access_token(refresh)
    path = (await shown(hass, hass_ws_client, token))["draft"]["video"]
    assert await status(path) == 200

    monkeypatch.setattr("jwt.api_jwt.datetime", later(timedelta(minutes=14)))
    assert await status(path) == 200
    monkeypatch.setattr("jwt.api_jwt.datetime", later(timedelta(minutes=16)))
    assert await status(path) == 404
    monkeypatch.undo()
    assert await status(path) == 200

    hass.auth.async_remove_refresh_token(refresh)  # logged out
    assert await status(path) == 404

    path = (await shown(hass, hass_ws_client))["draft"]["video"]
    drafts = Path(hass.config.cache_path(DOMAIN), "drafts", case.case_id)
    aside = drafts.rename(drafts.with_suffix(".aside"))
    response = await browser.get(path)  # lost with its disk
    assert is_not_found(response, await response.read())
    aside.rename(drafts)
    assert await status(path) == 200
    await manager.async_decline(case.case_id, approver.id)
    assert await status(path) == 404


def later(by: timedelta) -> Any:
    """Return the class of times, for which it is later than it is."""
    from datetime import datetime

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + by

    return Later


@pytest.mark.parametrize("how", ["removed", "deactivated", "never listed"])
async def test_draft_is_hidden_from_who_is_no_approver_any_more(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    case: Case,
    approver: MockUser,
    hass_access_token: str,
    hass_ws_client: WebSocketGenerator,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    how: str,
) -> None:
    """A-09, A-12: signed path and bearer both end with the role, at once."""
    browser, bearer = await hass_client_no_auth(), await hass_client()
    path = (await shown(hass, hass_ws_client))["draft"]["video"]
    plain = path.partition("?")[0]
    assert (await browser.get(path)).status == 200
    assert (await bearer.get(plain)).status == 200
    if how == "removed":
        [mine] = [s for s in entry.subentries.values() if s.unique_id == approver.id]
        hass.config_entries.async_remove_subentry(entry, mine.subentry_id)
        await hass.async_block_till_done()
    elif how == "deactivated":
        await hass.auth.async_deactivate_user(approver)
    else:
        admin = await other_admin(hass)
        token = await hass.auth.async_create_refresh_token(admin, "https://app.example")
        path = async_sign_path(
            hass, plain, timedelta(minutes=5), refresh_token_id=token.id
        )
        bearer = await hass_client(hass.auth.async_create_access_token(token))
    for response in (await browser.get(path), await bearer.get(plain)):
        assert is_not_found(response, await response.read())


async def test_content_user_and_strangers_never_see_a_draft(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    case: Case,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A-12: paths that Home Assistant signs for its own content user open nothing."""
    assert case.draft
    plain = f"{BASE}/draft/{case.case_id}/{case.draft.sha256}/video"
    stranger = await hass_client_no_auth()
    signed = async_sign_path(hass, plain, timedelta(minutes=5), use_content_user=True)
    guest = await hass_client(await login(hass, await plain_user(hass)))
    for response in (
        await stranger.get(plain),
        await stranger.get(signed),
        await guest.get(plain),
        await guest.get(plain.replace(case.case_id, "a" * 26)),
        await stranger.get(plain, headers={"Authorization": "Bearer x"}),
    ):
        assert is_not_found(response, await response.read())


async def test_answer_in_words_has_no_pictures(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    approver: MockUser,
    hass_client: ClientSessionGenerator,
) -> None:
    """Still and sheet of a draft that has none are not found; unknown drafts neither."""
    await manager.async_answer(case.case_id, "Come by at six.", approver.id)
    answered = await offered(manager, case.case_id)
    assert answered.draft
    mine = await hass_client()
    base = f"{BASE}/draft/{case.case_id}/{answered.draft.sha256}"
    for path in (
        f"{base}/still",
        f"{base}/sheet",
        f"{base}/file",
        f"{BASE}/draft/{'a' * 26}/{answered.draft.sha256}/video",
        f"{base}/other",
    ):
        assert (await mine.get(path)).status == 404
    words = await mine.get(f"{base}/video")
    assert await words.text() == "Come by at six."
    assert words.headers["X-Content-Type-Options"] == "nosniff"


async def test_whoever_asks_during_a_backup_is_told_to_try_again(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A backup takes minutes; sent again after it, it is the same request."""
    monkeypatch.setattr("custom_components.clip_consent.http.ANSWER_SECONDS", 0.2)
    stranger = await hass_client_no_auth()
    await manager.async_pause()
    busy = await stranger.post(ASK, json=body)
    assert (busy.status, await busy.json()) == (503, {"error": "unavailable"})
    manager.resume()
    taken = await stranger.post(ASK, json=body)
    assert taken.status == 202
    cases, _ = await manager.reading.async_history(None, 5, None)
    assert len(cases) == 1
    assert cases[0].request.request_id == (await taken.json())["id"]
