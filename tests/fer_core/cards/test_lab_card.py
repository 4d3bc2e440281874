"""The model card of a class: its figures follow from the answers, and what people wrote is text and nothing else."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from datetime import UTC, datetime

import numpy as np
import pytest

from fer_core.cards.lab_answers import answers_csv
from fer_core.cards.lab_card import CardTexts, card_html, card_markdown, card_sections
from fer_core.lab.network import LabNetwork
from fer_core.lab.settings import LabSettings
from fer_core.recognition.provenance import Provenance
from pages.ui.report_words import words
from tests.lab_networks import NAMES, answers, head_network, own_network

TEXTS = CardTexts(
    purpose="To see *how* a network learns.\n\nSecond | line: http://example.org",
    not_for="<script>alert(1)</script>",
    people="4 pupils, 2 with glasses\u202e",
    judgement="",
)
EMPTY = CardTexts()


def rows(network: LabNetwork, title: str, language: str = "en") -> tuple[tuple[str, ...], ...]:
    sections = card_sections(network, EMPTY, words(language))
    return next(section.rows for section in sections if section.title == title)


def fer2013_network() -> LabNetwork:
    classes = ("happy", "sad")
    own = own_network(classes)
    figures = dataclasses.replace(
        own.figures, frames=None, conditions=(), test=answers([0, 1, 1], [0, 1, 0], 2)
    )
    return dataclasses.replace(own, settings=LabSettings("fer2013", classes), figures=figures)


def test_accuracy_by_burst_by_frame_and_under_conditions_worked_out_by_hand() -> None:
    assert rows(own_network(), "Accuracy") == (
        # 5 of 6 faces, an interval as of 4 pictures: Wilson of 3.33 of 4
        ("By burst: recordings that it did not learn from", "6", "4", "83.3%", "36.2–97.8%"),
        ("By frame: other frames of what it learnt from", "3", "3", "100.0%", "43.9–100.0%"),
        ("lamp off", "2", "1", "50.0%", "5.5–94.5%"),
    )


def test_each_class_and_the_confusion_matrix_worked_out_by_hand() -> None:
    of_classes = rows(own_network(), "Each class")
    assert [row[:3] for row in of_classes] == [
        (NAMES[0], "2", "100.0%"),
        (NAMES[1], "2", "100.0%"),
        (NAMES[2], "2", "50.0%"),
    ]
    assert [row[1:] for row in rows(own_network(), "Confusion matrix")] == [
        ("2", "0", "0"),
        ("0", "2", "0"),
        ("1", "0", "1"),
    ]
    assert rows(own_network(), "Who was in front of the camera")[2] == (NAMES[2], "30", "2", "1")


def test_a_network_of_fer2013_says_whose_faces_these_are_and_has_no_figure_by_frame() -> None:
    network = fer2013_network()
    assert [row[:4] for row in rows(network, "Accuracy")] == [("PublicTest", "3", "3", "66.7%")]
    card = card_markdown(network, EMPTY, words("en"))
    assert "Nobody knows who the people are" in card and "Happy, Sad" in card and "By frame" not in card
    assert "Guessing among 2 classes would be right for 50%." in card


def test_nothing_to_measure_with_is_a_dash_and_no_error() -> None:
    network = own_network()
    none = answers([], [], 3)
    figures = dataclasses.replace(network.figures, test=none, frames=None, conditions=())
    [row] = rows(dataclasses.replace(network, figures=figures), "Accuracy")
    assert row[1:] == ("0", "0", "–", "–")
    lost = dataclasses.replace(
        network.figures, history=({**network.figures.history[0], "loss": np.nan},), kept_epoch=1
    )
    assert ("Loss, kept epoch", "–") in rows(dataclasses.replace(network, figures=lost), "Training")


def test_what_is_not_filled_in_says_so_and_a_head_names_its_base() -> None:
    card = card_markdown(head_network(), EMPTY, words("en"))
    assert card.count("Not filled in.") == 4
    assert re.search(r"Only the last layer, on the features of “[\w-]+”", card) and "Architecture" not in card


def test_figures_of_a_file_are_marked_as_such() -> None:
    network = own_network()
    marked = "not measured on this computer"
    assert marked not in card_markdown(network, EMPTY, words("en"))
    assert marked in card_markdown(dataclasses.replace(network, from_file=True), EMPTY, words("en"))


def test_what_a_class_wrote_is_text_in_markdown_and_in_html() -> None:
    card = card_markdown(own_network(name="7b | *x*"), TEXTS, words("en"))
    assert "# Model card of 7b \\| \\*x\\*" in card
    assert "To see \\*how\\* a network learns.\n\nSecond \\| line" in card, "two paragraphs"
    assert "<script" not in card.replace("\\<script", "") and "\u202e" not in card
    assert "://example" not in card, "no address is put together"
    html = card_html(own_network(name="<i>7b</i>"), TEXTS, words("en")).decode()
    assert "&lt;script&gt;" in html and "<script" not in html and "<i>" not in html
    assert html.count("<p>Second | line: http://example.org</p>") == 1


@pytest.mark.parametrize("language", ["en", "id"])
def test_both_languages_have_all_figures(language: str) -> None:
    card = card_markdown(own_network(), TEXTS, words(language))
    assert ("83.3%" if language == "en" else "83,3%") in card
    assert {"en": "Who was in front of the camera", "id": "Siapa yang ada di depan kamera"}[language] in card
    assert "Mitchell, M." in card and own_network().checksum in card
    tables = [block for block in card.split("\n\n") if block.startswith("|")]
    assert len(tables) == 6
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_the_table_of_answers_gives_the_accuracies_of_the_card_and_runs_no_formula() -> None:
    network = own_network()
    provenance = Provenance(datetime(2026, 11, 28, tzinfo=UTC), network)
    table = list(csv.DictReader(io.StringIO(answers_csv(network, provenance).decode("utf-8-sig"))))
    right = {
        measured: [int(row["right"]) for row in table if row["measured"] == measured]
        for measured in ("test", "frames", "condition")
    }
    assert [(sum(rows), len(rows)) for rows in right.values()] == [(5, 6), (3, 3), (1, 2)]
    assert [row["origin"] for row in table[:6]] == ["1", "1", "2", "3", "4", "4"]
    assert table[-1]["condition"] == "lamp off" and table[-1]["network_sha256"] == network.checksum
    assert table[0]["probability smile"] == "0.800000" and table[2]["true"] == "“笑”; '=1+1"
