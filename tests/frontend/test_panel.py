"""The panel in a made-up home: what a real one does not show at will."""

from datetime import datetime, timedelta
from pathlib import Path
import re
from typing import Any

from playwright.async_api import expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser
from tests.interfaces import example

from .conftest import Watched, World, watch
from .fake_panel import NOW, FakePanel, case

CONSENT: dict[str, Any] = example("consent")
SHA256 = "1" * 64


def _at(moment: datetime) -> str:
    """Return a moment as the wire has it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _films(world: World, films: Path, **drafts: str) -> None:
    """Let these files be the draft's film, picture and strip."""
    world.facts["drafts"] = {kind: str(films / name) for kind, name in drafts.items()}
    world.save()


async def test_a_film_that_is_gone_is_said_to_be(
    watched: Watched, world: World
) -> None:
    """What was sent is not kept; its digest is still there."""
    gone = {"draft__video": None, "draft__still": None, "draft__sheet": None}
    panel = await FakePanel.at_case(watched, world, case(state="shared", **gone))
    await expect(panel.see("draft-gone")).to_contain_text("it cannot be shown")
    await expect(panel.see("draft-video")).to_have_count(0)
    await expect(panel.see("draft")).to_contain_text(case()["draft"]["sha256"])


async def test_a_film_that_does_not_play_is_shown_in_pictures(
    watched: Watched, world: World, films: Path
) -> None:
    """HEVC: a strip of frames, and one press asks for the same span as a copy."""
    _films(world, films, sheet="sheet.jpg", still="sheet.jpg", video="clip.mp4")
    one = case(draft__video_codec="hevc")
    copied = case(draft__video_codec="h264", draft__sha256=SHA256)
    panel = await FakePanel.at_case(
        watched, world, one, {"prepare": {"result": {"case": copied}}}
    )
    await expect(panel.see("not-playable")).to_contain_text("H.265 (HEVC)")
    await expect(panel.see("draft-video")).to_have_count(0)
    wide = "(image) => image.decode().then(() => image.naturalWidth)"
    assert await panel.see("sheet").evaluate(wide) > 100
    await panel.see("make-playable").click()
    await expect(panel.see("draft-video")).to_be_visible()
    (asked,) = await panel.asked("prepare")
    assert asked["playable"] is True
    assert asked["camera_id"] == one["draft"]["camera_id"]
    assert (asked["start"], asked["end"]) == (
        one["request"]["start"],
        one["draft"]["end"],
    )


async def test_a_path_that_ran_out_is_asked_for_anew_once(
    watched: Watched, world: World, films: Path
) -> None:
    """The first failure gets fresh paths; after the second there are pictures."""
    _films(world, films, sheet="sheet.jpg")
    panel = await FakePanel.at_case(watched, world, case())
    await expect(panel.see("film-broken")).to_be_visible()
    assert len(await panel.asked("subscribe")) == 2
    await expect(panel.see("sheet")).to_be_visible()
    _films(world, films, sheet="sheet.jpg", video="clip.mp4")
    await panel.see("film-reload").click()
    video = panel.see("draft-video")
    await video.evaluate("(video) => video.play()")
    await expect(panel.see("film-broken")).to_have_count(0)
    assert len(await panel.asked("subscribe")) == 3


