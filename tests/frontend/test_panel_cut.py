"""What was chosen and what a film begins and ends with: both told, neither lost."""

from typing import Any

from playwright.async_api import expect

from .conftest import Watched, World
from .fake_panel import FakePanel, case


def _chosen(start: str, end: str) -> dict[str, Any]:
    """Return a case whose draft, from 18:01:58 to 18:05, was chosen otherwise."""
    day = "2026-11-23T"
    return case(draft__chosen={"start": f"{day}{start}Z", "end": f"{day}{end}Z"})


async def test_a_film_that_is_not_as_chosen_says_so(
    watched: Watched, world: World
) -> None:
    """Beside its span; a part of a second is nothing to tell of."""
    panel = await FakePanel.at_case(watched, world, _chosen("18:02:00", "18:05:00.900"))
    facts = panel.see("draft-facts")
    await expect(facts.get_by_test_id("cut")).to_have_text(
        "Chosen: from 19:02:00 on. The clip begins at 19:01:58: "
        "a copy can only begin there."
    )
    await panel.change(_chosen("18:01:50", "18:05:02"))
    await expect(facts.get_by_test_id("cut")).to_have_text(
        [
            "Chosen: from 19:01:50 on. The clip only begins at 19:01:58.",
            "Chosen: until 19:05:02. The clip already ends at 19:05:00.",
        ]
    )
    await panel.change(_chosen("18:01:58.500", "18:05:00"))
    await expect(facts.get_by_test_id("cut")).to_have_count(0)


async def test_the_picker_keeps_what_was_chosen(watched: Watched, world: World) -> None:
    """It is prepared again as it was chosen; a step leads to a whole second."""
    one = _chosen("18:02:10", "18:04:59.966")
    panel = await FakePanel.at_case(
        watched, world, one, {"prepare": {"result": {"case": one}}}
    )
    await panel.see("pick-another").locator("summary").click()
    await expect(panel.see("start")).to_have_value("2026-11-23T19:02:10")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:04:59")
    end = panel.page.get_by_role("slider", name="End")
    await expect(end).to_have_attribute("aria-valuenow", "179")
    await panel.see("audio").click()
    await panel.see("prepare").click()
    asked = (await panel.asked("prepare"))[-1]
    assert asked["start"] == "2026-11-23T18:02:10Z"
    assert asked["end"] == "2026-11-23T18:04:59.966Z"
    await end.press("ArrowLeft")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:04:58")
    await panel.see("end1").click()
    await panel.see("prepare").click()
    asked = (await panel.asked("prepare"))[-1]
    assert asked["end"] == "2026-11-23T18:04:59Z"


def _keys(*times: str) -> dict[str, Any]:
    """Return what the home says of where a copy can begin."""
    return {"result": {"key_times": [f"2026-11-23T{time}Z" for time in times]}}


async def test_the_picker_offers_to_begin_where_a_copy_can(
    watched: Watched, world: World
) -> None:
    """Before anything is prepared; not for a playable copy, which can begin anywhere."""
    one = _chosen("18:02:00", "18:05:00")
    answers = {
        "key_times": _keys("18:02:08.666", "18:02:12.333"),
        "prepare": {"result": {"case": one}},
    }
    panel = await FakePanel.at_case(watched, world, one, answers)
    await panel.see("pick-another").locator("summary").click()
    await expect(panel.see("begins")).to_have_count(0)
    await panel.see("start1").click()
    await watched.page.wait_for_timeout(900)
    await expect(panel.see("begins")).to_have_count(0)  # nothing is known of before
    await panel.see("start10").click()
    await expect(panel.see("begins")).to_contain_text(
        "A copy of this begins at 19:02:08"
    )
    await expect(panel.see("begin")).to_have_text(
        ["Begin at 19:02:08", "Begin at 19:02:12"]
    )
    await panel.see("playable").click()
    await expect(panel.see("begins")).to_have_count(0)
    await panel.see("playable").click()
    await panel.see("begin").first.click()
    await expect(panel.see("start")).to_have_value("2026-11-23T19:02:08")
    await expect(panel.see("begins")).to_have_count(0)
    await panel.see("prepare").click()
    (asked,) = await panel.asked("prepare")
    assert asked["start"] == "2026-11-23T18:02:08.666Z"


