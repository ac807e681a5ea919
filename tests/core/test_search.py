"""Looking for cases: words anywhere, in any case, and what was shared."""

from dataclasses import replace

import pytest

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.core.search import Only, Search, search_for

from .cases import case, delivery, request

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
