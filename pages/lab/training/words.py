"""What a training is called and set to, in words."""

from __future__ import annotations

import math

from fer_core.errors import N_
from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import PRESETS, Architecture, LabSettings
from fer_core.labels import look_of
from pages.ui.i18n import _, answer_name, format_number, format_percent, ngettext

METHODS = {
    "scratch": N_("A whole network"),
    "head": N_("Only the last layer"),
}
CHANGES = {"none": N_("None"), "moderate": N_("Moderate"), "strong": N_("Strong")}
PRESET_NAMES = {"small": N_("Small"), "paper-small": N_("The paper's smallest")}


def class_names(settings: LabSettings) -> list[str]:
    """All classes in output order: expressions in the reader's language, others as the class wrote them; plain text."""
    return [answer_name(label, settings.classes) for label in settings.classes]


def class_looks(settings: LabSettings) -> list[str]:
    """The look of each class, by which its sign is found."""
    return [look_of(label, settings.classes) for label in settings.classes]


def chance(settings: LabSettings) -> float:
    """The accuracy of guessing, with every class equally often: 0 to 1."""
    return 1 / len(settings.classes)


def guessing(network: LabNetwork) -> str:
    """What an answer without looking at the face would be right for."""
    return _("Guessing would give {chance}.").format(chance=format_percent(chance(network.settings), 0))


def time_left(seconds: float) -> str:
    """ "about 40 seconds left"."""
    if seconds >= 90:
        minutes = round(seconds / 60)
        return ngettext("about {m} minute left", "about {m} minutes left", minutes).format(
            m=format_number(minutes)
        )
    whole = max(1, round(seconds))
    return ngettext("about {s} second left", "about {s} seconds left", whole).format(s=format_number(whole))


def seconds_text(seconds: float) -> str:
    """ "2 min 05 s", "48 s"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("{s} s").format(s=format_number(rest))
    return _("{m} min {s} s").format(m=format_number(minutes), s=f"{rest:02d}")


def rate_text(value: float) -> str:
    """A learning rate with two significant digits at most: "0.002", "0.00015"."""
    decimals = max(1, 1 - math.floor(math.log10(value)))
    while decimals > 1 and math.isclose(round(value, decimals - 1), value, rel_tol=0.01):
        decimals -= 1
    return format_number(value, decimals)


def architecture_text(architecture: Architecture) -> str:
    """ "Small: 16, 32, 64 channels; mean of each map"."""
    blocks = ", ".join(
        format_number(block.channels) + ("" if block.convolutions == 1 else f"×{block.convolutions}")
        for block in architecture.blocks
    )
    parts = [
        ngettext("{n} block: {blocks} feature maps", "{n} blocks: {blocks} feature maps", len(architecture.blocks)).format(
            blocks=blocks, n=format_number(len(architecture.blocks))
        ),
        _("Flatten") if architecture.ending == "flatten" else _("Mean of each map"),
    ]  # fmt: skip
    if architecture.dense_units:
        units = ", ".join(format_number(units) for units in architecture.dense_units)
        parts.append(_("Dense layers: {units}").format(units=units))
    if architecture.normalised:
        parts.append(_("Batch normalisation"))
    if architecture.dropout:
        parts.append(_("Dropout {share}").format(share=format_percent(architecture.dropout, 0)))
    name = next((key for key, preset in PRESETS.items() if preset == architecture), None)
    text = "; ".join(parts)
    return f"{_(PRESET_NAMES[name])}: {text}" if name in PRESET_NAMES else text


def setting_rows(network: LabNetwork) -> list[tuple[str, str]]:
    """Name and value of everything that decided the training, in words; the same names for every network."""
    settings, figures = network.settings, network.figures
    scratch = settings.method == "scratch"
    dash = "–"
    return [
        (_("Pictures"), "FER2013" if settings.way == "fer2013" else _("Own faces")),
        (_("Classes"), ", ".join(class_names(settings))),
        (_("What is learnt"), _(METHODS[settings.method])),
        (_("Architecture"), architecture_text(settings.architecture) if scratch else dash),
        (_("Faces to learn"), format_number(sum(figures.learnt))),
        (_("Test faces"), format_number(figures.test.n)),
        (_("Epochs"), format_number(settings.epochs)),
        (_("Batch size"), format_number(settings.batch_size)),
        (_("Learning rate"), rate_text(settings.learning_rate)),
        (_("Change of faces"), _(CHANGES[settings.change]) if scratch else dash),
        (_("Seed"), str(settings.seed)),
        (_("Training time"), seconds_text(figures.seconds)),
        (_("Kept epoch"), format_number(figures.kept_epoch)),
    ]
