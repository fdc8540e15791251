// 抽问 with JavaScript: the whole session out of the page's data block, every tick kept on the phone until the server has
// said it is on disk, no waiting for the network between questions. Over HTTPS the page itself is kept until the session
// ends, so that it opens again without a network. Without this module the same page works as plain forms.

import { escape, notice, Outbox, post } from "./phone.js";
import { KeptPage } from "./spot_kept.js";

const BATCH = 100;
const TYPING_MS = 600;

const $ = (id) => document.getElementById(id);
const desk = JSON.parse($("spot").textContent);
const path = `/api/v1/spot-checks/${desk.check}`;
const outbox = new Outbox(`spot-${desk.check}`, 0);
const kept = new KeptPage(desk);

// ── What stands: the server's word, and over it what this phone has not delivered yet ──

const places = desk.people.flatMap((each) => each.questions.map((asked) => ({ each, asked })));
const keyOf = (person, number) => `${person}.${number}`;
const marks = new Map(kept.marks || desk.marks.map((set) => [keyOf(set.person, set.number), set.mark]));
const refused = new Set();
/** This phone's last word on each question, by its number. */
const latest = new Map();
for (const step of outbox.steps) stand(step);
let seq = Math.max(desk.last_seq, kept.seq, outbox.highest);
let typing;

function stand({ seq, person, number, mark }) {
  const key = keyOf(person, number);
  latest.set(key, seq);
  if (mark) marks.set(key, mark);
  else marks.delete(key);
  return { seq, person, number, mark };
}

function record(person, number, mark) {
  seq += 1;
  refused.delete(keyOf(person, number));
  outbox.put(stand({ seq, person, number, mark }));
  showState();
  flush();
}

// ── Sending: oldest first, again and again, until the server has them ──

let [sending, failures, retry, batch, finishing] = [false, 0, 0, BATCH, false];

async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(retry);
  try {
    while (outbox.steps.length > 0) {
      const steps = outbox.steps.slice(0, batch);
      if (!take(steps, await post(`${path}/steps`, { steps }))) break;
    }
    if (finishing && outbox.steps.length === 0) await finish();
  } catch {
    later(0);
  }
  sending = false;
  showState();
}

/** What the server said to these steps. False: not now, or never. */
function take(steps, { status, reply, after }) {
  if (status === 200) {
    failures = 0;
    notice("stopped", false);
    acknowledge(steps, reply);
    return true;
  }
  if ([400, 413, 422].includes(status)) {
    if (steps.length > 1) batch = 1;
    else refuse(steps[0]);
    return true;
  }
  if (status === 401) stop("登录已经过期。请再扫一次参赛证；没传上的还在这部手机上，进来就会补传。");
  else if (status === 403 || status === 404) stop("这次抽问不是现在登录的人的。请用自己的参赛证再进来。");
  else if (status === 409) stop(reply.detail || "这次抽问已经结束，没有记上。");
  else later(after);
  return false;
}

function acknowledge(steps, reply) {
  const turned = new Map(reply.rejected.map((each) => [each.seq, each.code]));
  const done = steps.filter((step) => step.seq <= reply.acknowledged);
  outbox.drop(done.map((step) => step.seq));
  for (const step of done) {
    const code = turned.get(step.seq);
    if (code === "seq-reused") {
      // Another page of this session used the number: the same again above all others, unless this phone said more since.
      const superseded = latest.get(keyOf(step.person, step.number)) > step.seq;
      seq = Math.max(seq, reply.highest) + (superseded ? 0 : 1);
      if (!superseded) outbox.put(stand({ ...step, seq }));
    } else if (code) refuse(step);
  }
  const waiting = new Set(outbox.steps.map((step) => keyOf(step.person, step.number)));
  const told = [...marks].filter(([key]) => !waiting.has(key) && !refused.has(key));
  kept.note(Math.max(...done.map((step) => step.seq)), told);
}

function refuse(step) {
  outbox.drop([step.seq]);
  refused.add(keyOf(step.person, step.number));
}

function later(seconds) {
  failures += 1;
  const wait = seconds ? seconds * 1000 : Math.min(15_000, 500 * 2 ** Math.min(failures, 5));
  clearTimeout(retry);
  retry = setTimeout(flush, wait * (0.8 + Math.random() * 0.4));
}

function stop(text) {
  finishing = false;
  notice("stopped", text, "alert", "重新打开");
}

async function finish() {
  const { status, reply, after } = await post(`${path}/finish`, {});
  if (status === 200) {
    outbox.clear();
    await kept.forget();
    location.replace(reply.sheet);
  } else if (status >= 400 && status < 500 && status !== 429) stop(reply.detail || "没有结束成，请再点一次。");
  else later(after);
}

