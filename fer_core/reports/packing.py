"""Files in one zip with the same bytes for the same content, and their checksums."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

_BEGIN = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Write a line with the SHA-256 of each file, as `sha256sum -c` reads them."""
    return "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()
    ).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files, in their order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _BEGIN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same bytes on every system
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, content)
    return packed.getvalue()
