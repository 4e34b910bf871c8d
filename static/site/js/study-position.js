/* Tells the server which section of a lesson is on the screen, so that "Học tiếp" leads back to it.

   <article data-position-url="…" data-csrf-token="…">   posted there: section (a heading's id), csrf_token
   The headings of the lesson carry ids. */

const lesson = document.querySelector("[data-position-url]");
const AT_MOST_EVERY = 10_000;

let reading = "";
let told = "";
let timer;

function tell() {
  clearTimeout(timer);
  timer = undefined;
  if (reading === told) return;
  told = reading;
  fetch(lesson.dataset.positionUrl, {
    method: "POST",
    body: new URLSearchParams({ section: reading, csrf_token: lesson.dataset.csrfToken }),
    keepalive: true,
  }).catch(() => (told = ""));
}

const observer = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) if (entry.isIntersecting) reading = entry.target.id;
    if (reading !== told) timer ??= setTimeout(tell, AT_MOST_EVERY);
  },
  { rootMargin: "0px 0px -60% 0px" },
);
for (const heading of lesson.querySelectorAll("h2[id], h3[id]")) observer.observe(heading);

addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell());
addEventListener("pagehide", tell);