// ── One screen a question ──

const address = new URLSearchParams(location.search);
let here = Math.max(0, indexOf(Number(address.get("person") || 1), Number(address.get("number") || 1)));

function indexOf(person, number) {
  return places.findIndex(({ each, asked }) => each.person === person && asked.number === number);
}

function choicesOf(asked) {
  const rows = asked.choices.map(({ letter, html, key }) => `<li${key ? ' class="key"' : ""}><b>${letter}</b><span>${html}</span>${key ? "<em>答案</em>" : ""}</li>`);
  return rows.length ? `<ul class="shown">${rows.join("")}</ul>` : "";
}

function ticks(asked, mark) {
  if (asked.whole) {
    const answer = asked.choices.length ? "" : `<p class="answer">答案：${asked.parts[0].html}</p>`;
    const row = (value, sign, word, on) => `<label class="choice"><input type="radio" name="said" value="${value}"${on ? " checked" : ""}><b aria-hidden="true">${sign}</b><span>${word}</span></label>`;
    return `${answer}<div class="choices verdict" role="radiogroup" aria-labelledby="stem">${row("0", "✓", "答对", mark?.said.length)}${row("none", "✗", "答错", mark && !mark.said.length)}</div>`;
  }
  const row = ({ html, others }, place) => {
    const ways = others.length ? `<small class="soft line">也可以说：${others.map(escape).join("；")}</small>` : "";
    return `<label class="choice many"><input type="checkbox" name="said" value="${place}"${mark?.said.includes(place) ? " checked" : ""}><b>${place + 1}</b><span>${html}${ways}</span></label>`;
  };
  const every = asked.parts.length > 1 ? '<button type="button" class="link tall" data-every>全说到了</button>' : "";
  return `<div class="row"><p class="soft">${asked.ordered ? "要按顺序说。" : ""}说到的，点一下：</p>${every}</div><div class="choices" role="group" aria-labelledby="stem">${asked.parts.map(row).join("")}</div>`;
}

function show(index, focus) {
  finishTyping();
  here = index;
  const { each, asked } = places[here];
  const mark = marks.get(keyOf(each.person, asked.number));
  view("form");
  const form = $("form").elements;
  [form.person.value, form.number.value] = [each.person, asked.number];
  $("whom").innerHTML = `<strong>${escape(each.name)}</strong><br><span class="soft">${escape(each.unit)}　${escape(each.post)}</span>`;
  $("place").innerHTML = `第 ${each.person} 人，共 ${desk.people.length} 人<br><strong>第 ${asked.number} 题，共 ${each.questions.length} 题</strong>`;
  const material = asked.material_html ? `<details class="card material" open><summary>材料</summary><div class="text">${asked.material_html}</div></details>` : "";
  $("question").innerHTML = `${material}<p><span class="chip">${asked.word}</span> <span class="soft">${escape(asked.topic)}</span></p><div class="stem" id="stem" tabindex="-1">${asked.stem_html}</div>${choicesOf(asked)}${ticks(asked, mark)}<label class="field comment"><span class="soft">点评（可以不写）</span><textarea name="comment" rows="2" maxlength="500">${escape(mark?.comment || "")}</textarea></label><details class="why"><summary>依据和解析</summary><p>${escape(asked.source)}</p><div class="text">${asked.rationale_html}</div></details>`;
  $("to-prev").disabled = here === 0;
  history.replaceState(null, "", `?person=${each.person}&number=${asked.number}`);
  showState();
  if (focus) {
    scrollTo(0, 0);
    $("stem").focus({ preventScroll: true });
  }
}

const view = (name) => ["form", "card"].forEach((each) => ($(each).hidden = each !== name));

function nextWord(mark) {
  const { each, asked } = places[here];
  const after = here + 1 === places.length ? "去结束" : asked.number === each.questions.length ? "下一人" : "下一题";
  if (mark) return after;
  return `${asked.whole ? "没答上" : "没说到"}，${after}`;
}

function showState() {
  const { each, asked } = places[here];
  const key = keyOf(each.person, asked.number);
  const mark = marks.get(key);
  const waiting = new Set(outbox.steps.map((step) => keyOf(step.person, step.number)));
  const said = mark && !asked.whole ? `说到 ${mark.said.length} / ${asked.parts.length} 点` : "";
  const [line, look] = refused.has(key)
    ? ["✗ 没有存上：点评太长或有特殊符号，请改一改", "alert"]
    : waiting.has(key) ? ["◌ 记在手机上，网络一好就补传", "wait"] : mark ? ["✓ 已存好", "ok"] : ["这一题还没记", ""];
  const text = said ? `${line}；${said}` : line;
  if ($("state").textContent !== text) $("state").textContent = text;
  $("state").className = `state ${look}`;
  waiting.delete(key);
  $("others").hidden = waiting.size === 0;
  $("others").textContent = waiting.size ? `◌ 还有 ${waiting.size} 题没传上，记在这部手机上，别清理浏览器` : "";
  $("to-next").textContent = nextWord(mark);
  $("skip").textContent = mark ? "不算，当作没问" : "这一题没问，跳过";
  if (!$("card").hidden) drawCard();
}

