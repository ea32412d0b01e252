"""What lies over a page: whether most of the window belongs to something that floats above it.

Asked of the window point by point, so that a banner in a closed shadow tree, which no selector
reaches, is seen too. An application that lives in a fixed box is no cover: nothing is beneath it.
"""

from capture.browser import BrowserError, Page
from capture.consent_words import SAYS
from capture.recipe_model import Recipe
from capture.walls import Judgement, Verdict

_MOST = 50
"""Per cent of the window: more of it covered, and the picture is not the page's."""
_LONG = 80

# A point that what stands there does not hold in its own box is a closed shadow tree's, or a
# backdrop's. Only what has text or pictures beneath it, and no post in it, covers anything.
_COVER = """(posts) => {
  const N = 9, POSTS = ['main, [role=main], article, [role=article], [role=feed]', ...posts];
  const up = (n) => n.parentElement || n.parentNode?.host || null;
  const within = (n, box) => { for (; n; n = up(n)) if (n === box) return true; return false; };
  const holds = (n, x, y) => [...n.getClientRects()].some(r =>
    x >= r.left - 1 && x <= r.right + 1 && y >= r.top - 1 && y <= r.bottom + 1);
  const page = new Set([document.documentElement, document.body]);
  const hasPosts = (n) => POSTS.some(s => {
    try { return s && (n.matches(s) || n.querySelector(s)); } catch { return false; } });
  const floats = (n) => {
    const at = getComputedStyle(n).position;
    return at === 'fixed' || n.matches(':modal, :popover-open') ||
      at === 'absolute' && n.parentElement === document.body;
  };
  const top = (x, y) => {
    let n = document.elementFromPoint(x, y);
    for (let inner; n?.shadowRoot && (inner = n.shadowRoot.elementFromPoint(x, y)) &&
      inner !== n;) n = inner;
    return n;
  };
  const shows = (n) => (n.innerText || '').trim() || n.matches('img, video, canvas, svg');
  const over = (box, x, y) => box.matches(':modal') || document.elementsFromPoint(x, y).some(n =>
    !page.has(n) && !within(n, box) && !within(box, n) && shows(n));
  const floating = (x, y) => {
    const n = top(x, y), found = [];
    if (!n || page.has(n)) return found;
    if (!holds(n, x, y)) found.push(n);
    for (let node = n; node && !page.has(node); node = up(node))
      if (floats(node) && !found.includes(node)) found.push(node);
    return found.filter(box => !hasPosts(box));
  };
  const counts = new Map(), beneath = new Set();
  let covered = 0;
  for (let row = 0; row < N; row++) for (let column = 0; column < N; column++) {
    const x = innerWidth * (column + 0.5) / N, y = innerHeight * (row + 0.5) / N;
    const boxes = floating(x, y);
    covered += boxes.length > 0;
    for (const box of boxes) {
      counts.set(box, (counts.get(box) || 0) + 1);
      if (!beneath.has(box) && over(box, x, y)) beneath.add(box);
    }
  }
  if (!beneath.size) return null;
  const box = [...beneath].sort((a, b) => counts.get(b) - counts.get(a))[0];
  const inside = box.shadowRoot || box;
  const name = [box.localName, box.id && `#${box.id}`,
    ...[...box.classList].slice(0, 2).map(c => `.${c}`)].filter(Boolean).join('');
  return {
    share: Math.round(100 * covered / (N * N)), name,
    text: (box.shadowRoot ? box.shadowRoot.textContent : box.innerText || '').trim(),
    label: `${box.id} ${box.className} ${box.getAttribute('aria-label') || ''}`,
    password: Boolean(inside.querySelector('input[type=password]')),
  };
}"""


async def cover(page: Page, recipe: Recipe) -> Judgement | None:
    """What a visitor must get away before they see the page; None: most of it is in sight."""
    of_its_own = recipe.post_page.post.each if recipe.post_page else ""
    try:
        found = await page.evaluate(_COVER, [recipe.posts.each, of_its_own])
    except BrowserError:
        return None  # the page went elsewhere: it is looked at anew there
    if found is None or found["share"] <= _MOST:
        return None
    said = " ".join(str(found["text"]).split())[:_LONG]
    why = f"{found['share']} % of the window belongs to <{found['name']}> over the content"
    evidence = f"{why}: “{said}”" if said else why
    return Judgement(verdict=_verdict(found), evidence=(evidence,))


def _verdict(found: dict[str, object]) -> Verdict:
    if SAYS.search(f"{found['label']} {found['text']}"):
        return Verdict.CONSENT_WALL
    return Verdict.LOGIN_WALL if found["password"] else Verdict.PARTIAL
