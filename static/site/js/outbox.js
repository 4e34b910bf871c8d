/* Answers wait here, in the browser's own store, until the server says that it has them: a lost signal, a killed
   tab, a phone switched off lose none. Every page of a learner carries this script and sends what waits.

   <section data-outbox data-owner="7" hidden     the strip that says how many wait, in its own words:
            data-waiting="{n} …" data-held="…"    … and that handing in waits for them
            data-locked="…"                       … and that their owner has to sign in again
            data-closed="…">                      … and that a paper was closed before they came
     <span data-outbox-words> <button>            the button opens the list
   <dialog data-outbox-list>                      which waiting answers, and since when; all its words are its own
     <h2 data-waiting="{n} …" data-empty="…">     how many
     <p data-offline="…" data-unanswered="…"      why they wait
        data-locked="…" data-sent="…">
     <div data-outbox-sum="{n} …">                how many <strong data-count>, of which modules <span data-places>
     <ul> <template data-row="waiting">           a row of each state (waiting, sent, closed): {n}, {title}, {time}
     <button data-outbox-again>                   tries again at once
     <a data-outbox-in>                           to sign in, where that is needed
   <form data-after-outbox="/attempts/7">         sent only when nothing of the attempt waits any more
   <form data-signs-out>                          forgets what its owner has here; asks once more if it waits:
     <div data-unsent hidden>                     … with the words in its last element: … {n} …
   <p data-left-behind hidden>                    for nobody yet: that somebody's answers wait on this phone

   An entry is its owner's (the person signed in when it was tapped): pages of others neither show, count, send
   nor delete it. It is sent to `${attempt}/answers`, one after the other, under the name "DEVICE:NUMBER", by which
   the server knows it again. Answers with JSON: see quiz-autosave.js. Led elsewhere, 404 and 403: its owner is not
   signed in here now. Without IndexedDB the entries live as long as the page. */

const STORE = "lop-so";
const GIVE_UP_AFTER = 8000;
const STORE_OPENS_IN = 2000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

const strip = document.querySelector("[data-outbox]");
const list = document.querySelector("[data-outbox-list]");
const leftBehind = document.querySelector("[data-left-behind]");
const owner = strip?.dataset.owner;
const tokens = new Map(); // by attempt: the proof that a request is a page's own
const hearers = new Set();

let kept = []; // what waits where there is no store, and no longer than this page
let store;
const page = unheardOf(); // a device of its own, for what lives no longer than it
let device = page;
let number = 0;
let left; // what waits on this phone for this person; unknown until the first round
let isLocked = false; // whether the server takes this page for somebody else's
const done = new Map(); // what this page has sent, and how that ended, by question
let running;
let wanted = false;
let then; // what is to happen when nothing of an attempt waits: {attempt, call}
let retry;
let pause = FIRST_RETRY;

function unheardOf() {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // absent where the site is not https
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openStore() {
  const request = indexedDB.open(STORE, 1);
  request.onupgradeneeded = () => {
    if (leftBehind) return request.transaction.abort(); // who only looks makes none
    request.result.createObjectStore("answers", { keyPath: "number", autoIncrement: true });
    request.result.createObjectStore("device").add(unheardOf(), "name");
  };
  const opened = await asked(request);
  opened.onversionchange = () => opened.close(); // another tab signs out
  device = await asked(opened.transaction("device").objectStore("device").get("name"));
  store = opened;
}

function inTime(promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, STORE_OPENS_IN))]);
}

const ready = inTime(openStore()).catch(() => {}); // private browsing, Zalo, a store that never opens

function answers(mode) {
  return store.transaction("answers", mode, { durability: "strict" }).objectStore("answers");
}

async function everybodys() {
  await ready;
  return store ? asked(answers("readonly").getAll()).catch(() => []) : [];
}

async function everything() {
  return [...(await everybodys()).filter((entry) => entry.owner === owner), ...kept];
}

async function remove(entry) {
  kept = kept.filter((one) => one !== entry);
  if (entry.device !== page) await asked(answers("readwrite").delete(entry.number));
}

