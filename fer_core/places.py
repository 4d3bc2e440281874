"""Where things lie, and what a person may set: every folder and every variable of the environment.

An empty variable counts as not set. In a variable that names a folder, `~` is the home folder of whoever started Raut.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

PROJECT_DIR: Final = Path(__file__).resolve().parents[1]
"""The checkout: Raut is run from its folder."""

ASSETS_DIR: Final = Path(__file__).resolve().parent / "assets"
"""Fonts and samples that come with the core (see `assets/SOURCES.md`)."""

SAMPLES_DIR: Final = ASSETS_DIR / "samples"
"""Pictures to try at once (see `assets/SOURCES.md`)."""

SAMPLE_PHOTO: Final = SAMPLES_DIR / "astronaut.jpg"
"""A photo to try at once: NASA's portrait of Eileen Collins, public domain (see `assets/SOURCES.md`)."""

DATASET_VARIABLE: Final = "FER2013_DIR"
"""Where FER2013 and the votes of FER+ lie; else `data/` of the project."""
MODELS_VARIABLE: Final = "RAUT_MODELS_DIR"
"""Where the networks lie, a folder each; else `models/`."""
RUNS_VARIABLE: Final = "RAUT_RUNS_DIR"
"""Where trainings leave their checkpoints, a folder each; else `runs/`."""
CACHE_VARIABLE: Final = "RAUT_CACHE_DIR"
"""Where the copy of FER2013 goes that loads quickly; else `.cache/`."""
SERVE_VARIABLE: Final = "RAUT_SERVE_DIR"
"""Where the certificate and the key of `make serve` lie; else `.serve/`."""
ACCESS_CODE_VARIABLE: Final = "RAUT_ACCESS_CODE"
"""The code that `make serve` asks visitors for; else a new one at each start. It carries the code to the pages, which
ask for none where it is not set."""
ICE_SERVERS_VARIABLE: Final = "RAUT_ICE_SERVERS"
"""STUN and TURN servers for the webcam, as JSON in the browser's form; else none."""
VIEWERS_VARIABLE: Final = "RAUT_LIVE_VIEWERS"
"""How many may have live video at once, a whole number; else four."""
LAB_VISITORS_VARIABLE: Final = "RAUT_LAB_VISITORS"
"""1: visitors from other computers may use the lab; else only whoever sits at the one that runs Raut."""
LIMIT_VARIABLES: Final = "RAUT_MAX_"
"""Begin of the variables of `fer_core.faces.limits`, one for each limit, whole numbers."""


def setting(variable: str) -> str:
    """What a variable is set to, without spaces around it; "" where it is not set."""
    return os.environ.get(variable, "").strip()


def named_folder(variable: str, otherwise: str) -> Path:
    """The folder that a variable names, `~` expanded; a folder of the project where it is not set."""
    named = setting(variable)
    # Not `Path.expanduser`, which raises where nobody has that home: such a folder is simply not there.
    return Path(os.path.expanduser(named)) if named else PROJECT_DIR / otherwise


def dataset_dir() -> Path:
    """Where FER2013 is looked for when no place is named."""
    return named_folder(DATASET_VARIABLE, "data")


def models_dir() -> Path:
    """Where the networks lie."""
    return named_folder(MODELS_VARIABLE, "models")


def runs_dir() -> Path:
    """Where trainings leave their checkpoints."""
    return named_folder(RUNS_VARIABLE, "runs")


def cache_dir() -> Path:
    """Where the copy of FER2013 goes that loads quickly."""
    return named_folder(CACHE_VARIABLE, ".cache")


def serve_dir() -> Path:
    """Where the certificate and the key of `make serve` lie."""
    return named_folder(SERVE_VARIABLE, ".serve")
