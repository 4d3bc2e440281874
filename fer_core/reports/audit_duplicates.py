"""The sections of an audit on duplicates, and on what networks gain from those that are in Training, too."""

from __future__ import annotations

from fer_core.audit.audited import Audited
from fer_core.audit.findings import Groups
from fer_core.cards.sections import Section
from fer_core.cards.words import Words
from fer_core.errors import N_


def duplicates_section(audit: Audited, words: Words) -> Section | None:
    """Pictures that are the same in every pixel; None where they were not looked for."""
    found = audit.findings.exact
    if found is None:
        return None
    return _groups(
        found,
        words.say(N_("Exact duplicates")),
        words.say(
            N_(
                "{groups} groups of pictures are the same in every pixel, {pictures} pictures in all. In {conflicting} groups "
                "the labels differ; {across} groups lie in more than one split."
            ),
            **_group_counts(found, words),
        ),
        audit,
        words,
    )


def near_duplicates_section(audit: Audited, words: Words) -> Section | None:
    """Near and exact duplicates together; None where they were not looked for."""
    found = audit.findings.near
    if found is None:
        return None
    return _groups(
        found,
        words.say(N_("Near duplicates")),
        words.say(
            N_(
                "Near and exact duplicates together: {groups} groups, {pictures} pictures. In {conflicting} groups the labels "
                "differ; {across} groups lie in more than one split."
            ),
            **_group_counts(found, words),
        ),
        audit,
        words,
    )


def _group_counts(found: Groups, words: Words) -> dict[str, str]:
    return {
        name: words.number(getattr(found, name)) for name in ("groups", "pictures", "conflicting", "across")
    }


def _groups(found: Groups, title: str, sentence: str, audit: Audited, words: Words) -> Section:
    rows = []
    for code, leaked in found.leaked.items():
        of_split = sum(audit.findings.splits[code].values())
        name = words.say(N_("Test data")) if code == "Test" else code
        rows.append((name, words.number(of_split), words.number(leaked), words.percent(leaked / of_split)))
    header = (
        words.say(N_("Split")),
        words.say(N_("Pictures")),
        words.say(N_("of them also in Training")),
        words.say(N_("Share")),
    )
    return Section(title, (sentence,), header if rows else (), tuple(rows))


def leakage_section(audit: Audited, words: Words) -> Section | None:
    """What networks gain from duplicates in Training; None where none answered."""
    found = audit.findings.leakage
    if not found:
        return None

    def share(accuracy: float, n: int) -> str:
        return f"{words.percent(accuracy)} ({words.number(n)})"

    near = audit.findings.near is not None
    rows = tuple(
        (
            f"{words.text(audit.network_names.get(entry.network, entry.network))}, {entry.split}",
            share(entry.accuracy, entry.n),
            share(entry.without_exact, entry.n_without_exact),
            *(
                ()
                if entry.n_without_near is None or entry.without_near is None
                else (share(entry.without_near, entry.n_without_near),)
            ),
        )
        for entry in found
    )
    header = (
        words.say(N_("Network and split")),
        words.say(N_("Accuracy (pictures)")),
        words.say(N_("without exact duplicates")),
        *((words.say(N_("without near ones, too")),) if near else ()),
    )
    sentence = words.say(
        N_(
            "What a network gains from test pictures that are also in Training. A network answers for the labels of its task: "
            "those of FER2013, or the majority of FER+. Networks that learnt from pictures of the test splits are left out."
        )
    )
    return Section(words.say(N_("Leakage")), (sentence,), header, rows)
