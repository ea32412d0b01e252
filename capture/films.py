"""Films and sounds that a page loads only when they are played, loaded so that they are recorded.

Nothing is played. The recorder keeps a film's whole file as soon as the page asks for any of it
(within its limit); the page is put back, so that the pictures show the film as a visitor meets it.
"""

from collections.abc import Sequence

from capture.browser import Page

_LOAD = """async ([selectors, ms]) => {
  const films = new Set(selectors.flatMap(s => [...document.querySelectorAll(s)])
    .flatMap(n => n.matches('video, audio') ? [n] : [...n.querySelectorAll('video, audio')])
    .filter(n => n.readyState === 0 && (n.src || n.querySelector('source[src]'))));
  await Promise.all([...films].map(async (film) => {
    const written = film.getAttribute('preload');
    const begun = new Promise(done => {
      for (const told of ['loadedmetadata', 'error', 'progress'])
        film.addEventListener(told, done, {capture: true, once: true});
      setTimeout(done, ms);
    });
    film.preload = 'auto';
    film.load();
    await begun;
    if (written === null) film.removeAttribute('preload');
    else film.setAttribute('preload', written);
    film.load();
  }));
  return films.size;
}"""


async def load_films(page: Page, selectors: Sequence[str], seconds: float) -> int:
    """Have films and sounds loaded that are not; each for so many seconds. Gives how many."""
    given = [selector for selector in selectors if selector]
    return int(await page.evaluate(_LOAD, [given, seconds * 1000]))
