"""Takes secrets out of what is written of a page, a page saved as MHTML too.

MHTML folds its lines and writes `=` as `=3D`: in a plain look at the file, a secret that a fold
cuts is not found. So each of its parts is decoded, cleaned, and encoded again if it had any.
"""

import base64
import binascii
import re

from capture.secrets import SecretReplacer

_BOUNDARY = re.compile(r'boundary="([^"\r\n]+)"')
_ENCODING = re.compile(r"^content-transfer-encoding:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_END = "\r\n"


def clean_text(name: str, text: str, replacer: SecretReplacer) -> str:
    """A part of the package with its secrets replaced; `name` is where they are told to be."""
    boundary = _BOUNDARY.search(text) if name.endswith(".mhtml") else None
    if boundary is None:
        return replacer.scrub(text, name)
    mark = f"--{boundary[1]}"
    return mark.join(_clean_part(name, part, replacer) for part in text.split(mark))


def _clean_part(name: str, part: str, replacer: SecretReplacer) -> str:
    """Head and body; a body without secrets stays as it was written, to the byte."""
    head, gap, body = part.partition(_END * 2)
    encoding = _ENCODING.search(head)
    kind = encoding[1].lower() if encoding else ""
    head = replacer.scrub(head, name)
    plain = _decoded(body, kind)
    clean = replacer.scrub(plain, name)
    if clean is plain:
        return head + gap + replacer.scrub(body, name)
    return head + gap + _encoded(clean, kind) + _END


def _decoded(body: str, kind: str) -> bytes:
    """What the body says; nothing if it is not encoded, or not as it says."""
    written = body.removesuffix(_END).encode()
    if kind == "quoted-printable":
        return binascii.a2b_qp(written)
    try:
        return base64.b64decode(written) if kind == "base64" else b""
    except binascii.Error:
        return b""


def _encoded(data: bytes, kind: str) -> str:
    """As `kind` has it, every line break of the data written out, so that only folds are left."""
    if kind == "quoted-printable":
        folded = binascii.b2a_qp(data, istext=False).decode("ascii")
    else:
        folded = base64.encodebytes(data).decode("ascii").removesuffix("\n")
    return _END.join(folded.splitlines())  # b2a_qp folds as the data ends its lines