@pytest.mark.parametrize("minutes", [-60, 0, 60])
@pytest.mark.parametrize("here", [True, False], ids=["here", "elsewhere"])
async def test_the_count_down_holds_on_a_device_whose_clock_is_wrong(
    watched: Watched, world: World, minutes: int, *, here: bool
) -> None:
    """A home an hour ahead or behind: ten seconds are ten, wherever the tap was."""
    there = NOW + timedelta(minutes=minutes, seconds=20)
    consent = {
        **CONSENT,
        "at": _at(there),
        "undo_until": _at(there + timedelta(seconds=10)),
    }
    request = {
        **case()["request"],
        "received_at": _at(there),
        "expires_at": _at(there + timedelta(days=7)),
    }
    consented = case(state="consented", offer=None, consent=consent, request=request)
    panel = await FakePanel.at_case(
        watched,
        world,
        case() if here else consented,
        {"approve": {"result": {"undo_until": None}}},
        ahead=minutes * 60_000,
    )
    await panel.page.clock.pause_at(NOW + timedelta(seconds=20))
    if here:
        await panel.see("approve").click()
        (asked,) = await panel.asked("approve")
        assert asked["sha256"] == consented["draft"]["sha256"]
        assert asked["offer_id"] == case()["offer"]["offer_id"]
        await panel.change(consented)
    else:
        await panel.page.clock.run_for(300)  # it is drawn anew
    await expect(panel.see("countdown")).to_contain_text("It is sent in 10 s.")
    await expect(panel.see("undo")).to_be_visible()
    await panel.page.clock.run_for(4_000)
    await expect(panel.see("countdown")).to_contain_text("It is sent in 6 s.")
    await panel.page.clock.run_for(7_000)
    await expect(panel.see("countdown")).to_have_text("Approved by Sam. On its way.")
    await expect(panel.see("undo")).to_have_count(0)
    await expect(panel.see("decline")).to_be_visible()


async def test_a_draft_that_takes_anothers_place_has_to_be_seen_first(
    watched: Watched, world: World
) -> None:
    """Approve does not move under the finger: it rests a moment, then sends the new one."""
    panel = await FakePanel.at_case(
        watched, world, case(), {"approve": {"result": {"undo_until": None}}}
    )
    await expect(panel.see("approve")).to_be_enabled()
    await panel.page.clock.pause_at(NOW + timedelta(seconds=20))
    other = "n4n5p6q7r2s3t4u5v6w7x2y3za"
    await panel.change(case(draft__sha256=SHA256, offer__offer_id=other))
    await expect(panel.see("digest")).to_have_text(SHA256)
    await expect(panel.see("approve")).to_be_disabled()
    await panel.page.clock.run_for(1_600)
    await panel.see("approve").click()
    (asked,) = await panel.asked("approve")
    assert (asked["offer_id"], asked["sha256"]) == (other, SHA256)


async def test_a_refusal_is_told_in_the_servers_words(
    watched: Watched, world: World
) -> None:
    """What did not work stands where it was tried, and can be tried again."""
    words = "This request has moved on. Look at it again."
    panel = await FakePanel.at_case(
        watched,
        world,
        case(),
        {"approve": {"error": {"code": "case_moved_on", "message": words}}},
    )
    await panel.see("approve").click()
    await expect(panel.see("fault")).to_have_text(words)
    await expect(panel.see("case")).to_have_attribute("data-state", "waiting")
    await expect(panel.see("approve")).to_be_enabled()
    await panel.answer(approve={"error": 3})  # the connection broke on the way
    await panel.see("approve").click()
    await expect(panel.see("fault")).to_contain_text("look whether it worked")


async def test_work_under_way_is_shown_with_how_far_it_is(
    watched: Watched, world: World
) -> None:
    """Making a draft and sending tell how much is done; then the bar goes."""
    drafting = case(state="drafting", draft=None, offer=None)
    panel = await FakePanel.at_case(watched, world, drafting)
    await expect(panel.see("progress")).to_contain_text("A moment")
    about = {"event": "progress", "case_id": drafting["case_id"]}
    await panel.say({**about, "doing": "draft", "done": 0.42})
    await expect(panel.see("progress")).to_contain_text("Preparing the clip… 42%")
    await panel.change(case(state="sealed", offer=None, consent=CONSENT))
    await panel.say({**about, "doing": "send", "done": 0.9})
    await expect(panel.see("progress")).to_contain_text("Sending… 90%")
    shared = case(state="shared", offer=None, deliveries=[example("delivery")])
    await panel.change(shared)
    await expect(panel.see("progress")).to_have_count(0)
    await expect(panel.see("outcome")).to_have_text("Shared")


