"""Plotly figures from plain data: no Keras, no Streamlit, and no word of their own.

Titles, names and the text of a hover come from the caller, translated; numbers come with the text that
shows them. Every emotion keeps its colour, and its sign and name stand beside it; what has no emotion is
drawn in the colour of the text, told apart by line, marker or hatching; networks over each other have colours of their own
besides marker and letter, so that nothing is told by colour alone.
"""

from fer_core.plots.bars import class_distribution, train_test_bars
from fer_core.plots.boxes import expression_boxes
from fer_core.plots.calibration import CalibrationBin, reliability_diagram
from fer_core.plots.contributions import AddedBars, contribution_bars
from fer_core.plots.enlarged import enlarged
from fer_core.plots.expression_curves import ExpressionCurve, expression_curves
from fer_core.plots.forensics import Accuracies, Line, accuracy_intervals, count_bars, lines
from fer_core.plots.growing import Growing, growing_curves
from fer_core.plots.learning import LearningBand, LearningLine, LearningMark, learning_curves
from fer_core.plots.lesson import Pair, gap_curves, paired_shares
from fer_core.plots.matrix import SCALE_ROOM, SHADES, cell_text_colour, confusion_heatmap, shade
from fer_core.plots.perturbation import LARGEST_NUMBER_OF_LINES, perturbation_curves
from fer_core.plots.photo_frame import photo_frame
from fer_core.plots.scatter import Mark, accuracy_against_speed
from fer_core.plots.sureness import SureLine, SurePoint, sureness_diagram
from fer_core.plots.theme import LOOKS, contrast, template
from fer_core.plots.timeline import RibbonPart, expression_ribbons

__all__ = [
    "LARGEST_NUMBER_OF_LINES",
    "Accuracies",
    "Growing",
    "growing_curves",
    "AddedBars",
    "contribution_bars",
    "Line",
    "Pair",
    "accuracy_intervals",
    "count_bars",
    "lines",
    "LOOKS",
    "SCALE_ROOM",
    "SHADES",
    "ExpressionCurve",
    "LearningBand",
    "LearningLine",
    "LearningMark",
    "Mark",
    "RibbonPart",
    "SureLine",
    "SurePoint",
    "CalibrationBin",
    "accuracy_against_speed",
    "cell_text_colour",
    "class_distribution",
    "confusion_heatmap",
    "contrast",
    "enlarged",
    "expression_boxes",
    "expression_curves",
    "expression_ribbons",
    "gap_curves",
    "paired_shares",
    "learning_curves",
    "perturbation_curves",
    "photo_frame",
    "reliability_diagram",
    "shade",
    "sureness_diagram",
    "template",
    "train_test_bars",
]
