"""The Home Assistant users, as they are at this moment."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant

from ..base.push import phones
from ..core.approval import Person
from ..core.models import Approver


class HomePeople:
    """Looks users up anew for every decision: nothing is remembered."""

    def __init__(self, hass: HomeAssistant, approvers: Mapping[str, Approver]) -> None:
        """Keep the approvers by user id."""
        self._hass = hass
        self._approvers = approvers

    def approvers(self) -> tuple[str, ...]:
        """Return the user ids that are listed as approvers."""
        return tuple(self._approvers)

    async def async_person(self, user_id: str) -> Person | None:
        """Return the user's standing, None if there is no such user."""
        user = await self._hass.auth.async_get_user(user_id)
        if user is None:
            return None
        approver = self._approvers.get(user_id)
        return Person(
            user_id=user.id,
            name=user.name or "",
            listed=approver is not None,
            active=user.is_active,
            system_generated=user.system_generated,
            local_only=user.local_only,
            admin=user.is_admin,
            exposed=frozenset(
                phone.entry_id
                for phone in phones(self._hass)
                if phone.user_id == user_id and not phone.encrypted
            ),
            one_tap=approver.one_tap if approver else frozenset(),
        )
