"""Reading faces with a network of the lab, in place of one that ships."""

from __future__ import annotations

from fer_core.lab.network import LabNetwork
from fer_core.recognition.answers import Answerer
from fer_core.recognition.recognizer import ExpressionRecognizer, LitertRecognizer
from fer_core.store.network import NetworkInfo


class LabRecognizer(LitertRecognizer):
    """One network of the lab, ready; it is not calibrated, so that it has no sets and is never unsure by itself.

    Args:
        network: that a class trained, or loaded.
        threads: processor threads that one call may use.

    Raises:
        NetworkError: its LiteRT file cannot be run.
    """

    def __init__(self, network: LabNetwork, threads: int = 1) -> None:
        super().__init__(network, network.content, threads=threads)


def open_network(network: Answerer, threads: int = 1) -> LitertRecognizer:
    """Open a network that ships or one of the lab, such as for `fer_core.live.session.LiveSession`.

    Args:
        network: a `NetworkInfo` or a `LabNetwork`.
        threads: processor threads that one call may use.

    Raises:
        NetworkError: its file is missing, damaged, or nothing that this LiteRT can run.
        TypeError: neither of the two.
    """
    if isinstance(network, LabNetwork):
        return LabRecognizer(network, threads)
    if isinstance(network, NetworkInfo):
        return ExpressionRecognizer(network, threads)
    raise TypeError(f"Expected a NetworkInfo or a LabNetwork. Received: {type(network).__name__}")
