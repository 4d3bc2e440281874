"""A browser page together with what went wrong in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlparse

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

LOCAL_HOSTS = ("localhost", "127.0.0.1")
STREAMLITS_PROBES = ("/_stcore/health", "/_stcore/host-config")
"""Asked for below the page's own path first when a page is opened by its link: 404 is usual."""


class WatchedPage:
    """Records errors in the console, failed answers, and requests that leave this computer."""

    of_this_test: ClassVar[list[WatchedPage]] = []
    """What the running test has opened."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self._troubles: list[str] = []
        self._pictures_not_found: list[str] = []
        self.requests_outside: list[str] = []
        self.console: list[str] = []
        self.of_this_test.append(self)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._troubles.append(f"uncaught: {error}"))
        page.on("response", self._on_response)
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        self.console.append(f"{datetime.now():%H:%M:%S.%f} {message.type}: {message.text}")
        # A failed answer is also told to the console, without its address: `_on_response` has it.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self._troubles.append(f"console: {message.text}")

    def _on_response(self, response: Response) -> None:
        path = urlparse(response.url).path
        if response.status == 404 and path.startswith("/media/"):
            self._pictures_not_found.append(response.url)
        elif response.status >= 400 and not path.endswith(STREAMLITS_PROBES):
            self._troubles.append(f"{response.status}: {response.url}")

    def _on_request(self, request: Request) -> None:
        address = urlparse(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in LOCAL_HOSTS:
            self.requests_outside.append(request.url)

    @property
    def troubles(self) -> list[str]:
        """What went wrong, one line each.

        The server lets go of a picture when a run of the page has replaced it, so one that was still on its way is not
        found; that is a trouble only if the page shows it still.
        """
        if not self._pictures_not_found:
            return self._troubles
        shown = set(self.page.evaluate("[...document.images].map(image => image.src)"))
        return self._troubles + [f"404: {url}" for url in self._pictures_not_found if url in shown]

    def visit(self, path: str = "") -> None:
        self.page.goto(f"{self.server}/{path}")
        self.settle()

    def state(self) -> str:
        """What a reader would see in words, with that of every component, and the browser's console: for a failed test."""
        parts = [f"{self.page.url}", self.page.locator("body").inner_text()]
        for frame in self.page.frames[1:]:
            parts.append(f"--- {frame.url}\n{frame.locator('body').inner_text()}")
        return "\n".join([*parts, "--- console", *self.console])

    def settle(self) -> None:
        """Wait until the page has its heading, the script is done, and every chart and picture has taken its place."""
        self.page.wait_for_selector("h1", timeout=60_000)
        self.page.wait_for_function(
            "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
            # The browser fetches charts last, and a grey field stands for each until then.
            " && !document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')"
            # The server lets go of a page's pictures when the next page is shown: one still on its way is a 404 then.
            " && [...document.images].every(image => image.complete || image.loading === 'lazy')",
            timeout=60_000,
        )

    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def go(self, name: str) -> None:
        """Follow the link of that name in the top bar."""
        self.page.locator("header").get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_function("name => document.title.startsWith(`${name} · `)", arg=name)
        self.settle()

    def choose_language(self, code: str) -> None:
        self.page.locator(".st-key-language_switch").get_by_role("radio", name=code, exact=True).click()
        self.page.wait_for_function("code => document.documentElement.lang === code", arg=code)
        self.settle()
