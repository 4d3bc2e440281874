"""Names of session keys, in one place, and the values they start with.

A key that two pages share is spelt once; a typing error is then an `AttributeError` and not a lost setting.
Widgets of one page only may keep their key beside the widget.
"""

from __future__ import annotations

LANGUAGE = "lang"
"""Code of the reader's language; also the query parameter, so that it survives a reload."""

EXPRESSIONS = "expressions"
"""Task of the networks to choose from on those pages: "fer2013" (seven expressions) or "ferplus" (eight)."""

NETWORK = "network"
"""Id of the network chosen on the pages that recognise (Webcam, Photos)."""

TAKEN_OUT_VIDEO = "taken_out_video"
"""Video that was taken out of the drop area of the page Videos; see `pages/videos/session.py`."""

ADMITTED = "admitted"
"""True once the access code was typed in this browser session; see `pages/ui/access.py`."""
