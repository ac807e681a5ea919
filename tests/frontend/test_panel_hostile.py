"""Whatever a stranger writes is words in the panel, and nothing but words (B-01, F-09)."""

from itertools import product
from typing import Any, Final

from playwright.async_api import expect

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

_EVIL: Final = "https://evil.example/x"
_PAYLOADS: Final = [
    f"<img src={_EVIL} onerror=alert(1)>",
    f"<script src={_EVIL}></script>",
    "<svg/onload=alert(1)>",
    f"<iframe srcdoc='<script src={_EVIL}></script>'></iframe>",
    f"<link rel=stylesheet href={_EVIL}><style>@import '{_EVIL}';</style>",
    f"<video src={_EVIL} autoplay><source src={_EVIL}></video>",
    f"<a href='javascript:alert(1)' ping={_EVIL}>approve</a>",
    f"<form action={_EVIL}><button autofocus onfocus=alert(1)>x</button></form>",
    f"<base href={_EVIL}><meta http-equiv=refresh content='0;url={_EVIL}'>",
    "<ha-alert alert-type=error>x</ha-alert><clip-consent-case></clip-consent-case>",
    "<template shadowrootmode=open><b>x</b></template><slot name=x></slot>",
    f"![x]({_EVIL}) [x]({_EVIL}) <{_EVIL}> {_EVIL}",
    "{{ states('sun.sun') }}{% for x in [1] %}{% endfor %}",
    "${alert(1)} {who} {n} {when} #{1} %s %(x)s",
    "command_screen_on",
    "\u202eevorppA\u2066 Z\u0351\u036b\u0343\u036a\u0302A\u0334\u0335\u031c \U0001f469\u200d\U0001f469",
    "&lt;b&gt; &#60;b&#62; \\u003cb\\u003e",
    "<!--?lit$1$--><?lit$2$>",
]
_FRAMES: Final = [
    "{}",
    '"{}',
    "'>{}",
    "</div></section></dl>{}",
    "--></style></script></textarea></title>{}",
    "\n\n{}\n",
    "`{}`",
    "x" * 300 + "{}",
]
CORPUS: Final = [
    frame.replace("{}", payload) for frame, payload in product(_FRAMES, _PAYLOADS)
]

# Show each text in each place, and count the elements that stand there then.
_SHOW_ALL = """async ([before, places, corpus]) => {
  const panel = document.querySelector("clip-consent-panel");
  const count = () => {
    const found = {};
    const walk = (root) => {
      for (const one of root.querySelectorAll("*")) {
        found[one.localName] = (found[one.localName] ?? 0) + 1;
        if (one.shadowRoot) walk(one.shadowRoot);
      }
    };
    walk(panel.shadowRoot);
    return JSON.stringify(Object.entries(found).sort());
  };
  const show = async (text) => {
    const one = structuredClone(before);
    for (const path of places) {
      const last = path.at(-1);
      const place = path.slice(0, -1).reduce((at, name) => at[name], one);
      place[last] = text;
    }
    host.say({ event: "case", waiting: 1, accepting: true, case: one });
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return count();
  };
  const usual = await show("x");
  const told = [];
  const shown = [];
  for (const text of corpus) {
    const found = await show(text);
    if (found !== usual) told.push([text, found]);
    const seen = [];
    const read = (root) => {
      for (const one of root.querySelectorAll("[data-testid=text], [data-testid=name], li span"))
        seen.push(one.textContent);
      for (const one of root.querySelectorAll("*")) if (one.shadowRoot) read(one.shadowRoot);
    };
    read(panel.shadowRoot);
    shown.push(seen.some((one) => one.includes(text)));
  }
  return { usual, told, missing: corpus.filter((_, index) => !shown[index]) };
}"""

_WORDS: Final = ("name", "text", "contact", "case_number", "label")
_PLACES: Final[list[list[str | int]]] = [
    *(["request", name] for name in _WORDS),
    ["screening", "sentence"],
    ["findings", 0, "camera"],
    ["draft", "camera"],
]


async def _assert_words(panel: FakePanel, one: dict[str, Any]) -> None:
    """Hold that no text of all makes an element, and that each is there to read."""
    found = await panel.page.evaluate(_SHOW_ALL, [one, _PLACES, CORPUS])
    assert found["told"] == []
    assert found["missing"] == []
    for name in ("script", "iframe", "a", "base", "form", "link"):
        assert f'"{name}"' not in found["usual"]


async def test_no_words_of_a_request_make_an_element(
    watched: Watched, world: World
) -> None:
    """In an open case: every text in every place, and the page stays as it is (G8)."""
    one = case(draft__video=None, draft__still=None, draft__sheet=None)
    panel = await FakePanel.at_case(watched, world, one)
    await _assert_words(panel, one)
    assert await panel.page.title() == "The panel's host"
    await watched.assert_clean(world.base)


async def test_no_words_of_a_request_make_an_element_in_the_list(
    watched: Watched, world: World
) -> None:
    """In the list of requests: the same (G8)."""
    panel = await FakePanel.opened(watched, world, case())
    await expect(panel.see("case-line")).to_be_visible()
    await _assert_words(panel, case())
    await watched.assert_clean(world.base)


async def test_an_answer_in_words_is_no_markup_either(
    watched: Watched, world: World
) -> None:
    """What the owner answers is shown letter by letter, as it would be sent."""
    words = "\n".join(CORPUS[:20])
    film = {"video": None, "still": None, "sheet": None, "camera": None}
    draft = {**example("case")["draft"], **film, "text": words}
    panel = await FakePanel.at_case(watched, world, case(draft=draft))
    shown = await panel.see("draft-text").evaluate("(one) => one.textContent")
    assert shown == words
    assert await panel.see("draft-text").locator("*").count() == 0
    await watched.assert_clean(world.base)
