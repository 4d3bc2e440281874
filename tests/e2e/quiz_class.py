"""A class that plays a round of the quiz against a running server, without browsers: one projector and many phones."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.e2e.visitor import Visitor

OPTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""Codes of answers that every network of expressions has."""
BETWEEN_PRESSES_S = 0.8
"""Longer than the time for which the projector takes a second press for one of a double press."""
_CODE = re.compile(r"quiz\?room=(\d{8})\b")
_COUNT = re.compile(r"\b(\d+) of \d+ answered|All (\d+) have answered")


@dataclass
class QuizClass:
    """A projector and phones that are in its room.

    Attributes:
        projector: the teacher's session.
        phones: the pupils' sessions.
        code: of the room.
        joined_s: from the first phone that asks for the page to the last one that is in.
    """

    projector: Visitor
    phones: list[Visitor]
    code: str
    joined_s: float

    async def start(self) -> None:
        """Ask the first question, and wait until every phone shows it."""
        await self.projector.press("quiz_host_next")
        await self.all_phones_see(_turn("asking", 0))

    async def answer(self, phone: Visitor, counted: int) -> float:
        """A phone answers; seconds from its press to a count of at least so many on the projector."""
        pressed_s = await phone.press(f"quiz_option_{random.choice(OPTIONS)}")
        return await self.projector_counts(counted) - pressed_s

    async def answer_together(self, within_s: float) -> float:
        """All phones answer, each at a moment of its own; seconds from the last press to the full count."""

        async def later(phone: Visitor) -> float:
            await asyncio.sleep(random.random() * within_s)
            return await phone.press(f"quiz_option_{random.choice(OPTIONS)}")

        counts = asyncio.create_task(self.projector_counts(len(self.phones)))
        pressed_s = await asyncio.gather(*map(later, self.phones))
        return await counts - max(pressed_s)

    async def projector_counts(self, count: int) -> float:
        """When the projector says that at least so many have answered."""

        def counts(part: str) -> bool:
            found = _COUNT.search(part)
            return found is not None and int(found[1] or found[2]) >= count

        return await self.projector.sees_what(counts, name=f"{count} answered")

    async def show(self, question: int) -> float:
        """Show the answers of the class; seconds from the press to the last phone that shows that."""
        return await self._next("shown", question)

    async def reveal(self, question: int) -> list[float]:
        """Reveal; seconds from the press to each phone that shows the reveal, the first one first."""
        pressed_s = await self._press_next()
        return sorted(seen_s - pressed_s for seen_s in await self.all_phones_see("raut-reveal"))

    async def go_on(self, question: int) -> float:
        """Ask the next question; seconds from the press to the last phone that shows it."""
        return await self._next("asking", question)

    async def _next(self, phase: str, question: int) -> float:
        pressed_s = await self._press_next()
        return max(await self.all_phones_see(_turn(phase, question))) - pressed_s

    async def _press_next(self) -> float:
        await asyncio.sleep(BETWEEN_PRESSES_S)
        return await self.projector.press("quiz_host_next")

    async def all_phones_see(self, text: str) -> list[float]:
        """When each phone shows it."""
        return await asyncio.gather(*(phone.sees(text) for phone in self.phones))


def _turn(phase: str, question: int) -> str:
    """What a phone's page says of the stage to its script."""
    return f'"{phase}-{question}-1"'


@asynccontextmanager
async def quiz_class(url: str, phones: int, *, faces: str) -> AsyncIterator[QuizClass]:
    """A room that so many phones have joined.

    Args:
        url: of the server.
        phones: how many.
        faces: what the address says of the set of faces.
    """
    async with AsyncExitStack() as stack:
        projector = await stack.enter_async_context(Visitor(url, f"quiz?way=class&{faces}"))
        await projector.sees("quiz_host_open")
        await projector.press("quiz_host_open")
        code = (await projector.finds(_CODE))[1]
        began_s = time.perf_counter()
        visitors = [Visitor(url, f"quiz?room={code}") for _ in range(phones)]
        await asyncio.gather(*map(stack.enter_async_context, visitors))
        quiz = QuizClass(projector, visitors, code, 0.0)
        quiz.joined_s = max(await quiz.all_phones_see('"lobby-0-1"')) - began_s
        try:
            yield quiz
        finally:
            await _close(projector)


async def _close(projector: Visitor) -> None:
    if projector.has("quiz_host_finish"):
        await asyncio.sleep(BETWEEN_PRESSES_S)
        await projector.press("quiz_host_finish")
    await projector.sees("quiz_host_close_now")
    await projector.press("quiz_host_close_now")
    await projector.sees("quiz_host_open")