async def test_a_choice_that_no_clip_could_be_made_of_stands(
    watched: Watched, world: World
) -> None:
    """The problem is told; camera, start and end are as chosen, a copy is proposed."""
    empty = {"draft": None, "offer": None}
    drafting = case(state="drafting", **empty)
    panel = await FakePanel.at_case(
        watched, world, case(**empty), {"prepare": {"result": {"case": drafting}}}
    )
    await panel.see("start10").click()
    await panel.see("start10").click()
    chosen = await panel.see("start").input_value()
    assert chosen.endswith("19:02:20")
    await panel.see("prepare").click()
    await expect(panel.see("progress")).to_be_visible()
    failed = case(problem="media_failed", problem_text="It could not be made.", **empty)
    await panel.change(failed)
    await expect(panel.see("problem")).to_contain_text("It could not be made.")
    await expect(panel.see("start")).to_have_value(chosen)
    await expect(panel.see("playable")).to_be_checked()


async def test_another_clip_is_not_what_would_be_sent_before_it_is_prepared(
    watched: Watched, world: World
) -> None:
    """It is said where it is chosen; and once it is asked for, its progress shows."""
    await watched.page.set_viewport_size({"width": 390, "height": 700})
    drafting = case(state="drafting", draft=None, offer=None)
    panel = await FakePanel.at_case(
        watched, world, case(), {"prepare": {"result": {"case": drafting}}}
    )
    await panel.see("pick-another").locator("summary").click()
    await expect(panel.see("not-yet")).to_have_count(0)
    await panel.see("start10").click()
    await expect(panel.see("not-yet")).to_contain_text("still sends the clip")
    await panel.see("prepare").click()
    await expect(panel.see("progress")).to_be_in_viewport()
    await expect(panel.see("not-yet")).to_have_count(0)


async def test_what_is_needed_to_decide_stands_first(
    watched: Watched, world: World
) -> None:
    """Who asks, what the rules say and that no is free, before anything to be sent."""
    panel = await FakePanel.at_case(watched, world, case())
    await panel.page.set_viewport_size({"width": 390, "height": PHONE_SCREEN[1]})
    tops = []
    for name in ("request", "sentence", "free", "draft", "approve", "decline", "found"):
        box = await panel.see(name).first.bounding_box()
        assert box, name
        tops.append(box["y"])
    assert tops == sorted(tops)
    await expect(panel.see("free")).to_contain_text("Answering is voluntary.")


async def test_gaps_and_what_rules_leave_out_are_told(
    watched: Watched, world: World
) -> None:
    """Each camera's part of the window; what it lacks is said, not only not drawn."""
    one = case()
    start, end = "2026-11-23T18:02:00Z", "2026-11-23T18:05:00Z"
    runs = [
        {"start": start, "end": "2026-11-23T18:03:00Z"},
        {"start": "2026-11-23T18:04:00Z", "end": end},
    ]
    camera = one["findings"][0]["camera_id"]
    findings = [
        {"camera_id": camera, "camera": "Driveway", "runs": runs},
        {"camera_id": "g", "camera": "Garden", "runs": []},
    ]
    cameras = [
        {"camera_id": id_, "name": name, "place": None}
        for id_, name in ((camera, "Driveway"), ("g", "Garden"), ("s", "Shed <b>"))
    ]
    one = case(findings=findings, screening__cameras=[camera, "g"])
    panel = await FakePanel.at_case(watched, world, one, cameras=cameras)
    found = panel.see("found")
    await expect(found.locator("li")).to_have_count(3)
    await expect(found.locator("li").nth(1)).to_have_text(
        re.compile(r"19:03:00 – 19:04:00: nothing$")
    )
    await expect(panel.see("lane").nth(0).locator("div")).to_have_count(2)
    await expect(panel.see("lane").nth(1).locator("div")).to_have_count(0)
    await expect(panel.see("left-out")).to_have_text(
        "Left out by your rules: Shed <b>."
    )


