"""What a video file claims to hold, held against what it holds, before any decoder sees it."""

from __future__ import annotations

from fer_core.videos.avi_claims import check_avi
from fer_core.videos.matroska_claims import check_matroska
from fer_core.videos.mp4_claims import check_mp4

_CHECKS = {"mov": check_mp4, "matroska": check_matroska, "avi": check_avi}


def check_claims(content: bytes, container: str) -> None:
    """Hold what the file claims against its size and the limits of `claim_limits`.

    Args:
        content: of the file; it may be cut short.
        container: FFmpeg's name of the demuxer: "mov", "matroska" or "avi".

    Raises:
        ClaimError: a number does not fit.
    """
    _CHECKS[container](content)
