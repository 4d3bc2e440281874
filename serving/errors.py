"""What can keep the server from starting, as a sentence in the terminal."""

from __future__ import annotations

from fer_core.errors import RautError


class ServingError(RautError):
    """Raut cannot be opened to the network; the sentence says why and what to do."""
