"""The standards of two offices as they were published, and their points read from that text alone.

A point is a numbered one. The products, which one office prints as one paragraph, are a sentence each; the time has its
headline, `MINUTES`, and one point.
"""

import re
from pathlib import Path

FILES = {"mataram": "kppn-mataram.txt", "tanjung-selor": "kppn-tanjung-selor.txt"}
HEADINGS = (
    "Persyaratan",
    "Sistem, Mekanisme dan Prosedur",
    "Waktu Penyelesaian",
    "Biaya / Tarif",
    "Produk Pelayanan",
    "Pengaduan Layanan",
)
MINUTES = "20 Menit"
PAGE_HEAD = re.compile(
    r"Kantor|Jl|www|https?://|Kementerian|Direktorat|Pelayanan Perb|Kalimantan|A1 |No\. SK"
)


def points(slug):
    """Each point as (heading, number, words), in the order of the published text."""
    return [
        (heading, number, words)
        for heading, body in _sections(slug)
        for number, words in enumerate(_points(heading, body), start=1)
    ]


def _sections(slug):
    text = (Path(__file__).parent / FILES[slug]).read_text(encoding="utf-8")
    lines = [re.sub(r"[*<>]|^#+", "", line).strip() for line in text.splitlines()]
    starts = [lines.index(heading) for heading in HEADINGS]
    for heading, start, end in zip(HEADINGS, starts, [*starts[1:], len(lines)], strict=True):
        yield heading, [line for line in lines[start + 1 : end] if line and not PAGE_HEAD.match(line)]


def _points(heading, body):
    numbered = [re.sub(r"^\d+\. ", "", line) for line in body if re.match(r"\d+\. ", line)]
    if not numbered:
        return [_words(line) for line in body if line != MINUTES]
    if heading == "Produk Pelayanan":
        numbered = [sentence for line in numbered for sentence in re.split(r"(?<=\.) (?=[A-Z])", line)]
    if heading == HEADINGS[1] and len(numbered) == 2:
        numbered = [step for steps in numbered for step in _steps(steps)]
    return [_words(line) for line in numbered]


def _steps(line):
    """The steps 1 to 6 that one line holds behind its lead-in."""
    rest, steps = line.partition(" 1. ")[2], []
    for number in range(2, 7):
        step, _, rest = rest.partition(f" {number}. ")
        steps.append(step)
    return [*steps, rest]


def _words(line):
    """Without the spaces that the line breaks of the print left behind a stroke."""
    return re.sub(r"(?<=\w)/\s+", "/", " ".join(line.split()))
