"""Torget's pictures, drawn from a seed: the same seed gives the same pixels on one machine.

A post's picture carries a colour code: a square of one colour that no other post has and that is
never grey, so that a picture of the page can be scored by its pixels.
"""

import colorsys
import io
import math
from collections.abc import Callable
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont, ImageOps

PICTURE_SIZE = (960, 540)
SWATCH = (20, 20, 24, 24)
"""Left, top, width and height of the colour code in a post's picture, in its own pixels."""

_LEAST_SPREAD = 96
_STEP = 0x9E3779  # odd, so that its multiples visit every one of the 2^24 colours once

Pen = ImageDraw.ImageDraw
Ink = tuple[int, int, int, int]


def colour_codes(count: int) -> list[str]:
    """The first `count` colour codes, each once: `#9e3779` and so on, none of them grey."""
    found: list[str] = []
    number = 0
    while len(found) < count:
        number += 1
        code = number * _STEP % (1 << 24)
        channels = code.to_bytes(3, "big")
        if max(channels) - min(channels) >= _LEAST_SPREAD:
            found.append(f"#{code:06x}")
    return found


@lru_cache(maxsize=1024)
def post_picture(*, seed: str, code: str, hue: float, motif: str) -> bytes:
    """A PNG of 960 × 540 pixels with the colour code `code` at SWATCH."""
    dice = Random(seed)
    width, height = PICTURE_SIZE
    image = _ground(width * 2, height * 2, hue + dice.uniform(-0.06, 0.06))
    _MOTIFS[motif](ImageDraw.Draw(image, "RGBA"), dice, hue)
    image = image.reduce(2)
    draw = ImageDraw.Draw(image)
    left, top, wide, high = SWATCH
    draw.rectangle((left - 3, top - 3, left + wide + 2, top + high + 2), fill="#ffffff")
    draw.rectangle((left, top, left + wide - 1, top + high - 1), fill=code)
    return _png(image)


@lru_cache(maxsize=256)
def avatar(*, seed: str, hue: float, initials: str) -> bytes:
    """A PNG of 256 × 256 pixels with initials."""
    dice = Random(seed)
    image = _ground(512, 512, hue + dice.uniform(-0.12, 0.12))
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(5):
        x, y, r = dice.randint(0, 512), dice.randint(0, 512), dice.randint(80, 260)
        draw.ellipse((x - r, y - r, x + r, y + r), outline=(255, 255, 255, 60), width=10)
    font = ImageFont.load_default(size=210)
    draw.text((256, 256), initials, font=font, fill="#ffffff", anchor="mm")
    return _png(image.reduce(2))


@lru_cache(maxsize=256)
def cover(*, seed: str, hue: float) -> bytes:
    """A PNG of 1280 × 360 pixels."""
    dice = Random(seed)
    image = _ground(2560, 720, hue)
    draw = ImageDraw.Draw(image, "RGBA")
    for depth in range(5):
        _wave(draw, dice, 240 + depth * 90, (2560, 720), _tone(hue, 0.55, 0.8 - depth * 0.12, 110))
    return _png(image.reduce(2))


def _helix(draw: Pen, dice: Random, hue: float) -> None:
    middle, swing, length = dice.randint(420, 660), dice.randint(170, 300), dice.randint(150, 240)
    phase = dice.uniform(0, 6)
    for x in range(-20, 1960, 44):
        turn = x / length + phase
        high, low = middle + swing * math.sin(turn), middle - swing * math.sin(turn)
        draw.line((x, high, x, low), fill=(255, 255, 255, 80), width=8)
        for y, shift in ((high, 0.0), (low, 0.12)):
            r = 20 + 9 * math.cos(turn)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=_tone(hue + shift, 0.35, 0.97, 255))


def _cells(draw: Pen, dice: Random, hue: float) -> None:
    for _ in range(34):
        x, y, r = dice.randint(0, 1920), dice.randint(0, 1080), dice.randint(40, 190)
        wall = _tone(hue + dice.uniform(-0.1, 0.1), 0.4, 0.95, 255)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(*wall[:3], 70), outline=wall, width=6)
        n, dx, dy = r // 3, dice.randint(-r // 4, r // 4), dice.randint(-r // 4, r // 4)
        draw.ellipse((x + dx - n, y + dy - n, x + dx + n, y + dy + n), fill=(*wall[:3], 190))