async def test_words_in_place_of_a_clip_say_so(watched: Watched, world: World) -> None:
    """How to send both; where one file is all that is taken, that."""
    panel = await FakePanel.at_case(watched, world, case())
    await panel.see("answer").locator("summary").click()
    await expect(panel.see("answer")).to_contain_text(
        "take the place of the clip above"
    )
    await panel.change(case(request__way="put"))
    await expect(panel.see("answer")).to_contain_text("takes one file only")
    await panel.change(case(draft=None, offer=None))
    await expect(panel.see("answer")).not_to_contain_text("take the place")


async def test_saying_no_is_free_only_where_it_can_be_said(
    watched: Watched, world: World
) -> None:
    """While it counts down there is an undo, no answer that is still open."""
    panel = await FakePanel.at_case(watched, world, case())
    await expect(panel.see("free")).to_contain_text("Saying no is free")
    await panel.change(case(state="consented", consent=CONSENT, offer=None))
    await expect(panel.see("countdown")).to_be_visible()
    await expect(panel.see("free")).to_have_count(0)


async def test_a_problem_names_only_what_can_be_done(
    watched: Watched, world: World
) -> None:
    """Where nothing was found there is nothing to pick from, and it does not say so."""
    written = {"problem": "recording_still_written", "problem_text": "Still written."}
    nothing = {"draft": None, "offer": None, **written}
    panel = await FakePanel.at_case(watched, world, case(findings=[], **nothing))
    await expect(panel.see("problem")).to_contain_text("Still written. You can answer")
    await panel.change(case(**nothing))
    await expect(panel.see("problem")).to_contain_text("Still written. You can pick")


@pytest.mark.parametrize("state", ["closed", "shared"])
async def test_a_clip_that_never_arrived_is_not_said_to_be_tried_again(
    watched: Watched, world: World, state: str
) -> None:
    """Why it did not is told after the end of the request too, and that it is over."""
    gone = {"problem": "address_unknown", "problem_text": "No such address."}
    changes = {"draft": None, "offer": None, **gone}
    if state == "closed":
        changes["closed"] = "expired"
    panel = await FakePanel.at_case(watched, world, case(state=state, **changes))
    await expect(panel.see("problem")).to_contain_text("No such address.")
    await expect(panel.see("problem")).to_contain_text("it is not tried again")
    await panel.change(case(state="sealed", **{**changes, "closed": None}))
    await expect(panel.see("problem")).to_contain_text("It is tried again by itself")


async def test_a_broken_ledger_is_told_first(watched: Watched, world: World) -> None:
    """Where the chain breaks stands above the lines, as an alarm (G7)."""
    entry = example("ledger_entry")
    page = {
        **example("ledger_answer"),
        "entries": [entry],
        "head": {"seq": 7, "digest": entry["digest"]},
        "fault": 5,
    }
    panel = await FakePanel.opened(
        watched, world, search="?tab=ledger", answers={"ledger": {"result": page}}
    )
    await expect(panel.see("chain-fault")).to_contain_text("broken at entry 5")
    await expect(panel.see("chain")).to_have_count(0)
    await expect(panel.see("entry")).to_contain_text("Approved")


async def test_taking_back_asks_once_more(watched: Watched, world: World) -> None:
    """What lies in the home's own drop can be taken back; what was uploaded cannot."""
    delivery = example("delivery")
    shared = case(state="shared", offer=None, deliveries=[delivery])
    revoked = {**delivery, "revoked_at": "2026-11-23T19:05:00Z"}
    after = case(state="shared", offer=None, deliveries=[revoked])
    panel = await FakePanel.at_case(
        watched, world, shared, {"revoke": {"result": {"case": after}}}
    )
    await panel.see("revoke").click()
    assert await panel.asked("revoke") == []
    await panel.see("revoke-confirm").click()
    await expect(panel.see("revoked")).to_contain_text("Taken back on")
    await expect(panel.see("revoke")).to_have_count(0)
    (asked,) = await panel.asked("revoke")
    assert asked["delivery_id"] == delivery["delivery_id"]

    gone = {**delivery, "available_until": None}
    uploaded = case(state="shared", offer=None, deliveries=[gone], request__way="tus")
    await panel.change(uploaded)
    await expect(panel.see("delivery")).to_contain_text("out of your hands")
    await expect(panel.see("revoke")).to_have_count(0)


