"""What the default networks say of the drawn sample faces, and how those are drawn.

`python benchmarks/draw_samples.py` draws a face in greys for each expression. Where a default network names it less
surely than `ENOUGH`, brows, lids, nose and mouth are moved a little at random, and what each face detector finds as exactly
one face and the networks name more surely is kept. A penalty holds the features close to the start, so that people go on
reading the expression. With `--out fer_core/assets/samples` the files are written.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from fer_core.faces.detection import FaceDetector
from fer_core.faces.search import photo_search
from fer_core.recognition.recognizer import ExpressionRecognizer
from fer_core.store.folder import find_network

SIDE: Final = 320  # pixels of the file
FINE: Final = 3  # drawn so many times larger, for smooth edges
DEFAULTS: Final = ("raut", "raut-plus")
DETECTORS: Final = ("blazeface", "haar")
ENOUGH: Final = 0.7  # the search ends where all networks that know the expression say that much


@dataclass(frozen=True)
class Features:
    """What moves in the face; about -1 to 1, and 0 to 1 for lines and openings."""

    brow_inner: float = 0.0  # down is positive, for all ends and corners
    brow_outer: float = 0.0
    brow_arch: float = 0.4
    brow_close: float = 0.0
    eye_open: float = 0.5
    lower_lid: float = 0.0  # raised
    mouth_width: float = 0.0
    corner: float = 0.0
    upper_lip: float = 0.0
    mouth_open: float = 0.0
    teeth: float = 0.0
    fold: float = 0.15
    nose_wrinkle: float = 0.0
    frown: float = 0.0
    forehead: float = 0.0
    one_sided: float = 0.0  # one corner of the mouth up


START: Final[dict[str, Features]] = {
    "neutral": Features(brow_inner=0.279, brow_outer=-0.082, brow_arch=0.56, brow_close=-0.339, eye_open=0.206, lower_lid=0.24, mouth_width=0.495, corner=0.196, upper_lip=-0.269, fold=0.0, one_sided=0.272),
    "happy": Features(brow_arch=0.75, eye_open=0.4, lower_lid=0.5, mouth_width=0.6, corner=-1.0, mouth_open=0.35,
                      teeth=1.0, fold=0.8),
    "sad": Features(brow_inner=-0.8, brow_outer=0.4, brow_arch=0.0, eye_open=0.35, corner=0.8, mouth_width=-0.1, upper_lip=-0.2,
                    fold=0.4, frown=0.3, forehead=0.2),
    "angry": Features(brow_inner=1.0, brow_outer=-1.0, brow_arch=0.0, brow_close=0.7, eye_open=0.22, lower_lid=0.6, mouth_width=-0.34, corner=0.9, upper_lip=-0.03, fold=0.11, frown=1.0, one_sided=0.14),
    "surprise": Features(brow_inner=-0.9, brow_outer=-0.9, brow_arch=0.8, eye_open=1.0, mouth_width=-0.5, mouth_open=1.0,
                         forehead=0.6),
    "fear": Features(brow_inner=-1.0, brow_outer=-0.2, brow_arch=0.1, brow_close=0.4, eye_open=1.0, mouth_width=0.4, corner=0.4,
                     mouth_open=0.5, teeth=0.6, forehead=0.6, frown=0.3),
    "disgust": Features(brow_inner=1.0, brow_outer=-0.06, brow_arch=0.2, brow_close=0.4, eye_open=-0.12, lower_lid=0.8, mouth_width=-0.3, corner=1.0, upper_lip=-1.0, fold=0.74, nose_wrinkle=0.55, frown=0.17, one_sided=0.21),
    "contempt": Features(brow_inner=0.3, brow_outer=-0.99, brow_arch=0.23, brow_close=-0.03, eye_open=-0.18, lower_lid=0.41, mouth_width=0.33, corner=0.1, upper_lip=0.01, fold=0.18, nose_wrinkle=0.28, frown=0.62, forehead=0.52, one_sided=1.0),
}  # fmt: skip
"""What each face starts from. Neutral, angry, disgust and contempt are what a search found from rougher beginnings, and a
person looked at them; the others were named by both networks at once."""


def draw_face(features: Features) -> np.ndarray:
    """The face from the front: uint8 (SIDE, SIDE), grey."""
    f, unit = features, SIDE * FINE / 100  # 100 units wide and high
    size = SIDE * FINE
    canvas = Image.new("L", (size, size), 206)
    pen = ImageDraw.Draw(canvas)

    def at(points: np.ndarray | list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(float(x) * unit, float(y) * unit) for x, y in points]

    def ellipse(target: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float, grey: int) -> None:
        target.ellipse([(x - rx) * unit, (y - ry) * unit, (x + rx) * unit, (y + ry) * unit], fill=grey)

    def soft(points: list[tuple[float, float]], width: float, strength: float, blur: float) -> None:
        """A blurred line that darkens what is below it."""
        nonlocal canvas, pen
        if strength <= 0.01:
            return
        layer = Image.new("L", (size, size), 255)
        ink = round(255 - 255 * min(strength, 1.0))
        ImageDraw.Draw(layer).line(at(points), fill=ink, width=max(1, round(width * unit)), joint="curve")
        canvas = ImageChops.multiply(canvas, layer.filter(ImageFilter.GaussianBlur(blur * unit)))
        pen = ImageDraw.Draw(canvas)

    # Shoulders, neck, ears, hair behind the head.
    ellipse(pen, 50, 116, 46, 28, 92)
    pen.polygon(at([(39, 70), (61, 70), (63, 92), (50, 97), (37, 92)]), fill=158)
    ellipse(pen, 50, 38, 30.5, 32, 58)
    for side in (-1, 1):
        ellipse(pen, 50 + side * 28.3, 51, 4.2, 7, 168)

    # The head: an egg, lit from the upper left.
    angle = np.linspace(0, 2 * np.pi, 200)
    width = 27 - 4.0 * np.clip(np.sin(angle), 0, 1) ** 2
    head = np.stack([50 + width * np.cos(angle), 48 + 35 * np.sin(angle)], axis=1)
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).polygon(at(head), fill=255)
    y, x = np.mgrid[0:size, 0:size] / unit
    light = 214 - 52 * np.clip(((x - 46) / 30) ** 2 + ((y - 46) / 40) ** 2, 0, 1.3) ** 1.3
    canvas.paste(Image.fromarray(light.clip(0, 255).astype(np.uint8)), (0, 0), mask)
    pen = ImageDraw.Draw(canvas)
    for side in (-1, 1):  # sockets and cheeks
        soft([(50 + side * 7, 44), (50 + side * 17, 44)], 8, 0.30, 2.6)
        soft([(50 + side * 21, 58), (50 + side * 17, 70)], 4, 0.16, 2.6)
    soft([(41, 82), (50, 84), (59, 82)], 4, 0.22, 2.2)

    # Hair over the forehead.
    hair = [(22, 44), (21, 30), (30, 12), (50, 5), (70, 12), (79, 30), (78, 44), (75, 35), (69, 24), (56, 21), (44, 19), (33, 24),
            (26, 33)]  # fmt: skip
    pen.polygon(at(_rounded(hair)), fill=52)
    soft([(27, 34), (34, 25), (45, 21), (57, 22.5), (69, 26), (75, 37)], 2, 0.3, 1.4)

    # Lines of the forehead and between the brows.
    for row in range(3):
        soft(
            [(39, 29.5 - 2.6 * row), (50, 28.7 - 2.6 * row), (61, 29.5 - 2.6 * row)],
            0.7,
            0.34 * f.forehead,
            0.45,
        )
    for side in (-1, 1):
        soft([(50 + side * 2.0, 37), (50 + side * 2.4, 42)], 0.9, 0.55 * f.frown, 0.45)

    # The nose: a shaded side, wings and nostrils; wrinkles across its root.
    soft([(46.6, 44), (45.6, 52), (44.6, 57)], 1.8, 0.16, 1.0)
    soft([(54, 44), (54.8, 52), (55.6, 57)], 2.2, 0.24, 1.0)
    lift = -1.2 * f.nose_wrinkle
    soft([(43.6, 59 + lift), (44.4, 61 + lift), (47, 61.6 + lift)], 1.1, 0.5, 0.5)
    soft([(56.4, 59 + lift), (55.6, 61 + lift), (53, 61.6 + lift)], 1.1, 0.5, 0.5)
    soft([(46, 61 + lift), (48, 60.6 + lift)], 1.3, 0.75, 0.4)
    soft([(52, 60.6 + lift), (54, 61 + lift)], 1.3, 0.75, 0.4)
    for row in range(3):
        soft(
            [(46, 44.5 + 2.4 * row), (50, 43.5 + 2.4 * row), (54, 44.5 + 2.4 * row)],
            0.8,
            0.4 * f.nose_wrinkle,
            0.4,
        )
    for side in (-1, 1):
        soft([(50 + side * 5, 50), (50 + side * 8.4, 54)], 0.8, 0.4 * f.nose_wrinkle, 0.5)

    for side in (-1, 1):
        _eye(f, side, at, pen)
        raised = 3.0 * f.one_sided if side > 0 else 0.0
        # Below the eye, and from the nose to the corner of the mouth.
        soft([(50 + side * 8, 48.8 - f.lower_lid), (50 + side * 12, 50 - f.lower_lid), (50 + side * 16, 48.6 - f.lower_lid)],
             0.8, 0.2 + 0.25 * max(0.0, f.lower_lid), 0.6)  # fmt: skip
        fold = f.fold + (0.5 * f.one_sided if side > 0 else 0.0)
        soft([(50 + side * 6.6, 60 + lift), (50 + side * 11, 65 - raised / 2), (50 + side * (13 + 2 * f.mouth_width), 72 - raised)],
             1.0, 0.5 * fold, 0.7)  # fmt: skip
        # Brows, thick inside and thin outside.
        along = np.linspace(0, 1, 20)
        bx = 50 + side * (5.5 - 2.0 * f.brow_close + (13.5 + f.brow_close) * along)
        inner, outer = 38.5 + 3.4 * f.brow_inner, 38.5 + 3.4 * f.brow_outer
        by = inner + (outer - inner) * along - 3.4 * f.brow_arch * np.sin(np.pi * along**0.9)
        thick = (1.7 - 1.1 * along**1.5) * np.minimum(1, 0.55 + 6 * along)
        brow = np.concatenate([np.stack([bx, by - thick], 1), np.stack([bx, by + thick], 1)[::-1]])
        pen.polygon(at(brow), fill=56)

    _mouth(f, at, pen)
    low = 77.4 + 8.5 * max(0.0, f.mouth_open)
    soft([(45.5, low), (50, low + 0.8), (54.5, low)], 1.6, 0.3, 0.9)
    return np.asarray(
        canvas.filter(ImageFilter.GaussianBlur(FINE * 0.4)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    )


def _rounded(points: list[tuple[float, float]]) -> np.ndarray:
    """A closed outline with its corners cut three times (Chaikin)."""
    outline = np.asarray(points, float)
    for _again in range(3):
        following = np.roll(outline, -1, axis=0)
        outline = np.stack([0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following], 1).reshape(
            -1, 2
        )
    return outline


def _eye(f: Features, side: int, at, pen: ImageDraw.ImageDraw) -> None:  # type: ignore[no-untyped-def]
    """White, iris and lids of one eye."""
    along = np.linspace(0, 1, 40)
    x = 50 + side * (7.2 + 9.8 * along)
    arc = np.sin(np.pi * along) ** 0.8
    up = (0.7 + 3.7 * max(0.0, f.eye_open)) * arc
    down = max(0.3, 2.0 + 0.6 * f.eye_open - 1.4 * f.lower_lid) * arc
    middle = 46.2 - 0.4 * along
    upper, lower = np.stack([x, middle - up], 1), np.stack([x, middle + down], 1)
    white = Image.new("L", pen.im.size, 0)
    ImageDraw.Draw(white).polygon(at(np.concatenate([upper, lower[::-1]])), fill=255)
    ball = Image.new("L", pen.im.size, 236)
    draw, (cx, cy) = ImageDraw.Draw(ball), at([(50 + side * 12.1, 45.6)])[0]
    scale = SIDE * FINE / 100
    for radius, grey in ((2.9, 84), (1.5, 22)):
        draw.ellipse(
            [cx - radius * scale, cy - radius * scale, cx + radius * scale, cy + radius * scale], fill=grey
        )
    draw.ellipse([cx - 1.5 * scale, cy - 1.6 * scale, cx - 0.5 * scale, cy - 0.6 * scale], fill=250)
    pen._image.paste(ball, (0, 0), white)
    pen.line(at(upper), fill=40, width=round(1.1 * scale), joint="curve")
    pen.line(at(lower), fill=120, width=round(0.5 * scale), joint="curve")
    # The fold of the lid.
    pen.line(at(upper[6:-4] - (0, 1.7)), fill=140, width=round(0.5 * scale), joint="curve")


def _mouth(f: Features, at, pen: ImageDraw.ImageDraw) -> None:  # type: ignore[no-untyped-def]
    """Lips, and between them the dark of the mouth with teeth."""
    scale = SIDE * FINE / 100
    along = np.linspace(-1, 1, 60)
    x = 50 + (9.6 + 3.6 * f.mouth_width) * along
    bow = 1 - along**2
    corner = 71.5 + 3.2 * f.corner
    ends = corner - 3.6 * f.one_sided * np.clip(along, 0, 1) ** 1.5
    centre = 71.8 + 1.4 * f.upper_lip
    line = ends + (centre - corner) * bow
    opening = 9.0 * max(0.0, f.mouth_open) * bow**0.75
    top, bottom = line - 0.25 * opening, line + 0.75 * opening
    lip = 1.9 * bow**0.6 * (1 - 0.12 * np.exp(-((along / 0.16) ** 2)))
    outer = np.concatenate([np.stack([x, top - lip], 1), np.stack([x, bottom + 1.25 * lip], 1)[::-1]])
    pen.polygon(at(outer), fill=128)
    inner = np.concatenate([np.stack([x, top], 1), np.stack([x, bottom], 1)[::-1]])
    if f.mouth_open > 0.03:
        pen.polygon(at(inner), fill=44)
        if f.teeth > 0.05:
            reach = np.minimum(bottom, top + (3.6 + 2.4 * f.teeth) * f.teeth * bow**0.5)
            pen.polygon(
                at(np.concatenate([np.stack([x, top + 0.3], 1), np.stack([x, reach], 1)[::-1]])), fill=232
            )
    pen.line(at(np.stack([x, top], 1)), fill=52, width=round(0.75 * scale), joint="curve")
    if f.mouth_open > 0.03:
        pen.line(at(np.stack([x, bottom], 1)), fill=70, width=round(0.5 * scale), joint="curve")


class Judge:
    """What detectors and default networks say of a drawn face."""

    def __init__(self) -> None:
        self.detectors = [FaceDetector(photo_search("normal", name)) for name in DETECTORS]
        self.networks = [ExpressionRecognizer(find_network(name)) for name in DEFAULTS]

    def shares(self, face_gray: np.ndarray) -> list[dict[str, float]] | None:
        """The probabilities of each default network by expression, of each detector's face in turn; None unless each
        finds exactly one."""
        said = []
        for detector in self.detectors:
            found = detector.detect(face_gray)
            if len(found) != 1:
                return None
            crops = detector.crops(face_gray, found)
            said += [
                dict(zip(one.labels, one.predict(crops)[0].tolist(), strict=True)) for one in self.networks
            ]
        return said

    def score(self, expression: str, features: Features) -> tuple[float, float]:
        """Score and least probability of the expression by the networks that know it.

        The score is higher where they are surer, and where the features are nearer to the start.
        """
        shares = self.shares(draw_face(features))
        if shares is None:
            return -100.0, 0.0
        least = min(one[expression] for one in shares if expression in one)
        known = [np.log(max(one[expression], 1e-6)) for one in shares if expression in one]
        away = sum(
            (getattr(features, field.name) - getattr(START[expression], field.name)) ** 2
            for field in fields(features)
        )
        return float(2 * min(known) + np.mean(known) - 0.35 * away), least


LINES: Final = ("mouth_open", "teeth", "fold", "nose_wrinkle", "frown", "forehead", "one_sided")
"""Features that begin at 0; the others begin at -1. All end at 1."""


def search(expression: str, judge: Judge, tries: int, seed: int) -> Features:
    """Move some features at a time at random, and keep what scores higher."""
    random = np.random.default_rng(seed)
    best = START[expression]
    (score, least), step = judge.score(expression, best), 0.3
    names = [field.name for field in fields(Features)]
    for _number in range(tries):
        if least >= ENOUGH:
            break
        moved = {}
        for name in random.choice(names, size=random.integers(1, 6), replace=False):
            low = 0.0 if name in LINES else -1.0
            moved[name] = float(np.clip(getattr(best, name) + random.normal(0, step), low, 1.0))
        other = replace(best, **moved)
        found, said = judge.score(expression, other)
        if found > score:
            best, score, least, step = other, found, said, min(0.4, step * 1.1)
        else:
            step = max(0.08, step * 0.99)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, help="folder for the files; without it nothing is written")
    parser.add_argument("--tries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(START))
    chosen = parser.parse_args()
    judge = Judge()
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
    for expression in [chosen.only] if chosen.only else START:
        features = search(expression, judge, chosen.tries, chosen.seed)
        face = draw_face(features)
        if chosen.out:
            Image.fromarray(face).save(chosen.out / f"drawing-{expression}.png", optimize=True)
        said = [
            f"{name}: {max(shares, key=shares.__getitem__)} {max(shares.values()):.0%}"
            for name, shares in zip(DEFAULTS * len(DETECTORS), judge.shares(face) or [], strict=False)
        ]
        print(expression, "; ".join(said) or "not one face", features, flush=True)


if __name__ == "__main__":
    main()
