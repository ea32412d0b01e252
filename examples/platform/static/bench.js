"use strict";

const { page, layout, consent: asks } = document.body.dataset;
const feed = document.querySelector(".feed");
const blank = document.getElementById("post");
const LATE_MS = 1500;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const source = (post) => `/bench/-/picture/${post.picture.slice(1)}.png`;
const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];

// A post, written into a cell: a new one, or one that showed another post until now.
const fill = (cell, post) => {
  const article = cell.querySelector("article"), picture = cell.querySelector("img");
  article.style.height = `${post.height}px`;
  cell.querySelector("i").style.background = post.colour;
  cell.querySelector(".when").href = `/bench/${page}/${post.id}`;
  const time = cell.querySelector("time");
  [time.dateTime, time.textContent] = [post.at, post.at.slice(0, 10)];
  cell.querySelector("p").textContent = post.text;
  picture.hidden = !post.picture;
  if (post.picture) picture.src = source(post);
  else picture.removeAttribute("src");
  return cell;
};
const made = (post) => fill(blank.content.firstElementChild.cloneNode(true), post);
const fetched = async (from = 0, count = 0, headers = {}) =>
  (await fetch(`/bench/-/posts/${page}?from=${from}&count=${count}`, { headers })).json();

const once = (seen, options) => {
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) { watcher.unobserve(target); seen(target); }
    }
  }, options);
  return watcher;
};