def _skyline(draw: Pen, dice: Random, hue: float) -> None:
    x, y, r = dice.randint(300, 1700), dice.randint(160, 420), dice.randint(70, 130)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 244, 214, 235))
    left = -40
    while left < 1920:
        wide, top = dice.randint(150, 330), dice.randint(420, 860)
        draw.rectangle((left, top, left + wide, 1080), fill=_tone(hue, 0.5, 0.32, 255))
        lit = _tone(0.13, 0.35, 1.0, 200)
        for wx in range(left + 24, left + wide - 30, 48):
            for wy in range(top + 30, 1060, 62):
                if dice.random() < 0.45:
                    draw.rectangle((wx, wy, wx + 22, wy + 32), fill=lit)
        left += wide + dice.randint(0, 30)


def _books(draw: Pen, dice: Random, hue: float) -> None:
    for shelf in (500, 1040):
        left = 40
        while left < 1860:
            wide, high = dice.randint(34, 92), dice.randint(270, 410)
            spine = _tone(hue + dice.uniform(-0.2, 0.2), 0.55, dice.uniform(0.45, 0.9), 255)
            draw.rounded_rectangle((left, shelf - high, left + wide, shelf), 8, fill=spine)
            mark = shelf - high + dice.randint(40, 120)
            draw.rectangle((left, mark, left + wide, mark + 18), fill=(255, 255, 255, 150))
            left += wide + (dice.randint(20, 120) if dice.random() < 0.12 else 4)
        draw.rectangle((0, shelf, 1920, shelf + 26), fill=(40, 28, 20, 210))


def _chart(draw: Pen, dice: Random, hue: float) -> None:
    draw.rounded_rectangle((150, 130, 1770, 950), 36, fill=(255, 255, 255, 235))
    for line in range(5):
        y = 250 + line * 145
        draw.line((230, y, 1690, y), fill=(0, 0, 0, 28), width=4)
    level = float(dice.randint(640, 780))
    points = []
    for x in range(260, 1680, 140):
        level = min(820.0, max(240.0, level + dice.uniform(-130, 70)))
        top = 830 - (830 - level) * 0.6
        draw.rectangle((x - 34, top, x + 34, 830), fill=_tone(hue, 0.3, 0.9, 255))
        points.append((x, level))
    draw.line(points, fill=_tone(hue + 0.08, 0.8, 0.6, 255), width=14, joint="curve")
    for x, level in points:
        draw.ellipse(
            (x - 18, level - 18, x + 18, level + 18), fill=_tone(hue + 0.08, 0.8, 0.6, 255)
        )


def _waves(draw: Pen, dice: Random, hue: float) -> None:
    for depth in range(7):
        ink = _tone(hue + depth * 0.015, 0.5, 0.95 - depth * 0.1, 130)
        _wave(draw, dice, 260 + depth * 120, (1920, 1080), ink)


def _wave(draw: Pen, dice: Random, level: int, size: tuple[int, int], ink: Ink) -> None:
    width, height = size
    swing, length, phase = dice.randint(40, 100), dice.randint(240, 520), dice.uniform(0, 6)
    crest = [
        (x, level + swing * math.sin(x / length + phase) + 14 * math.sin(x / 83))
        for x in range(0, width + 16, 16)
    ]
    draw.polygon([(0, height), *crest, (width, height)], fill=ink)


_MOTIFS: dict[str, Callable[[Pen, Random, float], None]] = {
    "helix": _helix,
    "cells": _cells,
    "skyline": _skyline,
    "books": _books,
    "chart": _chart,
    "waves": _waves,
}


def _ground(width: int, height: int, hue: float) -> Image.Image:
    """A ground that darkens downwards."""
    fade = Image.linear_gradient("L").resize((1, height))
    dark, light = _tone(hue, 0.75, 0.28, 255)[:3], _tone(hue, 0.45, 0.72, 255)[:3]
    return ImageOps.colorize(fade, light, dark).resize((width, height), Image.Resampling.NEAREST)


def _tone(hue: float, saturation: float, value: float, alpha: int) -> Ink:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255), alpha


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=2)
    return out.getvalue()
