// Reads one post and its dialogue as they stand on the page; null where nothing tells.
// p and c are the recipe's selectors, an empty one meaning that the platform has none.
([p, c]) => {
  const squeeze = (s) => s.replace(/[ \t\u00a0]+/g, " ").trim();
  const mine = (node, owner, each) => !each || node.closest(each) === owner;
  const all = (owner, selector, each) =>
    selector ? [...owner.querySelectorAll(selector)].filter((n) => mine(n, owner, each)) : [];
  const read = (owner, f, each) => {
    const one = (selector) => all(owner, selector, each)[0] || null;
    const text = (selector) => { const n = one(selector); return n ? squeeze(n.innerText) : null; };
    const time = one(f.time);
    return {
      id: owner.getAttribute(f.id) || "",
      permalink: one(f.link)?.href || null,
      name: text(f.author), handle: text(f.handle), text: text(f.text),
      at: time?.getAttribute("datetime") || null,
      at_shown: time ? squeeze(time.innerText) : null,
      edited: f.edited ? Boolean(one(f.edited)) : null,
      reactions: f.reactions ? text(f.reactions) || "" : null,
      links: f.text ? all(owner, f.text, each)
        .flatMap((n) => [...n.querySelectorAll("a[href]")].map((a) => a.href)) : null,
      media: f.media ? all(owner, f.media, each).map((n) => ({
        tag: n.tagName.toLowerCase(), alt: n.getAttribute("alt"),
        url: n.currentSrc || n.src || n.dataset?.src || null,
        poster: n.poster || null })) : null,
    };
  };
  const post = document.querySelector(p.each);
  if (!post) return null;
  const comments = c.each ? [...document.querySelectorAll(c.each)].map((n) => ({
    ...read(n, c, c.each),
    parent: (c.parent && n.getAttribute(c.parent)) ||
      n.parentElement?.closest(c.each)?.getAttribute(c.id) || null,
    hidden: c.hidden ? n.matches(c.hidden) : null,
  })) : [];
  const announced = c.announced ? document.querySelector(c.announced) : null;
  return { post: read(post, p, null), comments,
    announced: announced ? squeeze(announced.innerText) : null };
}
