"""Settings of the class lab: bounds, class names, and the paper's smallest network among the presets."""

from __future__ import annotations

from typing import Any

import pytest

from fer_core.lab.settings import (
    PRESETS,
    Architecture,
    Block,
    LabSettings,
    LabSettingsError,
    clean_class_name,
)


@pytest.mark.parametrize(
    "changed",
    [
        {"classes": ("happy",)},
        {"classes": tuple(f"c{n}" for n in range(11)), "way": "own"},
        {"classes": ("Smile", "smile"), "way": "own"},
        {"classes": ("smile", " frown"), "way": "own"},
        {"classes": ("smile", ""), "way": "own"},
        {"classes": ("smile", "x" * 41), "way": "own"},
        {"classes": ("happy", "smile")},
        {"way": "elsewhere"},
        {"method": "magic"},
        {"change": "wild"},
        {"epochs": 0},
        {"per_class": 5},
        {"batch_size": 257},
        {"learning_rate": float("nan")},
        {"seed": -1},
    ],
)
def test_settings_that_no_training_can_have_are_refused_with_a_sentence(changed: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"way": "fer2013", "classes": ("happy", "sad")} | changed
    with pytest.raises(LabSettingsError):
        LabSettings(**settings)


@pytest.mark.parametrize(
    "changed",
    [
        {"blocks": ()},
        {"blocks": (Block(8),) * 5},
        {"dense_units": (64, 64, 64)},
        {"dense_units": (513,)},
        {"dropout": 0.95},
        {"ending": "sum"},
    ],
)
def test_an_architecture_out_of_bounds_is_refused_with_a_sentence(changed: dict[str, Any]) -> None:
    with pytest.raises(LabSettingsError):
        Architecture(**({"blocks": (Block(8),)} | changed))


def test_a_class_name_is_kept_without_what_cannot_be_shown() -> None:
    assert clean_class_name("  raised \n eyebrows ") == "raised eyebrows"
    assert LabSettings("own", ("senyum", "alis")).classes == ("senyum", "alis")


def test_each_preset_is_within_the_bounds() -> None:
    assert [len(preset.blocks) for preset in PRESETS.values()] == [4, 3]
