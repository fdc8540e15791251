// 监考: who is where, as it changes. Each event has the totals and the seats that are not as they were last told.

import { countdown } from "./phone.js";

const WORDS = { sitting: "正在答", not_started: "还没开始", handed_in: "已交卷", timed_out: "到时收卷", void: "已作废", on_leave: "请假" };
const totals = document.querySelector("[data-monitor]");
const updated = document.querySelector("[data-updated]");
const left = document.querySelector("[data-remaining]");
const cut = document.querySelector("[data-cut]");
const rows = new Map([...document.querySelectorAll("[data-person]")].map((row) => [row.dataset.person, row]));
const seen = new Map();
let ends = null;

/** `42 秒`, `6 分 40 秒`, as the server writes spans. */
function span(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds} 秒`;
  if (seconds < 3600) return seconds % 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds / 60} 分钟`;
  return `${Math.floor(seconds / 3600)} 小时 ${Math.floor(seconds / 60) % 60} 分钟`;
}

function heard(person, quiet) {
  if (quiet == null) seen.delete(person);
  else seen.set(person, performance.now() - quiet);
}

function show(seat) {
  const row = rows.get(seat.person);
  const cell = (name, text) => (row.querySelector(`[data-cell=${name}]`).textContent = text);
  const begun = seat.state !== "not_started" && seat.state !== "on_leave";
  cell("state", WORDS[seat.state]);
  cell("answered", begun ? `${seat.answered} 题` : "—");
  cell("deadline", seat.deadline ?? "—");
  cell("late", seat.late_steps > 0 ? `迟到答案 ${seat.late_steps} 步` : "");
  heard(seat.person, seat.quiet_ms);
}

function take({ data }) {
  const now = JSON.parse(data);
  // Another state has other buttons, and somebody new has a row: both are the page's to make. A form half filled in stays.
  const other = now.state !== totals.dataset.state || now.seats.some((seat) => !rows.has(seat.person));
  const typing = document.activeElement?.closest("form") || [...document.querySelectorAll("input[name=reason]")].some((each) => each.value);
  if (other && !typing) return location.reload();
  cut.hidden = true;
  updated.textContent = `${now.time} 的情况，自动更新`;
  for (const [place, count] of Object.entries(now.totals)) totals.querySelector(`[data-total=${place}]`).textContent = count;
  for (const seat of now.seats) if (rows.has(seat.person)) show(seat);
  ends = now.remaining_ms == null ? null : performance.now() + now.remaining_ms;
  tick();
}

function tick() {
  if (left && ends != null) left.textContent = countdown(ends - performance.now());
  for (const [person, at] of seen) rows.get(person).querySelector("[data-cell=seen]").textContent = `${span(performance.now() - at)}前`;
}

/** The browser reconnects by itself after a broken line, not after an error reply: then this does, ever more slowly. */
function listen(failures = 0) {
  const events = new EventSource(totals.dataset.monitor);
  events.onmessage = (event) => {
    failures = 0;
    take(event);
  };
  events.onerror = () => {
    cut.hidden = false;
    if (events.readyState === EventSource.CLOSED) setTimeout(() => listen(failures + 1), Math.min(30_000, 1000 * 2 ** failures));
  };
}

for (const [person, row] of rows) if (row.dataset.quiet) heard(person, Number(row.dataset.quiet));
if (left) ends = performance.now() + Number(left.dataset.remaining);
listen();
setInterval(tick, 1000);
