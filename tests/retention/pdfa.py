"""What ISO 19005-3 (PDF/A-3, level A) demands and a file shows. No validator: a part of one."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import IndirectObject


def pdfa_faults(data: bytes) -> list[str]:
    """What a page lacks of PDF/A-3a: each demand that is not met, by a name for it."""
    reader = PdfReader(BytesIO(data))
    root: Any = reader.trailer["/Root"]
    said = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    named = dict(re.findall(r"<pdfaid:(part|conformance)>(\w+)<", said))
    profiles = [
        (one["/S"], one["/DestOutputProfile"].get_object().get_data()[36:40])
        for one in root.get("/OutputIntents", [])
    ]
    marked = root.get("/MarkInfo", {})
    structure = root.get("/StructTreeRoot")
    everything = [_object(reader, number) for number in range(1, int(reader.trailer["/Size"]))]
    dictionaries = [one for one in everything if isinstance(one, dict)]
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [
        one.get_object()
        for held in resources
        for one in (held["/Font"].get_object().values() if "/Font" in held else ())
    ]
    attached = root.get("/AF", [])
    demands = {
        "header 1.4 to 1.7, binary": data[:7] == b"%PDF-1." and min(data[10:14]) > 127,
        "pdfaid part 3": named.get("part") == "3",
        "pdfaid conformance A": named.get("conformance") == "A",
        "title in XMP": "<dc:title>" in said,
        "no encryption": not reader.is_encrypted,
        "id in the trailer": "/ID" in reader.trailer,
        "one output intent with a profile": profiles == [("/GTS_PDFA1", b"acsp")],
        "marked": (str(marked.get("/Marked")), str(marked.get("/Suspects", False)))
        == ("True", "False"),
        "structure": structure is not None and "/K" in structure and "/ParentTree" in structure,
        "language": root.get("/Lang") == "sv-SE",
        "fonts": bool(fonts) and all(_is_embedded(font) for font in fonts),
        "nothing runs": not {"/OpenAction", "/AA", "/AcroForm", "/JavaScript"} & set(root)
        and "/JavaScript" not in root.get("/Names", {})
        and not any("/AA" in page for page in reader.pages)
        and not any(one.get("/S") in _ACTIONS for one in dictionaries),
        "attachments are related": all("/AFRelationship" in one.get_object() for one in attached),
        "no outside streams": not any("/F" in one and "/Length" in one for one in dictionaries),
        "no transparency without a colour space": all(
            page["/Group"]["/CS"] for page in reader.pages if "/Group" in page
        ),
        "no forbidden filters": not any(one.get("/Filter") == "/LZWDecode" for one in dictionaries),
        "no PostScript": not any(one.get("/Subtype") == "/PS" for one in dictionaries),
        "tagged content": all(b"BDC" in page.get_contents().get_data() for page in reader.pages),
        "tabs by structure": all(
            page.get("/Tabs") == "/S" for page in reader.pages if "/Annots" in page
        ),
    }
    return [what for what, met in demands.items() if not met]


_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/Sound",
        "/Movie",
        "/ResetForm",
        "/ImportData",
        "/Hide",
        "/Rendition",
    }
)


def _object(reader: PdfReader, number: int) -> Any:
    try:
        return reader.get_object(IndirectObject(number, 0, reader))
    except PdfReadError:
        return None


def _is_embedded(font: Any) -> bool:
    described = [one.get_object() for one in font.get("/DescendantFonts", [font])]
    return "/ToUnicode" in font and all(
        {"/FontFile", "/FontFile2", "/FontFile3"} & set(one["/FontDescriptor"].get_object())
        for one in described
    )
