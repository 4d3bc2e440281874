"""Training: how each network learnt, how often it is right, and what it gets wrong; two side by side."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import RautError
from fer_core.evaluation.report import Report, SplitReport
from fer_core.evaluation.speed import SpeedReport, read_speed
from fer_core.training.recipes.registry import RECIPES
from pages.training.all_networks import all_networks
from pages.training.calibration import certainty_section
from pages.training.comparison import paper_beside_ours
from pages.training.curves import curves
from pages.training.evaluation import (
    accuracy_line,
    class_words,
    confusion,
    figures_per_class,
    mistakes,
    overall_figures,
)
from pages.training.networks import NetworkResults, facts, figures_to_take, layers, read_network
from pages.training.speed import accuracy_and_speed
from pages.ui.blocks import no_network_card, page_header, term
from pages.ui.charts import result_style
from pages.ui.guard import escape_markdown, show_error
from pages.ui.i18n import _
from pages.ui.network_choice import choose_network, damaged_networks_note
from pages.ui.picture_grid import PICTURES_A_PAGE
from pages.ui.resources import dataset_or_none, measured_networks

Block = Callable[[NetworkResults, str], None]


def choose(shipped: dict[str, NetworkResults]) -> list[NetworkResults]:
    """One network, or two to compare."""
    several = len(shipped) > 1
    first, second = st.columns(2, gap="large", vertical_alignment="bottom")
    with first:
        one = choose_network("training_network", figures_only=True)
    if one is None:
        return []
    chosen = [one]
    with second:
        if several and st.toggle(
            _("Compare with a second network"), key="training_compare", persist_state="session"
        ):
            # Begins with another network than the first: the same one twice is nothing to compare.
            others = [name for name in shipped if name != one.id]
            st.session_state.setdefault("training_network_2", others[0])
            other = choose_network("training_network_2", figures_only=True)
            if other is not None:
                chosen.append(other)
    if len(chosen) == 2 and chosen[0].id == chosen[1].id:
        st.info(
            _("Both are the same network. Choose another one to compare."), icon=":material/compare_arrows:"
        )
    return [shipped[info.id] for info in chosen]


def side_by_side(everyone: list[NetworkResults], block: Block) -> None:
    """The block once for each network, in columns where there are two."""
    places = st.columns(len(everyone), gap="large") if len(everyone) > 1 else [st.container()]
    for number, (place, results) in enumerate(zip(places, everyone, strict=True), start=1):
        with place:
            if len(everyone) > 1:
                st.markdown(f"**{escape_markdown(_(results.info.name))}**")
            block(results, f"network{number}")


def choose_split(results: NetworkResults, key: str) -> SplitReport | None:
    """The evaluated split to look at; None, and the reason shown, when there is none."""
    if isinstance(results.report, RautError):
        show_error(results.report)
        return None
    report: Report | None = results.report
    if report is None or report.headline is None:
        st.info(_("This network has not been evaluated yet."), icon=":material/rule:")
        return None
    names = list(report.splits)
    name = st.segmented_control(
        _("Measured on"),
        names,
        default=report.headline.name,
        required=True,
        format_func=escape_markdown,
        key=f"{key}_split_{results.info.id}",
        persist_state="session",
    )
    return report.splits[name or names[0]]


def dataset_or_error() -> Fer2013 | RautError | None:
    """FER2013, None, or what is wrong with it: only the pictures of the mistakes need it."""
    try:
        return dataset_or_none()
    except RautError as error:
        return error


def speed_or_error() -> SpeedReport | RautError | None:
    """How long the networks take, None where nobody measured it, or what is wrong with the figures."""
    try:
        return read_speed()
    except RautError as error:
        return error


def render() -> None:
    page_header(
        _("Training"),
        _(
            "How a network learnt, how often it is right on pictures that it has never seen, and what it "
            "confuses."
        ),
    )
    result_style()
    damaged_networks_note()
    known = measured_networks()
    if not known:
        no_network_card()
        return
    st.markdown(f"[{_('All networks')}](#networks) · [{_('The paper and Raut')}](#paper)")
    speed = speed_or_error()
    measured = speed if isinstance(speed, SpeedReport) else None
    shipped = {info.id: read_network(info, measured) for info in known}
    # First what this page is about, the curve of a network; what compares all of them is long and comes last.
    everyone = choose(shipped)
    if everyone:
        one_or_two(everyone)
    comparison(list(shipped.values()), speed)


def one_or_two(everyone: list[NetworkResults]) -> None:
    """All about one network, or two side by side."""

    def overview(results: NetworkResults, key: str) -> None:
        facts(results)
        curves(results, everyone, key=key)

    side_by_side(everyone, overview)
    st.header(_("Accuracy"), anchor=False)
    parts: dict[str, SplitReport] = {}

    def choice(results: NetworkResults, key: str) -> None:
        part = choose_split(results, key)
        if part is not None:
            parts[key] = part
            accuracy_line(results, part)
            overall_figures(results, part, key=f"{key}_overall")
        figures_to_take(results, key=f"{key}_figures")

    side_by_side(everyone, choice)
    if parts:
        evaluated(everyone, parts)
    st.header(_("Architecture"), anchor=False)
    side_by_side(everyone, lambda results, key: layers(results, key=f"{key}_layers"))
    with st.container(horizontal=True):
        term("convolution")
        term("softmax")
    if parts:
        st.header(_("Misclassified images"), anchor=False)
        dataset = dataset_or_error()
        side_by_side(
            everyone,
            lambda results, key: (
                mistakes(results, parts[key], dataset, key=key, a_page=PICTURES_A_PAGE // len(everyone))
                if key in parts
                else None
            ),
        )


def comparison(everyone: list[NetworkResults], speed: SpeedReport | RautError | None) -> None:
    """All networks against each other, and against the paper."""
    st.header(_("All networks"), anchor="networks")
    all_networks(everyone)
    st.subheader(_("Accuracy and speed"), anchor=False)
    accuracy_and_speed(everyone, speed)
    st.header(_("The paper and Raut"), anchor="paper")
    st.markdown(
        _(
            "Ekawati et al. (2024) report three networks. Here they are trained again with its data, labels, "
            "number of epochs and learning rate, as far as its text and figures state them. What it does not "
            "state, such as the batch size (here {batch}), is Raut's choice."
        ).format(batch=RECIPES["paper-small"].batch_size)
    )
    paper_beside_ours(everyone)


def evaluated(everyone: list[NetworkResults], parts: dict[str, SplitReport]) -> None:
    """Confusion matrix, figures per class, and how sure the answers are."""
    st.subheader(_("Confusion matrix"), anchor=False)
    ways = {"counts": _("Counts"), "rates": _("Rates")}
    way = st.segmented_control(
        _("Numbers in the cells"),
        list(ways),
        default="counts",
        required=True,
        format_func=ways.__getitem__,
        key="training_matrix",
        persist_state="session",
    )
    side_by_side(
        everyone,
        lambda results, key: (
            confusion(results, parts[key], as_rates=way == "rates", key=f"{key}_matrix")
            if key in parts
            else None
        ),
    )
    st.subheader(_("Metrics by expression"), anchor=False)
    for number, results in enumerate(everyone, start=1):  # below each other: nine columns need the width
        part = parts.get(f"network{number}")
        if part is not None:
            if len(everyone) > 1:
                st.markdown(f"**{escape_markdown(_(results.info.name))}**")
            figures_per_class(results, part, key=f"network{number}_classes")
    class_words(list(parts.values()))
    st.header(_("Calibration"), anchor=False)
    side_by_side(
        everyone,
        lambda results, key: (
            certainty_section(results, parts[key], key=f"{key}_sure") if key in parts else None
        ),
    )
    with st.container(horizontal=True):
        term("calibration")
        term("unsure")


render()
