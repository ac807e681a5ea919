"""Names shared by every room of the integration."""

import logging
from typing import Final

DOMAIN: Final = "clip_consent"
NAME: Final = "Clip Consent"
PANEL_PATH: Final = "clip-consent"  # in the address of the panel
HUB_PANEL_PATH: Final = "clip-consent-hub"  # in that of a hub's moderators
LANGUAGES: Final = ("de", "en", "es", "fr", "nl")  # those of the translations
VERSION: Final = "0.1.0"  # as in manifest.json; a test compares them
LOGGER = logging.getLogger(__package__)

# the home is (again) set up: subscriptions begin anew
SIGNAL_STARTED: Final = f"{DOMAIN}_started"
SIGNAL_HUB_STARTED: Final = f"{DOMAIN}_hub_started"

ENTRY_HOME: Final = "home"  # unique ids of the entries
ENTRY_HUB: Final = "hub"
CACHE_HUB: Final = "hub"  # a folder of the cache: not the home's
CACHE_HUB_HEAD: Final = "hub_log_head"  # a file of it: neither

SUBENTRY_APPROVER: Final = "approver"
SUBENTRY_CAMERA: Final = "camera"
SUBENTRY_INVITE: Final = "invite"
SUBENTRY_PORTAL: Final = "portal"
SUBENTRY_REQUESTER: Final = "requester"
SUBENTRY_RULE: Final = "rule"
