"""Error codes as sentences in the language of this Home Assistant."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)

from .const import DOMAIN
from .core import sentences
from .core.errors import (
    ClipConsentError,
    DeliveryError,
    MediaError,
    SourceError,
    StoreError,
)
from .core.models import Screening

CATEGORY = "exceptions"
_FAILURES = (DeliveryError, MediaError, SourceError, StoreError)


async def async_load_messages(hass: HomeAssistant) -> None:
    """Load the sentences, so that `problem_text` finds them."""
    await async_get_translations(hass, hass.config.language, CATEGORY, {DOMAIN})


async def error_text(hass: HomeAssistant, error: ClipConsentError) -> str:
    """Return what an error says and what to do."""
    return problem_text(hass, error.code, **error.placeholders)


@callback
def problem_text(hass: HomeAssistant, code: str, **placeholders: str) -> str:
    """Return the sentence of a code; the code itself if there is none."""
    sentences = async_get_cached_translations(
        hass, hass.config.language, CATEGORY, DOMAIN
    )
    sentence = sentences.get(f"component.{DOMAIN}.{CATEGORY}.{code}.message", code)
    for name, value in placeholders.items():
        sentence = sentence.replace(f"{{{name}}}", value)
    return sentence


async def async_common_words(hass: HomeAssistant, prefix: str) -> dict[str, str]:
    """Return what Home Assistant's language has in `common` under a prefix."""
    found = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return _without(f"component.{DOMAIN}.common.{prefix}", found)


@callback
def screening_text(hass: HomeAssistant, screening: Screening) -> str:
    """Return which rule matched and why, in the language of this Home Assistant."""
    found = async_get_cached_translations(hass, hass.config.language, "common", DOMAIN)
    words = _without(f"component.{DOMAIN}.common.rules_", found)
    return sentences.sentence(screening, {**sentences.ENGLISH, **words})


def _without(prefix: str, words: Mapping[str, str]) -> dict[str, str]:
    return {
        key.removeprefix(prefix): text
        for key, text in words.items()
        if key.startswith(prefix)
    }


def as_action_error(error: ClipConsentError) -> HomeAssistantError:
    """Return the error of an action: the caller's fault, or ours."""
    failed = isinstance(error, _FAILURES)
    kind = HomeAssistantError if failed else ServiceValidationError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.code,
        translation_placeholders=error.placeholders or None,
    )
