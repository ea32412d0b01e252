"""Chromiums that an archive must not take for a good one."""

import pytest

from capture.browser import FLAGS, CDPSession

BY_GRAPHICS_CARD = (
    *(flag for flag in FLAGS if flag != "--disable-gpu"),
    "--ignore-gpu-blocklist",
    "--enable-gpu-rasterization",
    "--enable-unsafe-swiftshader",
    "--use-angle=swiftshader",
)
"""Flags with which it paints as with a graphics card, which a test's machine need not have."""


def an_old_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on Chromium does not know how to keep bodies."""
    send = CDPSession.send

    async def as_an_old_chromium(self: CDPSession, method: str, params: object = None) -> object:
        if method == "Network.configureDurableMessages":
            method = "Network.wasNotFoundInThisVersion"
        return await send(self, method, params)  # type: ignore[arg-type]

    monkeypatch.setattr(CDPSession, "send", as_an_old_chromium)
