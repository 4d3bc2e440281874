"""The way "Alone": choosing faces, playing, and what it came to."""

from __future__ import annotations

from pages.quiz.alone.end import render_end
from pages.quiz.alone.play import render_play
from pages.quiz.alone.session import game_of_session, is_set_aside
from pages.quiz.alone.setup import render_setup


def render_alone() -> None:
    """The set of faces, the face that is asked about, or the results: whatever this tab is at."""
    game = game_of_session()
    if game is None or is_set_aside(game):
        render_setup(game)
    elif game.at_end:
        render_end(game)
    else:
        render_play(game)
