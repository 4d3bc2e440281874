"""The made-up network and data set that figures are taken from."""

from tests.fer_core.evaluated import dataset, network, recognizer

__all__ = ["dataset", "network", "recognizer"]
