"""Figures from the literature and from counting that pages quote, each with its source."""

from __future__ import annotations

HUMAN_ACCURACY = (0.60, 0.70)
"""What people reach on FER2013's labels: 65 ± 5% (Goodfellow et al. 2013, arXiv:1307.0414)."""

LABEL_AGREEMENT = 0.63
"""Of the images with an expression as FER+ majority, those with the same FER2013 label; a test counts."""
