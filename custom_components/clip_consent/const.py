"""Names shared by every room of the integration."""

import logging
from typing import Final

DOMAIN: Final = "clip_consent"
NAME: Final = "Clip Consent"
VERSION: Final = "0.1.0"  # as in manifest.json; a test compares them
LOGGER = logging.getLogger(__package__)

# the home is (again) set up: subscriptions begin anew
SIGNAL_STARTED: Final = f"{DOMAIN}_started"

ENTRY_HOME: Final = "home"

SUBENTRY_APPROVER: Final = "approver"
SUBENTRY_CAMERA: Final = "camera"
SUBENTRY_INVITE: Final = "invite"
SUBENTRY_RULE: Final = "rule"
