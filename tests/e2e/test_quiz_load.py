"""A class plays the quiz: every answer is counted, and every phone gets the reveal, also one that was loaded anew or late.

`benchmarks/quiz.py` measures how long that takes with thirty phones; here, beside other tests, only what is far too long
fails.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.quiz_class import quiz_class
from tests.e2e.visitor import Visitor

PHONES = 8
COUNT_S, REVEAL_S = 5.0, 10.0


def test_every_answer_of_a_class_is_counted_and_every_phone_gets_the_reveal(app_server: str) -> None:
    # In a thread of its own: the browser of other tests keeps a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(_play(app_server))).result()


async def _play(url: str) -> None:
    async with quiz_class(url, PHONES, faces="set=samples") as quiz:
        await quiz.start()
        assert await quiz.answer_together(within_s=1.0) < COUNT_S
        loaded_anew, late = quiz.phones[0], Visitor(url, f"quiz?room={quiz.code}")
        again = Visitor(url, loaded_anew.path, kept=loaded_anew.kept)
        async with again, late:
            await again.sees('"asking-0-1"')
            await late.sees('"asking-0-1"')
            await again.press("quiz_option_sad")  # in the place of what this phone answered before
            assert await quiz.answer(late, PHONES + 1) < COUNT_S
            await quiz.projector.sees(f"All {PHONES + 1} have answered")
            await quiz.show(0)
            reveals = await quiz.reveal(0)
            assert len(reveals) == PHONES and reveals[-1] < REVEAL_S
            await again.sees("raut-reveal")
            await late.sees("raut-reveal")