async def test_it_waits_for_a_home_that_is_not_there_yet(
    watched: Watched, world: World
) -> None:
    """Refused, it says so and asks again by itself until there is an answer."""
    panel = await FakePanel.opened(
        watched, world, case(), refused={"code": "unknown_command", "message": ""}
    )
    await expect(panel.see("trouble")).to_contain_text("not running")
    await panel.page.evaluate("host.refused = null")
    await panel.page.clock.fast_forward(6_000)
    await expect(panel.see("case-line")).to_be_visible()
    await expect(panel.see("trouble")).to_have_count(0)


async def test_a_broken_line_is_told_and_mended(watched: Watched, world: World) -> None:
    """Back on the line without news, it asks for everything anew."""
    panel = await FakePanel.opened(watched, world, case())
    await expect(panel.see("case-line")).to_be_visible()
    await panel.page.evaluate("host.line('disconnected')")
    await expect(panel.see("offline")).to_contain_text("may be old")
    # The host's own second subscription is refused, as while a home starts.
    await panel.page.evaluate("host.followers.clear(); host.line('ready')")
    await expect(panel.see("offline")).to_have_count(0)
    await panel.page.clock.fast_forward(6_000)
    await expect(panel.see("case-line")).to_be_visible()
    assert len(await panel.asked("subscribe")) == 2
    await panel.change(case(request__label="Somebody else"))
    await expect(panel.see("case-line")).to_contain_text("Somebody else")


