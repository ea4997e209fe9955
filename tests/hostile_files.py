"""Files made to cost their reader time, memory or patience, each as small as it can be sent; made afresh by `corpus`."""

import io
import struct
import zipfile
import zlib

from tests import samples

MEGABYTE = 1024 * 1024
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LARGEST = 5 * MEGABYTE - 64 * 1024


def pdf_of(*objects, padding=0, table=True, trailer=b"/Root 1 0 R"):
    """Objects numbered from 1, with a table of where they are."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    out += b"%" + b"x" * padding + b"\n"
    start = len(out)
    if table:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, trailer, start)
    return bytes(out)


def stream(data, entries=b""):
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), entries, data)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def wrong_places(content, shift=7):
    """The same file, whose table leads a few bytes beside every object, as some scanners write it."""
    body, mark, table = content.partition(b"\nxref\n0 ")
    lines = [
        b"%010d%s" % (int(line[:10]) + shift, line[10:]) if line.endswith(b" 00000 n ") else line
        for line in table.split(b"\n")
    ]
    return body + mark + b"\n".join(lines)


def pdfs():
    bomb = zlib.compress(bytes(70 * MEGABYTE), 9)
    page_with = (CATALOG, PAGES, PAGE)
    yield (
        "references to nothing",
        pdf_of(
            *page_with, b"[" + b" ".join(b"%d 0 R" % (900 + n) for n in range(90)) + b"]", padding=4_500_000
        ),
    )
    yield "wrong places", wrong_places(pdf_of(*page_with, *([b"[]"] * 90), padding=4_500_000))
    yield (
        "a thousand lines of table that mean nothing",
        pdf_of(*page_with).replace(b"xref\n0 4\n", b"xref\n0 4\n" + b"xxxxxxxxxx yyyyy n \n" * 200),
    )
    doubling = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]>>" % (n + 3, n + 3) for n in range(40)]
    yield "a tree that doubles forty times", pdf_of(CATALOG, *doubling, PAGE)
    yield "a million numbers", pdf_of(*page_with, b"[" + b"0 " * 2_000_000 + b"]")
    yield "an object in itself", pdf_of(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    yield "a length in itself", pdf_of(*page_with, b"<</Length 4 0 R>>stream\n\nendstream")
    for opening in (b"[", b"<<", b"(", b"<</A"):
        yield f"nested {opening.decode()}", pdf_of(*page_with, opening * (2 * MEGABYTE // len(opening)))
    yield "only beginnings", b"%PDF-1.7\n" + b"1 0 obj " * (LARGEST // 8)
    yield "only beginnings of many", b"%PDF-1.7\n" + b"".join(b"%d 0 obj " % n for n in range(300_000))
    yield "only ends", b"%PDF-1.7\n" + b"startxref\n" * 200_000
    yield "no ends", b"%PDF-1.7\n" + b"stream\n" * (LARGEST // 7) + b"startxref\n9\n%%EOF"
    yield "spaces", b"%PDF-1.7\n1" + b" " * LARGEST + b"startxref\n9\n%%EOF"
    yield "digits", b"%PDF-1.7\n" + b"1" * (2 * MEGABYTE) + b"\nstartxref\n9\n%%EOF"
    carrier = b"/Type/ObjStm/N 1000000/First 10/Filter/FlateDecode"
    yield "streams that unpack to gigabytes", pdf_of(*page_with, *([stream(bomb, carrier)] * 20))
    yield (
        "a stream packed ten times",
        pdf_of(
            *page_with,
            stream(_packed(bytes(30 * MEGABYTE), 10), b"/Type/ObjStm/Filter[" + b"/FlateDecode" * 10 + b"]"),
        ),
    )
    for name in (b"LZWDecode", b"RunLengthDecode", b"ASCIIHexDecode", b"ASCII85Decode"):
        carried = stream(b"\x81\x00" * (2 * MEGABYTE), b"/Type/ObjStm/N 9/First 9/Filter/" + name)
        yield f"a stream by {name.decode()}", pdf_of(*page_with, carried)
    yield "a length beyond all", pdf_of(*page_with, b"<</Length 999999999999>>stream\nx\nendstream")
    places = stream(
        zlib.compress(bytes(60 * MEGABYTE), 9),
        b"/Type/XRef/Size 2000000000/W[1 8 8]/Root 1 0 R/Filter/FlateDecode",
    )
    table = pdf_of(*page_with, places, table=False)
    yield (
        "a table of two thousand million",
        table.replace(b"startxref\n", b"startxref\n%d\n%%%%" % table.index(b"4 0 obj")),
    )
    yield "a chain of tables without end", pdf_of(*page_with, trailer=b"/Root 1 0 R/Prev 9")
    yield "thirty thousand objects", pdf_of(*page_with, *([b"[]"] * 30_000))
    hidden = b"<</Type/ObjStm/N 1/First 4/Length 10>>stream\n4 0 4 0 R  \nendstream"
    yield "a stream within itself", pdf_of(*page_with, hidden)


def _packed(data, times):
    for _ in range(times):
        data = zlib.compress(data, 9)
    return data


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*chunks, width=10, height=10):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def images():
    bomb = zlib.compress(bytes(100 * MEGABYTE), 9)
    pixels = chunk(b"IDAT", zlib.compress(b""))
    yield "a picture of two thousand million points", samples.huge_png()
    yield "a picture that unpacks to much more", png(chunk(b"IDAT", bomb), width=8_000, height=8_000)
    yield "a picture with a text that unpacks", png(chunk(b"zTXt", b"Comment\0\0" + bomb), pixels)
    yield "a picture with a profile that unpacks", png(chunk(b"iCCP", b"profile\0\0" + bomb), pixels)
    yield "a picture in a hundred thousand pieces", png(*([chunk(b"tEXt", b"a\0b")] * 100_000), pixels)
    yield "a picture whose piece has no end", png(struct.pack(">I", 2**31 - 1) + b"IDAT")


def jpegs():
    photo = samples.image("JPEG")
    size = photo.index(b"\xff\xc0")
    yield (
        "a photo of four thousand million points",
        photo[: size + 5] + b"\xff\xff\xff\xff" + photo[size + 9 :],
    )
    yield "a photo of nothing but marks", b"\xff\xd8" + b"\xff" * (2 * MEGABYTE)
    yield "a photo with so many comments", b"\xff\xd8" + b"\xff\xfe\x00\x02" * 500_000 + photo[2:]


def documents():
    word = "word/document.xml"
    yield "a document of 99 megabytes", _docx({word: b"<x>" + b"a" * (99 * MEGABYTE) + b"</x>"})
    yield (
        "a document that unpacks to gigabytes",
        _docx({f"word/{n}.xml": bytes(30 * MEGABYTE) for n in range(4)}),
    )
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>'
    yield "entities", _docx({word: laughs.encode()})
    yield "entities in two bytes each", _docx({word: laughs.encode("utf-16")})
    outside = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield "an entity from outside", _docx({"word/_rels/document.xml.rels": outside})
    yield "relationships a million deep", _docx({"word/_rels/document.xml.rels": b"<a>" * 340_000})
    begins = b'<w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText>'
    yield "fields a million deep", _docx({word: f"<w:d {W}>".encode() + begins * 400_000})
    yield (
        "a tag with so many properties",
        _docx({word: b"<instrText " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>"}),
    )
    yield "sixty thousand parts", _docx({f"word/{n}": b"" for n in range(50_000)})
    yield "parts packed by another method", _docx({word: bytes(90 * MEGABYTE)}, zipfile.ZIP_LZMA)
    yield "parts of one and the same content", _overlapping()


def _docx(parts, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO(samples.docx())
    with zipfile.ZipFile(packed) as archive:
        first = {name: archive.read(name) for name in archive.namelist()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in (first | parts).items():
            archive.writestr(name, data)
    return content.getvalue()


def _overlapping():
    """A thousand entries of the list lead to one packed part."""
    content = _docx({"word/big.bin": bytes(9 * MEGABYTE)})
    start = content.rindex(b"PK\x05\x06")
    entry = content[content.rindex(b"PK\x01\x02") : start]
    listed = content[content.index(b"PK\x01\x02") : start] + entry * 1_000
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, 1_003, 1_003, len(listed), content.index(b"PK\x01\x02"), 0
    )
    return content[: content.index(b"PK\x01\x02")] + listed + end


MAKERS = {".pdf": pdfs, ".png": images, ".jpg": jpegs, ".docx": documents}


def corpus():
    """What each file does, its name and its content."""
    for ending, make in MAKERS.items():
        for what, content in make():
            yield what, f"berkas{ending}", content
