"""What a picture must be to be taken."""

from __future__ import annotations

from typing import IO

from PIL import Image

from consultations.examination.refused import RefusedError
from consultations.file_types import JPEG, PNG, FileType, Refusal

MAX_PIXELS = 80_000_000  # under the number at which Pillow begins to warn

Image.preinit()  # loads the formats once, for every fork


def examine_image(content: IO[bytes]) -> FileType:
    """Read the header and, of a PNG, the checksums. Decoding is left out: a small file can cost minutes."""
    with Image.open(content, formats=["JPEG", "PNG"]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise RefusedError(Refusal.TOO_LARGE_INSIDE)
        image.verify()
        return PNG if image.format == "PNG" else JPEG
