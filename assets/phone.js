// What every page of a phone needs: the outbox of answers not yet on the server's disk, asking the server with an end to
// the waiting, the countdown. Signing out leaves nothing behind.

const PREFIX = "outbox:";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) || null;
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Steps of one attempt that the server has not acknowledged. Two pages of one phone may share it: every change reads
 *  what is stored, changes that, and writes it back. Where storage is refused, memory serves until the page closes. */
export class Outbox {
  constructor(attempt, startedAt) {
    this.key = PREFIX + attempt;
    this.memory = read(this.key) || { started: startedAt, highest: 0, steps: {}, flags: [] };
    this.save(this.memory);
  }

  load() {
    return (this.stored && read(this.key)) || this.memory;
  }

  save(kept) {
    this.memory = kept;
    this.stored = write(this.key, kept);
  }

  /** The server's time when this phone first opened the attempt, in milliseconds. */
  get started() {
    return this.load().started;
  }

  /** Waiting steps, lowest number first. */
  get steps() {
    return Object.values(this.load().steps).sort((a, b) => a.seq - b.seq);
  }

  /** The highest number this phone ever used: a page that comes back from a cache must not use it again. */
  get highest() {
    return this.load().highest;
  }

  put(step) {
    const kept = this.load();
    kept.highest = Math.max(kept.highest, step.seq);
    kept.steps[step.seq] = step;
    this.save(kept);
  }

  drop(seqs) {
    const kept = this.load();
    for (const seq of seqs) delete kept.steps[seq];
    this.save(kept);
  }

  get flags() {
    return new Set(this.load().flags);
  }

  flag(number, on) {
    const kept = this.load();
    const flags = new Set(kept.flags);
    if (on) flags.add(number);
    else flags.delete(number);
    kept.flags = [...flags];
    this.save(kept);
  }

  /** Nothing of the attempt stays on the phone. */
  clear() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
    this.memory = { started: 0, highest: 0, steps: {}, flags: [] };
    this.stored = false;
  }
}

/** Posts JSON; gives up after 15 seconds, as weak networks hang rather than fail. */
export async function post(to, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15_000);
  const sentAt = performance.now();
  try {
    const response = await fetch(to, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: stop.signal,
    });
    const reply = await response.json().catch(() => ({}));
    return { status: response.status, reply, sentAt, after: Number(response.headers.get("retry-after")) || 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds as `24:36` or `1:02:03`, as the server writes them; never below nought. */
export function countdown(ms) {
  const left = Math.max(0, Math.ceil(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** HH:MM in China's civil time, whatever the phone's zone. */
export const clockTime = (at) => new Date(at + 8 * 3_600_000).toISOString().slice(11, 16);

/** The server's time at its last reply, carried on by the clock that nobody can turn. */
export class ServerClock {
  constructor(time) {
    this.server = Date.parse(time);
    this.at = performance.getEntriesByType("navigation")[0]?.responseStart || 0;
  }

  /** What a request that left at `sentAt` was told: taken as the time half-way between leaving and arriving. */
  set(time, sentAt) {
    this.server = Date.parse(time);
    this.at = (sentAt + performance.now()) / 2;
  }

  now() {
    return this.server + performance.now() - this.at;
  }
}

const notices = new Map();

/** Says `text` in `#notice` until the same key says something else or nothing; a button there loads the page again. */
export function notice(key, text, tone = "", button = "") {
  if ((notices.get(key)?.text || false) === (text || false)) return;
  if (text) notices.set(key, { text, tone, button });
  else notices.delete(key);
  const place = document.getElementById("notice");
  const again = (each) => each.button && `<button type="button" class="button quiet" data-again>${each.button}</button>`;
  place.innerHTML = [...notices.values()].map((each) => `<p class="notice ${each.tone}">${escape(each.text)}</p>${again(each)}`).join("");
  place.querySelectorAll("[data-again]").forEach((each) => each.addEventListener("click", () => location.reload()));
}

export const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function outboxes() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

/** Nothing of the one before stays on this phone: no answers, no 练习包. */
export async function forget() {
  try {
    localStorage.clear();
    for (const name of await caches.keys()) await caches.delete(name);
  } catch {
    // Nothing was kept: this browser keeps nothing.
  }
}

function guardSignOut(form) {
  const waiting = outboxes()
    .map((key) => Object.keys(read(key)?.steps || {}).length)
    .reduce((sum, each) => sum + each, 0);
  const note = form.querySelector("[data-unsaved]");
  if (waiting && note) {
    note.className = "state wait";
    note.textContent = `◌ 这部手机上还有 ${waiting} 处作答没存上。先回到那一页，等它存好再退出，不然会丢。`;
  }
  form.addEventListener("submit", (event) => {
    if (waiting && !confirm(`还有 ${waiting} 处作答没存上，退出就丢了。真的退出吗？`)) {
      event.preventDefault();
      return;
    }
    forget();
  });
}

document.querySelectorAll("form[data-sign-out]").forEach(guardSignOut);
