"""Files as people send them, and as attackers do, made afresh for each test."""

import io
import struct
import zipfile
import zlib
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from consultations import proof

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def browser_work(now=None):
    """What a person's browser adds to the public form a minute after it was opened."""
    challenge = proof.issue((now or timezone.now()) - timedelta(minutes=1))
    asked = proof.Challenge.read(challenge)
    solution = next(number for number in map(str, range(proof.TRIES)) if asked.is_solved_by(number))
    return {"challenge": challenge, "solution": solution}


def upload(name, content):
    return SimpleUploadedFile(name, content)


def pdf(change=None):
    """A page; `change` may do something to its writer."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if change is not None:
        change(writer)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def with_action(**action):
    """A change for `pdf`: what happens when the document is opened."""

    def change(writer):
        names = {NameObject(f"/{key}"): value for key, value in action.items()}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(names)

    return change


def launching(writer):
    with_action(S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))(writer)


def image(kind, size=(20, 20)):
    content = io.BytesIO()
    Image.new("RGB", size, "navy").save(content, kind)
    return content.getvalue()


def huge_png():
    """A few bytes that claim to be a picture of 2.5 thousand million pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def archive(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, data in parts.items():
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # the same bytes at any time
    return content.getvalue()


def office_file(main, main_type, *, types="", **parts):
    """An Office file with its list of parts; `types` adds to that list."""
    listed = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{main}" ContentType="{main_type}"/>{types}</Types>'
    )
    return archive({"[Content_Types].xml": listed, main: "<x/>", **parts})


def xlsx(**kwargs):
    return office_file("xl/workbook.xml", f"{SHEET}.main+xml", **kwargs)


def docx(**kwargs):
    return office_file("word/document.xml", f"{DOCUMENT}.main+xml", **kwargs)
