"""What came of a training, in words, in a confusion matrix and by class."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fer_core.cards.lab_answers import answers_csv
from fer_core.evaluation.metrics import row_rates
from fer_core.lab.network import LabNetwork
from fer_core.plain_text import in_plotly
from fer_core.plots import SCALE_ROOM, confusion_heatmap
from pages.lab.training.charts import show_course
from pages.lab.training.conditions import conditions_chart
from pages.lab.training.estimates import accuracy_of, faces_text, of_classes
from pages.lab.training.figure_cards import FigureCard, figure_cards
from pages.lab.training.honest import expectation, show_both_figures
from pages.lab.training.provenance import provenance_of
from pages.lab.training.words import class_looks, class_names, guessing, seconds_text, setting_rows
from pages.ui.blocks import term
from pages.ui.charts import Column, current_theme, show_chart, show_table
from pages.ui.choices import keep_tab
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent, ngettext


def show_result(network: LabNetwork, *, ask_first: bool) -> None:
    """The whole result of one network.

    Args:
        network: that was trained.
        ask_first: let readers guess before the figures by frame and by burst, where there are both.
    """
    st.subheader(escape_markdown(network.name), anchor=False)
    st.markdown(how_it_ended(network))
    if network.from_file:
        from_file = _(
            "These figures are from the file of the network. They were not measured on this computer."
        )
        st.caption(f":material/upload_file: {from_file}")
    if not network.figures.test.n:
        st.info(
            _(
                "It could not be tested: no class has a second burst or a photo to hold out. Record a second burst of "
                "each class, and train again."
            ),
            icon=":material/science:",
        )
    elif not (network.settings.way == "own" and network.figures.frames is not None):
        _accuracy(network)
        _untested_classes(network)
    elif ask_first and not expectation(network):
        return  # all that follows would give the answer away
    else:
        show_both_figures(network)
        _untested_classes(network)
    conditions_chart(network)
    _views(network)


def _accuracy(network: LabNetwork) -> None:
    test = network.figures.test
    counted = faces_text(test)
    if network.settings.way == "fer2013":
        counted = ngettext("{n} test picture (PublicTest)", "{n} test pictures (PublicTest)", test.n).format(
            n=format_number(test.n)
        )
    figure_cards([FigureCard(accuracy_of(test), _("Accuracy on the test data"), counted, guessing(network))])


def how_it_ended(network: LabNetwork) -> str:
    """One sentence on which epoch is kept and why."""
    figures = network.figures
    fields = {
        "n": format_number(figures.kept_epoch),
        "of": format_number(network.settings.epochs),
        "time": seconds_text(figures.seconds),
    }
    sentences = {
        "finished": _("All {of} epochs are done, in {time}."),
        "stopped": _("Stopped by you after {time}: the network of epoch {n} of {of} is kept."),
        "time": _("The time for one training was over after {time}: the network of epoch {n} of {of} is kept."),
        "memory": _("The memory for a training ran out after {time}: the network of epoch {n} of {of} is kept. Choose "
                    "fewer pictures or a smaller network."),
        "died": _("The training broke off after {time}: the network of epoch {n} of {of} is kept. Try it again."),
    }  # fmt: skip
    return sentences[figures.end].format(**fields)


def _untested_classes(network: LabNetwork) -> None:
    counts = network.figures.test.confusion.sum(axis=1)
    untested = [name for name, count in zip(class_names(network.settings), counts, strict=True) if not count]
    if untested:
        text = (
            _("Not tested: {classes}. Record a second burst of each, and train again.")
            if network.settings.way == "own"
            else _("Not tested: {classes}. The test data hold no such picture.")
        )
        st.warning(text.format(classes=escape_markdown(", ".join(untested))), icon=":material/science:")


def _views(network: LabNetwork) -> None:
    labels = [_("Confusion matrix"), _("Classes"), _("Curves"), _("Settings")]
    keep_tab("lab_result", labels)
    matrix, classes, curves, settings = st.tabs(labels, key="lab_result")
    source = provenance_of(network)
    with matrix:
        st.caption(_("How often each label got each answer. Shade: share of the row."))
        show_confusion(network, key="lab_result_confusion")
        term("confusion_matrix")
    with classes:
        with st.container(key="lab_class_table"):
            show_table(
                _class_columns(network), key="lab_result_classes", filename="lab-classes", provenance=source
            )
        _about_intervals(network)
        st.download_button(
            _("Each answer (CSV)"),
            partial(answers_csv, network, source),
            file_name=source.file_name("lab-answers", "csv"),
            mime="text/csv",
            icon=":material/download:",
            key="lab_result_answers",
            on_click="ignore",
        )
    with curves:
        show_course(network.settings, network.figures.history, key="lab_result", provenance=source)
    with settings:
        names, values = zip(*setting_rows(network), strict=True)
        show_table(
            [Column(_("Setting"), names), Column(_("Value"), values)],
            key="lab_result_settings",
            filename="lab-settings",
            provenance=source,
        )


def show_confusion(network: LabNetwork, *, key: str, title: str = "") -> None:
    """The confusion matrix of the test with its table and downloads.

    Args:
        network: whose.
        key: of the chart.
        title: above it, as text; "" for none.
    """
    counts = network.figures.test.confusion
    names = class_names(network.settings)
    looks = class_looks(network.settings)
    rates = row_rates(counts)
    hovers = [
        [
            "<br>".join(
                in_plotly(line)
                for line in (
                    _("label: {label}").format(label=names[row]),
                    _("answer: {label}").format(label=names[column]),
                    _("{n} of {total} ({share})").format(
                        n=format_number(int(counts[row, column])),
                        total=format_number(int(counts[row].sum())),
                        share=format_percent(float(rates[row, column])),
                    ),
                )
            )
            for column in range(len(names))
        ]
        for row in range(len(names))
    ]
    figure = confusion_heatmap(
        rates,
        texts=[[format_number(count) for count in row] for row in counts.tolist()],
        hovers=hovers,
        codes=looks,
        names={look: in_plotly(_short(name)) for look, name in zip(looks, names, strict=True)},
        true_name=_("Label"),
        answer_name=_("Answer"),
        scale_name="",
        scale_texts={},
        theme=current_theme(),
        title=in_plotly(title),
    )
    # A column has no room for the legend of the shades: the words below the heading say what they mean.
    figure.update_traces(showscale=False)
    figure.update_layout(margin_t=44 if title else 28, height=figure.layout.height - SCALE_ROOM + 20)
    show_chart(
        figure,
        key=key,
        filename="lab-confusion",
        columns=[
            Column(_("Label"), names),
            *(Column(name, counts[:, place].tolist()) for place, name in enumerate(names)),
        ],
        alt=_confusion_alt(network, names),
        provenance=provenance_of(network),
    )


def _confusion_alt(network: LabNetwork, names: list[str]) -> str:
    counts = network.figures.test.confusion
    parts = [
        _("{class_name}: {n} of {total} right").format(
            class_name=name, n=format_number(int(counts[place, place])), total=format_number(int(counts[place].sum()))
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    return f"{_('Confusion matrix')}; {'; '.join(parts)}"


def _short(name: str) -> str:
    """A name for an axis, where 40 characters would leave no room for the matrix."""
    return name if len(name) <= 16 else f"{name[:15]}…"


def _class_columns(network: LabNetwork) -> list[Column]:
    found = of_classes(network.figures.test)
    names = class_names(network.settings)
    columns = [
        Column(_("Class"), names, codes=class_looks(network.settings)),
        Column(_("Learnt"), network.figures.learnt),
    ]
    columns.append(Column(_("Tested"), [one.n for one in found]))
    if network.settings.way == "own":
        columns.append(Column(_("Bursts and photos"), [one.groups for one in found]))
    for name, estimates in (
        (_("Sensitivity (recall)"), [one.sensitivity for one in found]),
        (_("Precision"), [one.precision for one in found]),
    ):
        columns.append(
            Column(
                name,
                [one.value for one in estimates],
                percent=True,
                intervals=[one.ends for one in estimates],
            )
        )
    return columns


def _about_intervals(network: LabNetwork) -> None:
    sentences = [_("In brackets: 95% confidence intervals (Wilson 1927).")]
    if network.settings.way == "own":
        sentences.append(
            _(
                "They count a burst as one picture, however many frames it has, because neighbouring frames are nearly the "
                "same: with few bursts they are wide."
            )
        )
    st.caption(" ".join(sentences))
