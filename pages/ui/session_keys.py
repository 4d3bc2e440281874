"""Names of the session keys that several pages share.

A key that two pages share is spelt once; a typing error is then an `AttributeError` and not a lost setting.
A key that only one page uses stands beside the widget that it belongs to.
"""

from __future__ import annotations

LANGUAGE = "lang"
"""Code of the reader's language; also the query parameter, so that it survives a reload."""

PROJECTOR_SIZE = "projector"
"""Whether pages are in projector size; also the query parameter, so that it survives a reload."""

TEXT_SCALE = "text_scale"
"""By how much text is larger than usual, as the browser measured it; see `pages/ui/theme.py`."""

EXPRESSIONS = "expressions"
"""Task of the networks to choose from on those pages: "fer2013" (seven expressions) or "ferplus" (eight)."""

NETWORK = "network"
"""Id of the network chosen on the pages that recognise (Webcam, Photos)."""

LAB_TOKEN = "lab_token"
"""Token of the session's desk in the lab (`fer_core/lab/desk.py`), once it has one."""

PLACED_FACE = "placed_face"
"""A face that the page Photos gave to the map of the page Data set: "face_gray", uint8 (48, 48), and "turn", another
number for each."""

SEEN_FACES = "seen_faces"
"""Faces from a photo or the camera for the page Network: code as in its address ("photo", "webcam") to the face, uint8
(48, 48)."""

QUIZ_FACES = "quiz_faces"
"""Faces that the page Photos gave to the page Quiz: "faces_gray", uint8 (N, 48, 48), and "meant", a tuple of N codes of
what a drawing is meant to show, None for any other face."""

VIDEO_SET_ASIDE = "taken_out_video"
"""Video that was taken out of the drop area of the page Videos; see `pages/videos/session.py`."""

ADMITTED = "admitted"
"""True once the access code was typed in this browser session; see `pages/ui/access.py`."""

ROOM = "room_code"
"""Code of the room of the quiz that this browser session is in; see `pages/ui/access.py`."""
