"""The product without Home Assistant: its package, but not what stands in `__init__`.

Importing this first keeps the start of a home's process far below a second.
"""

from pathlib import Path
import sys
from types import ModuleType

import custom_components

NAME = "custom_components.clip_consent"

if NAME not in sys.modules:
    _package = ModuleType(NAME)
    _package.__path__ = [str(Path(custom_components.__path__[0]) / "clip_consent")]
    sys.modules[NAME] = _package
