// What tells one post or comment from another, by the recipe's fields p: its attribute (id), else its
// permalink (link) without what tracks; id_match cuts either down to what is the id: its groups, or
// all. A post without any of them is told by its text, what it leads to, its label or its picture.
const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
const clean = (href) => {
  if (!href) return "";
  const url = new URL(href, document.baseURI);
  url.hash = "";
  for (const name of [...url.searchParams.keys()])
    if (/^(_|utm_)|^(fbclid|igsh|igshid|ref|ref_src|si|pp|trk|s)$/.test(name))
      url.searchParams.delete(name);
  return url.href;
};
const cut = (text, match) => {
  if (!text || !match) return text || "";
  const found = text.match(new RegExp(match));
  return !found ? "" : found.length > 1 ? found.slice(1).join("") : found[0];
};
const deep = (n, selector) => {
  for (const { shadowRoot } of [n, ...n.querySelectorAll("*")]) {
    const found = shadowRoot && (shadowRoot.querySelector(selector) || deep(shadowRoot, selector));
    if (found) return found;
  }
  return null;
};
const one = (n, selector) => selector
  ? (n.matches(selector) ? n : n.querySelector(selector) || deep(n, selector)) : null;
const told = (n, p) => (p.id ? cut(n.getAttribute(p.id), p.id_match) : "");
const addressed = (href, p) => {
  const link = clean(href);
  return (!p.id && cut(link, p.id_match)) || link;
};
const pictured = (n) => [n, ...n.querySelectorAll("*")].map((m) => m.currentSrc || m.src ||
  getComputedStyle(m).backgroundImage.match(/url\("([^"]+)/)?.[1]).find(Boolean) || "";
// Of a tree that is seen into (piercing.py) the text is what is shown.
const seen = (n) => (typeof shown === "function" ? squeeze(shown(n)) : "");
const identity = (n, p) =>
  told(n, p) || addressed(one(n, p.link)?.href, p) ||
  ((n.querySelector("slot") && seen(n)) || squeeze(n.textContent) || seen(n)).slice(0, 300) ||
  clean(one(n, "a[href]")?.href) || squeeze(n.ariaLabel) || pictured(n);
