"""A visitor without a browser: one session of the app over Streamlit's own protocol, for dozens at a time.

It sends what Streamlit's page in a browser sends (`BackMsg`: where it is, what was pressed, fragments that run by
themselves) and keeps what the page would show (`ForwardMsg`). Thirty of them take less of the processor than one browser.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WITHIN_S: Final = 60.0
_DONE: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class _Part:
    """An element of the page, with the run and the fragment that it came from."""

    element: Element
    run: str
    fragment: str

    @property
    def widget_id(self) -> str:
        kind = self.element.WhichOneof("type")
        return str(getattr(getattr(self.element, kind), "id", "")) if kind else ""

    @property
    def text(self) -> str:
        return self.element.SerializeToString().decode("utf-8", errors="replace")


@dataclass
class Visitor:
    """One browser session.

    Attributes:
        url: of the server, "http://localhost:8501".
        path: of the page, with its query: "quiz?way=class".
        language: that the browser asks for.
        kept: what the browser's storage keeps, by name; hand it to another visitor for a reload.
        runs: of the page or one of its fragments that came back.
        received_bytes: of all messages.
    """

    url: str
    path: str
    language: str = "en-US"
    kept: dict[str, str] = field(default_factory=dict)
    runs: int = 0
    received_bytes: int = 0
    _parts: dict[tuple[int, ...], _Part] = field(default_factory=dict)
    _timers: dict[str, tuple[float, asyncio.Task[None]]] = field(default_factory=dict)
    _waiting: list[tuple[Callable[[str], bool], asyncio.Future[float]]] = field(default_factory=list)
    _told: set[tuple[str, str]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        self._page, _, self._query = self.path.partition("?")
        self._script_hash = self._run = ""
        self._socket: ClientConnection = await connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
            origin=self.url,  # type: ignore[arg-type]
            additional_headers={"Accept-Language": self.language},
            max_size=None,
            ping_interval=None,  # the server asks
        )
        self._reader = asyncio.create_task(self._read())
        await self._send()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_timers(set(self._timers))
        await self._socket.close()
        with suppress(asyncio.CancelledError):
            await self._reader

    # --- what a visitor does --------------------------------------------------------------------------------

    async def press(self, key: str) -> float:
        """Press the button of that key; when, in seconds of `time.perf_counter`."""
        part = self._widget(key)
        if part is None:
            raise AssertionError(f"no button {key!r} on the page:\n{self.page}")
        at_s = time.perf_counter()
        await self._send(part.fragment, WidgetState(id=part.widget_id, trigger_value=True))
        return at_s

    def has(self, key: str) -> bool:
        """Whether there is a widget of that key on the page."""
        return self._widget(key) is not None

    def _widget(self, key: str) -> _Part | None:
        return next((part for part in self._parts.values() if part.widget_id.endswith(f"-{key}")), None)

    async def sees(self, text: str, within_s: float = WITHIN_S) -> float:
        """When this text is there, in seconds of `time.perf_counter`; now where it is on the page."""
        return await self.sees_what(lambda page: text in page, within_s, text)

    async def sees_what(
        self, holds: Callable[[str], bool], within_s: float = WITHIN_S, name: str = ""
    ) -> float:
        """When one part of the page is so, in seconds of `time.perf_counter`; now where one is.

        Args:
            holds: whether the text of a part, as it travels, is so.
            within_s: how long to wait.
            name: what an error says.
        """
        if any(holds(part.text) for part in self._parts.values()):
            return time.perf_counter()
        seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, seen))
        try:
            return await asyncio.wait_for(seen, within_s)
        except TimeoutError:
            raise AssertionError(f"never seen: {name!r}; the page:\n{self.page}") from None
        finally:
            self._waiting = [waiting for waiting in self._waiting if waiting[1] is not seen]

    async def finds(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """The first place where the page is so, as soon as it is."""
        await self.sees_what(lambda text: pattern.search(text) is not None, name=pattern.pattern)
        return next(found for part in self._parts.values() if (found := pattern.search(part.text)))

    @property
    def page(self) -> str:
        """What the page says, part by part, for a reader of an error."""
        state = "open" if not self._reader.done() else f"ended ({self._socket.close_code})"
        words = [_words(part.element) for _, part in sorted(self._parts.items())]
        return "\n".join([f"{self.path}, connection {state}, {self.runs} runs", *filter(None, words)])

    # --- what its browser does ------------------------------------------------------------------------------

    async def _send(self, fragment: str = "", *widgets: WidgetState, by_itself: bool = False) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash = self._query, self._script_hash
        if not self._script_hash:
            state.page_name = self._page
        state.fragment_id, state.is_auto_rerun = fragment, by_itself
        state.widget_states.widgets.extend(widgets)
        context = state.context_info
        context.timezone, context.locale = "Asia/Jakarta", self.language
        context.url, context.color_scheme = f"{self.url}/{self._page}", "light"
        with suppress(ConnectionClosed):
            await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                assert isinstance(data, bytes)
                self.received_bytes += len(data)
                await self._take(ForwardMsg.FromString(data))
            problem: Exception = ConnectionError(f"{self.path}: the server closed the connection")
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            problem = error
        for _, seen in self._waiting:
            if not seen.done():
                seen.set_exception(problem)

    async def _take(self, message: ForwardMsg) -> None:
        ran = message.metadata.run  # only of messages that begin or end a run
        match message.WhichOneof("type"):
            case "new_session":
                self._run = ran.script_run_id
                if not ran.fragment_ids:
                    self._stop_timers(set(self._timers))
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                part = _Part(message.delta.new_element, self._run, message.delta.fragment_id)
                self._parts[tuple(message.metadata.delta_path)] = part
                self._look(part)
            case "navigation":
                self._script_hash = message.navigation.page_script_hash
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "auto_rerun":
                self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                self._stop_timers(set(message.stop_auto_rerun.fragment_ids))
            case "script_finished" if message.script_finished in _DONE:
                self.runs += 1
                self._parts = {
                    path: part
                    for path, part in self._parts.items()
                    if part.run == ran.script_run_id
                    or (ran.fragment_ids and part.fragment not in ran.fragment_ids)
                }
                for part in list(self._parts.values()):
                    await self._answer(part)

    def _look(self, part: _Part) -> None:
        if not self._waiting:
            return
        text = part.text
        for holds, seen in self._waiting:
            if not seen.done() and holds(text):
                seen.set_result(time.perf_counter())

    async def _answer(self, part: _Part) -> None:
        """What `pages/ui/browser_token/kept.js` says: what the browser kept."""
        component = part.element.bidi_component
        if component.component_name.rpartition(".")[2] != "browser_token":
            return
        data = json.loads(component.json or component.mixed.json)
        name, kept = data["name"], self.kept.get(data["name"], "")
        if kept in ("", data["refused"]):
            if data["token"]:
                self.kept[name] = data["token"]
            else:
                self.kept.pop(name, None)
        if (data["heard"] and kept in ("", data["token"], data["refused"])) or (
            component.id,
            kept,
        ) in self._told:
            return
        self._told.add((component.id, kept))
        said = json.dumps([{"event": "kept", "value": {"token": kept}}])
        event = f"$$STREAMLIT_INTERNAL_KEY_{component.id}__events"
        await self._send(part.fragment, WidgetState(id=event, json_trigger_value=said))

    def _start_timer(self, fragment: str, interval_s: float) -> None:
        known = self._timers.get(fragment)
        if known is not None and known[0] == interval_s:
            return
        self._stop_timers({fragment})

        async def run() -> None:
            while True:
                await asyncio.sleep(interval_s)
                await self._send(fragment, by_itself=True)

        self._timers[fragment] = (interval_s, asyncio.create_task(run()))

    def _stop_timers(self, fragments: set[str]) -> None:
        for fragment in fragments:
            _, timer = self._timers.pop(fragment, (0.0, None))
            if timer is not None:
                timer.cancel()


def _words(element: Element) -> str:
    """What somebody would read, without styles, scripts and tags."""
    kind = element.WhichOneof("type")
    shown = getattr(element, kind) if kind else None
    text = str(getattr(shown, "body", "") or getattr(shown, "label", "") or getattr(shown, "message", ""))
    return re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL).strip()
