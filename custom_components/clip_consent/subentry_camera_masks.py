"""The form of what a camera always hides: regions in per cent of its picture."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
import re
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
import voluptuous as vol

from .core.masks import MASKS_MAX, SCALE, MaskError, Region, masks_view, read_masks
from .form_fields import suggested

PER_CENT: Final = SCALE // 100  # so a region's numbers are hundredths of a per cent
# A number as hands write it: `33`, `33.5`, `33,5`, `33%`, `33,`, `33.5%;`.
_SIDE: Final = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?%?[,;]?", re.ASCII)

type Errors = dict[str, str]


def region_text(region: Region) -> str:
    """Return a region as the form shows it: `0 0 50 33.33`."""
    sides = (region.left, region.top, region.right, region.bottom)
    return " ".join(f"{side / PER_CENT:g}" for side in sides)


def typed_masks(texts: Iterable[str]) -> tuple[Region, ...]:
    """Return the regions that were typed. Raises MaskError."""
    return read_masks([_sides(text) for text in texts])


def _sides(text: str) -> list[int]:
    sides = []
    for typed in text.split():
        if not (found := _SIDE.fullmatch(typed)):
            raise MaskError("mask_invalid")
        sides.append(int(found[1]) * PER_CENT + int((found[2] or "").ljust(2, "0")))
    return sides


class MaskSteps(ConfigSubentryFlow):
    """What a camera always hides, seen, changed and removed without the panel.

    `_extras` are its settings as kept, `masks` among them.
    """

    _extras: dict[str, Any]
    _masks_typed = False

    @abstractmethod
    async def async_step_check(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show again what was understood."""

    async def async_step_masks(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which regions of the picture are filled in every clip."""
        if user_input is None:
            known = read_masks(self._masks_now()["masks"] or [])
            return self._show_masks([region_text(region) for region in known])
        texts = [text for text in user_input.get("masks", []) if text.strip()]
        if len(texts) > MASKS_MAX:
            return self._show_masks(texts, {"masks": "masks_too_many"})
        try:
            masks = typed_masks(texts)
        except MaskError:
            return self._show_masks(texts, {"masks": "mask_invalid"})
        self._extras["masks"] = masks_view(masks) or None
        self._masks_typed = True
        return await self.async_step_check()

    def _masks_now(self) -> dict[str, Any]:
        """Return what was typed here, else what the camera has by now.

        They may be drawn in the panel while this form is open: it must not take back
        what it never showed.
        """
        if self._masks_typed or self.source != SOURCE_RECONFIGURE:
            return {"masks": self._extras["masks"]}
        return {"masks": self._get_reconfigure_subentry().data.get("masks")}

    def _show_masks(
        self, texts: Sequence[str], errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the regions, and what is wrong with them."""
        lines = TextSelector(TextSelectorConfig(multiple=True))
        return self.async_show_form(
            step_id="masks",
            data_schema=vol.Schema({suggested("masks", list(texts)): lines}),
            errors=errors,
            description_placeholders={"most": str(MASKS_MAX)},
            last_step=False,
        )
