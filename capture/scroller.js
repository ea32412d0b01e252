// The page's own scroll, as a capture needs it. Evaluates to an object that stays out of the page's
// globals: what really scrolls, what the window shows, and what is pinned to it.
() => {
  const root = document.scrollingElement || document.documentElement;
  const boxes = [...document.querySelectorAll("body *")].filter((n) =>
    n.scrollHeight > n.clientHeight + 200 && n.clientHeight > innerHeight * 0.5 &&
    /(auto|scroll)/.test(getComputedStyle(n).overflowY));
  const [tallest] = boxes.sort((a, b) => b.scrollHeight - a.scrollHeight);
  const inner = Boolean(tallest) && root.scrollHeight <= innerHeight + 50;
  const box = inner ? tallest : root;

  const kept = new Map();
  const dress = (n, rules) => {
    if (kept.has(n)) return;
    const before = Object.keys(rules).map((name) =>
      [name, n.style.getPropertyValue(name), n.style.getPropertyPriority(name)]);
    kept.set(n, { before, text: n.style.cssText, written: n.getAttribute("style") });
    for (const [name, value] of Object.entries(rules)) n.style.setProperty(name, value, "important");
  };
  dress(box, { "scroll-behavior": "auto" });

  // Where the scrolled part lies in the window.
  const frame = () => {
    if (!inner) return { x: 0, y: 0, width: innerWidth, height: innerHeight };
    const r = box.getBoundingClientRect(), y = Math.max(0, r.top + box.clientTop);
    const x = Math.max(0, r.left + box.clientLeft);
    return {
      x, y, width: Math.min(box.clientWidth, innerWidth - x),
      height: Math.min(box.clientHeight, innerHeight - y),
    };
  };
  const place = () => ({ inner, width: innerWidth, top: box.scrollTop, height: box.scrollHeight, frame: frame() });

  const words = (n) => (n.textContent || "").replace(/\s+/g, " ").trim();
  // What an element shows, in short: two that show the same are one to us.
  const shows = (n) => (n.tagName === "IMG" ? n.currentSrc || n.src : words(n).slice(0, 80));
  const pinned = (n) => {
    for (; n && n !== document.body; n = n.parentElement) {
      if (/fixed|sticky/.test(getComputedStyle(n).position)) return true;
    }
    return false;
  };
  // The innermost elements that the window shows, met on a grid.
  const met = () => {
    const { x, y, width, height } = frame(), found = new Set();
    for (let down = 20; down < height; down += 90) {
      for (const share of [0.25, 0.5, 0.75]) {
        const n = document.elementFromPoint(x + width * share, y + down);
        if (n && box.contains(n) && (n.tagName === "IMG" || !n.childElementCount)) found.add(n);
      }
    }
    return [...found].filter((n) => shows(n).length > 3 && !pinned(n));
  };

  const everything = function* (from) {
    for (const n of from.querySelectorAll("*")) {
      yield n;
      if (n.shadowRoot) yield* everything(n.shadowRoot);
    }
  };

  return {
    place,
    to(top) {
      box.scrollTo({ top, behavior: "instant" });
      return place();
    },
    by(pixels) {
      const before = box.scrollTop;
      box.scrollTo({ top: before + pixels, behavior: "instant" });
      return { ...place(), moved: box.scrollTop !== before };
    },

    // What the window shows now, and which of what it showed the page no longer has at all.
    marks: () => [...new Set(met().map(shows))],
    gone(marks) {
      const text = words(document.body);
      const pictures = new Set([...document.images].map((i) => i.currentSrc || i.src));
      return marks.filter((mark) => !pictures.has(mark) && !text.includes(mark));
    },

    // Fixed elements are hidden and sticky ones let go to their own place in the page, where they
    // are painted once; gives the height of the tallest that reached into the window.
    unpin() {
      let tall = 0;
      for (const n of everything(document.body)) {
        const { position } = getComputedStyle(n);
        if (n === box || n.contains(box)) continue;
        const { height, width } = n.getBoundingClientRect();
        if (position === "fixed") {
          if (height < innerHeight * 0.6 && width) tall = Math.max(tall, height);
          dress(n, { visibility: "hidden" });
        } else if (position === "sticky") {
          if (height < innerHeight * 0.6) tall = Math.max(tall, height);
          dress(n, { position: "relative", inset: "auto" });
        }
      }
      return tall;
    },

    // The text that stands in the window, or on the whole page: [x, y, width, height, text].
    texts(whole) {
      const { x, y, width, height } = frame(), found = [], range = document.createRange();
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        const text = n.data.replace(/\s+/g, " ").trim();
        if (!text || /SCRIPT|STYLE|NOSCRIPT/.test(n.parentElement.tagName)) continue;
        range.selectNodeContents(n);
        const r = range.getBoundingClientRect();
        const seen = r.bottom > y && r.top < y + height && r.right > x && r.left < x + width;
        if (!r.width || !(whole || seen)) continue;
        if (!n.parentElement.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
          continue;
        found.push([r.left, r.top, r.width, r.height, text]);
      }
      return found;
    },

    // Frames that are seen only further down: what is in them is painted when they are in sight.
    framesBelow: () => [...document.querySelectorAll("iframe")].some((n) => {
      const r = n.getBoundingClientRect();
      return r.width > 100 && r.height > 50 && r.bottom > innerHeight &&
        n.checkVisibility({ visibilityProperty: true });
    }),
    ground() {
      for (const n of [document.body, document.documentElement]) {
        const colour = getComputedStyle(n).backgroundColor.match(/[\d.]+/g).map(Number);
        if (colour[3] !== 0) return colour.slice(0, 3);
      }
      return [255, 255, 255];
    },

    restore() {
      box.scrollTo({ top: 0, behavior: "instant" });
      for (const [n, { before, text, written }] of kept) {
        for (const [name, value, priority] of before) {
          if (value) n.style.setProperty(name, value, priority);
          else n.style.removeProperty(name);
        }
        // As it was written, unless the page has changed it meanwhile.
        if (n.style.cssText !== text) continue;
        n.getAttribute("style"); // Chromium writes the attribute only when it is asked for
        if (written === null) n.removeAttribute("style");
        else n.setAttribute("style", written);
      }
      kept.clear();
    },
  };
}
