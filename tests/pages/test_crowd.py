"""A still of two hundred faces on the Photos page."""

from __future__ import annotations

from fer_core.places import SAMPLE_PHOTO
from tests.crowds import FACES, crowd_jpeg
from tests.pages.harness import assert_no_trouble, texts
from tests.pages.photo_harness import Opened, page_html, shelf_of


def test_a_still_of_two_hundred_faces_has_a_row_and_a_card_for_each(photos_page: Opened) -> None:
    app = photos_page(("yard.jpg", crowd_jpeg()))
    assert_no_trouble(app)
    (finding,) = shelf_of(app).findings.values()
    assert finding.result is not None
    count = len(finding.result.faces)
    assert 0.85 * FACES <= count <= 1.02 * FACES  # the search "normal" misses some, and invents few
    assert [face.number for face in finding.result.faces] == list(range(1, count + 1))
    html = page_html(app)
    assert html.count('class="raut-face"') == count
    # Closed: two hundred times seven bars at once would be a page that nobody scrolls through.
    assert "<details open" not in html
    assert len(html) < 10_000 * count  # what goes to the browser grows with the faces, not with the photo
    assert f"1 photo · {count} faces" in texts(app)

    app.session_state["photo_view"] = "Table"
    app.run()
    assert_no_trouble(app)
    tables = [frame.value for frame in app.dataframe]
    assert [len(table) for table in tables] == [count, count]
    assert list(tables[1].iloc[:, 0]) == [str(number) for number in range(1, count + 1)]


def test_one_face_of_two_hundred_can_be_looked_at_closely(photos_page: Opened) -> None:
    app = photos_page(("yard.jpg", crowd_jpeg()))
    app.session_state["face_closer"] = True
    app.run()
    assert_no_trouble(app)
    (choice,) = (box for box in app.selectbox if box.key == "face_chosen")
    assert len(choice.options) >= 0.85 * FACES
    choice.select_index(len(choice.options) - 1).run()
    assert_no_trouble(app)


def test_a_portrait_keeps_its_bars_open(photos_page: Opened) -> None:
    # What is closed in a crowd is open for one.
    app = photos_page(("portrait.jpg", SAMPLE_PHOTO.read_bytes()))
    assert "<details open" in page_html(app)
