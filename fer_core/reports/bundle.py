"""Bundles to take away, each one zip with the same bytes for the same input: research, and a network's figures."""

from __future__ import annotations

from fer_core.cards.card import calibration_drawing, model_card
from fer_core.cards.card_figures import CALIBRATION_FILE
from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.evaluation.repetition import REPETITIONS_FILE, seeds_with_history
from fer_core.plain_text import in_markdown
from fer_core.recognition.provenance import Provenance
from fer_core.reports.analysis import Analysis
from fer_core.reports.html_page import html_report
from fer_core.reports.methods import methods_text
from fer_core.reports.pdf_file import pdf_report
from fer_core.reports.tables import as_json, contract_csv, excel, full_csv, results_json
from fer_core.store.network import (
    ANSWERS_FILE,
    CARD_FILE,
    EVALUATION_FILE,
    HISTORY_FILE,
    METADATA_FILE,
    NetworkInfo,
    repetition_history_file,
)
from fer_core.zip_files import checksums, zipped

FILES = {
    "results.csv": N_("one row for each face; the columns of the command predict"),
    "results-full.csv": N_(
        "the same with checksums of the files, all ratings, and why a file could not be read"
    ),
    "results.xlsx": N_("the same for Excel, with settings and known error"),
    "results.json": N_("the same for programs"),
    "settings.json": N_(
        "network with checksum, search for faces, manual corrections, versions of the packages, date"
    ),
    "report.html": N_("the report, for a browser"),
    "report.pdf": N_("the report, for printing"),
    "methods-en.md": N_("a paragraph for a methods section in English, with references"),
    "methods-id.md": N_("a paragraph for a methods section in Indonesian, with references"),
    CARD_FILE: N_("the card of the network: training, figures, limits"),
    CALIBRATION_FILE: N_("a drawing in the card"),
    METADATA_FILE: N_("how the network was trained"),
    EVALUATION_FILE: N_("how the network was evaluated: the source of every figure on its error"),
    ANSWERS_FILE: N_("the network's probabilities for each picture of that evaluation, for NumPy"),
}
"""Name of a file in the bundle to what is in it."""
README_FILE = "README.md"


def research_bundle(analysis: Analysis, words: Words, methods: dict[str, Words], *, pictures: bool) -> bytes:
    """Make a zip of all exports of an analysis, with checksums and a README.

    Args:
        analysis: what to bundle.
        words: language of the report and of the README.
        methods: "en" and "id" to the language of the paragraphs.
        pictures: let the reports show the photos.

    Returns:
        The zip; the same bytes for the same input.
    """
    files = {
        "results.csv": contract_csv(analysis),
        "results-full.csv": full_csv(analysis),
        "results.xlsx": excel(analysis, words),
        "results.json": results_json(analysis),
        "settings.json": as_json(analysis.settings_dict()),
        "report.html": html_report(analysis, words, pictures=pictures),
        "report.pdf": pdf_report(analysis, words, pictures=pictures),
        **{f"methods-{code}.md": methods_text(analysis, spoken).encode() for code, spoken in methods.items()},
        **_figures(analysis.settings.network, METADATA_FILE, EVALUATION_FILE, ANSWERS_FILE),
    }
    files = {
        README_FILE: _readme(analysis, words, list(files), pictures).encode(),
        **files,
        "SHA256SUMS": checksums(files),
    }
    return zipped(files)


def network_bundle(provenance: Provenance) -> bytes:
    """Bundle what is known of a network: its card and its stored figures, and a README that says where they come from.

    The weights are not in it, and neither are the times of all networks.

    Args:
        provenance: with a network of `models/`.

    Raises:
        ValueError: without one.
    """
    network = provenance.network
    if not isinstance(network, NetworkInfo):
        raise ValueError("Expected the provenance of a network of `models/`. Received one without.")
    readme = (
        f"Figures of the network {in_markdown(network.id)} (SHA-256 of {network.file.name}: "
        f"{in_markdown(provenance.checksum or '–')}), put together by Raut {provenance.raut_version} on "
        f"{provenance.time}.\n"
    )
    again = map(repetition_history_file, seeds_with_history(network))
    stored = (METADATA_FILE, EVALUATION_FILE, ANSWERS_FILE, HISTORY_FILE, REPETITIONS_FILE, *again)
    figures = _figures(network, *stored)
    return zipped({README_FILE: readme.encode(), **figures})


def _figures(network: NetworkInfo, *stored: str) -> dict[str, bytes]:
    """The card with its drawing, and those of the stored files that exist."""
    drawing = calibration_drawing(network)
    return {
        CARD_FILE: model_card(network).encode(),
        **({CALIBRATION_FILE: drawing.encode()} if drawing else {}),
        **{
            name: (network.folder / name).read_bytes() for name in stored if (network.folder / name).is_file()
        },
    }


def _readme(analysis: Analysis, words: Words, names: list[str], pictures: bool) -> str:
    lines = [f"- `{name}`: {words.text(FILES[name])}" for name in names]
    paragraphs = [
        f"# {words.say(N_('Research bundle'))}",
        words.say(
            N_("Made with Raut {version} on {date}, with the network {network}."),
            version=analysis.settings.raut_version,
            date=words.date(analysis.settings.made),
            network=in_markdown(analysis.settings.network.id),
        ),
        "\n".join(lines),
        words.say(
            N_(
                "Columns of each table say in every row where its numbers come from: `raut_version`, `network`, "
                "`network_sha256`, `detector`, `settings`, `date`. A face with the status `struck` was struck out by a "
                "person and does not count."
            )
        ),
        words.say(
            N_(
                "`SHA256SUMS` holds a checksum for each of them: `sha256sum -c SHA256SUMS`. The files of the photos "
                "are not in here; `sha256` in the tables says which files they were. File names "
                "can be personal data: read them before you pass this on."
            )
        ),
    ]
    if pictures:
        paragraphs.append(
            words.say(N_("The photos are shown in the reports: pass them on only if everyone shown agrees."))
        )
    return "\n\n".join(paragraphs) + "\n"
