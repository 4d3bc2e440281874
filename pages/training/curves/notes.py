"""What the curves of a network mean, and the trainings that it was built on."""

from __future__ import annotations

import streamlit as st

from fer_core.errors import RautError
from fer_core.store.network import NetworkInfo, earlier_history_file
from fer_core.training.recipes.registry import RECIPES
from pages.training.curves.chart import show_curves
from pages.training.curves.seeds import OtherTrainings
from pages.training.curves.series import series_of
from pages.training.curves.settings import CurveSettings
from pages.training.networks import NetworkResults, finite_history, trained_on
from pages.ui.guard import show_error
from pages.ui.i18n import _, format_number, ngettext


def notes(results: NetworkResults, settings: CurveSettings, *, key: str) -> None:
    """What has to be known of the training of one network, and the curves of those before it."""
    if results.info.is_second_head:
        st.caption(
            _(
                "Trained and monitored with the votes of FER+: the right answer is the one with the most votes, "
                "even if fewer than half."
            )
        )
    if results.info.recipe.keep == "last":
        st.caption(
            _(
                "The weights of the last epoch ship. What was monitored is the test data, so the best epoch on it was "
                "not chosen: that would make the figures too high."
            )
        )
    trained_on(results)
    _growing_faces(results)
    _taught(results)
    _earlier_trainings(results, settings, key)


def _earlier_trainings(results: NetworkResults, settings: CurveSettings, key: str) -> None:
    """The curves of the trainings that this one was built on, which are part of what the network cost."""
    names = [name for name in results.info.training.built_on_seeds if _has_history(results.info, name)]
    if not names:
        return
    with st.expander(
        ngettext("The training before this one", "The {n} trainings before this one", len(names)).format(
            n=format_number(len(names))
        ),
        icon=":material/history:",
    ):
        for name in names:
            recipe = RECIPES.get(name)
            try:
                rows = finite_history(results.info, name)
                drawn = [series_of(results, 0, part, settings, rows) for part in settings.parts]
            except RautError as error:
                show_error(error)
                continue
            show_curves(
                drawn,
                OtherTrainings({}, [], []),
                [results],
                settings,
                key=f"{key}_{name}",
                filename=f"{name}-{settings.measure}",
                title=_(recipe.title) if recipe else name,
                marked=False,
            )


def _has_history(info: NetworkInfo, recipe: str) -> bool:
    return (info.folder / earlier_history_file(recipe)).is_file()


def _growing_faces(results: NetworkResults) -> None:
    """Why the curve of the validation jumps, where a network began with small faces."""
    sizes = results.info.recipe.face_sizes
    if len(sizes) < 2:
        return
    steps = ", ".join(
        _("from epoch {n} on {size}×{size}").format(n=format_number(done + 1), size=size)
        for done, size in sizes
    )
    st.caption(
        _(
            "This network learnt small faces first, because that is faster: {steps} pixels. It was validated "
            "on full-size faces throughout, so the validation curve is low at first and jumps when the face "
            "size grows."
        ).format(steps=steps)
    )


def _taught(results: NetworkResults) -> None:
    """What the curves mean where a network did not learn labels, or is not what they end with."""
    if others := results.info.recipe.averaged_with:
        st.caption(
            ngettext(
                "This training went on from {n} before it. The weights of the network are the mean of both; the "
                "curves are those of the last training alone.",
                "This training went on from {n} before it. The weights of the network are the mean of all of them; "
                "the curves are those of the last training alone.",
                len(others),
            ).format(n=format_number(len(others)))
        )
    teachers = results.info.recipe.teachers
    if not teachers:
        return
    st.caption(
        ngettext(
            "This network learnt what {n} other network says of each changed face (distillation). On training "
            "data its accuracy is how often both name the same expression; on validation data it is how often the "
            "label is named.",
            "This network learnt what {n} other networks say of each changed face, in the mean (distillation). On "
            "training data its accuracy is how often it names the same expression as they do; on validation data it "
            "is how often the label is named.",
            len(teachers),
        ).format(n=format_number(len(teachers)))
    )