async def test_switched_off_is_told_where_requests_would_be(
    watched: Watched, world: World
) -> None:
    """An owner who switched requests off reads so, and that nobody outside can tell."""
    panel = await FakePanel.opened(watched, world, accepting=False)
    await expect(panel.see("off")).to_contain_text("switched off")
    await expect(panel.see("empty")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_state_of_a_case_fits_the_smallest_phone(
    browser: Browser, world: World, scheme: Any
) -> None:
    """320 pixels in light and dark: nothing is wider than the screen, in no state."""
    states: dict[str, dict[str, Any]] = {
        "received": {"screening": None, "findings": None, "draft": None, "offer": None},
        "drafting": {"draft": None, "offer": None},
        "waiting": {},
        "consented": {"consent": CONSENT, "offer": None},
        "sealed": {"consent": CONSENT, "offer": None},
        "shared": {"offer": None, "deliveries": [example("delivery")]},
        "closed": {"offer": None, "draft": None, "closed": "declined"},
    }
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        await watched.page.set_viewport_size({"width": 320, "height": 640})
        await watched.page.emulate_media(color_scheme=scheme)
        panel = await FakePanel.at_case(watched, world, case())
        for state, changes in states.items():
            await panel.change(case(state=state, **changes))
            shown = panel.see("case")
            await expect(shown).to_have_attribute("data-state", state)
            wide = await panel.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, state


async def test_a_pickup_link_outlives_a_reload_and_ends_with_its_case(
    watched: Watched, world: World
) -> None:
    """The key in it can be made once only, so losing the page must not lose it."""
    url = "https://home.example/api/clip_consent/status/" + "a" * 26
    one = case(request__needs_key=True)
    answers = {"pickup_key": {"result": {"url": url}}}
    panel = await FakePanel.at_case(watched, world, one, answers=answers)
    await panel.see("make-key").click()
    link = panel.see("pickup").get_by_test_id("link")
    await expect(link).to_have_value(re.compile(f"{url}#AGE-SECRET-KEY-1.*"))
    made = await link.input_value()

    one = case(request__needs_key=False)
    panel = await FakePanel.at_case(watched, world, one)
    await expect(panel.see("pickup").get_by_test_id("link")).to_have_value(made)
    await panel.change(one | {"state": "closed", "closed": "declined"})
    await expect(panel.see("pickup")).to_have_count(0)
    panel = await FakePanel.at_case(watched, world, one)
    await expect(panel.see("pickup")).to_have_count(0)


async def test_links_say_where_and_whether_they_work(
    watched: Watched, world: World
) -> None:
    """One that has ended, or that nobody outside can open, is not passed on unknowing."""
    [good] = example("subscribe_snapshot")["invites"]
    path = "/api/clip_consent/ask/" + "b" * 26
    invites = [good, good | {"expired": True}, good | {"external": False, "url": path}]
    panel = await FakePanel.opened(watched, world, search="?tab=links", invites=invites)
    shown = panel.see("invite")
    await expect(shown).to_have_count(3)
    for number, marks in enumerate([(0, 0), (1, 0), (0, 1)]):
        for name, count in zip(("expired", "at-home-only"), marks, strict=True):
            await expect(shown.nth(number).get_by_test_id(name)).to_have_count(count)
    link = shown.nth(2).get_by_test_id("link")
    await expect(link).to_have_value(f"{world.base}{path}")


async def test_a_test_is_shown_as_one_and_says_if_no_push_comes(
    watched: Watched, world: World
) -> None:
    """Nobody waits for a push that the limits keep back, or takes a test for a person."""
    one = case(request__portal="test", request__label="Sam")
    made = {"case_id": one["case_id"], "status_url": "/api/clip_consent/status/x"}
    soon = {**made, "pushed_from": "2026-11-23T19:07:00Z"}
    answers = {
        "test_request": [{"result": soon}, {"result": made | {"pushed_from": None}}]
    }
    panel = await FakePanel.opened(
        watched, world, one, search="?tab=links", answers=answers
    )
    await panel.see("test-request").click()
    told = panel.see("test-no-push")
    await expect(told).to_contain_text("less than 10 minutes ago")
    await expect(told).to_contain_text("waits at 20:07")
    await panel.see("test-request").click()
    await expect(told).to_have_count(0)
    panel = await FakePanel.opened(watched, world, one)
    await expect(panel.see("case-line").locator("strong")).to_have_text("Your own test")
    await panel.see("case-line").click()
    await expect(panel.see("trust")).to_have_text("Your own test")


async def test_what_is_changed_of_a_typed_time_is_said(
    watched: Watched, world: World
) -> None:
    """Outside of the window, too long, the end first: never silently (all digits in)."""
    empty = {"draft": None, "offer": None}
    runs = [{"start": "2026-11-23T18:00:00Z", "end": "2026-11-23T18:30:00Z"}]
    found = [case()["findings"][0] | {"runs": runs}]
    one = case(request__end="2026-11-23T18:30:00Z", findings=found, **empty)
    panel = await FakePanel.at_case(watched, world, one)
    start, end, said = (panel.see(name) for name in ("start", "end", "corrected"))
    await expect(end).to_have_value("2026-11-23T19:12")
    await expect(said).to_have_count(0)

    await start.fill("2026-11-23T18:30:00")
    await expect(said).to_contain_text("Start is set to 19:02:00")
    await expect(said).to_contain_text("they asked for 19:02:00 to 19:30:00")
    await end.focus()
    await expect(start).to_have_value("2026-11-23T19:02")

    # the first digit alone would be one o'clock; the second makes it what was meant
    await end.fill("2026-11-23T01:20:00")
    await end.fill("2026-11-23T19:20:00")
    await expect(said).to_have_text(re.compile(r"\s*Start is moved to 19:10:00: .*"))
    await expect(said).to_contain_text("10 min")
    await start.focus()
    await expect(end).to_have_value("2026-11-23T19:20")
    await expect(start).to_have_value("2026-11-23T19:10")

    await start.fill("2026-11-23T19:25:00")
    await expect(said).to_contain_text("End is moved to 19:25:01")
    await start.fill("")
    await end.focus()
    await expect(said).to_contain_text("Start stays at 19:25:00")
    await expect(start).to_have_value("2026-11-23T19:25")


async def test_what_became_of_the_clip_stands_above_it(
    watched: Watched, world: World
) -> None:
    """It would be, will be, was sent; and no sound is offered where there is none."""
    panel = await FakePanel.at_case(
        watched, world, case(draft__changes=["stream_copy"])
    )
    title = panel.see("draft-title")
    await expect(title).to_have_text("Exactly this would be sent")
    await expect(panel.see("draft-facts")).to_contain_text("no sound was recorded")
    await panel.see("pick-another").locator("summary").click()
    await expect(panel.see("audio-no")).to_contain_text("No sound was recorded")
    await expect(panel.see("audio")).to_have_count(0)
    await panel.change(case(state="consented", consent=CONSENT, offer=None))
    await expect(title).to_have_text("This will be sent")
    done = {"offer": None, "deliveries": [example("delivery")]}
    await panel.change(case(state="shared", **done))
    await expect(title).to_have_text("This was sent")
    await panel.change(case(state="shared", draft__text="Nothing seen", **done))
    await expect(title).to_have_text("These words were sent")


async def test_lines_of_the_ledger_say_which_request_they_are_about(
    watched: Watched, world: World
) -> None:
    """By the owner's words where the request is known, else by the start of its id."""
    entry = example("ledger_entry")
    chosen = {**entry, "seq": 1, "kind": "chosen", "data": {"what": "answer"}}
    other = {**entry, "seq": 3, "case_id": "zzzzzz" + "a" * 20}
    page = {
        **example("ledger_answer"),
        "entries": [other, {**entry, "kind": "drafted", "data": {}}, chosen],
        "head": {"seq": 3, "digest": entry["digest"]},
        "fault": None,
    }
    past = {"cases": [case(state="closed", closed="declined")], "next": None}
    answers = {"ledger": {"result": page}, "history": {"result": past}}
    panel = await FakePanel.opened(
        watched, world, search="?tab=ledger", answers=answers
    )
    lines = panel.see("entry")
    await expect(lines.nth(0).get_by_test_id("about")).to_have_text("Request zzzzzz")
    await expect(lines.nth(1).get_by_test_id("about")).to_have_text(
        "Anna next door · Driveway · Mon, 23 November 2026, 19:02 – 19:05"
    )
    await expect(lines.nth(1).locator("strong")).to_have_text("Answer prepared")
    await expect(lines.nth(2).locator("strong")).to_have_text("Answer written")


async def test_the_first_yes_of_two(watched: Watched, world: World) -> None:
    """It is said before anybody taps, to who tapped, and to the one still needed."""
    first = {"user": "Ben", "at": "2026-11-23T19:00:00Z"}
    one = case(screening__two_approvers=True)
    ours = case(
        screening__two_approvers=True, offer__first=first, offer__first_is_you=True
    )
    theirs = case(screening__two_approvers=True, offer__first=first)
    answers = {
        "approve": {"result": {"undo_until": None}},
        "undo": {"result": {"case": one}},
    }
    panel = await FakePanel.at_case(watched, world, one, answers)
    await expect(panel.see("two-needed")).to_be_visible()
    await panel.see("approve").click()
    await panel.change(ours)
    await expect(panel.see("first-yes")).to_contain_text("Ben has approved")
    await expect(panel.see("approve")).to_have_count(0)
    await panel.see("take-back").click()
    await expect(panel.see("first-yes")).to_have_count(0)
    await panel.change(theirs)
    await expect(panel.see("first-yes")).to_be_visible()
    await expect(panel.see("two-needed")).to_have_count(0)
    await expect(panel.see("approve")).to_be_enabled()


FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one?.dataset.testid || one?.className || one?.tagName;
}"""


async def test_the_focus_follows_into_a_case_and_back(
    watched: Watched, world: World
) -> None:
    """By keyboard one is where one went: at the case's heading, then at its line."""
    other = case(case_id="b" * 26, request__label="Ben")
    panel = await FakePanel.opened(watched, world, other, case())
    keyboard = panel.page.keyboard
    line = panel.page.locator(f"[data-case='{case()['case_id']}']")
    await line.focus()
    await keyboard.press("Enter")
    await panel.see("case").wait_for()
    assert await panel.page.evaluate(FOCUSED) == "who"
    await panel.change(case(problem="media_failed", problem_text="It failed."))
    await expect(panel.see("problem")).to_be_visible()
    assert await panel.page.evaluate(FOCUSED) == "who"
    await panel.see("back").focus()
    await keyboard.press("Enter")
    await expect(line).to_be_focused()


