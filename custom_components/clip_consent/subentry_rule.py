"""Add and change sharing rules: which requests are asked, listed or put away."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from .const import SUBENTRY_APPROVER
from .core.errors import InvalidRuleError
from .core.limits import (
    CLIP_MAX_SECONDS,
    RULE_AREA_MAX_KM2,
    RULE_AREA_MIN_KM2,
    RULE_DISTANCE_MAX,
    RULE_ORDER_MAX,
    WINDOW_AGE_MAX,
    WINDOW_MAX,
)
from .core.models import RequesterKind, Trust, VerdictKind
from .core.rules import parse_rule
from .core.text import tidy
from .form_fields import (
    DecimalNumber,
    FormNumber,
    TimeBox,
    WholeNumber,
    camera_names,
    judged,
    pick_named,
    pick_one,
    pick_words,
    suggested,
    title_error,
)

CASE_NUMBER: Final = ("any", "required", "none")
VERDICTS: Final = (VerdictKind.ASK, VerdictKind.LIST, VerdictKind.IGNORE)
ORDER_STEP: Final = 10
EVERYTHING: Final[Mapping[str, Any]] = {
    "order": ORDER_STEP,
    "verdict": "ask",
    "trust": [],
    "kinds": [],
    "case_number": "any",
    "window_max_minutes": None,
    "window_max_age_hours": None,
    "footage_from": None,
    "footage_to": None,
    "received_from": None,
    "received_to": None,
    "area_max_km2": None,
    "distance_max_metres": None,
    "words": [],
    "cameras": [],
    "max_seconds": None,
    "audio": True,
    "only_cameras": [],
    "confirm_in_app": False,
    "two_approvers": False,
    "masked": False,
}
LIMITS: Final = (
    "max_seconds",
    "audio",
    "only_cameras",
    "confirm_in_app",
    "two_approvers",
    "masked",
)
NUMBERS: Final[Mapping[str, FormNumber]] = {
    "order": WholeNumber(error="rule_order_invalid", least=0, most=RULE_ORDER_MAX),
    "window_max_minutes": WholeNumber(
        error="rule_window_max_minutes_invalid",
        least=1,
        most=int(WINDOW_MAX.total_seconds() // 60),
        unit="min",
    ),
    "window_max_age_hours": WholeNumber(
        error="rule_window_max_age_hours_invalid",
        least=1,
        most=int(WINDOW_AGE_MAX.total_seconds() // 3600),
        unit="h",
    ),
    "area_max_km2": DecimalNumber(
        error="rule_area_max_km2_invalid",
        least=RULE_AREA_MIN_KM2,
        most=RULE_AREA_MAX_KM2,
        unit="km²",
    ),
    "distance_max_metres": WholeNumber(
        error="rule_distance_max_metres_invalid",
        least=0,
        most=RULE_DISTANCE_MAX,
        unit="m",
    ),
    "max_seconds": WholeNumber(
        error="rule_max_seconds_invalid", least=1, most=CLIP_MAX_SECONDS, unit="s"
    ),
}


def rule_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule as kept: every field, those left out as they narrow nothing."""
    return {**EVERYTHING, **values}


