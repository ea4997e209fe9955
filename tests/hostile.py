"""What attackers, broken programs and unlucky people send, and how to send it past a client's own good manners."""

from html.parser import HTMLParser
from urllib.parse import quote, quote_plus

from django.urls import get_resolver

BOUNDARY = "batas"
FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
MARK = "jebakan"  # the function that every script here calls
SCRIPTS = (
    f"<script>{MARK}()</script>",
    f"</textarea></title></script><script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"' autofocus onfocus={MARK}() x='",
    f"<svg/onload={MARK}()>",
    f"<a href=javascript:{MARK}()>klik</a>",
    f"javascript:{MARK}()",
    f"<iframe srcdoc='<script>parent.{MARK}()</script>'></iframe>",
    f"<style>@import'javascript:{MARK}()'</style>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}()>",
    f"${{{MARK}()}}{{{{constructor.constructor('{MARK}()')()}}}}",
    f"https://contoh.id/\"onmouseover='{MARK}()'",
)
HOSTILE = {
    "nothing": "",
    "blanks": " \t\r\n\u00a0\u3000",
    "NUL": "Siti\x00Rahma",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f",
    "lone surrogate": "Siti \ud800",
    "surrogates the wrong way": "\udfff\ud83d",
    "text from right to left": "\u202efdp.exe\u202c \u2066\u2067\u2068\u2069",
    "signs without width": "\u200b\u200c\u200d\ufeff" * 20,
    "accents on accents": "a" + "\u0301" * 3_000,
    "beyond the basic plane": "\U0001f4b0" * 1_200,
    "no characters": "\ufffe\uffff\U0010ffff",
    "line separators": "satu\u2028dua\u2029tiga\x0bempat\x0clima\x85enam",
    "digits of other scripts": "١٢٣٤٥٦",
    "wide digits": "１２３４５６",
    "half a number": "½²",
    "a megabyte": "A" * 1_000_000,
    "a megabyte without a space or a letter": "%" * 300_000 + "\\" * 300_000,
    "a number longer than Python reads": "9" * 5_000,
    "beyond eight bytes": str(2**63),
    "negative": "-1",
    "no finite number": "1e309",
    "not a number": "NaN",
    "an end of every quotation": "'\"`\\';--",
    "SQL": "x'); DROP TABLE consultations_consultation; --",
    "SQL that sleeps": "1 OR 1=(SELECT 1 FROM pg_sleep(30))--",
    "signs of LIKE": "%_\\%",
    "signs of a search": "a & | ! ( <-> ):* ''",
    "template": "{{ 7|add:7 }}{% debug %}{# x #}",
    "format": "%s%n%(name)s{0.__class__}",
    "formula": '=HYPERLINK("http://contoh.id","x")',
    "formula with a plus": "+cmd|' /C calc'!A0",
    "formula with an at": "@SUM(1+1)*cmd|'x'!A0",
    "formula behind a tab": "\t=1+1",
    "another header": "a\r\nBcc: korban@contoh.id\r\n\r\nisi",
    "address with two lines": "siti@contoh.id\nBcc: x@contoh.id",
    "long address": "a" * 200 + "@" + "b" * 200 + ".id",
    "path": "../../../../etc/passwd\x00.pdf",
    "entities": "&lt;script&gt;&#x3c;&NotEqualTilde;&amp",
    "XML": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "JSON": '{"$ne": null, "__proto__": {"x": 1}}',
    "a day that never was": "2026-02-30T25:61:61",
    "the end of time": "9999-12-31T23:59:59+23:59",
    "before all time": "0000-00-00",
    "elsewhere": "https://contoh.id@evil.invalid/\\evil",
    "expression that runs away": "(a+)+$" + "a" * 5_000 + "!",
    **{f"script {n}": script for n, script in enumerate(SCRIPTS, 1)},
}


def public_routes(resolver=None, prefix=""):
    """The routes that ask nobody who they are, as the URLconf writes them; a new one joins by itself."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from public_routes(pattern, route)
        elif not getattr(pattern.callback, "login_required", True):
            yield route


def octets(text):
    """UTF-8 that also lets through what is no text."""
    return text.encode("utf-8", "surrogatepass")


def in_path(text):
    return quote(octets(text), safe="")


def urlencoded(pairs):
    """A form's body: name and value, as often as they are given."""
    written = (f"{quote_plus(octets(name))}={quote_plus(octets(value))}" for name, value in pairs)
    return "&".join(written).encode()


def part(content, *headers):
    """One part of a body of type MULTIPART, with its headers as they are given."""
    return b"\r\n".join([b"--" + BOUNDARY.encode(), *map(octets, headers), b"", content, b""])