async def test_a_tab_keeps_the_focus_whatever_was_looked_at_before(
    watched: Watched, world: World
) -> None:
    """A case that was opened from the history does not call it back."""
    answers = {"history": {"result": {"cases": [case()], "next": None}}}
    panel = await FakePanel.opened(
        watched, world, case(), search="?tab=history", answers=answers
    )
    await panel.see("case-line").click()
    await panel.see("case").wait_for()
    await panel.see("back").click()
    await panel.see("case-line").wait_for()
    await panel.see("tab-requests").focus()
    await panel.page.keyboard.press("Enter")
    await panel.see("case-line").wait_for()
    assert await panel.page.evaluate(FOCUSED) == "tab-requests"


async def test_saying_no_by_keyboard(watched: Watched, world: World) -> None:
    """The question is next after its button, and keeping it leads back there."""
    panel = await FakePanel.at_case(
        watched, world, case(), {"decline": {"result": {"case": case()}}}
    )
    keyboard = panel.page.keyboard
    await panel.see("decline").focus()
    await keyboard.press("Enter")
    assert await panel.page.evaluate(FOCUSED) == "sure"
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    assert await panel.page.evaluate(FOCUSED) == "decline"
    assert await panel.asked("decline") == []
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await panel.page.wait_for_function(
        "host.calls.some(({ type }) => type === 'clip_consent/decline')"
    )