class RuleFlow(ConfigSubentryFlow):
    """Add or change one sharing rule."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a rule."""
        if user_input is None:
            proposed = rule_data({"order": self._next_order()})
            return self._show("user", "", proposed)
        return self._take("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a rule."""
        if user_input is None:
            rule = self._get_reconfigure_subentry()
            return self._show("reconfigure", rule.title, rule_data(rule.data))
        return self._take("reconfigure", user_input)

    def _take(self, step_id: str, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Save what was typed, or say at its place what is wrong with it."""
        title = tidy(user_input["name"])
        data, wrong = judged(NUMBERS, _flat(user_input))
        errors = _errors(title, data, wrong)
        if data["two_approvers"] and not self._has_two_approvers():
            errors.setdefault("limits", "too_few_approvers")
        if errors:
            return self._show(step_id, title, data, errors)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=title,
                data=data,
            )
        return self.async_create_entry(title=title, data=data)

    def _show(
        self,
        step_id: str,
        title: str,
        data: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show the rule, its sections open where they say or lack something."""
        entry = self._get_entry()
        open_limits = bool(errors and "limits" in errors) or any(
            data[key] != EVERYTHING[key] for key in LIMITS
        )
        schema = vol.Schema(
            {
                vol.Required("name", default=title): TextSelector(),
                vol.Required("verdict", default=data["verdict"]): pick_one(
                    VERDICTS, "verdict"
                ),
                vol.Required("order", default=data["order"]): NUMBERS["order"].box(),
                vol.Required("conditions"): section(
                    _conditions(data, camera_names(entry, data["cameras"])),
                    {"collapsed": False},
                ),
                vol.Required("limits"): section(
                    _limits(data, camera_names(entry, data["only_cameras"])),
                    {"collapsed": not open_limits},
                ),
            }
        )
        return self.async_show_form(step_id=step_id, data_schema=schema, errors=errors)

    def _has_two_approvers(self) -> bool:
        return len(self._get_entry().get_subentries_of_type(SUBENTRY_APPROVER)) > 1

    def _next_order(self) -> int:
        """Return a place just before the last rule, which is mostly a catch-all."""
        rules = self._get_entry().get_subentries_of_type("rule")
        orders = sorted(int(rule.data["order"]) for rule in rules)
        if not orders:
            return ORDER_STEP
        before_last, last = ([0, *orders])[-2:]
        # Of two in the same place either may be read first: it has to be before it.
        return min(before_last + ORDER_STEP, (before_last + last) // 2)


def _flat(user_input: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's answer as a rule's data."""
    given = {
        "order": user_input["order"],
        "verdict": user_input["verdict"],
        **user_input["conditions"],
        **user_input["limits"],
    }
    given["words"] = [word for text in given.get("words", []) if (word := tidy(text))]
    return rule_data(given)


def _errors(
    title: str, data: Mapping[str, Any], wrong: Mapping[str, str]
) -> dict[str, str]:
    """Return error codes by where they are shown; `wrong` has those of the numbers."""
    errors: dict[str, str] = {}
    if error := title_error(title):
        errors["name"] = error
    for field, code in wrong.items():
        errors.setdefault(_place(field), code)
    try:
        parse_rule("", title, {**data, **{key: EVERYTHING[key] for key in wrong}})
    except InvalidRuleError as err:
        field = err.code.removeprefix("rule_").removesuffix("_invalid")
        errors.setdefault(_place(field), err.code)
    return errors


def _place(field: str) -> str:
    """Return where a field's error is shown: the frontend has no place in a section.

    It shows such an error right above the section, so each says which field it is of.
    """
    if field == "order":
        return field
    return "limits" if field in LIMITS else "conditions"


def _conditions(data: Mapping[str, Any], cameras: dict[str, str]) -> vol.Schema:
    """Return the fields that narrow which requests a rule is about."""
    fields: dict[vol.Marker, Any] = {
        suggested("trust", data["trust"]): pick_words(Trust, "trust"),
        suggested("kinds", data["kinds"]): pick_words(RequesterKind, "requester_kind"),
        vol.Required("case_number", default=data["case_number"]): pick_one(
            CASE_NUMBER, "case_number"
        ),
    }
    for key in ("window_max_minutes", "window_max_age_hours"):
        fields[suggested(key, data[key])] = NUMBERS[key].box()
    for key in ("footage_from", "footage_to", "received_from", "received_to"):
        fields[suggested(key, data[key])] = TimeBox()
    for key in ("area_max_km2", "distance_max_metres"):
        fields[suggested(key, data[key])] = NUMBERS[key].box()
    fields[suggested("words", data["words"])] = TextSelector(
        TextSelectorConfig(multiple=True)
    )
    if cameras:
        fields[suggested("cameras", data["cameras"])] = pick_named(cameras)
    return vol.Schema(fields)


def _limits(data: Mapping[str, Any], cameras: dict[str, str]) -> vol.Schema:
    """Return the fields that limit what may be offered."""
    fields: dict[vol.Marker, Any] = {
        suggested("max_seconds", data["max_seconds"]): NUMBERS["max_seconds"].box(),
        vol.Required("audio", default=data["audio"]): BooleanSelector(),
    }
    if cameras:
        fields[suggested("only_cameras", data["only_cameras"])] = pick_named(cameras)
    for key in ("confirm_in_app", "two_approvers", "masked"):
        fields[vol.Required(key, default=data[key])] = BooleanSelector()
    return vol.Schema(fields)
