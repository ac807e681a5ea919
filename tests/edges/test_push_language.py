"""Pushes speak Home Assistant's language."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home import prompt_texts
from custom_components.clip_consent.home.prompt_texts import PushTexts


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
