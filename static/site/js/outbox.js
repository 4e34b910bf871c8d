/* Answers wait here, in the browser's own store, until the server says that it has them: a lost signal, a killed
   tab, a phone switched off lose none. Every page of a learner carries this script and sends what waits.

   <section data-outbox hidden                    the strip that says how many wait, in its own words:
            data-waiting="{n} …" data-held="…"    … and that handing in waits for them
            data-closed="…">                      … and that a paper was closed before they came
     <span data-outbox-words> <button>            the button tries again at once
   <form data-after-outbox>                       sent only when nothing waits any more
   <form data-signs-out>                          empties the store; asks once more if something waits:
     <div data-unsent hidden>                     … with the words in its last element: … {n} …

   An entry is sent to `${attempt}/answers`, one after the other, under the name "DEVICE:NUMBER", by which the
   server knows it again. Answers with JSON: see quiz-autosave.js. 404 and 403: it is somebody else's, and stays
   for its owner. Without IndexedDB the entries live as long as the page. */

const STORE = "lop-so";
const GIVE_UP_AFTER = 8000;
const STORE_OPENS_IN = 2000;
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

const strip = document.querySelector("[data-outbox]");
const tokens = new Map(); // by attempt: the proof that a request is a page's own
const hearers = new Set();

let kept = []; // what waits where there is no store, and no longer than this page
let store;
const page = unheardOf(); // a device of its own, for what lives no longer than it
let device = page;
let number = 0;
let left; // what waits on this phone for this person; unknown until the first round
let running;
let wanted = false;
let then; // what is to happen when nothing waits
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

async function everything() {
  await ready;
  const stored = store ? await asked(answers("readonly").getAll()).catch(() => []) : [];
  return [...stored, ...kept];
}

async function remove(entry) {
  kept = kept.filter((one) => one !== entry);
  if (entry.device !== page) await asked(answers("readwrite").delete(entry.number));
}

/* Note an answer before it is sent: {attempt, question, fields, seen_step, tapped}. False if only in this page. */
export async function keep(entry) {
  await ready;
  try {
    await asked(answers("readwrite").add({ ...entry, device }));
    return true;
  } catch {
    kept.push({ ...entry, device: page, number: (number += 1) });
    return false;
  } finally {
    pause = FIRST_RETRY;
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

/* Do this when nothing waits any more, now or later. */
export function whenEmpty(call) {
  then = call;
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

async function tokenFor(attempt) {
  if (!tokens.has(attempt)) {
    const response = await request(`${attempt}/answers`);
    if (!response.ok) return response.status === 404 || response.status === 403 ? null : undefined;
    tokens.set(attempt, (await response.json()).csrf_token);
  }
  return tokens.get(attempt);
}

/* What became of an entry: "taken", "closed" (the paper takes no more), "foreign", or "later". */
async function send(entry) {
  const token = await tokenFor(entry.attempt);
  if (token === null) return "foreign";
  if (token === undefined) return "later";
  const body = new URLSearchParams(entry.fields);
  body.set("asked", entry.question.replace(/\D/g, ""));
  body.set("client_key", `${entry.device}:${entry.number}`);
  body.set("seen_step", entry.seen_step);
  body.set("tapped", entry.tapped);
  body.set("csrf_token", token);
  const response = await request(`${entry.attempt}/answers`, { method: "POST", body, keepalive: true });
  if (response.status === 404 || response.status === 403) return "foreign";
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
  let closed = false;
  for (;;) {
    const entries = await everything();
    const next = entries.find((entry) => !held.has(entry.attempt));
    if (!next) {
      left = entries.filter((entry) => held.get(entry.attempt) !== "foreign");
      return closed;
    }
    const fate = await send(next).catch(() => "later");
    if (fate === "foreign" || fate === "later") {
      held.set(next.attempt, fate);
      continue;
    }
    if (fate === "closed") {
      closed = true;
      for (const hearer of hearers) hearer.closed?.(next);
    } else pause = FIRST_RETRY;
    await remove(next).catch(() => held.set(next.attempt, "later"));
  }
}

function say(words) {
  if (!strip) return;
  const count = new Set(left.map((entry) => `${entry.attempt} ${entry.question}`)).size;
  strip.querySelector("[data-outbox-words]").textContent = words.replace("{n}", count);
  strip.hidden = false;
}

function report(closed) {
  for (const hearer of hearers) hearer.left?.(left.length);
  if (left.length) {
    say(then ? strip?.dataset.held : strip?.dataset.waiting);
    retry = setTimeout(deliver, pause);
    pause = Math.min(2 * pause, LAST_RETRY);
    return;
  }
  if (closed) say(strip?.dataset.closed);
  else if (strip) strip.hidden = true;
  const call = then;
  then = undefined;
  call?.();
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
strip?.querySelector("button").addEventListener("click", again);

for (const form of document.querySelectorAll("form[data-after-outbox]")) {
  if (form.elements.seen_step) hear({ told: () => location.reload() }); // it has seen less
  form.addEventListener("submit", (event) => {
    if (left?.length === 0) return;
    event.preventDefault();
    whenEmpty(() => form.requestSubmit());
  });
}

function clear() {
  store?.close();
  return inTime(asked(indexedDB.deleteDatabase(STORE))).catch(() => {});
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
    await clear();
    isCleared = true;
    form.requestSubmit();
  });
}

if (!document.querySelector("form[data-attempt]")) deliver(); // a paper shows first what waits
