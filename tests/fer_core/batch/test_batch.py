"""Many photos: in their order, whoever does the work; taken up again; as CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from distributed import LocalCluster
from PIL import Image

from fer_core import cli
from fer_core.batch import workers
from fer_core.batch.files import photo_files
from fer_core.batch.journal import Journal, key_of
from fer_core.batch.run import part_of, write_table
from fer_core.batch.work import Settings, analyze_file
from fer_core.errors import BatchError, ImageError, NetworkError
from fer_core.faces.images import MAX_BYTES
from fer_core.faces.limits import LIMITS
from fer_core.faces.search import DEFAULT_DETECTOR, DETECTORS, photo_search
from fer_core.faces.uploads import pictures_in
from fer_core.places import SAMPLE_PHOTO
from fer_core.store.network import NetworkInfo
from tests.crowds import FACES, crowd_jpeg
from tests.fer_core.batch.deadly import analyze_or_die
from tests.full_disk import needs_full_disk

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tables of a test are written at one time, so that their bytes can be compared."""
    monkeypatch.setattr("fer_core.batch.run.local_now", lambda: datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Seven files: the NASA portrait in five sizes, one picture without a face, one that is no picture."""
    folder = tmp_path / "photos"
    folder.mkdir()
    portrait = Image.open(SAMPLE_PHOTO)
    for index in range(5):
        portrait.resize((200 + 20 * index, 200 + 20 * index)).save(folder / f"face{index}.png")
    Image.new("L", (64, 64), 128).save(folder / "grey.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def predict(*arguments: object) -> int:
    return cli.main(["predict", *(str(argument) for argument in arguments)])


def test_the_effort_decides_how_small_a_face_is_looked_for(tiny_network: NetworkInfo, tmp_path: Path) -> None:
    """A face of 6% of the shorter side: below what the cascade looks for at "quick" (8%), above "normal" (5%)."""
    picture = Image.new("RGB", (1000, 800), (150, 150, 150))
    picture.paste(Image.open(SAMPLE_PHOTO).convert("RGB").resize((260, 260)), (300, 250))
    picture.save(tmp_path / "small.png")
    assert Image.open(SAMPLE_PHOTO).width == 512  # in which the face has 96 pixels
    status = {}
    for effort in ("quick", "normal"):
        out = tmp_path / f"{effort}.csv"
        arguments = ("--out", out, "--effort", effort, "--detector", "haar")
        assert predict(tmp_path / "small.png", *arguments) == 0
        status[effort] = [row["status"] for row in csv.DictReader(out.open(newline="", encoding="utf-8"))]
    assert status == {"quick": ["no_face"], "normal": ["ok"]}


def test_several_processes_give_the_bytes_that_one_gives(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    for workers_count in (1, 2):
        assert predict(photos, "--out", tmp_path / f"{workers_count}.csv", "--workers", workers_count) == 1
    one, two = ((tmp_path / f"{n}.csv").read_bytes() for n in (1, 2))
    assert one == two
    rows = list(csv.DictReader(io.StringIO(one.decode(), newline="")))
    assert [Path(row["file"]).name for row in rows] == sorted(file.name for file in photos.iterdir())
    assert {row["status"] for row in rows} == {"ok", "no_face", "error"}
    assert not list(tmp_path.glob("*.part"))


def test_standard_output_has_what_the_file_has(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form in ("csv", "json"):
        predict(photos, "--format", form, "--out", tmp_path / "table")
        capsys.readouterr()
        predict(photos, "--format", form)
        assert capsys.readouterr().out == (tmp_path / "table").read_bytes().decode()


def test_standard_output_has_the_same_bytes_where_the_system_has_its_own_line_ends_and_encoding(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "grey.png").rename(photos / "表情.png")
    predict(photos, "--out", tmp_path / "table")
    redirected = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="\r\n")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", redirected)
        predict(photos)
    assert redirected.buffer.getvalue() == (tmp_path / "table").read_bytes()


@needs_full_disk
def test_a_full_disk_behind_standard_output_is_one_sentence(tiny_network: NetworkInfo, photos: Path) -> None:
    command = [sys.executable, "-m", "fer_core", "predict", str(photos / "grey.png")]
    with open("/dev/full", "w") as full:
        run = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 1
    assert (
        run.stderr.startswith("standard output cannot be written (No space left")
        and run.stderr.count("\n") == 1
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text on this system")
def test_a_name_that_is_no_text_comes_through_the_journal_and_into_every_table(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    odd = photos / os.fsdecode(b"caf\xe9.png")
    (photos / "grey.png").rename(odd)
    settings = Settings.of(tiny_network)
    with Journal(tmp_path / "csv.part", settings, resume=False) as journal:
        journal.add(key_of(str(odd)), analyze_file(str(odd), settings))
    with Journal(tmp_path / "csv.part", settings, resume=True) as journal:
        assert key_of(str(odd)) in journal
    for form, how in (("csv", ["--resume"]), ("json", []), ("parquet", [])):
        assert predict(odd, photos / "gone\udce9.png", "--format", form, "--out", tmp_path / form, *how) == 1
    rows = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert [Path(row["file"]).name for row in rows] == ["caf?.png", "gone?.png"]
    assert pq.read_table(tmp_path / "parquet")["file"].to_pylist() == [row["file"] for row in rows]


def test_a_file_in_a_closed_folder_is_a_row(
    tiny_network: NetworkInfo, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat = os.stat

    def closed(path: object, *args: object, **kwargs: object) -> os.stat_result:
        if "closed" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "stat", closed)
    path = photos / "closed" / "a.jpg"
    assert list(photo_files([path], pytest.fail)) == [str(path)]
    assert "(Permission denied)" in str(analyze_file(str(path), Settings.of(tiny_network)).error)


def test_a_file_over_the_limit_is_told_without_being_read(
    tiny_network: NetworkInfo, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (photos / "huge.png").open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # takes no room on the disk
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail(f"{path} was read"))
    found = analyze_file(str(photos / "huge.png"), Settings.of(tiny_network))
    assert "too large" in str(found.error) and found.rows[0]["status"] == "error"


def test_all_formats_hold_the_same_rows(tiny_network: NetworkInfo, photos: Path, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        predict(photos, "--format", form, "--out", tmp_path / form)
    from_json = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    from_csv = list(csv.DictReader((tmp_path / "csv").open(newline="", encoding="utf-8")))
    from_parquet = pq.read_table(tmp_path / "parquet").to_pylist()
    assert [{key: str(value) for key, value in row.items()} for row in from_json] == from_csv
    assert [{k: "" if v is None else v for k, v in row.items()} for row in from_parquet] == from_json
    assert isinstance(from_parquet[1]["x"], int) and from_parquet[0]["x"] is None


@pytest.fixture
def scan(photos: Path) -> Path:
    """A TIFF of three pages: the portrait, nothing, the portrait at half the size."""
    portrait = Image.open(SAMPLE_PHOTO).convert("RGB")
    pages = [Image.new("RGB", (300, 200), (90, 90, 90)), portrait.resize((256, 256))]
    portrait.save(photos / "scan.tif", save_all=True, append_images=pages, compression="tiff_deflate")
    return photos / "scan.tif"


def test_every_page_of_a_tiff_has_rows_of_its_own_as_on_the_page(
    tiny_network: NetworkInfo, scan: Path, tmp_path: Path
) -> None:
    assert predict(scan, "--out", tmp_path / "scan.csv") == 0
    assert predict(SAMPLE_PHOTO, "--out", tmp_path / "portrait.csv") == 0
    rows, (portrait,) = (
        list(csv.DictReader((tmp_path / name).open(newline="", encoding="utf-8")))
        for name in ("scan.csv", "portrait.csv")
    )
    on_page = [picture.name for picture in pictures_in(scan.name, scan.read_bytes())]
    assert [Path(row["file"]).name for row in rows] == on_page
    assert [row["file"] for row in rows] == [f"{scan}, page {number}" for number in (1, 2, 3)]
    assert [row["status"] for row in rows] == ["ok", "no_face", "ok"]
    assert rows[0] == {**portrait, "file": rows[0]["file"]}
    assert int(rows[2]["width"]) < 0.7 * int(rows[0]["width"])  # its own pixels, not those of the first page


def test_pages_come_out_the_same_from_several_processes_and_after_an_interruption(
    tiny_network: NetworkInfo, scan: Path, tmp_path: Path
) -> None:
    for count in (1, 2):
        assert predict(scan.parent, "--out", tmp_path / f"{count}.csv", "--workers", count) == 1
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    settings = Settings.of(tiny_network)
    with Journal(tmp_path / "again.csv.part", settings, resume=False) as journal:
        journal.add(key_of(str(scan)), analyze_file(str(scan), settings))
    assert predict(scan.parent, "--out", tmp_path / "again.csv", "--workers", 1, "--resume") == 1
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()


def test_a_damaged_page_is_a_row_with_a_sentence_and_the_others_are_read(
    tiny_network: NetworkInfo, scan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(scan.read_bytes())
    with Image.open(scan) as image:
        image.seek(1)
        place = image.tag_v2[273][0]  # StripOffsets
    content[place : place + 16] = bytes(16)  # no Deflate begins so
    scan.write_bytes(content)
    assert predict(scan, "--out", tmp_path / "scan.csv") == 1
    rows = list(csv.DictReader((tmp_path / "scan.csv").open(newline="", encoding="utf-8")))
    assert [row["status"] for row in rows] == ["ok", "error", "ok"]
    told = [line for line in capsys.readouterr().err.splitlines() if "scan.tif" in line]
    assert len(told) == 1 and "scan.tif, page 2" in told[0]


def test_a_tiff_of_too_many_pages_is_read_up_to_the_limit_and_says_so(
    tiny_network: NetworkInfo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Image.new("L", (8, 8), 128)
    page.save(tmp_path / "book.tif", save_all=True, append_images=[page] * LIMITS.pages)
    assert predict(tmp_path / "book.tif", "--format", "json") == 1
    output = capsys.readouterr()
    statuses = [row["status"] for row in json.loads(output.out)]
    assert statuses == ["no_face"] * LIMITS.pages + ["error"]
    assert f"the limit is {LIMITS.pages}" in output.err


# `ru_maxrss` would also count the process of the tests, of which this one begins as a copy.
PREDICT_AND_TELL = """
import sys, time
from fer_core import cli
assert cli.main(["predict", *sys.argv[1:]]) == 0
lines = open("/proc/self/status", encoding="ascii").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), time.process_time())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no /proc")
def test_a_still_of_two_hundred_faces_takes_little_memory_and_time(
    tiny_network: NetworkInfo, tmp_path: Path
) -> None:
    (tmp_path / "yard.jpg").write_bytes(crowd_jpeg())
    told = subprocess.check_output(
        [sys.executable, "-c", PREDICT_AND_TELL, tmp_path / "yard.jpg", "--out", tmp_path / "faces.csv"],
        cwd=ROOT,
        text=True,
    )
    rows = list(csv.DictReader((tmp_path / "faces.csv").open(newline="", encoding="utf-8")))
    assert 0.85 * FACES <= len(rows) <= 1.02 * FACES
    assert {row["status"] for row in rows} == {"ok"}
    peak_kb, cpu_s = told.split()
    assert int(peak_kb) < 400 * 1024
    assert float(cpu_s) < 30


