// The board as it changes: each event is the whole board, as masked or held back as the page. Rows that moved glide.

import { countdown, escape } from "./phone.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const WORDS = { live: "实时成绩", held: "暂停公布", waiting: "还没公布", announced: "成绩已公布" };
const EMPTY = {
  live: "还没有人交卷。有人交卷，名次就出现在这里。",
  held: "暂停公布：成绩由主办单位现场揭晓，到时这里会自己出来。",
  waiting: "收卷后才公布成绩。到时这里会自己出来。",
  announced: "还没有成绩。",
};

/** At least one decimal, as the server writes points. */
function tenths(points) {
  const hundredths = Math.round(points * 100);
  return (hundredths / 100).toFixed(hundredths % 10 === 0 ? 1 : 2);
}

function phoneCells(row, people) {
  const mine = row.mine ? ` <span class="chip calm">${people ? "我" : "我的单位"}</span>` : "";
  const unit = row.unit ? `<br><span class="soft">${escape(row.unit)}</span>` : "";
  const why = row.why.length ? `<details><summary>为什么</summary>${row.why.map((each) => `<p class="soft">${escape(each)}</p>`).join("")}${row.details ? `<p><a href="${escape(row.details)}">一题一题看</a></p>` : ""}</details>` : "";
  const used = row.used_ms == null ? "" : `用时 ${countdown(row.used_ms)}`;
  const sat = row.entrants == null ? "" : `参赛 ${row.sat}/${row.entrants}`;
  return `<td class="rank num">${row.rank ?? "—"}</td><td><strong>${escape(row.name)}</strong>${mine}${unit}${why}</td><td class="num"><span class="points">${tenths(row.points)}</span><br><span class="soft">${used}${sat}</span></td>`;
}

function hallCells(row, people) {
  const rank = `<td class="num rank">${row.rank ?? "—"}</td><td class="name">${escape(row.name)}</td>`;
  const points = `<td class="n num">${tenths(row.points)}</td>`;
  return people
    ? `${rank}<td class="unit">${escape(row.unit)}</td>${points}<td class="n num">${row.used_ms == null ? "" : countdown(row.used_ms)}</td>`
    : `${rank}<td class="n num">${row.sat}/${row.entrants}</td>${points}`;
}

function draw(section, board) {
  const body = section.querySelector("tbody");
  const before = new Map();
  for (const row of body.rows) {
    const open = Boolean(row.querySelector("details[open]"));
    before.set(row.dataset.id, { rank: row.dataset.rank, top: row.getBoundingClientRect().top, open });
  }
  const people = board.of === "people";
  const own = section.own || {};
  // What everybody gets does not lead to an own paper; the own row that was told before does.
  const standings = board.standings.map((row) => (row.id === own.id ? { ...row, mine: true, details: own.row?.details ?? row.details } : row));
  // Who stands further down than the list goes sees the own row below it.
  const here = own.row && people && board.standings.length && (!board.division || board.division === own.row.division);
  if (here && standings.every((row) => row.id !== own.id)) standings.push(own.row);
  const cells = section.dataset.wide ? hallCells : phoneCells;
  body.replaceChildren(
    ...standings.map((standing) => {
      const row = document.createElement("tr");
      row.dataset.id = standing.id;
      row.dataset.rank = standing.rank ?? "";
      row.className = `${standing.rank && standing.rank <= 3 ? "first" : ""}${standing.mine ? " mine" : ""}`;
      row.innerHTML = cells(standing, people);
      if (before.get(standing.id)?.open) row.querySelector("details")?.setAttribute("open", "");
      return row;
    }),
  );
  section.querySelector("table").hidden = board.standings.length === 0;
  const empty = section.querySelector("[data-empty]");
  empty.hidden = board.standings.length > 0;
  empty.textContent = section.dataset.wide && board.live === "held" ? WORDS.held : EMPTY[board.live];
  if (!still.matches) glide(body, before);
}

/** Only rows whose rank changed move, from where they stood. */
function glide(body, before) {
  for (const row of body.rows) {
    const was = before.get(row.dataset.id);
    if (!was || was.rank === row.dataset.rank) continue;
    const from = was.top - row.getBoundingClientRect().top;
    if (from) row.animate([{ transform: `translateY(${from}px)` }, { transform: "none" }], { duration: 500, easing: "ease-out" });
  }
}

let ends = null;

function setEnd(remaining) {
  ends = remaining == null ? null : performance.now() + remaining;
  tick();
}

function tick() {
  document.querySelectorAll("[data-countdown],[data-countdown-word]").forEach((each) => (each.hidden = ends == null));
  if (ends == null) return;
  document.querySelectorAll("[data-countdown]").forEach((each) => (each.textContent = countdown(ends - performance.now())));
}

function headline(board) {
  document.querySelectorAll("[data-live]").forEach((each) => (each.textContent = WORDS[board.live]));
  document.querySelectorAll("[data-handed-in]").forEach((each) => (each.textContent = board.handed_in));
  document.querySelectorAll("[data-entrants]").forEach((each) => (each.textContent = board.entrants));
  setEnd(board.remaining_ms);
}

/** The browser reconnects by itself after a broken line, not after an error reply: then this does, ever more slowly. */
function listen(section, failures = 0) {
  const events = new EventSource(section.dataset.board);
  const take = (event) => {
    failures = 0;
    const board = JSON.parse(event.data);
    headline(board);
    draw(section, board);
  };
  events.onmessage = take;
  events.addEventListener("board", take);
  events.addEventListener("own", (event) => (section.own = JSON.parse(event.data)));
  events.onerror = () => {
    if (events.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(section, failures + 1), Math.min(30_000, 1000 * 2 ** failures) * (0.8 + Math.random() * 0.4));
  };
}

for (const section of document.querySelectorAll("[data-board]")) {
  if (section.dataset.remaining && ends == null) setEnd(Number(section.dataset.remaining));
  if (section.dataset.board) listen(section);
}
setInterval(tick, 1000);
