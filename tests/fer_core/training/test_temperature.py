"""Temperature scaling finds the temperature that was put in."""

from __future__ import annotations

import numpy as np
import pytest

from fer_core.training.temperature import fit_temperature


def drawn(temperature: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Answers of a network whose logits are `temperature` times too large, and labels drawn from the truth."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(count, 5))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = (true.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1)
    given = np.exp(logits * temperature)
    return given / given.sum(axis=1, keepdims=True), labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_was_put_in_is_found(temperature: float) -> None:
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.05)


def test_a_network_that_is_always_right_is_made_as_sure_as_the_limit_allows() -> None:
    probabilities = np.full((10, 3), 0.2)
    probabilities[:, 1] = 0.6
    assert fit_temperature(probabilities, np.ones(10, int)) == pytest.approx(0.2, rel=0.01)


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="Received"):
        fit_temperature(np.ones((2, 3)) / 3, np.zeros(3, int))
    with pytest.raises(ValueError, match="Received"):
        fit_temperature(np.empty((0, 3)), np.zeros(0, int))
