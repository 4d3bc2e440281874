"""Doubtful labels: folds, probabilities of networks that never saw a picture, and how the list is judged."""

from pathlib import Path

import numpy as np

from fer_core.audit import cross_validation
from fer_core.audit.cross_validation import (
    FOLDS,
    FoldTraining,
    deal_folds,
    fold_groups,
    gradient_histograms,
    out_of_sample_probabilities,
)
from fer_core.audit.doubtful import judged, votes_for_another
from fer_core.datasets.near_duplicates import SimilarPairs
from fer_core.datasets.statistics.shipped import read_part, shipped_rows, shipped_statistics
from fer_core.labels import FER2013_LABELS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "experiments" / "doubtful-labels.md"
QUICK = FoldTraining(hidden=16, epochs=6, averaged=2, dropout=0.1, batch_size=32, learning_rate=3e-3)


def pairs_of(*pairs: tuple[int, int, float]) -> SimilarPairs:
    first, second, correlation = (np.array(values) for values in zip(*pairs, strict=True))
    zeros = np.zeros(len(pairs), np.uint8)
    return SimilarPairs(first, second, zeros, correlation, zeros.astype(bool))


def stripes(count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of horizontal (class 0) and vertical stripes (class 3), with noise."""
    rng = np.random.default_rng(5)
    labels = np.where(rng.random(count) < 0.5, 0, 3)
    waves = np.sin(np.arange(48)[None, :] * 0.8 + rng.uniform(0, 6, (count, 1)))  # (N, 48)
    pictures = np.where((labels == 0)[:, None, None], waves[:, :, None], waves[:, None, :]) * 60 + 128
    return (pictures + rng.normal(0, 20, (count, 48, 48))).clip(0, 255).astype(np.uint8), labels


def test_duplicates_and_similar_pictures_are_one_group_and_others_alone():
    exact = np.array([0, -1, -1, 0, -1, -1, -1])
    groups = fold_groups(exact, pairs_of((3, 4, 0.91), (1, 2, 0.89)))
    assert groups.tolist() == [0, 1, 2, 0, 0, 5, 6]


def test_folds_keep_groups_together_and_share_out_every_class():
    rng = np.random.default_rng(1)
    groups = rng.integers(0, 900, 1400)
    labels = rng.choice(7, 1400, p=[0.3, 0.02, 0.1, 0.28, 0.1, 0.1, 0.1])
    folds = deal_folds(groups, labels)
    assert all(len(np.unique(folds[groups == group])) == 1 for group in np.unique(groups))
    for label in (0, 3):
        counts = np.bincount(folds[labels == label], minlength=FOLDS)
        assert counts.max() - counts.min() < 0.25 * counts.mean()
    assert np.array_equal(folds, deal_folds(groups, labels))
    assert not np.array_equal(folds, deal_folds(groups, labels, seed=2))


def test_labels_that_were_exchanged_are_doubted_by_networks_that_never_saw_them(tmp_path):
    from fer_core.audit.doubtful import doubts, estimated_errors

    pictures, right = stripes()
    wrong = np.arange(0, 200, 20)
    labels = right.copy()
    labels[wrong] = 3 - labels[wrong]
    folds = deal_folds(np.arange(200), labels)
    probabilities = out_of_sample_probabilities(pictures, labels, folds, tmp_path, training=QUICK)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    doubt = doubts(labels, probabilities)
    assert set(np.argsort(-doubt)[:10].tolist()) == set(wrong.tolist())
    assert (doubt[wrong] > 0.5).all()
    assert 5 <= estimated_errors(labels, probabilities) <= 20


def test_no_label_of_a_fold_changes_what_its_network_answers(tmp_path):
    pictures, labels = stripes(80)
    folds = deal_folds(np.arange(80), labels)
    others = labels.copy()
    others[folds == 2] = 6
    training = FoldTraining(hidden=8, epochs=2, averaged=1)
    answers = [
        out_of_sample_probabilities(pictures, each, folds, tmp_path, training=training)
        for each in (labels, others)
    ]
    assert np.array_equal(answers[0][folds == 2], answers[1][folds == 2])
    assert not np.array_equal(answers[0][folds == 1], answers[1][folds == 1])


def test_a_fold_that_is_done_is_not_trained_again(tmp_path, monkeypatch):
    pictures, labels = stripes(60)
    folds = deal_folds(np.arange(60), labels)
    training = FoldTraining(hidden=4, epochs=1, averaged=1)
    done: list[float] = []
    whole = out_of_sample_probabilities(
        pictures, labels, folds, tmp_path, training=training, progress=done.append
    )
    assert done == [0.2, 0.4, 0.6, 0.8, 1.0]
    sorted(tmp_path.iterdir())[3].unlink()
    trained = []
    real = cross_validation._answer_fold

    def counted(sides, labels, held_out, training):
        trained.append(int(held_out.sum()))
        return real(sides, labels, held_out, training)

    monkeypatch.setattr(cross_validation, "_answer_fold", counted)
    again = out_of_sample_probabilities(pictures, labels, folds, tmp_path, training=training)
    assert np.array_equal(whole, again)
    assert trained == [(folds == 3).sum()]


def test_histograms_do_not_change_with_brightness():
    pictures, _labels = stripes(4)
    dark = (pictures // 2).astype(np.uint8)
    assert gradient_histograms(pictures).shape == (4, 2664)
    assert np.abs(gradient_histograms(pictures) - gradient_histograms(dark)).max() < 0.05


VOTES = np.array(
    [
        [0, 9, 1, 0, 0, 0, 0, 0, 0, 0],  # happy, nine
        [0, 8, 2, 0, 0, 0, 0, 0, 0, 0],  # eight do not count
        [0, 0, 0, 0, 0, 0, 0, 10, 0, 0],  # contempt is none of the seven
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],  # not a face
        [10, 0, 0, 0, 0, 0, 0, 0, 0, 0],  # neutral, as labelled
    ],
    np.uint8,
)


def test_nine_votes_for_another_of_the_seven_expressions_judge_a_label():
    labels = np.array([FER2013_LABELS.index(code) for code in ("sad", "sad", "sad", "sad", "neutral")])
    agreed, other = votes_for_another(labels, VOTES)
    assert agreed.tolist() == [True, False, False, False, True]
    assert other.tolist() == [True, False, False, False, False]
    assert judged(np.array([0.9, 0.8, 0.1, 0.2, 0.3]), labels, VOTES) == {
        "all": {"n": 5, "agreed": 2, "another": 1},
        "at": {"100": {"n": 5, "agreed": 2, "another": 1}, "1000": {"n": 5, "agreed": 2, "another": 1}},
    }


def test_the_document_prints_the_figures_that_ship():
    facts = shipped_statistics()["doubt"]
    document = DOCUMENT.read_text()
    rows = {
        "the 100 most doubtful": facts["at"]["100"],
        "the 1,000 most doubtful": facts["at"]["1000"],
        "all": facts["all"],
    }
    for name, counted in rows.items():
        n, agreed, another = counted["n"], counted["agreed"], counted["another"]
        shares = f"{another / n:.1%} | {another / agreed:.1%}"
        assert f"| {name} | {n:,} | {agreed:,} | {another:,} | {shares} |" in document
    assert f"agrees with {facts['accuracy']:.1%} of the labels" in document
    assert (
        f"estimates {facts['estimated_errors']:,} wrong labels (doubt of {facts['threshold']:.3f}" in document
    )


def test_what_ships_says_how_good_it_is_and_no_group_lies_in_two_folds():
    facts = shipped_statistics()["doubt"]
    table = shipped_rows()
    part = read_part("out_of_sample")
    doubt, near, fold = table.values("doubt"), table.values("near_group"), part["fold"]
    assert judged(doubt, table.values("label"), table.values("votes")) == {
        key: facts[key] for key in ("all", "at")
    }
    assert (doubt >= facts["threshold"]).sum() >= facts["estimated_errors"]
    sizes = np.bincount(fold)
    assert len(sizes) == facts["folds"] == FOLDS
    assert sizes.max() - sizes.min() < 0.02 * sizes.mean()
    first = np.full(near.max() + 1, -1)
    first[near[near >= 0]] = fold[near >= 0]
    assert (first[near[near >= 0]] == fold[near >= 0]).all()
    # The probabilities that ship are those that the doubts were made from, rounded to 255ths.
    shares = part["probabilities"] / 255
    own = shares[np.arange(len(doubt)), table.values("label")]
    rest = shares.copy()
    rest[np.arange(len(doubt)), table.values("label")] = -1
    assert np.abs((1 - (own - rest.max(axis=1))) / 2 - doubt).max() < 0.01
