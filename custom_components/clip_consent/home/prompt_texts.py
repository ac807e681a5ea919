"""What pushes say: our own words and the owner's, never a requester's.

The words are those of Home Assistant's language, from `common` of the translations.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from ..const import DOMAIN, NAME
from ..core.models import (
    Camera,
    Case,
    CaseEvent,
    CaseEventType,
    PortalKind,
    Trust,
    Window,
)
from ..core.reminders import ends_at

NO_PHONE_TITLE: Final = NAME
_PREFIX: Final = f"component.{DOMAIN}.common.push_"
_WHO: Final = {
    Trust.UNVERIFIED: "who_unverified",
    Trust.INVITED: "who_invited",
    Trust.VERIFIED: "who_verified",
}
_PROGRESS: Final = {
    "draft": "progress_draft",
    "seal": "progress_seal",
    "send": "progress_send",
}


class PushTexts:
    """The sentences of pushes, in one language at a time."""

    def __init__(self, words: Mapping[str, str] | None = None) -> None:
        """Begin with the words of a language, by key without prefix, or follow one."""
        self._words = words or {}

    def say(self, key: str, **values: object) -> str:
        """Return a sentence. Values are put in as they are, once."""
        return self._words[key].format(**values)

    async def async_follow(self, hass: HomeAssistant) -> CALLBACK_TYPE:
        """Speak Home Assistant's language, also when that changes."""

        async def learn(_: Event | None = None) -> None:
            self._words = await _async_words(hass)

        await learn()
        return hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, learn)

    def request(
        self, case: Case, cameras: Mapping[str, Camera], zone: ZoneInfo, *, hide: bool
    ) -> str:
        """Return who asks for what, and that no answer is one.

        What was approved before, and could not be sent, is said first.
        """
        free = f"{self._two(case)}{self.say('free')}"
        asks = self.say("hidden", free=free)
        if not hide:
            asks = self._asks(case, cameras, zone, free)
        return f"{self.say('failed')} {asks}" if case.offer and case.problem else asks

    def _asks(
        self, case: Case, cameras: Mapping[str, Camera], zone: ZoneInfo, free: str
    ) -> str:
        draft = case.draft
        when = self._window(draft.window if draft else case.request.window, zone)
        asks = {"who": self._who(case), "when": when, "free": free}
        if draft and draft.choice.camera_id in cameras:
            camera = _plain(cameras[draft.choice.camera_id].name)
            length = _length(draft.seconds)
            return self.say("asks_clip", camera=camera, length=length, **asks)
        if draft and draft.choice.text is not None:
            return self.say("asks_words", **asks)
        found = [
            _plain(cameras[finding.camera_id].name)
            for finding in case.findings or ()
            if finding.camera_id in cameras
        ]
        if found:
            return self.say("asks_found", cameras=", ".join(found), **asks)
        return self.say("asks_nothing", **asks)

    def reminder(
        self, case: Case, cameras: Mapping[str, Camera], zone: ZoneInfo, *, hide: bool
    ) -> str:
        """Return the same of a case that nobody has answered, and until when."""
        asks = self.request(case, cameras, zone, hide=hide)
        if hide:
            return self.say("still_waiting_hidden", asks=asks)
        until = self._moment(ends_at(case).astimezone(zone), "%H:%M")
        return self.say("still_waiting", asks=asks, until=until)

    def progress(self, doing: str, percent: int) -> str:
        """Return how far a work is."""
        return self.say(_PROGRESS[doing], percent=percent)

    def result(self, event: CaseEvent, user_name: str, zone: ZoneInfo) -> str:
        """Return what became of a case."""
        name = _plain(user_name)
        if event.type is CaseEventType.APPROVED and event.case.delivery:
            until = event.case.delivery.consent.undo_until.astimezone(zone)
            return self.say("approved", name=name, time=f"{until:%H:%M:%S}")
        if event.type is CaseEventType.UNDONE:
            return self.say("undone", name=name)
        if event.type is CaseEventType.SHARED:
            return self.say("shared_words" if _is_words(event.case) else "shared_clip")
        return self.say("failed")

    def digest(self, waiting: int) -> str:
        """Return what stands for requests that the limits kept back."""
        key = "waiting_one" if waiting == 1 else "waiting_other"
        return self.say(key, count=waiting, free=self.say("free"))

    def notices(self, label: str, fresh: int, *, hide: bool) -> str:
        """Return that a hub has notices: no word of theirs."""
        if hide:
            return self.say("notice_hidden")
        key = "notice_one" if fresh == 1 else "notice_other"
        return self.say(key, hub=_plain(label), count=fresh)

    def answers(self, label: str, count: int, *, hide: bool) -> str:
        """Return that neighbours answered through a hub: no word of theirs."""
        if hide:
            return self.say("answer_hidden")
        key = "answer_one" if count == 1 else "answer_other"
        return self.say(key, hub=_plain(label), count=count)

    def no_phone(self) -> str:
        """Return what is said where no phone can be reached."""
        return self.say("no_phone", free=self.say("free"))

    def _two(self, case: Case) -> str:
        """Return what is said first where two have to approve."""
        if case.screening is None or not case.screening.constraints.two_approvers:
            return ""
        first = case.offer and case.offer.first
        said = self.say("one_more") if first else self.say("two_needed")
        return f"{said} "

    def _who(self, case: Case) -> str:
        label = _plain(case.request.label)
        if case.request.portal is PortalKind.TEST:  # the label is who pressed a button
            return self.say("test_by", name=label) if label else self.say("test")
        trust = self.say(_WHO[case.request.trust])
        if case.request.portal in (PortalKind.HTTP, PortalKind.NOTICE):  # the hub's
            return f"{trust} ({label})"
        return label or trust

    def _window(self, window: Window, zone: ZoneInfo) -> str:
        """Return a span; with seconds where both ends would read alike without."""
        start, end = (moment.astimezone(zone) for moment in (window.start, window.end))
        alike = start.timestamp() // 60 == end.timestamp() // 60
        clock = "%H:%M:%S" if alike else "%H:%M"
        last = f"{end:{clock}}"
        if end.date() != start.date():
            last = self._moment(end, clock)
        return f"{self._moment(start, clock)}–{last}"

    def _moment(self, when: datetime, clock: str) -> str:
        day = self.say("day", day=when.day, month=self.say(f"month_{when.month}"))
        return f"{day}, {when:{clock}}"


async def _async_words(hass: HomeAssistant) -> dict[str, str]:
    found = await async_get_translations(hass, hass.config.language, "common", [DOMAIN])
    return {
        key.removeprefix(_PREFIX): text
        for key, text in found.items()
        if key.startswith(_PREFIX)
    }


def _is_words(case: Case) -> bool:
    draft = case.delivered[-1].draft if case.delivered else case.draft
    return draft is not None and draft.choice.text is not None


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    said = [f"{minutes} min"] if minutes else []
    return " ".join([*said, f"{rest} s"] if rest or not minutes else said)


def _plain(name: str) -> str:
    """Return an owner's name without what Android would read as HTML."""
    return " ".join(name.replace("<", " ").replace(">", " ").split())
