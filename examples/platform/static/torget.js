"use strict";

const handle = document.currentScript.dataset.handle;
const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];

// Consent: nothing but the page itself until it is answered.
const consent = document.querySelector(".consent");
const track = () => {
  document.cookie = "annons_id=a1b2c3d4; path=/; max-age=31536000";
  new Image().src = "/track.gif";
};
const answer = (choice) => {
  document.cookie = `samtycke=${choice}; path=/; max-age=31536000`;
  if (choice === "all" || choice.includes("adverts")) track();
  admit();
};
const admit = () => {
  document.body.classList.remove("waits");
  consent.hidden = true;
};
consent.addEventListener("click", (event) => {
  const choice = event.target.dataset?.choice;
  if (choice === "settings") consent.querySelector(".settings").hidden = false;
  else if (choice === "chosen") {
    const chosen = [...consent.querySelectorAll("input[name]:checked")].map((box) => box.name);
    answer(["necessary", ...chosen].join("+"));
  } else if (choice) answer(choice);
});
if (cookie("samtycke")) admit();
else consent.hidden = false;

// Every other picture waits for an observer, the rest for the browser's own laziness.
const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    target.src = target.dataset.src;
    watcher.unobserve(target);
  }
});
const watchPictures = (part) => {
  for (const picture of part.querySelectorAll("img[data-src]")) watcher.observe(picture);
};
watchPictures(document);

// A long feed comes in batches, as its end comes near; a dialogue as its buttons are pressed.
const replaceByFetched = async (node) => {
  const answer = await fetch(node.dataset.fetch);
  if (!answer.ok) return;
  const fetched = document.createRange().createContextualFragment(await answer.text());
  watchPictures(fetched);
  watchEnd(fetched);
  node.replaceWith(fetched);
};
const end = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    end.unobserve(target);
    replaceByFetched(target);
  }
}, { rootMargin: "600px" });
const watchEnd = (part) => {
  for (const node of part.querySelectorAll(".coming")) end.observe(node);
};
watchEnd(document);
document.addEventListener("click", ({ target }) => {
  if (target.matches(".more-comments, .more-replies") && !target.disabled) {
    target.disabled = true;
    replaceByFetched(target);
  } else if (target.matches(".more-text")) target.replaceWith(target.dataset.rest);
});

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");

const fillCounters = async () => {
  const session = await fetch("/api/session", {
    headers: { "X-CSRF-Token": cookie("torget_csrf") },
  });
  const token = session.headers.get("X-Torget-Token");
  const counts = await fetch(`/api/profile/${handle}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  for (const [name, number] of Object.entries(await counts.json())) {
    document.querySelector(`[data-count="${name}"] b`).textContent = grouped(number);
  }
};

const previewAvatar = async () => {
  const avatar = document.querySelector(".avatar");
  const blob = await (await fetch(avatar.src)).blob();
  avatar.title = `Profilbild, ${Math.ceil(blob.size / 1024)} kB`;
};

const reportView = () =>
  fetch("/api/view", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ handle, page: location.pathname, width: innerWidth }),
  });

if (document.querySelector("[data-torget=profile]")) {
  fillCounters();
  previewAvatar();
}
reportView();
