"""What the forms of the flows are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.http.const import KEY_HASS_USER
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.http import current_request
from homeassistant.helpers.selector import (
    DateSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    QrCodeSelector,
    QrCodeSelectorConfig,
    QrErrorCorrectionLevel,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TimeSelector,
)
import voluptuous as vol

from .base.links import PublicUrl
from .base.push import Phone, PhoneSystem
from .core.text import fault, plain, visible

# A title is what pushes and sentences call a thing by: one short line.
TITLE_MAX: Final = 64
LOCK: Final = "\N{LOCK}"
SYSTEMS: Final = {PhoneSystem.IOS: "iOS", PhoneSystem.ANDROID: "Android"}
GONE: Final = "\N{BALLOT X}"


@callback
def acting_user_id() -> str | None:
    """Return the user whose browser drives the flow. The flow itself does not say."""
    if (request := current_request.get()) is None:
        return None
    user = request.get(KEY_HASS_USER)
    return user.id if user else None


def suggested(key: str, value: object) -> vol.Optional:
    """Return an optional field that starts with a value and may be emptied."""
    return vol.Optional(key, description={"suggested_value": value})


def as_code(name: str) -> str:
    """Return a file's name as it may stand between backticks: none of it is markup.

    Whoever may write a file may name it as they like.
    """
    return plain(name).replace("`", "\N{REPLACEMENT CHARACTER}")


def title_error(title: str) -> str | None:
    """Return the error code of a tidied title that will not do, or None."""
    if not visible(title):
        return "title_empty"
    if len(title) > TITLE_MAX:
        return "title_too_long"
    return "title_not_plain" if fault(title) else None


def text_error(text: str, most: int, *, lines: bool = False) -> str | None:
    """Return the error code of a tidied text for everybody, or None if it will do."""
    if not visible(text):
        return "text_empty"
    if len(text) > most:
        return "text_too_long"
    return "text_not_plain" if fault(text, lines=lines) else None


def pick_one(options: Iterable[str], translation_key: str) -> SelectSelector:
    """Return a list of words of ours of which one is picked."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.LIST,
            translation_key=translation_key,
        )
    )


def pick_from(options: Iterable[str], translation_key: str) -> SelectSelector:
    """Return a menu of words of ours of which one is picked."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.DROPDOWN,
            translation_key=translation_key,
        )
    )


def pick_words(options: Iterable[str], translation_key: str) -> SelectSelector:
    """Return a list of words of ours to tick."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options),
            mode=SelectSelectorMode.LIST,
            multiple=True,
            translation_key=translation_key,
        )
    )


def pick_named(names: Mapping[str, str]) -> SelectSelector:
    """Return a list of the owner's things to tick: ids with names."""
    return SelectSelector(
        SelectSelectorConfig(
            options=_options(names), mode=SelectSelectorMode.LIST, multiple=True
        )
    )


def pick_one_named(names: Mapping[str, str]) -> SelectSelector:
    """Return a menu of the owner's things of which one is picked: ids with names."""
    return SelectSelector(
        SelectSelectorConfig(options=_options(names), mode=SelectSelectorMode.DROPDOWN)
    )


