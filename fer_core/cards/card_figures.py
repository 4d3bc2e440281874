"""The figures of a card: overview, one table a class, confusion matrix, leakage."""

from __future__ import annotations

import numpy as np

from fer_core.cards.card_areas import areas_section
from fer_core.cards.markdown import UNDEFINED, percent, table, with_interval
from fer_core.evaluation.certainty import BINS, CHANCE_LEVEL, perfect_calibration
from fer_core.evaluation.figures import LEVEL, figures_of
from fer_core.evaluation.metrics import sensitivity
from fer_core.evaluation.report import Report, SplitReport
from fer_core.labels import EMOTIONS
from fer_core.paper import CHOOSING_HALVES, PAPER_SPLIT
from fer_core.plain_text import in_markdown
from fer_core.recognition.conformal import PredictionSets
from fer_core.store.network import NetworkInfo

CALIBRATION_FILE = "calibration.svg"
"""Drawn beside the card, for its headline split."""

SPLIT_MEANING = {
    "Training": ("FER2013's training set", "with FER2013's labels"),
    "PublicTest": ("FER2013's first test set", "with FER2013's labels"),
    "PrivateTest": ("FER2013's second test set", "with FER2013's labels"),
    "Table1Train": (
        "the training images of the paper's Table 1, those of fear and disgust drawn at random",
        "with FER2013's labels",
    ),
    "Table1Test": (
        "the test images of the paper's Table 1, those of fear and disgust drawn at random",
        "with FER2013's labels",
    ),
    "PaperTrain": ("FER2013's training set", "with the majority of the FER+ votes as label"),
    "PaperTest": ("FER2013's two test sets together", "with the majority of the FER+ votes as label"),
    "FERplusTraining": ("FER2013's training set", "where more than half of the FER+ votes agree"),
    "FERplusPublicTest": ("FER2013's first test set", "where more than half of the FER+ votes agree"),
    "FERplusPrivateTest": ("FER2013's second test set", "where more than half of the FER+ votes agree"),
    "Test": ("FER2013's two test sets together", "with FER2013's labels"),
}
"""Of each split: which images, and what is right for them."""


def split_meaning(name: str, labels: str | None = None) -> str:
    """ "FER2013's training set, with FER2013's labels"; "" for a split of another kind.

    Args:
        labels: in place of the split's own, where something else was learnt.
    """
    images, own = SPLIT_MEANING.get(name, ("", ""))
    return f"{images}, {labels or own}" if images else ""


def figures_section(info: NetworkInfo, report: Report | None, why_not: str) -> str:
    """Everything that was measured of a network; the sentence `why_not` where nothing was."""
    if report is None or not report.splits:
        return f"## Figures\n\n{why_not}"
    file = "the shipped file" if info.ships else "a file that does not ship"
    introduction = (
        f"Measured with {file}. In brackets the {LEVEL:.0%} confidence interval, from the counts of the confusion "
        "matrix: Wilson's for shares and, carried over from TP / (TP + FP + FN), for F1; for means over the "
        "expressions those intervals put together (Zou and Donner 2008). It allows for which images are in the test, "
        "not for what another training would give. A dash stands where a figure is undefined: there is no image to "
        "divide by, for precision no such answer."
    )
    parts = ["## Figures", introduction, _overview(info, report)]
    parts += [_per_class(part) for part in report.splits.values()]
    sections = areas_section(info, report.headline), _certainty(report), _leakage(report)
    parts += [section for section in sections if section]
    return "\n\n".join(parts)


def weakest(report: Report | None) -> str:
    """One sentence: which expression is found least, on the headline split."""
    part = report.headline if report else None
    if part is None:
        return ""
    found = sensitivity(part.confusion)
    if np.isnan(found).all():
        return ""
    worst = int(np.nanargmin(found))
    return (
        f"Lowest sensitivity (recall): “{EMOTIONS[part.labels[worst]].english.lower()}”, "
        f"{percent(found[worst])} in {in_markdown(part.name)}."
    )


def _overview(info: NetworkInfo, report: Report) -> str:
    rows = []
    for part in report.splits.values():
        figures = figures_of(part.confusion)
        means = (figures.balanced_accuracy, figures.macro_precision, figures.macro_f1)
        rows.append(
            (
                in_markdown(part.name),
                _role(part, info, report.sets),
                f"{part.n:,}",
                with_interval(figures.accuracy),
                *map(with_interval, means),
            )
        )
    header = ("Split", "What for", "Images", "Accuracy", "Balanced accuracy", "Macro precision", "Macro F1")
    explained = (
        "Balanced accuracy is the mean sensitivity (recall) of the expressions, their macro average. Macro precision and "
        "macro F1 are such means, too: each expression counts alike, however rare it is."
    )
    return f"{table(header, rows, '--rrrrr')}\n\n{explained}"


def _role(part: SplitReport, info: NetworkInfo, sets: PredictionSets | None) -> str:
    training, recipe = info.training, info.recipe
    choice, watched = training.choice_split, info.watched_split
    if part.name == training.split:
        return "learnt from"
    if part.name == choice:
        shared = [] if watched in (None, choice) else [f"as a part of {watched}"]
        shared += ["together with the other head"] if recipe.companion else []
        epoch = f"the epoch ({', '.join(shared)})" if shared else "the epoch"
        chosen = [
            what
            for what, holds in (
                (epoch, recipe.keep != "last"),
                ("the networks that it is built on", training.built_on),
                ("the mean of weights", recipe.averaged_with),
                ("how sure an answer must be", sets is not None and sets.split == choice),
            )
            if holds
        ]
        return f"chose {_listed(chosen)}" if chosen else "monitored in training"
    if part.name == PAPER_SPLIT and choice in CHOOSING_HALVES:
        return "test; half of it, PublicTest, was used for choosing"
    return "test"


