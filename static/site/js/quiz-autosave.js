/* Saves every answer when it is tapped, and goes from question to question without asking the server.
   Without this script the same form works by its button alone.

   <form method="post" data-save-url="…">       posted there after each change; answers with JSON:
                                                 {"fields": {"seen_step": "4"}, new values of hidden fields
                                                  "problems": {"question-3": "…"}} what is no answer, and why
     <section data-question id="question-3">    one a question, asked in its <h1>; the server hides all but one
       <p id="question-3-problem" hidden>       says in its last element what is wrong with the answer
       data-unfolds, data-finished             a story, told to its end; data-button="…", the button's words for it
       <input data-reply>                       a reply: taken when the button is pressed and not when tapped, then
                                                {"questions": {"question-3": "<section …"}} comes back and goes on
     <progress data-answered>                   how many questions have an answer; data-label="… {answered} … {all} …"
     <p role="status" data-save-state           says how saving goes, in its own words:
        data-saving="…" data-saved="…" data-unsaved="…" data-stale="…"
        data-refused="… {n}">
   <input type="hidden" name="client_key">     set to "TAB:NUMBER": a save whose answer got lost is not taken for
                                              another device's
   <input type="hidden" name="q">             the number of the question shown
   <button form=… name="reply_to" value="question-3" data-next="…" data-last="…">
                                              the button's words; it goes on to the next question and, on the
                                              last one, sends the form; it names the question shown. */

const form = document.querySelector("form[data-save-url]");
let questions = [...form.querySelectorAll("[data-question]")];
const progress = document.querySelector("[data-answered]");
const button = document.querySelector("button[data-last]");
const stateLine = document.querySelector("[data-save-state]");
const GIVE_UP_AFTER = 8000;
const RETRY_AFTER = 5000;

const TAB = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // absent where the site is not https

let sent = 0;
let sending = false;
let changed = false;
let retry;
let refused = 0; // the number of the first question whose answer is none
let replyTo; // the story whose reply is being sent
let pressed; // the button of a submit that waits for the last answer to be saved

function say(state) {
  stateLine.textContent = (stateLine.dataset[state] ?? "").replace("{n}", refused);
}

async function send() {
  form.elements.client_key.value = `${TAB}:${(sent += 1)}`;
  const body = new URLSearchParams(new FormData(form));
  if (replyTo) body.append(button.name, replyTo);
  const response = await fetch(form.dataset.saveUrl, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    keepalive: true,
    signal: AbortSignal.timeout(GIVE_UP_AFTER),
  });
  if (response.status === 409) return "stale";
  if ((!response.ok && response.status !== 422) || response.redirected) return "unsaved";
  const { fields = {}, questions: stories = {}, problems = {} } = await response.json();
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  for (const [id, html] of Object.entries(stories)) goOn(id, html);
  return showProblems(problems) ? "refused" : "saved";
}

function showProblems(problems) {
  refused = questions.findIndex((question) => question.id in problems) + 1;
  for (const question of questions) {
    const place = document.getElementById(`${question.id}-problem`);
    if (!place) continue;
    place.hidden = !(question.id in problems);
    place.lastElementChild.textContent = problems[question.id] ?? "";
    for (const field of question.querySelectorAll("[aria-describedby]"))
      field.setAttribute("aria-invalid", question.id in problems);
  }
  return refused;
}

function goOn(id, html) {
  replyTo = undefined;
  const isShown = !document.getElementById(id).hidden;
  document.getElementById(id).outerHTML = html;
  questions = [...form.querySelectorAll("[data-question]")];
  const story = document.getElementById(id);
  story.hidden = !isShown;
  countAnswers();
  if (!isShown) return;
  label();
  const news = [...story.querySelectorAll(".own")].at(-1) ?? story.querySelector("h1");
  news.tabIndex = -1;
  news.focus({ preventScroll: true });
  news.scrollIntoView();
}

async function save() {
  changed = true;
  if (sending) return;
  sending = true;
  clearTimeout(retry);
  say("saving");
  let state;
  while (changed) {
    changed = false;
    state = await send().catch(() => "unsaved");
  }
  sending = false;
  if (state === "stale") replyTo = undefined;
  say(state);
  if (state === "unsaved") retry = setTimeout(save, RETRY_AFTER);
  else if (pressed) form.requestSubmit(pressed);
  pressed = undefined;
}

function isDoubted(question) {
  return question.querySelector("[value=unsure]:checked") !== null;
}

function isAnswered(question) {
  if ("unfolds" in question.dataset) return "finished" in question.dataset || isDoubted(question);
  return [...question.querySelectorAll("input, select")].some((field) =>
    /radio|checkbox/.test(field.type) ? field.checked : field.value.trim(),
  );
}

function countAnswers() {
  if (!progress) return;
  const answered = questions.filter(isAnswered).length;
  progress.value = answered;
  const words = { "{answered}": answered, "{all}": questions.length };
  progress.setAttribute("aria-label", progress.dataset.label.replace(/\{\w+\}/g, (name) => words[name]));
}

function shown() {
  return questions.findIndex((question) => !question.hidden);
}

function label() {
  const number = shown();
  const { id, dataset } = questions[number];
  const own = isDoubted(questions[number]) ? undefined : dataset.button;
  button.value = id;
  button.textContent = own ?? (number + 1 < questions.length ? button.dataset.next : button.dataset.last);
}

const first = shown();

function showNamed() {
  const named = questions.findIndex((question) => `#${question.id}` === location.hash);
  const number = named < 0 ? first : named;
  if (number === shown()) return;
  questions.forEach((question, place) => (question.hidden = place !== number));
  form.elements.q.value = number + 1;
  label();
  scrollTo(0, 0);
  const heading = questions[number].querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

form.addEventListener("change", (event) => {
  countAnswers();
  label();
  if (!("reply" in event.target.dataset)) save();
});

form.addEventListener("submit", (event) => {
  const here = questions[shown()];
  if (here.querySelector("[data-reply]:checked")) {
    event.preventDefault();
    replyTo = here.id;
    save();
    return;
  }
  const next = questions[shown() + 1];
  if (!next && !sending) return;
  event.preventDefault();
  if (next) location.hash = next.id;
  else pressed = event.submitter;
});

addEventListener("hashchange", showNamed);
addEventListener("online", () => stateLine.textContent === stateLine.dataset.unsaved && save());
showNamed();
