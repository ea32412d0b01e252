"""Open shadow trees: script that sees into them, and what a page shows as text with them.

`querySelectorAll`, `innerText` and `document.images` see nothing of a page that is built in one.
"""

from capture.browser import Frame, Page

_PIERCING = """
  const everything = function* (from) {
    if (from.shadowRoot) yield* everything(from.shadowRoot);
    for (const n of from.querySelectorAll("*")) {
      yield n;
      if (n.shadowRoot) yield* everything(n.shadowRoot);
    }
  };
  const roots = (from) => [from, ...(from.shadowRoot ? [from.shadowRoot] : []),
    ...[...everything(from)].map(n => n.shadowRoot).filter(Boolean)];
  const all = (selector, from = document) =>
    roots(from).flatMap(root => [...root.querySelectorAll(selector)]);
  const first = (selector, from) => from.querySelector(selector) || all(selector, from)[0];
  const up = (n) => n.parentElement || n.parentNode?.host || null;
  const within = (n, box) => { while (n && n !== box) n = up(n); return n === box; };
  const unread = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE)$/;
  const shown = (n) => {
    const plain = roots(n).length === 1 && !n.querySelector("slot");
    if (plain) return n.innerText ?? n.textContent ?? "";
    let told = "";
    const walk = (node, seen, kept) => {
      if (node.nodeType === Node.TEXT_NODE && seen)
        told += kept ? node.data : node.data.replace(/\\s+/g, " ");
      if (node.nodeType !== Node.ELEMENT_NODE || unread.test(node.tagName)) return;
      const { display, visibility, whiteSpace } = getComputedStyle(node);
      if (display === "none") return;
      const given = node.assignedNodes?.() ?? [];
      const parts = given.length ? given : (node.shadowRoot ?? node).childNodes;
      const breaks = node.tagName === "BR" || !/^(inline|contents)/.test(display);
      if (breaks) told += "\\n";
      for (const part of parts) walk(part, visibility === "visible", /^pre/.test(whiteSpace));
      if (breaks) told += "\\n";
    };
    walk(n, true);
    return told.replace(/[ \\t]*\\n\\s*/g, "\\n").trim();
  };
"""


def piercing(script: str) -> str:
    """A function of the page's own script in which shadow trees are seen into.

    `all` and `first` are `querySelectorAll` and `querySelector`, `up` the parent, `shown` the text:
    as if there were no shadow trees. `everything` comes in the order of the page.
    """
    return f"(...given) => {{ {_PIERCING} return (\n{script})(...given); }}"


_SHOWN = piercing("() => document.body ? shown(document.body) : ''")


async def shown_text(where: Page | Frame) -> str:
    """The text that a reader sees, in the order of the page."""
    return str(await where.evaluate(_SHOWN))
