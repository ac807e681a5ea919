"""What pushes to moderators say. A stranger's words stand in them, as words alone.

They are what is to be decided about. Android would read HTML in a push, and commands in
one that is nothing else: so what could be markup is put otherwise, and a word of ours
stands before it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .core.geo import Area, Polygon
from .core.hub_models import Waiting

_PREFIX: Final = f"component.{DOMAIN}.common.moderate_"
_MONTH: Final = f"component.{DOMAIN}.common.push_month_"
_DAY: Final = f"component.{DOMAIN}.common.push_day"
_LIKE: Final = str.maketrans({"<": "‹", ">": "›", "&": "＆"})
SHOWN: Final = 400  # characters that a phone shows of a push that is opened


@dataclass(frozen=True, slots=True, kw_only=True)
class PushText:
    """A push. `whole`: it shows all of it that would become public, place and all."""

    title: str
    message: str
    whole: bool


class ModeratorTexts:
    """The sentences of pushes to moderators, in Home Assistant's language."""

    def __init__(self, words: dict[str, str], zone: ZoneInfo) -> None:
        """Keep the words, by their whole keys."""
        self._words = words
        self._zone = zone

    def say(self, key: str, **values: object) -> str:
        """Return a sentence. Values are put in as they are, once."""
        return self._words[_PREFIX + key].format(**values)

    def waiting(self, one: Waiting) -> PushText:
        """Return what is said of something that waits."""
        facts = [self._who(one)]
        if one.window:
            facts.append(self._span(one.window.start, one.window.end))
        if one.area:
            facts.append(_place(one.area))
        facts += [text for text in (one.case_number, one.contact) if text]
        words = [f"“{one.title}”" if one.title else "", one.text]
        lines = [" · ".join(facts), *(text for text in words if text)]
        said = "\n".join(map(_inert, lines))
        whole = len(said) <= SHOWN  # what comes first is public too, and takes room
        return PushText(
            title=self.say(f"title_{one.kind.value}"),
            message=said if whole else _cut(said),
            # where a notice goes, or what a drawn line encloses, is for a map
            whole=whole and not one.cells and not isinstance(one.area, Polygon),
        )

    def _who(self, one: Waiting) -> str:
        if one.requester is None:
            return self.say("neighbour")
        who = one.requester
        known = (who.name, who.organisation, who.verified_how)
        return ", ".join(text for text in known if text)

    def _span(self, start: datetime, end: datetime) -> str:
        first, last = start.astimezone(self._zone), end.astimezone(self._zone)
        until = f"{last:%H:%M}" if first.date() == last.date() else self._moment(last)
        return f"{self._moment(first)}–{until}"

    def _moment(self, when: datetime) -> str:
        month = self._words[f"{_MONTH}{when.month}"]
        day = self._words[_DAY].format(day=when.day, month=month)
        return f"{day}, {when:%H:%M}"


async def async_moderator_texts(hass: HomeAssistant) -> ModeratorTexts:
    """Return the sentences in Home Assistant's language."""
    words = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return ModeratorTexts(words, ZoneInfo(hass.config.time_zone))


def _place(area: Area) -> str:
    """Return where and how large an area is: of a circle, all that is published."""
    size = f"{area.km2:.2f} km²"
    if isinstance(area, Polygon):
        return size
    center = area.center
    return f"{center.lat:.5f}, {center.lon:.5f} ± {area.radius:.0f} m · {size}"


def _cut(text: str) -> str:
    return f"{text[:SHOWN]}…"


def _inert(text: str) -> str:
    """Return a text on one line, with nothing that a phone could take for markup."""
    return " ".join(text.translate(_LIKE).split())