def pick_or_type(options: Iterable[str]) -> SelectSelector:
    """Return a menu that also takes what is typed."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options), mode=SelectSelectorMode.DROPDOWN, custom_value=True
        )
    )


class DateBox(DateSelector):
    """A day, kept as YYYY-MM-DD however it was written.

    Home Assistant's own takes "2127-1-2" too, and hands it on as it is.
    """

    @override
    def __call__(self, data: Any) -> str:
        """Return a day in its one form. Raises vol.Invalid where it is none."""
        return cv.date(data).isoformat()


class TimeBox(TimeSelector):
    """A time of day, kept as HH:MM:SS however it was written, as DateBox does."""

    @override
    def __call__(self, data: Any) -> str:
        """Return a time in its one form. Raises vol.Invalid where it is none."""
        return cv.time(data).isoformat()


class NumberBox(NumberSelector):
    """A box that shows its bounds, but takes any number: the form judges it.

    Home Assistant's own refuses a number in English, and not at its field.
    """

    @override
    def __call__(self, data: Any) -> float:
        """Return what was typed as a number."""
        typed: float = vol.Coerce(float)(data)
        return typed


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber:
    """Which numbers a field takes, and the error code of all others."""

    error: str
    least: int
    most: int
    unit: str | None = None

    def box(self) -> NumberBox:
        """Return the field of a form."""
        return _box(self.least, self.most, self.unit, step=1)

    def takes(self, typed: float) -> bool:
        """Return whether a number is whole and within the bounds."""
        return self.least <= typed <= self.most and typed.is_integer()

    def kept(self, typed: float) -> int:
        """Return a number that it takes, as it is kept."""
        return int(typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalNumber:
    """Which numbers of two decimals a field takes, and the error code of all others."""

    error: str
    least: float
    most: float
    unit: str

    def box(self) -> NumberBox:
        """Return the field of a form."""
        return _box(self.least, self.most, self.unit, step=0.01)

    def takes(self, typed: float) -> bool:
        """Return whether a number is within the bounds, with two decimals at most."""
        return self.least <= typed <= self.most and round(typed, 2) == typed

    def kept(self, typed: float) -> float:
        """Return a number that it takes, as it is kept."""
        return typed


type FormNumber = WholeNumber | DecimalNumber


def _box(least: float, most: float, unit: str | None, *, step: float) -> NumberBox:
    config = NumberSelectorConfig(
        min=least, max=most, step=step, mode=NumberSelectorMode.BOX
    )
    if unit:
        config["unit_of_measurement"] = unit
    return NumberBox(config)


def judged(
    numbers: Mapping[str, FormNumber], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what was typed with its numbers as kept, and error codes by field.

    What will not do stays as it was typed; fields left empty are not looked at.
    """
    given, errors = dict(values), dict[str, str]()
    for key, number in numbers.items():
        if (typed := given.get(key)) is None:
            continue
        if number.takes(typed):
            given[key] = number.kept(typed)
        else:
            errors[key] = number.error
    return given, errors


def link_step(invite: PublicUrl) -> str:
    """Return the step that shows this address: what it says depends on its reach."""
    if invite.external:
        return "link"
    return "link_local" if _is_address(invite) else "link_no_address"


def link_schema(invite: PublicUrl) -> vol.Schema:
    """Return a form that only shows an invite's QR code, if it has an address."""
    if not _is_address(invite):
        return vol.Schema({})
    code = QrCodeSelector(
        QrCodeSelectorConfig(
            data=invite.url,
            scale=5,
            error_correction_level=QrErrorCorrectionLevel.MEDIUM,
        )
    )
    return vol.Schema({vol.Optional("qr_code"): code})


def camera_names(entry: ConfigEntry, chosen: Iterable[str] = ()) -> dict[str, str]:
    """Return the entry's cameras: subentry ids with titles.

    Cameras that were chosen and are gone stay on the list, marked: ticking none means
    all, so a choice that vanished by itself would widen what is shared.
    """
    names = {
        camera.subentry_id: camera.title
        for camera in entry.get_subentries_of_type("camera")
    }
    return names | {one: f"{GONE} {one}" for one in chosen if one not in names}


def phone_names(phones: Iterable[Phone]) -> dict[str, str]:
    """Return phones by config entry id, a lock marking those with encryption."""
    return {
        phone.entry_id: f"{phone.name} ({SYSTEMS[phone.system]})"
        + (f" {LOCK}" if phone.encrypted else "")
        for phone in phones
    }


def kept(values: Mapping[str, Any], key: str) -> list[str]:
    """Return what was ticked; the frontend leaves an empty list out."""
    return list(values.get(key, ()))


def _is_address(invite: PublicUrl) -> bool:
    """Return whether it is more than a path."""
    return invite.url.startswith("http")


def _options(names: Mapping[str, str]) -> list[SelectOptionDict]:
    """Return names as options."""
    return [SelectOptionDict(value=key, label=label) for key, label in names.items()]
