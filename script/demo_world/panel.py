"""The panel as its user has it: in a browser in which they are logged in."""

from typing import Final

from playwright.async_api import Page

from .client import HomeAssistantClient
from .home_assistant import DOMAIN
from .recordings import Span

PATH: Final = "/clip-consent"


async def enter_request(
    client: HomeAssistantClient,
    span: Span,
    *,
    name: str = "Anna",
    text: str = "Somebody drove into my bicycle",
    kind: str = "neighbour",
    **more: str | bool,
) -> str:
    """Enter a request that came by phone or at the door; return its case's id."""
    answer = await client.action(
        DOMAIN,
        "submit_request",
        {
            "name": name,
            "text": text,
            "kind": kind,
            "start": span.start.isoformat(),
            "end": span.end.isoformat(),
            **more,
        },
        answer=True,
    )
    case_id: str = answer["case_id"]
    return case_id


async def open_panel(page: Page, base_url: str) -> None:
    """Open the list of requests."""
    await page.goto(f"{base_url}{PATH}")
    await page.get_by_test_id("tab-requests").wait_for()


async def open_tab(page: Page, base_url: str, tab: str) -> None:
    """Open one of the panel's tabs by its address."""
    await page.goto(f"{base_url}{PATH}?tab={tab}")
    await page.get_by_test_id(f"tab-{tab}").wait_for()


async def open_case(page: Page, base_url: str, case_id: str) -> None:
    """Open a request by its address, as a push does."""
    await page.goto(f"{base_url}{PATH}?case={case_id}")
    await page.get_by_test_id("case").wait_for()
