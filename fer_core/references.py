"""What Raut cites and what its readers cite: each work once, as a value that every style and page reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from fer_core import __version__

Kind = Literal["article", "conference", "software", "network"]
"""A paper in a journal, one in proceedings, a program, or a trained network."""

RAUT_YEAR: Final = 2026
"""Year of this version of Raut, as the licence has it."""


@dataclass(frozen=True)
class Person:
    """An author.

    Attributes:
        family: name under which the person is listed.
        given: given names, or their initials where the work prints no more.
    """

    family: str
    given: str

    @property
    def initials(self) -> str:
        """ "Dong-Hyun" -> "D.-H.", "Ian J." -> "I. J."."""
        return " ".join(
            "-".join(f"{part[0]}." for part in name.split("-") if part) for name in self.given.split()
        )


@dataclass(frozen=True)
class Reference:
    """One work that is cited.

    Attributes:
        key: under which BibTeX knows it.
        cited: how a text names it, such as "Cohen, 1960".
        kind: what it is.
        authors: in the order of the work; a text stands for a group of people.
        year: of publication.
        title: in sentence case, in the work's own language.
        container: the journal or the proceedings; "" for a program or a network.
        volume: of the journal or series; "" for none.
        issue: of the journal; "" for none.
        pages: first and last, with a hyphen ("117-124"); "" where it has none.
        doi: without the address of doi.org; "" for none.
        arxiv: identifier at arXiv; "" for none.
        version: of a program, and of the one that a network came with; "" for the rest.
        network: id of a network; "" for the rest.
        sha256: checksum of a network's file, in hexadecimal; "" for the rest, and where it is unknown.
        language: code of its language.
    """

    key: str
    cited: str
    kind: Kind
    authors: tuple[Person | str, ...]
    year: int
    title: str
    container: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    version: str = ""
    network: str = ""
    sha256: str = ""
    language: str = "en"

    @property
    def address(self) -> str:
        """Where it is found: the DOI, else arXiv, as an address; "" for neither."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else ""


def _people(*names: str) -> tuple[Person, ...]:
    """ "Barsoum, Emad" -> Person("Barsoum", "Emad")."""
    return tuple(Person(*name.split(", ")) for name in names)


RAUT: Final = Reference(
    key="raut",
    cited=f"The Raut authors, {RAUT_YEAR}",
    kind="software",
    authors=("The Raut authors",),
    year=RAUT_YEAR,
    title="Raut",
    version=__version__,
)

EKAWATI: Final = Reference(
    # Names and journal as the Indonesian index Garuda has them (document 4244470); it has no page numbers.
    key="ekawati2024",
    cited="Ekawati et al. (2024)",
    kind="article",
    authors=_people(
        "Ekawati, Inna", "Putra, Fadilla Nidya Riyanto", "Sumadyo, Malikus", "Whidhiasih, Retno Nugroho"
    ),
    year=2024,
    title="Deteksi emosi menggunakan convolutional neural network berdasarkan ekspresi wajah",
    container="Journal of Students’ Research in Computer Science",
    volume="5",
    issue="1",
    language="id",
)

FER2013: Final = Reference(
    key="goodfellow2013",
    cited="Goodfellow et al., 2013",
    kind="conference",
    authors=_people(
        "Goodfellow, Ian J.", "Erhan, Dumitru", "Carrier, Pierre Luc", "Courville, Aaron", "Mirza, Mehdi",
        "Hamner, Ben", "Cukierski, Will", "Tang, Yichuan", "Thaler, David", "Lee, Dong-Hyun", "Zhou, Yingbo",
        "Ramaiah, Chetan", "Feng, Fangxiang", "Li, Ruifan", "Wang, Xiaojie", "Athanasakis, Dimitris",
        "Shawe-Taylor, John", "Milakov, Maxim", "Park, John", "Ionescu, Radu", "Popescu, Marius",
        "Grozea, Cristian", "Bergstra, James", "Xie, Jingjing", "Romaszko, Lukasz", "Xu, Bing",
        "Chuang, Zhang", "Bengio, Yoshua",
    ),
    year=2013,
    title="Challenges in representation learning: A report on three machine learning contests",
    container="Neural Information Processing: 20th International Conference, ICONIP 2013",
    pages="117-124",
    doi="10.1007/978-3-642-42051-1_16",
    arxiv="1307.0414",
)  # fmt: skip

FERPLUS: Final = Reference(
    key="barsoum2016",
    cited="Barsoum et al., 2016",
    kind="conference",
    authors=_people("Barsoum, Emad", "Zhang, Cha", "Canton Ferrer, Cristian", "Zhang, Zhengyou"),
    year=2016,
    title="Training deep networks for facial expression recognition with crowd-sourced label distribution",
    container="Proceedings of the 18th ACM International Conference on Multimodal Interaction",
    pages="279-283",
    doi="10.1145/2993148.2993165",
    arxiv="1608.01041",
)

VIOLA_JONES: Final = Reference(
    key="viola2001",
    cited="Viola & Jones, 2001",
    kind="conference",
    authors=_people("Viola, Paul", "Jones, Michael"),
    year=2001,
    title="Rapid object detection using a boosted cascade of simple features",
    container="Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition",
    doi="10.1109/CVPR.2001.990517",
)

BLAZEFACE: Final = Reference(
    key="bazarevsky2019",
    cited="Bazarevsky et al., 2019",
    kind="conference",
    authors=_people(
        "Bazarevsky, Valentin",
        "Kartynnik, Yury",
        "Vakunov, Andrey",
        "Raveendran, Karthik",
        "Grundmann, Matthias",
    ),
    year=2019,
    title="BlazeFace: Sub-millisecond neural face detection on mobile GPUs",
    container="CVPR Workshop on Computer Vision for Augmented and Virtual Reality",
    arxiv="1907.05047",
)

