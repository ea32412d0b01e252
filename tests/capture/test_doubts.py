"""What the self-check of a picture doubts is looked at once more, and decides. A real browser."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from capture.browser import CDPSession
from capture.completeness import Look, shown
from capture.consent import NONE
from capture.floors import lacks
from capture.picture import Photographer
from capture.picture_check import Doubt
from storage.settings import Settings
from tests.capture.conftest import Stage
from tests.capture.photographing import Taken, css, photographed

SETTINGS = replace(Settings.from_environment({}), floor_posts=95, floor_texts=80)
LINES = "".join(f"<p>Rad {n} om öppna forskningsdata</p>" for n in range(200))
STYLE = "<style>body{margin:0} p{height:60px;margin:0}</style>"
SECTION = "".join(f"<p style='background:{css(n)}'>Rad {n}</p>" for n in range(40))


def numbers(taken: Taken) -> dict[str, object]:
    sight, settled, pictures = taken
    look = Look(
        consent=NONE,
        settled=settled,
        pictures=pictures,
        harvest=sight.harvest,
        broken=frozenset(),
    )
    return dict(shown(look))


def short_of(taken: Taken) -> list[str]:
    return list(lacks(numbers(taken), "", SETTINGS))  # type: ignore[arg-type]


def test_a_page_that_is_blank_over_a_long_way_is_no_gap(stage: Stage) -> None:
    """The window shows there what the tiles show: the page is so, and the manifest says it."""
    stage.site.page("/", f"{STYLE}{LINES}<div style='height:6000px'></div><p>Slut</p>")
    taken = stage.run(photographed(stage, still=True))
    told = numbers(taken)
    assert (told["made"], told["pictures_taken"]) == ("tiles", 1)
    assert taken[2].inspection.blank.height >= 6000
    assert (told["doubts"], told["doubts_confirmed"]) == ([], ["blank"])
    assert short_of(taken) == []


def test_a_page_that_repeats_itself_is_no_gap(stage: Stage) -> None:
    stage.site.page("/", f"{STYLE}{SECTION}{SECTION}{SECTION}")
    taken = stage.run(photographed(stage, still=True))
    told = numbers(taken)
    assert (told["made"], told["doubts"], told["doubts_confirmed"]) == ("tiles", [], ["repeated"])
    assert short_of(taken) == []


def test_a_post_that_stands_in_a_mosaic_twice_makes_it_no_doubtful_one(stage: Stage) -> None:
    """Pinned above, and once more in its place: more rows than a doubtful picture in tiles has."""
    post = "".join(f"<p style='background:{css(n)}'>Rad {n}</p>" for n in range(20))
    frame = "<iframe style='width:900px;height:200px' srcdoc='inne'></iframe>"
    stage.site.page("/", f"{STYLE}{post}{LINES[:2000]}</p>{post}{frame}")
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert taken[2].inspection.repeated.height >= 1024
    assert (told["made"], told["pictures_taken"], told["doubts"]) == ("mosaic", 1, [])


@pytest.mark.parametrize("fault", ["white", "again"])
def test_a_picture_that_lacks_what_the_page_shows_is_taken_in_another_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """As the compositor does past its limits: white, or the page's beginning once more."""
    clip, first = Photographer._clip, []

    async def faulty(self: Photographer, session: CDPSession, top: float, height: float) -> bytes:
        data = await clip(self, session, top, height)
        first.append(data)
        if top < 4000:
            return data
        out = io.BytesIO()
        with Image.open(io.BytesIO(data)) as opened, Image.open(io.BytesIO(first[0])) as began:
            size = opened.size
            wrong = (
                Image.new("RGB", size, "white") if fault == "white" else began.crop((0, 0, *size))
            )
            wrong.convert("RGB").save(out, "PNG")
        return out.getvalue()

    monkeypatch.setattr(Photographer, "_clip", faulty)
    stage.site.page("/", STYLE + LINES)
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert told["made"] == "mosaic"
    assert (told["doubts"], told["doubts_confirmed"]) == ([], [])
    assert told["texts_painted"] == told["texts_looked_for"] != 0
    assert short_of(taken) == []


