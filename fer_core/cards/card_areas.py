"""The section of a card on unbiased hit rates and on the areas under curves."""

from __future__ import annotations

from fer_core.cards.markdown import percent, table, with_interval
from fer_core.errors import NetworkError
from fer_core.evaluation.answers import read_answers
from fer_core.evaluation.curves import ClassCurves, Curves, curves_of
from fer_core.evaluation.hit_rates import unbiased_hit_rates
from fer_core.evaluation.report import SplitReport
from fer_core.labels import EMOTIONS
from fer_core.plain_text import in_markdown
from fer_core.store.network import NetworkInfo

_RATES = ("Unbiased hit rate", "By chance")
_AREAS = ("Area under the ROC curve", "Average precision", "Average precision of a guess")


def areas_section(info: NetworkInfo, part: SplitReport | None) -> str:
    """Hit rates of a split and, where the answers to its pictures are there, areas; "" without a picture."""
    if part is None or not part.n:
        return ""
    curves = _curves(info, part)
    rows = [
        (
            EMOTIONS[label].english,
            with_interval(hits.rate),
            percent(hits.chance),
            *(_areas(curves.classes[place]) if curves else ()),
        )
        for place, (label, hits) in enumerate(
            zip(part.labels, unbiased_hit_rates(part.confusion), strict=True)
        )
    ]
    text = (
        f"On {in_markdown(part.name)}, one expression against the others. The unbiased hit rate is sensitivity times "
        "precision (Wagner 1993); by chance it would be the share of images with the label times the share of answers "
        "with it."
    )
    if curves is None:
        header: tuple[str, ...] = ("Expression", *_RATES)
    else:
        header = ("Expression", *_RATES, *_AREAS)
        means = (with_interval(curves.macro_area), with_interval(curves.macro_average_precision))
        rows.append(("Mean", "", "", *means, ""))
        text += (
            " The areas are those under the ROC curve and under the precision-recall curve (average precision), over "
            "every limit that a probability could have to reach; a guess has half of the first, and of the second the "
            "share of images with the label. Their intervals are those of DeLong (1988) and of the infinitesimal "
            "jackknife, on the logit scale."
        )
    return f"### Hit rates and areas\n\n{text}\n\n{table(header, rows, '-' + 'r' * (len(header) - 1))}"


def _areas(curves: ClassCurves) -> tuple[str, str, str]:
    return (
        with_interval(curves.area),
        with_interval(curves.average_precision),
        percent(curves.chance_precision),
    )


def _curves(info: NetworkInfo, part: SplitReport) -> Curves | None:
    """Those of the split; None where the answers to its pictures are not there, or are damaged."""
    try:
        answers = read_answers(info)
    except NetworkError:
        return None
    found = answers.splits.get(part.name) if answers else None
    return curves_of(found) if found else None
