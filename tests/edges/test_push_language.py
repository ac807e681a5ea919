"""Pushes speak Home Assistant's language."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home import prompt_texts
from custom_components.clip_consent.home.prompt_texts import PushTexts
from tests.push_words import common, pushes


async def test_pushes_speak_the_language_of_the_house(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is Home Assistant's, and may be changed while the home runs."""

    async def read(
        _: HomeAssistant, language: str, category: str, integrations: list[str]
    ) -> dict[str, str]:
        assert (category, integrations) == ("common", [DOMAIN])
        said = {"en": "Approve", "de": "Zustimmen"}
        return {
            f"component.{DOMAIN}.common.push_approve": said[language],
            f"component.{DOMAIN}.common.other": "",
        }

    monkeypatch.setattr(prompt_texts, "async_get_translations", read)
    texts = PushTexts()
    stop = await texts.async_follow(hass)
    assert texts.say("approve") == "Approve"
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    assert texts.say("approve") == "Zustimmen"
    stop()
    await hass.config.async_update(language="en")
    await hass.async_block_till_done()
    assert texts.say("approve") == "Zustimmen"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Still waiting: … It can be answered until 30 November, 19:00."),
        ("de", "Wartet noch: … Antworten kannst du bis zum 30. November, 19:00 Uhr."),
        (
            "es",
            "Sigue en espera: … Se puede responder hasta el 30 de noviembre, 19:00.",
        ),
        ("fr", "Toujours en attente : … Réponse possible jusqu'au 30 novembre, 19:00."),
        ("nl", "Wacht nog steeds: … Antwoorden kan tot 30 november, 19:00."),
    ],
)
def test_until_when_is_a_day_and_a_time(language: str, said: str) -> None:
    """The word before it has to fit a date."""
    texts = pushes(language)
    day = texts.say("day", day=30, month=texts.say("month_11"))
    text = texts.say("still_waiting", asks="…", until=f"{day}, 19:00")
    assert text.replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "My neighbour asks for Porch, 23 November, 2 min. …"),
        (
            "de",
            "Jemand von nebenan bittet um Aufnahmen von Porch, 23. November, 2 min. …",
        ),
        ("es", "Mi vecino pide imágenes de Porch, 23 de noviembre, 2 min. …"),
        (
            "fr",
            "Quelqu'un du voisinage demande des images : Porch, 23 novembre, 2 min. …",
        ),
        ("nl", "Mijn buur vraagt om beelden van Porch, 23 november, 2 min. …"),
    ],
)
def test_the_first_invite_is_a_person_that_asks(language: str, said: str) -> None:
    """Its ready-made name stands in the sentence as somebody's name does."""
    texts, words = pushes(language), common(language)
    asks = {
        "who": words["ready_made_first_invite"],
        "camera": "Porch",
        "when": texts.say("day", day=23, month=texts.say("month_11")),
        "length": "2 min",
        "free": "…",
    }
    assert texts.say("asks_clip", **asks).replace("\u202f", " ") == said
