"""Where the figures of a network of the lab come from, for every file that holds them."""

from __future__ import annotations

from fer_core.lab.network import LabNetwork
from fer_core.recognition.provenance import Provenance
from pages.ui.charts import now_here


def provenance_of(network: LabNetwork) -> Provenance:
    """Where the figures of a network of the lab come from, for its downloads."""
    settings = network.settings
    architecture = settings.architecture
    values: dict[str, str | int | float | bool | None] = {
        "name": network.name,
        "way": settings.way,
        "classes": " | ".join(settings.classes),
        "method": settings.method,
    }
    if settings.method == "scratch":
        values |= {
            "blocks": " | ".join(f"{block.convolutions}x{block.channels}" for block in architecture.blocks),
            "ending": architecture.ending,
            "dense_units": " | ".join(map(str, architecture.dense_units)),
            "normalised": architecture.normalised,
            "dropout": architecture.dropout,
            "change": settings.change,
        }
    elif network.base is not None:
        values["base"], values["base_sha256"] = network.base
    values |= {
        "learnt": sum(network.figures.learnt),
        "epochs": settings.epochs,
        "kept_epoch": network.figures.kept_epoch,
        "batch_size": settings.batch_size,
        "learning_rate": settings.learning_rate,
        "seed": settings.seed,
    }
    return Provenance(now_here(), network, settings=values)