function drawCard() {
  const waiting = new Set(outbox.steps.map((step) => keyOf(step.person, step.number)));
  const cell = (each, asked) => {
    const key = keyOf(each.person, asked.number);
    const [look, sign, word] = waiting.has(key) ? ["wait", "◌", "还没传上"] : marks.has(key) ? ["done", "✓", "已记"] : ["", "", "还没问"];
    return `<li><a class="${look}" href="?person=${each.person}&amp;number=${asked.number}" data-go="${indexOf(each.person, asked.number)}" aria-label="第 ${asked.number} 题，${word}">${asked.number}<small aria-hidden="true">${sign}</small></a></li>`;
  };
  const people = desk.people.map((each) => `<section class="stack"><h2>${escape(each.name)} <span class="soft">${escape(each.unit)}</span></h2><ul class="grid num">${each.questions.map((asked) => cell(each, asked)).join("")}</ul></section>`);
  const unasked = places.length - marks.size;
  const left = unasked > 0 ? `<p class="state wait num">还有 ${unasked} 题没问。没问的题，情况表上写“没问”。</p>` : '<p class="state ok">✓ 都问完了</p>';
  const late = waiting.size ? `<p class="state wait num">◌ 还有 ${waiting.size} 题没传上。${finishing ? "网络一好就补传，补完自动出情况表，请别关页面。" : "网络一好就补传。"}</p>` : "";
  const html = `<h1 class="serif" tabindex="-1">抽问目录</h1>${people.join("")}${left}${late}<button type="button" class="button" data-finish${finishing ? " disabled" : ""}>${finishing ? "正在结束……" : "结束抽问，出情况表"}</button><button type="button" class="button plain" data-go="${here}">回到刚才的题</button>`;
  if ($("card").innerHTML !== html) $("card").innerHTML = html;
}

function openCard() {
  finishTyping();
  drawCard();
  view("card");
  scrollTo(0, 0);
  $("card").firstElementChild.focus();
}

// ── Hands on the page ──

/** What the screen says of the question on it. */
function heard() {
  const said = [...$("question").querySelectorAll("[name=said]:checked")].map((input) => Number(input.value));
  return { said: said.filter((place) => place >= 0), comment: $("question").querySelector("[name=comment]").value.trim() };
}

function setDown() {
  const { each, asked } = places[here];
  typing = clearTimeout(typing);
  record(each.person, asked.number, heard());
}

function finishTyping() {
  if (typing) setDown();
}

function onward() {
  const { each, asked } = places[here];
  finishTyping();
  if (!marks.has(keyOf(each.person, asked.number))) setDown();
  if (here + 1 === places.length) openCard();
  else show(here + 1, true);
}

function skip() {
  const { each, asked } = places[here];
  typing = clearTimeout(typing);
  if (marks.has(keyOf(each.person, asked.number))) record(each.person, asked.number, null);
  if (here + 1 === places.length) openCard();
  else show(here + 1, true);
}

$("question").addEventListener("change", (event) => event.target.name === "said" && setDown());
$("question").addEventListener("input", (event) => {
  if (event.target.name !== "comment") return;
  clearTimeout(typing);
  typing = setTimeout(setDown, TYPING_MS);
});
$("question").addEventListener("click", (event) => {
  if (!event.target.closest("[data-every]")) return;
  $("question").querySelectorAll("[name=said]").forEach((input) => (input.checked = true));
  setDown();
});
$("form").addEventListener("submit", (event) => event.preventDefault());
$("form").addEventListener("click", (event) => {
  const go = event.target.closest("button[name=go]");
  if (!go) return;
  event.preventDefault();
  ({ next: onward, prev: () => show(here - 1, true), card: openCard, skip })[go.value]();
});
$("card").addEventListener("click", (event) => {
  const target = event.target.closest("[data-go],[data-finish]");
  if (!target) return;
  event.preventDefault();
  if (target.dataset.go) return show(Number(target.dataset.go), true);
  finishing = true;
  drawCard();
  return flush();
});
addEventListener("online", flush);
addEventListener("pagehide", finishTyping);
addEventListener("beforeunload", (event) => outbox.steps.length && event.preventDefault());
document.addEventListener("visibilitychange", () => (document.hidden ? finishTyping() : flush()));

show(here);
flush();
kept.keep();
