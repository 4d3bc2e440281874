"""Step 3 of the lesson on the paper's figures: training pictures that were learnt by heart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from fer_core.evaluation.paper_lesson import GapRow, gap_rows
from fer_core.evaluation.paper_rows import PaperRow
from fer_core.plain_text import in_plotly
from fer_core.plots import Pair, gap_curves, paired_shares
from fer_core.training.recipes.paper import TUNED
from pages.training.points import in_points
from pages.training.selection import Chosen, choose_networks
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, show_chart
from pages.ui.choices import keep_choice
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent
from pages.ui.teaching.question import ask

STEPS = (0.0, 0.1, 0.2)
"""Gaps between the options of the question: none, 10 and 20 percentage points."""

_NETWORK = "lesson_network"


def by_heart_step(rows: Sequence[PaperRow], chosen: Chosen) -> None:
    """How far training and test accuracy of one network lie apart, and of all.

    Args:
        rows: of the table of the paper's results.
        chosen: on the page; its first network is shown where it is one of the paper's.
    """
    found = {each.row.recipe.id: each for each in gap_rows(rows)}
    if not found:
        st.info(
            _("The test pictures were monitored in the training of none of these networks."),
            icon=":material/rule:",
        )
        return
    named = next((results.info.id for results in chosen.networks if results.info.id in found), None)
    # Another network of the address can be one that this step has not: then the one of the list counts.
    if named is not None or st.session_state.get(_NETWORK) not in found:
        st.session_state[_NETWORK] = named or next(iter(found))
    st.markdown(
        _(
            "A network with millions of parameters can keep single pictures in them. It is then right on pictures that it "
            "learnt, and not on new ones. This is called overfitting. The accuracy on training pictures does not show it; the "
            "distance to the test accuracy does."
        )
    )
    names = {code: _(each.row.title) for code, each in found.items()}
    keep_choice(_NETWORK)
    name = st.selectbox(
        _("Network"),
        list(names),
        format_func=names.__getitem__,
        key=_NETWORK,
        on_change=_follow,
    )
    each = found[name]
    count = len(each.epochs)
    with st.container(horizontal=True):
        term("training_data")
        term("test_data")
    is_open = ask(
        f"lesson_by_heart_{name}",
        _(
            "After {epochs} epochs “{network}” is right on {training} of the training pictures. And of the test pictures?"
        ).format(
            epochs=format_number(count),
            network=escape_markdown(_(each.row.title)),
            training=format_percent(each.training[-1]),
        ),
        {
            "none": _("on at least as many"),
            "little": _("up to {n} points fewer").format(n=format_number(100 * STEPS[1])),
            "more": _("{low} to {high} points fewer").format(
                low=format_number(100 * STEPS[1]), high=format_number(100 * STEPS[2])
            ),
            "much": _("over {n} points fewer").format(n=format_number(100 * STEPS[2])),
        },
        _option(each.gap),
        _answer_text(each),
    )
    if is_open:
        _curve(each)
        _tuned(each, found)
        _everyone(list(found.values()))


def _follow() -> None:
    choose_networks([str(st.session_state[_NETWORK])])


def _option(gap: float) -> str:
    return ("none", "little", "more", "much")[sum(gap > step for step in STEPS)]


def _answer_text(each: GapRow) -> str:
    text = _("On {test}. The gap between both is {gap} percentage points.").format(
        test=format_percent(each.test[-1]), gap=in_points(each.gap)
    )
    printed = each.row.printed
    if printed and each.printed_gap is not None:
        text += " " + _("For this network the paper prints {training} and {test}: {gap} points.").format(
            training=format_percent(printed.training_accuracy),
            test=format_percent(printed.test_accuracy),
            gap=in_points(each.printed_gap),
        )
    return text


def _curve(each: GapRow) -> None:
    epochs = each.epochs.tolist()
    names = (_("Training data"), _("Test data"))
    title = _(each.row.title)
    at = epochs.index(each.least_loss_epoch)
    show_chart(
        gap_curves(
            epochs,
            each.training.tolist(),
            each.test.tolist(),
            names=names,
            texts=([*map(format_percent, each.training)], [*map(format_percent, each.test)]),
            gap_text=_("{points} points").format(points=in_points(each.gap, sign=True)),
            epoch_name=_("Epoch"),
            theme=current_theme(),
            marked=(each.least_loss_epoch, _("lowest loss on test data")) if at < len(epochs) - 1 else None,
        ),
        key="lesson_gap",
        filename=f"raut-{each.row.recipe.id}-gap",
        columns=[
            Column(_("Epoch"), epochs),
            Column(names[0], each.training.tolist(), percent=True, decimals=1),
            Column(names[1], each.test.tolist(), percent=True, decimals=1),
            Column(_("Gap"), (each.training - each.test).tolist(), percent=True, decimals=1),
        ],
        alt=_(
            "Training and test accuracy of {network} over {n} epochs; in the last one they differ by {gap} points"
        ).format(network=title, n=format_number(len(epochs)), gap=in_points(each.gap)),
    )
    if at == len(epochs) - 1:
        st.markdown(
            _("The loss on the test pictures fell to the last epoch: this training had not come to an end yet, or keeps its "
            "network from learning by heart.")
        )  # fmt: skip
        return
    training, test = each.rise_after(at)
    st.markdown(
        _(
            "The loss on the test pictures is lowest in epoch {epoch}. From there to the last epoch the training accuracy "
            "changed by {training} points and the test accuracy by {test}: what was learnt after that helps with the training "
            "pictures more than with new ones."
        ).format(
            epoch=format_number(each.least_loss_epoch),
            training=in_points(training, sign=True),
            test=in_points(test, sign=True),
        )
    )


def _tuned(each: GapRow, found: Mapping[str, GapRow]) -> None:
    """What the same layers do in a training that works against learning by heart."""
    tuned = found.get(each.row.recipe.architecture + TUNED)
    if tuned is None or tuned is each or tuned.gap >= each.gap:
        return
    st.markdown(
        _(
            "“{network}” has the same layers and a gap of {gap} points, with {test} of the test pictures right: it learnt "
            "from pictures that were changed each time, and with parts of the network left out at random (dropout)."
        ).format(
            network=escape_markdown(_(tuned.row.title)),
            gap=in_points(tuned.gap),
            test=format_percent(tuned.test[-1]),
        )
    )
    term("tuned")


def _everyone(found: Sequence[GapRow]) -> None:
    st.subheader(_("The gap of each network"), anchor=False)
    series = (_("test accuracy"), _("training accuracy"))
    pairs = [(_(each.row.title), float(each.test[-1]), float(each.training[-1])) for each in found]
    pairs += [
        (_("{network}: printed in the paper").format(network=_(each.row.title)), printed.test_accuracy, printed.training_accuracy)
        for each in found
        if each.row.info is not None and each.row.recipe.id == each.row.recipe.architecture
        and (printed := each.row.printed) is not None
    ]  # fmt: skip
    show_chart(
        paired_shares(
            [
                Pair(
                    in_plotly(name),
                    (test, training),
                    [f"{series[0]}: {format_percent(test)}", f"{series[1]}: {format_percent(training)}"],
                    text=_("{points} points").format(points=in_points(training - test, sign=True)),
                )
                for name, test, training in pairs
            ],
            series=series,
            theme=current_theme(),
        ),
        key="lesson_gaps",
        filename="raut-paper-gaps",
        columns=[
            Column(_("Network"), [name for name, _test, _training in pairs]),
            Column(series[1], [training for _name, _test, training in pairs], percent=True, decimals=1),
            Column(series[0], [test for _name, test, _training in pairs], percent=True, decimals=1),
            Column(_("Gap"), [training - test for _name, test, training in pairs], percent=True, decimals=1),
        ],
        alt=_("Training and test accuracy of {n} networks, the largest gap first").format(
            n=format_number(len(pairs))
        ),
    )
    st.caption(
        _(
            "“Training, Raut” is counted while the network learns, in its last epoch. In a tuned training the "
            "pictures are changed and parts of the network are left out, so it can be lower than the test."
        )
    )
