"""What the report of an audit says, before it is laid out: the same sentences and figures for HTML, PDF and Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from fer_core.audit.audited import FER2013_NAME, Audited
from fer_core.audit.findings import AGREED
from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.datasets.columns import VOTE_CODES, column
from fer_core.errors import N_
from fer_core.labels import FER2013_LABELS, in_reading_order
from fer_core.reports.audit_duplicates import duplicates_section, leakage_section, near_duplicates_section
from fer_core.reports.audit_methods import methods_section, references_section

VOTE_NAMES = {"unknown": N_("no clear expression"), "NF": N_("not a face")}
_FORMS = {
    "csv": N_("table (CSV)"),
    "folders": N_("folders of pictures"),
    "": N_("statistics that come with Raut"),
}


@dataclass(frozen=True)
class AuditContent:
    """The sentences and figures of an audit in one language."""

    title: str
    lead: str
    summary: str
    tally: tuple[tuple[str, int], ...]
    """Code of each label and its number of pictures, in reading order."""
    sections: tuple[Section, ...]


def audit_content(audit: Audited, words: Words) -> AuditContent:
    """Write all sentences and figures of an audit; what the set cannot answer is said to be unknown."""
    classes = audit.findings.classes
    return AuditContent(
        title=words.say(N_("Audit of {name}"), name=audit.name),
        lead=words.say(
            N_(
                "What labels, votes and pictures of a data set show when they are counted and compared. The CSVs that come "
                "with this report have the row numbers of everything that is counted here."
            )
        ),
        summary=_summary(audit, words),
        tally=tuple((label, classes[label]) for label in in_reading_order(classes)),
        sections=tuple(
            section
            for section in (
                _classes(audit, words),
                _votes(audit, words),
                duplicates_section(audit, words),
                near_duplicates_section(audit, words),
                leakage_section(audit, words),
                _doubtful(audit, words),
                _not_a_face(audit, words),
                _looks(audit, words),
                _limits(audit, words),
                methods_section(audit, words),
                _set(audit, words),
                _citing(audit, words),
                references_section(audit, words),
            )
            if section
        ),
    )


def _summary(audit: Audited, words: Words) -> str:
    found = audit.findings
    parts = [
        words.say(
            N_("{n} pictures; the largest class has {ratio} times as many as the smallest."),
            n=words.number(found.pictures),
            ratio=words.number(found.imbalance, 1),
        )
    ]
    if found.exact:
        parts.append(
            words.say(
                N_(
                    "{n} pictures are there more than once, {conflicting} groups of them with different labels."
                ),
                n=words.number(found.exact.pictures),
                conflicting=words.number(found.exact.conflicting),
            )
        )
    if found.votes:
        parts.append(
            words.say(
                N_("Label and FER+ majority are the same for {share}."),
                share=words.percent(found.votes.same / found.votes.pictures),
            )
        )
    return " ".join(parts)


def _set(audit: Audited, words: Words) -> Section:
    rows = [
        (words.say(N_("Data set")), audit.name),
        (words.say(N_("Form")), words.text(_FORMS[audit.form])),
        (words.say(N_("Pictures")), words.number(audit.findings.pictures)),
        (
            words.say(N_("Same as the FER2013 of Raut's statistics")),
            words.say(N_("yes, by checksum") if audit.is_fer2013 else N_("no: another set, or another copy")),
        ),
        *(
            (words.say(N_("SHA-256 of {file}"), file=name), checksum)
            for name, checksum in audit.checksums.items()
        ),
        (words.say(N_("Date")), words.moment(audit.made)),
        (words.say(N_("Version of Raut")), audit.raut_version),
        (
            words.say(N_("Packages")),
            ", ".join(f"{name} {version}" for name, version in audit.versions.items()),
        ),
    ]
    return Section(words.say(N_("What was audited")), rows=tuple(rows))


def _classes(audit: Audited, words: Words) -> Section:
    found = audit.findings
    rows = [
        (
            words.emotion(label),
            *(words.number(counts[label]) for counts in found.splits.values()),
            words.number(found.classes[label]),
            words.percent(found.classes[label] / found.pictures),
        )
        for label in in_reading_order(FER2013_LABELS)
    ]
    totals = (words.number(sum(counts.values())) for counts in found.splits.values())
    rows.append((words.say(N_("Total")), *totals, words.number(found.pictures), words.percent(1.0)))
    classes = found.classes
    most, least = max(classes, key=classes.__getitem__), min(classes, key=classes.__getitem__)
    sentence = words.say(
        N_(
            "The largest class is “{most}” ({n_most} pictures), the smallest “{least}” ({n_least}). A network that always "
            "answers “{most}” is right for {share}."
        ),
        most=words.emotion(most),
        least=words.emotion(least),
        n_most=words.number(classes[most]),
        n_least=words.number(classes[least]),
        share=words.percent(classes[most] / found.pictures),
    )
    header = (
        words.say(N_("Expression")),
        *(words.say(N_("Test data")) if code == "Test" else code for code in found.splits),
        words.say(N_("Total")),
        words.say(N_("Share")),
    )
    return Section(words.say(N_("Classes and splits")), (sentence,), header, tuple(rows))


def _votes(audit: Audited, words: Words) -> Section | None:
    found = audit.findings.votes
    if found is None:
        return None
    paragraphs = (
        words.say(
            N_(
                "For {same} of {n} pictures ({share}) the label is what most of the ten annotators of FER+ chose; for {other} "
                "another expression is; for the other {rest} “no clear expression” or “not a face” has the most votes."
            ),
            same=words.number(found.same),
            n=words.number(found.pictures),
            share=words.percent(found.same / found.pictures),
            other=words.number(found.expression - found.same),
            rest=words.number(found.pictures - found.expression),
        ),
        words.say(
            N_(
                "For {n} pictures {agreed} or more of ten annotators chose one other expression than the label. Mean entropy "
                "of the votes: {bits} bits."
            ),
            n=words.number(found.agreed_otherwise),
            agreed=words.number(AGREED),
            bits=words.number(found.mean_entropy_bits, 2),
        ),
        words.say(N_("Rows: the label; columns: what has the most votes; number of pictures.")),
    )
    rows = tuple(
        (words.emotion(label), *(words.number(cell) for cell in cells))
        for label, cells in zip(FER2013_LABELS, found.matrix, strict=True)
    )
    header = (words.say(N_("Label")), *(vote_name(code, words) for code in VOTE_CODES))
    return Section(words.say(N_("Labels and votes")), paragraphs, header, rows)


def vote_name(code: str, words: Words) -> str:
    """What a column of the votes is called."""
    return words.text(VOTE_NAMES[code]) if code in VOTE_NAMES else words.emotion(code)


def _doubtful(audit: Audited, words: Words) -> Section | None:
    if audit.findings.doubted is None:
        return None
    paragraphs = [
        words.say(
            N_(
                "{n} pictures have a figure for how much speaks against their label, by networks that did not learn from "
                "them. The CSV lists them, the most doubtful first."
            ),
            n=words.number(audit.findings.doubted),
        )
    ]
    facts = audit.made_from.get("doubt", {})
    judged = [entry for entry in (*facts.get("at", {}).values(), facts.get("all")) if entry]
    rows = tuple(
        (
            words.say(
                N_("All pictures") if entry is facts["all"] else N_("The first {n}"),
                n=words.number(entry["n"]),
            ),
            words.number(entry["another"]),
            words.percent(entry["another"] / entry["n"]),
        )
        for entry in judged
    )
    header = (
        words.say(N_("Pictures in that order")),
        words.say(N_("nine or ten annotators chose another of the seven labels")),
        words.say(N_("Share")),
    )
    return Section(words.say(N_("Doubtful labels")), tuple(paragraphs), header if rows else (), rows)


def _not_a_face(audit: Audited, words: Words) -> Section | None:
    found = audit.findings
    paragraphs = []
    if found.votes is not None:
        paragraphs.append(
            words.say(
                N_("For {n} pictures most annotators of FER+ chose “not a face”."),
                n=words.number(found.votes.not_a_face),
            )
        )
    if found.undetected is not None:
        paragraphs.append(
            words.say(
                N_("In {n} pictures neither the Haar cascade nor BlazeFace finds a face."),
                n=words.number(found.undetected),
            )
        )
    return Section(words.say(N_("Not a face")), tuple(paragraphs)) if paragraphs else None


def _looks(audit: Audited, words: Words) -> Section | None:
    measures = audit.findings.measures
    if not measures:
        return None
    rows = tuple(
        (
            words.emotion(label),
            *(
                f"{words.number(of[label].mean, digits)} ± {words.number(of[label].deviation, digits)}"
                for name, of in measures.items()
                for digits in [2 if name == "sharpness" else 1]
            ),
        )
        for label in in_reading_order(FER2013_LABELS)
    )
    header = (words.say(N_("Expression")), *(words.text(column(name).name) for name in measures))
    sentence = words.say(N_("Mean ± standard deviation over the pictures of a class."))
    return Section(words.say(N_("Brightness, contrast and sharpness")), (sentence,), header, rows)


def _limits(audit: Audited, words: Words) -> Section:
    paragraphs = [
        words.say(
            N_(
                "Counts say what is in a set, not what is right: a doubtful label may be right, and a label on which all agree "
                "may be wrong. A label says which expression a face resembles, not what the person feels."
            )
        )
    ]
    unknown = _unknown(audit, words)
    if unknown:
        paragraphs.append(
            words.say(
                N_("Not known for this set, and so not in this report: {what}."), what=", ".join(unknown)
            )
        )
    if audit.name == FER2013_NAME:
        paragraphs.append(
            words.say(
                N_(
                    "FER2013 does not record age, sex, skin colour or country. Whether its labels or the answers of networks "
                    "are worse for some people than for others cannot be told from it."
                )
            )
        )
    return Section(words.say(N_("Limits")), tuple(paragraphs))


def _unknown(audit: Audited, words: Words) -> list[str]:
    found = audit.findings
    return [
        words.say(name)
        for name, is_missing in (
            (N_("votes of FER+"), found.votes is None),
            (N_("near duplicates"), found.near is None),
            (N_("answers of networks"), not found.leakage),
            (N_("doubts about labels"), found.doubted is None),
            (N_("what face detectors find"), found.undetected is None),
        )
        if is_missing
    ]


def _citing(audit: Audited, words: Words) -> Section:
    return Section(
        words.say(N_("How to cite this audit")),
        (
            words.say(
                N_("Audit of {name} ({n} pictures), made with Raut {version} on {date}."),
                name=audit.name,
                n=words.number(audit.findings.pictures),
                version=audit.raut_version,
                date=words.date(audit.made),
            )
            + " "
            + words.say(
                N_(
                    "Give the SHA-256 of the pixels, too: it says which copy of the set the figures are of. The works below "
                    "are what the figures rest on."
                )
            ),
        ),
    )