def _listed(words: list[str]) -> str:
    """["a", "b", "c"] -> "a, b and c"."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _per_class(part: SplitReport) -> str:
    rows = [
        (
            EMOTIONS[label].english,
            *(f"{cell:,}" for cell in (one.n, one.tp, one.tn, one.fp, one.fn)),
            *map(with_interval, (one.sensitivity, one.specificity, one.precision, one.f1)),
        )
        for label, one in zip(part.labels, figures_of(part.confusion).classes, strict=True)
    ]
    names = [EMOTIONS[label].english for label in part.labels]
    header = (
        "Expression",
        "Images",
        "TP",
        "TN",
        "FP",
        "FN",
        "Sensitivity (recall)",
        "Specificity",
        "Precision",
        "F1",
    )
    matrix = table(
        ("label \\ answer", *names),
        [
            (name, *(f"{count:,}" for count in row))
            for name, row in zip(names, part.confusion.tolist(), strict=True)
        ],
        "-" + "r" * len(names),
    )
    meaning = split_meaning(part.name) or in_markdown(part.name)
    return (
        f"### {in_markdown(part.name)}\n\n{meaning[:1].upper()}{meaning[1:]}: {part.n:,} images, "
        f"{len(part.misclassified):,} of them misclassified (their row numbers are in `evaluation.json`)."
        f"\n\n{table(header, rows, '-rrrrrrrrr')}\n\n{matrix}"
    )


def _certainty(report: Report) -> str:
    measured = [part for part in report.splits.values() if part.certainty]
    if not measured:
        return ""
    head = report.headline
    rows = []
    for part in measured:
        sets, unsure = part.certainty.get("prediction_sets"), part.certainty.get("unsure")
        chance = perfect_calibration(part.certainty["calibration"]["bins"])
        rows.append(
            (
                in_markdown(part.name),
                percent(part.certainty["calibration"]["ece"]),
                f"{percent(chance.mean_error)}, below {percent(chance.most_error)}",
                *(
                    (
                        percent(sets["coverage"]),
                        UNDEFINED if sets["mean_size"] is None else f"{sets['mean_size']:.2f}",
                        percent(unsure["share"]),
                        percent(unsure["error_when_sure"]),
                        percent(unsure["error_when_unsure"]),
                    )
                    if sets and unsure
                    else (UNDEFINED,) * 5
                ),
            )
        )
    header = ("Split", "Calibration error", "By chance alone", "Coverage of the sets", "Expressions per set", "Unsure",
              "Wrong when sure", "Wrong when unsure")  # fmt: skip
    text = [
        "### Calibration",
        "The calibration error is the mean distance between the confidence of answers and their accuracy "
        f"({BINS} bins). Some of it is chance: beside it stands what a perfectly calibrated network would show "
        f"on as many pictures, on average and, after “below”, in "
        f"{CHANCE_LEVEL:.0%} of cases.{_meaning_of_sets(report.sets)}",
        table(header, rows, "-rrrrrrr"),
    ]
    if head is not None and head.certainty:
        text.append(f"![Calibration on {in_markdown(head.name)}]({CALIBRATION_FILE})")
        sets = head.certainty.get("prediction_sets")
        if sets:
            by_class = [
                (EMOTIONS[label].english, percent(share))
                for label, share in sets["coverage_by_class"].items()
            ]
            text.append(
                table(
                    ("Expression", f"Coverage of the prediction sets, {in_markdown(head.name)}"),
                    by_class,
                    "-r",
                )
            )
    return "\n\n".join(text)


def _meaning_of_sets(sets: PredictionSets | None) -> str:
    """How sets are made, and what that does to the figures of the split that they were fitted on."""
    if sets is None:
        return ""
    how_many = "one expression" if sets.largest_sure == 1 else f"{sets.largest_sure} expressions"
    return (
        f" A {sets.level:.0%} prediction set is built to contain the label of {sets.level:.0%} of pictures like these, on average over all expressions. It was "
        f"fitted on {sets.n:,} pictures of {in_markdown(sets.split)}, so that its coverage there is no test of it. Where it holds more than {how_many}, or no expression reaches {sets.threshold:.3f}, the answer "
        "is “unsure”."
    )


def _leakage(report: Report) -> str:
    rows = [
        (
            in_markdown(part.name),
            f"{part.n - part.without_duplicates.n:,} of {part.n:,}",
            percent(part.accuracy),
            percent(part.without_duplicates.accuracy),
        )
        for part in report.splits.values()
        if part.without_duplicates is not None
    ]
    if not rows:
        return ""
    return (
        "### Leakage\n\nFER2013 holds many images more than once, also across its sets. A test image whose "
        "exact duplicate was among the training images is not an independent test, so each figure is also given without "
        "them. Near-duplicates remain.\n\n"
        + table(("Split", "Duplicates", "Accuracy", "Accuracy without duplicates"), rows, "-rrr")
    )
