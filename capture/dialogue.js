// One post's dialogue as its page has it now, read and unfolded by the recipe's fields: an object that
// stays out of the page's globals. An empty selector means that the platform has none. Stands after
// identity.js.
const lines = (s) => s.replace(/[ \t\u00a0]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
// A picture that stands for a sign: platforms draw their own ❤.
const sign = (n) => (/^\P{L}{1,12}$/u.test(n.alt || "") ? n.alt : "");
const walked = (n) => [...n.childNodes].map((c) => {
  if (c.nodeType === 3) return c.data.replace(/\s+/g, " ");
  if (c.nodeType !== 1) return "";
  if (c.tagName === "BR") return "\n";
  if (c.tagName === "IMG") return sign(c);
  const { display, visibility } = getComputedStyle(c);
  if (display === "none" || visibility === "hidden") return "";
  return display.startsWith("inline") ? walked(c) : `\n${walked(c)}\n`;
}).join("").replace(/\n{2,}/g, "\n");
// innerText leaves out pictures; a document that is not rendered has no lines of its own.
const words = (n) => lines(n.ownerDocument !== document ? squeeze(n.textContent)
  : [...n.querySelectorAll("img[alt]")].some(sign) ? walked(n) : n.innerText ?? n.textContent);

const { post: p, comments: c } = fields;
const before = new Set(), sent = new Map();
let own = null; // the post's id, once it was met

const commented = (n) => (c.each ? n.closest(c.each) : null);
// What stands within the owner itself, and not within a comment below it.
const all = (owner, selector) => !selector ? [] :
  [...(owner.matches(selector) ? [owner] : []), ...owner.querySelectorAll(selector)].filter((n) => {
    const within = commented(n);
    return !within || within === owner || within.contains(owner);
  });
const first = (owner, selector) => all(owner, selector)[0] || null;
const text = (owner, selector) => {
  const n = first(owner, selector);
  return n ? n.content || words(n) : null;
};

const away = (n) => {
  const leads = n.closest("a[href]")?.href.split("#")[0];
  return Boolean(leads) && leads !== location.href.split("#")[0]; // never away from the post
};
// Whether a button may be pressed: one is a selector, and perhaps a pattern of its words.
const folds = (n, { match }) => !before.has(n) && !n.disabled && !away(n) && n.checkVisibility() &&
  (!match || new RegExp(match, "i").test(squeeze(n.innerText || n.ariaLabel)));
const buttons = (presses) => [...new Set(presses.flatMap((one) =>
  [...document.querySelectorAll(one.select)].filter((n) => folds(n, one))))];

const read = (owner, f) => {
  const time = first(owner, f.time), by = first(owner, f.handle) || first(owner, f.author);
  return {
    permalink: first(owner, f.link)?.href || null,
    name: text(owner, f.author), handle: text(owner, f.handle),
    by: by?.closest("a[href]")?.href || by?.querySelector("a[href]")?.href || null,
    text: text(owner, f.text),
    cut: fields.texts.some((one) => all(owner, one.select).some((n) => folds(n, one))),
    at: time?.getAttribute("datetime") || null,
    at_shown: time ? words(time) : null,
    at_told: time ? time.ariaLabel || time.title || time.dataset.tooltip || null : null,
    edited: f.edited ? Boolean(first(owner, f.edited)) : null,
    shared: f.shared ? Boolean(first(owner, f.shared)) : null,
    pinned: f.pinned ? Boolean(first(owner, f.pinned)) : null,
    reactions: f.reactions ? text(owner, f.reactions) || "" : null,
    links: f.text ? all(owner, f.text)
      .flatMap((n) => [...n.querySelectorAll("a[href]")].map((a) => a.href)) : null,
    media: f.media ? all(owner, f.media).map((n) => ({
      tag: n.tagName.toLowerCase(), alt: n.getAttribute("alt"),
      url: n.currentSrc || n.src || n.querySelector("source")?.src || n.dataset?.src || null,
      poster: n.poster || null })) : null,
  };
};

// The post whose page this is: of several (a thread has those above it too) the one at its address.
const whole = (n) => told(n, p) || addressed(first(n, p.link)?.href || location.href, p);
const find = () => {
  const shown = [...document.querySelectorAll(p.each)];
  if (own) return shown.find((n) => whole(n) === own) || null;
  const here = clean(location.href), id = addressed(here, p);
  return shown.find((n) => whole(n) === id || clean(first(n, p.link)?.href) === here) ||
    shown[0] || null;
};
// Without an attribute and an address, who said what and when, and which of several that is the same.
const key = (n, met) => {
  const link = first(n, c.link)?.href, id = told(n, c) || (link ? addressed(link, c) : "");
  if (id) return id;
  const time = first(n, c.time)?.getAttribute("datetime");
  const said = ["~", text(n, c.handle) || text(n, c.author), time, text(n, c.text)].join("\n");
  met.set(said, (met.get(said) || 0) + 1);
  return `${said}\n${met.get(said)}`;
};
// What it answers: an attribute says it, or it stands within it, or the thread begins with it. Else
// the post, unless all stand in one row: then the page does not tell.
const parent = (n, keys) => {
  const said = c.parent && cut(n.getAttribute(c.parent), c.id ? c.id_match : "");
  if (said) return said;
  const above = n.parentElement && commented(n.parentElement);
  if (keys.has(above)) return keys.get(above);
  for (let t = c.thread && n.closest(c.thread); t; t = t.parentElement?.closest(c.thread)) {
    const start = t.querySelector(c.each);
    if (start !== n && keys.has(start)) return keys.get(start);
  }
  return c.flat ? null : own;
};
const heard = (root, post) => {
  const follows = (n) => !post || (n !== post && !n.contains(post) &&
    post.compareDocumentPosition(n) & Node.DOCUMENT_POSITION_FOLLOWING);
  const met = new Map(), keys = new Map();
  for (const n of c.each ? root.querySelectorAll(c.each) : [])
    if (follows(n)) keys.set(n, key(n, met));
  const changed = [];
  for (const [n, id] of keys) {
    const hidden = c.hidden ? n.matches(c.hidden) : null;
    const comment = { key: id, ...read(n, c), parent: parent(n, keys), hidden };
    const written = JSON.stringify(comment);
    if (sent.get(id) !== written) changed.push(comment);
    sent.set(id, written);
  }
  return { order: [...keys.values()], changed };
};

// Pages of the same post: their addresses go on from its own.
const pages = (root, base) => {
  const here = location.pathname.replace(/\/$/, "");
  return fields.pages.flatMap((s) => [...root.querySelectorAll(s)])
    .map((n) => new URL(n.getAttribute("href") || "", base))
    .filter((url) => url.origin === location.origin && url.pathname.startsWith(`${here}/`))
    .map((url) => url.href.split("#")[0]);
};

return {
  read() {
    const post = find();
    if (post) own = whole(post);
    const outside = (n) => !commented(n) || commented(n).contains(post || document);
    const counters = c.announced ? [...document.querySelectorAll(c.announced)].filter(outside) : [];
    const words = counters.slice(0, 40).flatMap((n) => [n.content, n.innerText, n.ariaLabel]);
    return { post: post ? { id: own, ...read(post, p) } : null,
      announced: words.filter(Boolean), counted: counters.length > 0,
      ...heard(document, post) };
  },
  // A cut text is unfolded once: pressed again it would be folded.
  unfold() {
    const cuts = buttons(fields.texts);
    for (const n of cuts) { before.add(n); n.click(); }
    return cuts.length;
  },
  press() {
    const found = buttons(fields.buttons);
    for (const n of found) n.click();
    return found.length;
  },
  folded: () => buttons(fields.buttons).length,
  state: () => [c.each ? document.querySelectorAll(c.each).length : 0, buttons(fields.buttons).length,
    document.body.scrollHeight, c.each ? squeeze([...document.querySelectorAll(c.each)].at(-1)
      ?.textContent).slice(0, 80) : ""].join("|"),
  pages: () => pages(document, location.href),
  async turn(url) {
    const answer = await fetch(url);
    if (!answer.ok) return null;
    const other = new DOMParser().parseFromString(await answer.text(), "text/html");
    const base = other.createElement("base");
    base.href = url;
    other.head.prepend(base);
    return { ...heard(other, null), pages: pages(other, url) };
  },
};
