"""The data set described for programs: Croissant 1.1 (MLCommons), JSON-LD that loaders of data sets read.

Of FER2013 it describes the two files as they were published, Kaggle's fer2013.csv and the votes of FER+, whose checksums
are written here with their sources. Counts come from the audited table. Licences are given as addresses of what the
sources say, nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from fer_core.audit.audited import Audited
from fer_core.audit.row_tables import explained_columns
from fer_core.citations import bibtex
from fer_core.datasets.columns import SPLIT_CODES
from fer_core.datasets.fer2013 import IMAGE_SIDE
from fer_core.datasets.votes import VOTE_COLUMNS
from fer_core.labels import FER2013_LABELS, FERPLUS_LABELS
from fer_core.references import FER2013, FERPLUS, Person

CONFORMS_TO: Final = "http://mlcommons.org/croissant/1.1"
KAGGLE: Final = (
    "https://www.kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-challenge"
)
FERPLUS_PLACE: Final = "https://github.com/microsoft/FERPlus"
FER2013_MD5: Final = "f8428a1edbd21e88f42c73edd2a14f95"
"""Of Kaggle's fer2013.csv, as torchvision checks it (`torchvision.datasets.FER2013`)."""
ROWS_FILE: Final = "rows.csv"
_ROW_TYPES: Final = {"class": "sc:Text", "flag": "sc:Text", "whole": "sc:Integer", "measure": "sc:Float"}
FERPLUS_SHA256: Final = "9206e20d62f56475939f516847d61753e4860caeac9718b560129541b776fc2c"
"""Of fer2013new.csv as its authors publish it: 1,602,762 bytes with line feeds."""

