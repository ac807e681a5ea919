"""Where a hub keeps sealed answers: its own disk, or an S3-compatible store.

A store is tried before it is kept: what a form takes, the drop box can work with.
"""

from collections.abc import Mapping
import secrets
from typing import Any, Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .core.storage import BUCKET, REGION, Storage, origin_text
from .form_fields import suggested
from .hub.manager import StorageCheck, async_probe_storage

KEY_MAX: Final = 256  # characters
_EMPTY: Final = {
    "storage_endpoint": "",
    "storage_region": "us-east-1",
    "storage_bucket": "",
    "storage_key_id": "",
    "storage_secret": "",
    "storage_path_style": True,
    "storage_private": False,
}
_TEXTS: Final = (
    *("storage_endpoint", "storage_region", "storage_bucket"),
    *("storage_key_id", "storage_secret"),
)
# of what is wrong, the field that has to be mended; of the rest it is the form
_FIELDS: Final = {
    "storage_wrong_key": "storage_secret",
    "storage_no_bucket": "storage_bucket",
    "storage_wrong_region": "storage_region",
    "storage_private": "storage_private",
    "storage_unreachable": "storage_endpoint",
    "storage_tls": "storage_endpoint",
}


def storage_schema(now: Mapping[str, Any]) -> vol.Schema:
    """Return the form. The secret is never shown: left empty, it stays."""
    shown = {**_EMPTY, **now}
    secret = TextSelectorConfig(type=TextSelectorType.PASSWORD)
    return vol.Schema(
        {
            **{suggested(key, shown[key]): TextSelector() for key in _TEXTS[:-1]},
            vol.Optional("storage_secret"): TextSelector(secret),
            **{
                vol.Required(key, default=shown[key]): BooleanSelector()
                for key in ("storage_path_style", "storage_private")
            },
        }
    )


async def async_judged_storage(
    typed: Mapping[str, Any], before: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a store as it is kept, and what is wrong with it by field.

    Without an endpoint there is none.
    """
    storage = {**_EMPTY, **typed}
    for key in _TEXTS:
        storage[key] = storage[key].strip()
    if not storage["storage_endpoint"]:
        return {**_EMPTY, "storage_once": True}, {}
    if not storage["storage_secret"]:
        storage["storage_secret"] = before.get("storage_secret", "")
    errors = _errors(storage)
    if errors:
        return storage, errors
    storage["storage_endpoint"] = origin_text(storage["storage_endpoint"]) or ""
    check = await _async_try(storage)
    if check.error:
        return storage, {_FIELDS.get(check.error, "base"): check.error}
    storage["storage_once"] = check.storage is not None and check.storage.once
    return storage, {}


def _errors(storage: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if origin_text(storage["storage_endpoint"]) is None:
        errors["storage_endpoint"] = "storage_endpoint_invalid"
    if not REGION.fullmatch(storage["storage_region"]):
        errors["storage_region"] = "storage_region_invalid"
    if not BUCKET.fullmatch(storage["storage_bucket"]):
        errors["storage_bucket"] = "storage_bucket_invalid"
    for key in ("storage_key_id", "storage_secret"):
        text = storage[key]
        if not 1 <= len(text) <= KEY_MAX or not (text.isascii() and text.isprintable()):
            errors[key] = "storage_key_invalid"
    return errors


async def _async_try(storage: Mapping[str, Any]) -> StorageCheck:
    tried = Storage(
        endpoint=storage["storage_endpoint"],
        region=storage["storage_region"],
        bucket=storage["storage_bucket"],
        key_id=storage["storage_key_id"],
        secret=storage["storage_secret"],
        path_style=storage["storage_path_style"],
        private=storage["storage_private"],
    )
    return await async_probe_storage(
        tried, now=dt_util.utcnow, name=secrets.token_hex(13)
    )
