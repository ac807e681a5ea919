"""Event entities: requests, and notices of hubs, without a word of any stranger's.

What users decide is fired as an event of the bus besides: the logbook says who did it.
"""

from typing import Final, override

from homeassistant.components.event import EventEntity
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SUBENTRY_PORTAL
from .core.disclosure import event_view, subject
from .core.models import CaseEvent, CaseEventType, ClosedReason
from .core.notices import Posted, posted_view
from .core.own_news import Answered, answered_view
from .entity import (
    EVENT_DECIDED,
    MARK,
    ClipConsentConfigEntry,
    ClipConsentEntity,
    marked_fields,
    remove_hubs_gone,
)

PARALLEL_UPDATES = 0
NOTICES: Final = "notices"
POSTED: Final = "posted"
ANSWERS: Final = "answers"
ANSWERED: Final = "answered"
_DECISIONS: Final = {
    CaseEventType.APPROVED: "approved",
    CaseEventType.FIRST_APPROVED: "first_approved",
    CaseEventType.UNDONE: "undone",
    CaseEventType.CLOSED: "declined",
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ClipConsentConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entities: of requests, each hub's notices, and answers."""
    hubs = [
        NoticesEvent(entry, hub)
        for hub in entry.get_subentries_of_type(SUBENTRY_PORTAL)
    ]
    remove_hubs_gone(hass, entry, NOTICES, {hub.unique_id for hub in hubs})
    # where no hub is followed, nobody can be asked
    answers = [AnswersEvent(entry)] if hubs else []
    remove_hubs_gone(hass, entry, ANSWERS, {one.unique_id for one in answers})
    async_add_entities([RequestsEvent(entry), *hubs, *answers])


class RequestsEvent(ClipConsentEntity, EventEntity):
    """Tells what happens to requests, by the types of CaseEventType."""

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, "requests")
        self._attr_event_types = [kind.value for kind in CaseEventType]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what happens."""
        self.async_on_remove(self.manager.on_event(self._tell))

    @callback
    def _tell(self, event: CaseEvent) -> None:
        self.async_set_context(Context(user_id=event.user_id))
        self._trigger_event(
            event.type.value,
            dict(event_view(event, self.manager.cameras, self.manager.waiting)),
        )
        self.async_write_ha_state()
        if decided := decision(event):
            self._tell_decided(event, decided)

    @callback
    def _tell_decided(self, event: CaseEvent, decided: str) -> None:
        # a context of its own: it did not follow from the state
        context = Context(user_id=event.user_id)
        data = {
            "decision": decided,
            **subject(event.case, self.manager.cameras),
            "entity_id": self.entity_id,
        }
        mark = self.manager.marks.make(
            marked_fields(data) or {}, context_id=context.id, user_id=context.user_id
        )
        self.hass.bus.async_fire(EVENT_DECIDED, {**data, MARK: mark}, context=context)


class NoticesEvent(ClipConsentEntity, EventEntity):
    """Tells of each notice that a hub has for the cell of this home."""

    def __init__(self, entry: ClipConsentConfigEntry, hub: ConfigSubentry) -> None:
        """Name it after the hub."""
        super().__init__(entry, NOTICES)
        self._portal_id = hub.subentry_id
        self._attr_event_types = [POSTED]
        self._attr_unique_id = f"{entry.entry_id}_{NOTICES}_{hub.subentry_id}"
        self._attr_translation_placeholders = {"portal": hub.title}

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what is posted: no case changes it."""
        self.async_on_remove(self.manager.notices.board.on_posted(self._tell))

    @callback
    def _tell(self, posted: Posted) -> None:
        if posted.portal_id == self._portal_id:
            self._trigger_event(POSTED, dict(posted_view(posted)))
            self.async_write_ha_state()


class AnswersEvent(ClipConsentEntity, EventEntity):
    """Tells that neighbours answered what this home asked, once for all that came."""

    def __init__(self, entry: ClipConsentConfigEntry) -> None:
        """Name it."""
        super().__init__(entry, ANSWERS)
        self._attr_event_types = [ANSWERED]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what comes: no case changes it."""
        news = self.manager.neighbours.asked.news
        self.async_on_remove(news.on_answered(self._tell))

    @callback
    def _tell(self, answered: Answered) -> None:
        self._trigger_event(ANSWERED, dict(answered_view(answered)))
        self.async_write_ha_state()


def decision(event: CaseEvent) -> str | None:
    """Return what a user decided, None for what happened by itself."""
    if event.user_id is None:
        return None
    if event.case.closed is ClosedReason.WITHDRAWN:
        return "stopped"
    return _DECISIONS.get(event.type)