_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification recommends (its appendix), which readers expect as it is."""

_SPLIT_TYPES: Final = {
    "Training": "cr:TrainingSplit",
    "PublicTest": "cr:ValidationSplit",
    "PrivateTest": "cr:TestSplit",
    "Test": "cr:TestSplit",
}
Node = dict[str, Any]


def croissant_json(audit: Audited, rows: bytes = b"") -> bytes:
    """Write the description as a file: UTF-8, the same bytes for the same input."""
    return (json.dumps(croissant(audit, rows), indent=1, ensure_ascii=False) + "\n").encode()


def croissant(audit: Audited, rows: bytes = b"") -> Node:
    """Describe a data set.

    Args:
        audit: of it.
        rows: content of `ROWS_FILE` as `fer_core.audit.row_tables` writes it, which lies beside the description; b"" where
            there is none.

    Returns:
        JSON-LD, ready for `json`.
    """
    works = [FER2013, FERPLUS] if audit.is_fer2013 else []
    published = [_fer2013_file(), _ferplus_file()] if audit.is_fer2013 else []
    record_sets = [_labels(), _splits(audit)]
    if audit.is_fer2013:
        record_sets += [_fer2013_records(), _ferplus_records()]
    node: Node = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": audit.name,
        "description": _description(audit),
        "conformsTo": CONFORMS_TO,
        "dateModified": audit.date,
        "keywords": ["facial expression", "emotion", "face", "image classification", "48x48"],
        "inLanguage": "en",
        "distribution": published,
        "recordSet": record_sets,
    }
    if audit.is_fer2013:
        node |= {
            "alternateName": "Facial Expression Recognition 2013",
            "citeAs": bibtex(works),
            "creator": [_person(author) for author in FER2013.authors],
            "datePublished": str(FER2013.year),
            "license": [f"{KAGGLE}/rules", f"{FERPLUS_PLACE}/blob/master/LICENSE.md"],
            "url": KAGGLE,
            "sameAs": [work.address for work in works],
            **_responsible(audit),
        }
    if rows:
        node["distribution"].append(
            _file(
                ROWS_FILE,
                "What Raut counted and measured of each row.",
                ROWS_FILE,
                sha256=sha256(rows).hexdigest(),
            )
        )
        node["recordSet"].append(_rows_records(audit))
    return node


def _description(audit: Audited) -> str:
    found = audit.findings
    of_splits = ", ".join(f"{sum(counts.values()):,} {code}" for code, counts in found.splits.items())
    of_classes = ", ".join(f"{count:,} {label}" for label, count in found.classes.items())
    sentences = [
        f"{found.pictures:,} grey pictures of faces of {IMAGE_SIDE} x {IMAGE_SIDE} pixels with one of "
        f"{len(FER2013_LABELS)} labels of facial expressions: {of_classes}. Splits: {of_splits}."
    ]
    if found.exact:
        sentences.append(
            f"{found.exact.pictures:,} pictures are there more than once, pixel for pixel; the labels of "
            f"{found.exact.conflicting:,} of these {found.exact.groups:,} groups differ."
        )
    if found.votes:
        sentences.append(
            f"With ten votes for each of {found.votes.pictures:,} pictures (FER+), of which the majority is the label for "
            f"{found.votes.same:,}."
        )
    return " ".join(sentences)


def _responsible(audit: Audited) -> Node:
    """What the vocabulary of responsible AI has fields for; the sentences are those of the sources and of the counts."""
    found = audit.findings
    return {
        "rai:dataCollection": "Pictures that a search engine for pictures found for words for feelings, combined with words "
        f"for sex, age and origin; faces cut out by a detector and checked by people ({FER2013.cited}).",
        "rai:dataCollectionType": ["Web scraping", "Manual human curation"],
        "rai:annotationsPerItem": f"1 label; {sum(found.votes.by_agreement) and len(VOTE_COLUMNS)} votes in FER+"
        if found.votes
        else "1 label",
        "rai:annotatorDemographics": "Not recorded.",
        "rai:dataBiases": f"The largest class has {found.imbalance:.1f} times as many pictures as the smallest. Age, sex, skin "
        "colour and country of the people shown are not recorded.",
        "rai:personalSensitiveInformation": "Faces of people, whose consent is not documented.",
        "rai:dataLimitations": "A label says which expression a face resembles, not what the person feels.",
    }


def _person(author: Person | str) -> Node:
    if isinstance(author, str):
        return {"@type": "sc:Organization", "name": author}
    return {"@type": "sc:Person", "name": f"{author.given} {author.family}"}


def _file(name: str, description: str, place: str, **checksum: str) -> Node:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "description": description,
        "contentUrl": place,
        "encodingFormat": "text/csv",
        **checksum,
    }


def _fer2013_file() -> Node:
    return _file(
        "fer2013.csv",
        "Pictures and labels. Kaggle hands it out to those who sign in and accept the rules of the competition.",
        f"{KAGGLE}/data",
        md5=FER2013_MD5,
    )


def _ferplus_file() -> Node:
    return _file(
        "fer2013new.csv",
        f"Ten votes for each row of fer2013.csv, in its order ({FERPLUS.cited}).",
        f"{FERPLUS_PLACE}/raw/master/fer2013new.csv",
        sha256=FERPLUS_SHA256,
    )


def _field(
    record_set: str, name: str, description: str, kind: str, file: str, column: str, **more: Any
) -> Node:
    further = more.pop("source", {})
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/{name}",
        "name": name,
        "description": description,
        "dataType": kind,
        "source": {"fileObject": {"@id": file}, "extract": {"column": column}, **further},
        **more,
    }  # fmt: skip


def _records(name: str, description: str, fields: Sequence[Node], **more: Any) -> Node:
    return {
        "@type": "cr:RecordSet", "@id": name, "name": name, "description": description, "field": list(fields), **more,
    }  # fmt: skip


def _listed(record_set: str, name: str, kind: str, description: str) -> Node:
    return {
        "@type": "cr:Field", "@id": f"{record_set}/{name}", "name": name, "description": description, "dataType": kind,
    }  # fmt: skip


def _labels() -> Node:
    return _records(
        "labels",
        "The expressions by their codes.",
        [
            _listed("labels", "code", "sc:Integer", "As the column emotion has it."),
            _listed("labels", "name", "sc:Text", "The expression."),
        ],
        key={"@id": "labels/code"},
        data=[
            {"labels/code": code, "labels/name": label} for code, label in enumerate(FER2013_LABELS)
        ],
        dataType="sc:Enumeration",
    )  # fmt: skip


def _splits(audit: Audited) -> Node:
    codes = [code for code in SPLIT_CODES if code in audit.findings.splits]
    return _records(
        "splits",
        "The official sets.",
        [
            _listed("splits", "name", "sc:Text", "As the column Usage has it."),
            _listed("splits", "url", "sc:URL", "What it is for."),
        ],
        key={"@id": "splits/name"},
        data=[
            {
                "splits/name": code,
                "splits/url": _SPLIT_TYPES[code].replace("cr:", "http://mlcommons.org/croissant/"),
            }
            for code in codes
        ],
        dataType="cr:Split",
    )


def _fer2013_records() -> Node:
    def field(name: str, description: str, kind: str, **more: Any) -> Node:
        return _field("fer2013", name, description, kind, "fer2013.csv", name, **more)

    return _records(
        "fer2013",
        "One row a picture, in the order of the file.",
        [
            field(
                "emotion", "Code of the label.", "sc:Integer", references={"field": {"@id": "labels/code"}}
            ),
            field(
                "pixels",
                f"{IMAGE_SIDE * IMAGE_SIDE} grey levels from 0 to 255, row after row.",
                "cr:UInt8",
                isArray=True,
                arrayShape=f"{IMAGE_SIDE},{IMAGE_SIDE}",
                source={"transform": {"separator": " "}},
            ),
            field("Usage", "The official set.", "sc:Text", references={"field": {"@id": "splits/name"}}),
        ],
    )


def _ferplus_records() -> Node:
    def field(name: str, description: str, kind: str, column: str, **more: Any) -> Node:
        return _field("ferplus", name, description, kind, "fer2013new.csv", column, **more)

    meanings: Mapping[str, str] = {
        **{column: f"Votes for {code}." for column, code in zip(VOTE_COLUMNS, FERPLUS_LABELS, strict=False)},
        "unknown": "Votes for no clear expression.",
        "NF": "Votes for not a face.",
    }
    return _records(
        "ferplus",
        "The votes for the picture in the same row of fer2013.csv.",
        [
            field("usage", "The official set.", "sc:Text", "Usage", references={"field": {"@id": "splits/name"}}),
            field("image_name", "Name that FER+ gives the picture; empty for none.", "sc:Text", "Image name"),
            *(field(column, meanings[column], "sc:Integer", column) for column in VOTE_COLUMNS),
        ],
    )  # fmt: skip


def _rows_records(audit: Audited) -> Node:
    return _records(
        "rows",
        "One row a picture; every column that is known.",
        [
            _field("rows", name.replace(":", "_"), meaning, _ROW_TYPES[each.kind], ROWS_FILE, name)
            for name, each, meaning in explained_columns(audit.table, str)
        ],
    )
