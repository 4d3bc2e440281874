"""A card says what the stores say, and nothing that is typed in."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
from pathlib import Path

import pytest

from fer_core.cards import card, card_areas, card_figures
from fer_core.cards import markdown as card_markdown
from fer_core.cards.card import model_card, write_card
from fer_core.datasets.fer2013 import Fer2013
from fer_core.errors import NetworkError
from fer_core.evaluation.answers import write_answers
from fer_core.evaluation.evaluate import answer_splits, evaluate_network, evaluation_of, write_evaluation
from fer_core.evaluation.repetition import record_repetition, shipped_training
from fer_core.evaluation.report import read_report
from fer_core.store.folder import find_network
from fer_core.store.network import NetworkInfo


@pytest.fixture
def evaluated(dataset: Fer2013, recognizer, network: NetworkInfo) -> NetworkInfo:
    write_evaluation(network, evaluate_network(recognizer, dataset, ["PublicTest", "PrivateTest"]))
    return network


def change_metadata(network: NetworkInfo, **training: object) -> NetworkInfo:
    metadata = json.loads((network.folder / "metadata.json").read_text())
    metadata["training"].update(training)
    (network.folder / "metadata.json").write_text(json.dumps(metadata))
    return find_network(network.id)


def test_card_has_the_figures_of_the_evaluation(evaluated: NetworkInfo) -> None:
    text = model_card(evaluated)
    assert "| PrivateTest | test | 5 | 60.0% (23.1–88.2) | – | – |" in text
    chose = "chose the epoch and how sure an answer must be"
    assert f"| PublicTest | {chose} | 2 | 100.0% (34.2–100.0) | – | – |" in text
    # 5 pictures: angry twice, found once; of the 3 others none is called angry
    assert re.search(r"\| Angry \| 2 \| 1 \| 3 \| 0 \| 1 \| 50\.0% \([\d.–]+\) \| 100\.0%", text)
    assert "| Disgust | 0 | 0 | 5 | 0 | 0 | – | 100.0%" in text, "undefined is a dash"
    assert "| PrivateTest | 1 of 5 | 60.0% | 50.0% |" in text, "leakage"
    assert "“surprise”, 0.0% in PrivateTest" in text


def test_hit_rates_come_from_the_evaluation_and_areas_from_the_answers(
    dataset: Fer2013, recognizer, network: NetworkInfo
) -> None:
    answered = answer_splits(recognizer, dataset, ["PublicTest", "PrivateTest"])
    write_evaluation(network, evaluation_of(network, dataset, answered))
    # Of 5 pictures 2 are happy, both of them found, and no other is called so: 2 / 5 times 2 / 5 by chance.
    section = model_card(network).split("### Hit rates and areas")[1].split("###")[0]
    assert re.search(r"\| Happy \| 100\.0% \([\d.–]+\) \| 16\.0% \|\n", section) and "ROC" not in section
    write_answers(network, dataset, answered)
    section = model_card(network).split("### Hit rates and areas")[1].split("###")[0]
    # Nothing but right answers: an area of 1 without an interval. One of two angry pictures is found at all.
    assert re.search(r"\| Happy \| [^|]+ \| 16\.0% \| 100\.0% \| 100\.0% \| 40\.0% \|\n", section)
    assert re.search(r"\| Angry \| 50\.0% \([\d.–]+\) \| 8\.0% \| 75\.0% \(", section)
    assert "| Mean |  |  | – | – |  |" in section, "disgust is in no picture"
    (network.folder / "answers.npz").write_bytes(b"damaged")
    assert "ROC" not in model_card(network)


def test_card_changes_when_the_evaluation_changes(evaluated: NetworkInfo) -> None:
    before = model_card(evaluated)
    evaluation = json.loads((evaluated.folder / "evaluation.json").read_text())
    figures = evaluation["splits"]["PrivateTest"]
    figures["confusion"][3][3] += 40  # 40 more happy faces, all of them found
    write_evaluation(evaluated, evaluation)
    after = model_card(evaluated)
    assert "| PrivateTest | test | 45 | 95.6%" in after
    assert after != before


def test_card_changes_with_metadata_and_history(evaluated: NetworkInfo) -> None:
    text = model_card(evaluated)
    for fact in ("3 of 50 planned", "1:02:03 (h:min:s)", "1,234,567", "two cores", "44.9%, epoch 2"):
        assert fact in text
    changed = change_metadata(
        evaluated, epochs=50, seconds=61.0, machine="a big one", recipe={"keep": "last"}
    )
    history = evaluated.folder / "history.csv"
    history.write_text(history.read_text().replace("0.449", "0.555"))
    text = model_card(changed)
    for fact in ("| Epochs | 50 |", "0:01:01 (h:min:s)", "a big one", "55.5%, epoch 2"):
        assert fact in text
    # The last epoch is kept: what was chosen is the threshold of the sets.
    assert "| PublicTest | chose how sure an answer must be | 2 |" in text


def test_settings_of_a_recipe_are_told_where_the_metadata_has_them(network: NetworkInfo) -> None:
    recipe = {
        "id": "tried",
        "learning_rate": 1e-5,
        "epochs": 50,
        "augmentation": {"flip": True, "zoom": 0.12},
    }
    text = model_card(change_metadata(network, recipe=recipe))
    assert "| Learning rate | 1e-05 |" in text
    assert "| Augmentation | flip True, zoom 0.12 |" in text


def test_the_card_of_a_second_head_says_what_it_learnt_and_was_watched_on(network: NetworkInfo) -> None:
    recipe = {"id": "gamelan", "choice_split": "PublicTest", "companion": {"id": network.id}, "options": {}}
    info = change_metadata(network, recipe=recipe, split="Training", choice_split="FERplusPublicTest")
    text = model_card(info)
    assert "| Training data | Training (FER2013's training set, with the votes of FER+ as targets) |" in text
    assert (
        "| Monitored in training | PublicTest (FER2013's first test set, with the votes of FER+ as targets) |"
        in text
    )
    assert "| Options |" not in text
    first = change_metadata(
        network, recipe={**recipe, "companion": {"id": "other"}, "face_sizes": [[0, 32], [4, 48]]}, split="Training",
        choice_split="PublicTest",
    )  # fmt: skip
    text = model_card(first)
    assert "| Training data | Training (FER2013's training set, with FER2013's labels) |" in text
    assert "| Face sizes | 32×32 from epoch 1 on, 48×48 from epoch 5 on |" in text


def test_card_says_how_far_the_figure_moves_between_seeds_or_that_nobody_knows(
    evaluated: NetworkInfo,
) -> None:
    info = evaluated
    assert "| Spread over seeds | not known: one seed was trained |" in model_card(info)
    own = shipped_training(info)
    assert own is not None
    record_repetition(info, dataclasses.replace(own, seed=2, accuracy=0.25))
    assert f"2 trainings, 25.0–{own.accuracy * 100:.1f}% on PublicTest" in model_card(info)
    record_repetition(info, dataclasses.replace(own, seed=2))
    assert f"2 trainings, {own.accuracy * 100:.1f}% on PublicTest" in model_card(info)


def test_no_figure_is_typed_into_the_card() -> None:
    names = r"FER2013|48×48|SHA-256|Table ?1|utf-8|Article 5\(1\)\(f\)|F1|Donner 2008|Wagner 1993|\(1988\)"
    typed = []
    for module in (card, card_areas, card_figures, card_markdown):
        tree = ast.parse(inspect.getsource(module))
        docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)}  # fmt: skip
        formats = {id(part) for node in ast.walk(tree) if isinstance(node, ast.FormattedValue)
                   and node.format_spec for part in ast.walk(node.format_spec)}  # fmt: skip
        typed += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and node.value not in docs and id(node) not in formats
            and re.search(r"\d", re.sub(names, "", node.value))
        ]  # fmt: skip
    assert typed == []


def test_card_has_all_its_parts(evaluated: NetworkInfo) -> None:
    text = model_card(evaluated)
    headings = re.findall(r"^#+ .*$", text, re.M)
    assert headings == [
        "# Tried one", "## Training", "## Figures", "### PublicTest", "### PrivateTest",
        "### Hit rates and areas", "### Calibration", "### Leakage", "## Intended use", "## Limits", "## Licence",
    ]  # fmt: skip
    assert "- **Code**: MIT" in text and "- **Weights**:" in text
    assert "NaN" not in text and "nan" not in text


def test_every_table_has_one_width(evaluated: NetworkInfo) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", model_card(evaluated), re.M):
        assert len({line.count("|") for line in block.splitlines()}) == 1, block


def test_a_blank_line_stands_before_every_table_and_heading(evaluated: NetworkInfo) -> None:
    """Markdown would otherwise read them as part of the paragraph."""
    lines = model_card(evaluated).splitlines()
    for before, line in zip(lines, lines[1:], strict=False):
        if line.startswith("#") or (line.startswith("|") and not before.startswith("|")):
            assert before == "", line


def test_what_is_not_recorded_has_no_row(network: NetworkInfo) -> None:
    assert "| Machine |" in model_card(network)
    assert "| Machine |" not in model_card(change_metadata(network, machine=""))


def test_a_training_that_moved_to_another_computer_names_both(network: NetworkInfo) -> None:
    stages = [
        {"from_epoch": 1, "machine": "a mill", "precision": "float32"},
        {"from_epoch": 3, "machine": "a loom", "precision": "mixed_bfloat16", "new_optimizer": True},
    ]
    text = model_card(change_metadata(network, stages=stages))
    assert (
        "from epoch 1 on a mill, float32; from epoch 3, with a new optimizer, on a loom, mixed_bfloat16 |"
        in text
    )
    assert "| Machine |" not in text and "| Precision |" not in text


def test_a_network_without_evaluation_or_history_gets_a_card_that_says_so(network: NetworkInfo) -> None:
    (network.folder / "history.csv").unlink()
    text = model_card(network)
    assert "has not been evaluated yet" in text
    assert "## Licence" in text
    assert read_report(network) is None


@pytest.mark.parametrize(
    "content",
    [
        '{"splits": {"Priv',
        "[]",
        '{"splits": {"PrivateTest": {"n": 5, "accuracy": 0.6, "confusion": [[1, 2]]}}}',
        '{"splits": {"PrivateTest": {"n": 3, "accuracy": 1, "labels": ["a"], "confusion": [[1, 0], [1, 1]], '
        '"misclassified": [1], "misclassified_true": [1], "misclassified_predicted": [0]}}}',
        '{"splits": {"PrivateTest": {"n": 3, "accuracy": 1, "labels": ["a", "b"], "confusion": [[1, 0], [1, '
        '1]], "misclassified": [], "misclassified_true": [], "misclassified_predicted": []}}}',
        '{"splits": {"PrivateTest": {"n": 3, "accuracy": 1, "labels": ["a", "b"], "confusion": [[1, 0], [1, '
        '1]], "misclassified": [9], "misclassified_true": [7], "misclassified_predicted": [0]}}}',
    ],
)
def test_a_damaged_evaluation_is_a_sentence_and_not_an_exception(network: NetworkInfo, content: str) -> None:
    (network.folder / "evaluation.json").write_text(content)
    with pytest.raises(NetworkError, match="“Tried one” is damaged. Make it anew: .* evaluate tried"):
        read_report(network)
    assert "The evaluation of the network “Tried one” is damaged" in model_card(network)


def test_an_evaluation_of_other_weights_is_not_shown(evaluated: NetworkInfo) -> None:
    metadata = json.loads((evaluated.folder / "metadata.json").read_text())
    metadata["checksum"]["model.tflite"] = "other"
    (evaluated.folder / "metadata.json").write_text(json.dumps(metadata))
    text = model_card(find_network("tried"))
    assert "made with other weights" in text
    assert "60.0%" not in text


def test_a_damaged_history_is_told(network: NetworkInfo) -> None:
    (network.folder / "history.csv").write_text("epoch,val_accuracy\n1,abc\n")
    assert "`history.csv` is damaged" in model_card(network)


def test_report_ties_a_split_to_its_figures_without_duplicates(evaluated: NetworkInfo) -> None:
    report = read_report(evaluated)
    assert report is not None and report.headline is not None
    assert list(report.splits) == ["PublicTest", "PrivateTest"]
    assert report.headline.name == "PrivateTest"
    without = report.headline.without_duplicates
    assert without is not None and (without.n, without.accuracy) == (4, 0.5)
    assert report.form == "csv"


def test_card_says_what_a_face_costs_and_where_that_was_measured(network: NetworkInfo) -> None:
    text = model_card(network)
    assert "Multiply-accumulates" not in text and "Time for one face" not in text, "not known yet"
    file = network.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "macs": 87654321}))
    speed_file = network.folder.parent / "speed.json"
    measured = {
        "measured": "2026-11-03T10:20:30+00:00", "machine": "Gamelan 9000", "cores": 6, "litert": "7.8.9",
        "rounds": 123, "seconds": 45.6,
        "reference": {"form": "float32", "parameters": 1, "ms": 2.0, "quartiles": [1.9, 2.1]},
        "networks": {"tried": {"checksum": "ab12", "ms": 0.512, "quartiles": [0.5, 0.55], "ratio": 0.256}},
    }  # fmt: skip
    speed_file.write_text(json.dumps(measured))
    text = model_card(find_network("tried"))
    assert "| Multiply-accumulates for one face | 87,654,321 |" in text
    assert (
        "| Time for one face | 0.51 ms (half of 123 rounds 0.50–0.55), one thread, Gamelan 9000, 6 cores, "
        "LiteRT 7.8.9, 3 November 2026 |" in text
    )
    assert "smallest network in float32 | 0.26 times its time, which was 2.00 ms in the same run |" in text
    measured["networks"]["tried"]["checksum"] = "of other weights"
    for other in (json.dumps(measured), "{"):
        speed_file.write_text(other)
        assert "Time for one face" not in model_card(find_network("tried"))


def test_shares_are_called_calibrated_only_as_far_as_that_was_fitted_and_measured(
    evaluated: NetworkInfo,
) -> None:
    error = "40.0%"  # all answers are sure, and 3 of 5 are right
    assert (
        "- The shares are not calibrated probabilities: on PrivateTest their calibration error is "
        f"{error}." in model_card(evaluated)
    )
    file = evaluated.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "temperature": 1.234}))
    text = model_card(find_network("tried"))
    assert "no calibrated probabilities" not in text
    assert (
        "- The shares are scaled by a temperature of 1.234, fitted on PublicTest. The calibration error that is "
        f"left on PrivateTest is {error};" in text
    )
    (evaluated.folder / "evaluation.json").unlink()
    assert "calibration error is left has not been measured" in model_card(find_network("tried"))


def test_the_card_of_a_network_of_which_only_figures_ship_says_how_to_make_it(network: NetworkInfo) -> None:
    assert "Where the weights are" not in model_card(network)
    file = network.folder / "metadata.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "ships": False}))
    text = model_card(find_network("tried"))
    assert "| Where the weights are | not in Raut, " in text and "`python -m fer_core train tried`" in text
    assert "shipped file" not in text


def test_write_card_writes_the_card(evaluated: NetworkInfo) -> None:
    file = write_card(evaluated)
    assert file == Path(evaluated.folder / "MODEL_CARD.md")
    assert file.read_text(encoding="utf-8") == model_card(evaluated)


def test_words_of_the_metadata_are_text_in_the_card(network: NetworkInfo) -> None:
    word = "![x](http://a.example/b) <b> | www.a.example `c`"
    file = network.folder / "metadata.json"
    stored = json.loads(file.read_text())
    stored |= {"name": word, "summary": f"\u202e{word}\n# Head"}
    stored["training"] |= {"machine": word, "split": word, "recipe": {"id": word, "optimizer": word}}
    file.write_text(json.dumps(stored))
    text = model_card(find_network(network.id))
    written = r"\!\[x\]\(http\:<!-- -->//a.example/b) \<b\> \| www<!-- -->.a.example \`c\`"
    assert text.startswith(f"# {written}\n") and f"{written} # Head\n" in text
    assert text.count(written) == 6 and "![x]" not in text
