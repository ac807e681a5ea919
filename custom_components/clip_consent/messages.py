"""Error codes and what the rules said as sentences, in a language that is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from .core.masks import MaskError
from .core.models import Screening
from .core.rule_data import Rule
from .core.rule_text import allowance_texts, condition_texts
from .core.serial import Json

CATEGORY = "exceptions"
_FAILURES = (DeliveryError, MediaError, SourceError, StoreError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """The sentences of one language: those of `async_speech` are loaded."""

    hass: HomeAssistant
    language: str

    @callback
    def problem(self, code: str, **placeholders: str) -> str:
        """Return what an error says and what to do; the code if it says nothing."""
        sentence = self._cached(CATEGORY).get(
            f"component.{DOMAIN}.{CATEGORY}.{code}.message", code
        )
        for name, value in placeholders.items():
            sentence = sentence.replace(f"{{{name}}}", value)
        return sentence

    @callback
    def clause(self, code: str) -> str:
        """Return why an approval did not count; the code if it says nothing."""
        key = f"component.{DOMAIN}.common.clause_{code}"
        return self._cached("common").get(key, code)

    @callback
    def screening(self, screening: Screening) -> str:
        """Return which rule matched and why."""
        return sentences.sentence(screening, self._rules())

    @callback
    def rule(self, rule: Rule, cameras: Mapping[str, str]) -> dict[str, Json]:
        """Return what a rule is for and what it allows; `cameras` are names by id."""
        words = self._rules()
        return {
            "conditions": list(condition_texts(rule, cameras, words)),
            "limits": list(allowance_texts(rule, cameras, words)),
        }

    @callback
    def decision(
        self, decision: str, label: str, trust: str, camera: str | None
    ) -> str:
        """Return what was decided of whose request, with the owner's names for it."""
        common = self._cached("common")
        who = label or common.get(f"component.{DOMAIN}.common.push_who_{trust}", trust)
        said = common.get(f"component.{DOMAIN}.common.logbook_{decision}", decision)
        return said.replace("{about}", f"{who}, {camera}" if camera else who)

    @callback
    def _rules(self) -> dict[str, str]:
        prefix = f"component.{DOMAIN}.common.rules_"
        return {**sentences.ENGLISH, **_without(prefix, self._cached("common"))}

    def _cached(self, category: str) -> dict[str, str]:
        return async_get_cached_translations(self.hass, self.language, category, DOMAIN)


async def async_speech(hass: HomeAssistant, language: str | None = None) -> Speech:
    """Return the sentences of a language; none named means Home Assistant's."""
    spoken = language or hass.config.language
    for category in (CATEGORY, "common"):
        await async_get_translations(hass, spoken, category, {DOMAIN})
    return Speech(hass=hass, language=spoken)


async def async_common_words(hass: HomeAssistant, prefix: str) -> dict[str, str]:
    """Return what Home Assistant's language has in `common` under a prefix."""
    found = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return _without(f"component.{DOMAIN}.common.{prefix}", found)


def _without(prefix: str, words: Mapping[str, str]) -> dict[str, str]:
    return {
        key.removeprefix(prefix): text
        for key, text in words.items()
        if key.startswith(prefix)
    }


def as_action_error(error: ClipConsentError) -> HomeAssistantError:
    """Return the error of an action: the caller's fault, or ours."""
    failed = isinstance(error, _FAILURES) and not isinstance(error, MaskError)
    kind = HomeAssistantError if failed else ServiceValidationError
    return kind(
        translation_domain=DOMAIN,
        translation_key=error.code,
        translation_placeholders=error.placeholders or None,
    )