def test_what_is_not_painted_in_two_pictures_is_a_gap(stage: Stage) -> None:
    """The page says that it shows texts, and no picture has them."""
    hidden = f"<div style='color:#fff;background:#fff'>{LINES}</div>"
    stage.site.page("/", f"{STYLE}<p>Början</p>{hidden}<p>Slut</p>")
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert (told["pictures_taken"], told["unpainted_band"]) == (2, True)
    assert told["doubts"] == [Doubt.UNPAINTED.value]
    lack = short_of(taken)
    assert len(lack) == 2
    assert lack[0].endswith(
        "texts that the page says it shows are painted; at least 80 % are asked for"
    )
    assert lack[1] == "what the page says it shows is not painted"


def test_a_post_is_painted_by_its_pixels_and_not_by_its_place(stage: Stage) -> None:
    posts = "".join(f"<article id=p{n}><i></i></article>" for n in range(20))
    style = "<style>body{margin:0;background:#eee} article{height:150px} i{display:block}</style>"
    stage.site.page("/", style + posts)
    taken = stage.run(photographed(stage))
    assert (numbers(taken)["posts_seen"], numbers(taken)["posts_painted"]) == (20, 0)
    assert short_of(taken)[0] == "0 of 20 posts painted; at least 95 % are asked for"
    stage.site.page("/", style.replace("i{", "i{height:9px;background:#00c;") + posts)
    taken = stage.run(photographed(stage))
    assert (numbers(taken)["posts_painted"], short_of(taken)) == (20, [])


def test_what_is_cut_off_or_out_of_sight_is_not_looked_for(stage: Stage) -> None:
    """Words for screen readers and what a box cuts off are no fault of the picture."""
    reader = (
        "<span style='position:absolute;width:1px;height:1px;overflow:hidden'>för läsare</span>"
    )
    cut = "<div style='height:10px;overflow:hidden'><br><br><br>under kanten</div>"
    stage.site.page(
        "/", STYLE + f"<div style='position:relative'>{reader}{cut}<p>Rad</p></div>" * 60
    )
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert told["texts_painted"] == told["texts_looked_for"] == 60
    assert (told["doubts"], short_of(taken)) == ([], [])


MOVING = """<canvas style="display:block;position:absolute;left:100px;top:3800px" width=300
  height=400></canvas><script>
  const c = document.querySelector("canvas").getContext("2d"); let n = 0;
  setInterval(() => { c.fillStyle = `hsl(${n++ * 37} 90% 50%)`; c.fillRect(0, 0, 2000, 400); }, 20);
  </script>"""


def test_something_that_moves_at_a_seam_does_not_loosen_it(stage: Stage) -> None:
    """A film beside the texts: the rows differ, but not where the texts are."""
    stage.site.page(
        "/",
        STYLE + LINES.replace("<p>", "<p style='padding-left:700px;line-height:60px'>") + MOVING,
    )
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert (told["made"], told["pictures_taken"], told["seams_loose"]) == ("tiles", 1, 0)
    assert [seam["at"] for seam in told["seams_differ"]] == [4000]  # type: ignore[attr-defined]
    assert short_of(taken) == []


def test_a_page_that_moved_meanwhile_is_taken_anew_with_other_seams(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that lie elsewhere when the seam is looked at again: never filed as they are."""
    clip, looks = Photographer._clip, []

    async def moved(self: Photographer, session: CDPSession, top: float, height: float) -> bytes:
        looks.append(top)
        once = height < 100 and abs(4000 - top) < 100  # the strip at the first look's seam
        return await clip(self, session, top + 17 * once, height)

    monkeypatch.setattr(Photographer, "_clip", moved)
    stage.site.page("/", STYLE + LINES)
    taken = stage.run(photographed(stage))
    told = numbers(taken)
    assert (told["made"], told["pictures_taken"], told["seams_loose"]) == ("tiles", 2, 0)
    assert looks[-1] == 3 * 3600 - 20