def test_a_run_without_photos_gives_an_empty_table(tiny_network: NetworkInfo, tmp_path: Path) -> None:
    for form in ("csv", "json", "parquet"):
        write_table([], tiny_network, form, tmp_path / form, lambda photo: None)
    assert (tmp_path / "csv").read_text().startswith("file,face,x,y,width,height,")
    assert json.loads((tmp_path / "json").read_text()) == []
    assert pq.read_table(tmp_path / "parquet").num_rows == 0


def test_a_folder_without_photos_is_a_sentence_and_leaves_an_earlier_table(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "faces.csv").write_text("earlier")
    assert predict(tmp_path / "empty", "--out", tmp_path / "faces.csv") == 1
    told = capsys.readouterr()
    assert told.err.startswith(f"There is no photo in the folder {tmp_path / 'empty'}.")
    assert told.err.count("\n") == 1 and told.out == ""
    assert (tmp_path / "faces.csv").read_text() == "earlier"
    (photos / "broken.jpg").unlink()
    assert predict(photos, tmp_path / "empty") == 1, (
        "what there is was done, and yet something was asked in vain"
    )
    assert capsys.readouterr().out.count("\n") == 1 + 6


@pytest.mark.skipif(os.name == "nt", reason="this system has no such files")
def test_a_pipe_and_a_device_are_rows_at_once(
    tiny_network: NetworkInfo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    os.mkfifo(folder / "a.jpg")
    (folder / "b.jpg").symlink_to("/dev/zero")
    (folder / "c.jpg").symlink_to("nowhere.jpg")
    (folder / "d.jpg").mkdir()
    assert predict(folder, "--workers", 1) == 1
    told = capsys.readouterr()
    assert [line.split(",")[0][-5:] for line in told.out.splitlines()[1:]] == ["a.jpg", "b.jpg", "c.jpg"]
    assert all(",error," in line for line in told.out.splitlines()[1:])
    for name, reason in (
        ("a", "not a regular file"),
        ("b", "not a regular file"),
        ("c", "No such file or directory"),
    ):
        assert f"{folder / name}.jpg cannot be opened ({reason})" in told.err


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bytes(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait = Image.open(SAMPLE_PHOTO).resize((900, 900))
    for index in range(30):
        portrait.save(photos / f"more{index:02}.jpg", quality=60 + index)
    out, part = tmp_path / "faces.csv", tmp_path / "faces.csv.part"
    command = [sys.executable, "-m", "fer_core", "predict", str(photos), "--out", str(out), "--workers", "1"]
    run = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.DEVNULL)
    while run.poll() is None and (not part.exists() or part.read_bytes().count(b"\n") < 6):
        time.sleep(0.01)
    run.kill()
    assert run.wait() == -signal.SIGKILL and not out.exists()
    done = part.read_bytes().count(b"\n") - 1  # without the header
    part.write_bytes(part.read_bytes() + b'{"key": ["cut off')

    assert predict(photos, "--out", out, "--workers", 1) == 1  # without --resume nothing is thrown away
    assert part.exists() and not out.exists()

    analysed = []
    monkeypatch.setattr(
        workers, "analyze_file", lambda path, how: analysed.append(path) or analyze_file(path, how)
    )
    assert predict(photos, "--out", out, "--workers", 1, "--resume") == 1  # one photo is broken
    assert len(analysed) == 37 - done and not part.exists()
    predict(photos, "--out", tmp_path / "whole.csv", "--workers", 1)
    assert out.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_photo_that_was_changed_since_is_analysed_again(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    settings = Settings.of(tiny_network)
    path = str(photos / "grey.png")
    with Journal(tmp_path / "journal", settings, resume=False) as journal:
        journal.add(key_of(path), analyze_file(path, settings))
    Image.new("L", (80, 64), 9).save(path)
    with Journal(tmp_path / "journal", settings, resume=True) as journal:
        assert len(journal) == 1 and key_of(path) not in journal


@pytest.mark.parametrize("changed", [{"network": "other"}, {"checksum": "0"}])
def test_a_run_of_another_network_is_not_gone_on_with(
    tiny_network: NetworkInfo, tmp_path: Path, changed: dict[str, str]
) -> None:
    settings = Settings.of(tiny_network)
    Journal(tmp_path / "journal", dataclasses.replace(settings, **changed), resume=False).__exit__(
        None, None, None
    )
    with pytest.raises(BatchError, match="another network"):
        Journal(tmp_path / "journal", settings, resume=True)


def test_a_damaged_journal_loses_only_what_follows_the_damage(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    settings = Settings.of(tiny_network)
    paths = [str(path) for path in sorted(photos.glob("face*.png"))]
    with Journal(tmp_path / "journal", settings, resume=False) as journal:
        for path in paths:
            journal.add(key_of(path), analyze_file(path, settings))
    lines = (tmp_path / "journal").read_bytes().splitlines(keepends=True)
    lines[3] = b"\x00" * 20 + b"\n"
    (tmp_path / "journal").write_bytes(b"".join(lines))
    with Journal(tmp_path / "journal", settings, resume=True) as journal:
        assert [key_of(path) in journal for path in paths] == [True, True, False, False, False]


def test_a_photo_that_ends_its_process_is_a_row_and_the_others_go_on(
    tiny_network: NetworkInfo, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "analyze_file", analyze_or_die)
    monkeypatch.setattr(workers, "WAITING_PER_WORKER", 2)
    faces = [str(path) for path in sorted(photos.glob("face*.png"))]
    paths = [*faces[:2], str(photos / "deadly.png"), *faces[2:]]
    found = list(workers.in_processes(paths, Settings.of(tiny_network), 2))
    assert [photo.file for photo in found] == paths
    assert [photo.rows[0]["status"] for photo in found] == ["ok", "ok", "error", "ok", "ok", "ok"]
    assert "stopped the program that read it" in str(found[2].error)


def test_a_file_is_needed_where_standard_output_will_not_do(
    tiny_network: NetworkInfo, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["--format", "parquet"], ["--resume"]):
        assert predict(photos, *arguments) == 1
        assert "--out" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_sentence(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert predict(photos, "--out", tmp_path / "none" / "faces.csv") == 1
    output = capsys.readouterr()
    assert "cannot be written" in output.err and "Traceback" not in output.err


def test_other_weights_are_refused(tiny_network: NetworkInfo, photos: Path) -> None:
    other = Settings(tiny_network.id, "0" * 64, Settings.of(tiny_network).search)
    with pytest.raises(NetworkError, match="other weights"):
        analyze_file(str(photos / "grey.png"), other)


def test_work_ordered_by_another_version_is_refused(tiny_network: NetworkInfo, photos: Path) -> None:
    other = dataclasses.replace(Settings.of(tiny_network), raut_version="0.0.9")
    with pytest.raises(BatchError, match=r"0\.0\.9 on the computer that gave the order"):
        analyze_file(str(photos / "grey.png"), other)


def test_a_table_begun_by_another_version_is_not_gone_on_with(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    begun = tmp_path / "faces.csv.part"
    settings = Settings.of(tiny_network)
    with Journal(begun, dataclasses.replace(settings, raut_version="0.0.9"), resume=False):
        pass
    content = begun.read_bytes()
    with pytest.raises(BatchError, match="another version of Raut. Use the same ones, or delete the file"):
        Journal(begun, settings, resume=True)
    assert begun.read_bytes() == content, "nothing that was done is lost"


@pytest.mark.parametrize("other", [("--detector", "blazeface"), ("--effort", "quick")])
def test_a_table_begun_with_another_search_is_not_gone_on_with(
    tiny_network: NetworkInfo,
    photos: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    other: tuple[str, str],
) -> None:
    out = tmp_path / "faces.csv"
    same = ("--detector", "haar", "--effort", "normal", "--out", out, "--resume")
    begun = Settings.of(tiny_network, search=photo_search("normal", "haar"))
    first = str(photos / "grey.png")
    with Journal(part_of(out), begun, resume=False) as journal:
        journal.add(key_of(first), analyze_file(first, begun))
    content = part_of(out).read_bytes()
    assert predict(photos, *same, *other) == 1  # of an option that is given twice the last one holds
    assert "another face detector or search" in capsys.readouterr().err
    assert part_of(out).read_bytes() == content and not out.exists()
    assert predict(photos, *same) == 1  # broken.jpg
    assert out.exists() and not part_of(out).exists()


def test_another_detector_reaches_the_processes_that_work(tiny_network: NetworkInfo, tmp_path: Path) -> None:
    portrait = Image.open(SAMPLE_PHOTO).convert("RGB")
    for number in range(2):
        portrait.rotate(-75, expand=True).save(tmp_path / f"{number}.png")
    paths = [str(tmp_path / f"{number}.png") for number in range(2)]
    found = {
        detector: [
            photo.rows[0]["found_by"]
            for photo in workers.in_processes(
                paths, Settings.of(tiny_network, search=photo_search("quick", detector)), 2
            )
        ]
        for detector in ("haar", "both")
    }
    assert found == {"haar": ["", ""], "both": ["blazeface", "blazeface"]}


def test_a_project_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ImageError("{name} is too large", name="a.png")))
    assert (
        type(error) is ImageError and str(error) == "a.png is too large" and error.fields == {"name": "a.png"}
    )


def test_a_cluster_of_two_workers_gives_the_same_rows(
    tiny_network: NetworkInfo, photos: Path, tmp_path: Path
) -> None:
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    )
    given = (photos, photos / "gone.jpg")
    other = next(name for name in DETECTORS if name not in ("both", DEFAULT_DETECTOR))
    searches = {"default": (), "other": ("--detector", other)}
    with cluster:
        assert len(cluster.workers) == 2
        address = ("--scheduler", cluster.scheduler_address)
        for name, search in searches.items():
            assert predict(*given, *search, "--out", tmp_path / f"{name}-far", *address) == 1
    tables = {}
    for name, search in searches.items():
        predict(*given, *search, "--out", tmp_path / f"{name}-here")
        tables[name] = (tmp_path / f"{name}-here").read_bytes()
        assert (tmp_path / f"{name}-far").read_bytes() == tables[name]
    assert tables["other"] != tables["default"], "the detector did not reach the workers"


def test_a_scheduler_that_does_not_answer_is_a_sentence(
    tiny_network: NetworkInfo,
    photos: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "ANSWER_WITHIN_S", 0.5)
    assert predict(photos, "--scheduler", "tcp://127.0.0.1:9") == 1
    output = capsys.readouterr()
    assert "No Dask scheduler answers at tcp://127.0.0.1:9" in output.err and "Traceback" not in output.err