async def test_whoever_comes_to_take_it_back_finds_undo_at_once(
    browser: Browser, world: World
) -> None:
    """On a phone too: there are seconds for it, and a case is long."""
    later = {"undo_until": "2026-11-23T19:01:00Z"}
    consent = {**example("consent"), **later}
    one = case(state="consented", consent=consent, offer=None)
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        panel = await FakePanel.at_case(watched, world, one)
        await expect(panel.see("undo")).to_be_in_viewport()


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_what_was_prepared_is_shown_once_it_is_there(
    browser: Browser, world: World, *, elsewhere: bool
) -> None:
    """On a phone: how far it is, then the clip; who went on to read is left there."""
    text = "Somebody drove into my bicycle. " * 40
    none: dict[str, Any] = {"draft": None, "offer": None, "request__text": text}
    making = case(state="drafting", **none)
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        panel = await FakePanel.at_case(
            watched,
            world,
            case(**none),
            answers={"prepare": {"result": {"case": making}}},
        )
        await panel.see("prepare").click()
        shown = panel.see("progress").locator("p")
        await expect(shown).to_be_in_viewport(ratio=1)
        header = await panel.page.locator("header").bounding_box()
        box = await shown.bounding_box()
        assert header
        assert box
        assert box["y"] >= header["y"] + header["height"]
        if elsewhere:
            await panel.page.evaluate("scrollTo(0, 100000)")
        await panel.change(case(request__text=text))
        await panel.see("approve").wait_for()
        title = await panel.see("draft-title").bounding_box()
        assert title
        assert (title["y"] > 2 * header["height"] + 40) is elsewhere


async def test_a_link_to_a_case_leaves_others_their_menu_and_tabs(
    browser: Browser, world: World
) -> None:
    """Who is no approver is not in it: there is nothing to go back from."""
    async with browser.stranger(PHONE_SCREEN) as context:
        panel = await FakePanel.opened(
            await watch(context),
            world,
            search=f"?case={case()['case_id']}",
            approver=False,
            admin=True,
        )
        await panel.see("counts").wait_for()
        await expect(panel.see("menu")).to_be_visible()
        await expect(panel.see("tab-rules")).to_be_visible()
        await expect(panel.see("back")).to_have_count(0)
