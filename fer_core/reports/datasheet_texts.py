"""The questions of a datasheet, and the answers for FER2013 and FER+ that are not counted.

The answers are what Goodfellow et al. (2013) and Barsoum et al. (2016) wrote, and what Kaggle and GitHub say of the files.
"""

from __future__ import annotations

from typing import Final

from fer_core.errors import N_

UNKNOWN: Final = N_("Unknown: its makers did not write it down.")
UNKNOWN_HERE: Final = N_("Not known to Raut. Whoever made the data set can fill it in.")

PARTS: Final[tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]] = (
    (
        N_("Motivation"),
        (
            (
                "purpose",
                N_("What was it made for?"),
                N_("For a contest of the workshop on challenges in representation learning at ICML {year} ({source})."),
            ),
            (
                "makers",
                N_("Who made it?"),
                N_(
                    "Pierre Luc Carrier and Aaron Courville collected the pictures for a research project; Mehdi Mirza and Ian "
                    "Goodfellow prepared a part of them for the contest ({source}). The votes of FER+ are by others "
                    "({votes_source})."
                ),
            ),
            ("funding", N_("Who paid for it?"), UNKNOWN),
        ),
    ),
    (
        N_("Composition"),
        (
            (
                "entry",
                N_("What is one entry?"),
                N_("A grey picture of {side} × {side} pixels, nearly always of one face, with one label."),
            ),
            ("number", N_("How many are there?"), UNKNOWN),
            (
                "sample",
                N_("Is it all there is, or a sample?"),
                N_(
                    "A sample of what a search engine for pictures found, and of that a part ({source}). How the part was chosen "
                    "is not written down."
                ),
            ),
            (
                "data",
                N_("What does each entry consist of?"),
                N_(
                    "{levels} grey levels from 0 to 255, the code of the label, and the split. FER+ adds ten votes for each row, "
                    "in a file of its own that goes by the order of the rows ({votes_source})."
                ),
            ),
            (
                "labels",
                N_("Which labels are there?"),
                N_(
                    "One of {expressions}. The votes of FER+ are for these, for contempt, for no clear expression or for not a "
                    "face."
                ),
            ),
            (
                "missing",
                N_("What is missing?"),
                N_(
                    "The picture that the face was cut out of, its address, its colours, the word that it was found with, and who "
                    "is shown."
                ),
            ),
            ("related", N_("Do entries belong together?"), UNKNOWN),
            ("splits", N_("Which splits are there?"), UNKNOWN),
            ("errors", N_("Which errors, noise and repetitions are there?"), UNKNOWN),
            (
                "alone",
                N_("Does it depend on something else?"),
                N_("No. The votes of FER+ are of no use without the pictures, which are not in their file."),
            ),
            (
                "groups",
                N_("Which groups of people does it tell apart?"),
                N_("None: age, sex, skin colour and country are not recorded."),
            ),
            (
                "identify",
                N_("Can people be recognised?"),
                N_("Possibly: these are faces of people from the web, though small."),
            ),
            (
                "offence",
                N_("Is there anything offensive or confidential in it?"),
                UNKNOWN,
            ),
        ),
    ),
    (
        N_("Collection"),
        (
            (
                "acquired",
                N_("How was it collected?"),
                N_(
                    "With a search engine for pictures: 184 words for feelings, combined with words for sex, age and origin, nearly "
                    "600 searches, of each the first 1,000 pictures ({source})."
                ),
            ),
            (
                "collectors",
                N_("Who collected it, and were they paid?"),
                N_(
                    "People rejected wrong labels and corrected how faces were cut out ({source}); who they were is not written "
                    "down. The annotators of FER+ were found by crowdsourcing ({votes_source})."
                ),
            ),
            (
                "when",
                N_("When was it collected?"),
                N_("Before the contest of {year}. When the pictures were taken is unknown."),
            ),
            ("ethics", N_("Was there an ethical review?"), UNKNOWN),
            ("consent", N_("Did the people shown know of it and agree?"), UNKNOWN),
        ),
    ),
    (
        N_("Preparation and labels"),
        (
            (
                "prepared",
                N_("What was done to the pictures?"),
                N_(
                    "Faces were found with OpenCV, cut out, made smaller and grey, and some duplicates were removed ({source})."
                ),
            ),
            (
                "labelled",
                N_("How did the labels come about?"),
                N_(
                    "From the word that a picture was searched with, checked by people and put into one of seven classes "
                    "({source}). For FER+ ten annotators looked at each picture again ({votes_source})."
                ),
            ),
            ("raw", N_("Was the raw data kept?"), UNKNOWN),
        ),
    ),
    (
        N_("Uses"),
        (
            (
                "used",
                N_("What is it used for?"),
                N_(
                    "To train and compare networks that recognise facial expressions, among them {networks} that come with Raut."
                ),
            ),
            (
                "harm",
                N_("What should users know?"),
                N_(
                    "A label says which expression a face resembles, not what the person feels. Many faces are posed. Whether "
                    "errors are more frequent for some people than for others cannot be told from this set."
                ),
            ),
            (
                "not_for",
                N_("What should it not be used for?"),
                N_("For decisions about people, and for diagnoses."),
            ),
        ),
    ),
    (
        N_("Distribution"),
        (
            (
                "distributed",
                N_("How is it handed out?"),
                N_("The pictures by Kaggle to those who sign in ({kaggle}), the votes of FER+ on GitHub ({ferplus})."),
            ),
            (
                "licence",
                N_("Under which licence?"),
                N_(
                    "The paper names none for the pictures; on Kaggle the rules of the competition apply ({rules}). FER+ states the "
                    "MIT License ({ferplus})."
                ),
            ),
            (
                "rights",
                N_("Who else has rights in it?"),
                N_("Unknown. The pictures come from the web, and whose they are is not recorded."),
            ),
        ),
    ),
    (
        N_("Maintenance"),
        (
            ("maintainer", N_("Who maintains it?"), N_("No maintainer is named, and no later version is known.")),
            (
                "errata",
                N_("Is there a list of errors?"),
                N_(
                    "None by its makers. FER+ gives votes for each picture; the audit that comes with this datasheet lists "
                    "duplicates and doubtful labels."
                ),
            ),
            ("removal", N_("Can people have their picture removed?"), UNKNOWN),
        ),
    ),
)  # fmt: skip
"""Parts of a datasheet: title, then for each question its key, its words, and its answer for FER2013. An answer that is
counted takes the place of the one written here."""
