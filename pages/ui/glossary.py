"""Words of the trade in plain words, for a class of sixteen-year-olds."""

from __future__ import annotations

from fer_core.errors import N_

TERMS: dict[str, tuple[str, str]] = {
    "haar_cascade": (
        N_("Haar cascade"),
        N_(
            "A quick way to find faces. It slides a window over the picture and compares bright and dark "
            "patches: eyes are darker than cheeks, the bridge of the nose is brighter than the eyes. A "
            "window that fails one of these tests is dropped at once; one that passes all of them is called "
            "a face. It knows faces seen from the front, and misses turned or covered ones."
        ),
    ),
    "minimum_neighbours": (
        N_("Minimum neighbours"),
        N_(
            "A face is rarely found by one window alone: windows a little to the side, larger or smaller "
            "find it as well. Where enough of them overlap, Raut counts one face and keeps their average. A "
            "single window is mostly a mistake and is dropped."
        ),
    ),
    "convolution": (
        N_("Convolution"),
        N_(
            "A small grid of numbers, here 3×3, slides over the picture and measures at each place how well "
            "its pattern fits. The first grids learn edges, later ones learn corners of a mouth or wrinkles "
            "of a nose. These patterns are not drawn by hand; training finds them."
        ),
    ),
    "softmax": (
        N_("Softmax"),
        N_(
            "The last step: it turns the network's raw scores into shares that add up to 100%. The largest "
            "share is the answer. A large share means that the network prefers this answer to the others, "
            "not that the answer is right."
        ),
    ),
    "accuracy": (
        N_("Accuracy"),
        N_(
            "Of all test images, the share that got the right label. It does not show which expressions go "
            "wrong: a network that always answers “happy” is right for every fourth image of FER2013."
        ),
    ),
    "sensitivity": (
        N_("Sensitivity (recall)"),
        N_(
            "Of the images with this label, the share that was found: TP / (TP + FN). If 100 faces have the "
            "label “sad” and 60 of them are called sad, the sensitivity for “sad” is 60%."
        ),
    ),
    "specificity": (
        N_("Specificity"),
        N_(
            "Of the images with another label, the share that was not called so: TN / (TN + FP). If 900 "
            "faces have other labels than “sad” and 90 of them are called sad all the same, the specificity "
            "for “sad” is 90%."
        ),
    ),
    "precision": (
        N_("Precision"),
        N_(
            "Of the answers with this expression, the share that has this label: TP / (TP + FP). If 80 faces are "
            "called sad and 60 of them have the label “sad”, the precision for “sad” is 75%. It depends on how often "
            "each expression occurs among the images."
        ),
    ),
    "f1": (
        N_("F1"),
        N_(
            "The harmonic mean of sensitivity (recall) and precision: 2 TP / (2 TP + FP + FN). It is high only where "
            "both are. Macro F1 is its mean over the expressions, each of which counts alike, however rare it is."
        ),
    ),
    "calibration": (
        N_("Calibration"),
        N_(
            "A network is calibrated if it is right as often as its confidence says: of a hundred answers "
            "with 70%, seventy are right. The calibration error is the mean distance between both, over 15 "
            "groups of answers with similar confidence (Naeini et al. 2015). Some distance is due to chance: "
            "ten tosses of a coin seldom give exactly five heads. The grey bars show the range that chance "
            "alone explains (Bröcker and Smith 2007)."
        ),
    ),
    "unsure": (
        N_("When is Raut unsure?"),
        N_(
            "A face often fits more than one expression. So Raut keeps a **prediction set**: every "
            "expression that is probable enough to be the right one. The limit was fitted beforehand, on "
            "pictures with known labels, so that the set contains the right label as often as its name says: "
            "in 90% of the cases for a 90% prediction set.\n\nOne expression in the set: Raut names it. Two: "
            "it names the more probable one and adds the other, “or sad”. Three or more: the answer is "
            "“unsure”, and the set is shown.\n\nA network that hardly ever needs a second expression for "
            "that is unsure from two on, and where none is probable enough."
        ),
    ),
    "confusion_matrix": (
        N_("Confusion matrix"),
        N_(
            "A table with the label in the row and the network's answer in the column. The diagonal counts "
            "the right answers. Every other cell counts a confusion, for example fear taken for surprise."
        ),
    ),
    "seed": (
        N_("Seed"),
        N_(
            "Training begins with random numbers: the first weights, the order of the pictures, how each "
            "copy of a picture is changed. The seed is the number that all of them come from. The same seed "
            "gives the same beginning; another one gives another network of the same kind. How far the "
            "accuracies of such networks lie apart says how much of the difference between any two networks "
            "may be chance."
        ),
    ),
    "mac": (
        N_("Multiply-accumulate (MAC)"),
        N_(
            "One multiplication and one addition, the basic operation of a network. The number of MACs for "
            "one face says how much there is to compute. How long that takes also depends on the computer, "
            "and on how well its processor is kept busy."
        ),
    ),
    "kappa": (
        N_("Kappa"),
        N_(
            "Two raters who only guess also agree now and then. Kappa corrects for that: 0 is what chance "
            "gives, 1 is full agreement, below 0 is less than chance. Cohen's kappa is for two raters, "
            "Fleiss' for more. The 95% interval says how exact the figure is with so many faces. What counts "
            "as good depends on the study; 0.6 is often called substantial (Landis and Koch 1977)."
        ),
    ),
}
"""Key to heading and explanation, both English keys of the catalogue."""