def file_part(field, name, content=b"isi", content_type="application/pdf"):
    return part(
        content,
        f'Content-Disposition: form-data; name="{field}"; filename="{name}"',
        f"Content-Type: {content_type}",
    )


END = f"--{BOUNDARY}--\r\n".encode()

# Bodies that are no form, with the content type they come under.
BROKEN = {
    "nothing at all": (b"", ""),
    "JSON": (b'{"question": "<script>"}', "application/json"),
    "no type": (b"question=a", "/"),
    "unknown charset": (b"question=a", f"{FORM}; charset=klingon"),
    "charset that is no text": (b"question=a", f"{FORM}; charset=base64"),
    "another charset": ("question=Ümläut".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "broken UTF-8": (b"question=%ff%fe%c0%80&name=\xff\xfe\xc3\x28", FORM),
    "broken percent signs": (b"question=%&name=%zz%u0041&%=%", FORM),
    "ten thousand fields": (b"&".join(b"f%d=1" % n for n in range(10_000)), FORM),
    "three megabytes": (b"question=" + b"A" * 3_000_000, FORM),
    "semicolons": (b"a=1;b=2;question", FORM),
    "no boundary": (b"--x\r\n\r\n", "multipart/form-data"),
    "boundary too long": (b"x", f"multipart/form-data; boundary={'b' * 500}"),
    "boundary outside ASCII": (b"x", "multipart/form-data; boundary=\u00e9"),
    "no end": (part(b"x", 'Content-Disposition: form-data; name="question"'), MULTIPART),
    "no name": (part(b"x", "Content-Disposition: form-data") + END, MULTIPART),
    "no headers": (b"--batas\r\n\r\nx\r\n" + END, MULTIPART),
    "binary field": (part(bytes(range(256)), 'Content-Disposition: form-data; name="name"') + END, MULTIPART),
    "false base64": (
        part(b"!!!", 'Content-Disposition: form-data; name="name"', "Content-Transfer-Encoding: base64")
        + END,
        MULTIPART,
    ),
    "giant field name": (
        part(b"x", f'Content-Disposition: form-data; name="{"n" * 200_000}"') + END,
        MULTIPART,
    ),
    "two hundred files": (
        b"".join(file_part("attachments", f"{n}.pdf") for n in range(200)) + END,
        MULTIPART,
    ),
    **{
        f"file named {what}": (file_part("attachments", name) + END, MULTIPART)
        for what, name in {
            "without a name": "",
            "with a giant name": "n" * 200_000 + ".pdf",
            "with NUL": "surat\x00.pdf",
            "with a surrogate": "surat\ud800.pdf",
            "as a path": "..\\..\\/etc/passwd",
            "with dots": "..",
            "with a new line": "surat\u2028\u202e.pdf",
            "with a script": f"<img src=x onerror={MARK}()>.pdf",
            "with percent signs": "%s%00%2e%2e%2f.pdf",
        }.items()
    },
    "a file where text belongs": (file_part("question", "x.pdf") + file_part("page", "y") + END, MULTIPART),
    "text where a file belongs": (
        part(b"x", 'Content-Disposition: form-data; name="attachments"') + END,
        MULTIPART,
    ),
    "file of another type": (file_part("attachments", "a.pdf", b"MZ\x90", "text/html") + END, MULTIPART),
}


class FormReader(HTMLParser):
    """Reads a page's forms: `forms` has a list of (method, action, {field: a value it would take})."""

    ANSWERS = {
        "email": "siti@contoh.id",
        "tel": "081234567890",
        "number": "1",
        "text": "Siti Rahma",
        "search": "retur",
        "url": "https://contoh.id",
    }
    NAMED = {"satker_code": "123456", "phone": "081234567890", "note": "", "link": "A" * 22}

    def __init__(self, page):
        super().__init__()
        self.forms, self.fields, self.select = [], None, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.fields = {}
            self.forms.append((given.get("method", "get").lower(), given.get("action") or "", self.fields))
        elif self.fields is None or (not name and tag != "option"):
            return
        elif tag == "select":
            self.select = name
            self.fields.setdefault(name, "")
        elif tag == "option":
            self.fields[self.select] = self.fields.get(self.select) or value
        elif tag == "textarea":
            self.fields[name] = "Mengapa SP2D kami diretur oleh bank?"
        elif tag in {"input", "button"} and given.get("type") != "file":
            usual = self.NAMED.get(name, self.ANSWERS.get(given.get("type", "text"), ""))
            self.fields[name] = self.fields.get(name) or value or usual

    def handle_endtag(self, tag):
        if tag == "form":
            self.fields = None
