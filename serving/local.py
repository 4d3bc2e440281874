"""`python -m serving.local` (`make run`): Raut for this computer alone, as `streamlit run app.py` with its options."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from fer_core.places import PROJECT_DIR


def main(options: Sequence[str]) -> None:
    """Run the server until Ctrl+C.

    Args:
        options: of `streamlit run`, such as `--server.port 8502`.
    """
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.web import cli

    # Streamlit would take the folder `pages` for its older kind of many-page app until app.py has run once: a first
    # visit to /webcam would find a box over the page that says there is no such page.
    PagesManager.uses_pages_directory = False
    cli.main(["run", str(PROJECT_DIR / "app.py"), *options], prog_name="streamlit")


if __name__ == "__main__":
    main(sys.argv[1:])
