"""Error codes as sentences in the language of this Home Assistant."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)

from .const import DOMAIN
from .core.errors import (
    ClipConsentError,
    DeliveryError,
    MediaError,
    SourceError,
    StoreError,
)

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


def as_action_error(error: ClipConsentError) -> HomeAssistantError:
    """Return the error of an action: the caller's fault, or ours."""
    failed = isinstance(error, _FAILURES)
    kind = HomeAssistantError if failed else ServiceValidationError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.code,
        translation_placeholders=error.placeholders or None,
    )
