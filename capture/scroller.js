// One document's own scroll, as a capture needs it. Evaluates to an object that stays out of the
// page's globals: what really scrolls, what the window shows, and what is pinned to it; or to null
// where nothing scrolls that is as large as asked for. See piercing.py for what it sees by.
({ whole, width, height }) => {
  const root = document.scrollingElement || document.documentElement;
  const hidden = (n) => n.scrollHeight - n.clientHeight;
  const large = (n) => n.clientWidth > width * 0.4 && n.clientHeight > height * 0.5;
  // A body's overflow is the window's, unless the document has its own.
  const own = (n) => n !== document.documentElement &&
    (n !== document.body || getComputedStyle(document.documentElement).overflowY !== "visible");
  const boxes = () => [...everything(document)].filter((n) => n !== root && hidden(n) > 200 &&
    large(n) && own(n) && /(auto|scroll)/.test(getComputedStyle(n).overflowY) &&
    n.checkVisibility({ visibilityProperty: true }));
  const thatScroll = () => // a frame's own window is one of them, the page's is not
    [...boxes(), ...(window !== top && large(root) && hidden(root) > 200 ? [root] : [])];
  const [tallest] = whole ? [root] : thatScroll().sort((a, b) => hidden(b) - hidden(a));
  if (!tallest) return null;
  const box = tallest, inner = box !== root;

  const kept = new Map();
  const dress = (n, rules) => {
    if (kept.has(n)) return;
    const before = Object.keys(rules).map((name) =>
      [name, n.style.getPropertyValue(name), n.style.getPropertyPriority(name)]);
    kept.set(n, { before, text: n.style.cssText, written: n.getAttribute("style") });
    for (const [name, value] of Object.entries(rules)) n.style.setProperty(name, value, "important");
  };
  dress(box, { "scroll-behavior": "auto" });

  // Where the scrolled part lies in this document's window: whole, and what of it is in sight.
  const outline = () => {
    if (!inner) return { x: 0, y: 0, width: innerWidth, height: innerHeight };
    const r = box.getBoundingClientRect();
    return { x: r.left + box.clientLeft, y: r.top + box.clientTop,
      width: box.clientWidth, height: box.clientHeight };
  };
  const frame = () => {
    const o = outline(), x = Math.max(0, o.x), y = Math.max(0, o.y);
    return { x, y, width: Math.max(0, Math.min(o.x + o.width, innerWidth) - x),
      height: Math.max(0, Math.min(o.y + o.height, innerHeight) - y) };
  };
  const place = () => ({ inner, width: innerWidth, top: box.scrollTop, height: box.scrollHeight,
    hidden: hidden(box), frame: frame(), outline: outline() });
  const frames = (count) => new Promise((done) => {
    const next = (left) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
    next(count);
  });

  const words = (n) => (n.textContent || "").replace(/\s+/g, " ").trim();
  const behind = (n) => getComputedStyle(n).backgroundImage.match(/url\("([^"]+)/)?.[1] || "";
  const leads = (n) => { while (n && !n.href) n = up(n); return n?.href?.baseVal ?? n?.href ?? ""; };
  // What an element shows, in short: two that show the same are one to us. Without words, picture
  // or link nothing but its colour tells it.
  const shows = (n) => {
    const text = words(n).slice(0, 80);
    if (text.length > 3) return ["text", text];
    if (n.tagName === "IMG") return ["picture", n.currentSrc || n.src];
    if (behind(n)) return ["picture", behind(n)];
    if (leads(n)) return ["link", leads(n)];
    return ["colour", getComputedStyle(n).backgroundColor];
  };
  const pinned = (n) => {
    for (; n && n !== document.body; n = up(n)) {
      if (/fixed|sticky/.test(getComputedStyle(n).position)) return true;
    }
    return false;
  };
  const deepest = (x, y) => {
    let n = document.elementFromPoint(x, y);
    for (let next; (next = n?.shadowRoot?.elementFromPoint(x, y)) && next !== n; ) n = next;
    return n;
  };
  // The innermost elements that the window shows, met on a grid.
  const met = () => {
    const { x, y, width: wide, height: tall } = frame(), found = new Set();
    for (let down = 20; down < tall; down += 90) {
      for (const share of [0.25, 0.5, 0.75]) {
        const n = deepest(x + wide * share, y + down);
        if (n && n !== box && within(n, box) && !n.childElementCount && !n.shadowRoot) found.add(n);
      }
    }
    return [...found].filter((n) => !pinned(n));
  };
  // What was met: each with what it showed then, held loosely, so that the page may drop it.
  const seen = [], known = new WeakMap(), MOST = 3000;

  // What a text's boxes leave to be seen of it.
  const clips = new Map();
  const clip = (n) => {
    if (!n) return [-1e9, -1e9, 1e9, 1e9];
    if (clips.has(n)) return clips.get(n);
    let area = clip(up(n));
    const { overflowX, overflowY, clip: cut, position } = getComputedStyle(n);
    if (n !== root && n !== document.body && n !== document.documentElement &&
        (overflowX !== "visible" || overflowY !== "visible" ||
          (cut !== "auto" && position === "absolute"))) {
      const r = n.getBoundingClientRect();
      area = [Math.max(area[0], r.left), Math.max(area[1], r.top),
        Math.min(area[2], r.right), Math.min(area[3], r.bottom)];
    }
    clips.set(n, area);
    return area;
  };
  const boxed = (n) => {
    while (n && getComputedStyle(n).display === "contents") n = up(n);
    return n;
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
    // A little up and down again, so that what watches for the end sees it come once more.
    async nudge() {
      const before = box.scrollTop;
      box.scrollTo({ top: before - frame().height / 2, behavior: "instant" });
      await frames(2);
      box.scrollTo({ top: before, behavior: "instant" });
      await frames(1);
    },
    // Whether it can be scrolled on, and how many elements there are.
    room: () => [Math.max(0, hidden(box) - box.scrollTop), [...everything(document)].length],

    // The button at the end that brings more, by the recipe's selector or else by its words: its
    // text, pressed if so asked. Never one that leads away, sends a form, or stands within a post.
    more(selector, wording, each, press) {
      const fits = wording ? new RegExp(wording, "iu") : null, here = location.href.split("#")[0];
      const said = (n) => (n.innerText || n.value || n.ariaLabel || "").trim();
      const near = (n) => n.getBoundingClientRect().top > -innerHeight;
      const away = (n) => {
        const link = leads(n).split("#")[0];
        return Boolean(link) && !link.startsWith("javascript:") && link !== here;
      };
      const found = all(selector || "button, [role=button], a, input[type=button]").find((n) =>
        (!fits || fits.test(said(n))) && near(n) && !n.disabled && !away(n) &&
        !(n.form && n.type === "submit") && !n.closest("nav, header, dialog, [role=dialog]") &&
        !(each && n.closest(each)) && n.checkVisibility({ visibilityProperty: true }));
      if (found && press) found.click();
      return found ? said(found) || "…" : "";
    },

    // What the window shows now is remembered.
    meet() {
      for (const n of met()) {
        if (known.has(n) || seen.length >= MOST) continue;
        const [kind, mark] = shows(n);
        known.set(n, seen.length);
        seen.push({ held: new WeakRef(n), kind, mark, lost: false });
      }
    },
    // Of what was met, how much the page has dropped at any time: [dropped, met].
    lost() {
      let text, others;
      const elsewhere = ({ kind, mark }) => {
        if (kind === "colour") return false;
        if (kind === "text") {
          text ??= roots(document.body).map(words).join(" ");
          return text.includes(mark);
        }
        others ??= new Set([...everything(document.body)].flatMap((n) =>
          [n.currentSrc || n.src, n.href, behind(n)].filter(Boolean)));
        return others.has(mark);
      };
      for (const one of seen) {
        const n = one.held.deref();
        const stays = n?.isConnected && String(shows(n)) === String([one.kind, one.mark]);
        if (!stays && !one.lost) one.lost = !elsewhere(one);
      }
      return [seen.filter((one) => one.lost).length, seen.length];
    },

    // Fixed elements are hidden and sticky ones let go to their own place in the page, where they
    // are painted once; gives the height of the tallest that reached into the window.
    unpin() {
      let tall = 0;
      const scrolled = [box, ...boxes(), ...all("iframe").filter(large)];
      for (const n of everything(document.body)) {
        const { position } = getComputedStyle(n);
        if (!/fixed|sticky/.test(position) || scrolled.some((one) => within(one, n))) continue;
        const { height: high, width: wide } = n.getBoundingClientRect();
        if (position === "fixed") {
          if (high < innerHeight * 0.6 && wide) tall = Math.max(tall, high);
          dress(n, { visibility: "hidden" });
        } else {
          if (high < innerHeight * 0.6) tall = Math.max(tall, high);
          dress(n, { position: "relative", inset: "auto" });
        }
      }
      return tall;
    },

    // The text that stands in the window, or on the whole page: [x, y, width, height, text], and
    // whether all of it is there to be seen.
    texts(everywhere) {
      const { x, y, width: wide, height: tall } = frame(), found = [], range = document.createRange();
      clips.clear();
      for (const tree of roots(document.body)) {
        const walk = document.createTreeWalker(tree, NodeFilter.SHOW_TEXT);
        for (let n = walk.nextNode(); n; n = walk.nextNode()) {
          const text = n.data.replace(/\s+/g, " ").trim(), holder = up(n);
          if (!text || unread.test(holder.tagName)) continue;
          range.selectNodeContents(n);
          const r = range.getBoundingClientRect();
          const inSight = r.bottom > y && r.top < y + tall && r.right > x && r.left < x + wide;
          if (!r.width || !(everywhere || inSight)) continue;
          if (!boxed(holder)?.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
            continue;
          const [left, above, right, below] = clip(holder);
          const clear = r.left >= left - 1 && r.top >= above - 1 &&
            r.right <= right + 1 && r.bottom <= below + 1;
          found.push([r.left, r.top, r.width, r.height, text, clear]);
        }
      }
      return found;
    },

    // Frames that are seen only further down: what is in them is painted when they are in sight.
    framesBelow: () => all("iframe").some((n) => {
      const r = n.getBoundingClientRect();
      return r.width > 100 && r.height > 50 && r.bottom > innerHeight &&
        n.checkVisibility({ visibilityProperty: true });
    }),
    // What other large boxes hide, in pixels: no picture of this one shows it.
    others: () => thatScroll().filter((n) => n !== box).reduce((sum, n) => sum + hidden(n), 0),
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