// The window is scrolled; cells are placed by transform, their heights guessed until measured;
// more is fetched as the end comes near; what is far out of sight leaves the DOM.
const virtual = () => {
  const GUESS = 300, FAR = 500, BATCH = 20;
  const list = feed.querySelector(".list"), posts = [], heights = [], shown = new Map();
  let more = true, busy = false, queued = false;
  const grow = async () => {
    busy = true;
    const got = await fetched(posts.length, BATCH);
    await wait(60);
    posts.push(...got.posts);
    [more, busy] = [got.more, false];
    render();
  };
  const render = () => {
    const above = -list.getBoundingClientRect().top;
    const wanted = new Map();
    let y = 0;
    posts.forEach((post, n) => {
      const height = heights[n] ?? GUESS;
      if (y + height > above - FAR && y < above + innerHeight + FAR) wanted.set(n, y);
      y += height;
    });
    list.style.minHeight = `${y}px`;
    for (const [n, cell] of shown) if (!wanted.has(n)) { cell.remove(); shown.delete(n); }
    for (const [n, top] of wanted) {
      if (!shown.has(n)) { shown.set(n, made(posts[n])); list.append(shown.get(n)); }
      shown.get(n).style.transform = `translateY(${top}px)`;
    }
    let changed = false, shift = 0;
    for (const [n, top] of wanted) {
      const height = shown.get(n).offsetHeight;
      if (heights[n] === height) continue;
      if (top + (heights[n] ?? GUESS) < above) shift += height - (heights[n] ?? GUESS);
      [heights[n], changed] = [height, true];
    }
    if (shift) scrollBy({ top: shift, behavior: "instant" });
    if (changed) render();
    else if (more && !busy && above + innerHeight + 4 * FAR > y) grow();
  };
  const soon = () => {
    if (!queued) requestAnimationFrame(() => { queued = false; render(); });
    queued = true;
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  grow();
};

// An inner box is scrolled; two spacers stand for what is not there; nodes are used again.
const inner = async () => {
  const GAP = 12, FAR = 500;
  const box = document.querySelector(".scroller"), list = feed.querySelector(".list");
  const { posts } = await fetched();
  const render = () => {
    const above = box.getBoundingClientRect().top - list.getBoundingClientRect().top;
    let y = 0, before = 0, after = 0;
    const wanted = [];
    for (const post of posts) {
      const height = post.height + GAP;
      if (y + height <= above - FAR) before += height;
      else if (y >= above + box.clientHeight + FAR) after += height;
      else wanted.push(post);
      y += height;
    }
    list.style.padding = `${before}px 0 ${after}px`;
    wanted.forEach((post, n) => {
      const cell = list.children[n];
      if (!cell) list.append(made(post));
      else if (cell.dataset.holds !== post.id) fill(cell, post);
      list.children[n].dataset.holds = post.id;
    });
    while (list.children.length > wanted.length) list.lastElementChild.remove();
  };
  let queued = false;
  box.addEventListener("scroll", () => {
    if (!queued) requestAnimationFrame(() => { queued = false; render(); });
    queued = true;
  }, { passive: true });
  render();
};

const infinite = async () => {
  const BATCH = 12, end = document.querySelector(".end");
  const session = await fetch("/api/session", { headers: { "X-CSRF-Token": cookie("torget_csrf") } });
  const headers = { Authorization: `Bearer ${session.headers.get("X-Torget-Token")}` };
  const sentinel = document.createElement("div");
  feed.after(sentinel);
  const watcher = once(async () => {
    const got = await fetched(feed.children.length, BATCH, headers);
    await wait(80);
    feed.append(...got.posts.map(made));
    if (got.more) watcher.observe(sentinel);
    else end.hidden = false;
  }, { rootMargin: "400px" });
  watcher.observe(sentinel);
};

// A page in an open shadow tree.
const shadow = async () => {
  const root = document.querySelector("bench-app").attachShadow({ mode: "open" });
  root.append(document.getElementById("app").content.cloneNode(true));
  const { posts } = await fetched();
  root.querySelector(".feed").append(...posts.map(made));
};

const AT_A_TIME = 8;
const next = async () => {
  const got = await fetched(feed.children.length, AT_A_TIME);
  feed.append(...got.posts.map(made));
  return got.more;
};

// The end is seen, and only a second later more is asked for.
const delayed = async () => {
  const sentinel = document.createElement("div"), end = document.querySelector(".end");
  await next();
  feed.after(sentinel);
  const watcher = once(async () => {
    await wait(1000);
    if (await next()) watcher.observe(sentinel);
    else end.hidden = false;
  });
  watcher.observe(sentinel);
};

const button = async () => {
  const more = document.querySelector(".more");
  more.addEventListener("click", async () => { more.hidden = !(await next()); });
  await next();
};

// The window is scrolled; what is out of sight leaves the DOM, and nothing in it bears a word.
const wordless = (draw) => async () => {
  const FAR = 200, list = feed.querySelector(".list"), shown = new Map();
  const { posts } = await fetched();
  const render = () => {
    const above = -list.getBoundingClientRect().top;
    let y = 0;
    for (const post of posts) {
      const near = y + post.height > above - FAR && y < above + innerHeight + FAR;
      if (near && !shown.has(post)) {
        const one = draw(post);
        one.style.top = `${y}px`;
        one.style.height = `${post.height}px`;
        shown.set(post, one);
        list.append(one);
      } else if (!near && shown.has(post)) {
        shown.get(post).remove();
        shown.delete(post);
      }
      y += post.height;
    }
    list.style.height = `${y}px`;
  };
  addEventListener("scroll", render, { passive: true });
  addEventListener("resize", render);
  render();
};
const colours = wordless((post) => {
  const box = Object.assign(document.createElement("div"), { className: "box" });
  box.style.background = post.colour;
  return box;
});
const tiles = wordless((post) => {
  const article = Object.assign(document.createElement("article"), { className: "post" });
  const spine = document.createElement("i"), link = document.createElement("a");
  spine.style.background = post.colour;
  link.href = `/bench/${page}/${post.id}`;
  link.ariaLabel = "Inlägg";
  link.style.backgroundImage = `url("${source(post)}")`;
  article.append(spine, link);
  return article;
});

const lazy = () => {
  const watcher = once((picture) => { picture.src = picture.dataset.src; }, { threshold: 0.01 });
  document.querySelectorAll("img[data-src]").forEach((picture) => watcher.observe(picture));
};

const reflow = async () => {
  const watcher = once(async (cutting) => { await wait(400); cutting.classList.add("seen"); });
  document.querySelectorAll(".cutting").forEach((cutting) => watcher.observe(cutting));
  await wait(1200);
  const notice = Object.assign(document.createElement("p"), { className: "notice" });
  notice.textContent = "Nytt: driftstopp på lördag kl. 08–10.";
  feed.before(notice);
};

const poll = async () => {
  for (let n = 1; ; n++) {
    await fetch("/bench/-/news");
    document.querySelector(".news").textContent = `hämtat ${n} gånger`;
    await wait(400);
  }
};

const endless = () => addEventListener("load", async () => {
  new EventSource("/bench/-/events");
  const pixel = Object.assign(new Image(1, 1), { src: "/bench/-/never.png" });
  document.querySelector(".end").append(pixel);
  const reader = (await fetch("/bench/-/stream")).body.getReader();
  while (!(await reader.read()).done);
});

const slow = async () => {
  const { posts } = await fetched(feed.children.length);
  feed.append(...posts.map(made));
};

const worker = async () => {
  await navigator.serviceWorker.register("/bench/-/worker.js", { scope: "/bench/worker" });
  await navigator.serviceWorker.ready;
  const { posts } = await fetched();
  feed.append(...posts.map(made));
  document.querySelector(".end").hidden = false;
};

const socket = () => {
  const wire = new WebSocket(`ws://${location.host}/bench/-/socket`);
  wire.onmessage = ({ data }) => {
    const post = JSON.parse(data);
    if (!post.tick) feed.append(made(post));
    else document.querySelector(".end").hidden = false;
  };
};

// A frame says how tall it is.
const frames = () => addEventListener("message", ({ data, source: from }) => {
  const frame = [...document.querySelectorAll("iframe")].find((f) => f.contentWindow === from);
  if (frame && data.height) frame.style.height = `${data.height}px`;
});

const consent = () => {
  const name = `samtycke-${page}`, banner = document.querySelector(".consent");
  const track = () => { new Image().src = "/bench/-/track.gif"; };
  const answer = (choice) => {
    document.cookie = `${name}=${choice}; path=/bench`;
    if (choice === "all") track();
    document.body.classList.remove("waits");
    banner.remove();
  };
  const press = (event) => {
    const choice = event.target.dataset?.choice;
    if (choice === "settings") {
      banner.querySelector(".first").hidden = true;
      banner.querySelector(".second").hidden = false;
    } else if (choice) answer(choice === "chosen" ? "refused" : choice);
  };
  if (cookie(name) === "all") track();
  if (!banner || cookie(name)) return;
  if (asks === "shadow") {
    const root = banner.attachShadow({ mode: "open" });
    root.append(document.getElementById("shadow").content.cloneNode(true));
    root.addEventListener("click", press);
  }
  banner.addEventListener("click", press);
  addEventListener("message", ({ data }) => data.choice && answer(data.choice));
  const stand = () => {
    document.body.classList.toggle("waits", banner.classList.contains("veil"));
    banner.hidden = false;
  };
  if (asks === "late") setTimeout(stand, LATE_MS);
  else if (asks === "scroll") addEventListener("scroll", stand, { once: true });
  else stand();
};

({
  virtual, inner, infinite, lazy, reflow, poll, endless, slow, worker, socket, frames, shadow,
  "shadow-inner": shadow, delayed, button, colours, tiles,
})[layout]?.();
if (asks) consent();
