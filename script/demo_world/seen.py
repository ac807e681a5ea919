"""What a picture shows, in words: kept in it, so that an old one can be told."""

from pathlib import Path
import re
from typing import Final

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.async_api import Page

_KEY: Final = "Words"
# Text as it is drawn, shadow roots too; what is folded or hidden is not seen.
_READ: Final = """() => {
  const lines = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.textContent.replace(/\\s+/g, " ").trim();
      if (text) lines.push(text);
      return;
    }
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName)) return;
      const drawn = node.checkVisibility({ visibilityProperty: true });
      if (!drawn && getComputedStyle(node).display !== "contents") return;
    }
    if (node.tagName === "SLOT") node.assignedNodes().forEach(walk);
    else (node.shadowRoot ?? node).childNodes.forEach(walk);
  };
  walk(document.body);
  return lines;
}"""
# What is another one each time, and what stands for it.
_CHANGING: Final = (
    (re.compile(r"https?://\S+|/api/\S+"), "<link>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<digest>"),
    (re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"), "<day>"),
    (re.compile(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"), "<day>"),
    (
        re.compile(
            r"\b(January|February|March|April|May|June|July|August|September|October"
            r"|November|December)\b"
        ),
        "<month>",
    ),
    (re.compile(r"\b(secs|mins|hrs|days)\b"), lambda found: found[0][:-1]),
    (re.compile(r"\d+(?:[.,]\d+)*"), "0"),
    (re.compile(r"\b0 (sec|min|hr|day)( 0 (sec|min|hr|day))*"), "<length>"),
)


async def words_on(page: Page) -> str:
    """Return what stands on a page, line by line, without what changes each time."""
    lines: list[str] = await page.evaluate(_READ)
    words = "\n".join(lines)
    for pattern, stands_for in _CHANGING:
        words = pattern.sub(stands_for, words)
    return words


def keep_words(picture: Image.Image, file: Path, words: str) -> None:
    """Save a picture with what it shows."""
    info = PngInfo()
    info.add_itxt(_KEY, words)
    picture.save(file, optimize=True, pnginfo=info)


def words_of(file: Path) -> str:
    """Return what a picture shows; empty if it does not say."""
    with Image.open(file) as picture:
        return str(picture.info.get(_KEY, ""))
