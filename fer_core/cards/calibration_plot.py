"""The calibration plot of a card: how often answers are right against how sure they are, as an SVG."""

from __future__ import annotations

import html
from typing import Any

SIDE = 320  # of the square that is drawn in, in pixels
MARGIN = 64
INK, BAR, LINE = "#1f2328", "#0072B2", "#D55E00"


def calibration_svg(bins: dict[str, list[Any]], title: str) -> str:
    """A drawing of its own, on white, readable in light and dark pages.

    Args:
        bins: from `calibration_bins`. A bar is as high as its answers are often right and the wider its share
            of the answers; the line is where both agree.
        title: what a screen reader says, and what stands above.
    """
    title = html.escape(title)
    size = SIDE + 2 * MARGIN
    most = max(bins["count"], default=0) or 1

    def x(share: float) -> float:
        return round(MARGIN + share * SIDE, 1)

    def y(share: float) -> float:
        return round(MARGIN + (1 - share) * SIDE, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}" '
        f'role="img" font-family="sans-serif" font-size="12" fill="{INK}">',
        f"<title>{title}</title>",
        f'<rect width="{size}" height="{size}" fill="#ffffff"/>',
        f'<text x="{size / 2}" y="20" text-anchor="middle" font-size="14">{title}</text>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        label = f"{share * 100:.0f}%"
        parts.append(f'<path d="M{x(0)} {y(share)}H{x(1)}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{x(0) - 6}" y="{y(share) + 4}" text-anchor="end">{label}</text>')
        parts.append(f'<text x="{x(share)}" y="{y(0) + 18}" text-anchor="middle">{label}</text>')
    count = len(bins["count"])
    for number, confidence, right in zip(bins["count"], bins["confidence"], bins["accuracy"], strict=True):
        if not number:
            continue
        width = SIDE / count * max(0.15, number / most)
        parts.append(
            f'<rect x="{round(x(confidence) - width / 2, 1)}" y="{y(right)}" width="{round(width, 1)}" '
            f'height="{round(y(0) - y(right), 1)}" fill="{BAR}"/>'
        )
    parts += [
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="{LINE}" stroke-width="2" stroke-dasharray="6 4"/>',
        f'<text x="{size / 2}" y="{size - 22}" text-anchor="middle">how sure the answer is</text>',
        f'<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">'
        "how often it is right</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
