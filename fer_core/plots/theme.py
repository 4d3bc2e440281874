"""The looks of charts in the two themes, and the contrast that keeps text readable."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

FONT = "'Atkinson Hyperlegible Next', 'Source Sans', 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class Look:
    """The colours of one theme, those of `.streamlit/config.toml`; "#RRGGBB"."""

    paper: str
    ink: str
    quiet: str  # axis text and second lines, 4.5:1 or more on the paper
    line: str


LOOKS: dict[str, Look] = {
    "light": Look(paper="#FBFAF7", ink="#1D1B18", quiet="#5C574E", line="#D9D4C9"),
    "dark": Look(paper="#17171A", ink="#F3F0E9", quiet="#B4B0A8", line="#3D3D45"),
}


def template(theme: str) -> go.layout.Template:
    """Make the layout that every chart in that theme has.

    The paper is opaque in the page's own colour: a chart saved as PNG is then readable on any slide.
    """
    look = LOOKS[theme]
    axis = {
        "gridcolor": look.line,
        "linecolor": look.line,
        "zeroline": False,
        "tickfont": {"color": look.quiet},
        "title": {"font": {"color": look.quiet}, "standoff": 10},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "paper_bgcolor": look.paper,
            "plot_bgcolor": look.paper,
            "font": {"family": FONT, "size": 15, "color": look.ink},
            "title": {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container",
                      "yanchor": "top", "pad": {"t": 8}, "font": {"size": 17}},
            "colorway": [look.ink, look.quiet],
            "xaxis": axis,
            "yaxis": {**axis, "ticklabelstandoff": 6},
            "hoverlabel": {"bgcolor": look.ink, "bordercolor": look.ink,
                           "font": {"color": look.paper, "family": FONT, "size": 15}, "align": "left"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom",
                       "bgcolor": "rgba(0,0,0,0)"},
            "margin": {"l": 8, "r": 16, "t": 44, "b": 8},
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": look.quiet, "activecolor": look.ink},
            "bargap": 0.28,
        }
    )  # fmt: skip


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours ("#RRGGBB") by WCAG 2.2, 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(first: str, second: str, share: float) -> str:
    """Mix two colours ("#RRGGBB") in sRGB; `share`, 0 to 1, is the part of the second."""
    parts = (round(a + (b - a) * share) for a, b in zip(_rgb(first), _rgb(second), strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
