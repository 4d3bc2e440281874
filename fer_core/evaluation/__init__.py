"""Validation: figures from counts, a network over the splits, and the card that reports both."""

from fer_core.evaluation.card import model_card, write_card
from fer_core.evaluation.evaluate import NO_TWINS, evaluate_network, write_evaluation
from fer_core.evaluation.metrics import (
    accuracy,
    bootstrap_intervals,
    class_accuracy,
    confusion_matrix,
    one_vs_rest_counts,
    row_rates,
    sensitivity,
    specificity,
)
from fer_core.evaluation.report import Report, SplitReport, read_report

__all__ = [
    "NO_TWINS",
    "Report",
    "SplitReport",
    "accuracy",
    "bootstrap_intervals",
    "class_accuracy",
    "confusion_matrix",
    "evaluate_network",
    "model_card",
    "one_vs_rest_counts",
    "read_report",
    "row_rates",
    "sensitivity",
    "specificity",
    "write_card",
    "write_evaluation",
]
