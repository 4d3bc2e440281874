"""What a person did by hand counts as unsaved until it is in a file, and again after each change."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from fer_core.photos.corrections import Corrections, DrawnFace
from fer_core.photos.shelf import PhotoShelf
from fer_core.photos.unsaved import Unsaved


class Upload:
    """A picture of one colour that lies in the drop area."""

    def __init__(self, name: str, shade: int) -> None:
        self.name = self.file_id = name
        file = io.BytesIO()
        Image.new("L", (8, 8), shade).save(file, "PNG")
        self.content = file.getvalue()

    def getvalue(self) -> bytes:
        return self.content


def shelf_with_two() -> tuple[PhotoShelf, str, str]:
    shelf = PhotoShelf()
    shelf.take_uploads([Upload("one.png", 1), Upload("two.png", 2)])
    return shelf, *(photo.identity for photo in shelf.photos)


def test_a_rating_is_unsaved_until_it_is_downloaded_and_when_it_changes_after_that() -> None:
    shelf, one, two = shelf_with_two()
    assert not shelf.unsaved()
    ratings = shelf.ratings("normal")
    ratings[one, 1] = "happy"
    ratings[two, 1] = "sad"
    shelf.ratings("thorough")[one, 1] = "fear"
    assert shelf.unsaved() == Unsaved(ratings=3)
    assert shelf.unsaved([two]) == Unsaved(ratings=1)
    shelf.saved.keep_ratings(ratings, "normal")
    assert shelf.unsaved() == Unsaved(ratings=1), "the other search's are in no file"
    ratings[one, 1] = "neutral"
    assert shelf.unsaved([one]) == Unsaved(ratings=2)


def test_a_correction_counts_for_each_face_that_differs_from_the_file() -> None:
    shelf, one, _two = shelf_with_two()
    drawn = DrawnFace(np.array([0, 0, 8, 8], np.int32), np.zeros((48, 48), np.uint8))
    shelf.corrections[one, "normal"] = Corrections().strike(1).draw(drawn)
    assert shelf.unsaved() == Unsaved(corrections=2)
    shelf.saved.keep_corrections(shelf.corrections, "quick")
    assert shelf.unsaved() == Unsaved(corrections=2), "a file of another search has none of them"
    shelf.saved.keep_corrections(shelf.corrections, "normal")
    assert not shelf.unsaved()
    shelf.corrections[one, "normal"] = shelf.corrections[one, "normal"].restore(1)
    assert shelf.unsaved() == Unsaved(corrections=1)


def test_what_goes_with_a_photo_is_no_longer_unsaved_and_does_not_come_back_with_it() -> None:
    shelf, one, two = shelf_with_two()
    ratings = shelf.ratings("normal")
    ratings |= {(one, 1): "happy", (two, 1): "sad"}
    shelf.take_uploads([Upload("two.png", 2)])
    assert shelf.unsaved() == Unsaved(ratings=1)
    shelf.take_uploads([Upload("one.png", 1), Upload("two.png", 2)])
    assert ratings == {(two, 1): "sad"}
    shelf.clear()
    assert not shelf.unsaved()
