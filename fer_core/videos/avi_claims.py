"""The numbers of an AVI file that FFmpeg multiplies, before FFmpeg sees them."""

from __future__ import annotations

import struct

from fer_core.videos.claim_limits import MAX_TEXTS, MAX_TRACKS, hold


def check_avi(content: bytes) -> None:
    """Look at the chunks before the pictures: FFmpeg reads no others at first.

    Args:
        content: of the file; it may be cut short.

    Raises:
        ClaimError: too many tracks or texts.
    """
    at, tracks, texts = 12, 0, 0
    while at + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, at)
        form = content[at + 8 : at + 12]
        tracks += kind == b"strh"
        hold("tracks", tracks, MAX_TRACKS)
        if kind == b"LIST" and form == b"movi":
            return
        if kind == b"LIST" and form != b"INFO":
            at += 12
            continue
        if kind == b"LIST":
            child, end = at + 12, min(len(content), at + 8 + size)
            while child + 8 <= end:
                texts += 1
                hold("texts", texts, MAX_TEXTS)
                length = struct.unpack_from("<I", content, child + 4)[0]
                child += 8 + length + length % 2
        at += 8 + size + size % 2