async def test_without_an_answer_the_picker_works_as_well(
    watched: Watched, world: World
) -> None:
    """A home that could not tell is asked again at the next place; nothing is said."""
    one = _chosen("18:02:00", "18:05:00")
    panel = await FakePanel.at_case(watched, world, one)
    await panel.see("pick-another").locator("summary").click()
    for _ in range(2):
        await panel.see("start1").click()
        await watched.page.wait_for_timeout(900)
    await expect(panel.see("begins")).to_have_count(0)
    await expect(panel.see("prepare")).to_be_enabled()
    first, second = await panel.asked("key_times")
    assert first["camera_id"] == second["camera_id"] == one["draft"]["camera_id"]
    assert first["at"] != second["at"]


async def test_the_picker_offers_to_begin_exactly(
    watched: Watched, world: World
) -> None:
    """Where a copy cannot begin there; the choice is kept, and told with the draft."""
    one = _chosen("18:02:00", "18:05:00")
    one["draft"] |= {
        "exact": True,
        "masks": [],
        "changes": ["start_re_encoded", "audio_removed"],
    }
    answers = {
        "key_times": _keys("18:02:08.666", "18:02:12.333"),
        "prepare": {"result": {"case": one}},
    }
    panel = await FakePanel.at_case(
        watched, world, _chosen("18:02:00", "18:05:00"), answers
    )
    await panel.see("pick-another").locator("summary").click()
    await expect(panel.see("exact")).to_have_count(0)
    await panel.see("start10").click()
    await expect(panel.see("begins")).to_be_visible()
    await expect(panel.page.get_by_label("Begin exactly at 19:02:10")).to_be_visible()
    await panel.see("exact").check()
    await expect(panel.see("begins")).to_have_count(0)
    await panel.see("start1").click()
    await expect(panel.see("exact")).to_be_checked()
    await panel.see("playable").check()
    await expect(panel.see("exact")).to_have_count(0)
    await panel.see("playable").uncheck()
    await panel.see("prepare").click()
    assert (await panel.asked("prepare"))[-1]["exact"] is True
    await expect(panel.see("exact-start")).to_be_visible()
    # what was prepared is prepared again as it was
    await panel.see("audio").click()
    await panel.see("prepare").click()
    assert (await panel.asked("prepare"))[-1]["exact"] is True


async def test_where_nobody_knows_it_can_begin_exactly_all_the_same(
    watched: Watched, world: World
) -> None:
    """A recorder elsewhere tells no key frames: nothing is said of a copy."""
    one = _chosen("18:02:00", "18:05:00")
    panel = await FakePanel.at_case(watched, world, one, {"key_times": _keys()})
    await panel.see("pick-another").locator("summary").click()
    await panel.see("start10").click()
    await expect(panel.page.get_by_label("Begin exactly at 19:02:10")).to_be_visible()
    await expect(panel.see("begins")).to_have_count(0)


async def test_a_start_where_a_copy_begins_is_no_question(
    watched: Watched, world: World
) -> None:
    """Nothing would have to be encoded."""
    one = _chosen("18:02:00", "18:05:00")
    panel = await FakePanel.at_case(
        watched, world, one, {"key_times": _keys("18:02:09.500")}
    )
    await panel.see("pick-another").locator("summary").click()
    await panel.see("start10").click()
    await watched.page.wait_for_timeout(900)
    assert len(await panel.asked("key_times")) == 1
    await expect(panel.see("exact")).to_have_count(0)
    await expect(panel.see("begins")).to_have_count(0)


async def test_a_copy_that_begins_early_is_made_exact_by_one_tap(
    watched: Watched, world: World
) -> None:
    """As it was chosen, with what was hidden, but for the seconds nobody asked for."""
    one = _chosen("18:02:00", "18:05:00")
    one["draft"] |= {"exact": False, "masks": [[0, 0, 500, 500]], "identity": "Sam"}
    exact = _chosen("18:02:00", "18:05:00")
    exact["draft"]["start"] = "2026-11-23T18:02:00Z"
    panel = await FakePanel.at_case(
        watched, world, one, {"prepare": {"result": {"case": exact}}}
    )
    await panel.see("make-exact").click()
    await expect(panel.see("make-exact")).to_have_count(0)
    (asked,) = await panel.asked("prepare")
    assert asked["start"] == "2026-11-23T18:02:00Z"
    assert [asked["exact"], asked["playable"], asked["identity"], asked["masks"]] == [
        *(True, False, "Sam"),
        [[0, 0, 500, 500]],
    ]