/* Note an answer before it is sent: {attempt, question, fields, seen_step, tapped} and, for the list, {title,
   place}. False if only in this page. */
export async function keep(entry) {
  await ready;
  try {
    await asked(answers("readwrite").add({ ...entry, owner, device }));
    return true;
  } catch {
    kept.push({ ...entry, owner, device: page, number: (number += 1) });
    return false;
  } finally {
    pause = FIRST_RETRY;
    done.delete(named(entry));
    deliver();
  }
}

/* What waits for an attempt, in the order of the taps. */
export async function waitingFor(attempt) {
  return (await everything()).filter((entry) => entry.attempt === attempt);
}

/* By what name the server knows this browser. */
export async function deviceName() {
  await ready;
  return device;
}

/* Be told of every answer of the server, and after every round of what is left. */
export function hear(hearer) {
  hearers.add(hearer);
}

/* The page's own proof for its attempt; without it one is asked for. */
export function useToken(attempt, token) {
  if (token !== undefined) tokens.set(attempt, token);
}

/* Do this when nothing of the attempt waits any more, now or later. */
export function whenEmpty(attempt, call) {
  then = { attempt, call };
  deliver();
}

async function request(address, options = {}) {
  return fetch(address, {
    headers: { Accept: "application/json" },
    redirect: "manual", // signed out: to another page
    signal: AbortSignal.timeout?.(GIVE_UP_AFTER),
    ...options,
  });
}

function isRefused({ status, type }) {
  return type === "opaqueredirect" || status === 404 || status === 403;
}

/* What became of an entry: "taken", "closed" (the paper takes no more), "locked" (its owner is not signed in), or
   "later". */
async function send(entry) {
  if (!tokens.has(entry.attempt)) {
    const response = await request(`${entry.attempt}/answers`);
    if (!response.ok) return isRefused(response) ? "locked" : "later";
    tokens.set(entry.attempt, (await response.json()).csrf_token);
  }
  const body = new URLSearchParams(entry.fields);
  body.set("asked", entry.question.replace(/\D/g, ""));
  body.set("client_key", `${entry.device}:${entry.number}`);
  body.set("seen_step", entry.seen_step);
  body.set("tapped", entry.tapped);
  body.set("csrf_token", tokens.get(entry.attempt));
  const response = await request(`${entry.attempt}/answers`, { method: "POST", body, keepalive: true });
  if (isRefused(response)) return "locked";
  const told = [200, 409, 422].includes(response.status) ? await response.json() : {};
  if (response.status === 409 && told.result) return "closed";
  if (!response.ok && !told.problems && !told.questions) {
    if (response.status === 422) tokens.delete(entry.attempt); // of a session that ended
    return "later";
  }
  for (const hearer of hearers) hearer.told?.(entry, told);
  return "taken";
}

async function round() {
  const held = new Map(); // attempts that nothing can be sent to now, and why
  let isClosed = false;
  for (;;) {
    const entries = await everything();
    const next = entries.find((entry) => !held.has(entry.attempt));
    if (!next) {
      left = entries;
      isLocked = [...held.values()].includes("locked");
      return isClosed;
    }
    const fate = await send(next).catch(() => "later");
    if (fate === "locked" || fate === "later") {
      held.set(next.attempt, fate);
      continue;
    }
    done.set(named(next), { ...next, fate });
    if (fate === "closed") {
      isClosed = true;
      for (const hearer of hearers) hearer.closed?.(next);
    } else pause = FIRST_RETRY;
    await remove(next).catch(() => held.set(next.attempt, "later"));
  }
}

function named({ attempt, question }) {
  return `${attempt} ${question}`;
}

/* The last tap on each question that waits. */
function waiting() {
  return new Map(left.map((entry) => [named(entry), entry]));
}

function say(state) {
  if (!strip) return;
  strip.querySelector("[data-outbox-words]").textContent = strip.dataset[state].replace("{n}", waiting().size);
  strip.hidden = false;
}

