"""Looking for cases: words anywhere, in any case, and what was shared."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.models import Case, Finding
from custom_components.clip_consent.core.search import Only, Search, search_for

from .cases import CHOICE, GARDEN, SPAN, case, delivery, draft, request

SAID = request(
    label="Anna next door",
    name="Anna Groß",
    contact="anna@example.org",
    text="Somebody took my bicycle.\nIt is RED.",
    case_number="",
)


def _case(**changes: object) -> Case:
    return case(request=replace(SAID, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\t\n", "anna", "ANNA", "door anna", "bicycle red", "icycl"),
        *("example.org", "GROSS", "groß", "took\nmy", "."),
    ],
)
def test_what_fits(text: str) -> None:
    """Each word is there, in whatever field."""
    assert search_for(text).fits(_case())


@pytest.mark.parametrize("text", ["anna bert", "bicycles", "next-door", "%", "_", "*"])
def test_what_does_not_fit(text: str) -> None:
    """One word that is nowhere is enough; no sign stands for others."""
    assert not search_for(text).fits(_case())


def test_words_do_not_run_over_from_field_to_field() -> None:
    """The end of one and the start of the next are no word."""
    assert not search_for("doorAnna").fits(_case())


def test_numbers_can_be_looked_for() -> None:
    """That of the police, and the case's own as the ledger has it."""
    assert search_for("7/26").fits(_case(case_number="PL-7/26"))
    one = _case()
    assert search_for(one.case_id[:8].upper()).fits(one)


def test_only_what_was_shared() -> None:
    """Whatever became of it later, and together with words."""
    shared = replace(_case(), delivered=(delivery(),))
    for text, fits in (("", True), ("anna", True), ("bert", False)):
        search = search_for(text, Only.SHARED)
        assert search.fits(shared) is fits
        assert not search.fits(_case())


def test_nothing_given_is_everything() -> None:
    """So the whole history needs no looking through."""
    assert Search().everything
    assert search_for(" ").everything
    assert not search_for("a").everything
    assert not search_for("", Only.SHARED).everything


def test_only_what_a_camera_has_or_what_was_shared_of_it() -> None:
    """Runs that were found, a draft, a delivery: one of them is enough."""
    search = search_for("", camera_id=GARDEN)
    other = replace(CHOICE, camera_id="other")
    runs = Finding(camera_id=GARDEN, runs=(SPAN,))
    elsewhere = Finding(camera_id="other", runs=(SPAN,))
    empty = Finding(camera_id=GARDEN, runs=())
    of_other, of_garden = draft(choice=other), draft(choice=CHOICE)
    assert CHOICE.camera_id == GARDEN
    for changes, fits in (
        ({}, False),
        ({"findings": (elsewhere, empty), "draft": of_other}, False),
        ({"findings": (elsewhere, runs)}, True),
        ({"draft": of_garden}, True),
        ({"delivered": (delivery(of_other),)}, False),
        ({"delivered": (delivery(of_other), delivery(of_garden))}, True),
    ):
        assert search.fits(replace(_case(), **changes)) is fits
    assert not search.everything


def test_only_windows_of_a_day() -> None:
    """In part or whole: from its first moment until before the next one's."""
    second = timedelta(seconds=1)
    for since, until, fits in (
        (None, None, True),
        (SPAN.end, None, False),
        (SPAN.end - second, None, True),
        (None, SPAN.start, False),
        (None, SPAN.start + second, True),
        (SPAN.start - second, SPAN.end + second, True),
    ):
        search = search_for("", since=since, until=until)
        assert search.fits(_case()) is fits
        assert search.everything is (since is until)
