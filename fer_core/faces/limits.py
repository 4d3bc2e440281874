"""How much of what comes in is looked at: one place, with a setting in the environment for each limit."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from fer_core.places import LIMIT_VARIABLES

logger = logging.getLogger(__name__)

MB: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Whole numbers from 1. Each can be set as `RAUT_MAX_` and its name in capitals.

    Attributes:
        file_mb: largest picture, packed as it comes, in MB; phone photos stay under 20.
        megapixels: largest picture that is decoded (phones of "50 megapixels" take 50.1; 64 are 192 MB as RGB).
        scans: in how many scans a JPEG of `megapixels` may come; a smaller one may have as many more.
        upload_mb: largest single upload, a zip that is, in MB.
        unpacked_mb: what the pictures of one zip may come to, in MB.
        zip_ratio: how many times its packed size an entry of a zip may unpack to; pictures stay under 20.
        photos: how many lie on the page of one session.
        pages: of one TIFF.
        pages_megapixels: of all pages of one TIFF together.
        kept_mb: bytes of photos that were looked at and are kept for another search, in MB.
    """

    file_mb: int = 50
    megapixels: int = 64
    scans: int = 50
    upload_mb: int = 500
    unpacked_mb: int = 1000
    zip_ratio: int = 200
    photos: int = 10_000
    pages: int = 500
    pages_megapixels: int = 1000
    kept_mb: int = 256

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Limits:
        """Read the limits from the environment, defaults for the others; what is no whole number from 1 is logged."""
        configured: dict[str, int] = {}
        for field in fields(cls):
            name = variable(field.name)
            text = environment.get(name, "").strip()
            if not text:
                continue
            if text.isascii() and text.isdigit() and int(text) > 0:
                configured[field.name] = int(text)
            else:
                logger.warning("%s: expected a whole number from 1. Received: %r", name, text)
        return cls(**configured)


def variable(limit: str) -> str:
    """Return the name of the environment variable that sets a limit."""
    return LIMIT_VARIABLES + limit.upper()


LIMITS: Final = Limits.of_environment(os.environ)
"""The limits of this process."""
