"""Standard streams of any encoding, or closed, and names that a terminal would obey."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fer_core import cli
from fer_core.errors import ImageError, visible
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.network import NetworkInfo
from fer_core.streams import prepare_standard_streams
from tests.full_disk import needs_full_disk

ROOT = Path(__file__).resolve().parents[2]
EVIL = "a\x1b[2J\n\u202egpj.jpg"


def test_what_a_terminal_would_obey_is_made_visible() -> None:
    assert visible(EVIL) == r"a\x1b[2J\n\u202egpj.jpg"
    assert visible("caf\udce9\u0085\u200b\u2028\ufeff\x7f") == r"caf\udce9\x85\u200b\u2028\ufeff\x7f"
    for harmless in ("Ελένη, 表情 2.jpg", "می‌خواهم.jpg", "👩‍👧 \u00a0.png"):
        assert visible(harmless) == harmless
    assert visible("a\r\n\x1b", keep="\r\n") == "a\r\n\\x1b"


def test_sentences_show_names_and_keep_them_as_fields(caplog: pytest.LogCaptureFixture) -> None:
    for name in (EVIL, Path(EVIL)):
        error = ImageError("{name} is no picture\nat all ({count:,})", name=name, count=1000)
        assert str(error) == "a\\x1b[2J\\n\\u202egpj.jpg is no picture\nat all (1,000)"
        assert error.fields["name"] == name
    prepare_standard_streams()
    record = logging.LogRecord("x", logging.WARNING, "x.py", 1, "The file %s", (EVIL,), None)
    assert logging.lastResort is not None
    assert logging.lastResort.format(record) == r"The file a\x1b[2J\n\u202egpj.jpg"


def test_wrong_usage_shows_what_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["predict", "a.jpg", "--\x1b[2J"])
    told = capsys.readouterr().err
    assert "\x1b" not in told and r"--\x1b[2J" in told


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command line with `$RAUT` for Raut's."""
    settings = {**os.environ, "RAUT": f"{sys.executable} -m fer_core", "A": str(SAMPLE_PHOTO), **environment}
    settings.pop("PYTHONUNBUFFERED", None)
    return subprocess.run(command, shell=True, cwd=ROOT, env=settings, capture_output=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="this system has another shell")
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_an_encoding_that_lacks_characters_is_no_trouble(
    tiny_network: NetworkInfo, tmp_path: Path, encoding: str
) -> None:
    (tmp_path / "модели").symlink_to(tiny_network.folder.parent)
    settings = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    models = shell("$RAUT models --json", RAUT_MODELS_DIR=str(tmp_path / "модели"), **settings)
    assert models.stderr == b"" and models.stdout.isascii()
    assert "модели" in json.loads(models.stdout)[0]["file"]
    recipes = shell("$RAUT train --list", **settings)
    assert (recipes.returncode, recipes.stderr) == (0, b"") and b"48" in recipes.stdout
    photos = shell("$RAUT predict 表情.jpg", **settings)
    assert photos.stdout.decode().splitlines()[1].startswith("表情.jpg,")
    assert photos.returncode == 1 and rb"The file \u8868\u60c5.jpg cannot" in photos.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="this system has another shell")
def test_closed_streams_are_a_sentence_or_silence_and_never_end_in_a_table(
    tiny_network: NetworkInfo, tmp_path: Path
) -> None:
    for command, code, told in (
        ("$RAUT predict $A >&-", 1, "Standard output is closed."),
        ("$RAUT models >&-", 1, "Bad file descriptor"),
        ("$RAUT --version >&-", 1, "Standard output cannot be written."),
        ("$RAUT predict gone.jpg >&- 2>&- <&-", 1, ""),
    ):
        done = shell(command)
        assert (done.returncode, done.stdout) == (code, b""), command
        assert told in done.stderr.decode() and done.stderr.count(b"\n") == bool(told), command
    out = tmp_path / "faces.csv"
    for closed in ("2>&-", ">&- 2>&- <&-"):
        assert shell(f"$RAUT predict gone.jpg --out {out} {closed}").returncode == 1
        header, row = out.read_text().splitlines()
        assert header.startswith("file,face,") and row.startswith("gone.jpg,,") and ",error," in row
    piped = shell("$RAUT predict gone.jpg 2>&-")
    assert piped.stdout.count(b"\r\n") == piped.stdout.count(b"\n") == 2


@needs_full_disk
def test_errors_that_cannot_be_told_do_not_stop_the_work(tiny_network: NetworkInfo) -> None:
    done = shell("$RAUT predict gone.jpg gone2.jpg 2>/dev/full")
    assert done.returncode == 1 and done.stdout.count(b"\n") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no script of util-linux")
def test_a_terminal_gets_no_control_characters_and_a_file_gets_the_name(
    tiny_network: NetworkInfo, tmp_path: Path
) -> None:
    import pty

    (tmp_path / EVIL).write_text("no picture")
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "fer_core", "predict", str(tmp_path / EVIL)]
    told = subprocess.run(command, cwd=ROOT, stdout=child, stderr=subprocess.PIPE, check=False).stderr
    os.close(child)
    shown = os.read(parent, 65_536)
    os.close(parent)
    assert b"\x1b" not in shown and rb"\x1b[2J" in shown and rb"\u202e" in shown
    assert b"\x1b" not in told and rb"\x1b[2J\n\u202e" in told
    into_file = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).stdout
    assert EVIL.encode() in into_file
