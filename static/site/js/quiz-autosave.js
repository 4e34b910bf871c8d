/* Saves every answer when it is tapped, and goes from question to question without asking the server.
   Without this script the same form works by its button alone.

   <form method="post" data-attempt="/attempts/7"   what is tapped goes through the outbox (outbox.js) to
         data-now="1764000000000"                   /attempts/7/answers; now is the server's clock, in ms;
         data-place="…">                            place is the module's name, for the list of what waits.
                                                 The answer is JSON:
                                                 {"fields": {"seen_step": "4"}, new values of hidden fields
                                                  "problems": {"question-3": "…"}, what is no answer, and why
                                                  "questions": {"question-5": "<section …"}, drawn anew: how a
                                                  story goes on, or what another device answered
                                                  "lost": [5]} where its answer was kept and not the one sent
     <section data-question id="question-3">    one a question, asked in its <h1>; the server hides all but one;
                                                its fields are called by its id, alone or with "-…" behind it
       <p id="question-3-problem" hidden>       says in its last element what is wrong with the answer
       <p id="question-3-lost" hidden>          says that another device's answer stands
       data-unfolds, data-finished             a story, told to its end; data-button="…", the button's words for it
       <input data-reply>                       a reply: taken when the button is pressed and not when tapped
     <progress data-answered>                   how many questions have an answer; data-label="… {answered} … {all} …"
     <p role="status" data-save-state           says how saving goes, in its own words: kept, what waits outlives
        data-saving="…" data-saved="…"          this page; unsaved, it does not; closed, the paper takes no more
        data-kept="…" data-unsaved="…" data-closed="…" data-refused="… {n}">
   <input type="hidden" name="q">             the number of the question shown
   <button form=… name="reply_to" value="question-3" data-next="…" data-last="…">
                                              the button's words; it goes on to the next question and, on the last
                                              one, sends the form when nothing waits; it names the question shown. */

import { deliver, deviceName, hear, keep, useToken, waitingFor, whenEmpty } from "./outbox.js";

const form = document.querySelector("form[data-attempt]");
let questions = [...form.querySelectorAll("[data-question]")];
const progress = document.querySelector("[data-answered]");
const button = document.querySelector("button[data-last]");
const stateLine = document.querySelector("[data-save-state]");
const { attempt, now } = form.dataset;
const opened = { phone: Date.now(), steady: performance.now() };
const problems = new Set(); // the questions whose answer is none

let isStored = true;
let isClosed = false;
let isHandingIn = false;

function say(state) {
  const refused = questions.findIndex((question) => problems.has(question.id)) + 1;
  stateLine.textContent = (stateLine.dataset[state] ?? "").replace("{n}", refused);
}

/* The server's time by the later of the phone's two clocks: one can be set, the other stops in its sleep. */
function serverTime() {
  const since = Math.max(Date.now() - opened.phone, performance.now() - opened.steady);
  return Math.round(Number(now) + since);
}

function fieldsOf({ id }) {
  return [...new FormData(form)].filter(([name]) => name === id || name.startsWith(`${id}-`));
}

async function save(question, more = []) {
  say("saving");
  isStored = await keep({
    attempt,
    question: question.id,
    title: question.querySelector("h1").textContent.trim(),
    place: form.dataset.place,
    fields: [...fieldsOf(question), ...more],
    seen_step: form.elements.seen_step.value,
    tapped: serverTime(),
  });
}

/* Values stand in the order of the fields: a text or a list always has one, a box only if it is ticked. The
   lists of steps that were moved stand in another order than here, but each knows its own values. */
function fill(question, values) {
  const rest = [...values];
  for (const field of question.querySelectorAll(`[name="${question.id}"]`)) {
    const isBox = /radio|checkbox/.test(field.type);
    const mine = isBox ? [field] : field.options && [...field.options];
    const at = mine ? rest.findIndex((value) => mine.some((one) => one.value === value)) : 0;
    const [value] = at < 0 ? [] : rest.splice(at, 1);
    if (isBox) field.checked = value !== undefined;
    else field.value = value ?? "";
  }
}

async function showWaiting() {
  for (const { question: id, fields } of await waitingFor(attempt)) {
    const question = document.getElementById(id);
    const values = fields.filter(([name]) => name === id).map(([, value]) => value);
    if (question) fill(question, values);
  }
  countAnswers();
  label();
}

function showProblem(id, words) {
  if (words) problems.add(id);
  else problems.delete(id);
  const place = document.getElementById(`${id}-problem`);
  if (!place) return;
  place.hidden = !words;
  place.lastElementChild.textContent = words ?? "";
  for (const field of document.querySelectorAll(`#${id} [aria-describedby]`))
    field.setAttribute("aria-invalid", Boolean(words));
}

function showLost(id, isLost) {
  const place = document.getElementById(`${id}-lost`);
  if (place) place.hidden = !isLost;
}

function drawAnew(id, html) {
  const old = document.getElementById(id);
  if (!old) return;
  const isShown = !old.hidden;
  old.outerHTML = html;
  questions = [...form.querySelectorAll("[data-question]")];
  const question = document.getElementById(id);
  question.hidden = !isShown;
  problems.delete(id);
  if (!isShown) return;
  label();
  const news = [...question.querySelectorAll(".own")].at(-1) ?? question.querySelector("h1");
  news.tabIndex = -1;
  news.focus({ preventScroll: true });
  news.scrollIntoView();
}

hear({
  told(entry, answer) {
    if (entry.attempt !== attempt) return;
    for (const [name, value] of Object.entries(answer.fields ?? {})) form.elements[name].value = value;
    showProblem(entry.question, answer.problems?.[entry.question]);
    for (const [id, html] of Object.entries(answer.questions ?? {})) drawAnew(id, html);
    for (const position of answer.lost ?? []) showLost(`question-${position}`, true);
    countAnswers();
  },
  closed(entry) {
    isClosed ||= entry.attempt === attempt;
  },
  left(count) {
    if (isClosed) say("closed");
    else if (count) say(isStored ? "kept" : "unsaved");
    else if (problems.size) say("refused");
    else if (stateLine.textContent) say("saved");
  },
});

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

async function handIn(submitter) {
  form.elements.client_key.value = `${await deviceName()}:0`;
  isHandingIn = true;
  form.requestSubmit(submitter);
}

form.addEventListener("change", (event) => {
  countAnswers();
  label();
  const question = event.target.closest("[data-question]");
  if (!question || "reply" in event.target.dataset) return;
  showLost(question.id, false);
  save(question);
});

form.addEventListener("submit", (event) => {
  if (isHandingIn) return;
  event.preventDefault();
  const here = questions[shown()];
  const next = questions[shown() + 1];
  if (here.querySelector("[data-reply]:checked")) save(here, [["reply_to", here.id]]);
  else if (next) location.hash = next.id;
  else whenEmpty(attempt, () => handIn(event.submitter));
});

/* Everything is saved: the form brings only what is no answer, so that the server says so once more. */
form.addEventListener("formdata", ({ formData }) => {
  if (!isHandingIn) return;
  isHandingIn = false;
  for (const { id } of questions) if (!problems.has(id)) formData.delete(id);
  formData.set("asked", [...problems].map((id) => id.replace(/\D/g, "")).join(" "));
});

addEventListener("hashchange", showNamed);
useToken(attempt, form.elements.csrf_token.value);
showNamed();
showWaiting().then(deliver);
