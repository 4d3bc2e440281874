"""The networks that a class has trained so far: up to four of them side by side, and what is done with them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import streamlit as st

from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import LONGEST_CLASS_NAME, clean_class_name
from fer_core.plain_text import in_plotly
from fer_core.plots import LearningLine, learning_curves
from pages.lab.training.estimates import accuracy_of
from pages.lab.training.result import show_confusion
from pages.lab.training.words import seconds_text, setting_rows
from pages.ui.charts import Column, csv_button, current_theme, show_chart, show_table
from pages.ui.guard import escape_markdown
from pages.ui.i18n import _, format_number, format_percent

if TYPE_CHECKING:
    from fer_core.lab.desk import Desk

MOST_COMPARED: Final = 4
LETTERS: Final = "ABCD"


def show_runs(desk: Desk) -> None:
    """Below the columns: which are kept, and a choice of them side by side; nothing before the first.

    Args:
        desk: of the visitor.
    """
    networks = list(desk.networks)
    if not networks:
        return
    with st.container(key="lab_runs"):
        st.header(_("Trained networks"), anchor=False)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = _choice(networks) if len(networks) > 1 else []
            with st.popover(_("Manage"), icon=":material/tune:"):
                _manage(desk, networks)
        if len(networks) == 1:
            st.caption(_("Change a setting and train again: then both networks stand here side by side."))
        elif len(chosen) < 2:
            st.caption(_("Choose two to four networks to see them side by side."))
        else:
            compare(chosen)


def _choice(networks: Sequence[LabNetwork]) -> list[LabNetwork]:
    """Up to four networks, in the order of their training; the newest ones to begin with."""
    by_id = {network.id: network for network in networks}
    # With a network that comes or goes the choice begins anew.
    key = f"lab_compared_{networks[-1].id}_{len(networks)}"
    ids = list(by_id)
    chosen = st.pills(
        _("Side by side, up to four"),
        ids,
        selection_mode="multi",
        default=ids[-MOST_COMPARED:],
        format_func=lambda one: escape_markdown(by_id[one].name) if one in by_id else str(one),
        key=key,
    )
    if len(chosen) > MOST_COMPARED:
        st.caption(_("Only the first four that were chosen are shown."))
    kept = set(chosen[:MOST_COMPARED])
    return [network for network in networks if network.id in kept]


def compare(networks: Sequence[LabNetwork]) -> None:
    """Figures, curves over each other, confusion matrices and settings.

    Args:
        networks: 2 to 4, each a letter from A on.
    """
    _figures(networks)
    if text := _why_not_comparable(networks):
        st.warning(text, icon=":material/compare:")
    _curves(networks)
    st.markdown(f"**{_('Confusion matrix')}** · {_('Shade: share of the row')}")
    columns = st.columns(len(networks))
    for place, (column, network) in enumerate(zip(columns, networks, strict=True)):
        with column:
            show_confusion(
                network, key=f"lab_compared_confusion_{LETTERS[place]}", title=_lettered(place, network)
            )
    _settings(networks)


def _lettered(place: int, network: LabNetwork) -> str:
    return f"{LETTERS[place]} · {network.name}"


def _figures(networks: Sequence[LabNetwork]) -> None:
    estimates = [accuracy_of(network.figures.test) for network in networks]
    names = [_lettered(place, network) for place, network in enumerate(networks)]
    columns = [
        Column(_("Network"), names),
        Column(
            _("Test accuracy"),
            [one.value for one in estimates],
            percent=True,
            decimals=1,
            intervals=[one.ends for one in estimates],
        ),
    ]
    if any(network.figures.frames is not None for network in networks):
        shares = [None if one.figures.frames is None else one.figures.frames.accuracy for one in networks]
        columns.append(Column(_("By frame, too good"), shares, percent=True, decimals=1))
    columns += [
        Column(_("Test faces"), [network.figures.test.n for network in networks]),
        Column(_("Faces learnt from"), [sum(network.figures.learnt) for network in networks]),
        Column(_("Kept epoch"), [network.figures.kept_epoch for network in networks]),
        Column(_("Training time"), [seconds_text(network.figures.seconds) for network in networks]),
    ]
    show_table(
        columns,
        key="lab_compared_figures",
        filename="lab-networks",
    )


def _why_not_comparable(networks: Sequence[LabNetwork]) -> str:
    """Why the accuracies cannot be set against each other; "" where they can."""
    first = networks[0]
    if any(one.settings.classes != first.settings.classes for one in networks):
        return _(
            "These networks tell different classes apart: with fewer or clearer classes any network is right more often. "
            "Their accuracies cannot be compared."
        )
    tests = [np.sort(one.figures.test.origins) for one in networks]
    if any(not np.array_equal(test, tests[0]) for test in tests):
        return _("These networks were tested on different faces: compare their accuracies with care.")
    return ""


def _curves(networks: Sequence[LabNetwork]) -> None:
    lines: list[LearningLine] = []
    for place, network in enumerate(networks):
        for column, name, training in (
            ("val_accuracy", _("test"), False),
            ("accuracy", _("training"), True),
        ):
            rows = [row for row in network.figures.history if np.isfinite(row[column])]
            if rows:
                lines.append(
                    LearningLine(
                        name=in_plotly(_lettered(place, network)),
                        x=[row["epoch"] for row in rows],
                        y=[row[column] for row in rows],
                        texts=[
                            in_plotly(f"{_lettered(place, network)}, {name}: {format_percent(row[column])}") for row in rows
                        ],
                        place=place,
                        letter="" if training else LETTERS[place],
                        training=training,
                        in_legend=not training,
                    )
                )  # fmt: skip
    if not lines:
        return
    histories = [network.figures.history for network in networks]
    epochs = range(1, max(map(len, histories)) + 1)
    show_chart(
        learning_curves(
            lines,
            legend={"validation": _("test"), "training": _("training")},
            theme=current_theme(),
            title=_("Accuracy"),
            x_name=_("Epoch"),
            percent=True,
            value_range=(0.0, 1.0),
        ),
        key="lab_compared_curves",
        filename="lab-curves",
        columns=[
            Column(_("Epoch"), [format_number(epoch) for epoch in epochs]),
            *(
                Column(
                    f"{_lettered(place, network)}, {name}",
                    [network.figures.history[epoch - 1][column] if epoch <= len(network.figures.history) else None
                     for epoch in epochs],
                    percent=True, decimals=1,
                )
                for place, network in enumerate(networks)
                for column, name in (("val_accuracy", _("test")), ("accuracy", _("training")))
            ),
        ],
        alt="; ".join(
            [_("Accuracy over the epochs"), *(
                f"{_lettered(place, network)}: {format_percent(network.figures.test.accuracy)}"
                for place, network in enumerate(networks)
            )]
        ),
    )  # fmt: skip


def _settings(networks: Sequence[LabNetwork]) -> None:
    """A row for each setting; those that differ are marked."""
    st.markdown(f"**{_('Settings')}** · {_('≠ marks what differs')}")
    rows = [setting_rows(network) for network in networks]
    st.html(settings_html([_lettered(place, network) for place, network in enumerate(networks)], rows))
    columns = [Column(_("Setting"), [name for name, _value in rows[0]])]
    columns += [
        Column(_lettered(place, network), [value for _name, value in rows[place]])
        for place, network in enumerate(networks)
    ]
    csv_button(columns, key="lab_compared_settings", filename="lab-settings")


def settings_html(names: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """The table of settings as HTML, all of it escaped.

    Args:
        names: of the networks.
        rows: of each network, the name and the value of each setting; the same settings for all.
    """
    head = "".join(f'<th scope="col" class="raut-text">{html.escape(name)}</th>' for name in ("", *names))
    body = ""
    for settings in zip(*rows, strict=True):
        values = [value for _name, value in settings]
        differs = len(set(values)) > 1
        sign = "≠ " if differs else ""
        cells = "".join(f'<td class="raut-text">{html.escape(value)}</td>' for value in values)
        style = ' class="raut-lab-differs"' if differs else ""
        body += f'<tr{style}><th scope="row" class="raut-text">{sign}{html.escape(settings[0][0])}</th>{cells}</tr>'
    return (
        '<div class="raut-table raut-lab-settings" style="overflow-x: auto" tabindex="0"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _manage(desk: Desk, networks: Sequence[LabNetwork]) -> None:
    """Which one is tried; rename and remove."""
    by_id = {network.id: network for network in networks}
    ids = list(by_id)
    used_key = f"lab_use_{'_'.join(ids)}"

    def use() -> None:
        desk.use(st.session_state[used_key])

    st.radio(
        _("Use for trying"),
        ids,
        index=ids.index(desk.in_use) if desk.in_use in by_id else None,
        format_func=lambda one: escape_markdown(by_id[one].name) if one in by_id else str(one),
        key=used_key,
        on_change=use,
    )
    st.caption(_("Rename or remove"))
    for network in networks:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text_input(
                _("Name of “{name}”").format(name=escape_markdown(network.name)),
                value=network.name,
                max_chars=LONGEST_CLASS_NAME,
                key=f"lab_name_{network.id}",
                label_visibility="collapsed",
                on_change=_rename,
                args=(desk, network.id),
            )
            st.button(
                _("Remove"),
                icon=":material/delete:",
                key=f"lab_remove_{network.id}",
                on_click=desk.remove,
                args=(network.id,),
            )


def _rename(desk: Desk, network_id: str) -> None:
    """Take the new name, without signs that nobody sees; an empty one changes nothing."""
    network, name = desk.network(network_id), clean_class_name(st.session_state[f"lab_name_{network_id}"])
    if network is None:
        return
    if name:
        desk.add(replace(network, name=name))
    else:
        st.session_state[f"lab_name_{network_id}"] = network.name