MODEL_CARDS: Final = Reference(
    key="mitchell2019",
    cited="Mitchell et al., 2019",
    kind="conference",
    authors=_people(
        "Mitchell, Margaret", "Wu, Simone", "Zaldivar, Andrew", "Barnes, Parker", "Vasserman, Lucy",
        "Hutchinson, Ben", "Spitzer, Elena", "Raji, Inioluwa Deborah", "Gebru, Timnit",
    ),
    year=2019,
    title="Model cards for model reporting",
    container="Proceedings of the Conference on Fairness, Accountability, and Transparency",
    pages="220-229",
    doi="10.1145/3287560.3287596",
    arxiv="1810.03993",
)  # fmt: skip

DATASHEETS: Final = Reference(
    key="gebru2021",
    cited="Gebru et al., 2021",
    kind="article",
    authors=_people(
        "Gebru, Timnit", "Morgenstern, Jamie", "Vecchione, Briana", "Wortman Vaughan, Jennifer", "Wallach, Hanna",
        "Daumé III, Hal", "Crawford, Kate",
    ),
    year=2021,
    title="Datasheets for datasets",
    container="Communications of the ACM",
    volume="64",
    issue="12",
    pages="86-92",
    doi="10.1145/3458723",
    arxiv="1803.09010",
)  # fmt: skip

CONFIDENT_LEARNING: Final = Reference(
    key="northcutt2021",
    cited="Northcutt et al., 2021",
    kind="article",
    authors=_people("Northcutt, Curtis G.", "Jiang, Lu", "Chuang, Isaac L."),
    year=2021,
    title="Confident learning: Estimating uncertainty in dataset labels",
    container="Journal of Artificial Intelligence Research",
    volume="70",
    pages="1373-1411",
    doi="10.1613/jair.1.12125",
    arxiv="1911.00068",
)

REFERENCES: Final[tuple[Reference, ...]] = (
    Reference(
        key="barrett2019",
        cited="Barrett et al., 2019",
        kind="article",
        authors=_people("Barrett, L. F.", "Adolphs, R.", "Marsella, S.", "Martinez, A. M.", "Pollak, S. D."),
        year=2019,
        title="Emotional expressions reconsidered: Challenges to inferring emotion from human facial movements",
        container="Psychological Science in the Public Interest",
        volume="20",
        issue="1",
        pages="1-68",
        doi="10.1177/1529100619832930",
    ),
    Reference(
        key="wilson1927",
        cited="Wilson, 1927",
        kind="article",
        authors=_people("Wilson, E. B."),
        year=1927,
        title="Probable inference, the law of succession, and statistical inference",
        container="Journal of the American Statistical Association",
        volume="22",
        issue="158",
        pages="209-212",
        doi="10.1080/01621459.1927.10502953",
    ),
    FERPLUS,
    BLAZEFACE,
    Reference(
        key="cohen1960",
        cited="Cohen, 1960",
        kind="article",
        authors=_people("Cohen, J."),
        year=1960,
        title="A coefficient of agreement for nominal scales",
        container="Educational and Psychological Measurement",
        volume="20",
        issue="1",
        pages="37-46",
        doi="10.1177/001316446002000104",
    ),
    EKAWATI,
    Reference(
        key="fleiss1971",
        cited="Fleiss, 1971",
        kind="article",
        authors=_people("Fleiss, J. L."),
        year=1971,
        title="Measuring nominal scale agreement among many raters",
        container="Psychological Bulletin",
        volume="76",
        issue="5",
        pages="378-382",
        doi="10.1037/h0031619",
    ),
    DATASHEETS,
    FER2013,
    Reference(
        key="guo2017",
        cited="Guo et al., 2017",
        kind="conference",
        authors=_people("Guo, C.", "Pleiss, G.", "Sun, Y.", "Weinberger, K. Q."),
        year=2017,
        title="On calibration of modern neural networks",
        container="Proceedings of the 34th International Conference on Machine Learning",
        arxiv="1706.04599",
    ),
    Reference(
        key="lienhart2002",
        cited="Lienhart & Maydt, 2002",
        kind="conference",
        authors=_people("Lienhart, R.", "Maydt, J."),
        year=2002,
        title="An extended set of Haar-like features for rapid object detection",
        container="Proceedings of the International Conference on Image Processing",
        doi="10.1109/ICIP.2002.1038171",
    ),
    Reference(
        key="sadinle2019",
        cited="Sadinle et al., 2019",
        kind="article",
        authors=_people("Sadinle, M.", "Lei, J.", "Wasserman, L."),
        year=2019,
        title="Least ambiguous set-valued classifiers with bounded error levels",
        container="Journal of the American Statistical Association",
        volume="114",
        issue="525",
        pages="223-234",
        doi="10.1080/01621459.2017.1395341",
    ),
    CONFIDENT_LEARNING,
    VIOLA_JONES,
)
"""Every work that Raut's reports and pages cite, by author."""


def network_reference(network_id: str, name: str, sha256: str) -> Reference:
    """Return how a network that comes with this version of Raut is cited.

    Args:
        network_id: name of its folder.
        name: how people call it.
        sha256: checksum of the file that answers, in hexadecimal; "" where it is unknown.
    """
    return Reference(
        key=f"raut-network-{network_id}",
        cited=RAUT.cited,
        kind="network",
        authors=RAUT.authors,
        year=RAUT_YEAR,
        title=name,
        version=RAUT.version,
        network=network_id,
        sha256=sha256,
    )
