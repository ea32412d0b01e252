"use strict";
const handle = document.currentScript.dataset.handle;
const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];

const consent = document.querySelector(".consent");
const answered = () => { document.body.classList.remove("waits"); consent.hidden = true; };
if (cookie("samtycke")) answered(); else consent.hidden = false;
consent.addEventListener("click", (event) => {
  const choice = event.target.dataset?.choice;
  if (!choice || choice === "settings") return;
  document.cookie = `samtycke=${choice}; path=/; max-age=31536000`;
  if (choice === "all") { document.cookie = "annons_id=spar-mig-gärna; path=/"; new Image().src = "/track.gif"; }
  answered();
});

const lazy = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    entry.target.src = entry.target.dataset.src;
    lazy.unobserve(entry.target);
  }
});
for (const picture of document.querySelectorAll("img[data-src]")) lazy.observe(picture);

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
(async () => {
  const session = await fetch("/api/session", { headers: { "X-CSRF-Token": cookie("torget_csrf") } });
  const token = session.headers.get("X-Torget-Token");
  const answer = await fetch(`/api/profile/${handle}`, { headers: { Authorization: `Bearer ${token}` } });
  for (const [name, number] of Object.entries(await answer.json())) {
    document.querySelector(`[data-count="${name}"] b`).textContent = grouped(number);
  }
  const avatar = await (await fetch(document.querySelector(".avatar").src)).blob();
  document.documentElement.dataset.avatarBytes = avatar.size;
  await fetch("/api/view", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ handle }) });
})();