function row({ fate, question, title, tapped }) {
  const drawn = list.querySelector(`[data-row=${fate === "taken" ? "sent" : (fate ?? "waiting")}]`).content;
  const line = drawn.firstElementChild.cloneNode(true);
  const time = new Date(tapped).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
  const words = { "{n}": question.replace(/\D/g, ""), "{title}": title, "{time}": time };
  for (const text of line.querySelectorAll("[data-words]"))
    text.textContent = text.textContent.replace(/\{\w+\}/g, (name) => words[name]);
  return line;
}

function showList() {
  if (!list?.open) return;
  const rows = waiting();
  const [heading, why, sum] = list.querySelectorAll("h2, [data-offline], [data-outbox-sum]");
  heading.textContent = heading.dataset[rows.size ? "waiting" : "empty"].replace("{n}", rows.size);
  const reason = isLocked ? "locked" : navigator.onLine ? "unanswered" : "offline";
  why.textContent = why.dataset[rows.size ? reason : "sent"];
  sum.hidden = !rows.size;
  sum.querySelector("[data-count]").textContent = sum.dataset.outboxSum.replace("{n}", rows.size);
  const places = new Set([...rows.values()].map(({ place }) => place));
  sum.querySelector("[data-places]").textContent = [...places].join("; ");
  for (const old of list.querySelectorAll("li")) old.remove();
  list.querySelector("ul").append(...[...rows.values(), ...done.values()].map(row));
  list.querySelector("[data-outbox-again]").hidden = !rows.size;
  list.querySelector("[data-outbox-in]").hidden = !isLocked;
}

function report(isClosed) {
  for (const hearer of hearers) hearer.left?.(left.length);
  const isAwaited = then && left.some(({ attempt }) => attempt === then.attempt);
  if (left.length) {
    say(isLocked ? "locked" : isAwaited ? "held" : "waiting");
    retry = setTimeout(deliver, pause);
    pause = Math.min(2 * pause, LAST_RETRY);
  } else if (isClosed) say("closed");
  else if (strip) strip.hidden = true;
  showList();
  if (!then || isAwaited) return;
  const { call } = then;
  then = undefined;
  call();
}

/* Send what waits, in order; once more if something came meanwhile. */
export function deliver() {
  wanted = true;
  running ??= (async () => {
    while (wanted) {
      wanted = false;
      clearTimeout(retry);
      report(await round());
    }
    running = undefined;
  })();
}

function again() {
  pause = FIRST_RETRY;
  deliver();
}

addEventListener("online", again);
addEventListener("pageshow", (event) => event.persisted && again());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && again());
list?.querySelector("[data-outbox-again]").addEventListener("click", again);
strip?.querySelector("button").addEventListener("click", () => {
  list.showModal();
  showList();
});

for (const form of document.querySelectorAll("form[data-after-outbox]")) {
  const attempt = form.dataset.afterOutbox;
  const hasSeenLess = (entry) => entry.attempt === attempt && location.reload();
  if (form.elements.seen_step) hear({ told: hasSeenLess });
  form.addEventListener("submit", (event) => {
    if (left?.every((entry) => entry.attempt !== attempt)) return;
    event.preventDefault();
    whenEmpty(attempt, () => form.requestSubmit());
  });
}

/* What is this person's goes; what is another's stays for that one's return. */
async function clear() {
  const entries = await everybodys();
  if (entries.every((entry) => entry.owner === owner)) {
    store?.close();
    return asked(indexedDB.deleteDatabase(STORE));
  }
  for (const entry of await everything()) await remove(entry);
}

for (const form of document.querySelectorAll("form[data-signs-out]")) {
  const warning = form.querySelector("[data-unsent]");
  let isCleared = false;
  form.addEventListener("submit", async (event) => {
    if (isCleared) return;
    event.preventDefault();
    const unsent = (await everything()).length;
    if (unsent && warning.hidden) {
      const words = warning.lastElementChild;
      words.textContent = words.textContent.replace("{n}", unsent);
      warning.hidden = false;
      return;
    }
    await inTime(clear()).catch(() => {});
    isCleared = true;
    form.requestSubmit();
  });
}

if (leftBehind) everybodys().then((entries) => (leftBehind.hidden = !entries.length));
else if (!document.querySelector("form[data-attempt]")) deliver(); // a paper shows first what waits
