// The exam with JavaScript: one question at a time out of the page's data block, every answer kept on the phone until
// the server has said it is on disk, the clock by the server. Without it the same page works as plain forms.

import { clockTime, countdown, escape, notice, Outbox, post, ServerClock } from "./phone.js";

const BLOCK = 1_000_000;
const BATCH = 50;
const TYPING_MS = 800;
const BEAT_MS = 10_000;

const $ = (id) => document.getElementById(id);
const exam = JSON.parse($("exam").textContent);
const questions = exam.paper.questions;
const path = `/api/v1/attempts/${exam.attempt}`;
const outbox = new Outbox(exam.attempt, Date.parse(exam.server_time));

// ── The clock: the server's time at its last reply, carried on by a clock that nobody can turn ──

const clock = new ServerClock(exam.server_time);
let deadline = Date.parse(exam.deadline);
let paused = $("sitting").dataset.paused === "yes";

function sync(reply, sentAt) {
  clock.set(reply.server_time, sentAt);
  deadline = Date.parse(reply.deadline);
  paused = Boolean(reply.paused);
  notice("paused", paused && "主办单位按了暂停，时间也停着。已经保存的都在。");
  if (closing && deadline > clock.now()) reopen();
  tick();
}

function tick() {
  const left = deadline - clock.now();
  if (!paused) $("clock").textContent = countdown(left);
  $("ends").textContent = paused ? "暂停中" : `${clockTime(deadline)} 收卷`;
  if (paused || closing) return;
  notice("time", left <= 60_000 ? "还剩不到 1 分钟，时间一到自动收卷" : left <= 300_000 && "还剩不到 5 分钟，时间一到自动收卷");
  if (left <= 0) timeUp();
}

// ── Answers and steps ──

const answers = { ...exam.answers };
const refused = new Set();
const sent = new Map();
const early = outbox.steps;
// Another phone took over and gave back in between: what waits here may not be what stands.
const overtaken = early.some((step) => Math.floor(step.seq / BLOCK) < Math.floor(exam.last_seq / BLOCK) - 1);
for (const step of early) {
  if (!overtaken || !(step.number in answers)) answers[step.number] = step.answer;
}
let seq = Math.max(exam.last_seq, outbox.highest);
let typing;
let [frozen, closing, handing] = [false, false, false];

const waiting = () => new Set(outbox.steps.map((step) => step.number).concat(typing ? [typing.number] : []));
const blank = (answer) => answer == null || answer.length === 0 || [].concat(answer).every((text) => !text.trim());
const unanswered = () => questions.map((each) => each.number).filter((number) => blank(answers[number]));

function record(number, answer) {
  answers[number] = answer;
  refused.delete(number);
  seq += 1;
  outbox.put({ seq, number, answer, elapsed_ms: Math.max(0, Math.round(clock.now() - outbox.started)) });
  showState();
  flush();
}

function type(number, answer) {
  if (typing) clearTimeout(typing.timer);
  answers[number] = answer;
  typing = { number, answer, timer: setTimeout(finishTyping, TYPING_MS) };
  showState();
}

function finishTyping() {
  if (!typing) return;
  const { number, answer, timer } = typing;
  typing = clearTimeout(timer);
  record(number, answer);
}

// ── Sending: oldest first, again and again, until the server has them ──

let [sending, failures, retry, batch, beats] = [false, 0, 0, BATCH, 0];

/** Sends what waits; `always` asks the server for its time even when nothing does. */
async function flush(always) {
  if (sending || handing) return;
  sending = true;
  clearTimeout(retry);
  try {
    let again = always || outbox.steps.length > 0;
    while (again) {
      const steps = outbox.steps.slice(0, batch);
      if (!take(steps, await post(`${path}/steps`, { steps }))) break;
      again = outbox.steps.length > 0;
    }
  } catch {
    later(0);
  }
  sending = false;
  showState();
}

/** What the server said to these steps. False: not now, or never. */
function take(steps, { status, reply, sentAt, after }) {
  if (status === 200) {
    failures = 0;
    acknowledge(steps, reply);
    sync(reply, sentAt);
    if (closing) later(1);
    return !closing;
  }
  if (status === 409 && reply.code === "attempt-closed") {
    outbox.drop(steps.map((step) => step.seq));
    if (!closing) closeDown("这份卷子已经收了。正在打开成绩页……");
    if (outbox.steps.length === 0) leave();
    return outbox.steps.length > 0;
  }
  if ([400, 413, 422].includes(status) && steps.length > 0) {
    if (steps.length > 1) batch = 1;
    else refuse(steps[0]);
    return true;
  }
  if (status === 401) stop("登录已经过期。请再扫一次参赛证；没存上的还在这部手机上，进来就会补存。");
  else if (status === 403 || status === 404) stop("这份卷子不是现在登录的人的。请扫自己的参赛证再进来。");
  else later(after);
  return false;
}

function acknowledge(steps, reply) {
  const turned = new Map((reply.rejected || []).map((each) => [each.seq, each.code]));
  const done = steps.filter((step) => step.seq <= reply.acknowledged || turned.has(step.seq));
  outbox.drop(done.map((step) => step.seq));
  for (const step of done) {
    if (!turned.has(step.seq)) sent.set(step.seq, step);
    else if (turned.get(step.seq) === "seq-reused") record(step.number, step.answer);
    else refuse(step);
  }
  if (reply.taken_over) {
    freeze();
    notice("taken", "这份卷子正在另一部手机上作答，这里不能再改。已经保存的都在。", "alert", "在这部手机上接着答");
  } else if (overtaken && outbox.steps.length === 0) location.reload();
}

function refuse(step) {
  outbox.drop([step.seq]);
  refused.add(step.number);
}

function later(seconds) {
  failures += 1;
  const longest = closing || handing ? 3000 : 20_000;
  // Not before the server said, and not all phones at once.
  const wait = Math.max(seconds * 1000, Math.min(longest, 500 * 2 ** Math.min(failures, 6)) * 0.8);
  clearTimeout(retry);
  retry = setTimeout(() => (handing ? handIn() : flush(closing)), wait * (1 + Math.random() * 0.4));
}

// ── The end ──

function freeze() {
  frozen = true;
  document.querySelectorAll("#question input, #question textarea").forEach((field) => (field.disabled = true));
}

function closeDown(text) {
  closing = true;
  freeze();
  notice("time", text, "alert");
}

function timeUp() {
  finishTyping();
  closeDown("时间到，正在收卷。存好的都算数。");
  flush(true);
}

/** The organizer gave more time. */
function reopen() {
  [closing, frozen] = [false, false];
  notice("time", false);
  show(here);
}

function stop(text) {
  freeze();
  notice("stopped", text, "alert");
}

function leave() {
  outbox.clear();
  location.replace(`/attempts/${exam.attempt}`);
}

let missing = 0;

async function handIn() {
  handing = true;
  $("really").disabled = true;
  $("handing").textContent = "正在交卷，请别关页面……";
  try {
    const steps = outbox.steps.slice(0, BATCH);
    // Whatever was acknowledged is on disk: after asking twice nothing more can be missing than what is sent here.
    const counted = missing > 1 ? {} : { last_seq: seq };
    const { status, reply, after } = await post(`${path}/submit`, { ...counted, steps });
    if (status === 200 || reply.code === "attempt-closed") return leave();
    if (reply.code === "steps-missing" && missing < 3) {
      missing += 1;
      for (const step of sent.values()) outbox.put(step);
      handing = false;
      await flush();
      return await handIn();
    }
    if (status >= 400 && status < 500 && status !== 429) {
      handing = false;
      $("really").disabled = false;
      $("handing").textContent = `没有交上：${reply.detail || "请再点一次交卷"}。已经保存的都在。`;
      return flush();
    }
    later(after);
  } catch {
    later(0);
  }
  $("handing").textContent = "网络不好，正在一遍遍重试，请别关页面。已经保存的都在。";
}

// ── What is seen ──

let here = Number(new URLSearchParams(location.search).get("q") || document.querySelector("[name=number]").value);
const runs = (numbers) => [...numbers].sort((a, b) => a - b).join("、");

function fields(question) {
  const given = [].concat(answers[question.number] ?? []);
  if (question.kind === "recall") {
    return `<label class="field"><span class="soft">说出要点：可以打字，也可以用输入法的语音。说全、说准就行。</span><textarea name="answer" rows="6" maxlength="2000" aria-labelledby="stem">${escape(given[0] || "")}</textarea></label>`;
  }
  if (question.kind === "blanks") {
    return Array.from({ length: question.blanks }, (_, place) => `<label class="field"><span>第 ${place + 1} 空</span><input name="answer" maxlength="200" enterkeyhint="next" value="${escape(given[place] || "")}"></label>`).join("");
  }
  const many = question.kind === "multiple";
  const rows = question.choices.map(({ letter, html }) => `<label class="choice${many ? " many" : ""}"><input type="${many ? "checkbox" : "radio"}" name="answer" value="${letter}"${given.includes(letter) ? " checked" : ""}><b>${letter}</b><span>${html}</span></label>`);
  return `<div class="choices" role="${many ? "group" : "radiogroup"}" aria-labelledby="stem">${rows.join("")}</div>`;
}

const KINDS = { single: "单选", multiple: "多选", judgement: "判断", blanks: "填空", recall: "口答" };
const folded = new Set();

function materialOf(question) {
  const material = exam.paper.materials.find((each) => each.number === question.material);
  if (!material) return "";
  const shared = questions.filter((each) => each.material === material.number).map((each) => each.number);
  return `<details class="card material" data-material="${material.number}"${folded.has(material.number) ? "" : " open"}><summary>材料（第 ${runs(shared)} 题用）</summary><div class="text">${material.html}</div></details>`;
}

function show(number, focus) {
  finishTyping();
  const place = Math.max(0, questions.findIndex((each) => each.number === number));
  const question = questions[place];
  here = question.number;
  view("form");
  document.querySelector("[name=number]").value = here;
  $("place").textContent = `第 ${here} 题，共 ${questions.length} 题`;
  $("question").innerHTML = `${materialOf(question)}<div><span class="chip num">${KINDS[question.kind]} ${question.points} 分</span></div><div class="stem" id="stem" tabindex="-1">${question.stem_html}</div>${fields(question)}`;
  $("to-prev").disabled = place === 0;
  $("to-next").textContent = place + 1 === questions.length ? "去交卷" : "下一题";
  history.replaceState(null, "", `?q=${here}`);
  if (frozen) freeze();
  showState();
  if (focus) {
    scrollTo(0, 0);
    $("stem").focus({ preventScroll: true });
  }
}

const view = (name) => ["form", "sheet", "hand-in"].forEach((each) => ($(each).hidden = each !== name));

/** Cell's class, mark and word on the 答题卡; the line under the question and its class. */
const STATES = {
  refused: ["wait", "✗", "没有存上", "✗ 这一题没有存上：太长，或有特殊符号。请改一改", "state alert"],
  waiting: ["wait", "◌", "还没存上", "◌ 这一题还没存上，请别关页面", "state wait"],
  blank: ["", "", "未作答", "未作答", "state"],
  saved: ["done", "✓", "已保存", "✓ 已保存", "state ok"],
};

const stateOf = (number, wait) =>
  refused.has(number) ? "refused" : wait.has(number) ? "waiting" : blank(answers[number]) ? "blank" : "saved";

function showState() {
  const wait = waiting();
  const [, , , line, look] = STATES[stateOf(here, wait)];
  if ($("state").textContent !== line) $("state").textContent = line;
  $("state").className = look;
  wait.delete(here);
  $("others").hidden = wait.size === 0;
  $("others").textContent = wait.size ? `◌ 还没存上 ${wait.size} 题：第 ${runs(wait)} 题，网络一好就会自动补存` : "";
  const flagged = outbox.flags.has(here);
  $("flag").setAttribute("aria-pressed", String(flagged));
  $("flag").textContent = flagged ? "⚑ 已标记" : "⚑ 标记";
  if (!$("sheet").hidden) drawSheet();
}

function tally() {
  const wait = waiting();
  const inState = (state) => questions.map((each) => each.number).filter((number) => stateOf(number, wait) === state);
  const line = (look, word, numbers, after = "") => numbers.length ? `<p class="state ${look} num">${word} ${numbers.length} 题：第 ${runs(numbers)} 题${after}</p>` : "";
  return [
    `<p class="state ok num">✓ 已保存 ${inState("saved").length} 题</p>`,
    line("wait", "◌ 还没存上", inState("waiting"), "，网络一好就会自动补存"),
    line("alert", "✗ 没有存上", inState("refused"), "，请改一改"),
    line("", "未作答", inState("blank")),
    line("", "⚑ 标记", [...outbox.flags]),
  ].join("");
}

function drawSheet() {
  const wait = waiting();
  const flags = outbox.flags;
  const cells = questions.map(({ number }) => {
    const [look, mark, word] = STATES[stateOf(number, wait)];
    const [flag, said] = flags.has(number) ? ["⚑", "，有标记"] : ["", ""];
    return `<li><a class="${look}${number === here ? " here" : ""}" href="?q=${number}" data-go="${number}" aria-label="第 ${number} 题，${word}${said}">${number}<small aria-hidden="true">${mark}${flag}</small></a></li>`;
  });
  const focused = document.activeElement?.dataset?.go;
  $("sheet").innerHTML = `<h1 class="serif" tabindex="-1">答题卡</h1><ul class="grid num">${cells.join("")}</ul>${tally()}<button type="button" class="button" data-to="hand-in">交卷</button><button type="button" class="button plain" data-go="${here}">回到第 ${here} 题</button>`;
  if (focused) $("sheet").querySelector(`[data-go="${focused}"]`)?.focus();
}

function openSheet(event) {
  finishTyping();
  drawSheet();
  view("sheet");
  if (event?.type !== "popstate") history.pushState({ sheet: true }, "");
  scrollTo(0, 0);
  $("sheet").firstElementChild.focus();
}

function openHandIn() {
  const [first] = unanswered();
  $("hand-in").innerHTML = `<h1 class="serif" tabindex="-1">要交卷吗？</h1>${tally()}${first ? `<button type="button" class="button plain" data-go="${first}">去答第 ${first} 题</button>` : ""}<p>交卷后不能再改。</p><p class="state wait" id="handing" role="status"></p><button type="button" class="button" id="really">交卷</button><button type="button" class="button plain" data-to="sheet">再看看</button>`;
  view("hand-in");
  scrollTo(0, 0);
  $("really").addEventListener("click", handIn);
  $("hand-in").firstElementChild.focus();
}

// ── Hands on the page ──

function entered(event) {
  const question = questions.find((each) => each.number === here);
  const inputs = [...$("question").querySelectorAll("[name=answer]")];
  const written = question.kind === "recall" || question.kind === "blanks";
  if (event.type !== (written ? "input" : "change")) return;
  if (question.kind === "recall") return type(here, inputs[0].value);
  if (written) return type(here, inputs.map((input) => input.value));
  const letters = inputs.filter((input) => input.checked).map((input) => input.value);
  record(here, question.kind === "multiple" ? letters : letters[0]);
}

function step(by) {
  const place = questions.findIndex((each) => each.number === here) + by;
  return place >= questions.length ? openSheet() : show(questions[Math.max(0, place)].number, true);
}

$("question").addEventListener("input", entered);
$("question").addEventListener("change", (event) => (typing ? finishTyping() : entered(event)));
$("question").addEventListener("toggle", (event) => {
  folded[event.target.open ? "delete" : "add"](Number(event.target.dataset.material));
}, true);
$("form").addEventListener("submit", (event) => event.preventDefault());
$("form").addEventListener("click", (event) => {
  const go = event.target.closest("button[name=go]");
  if (!go) return;
  event.preventDefault();
  return go.id === "to-sheet" ? openSheet() : step(go.id === "to-prev" ? -1 : 1);
});
$("sitting").addEventListener("click", (event) => {
  const target = event.target.closest("[data-go],[data-to]");
  if (!target) return;
  event.preventDefault();
  if (target.dataset.go) return show(Number(target.dataset.go), true);
  return target.dataset.to === "hand-in" ? openHandIn() : openSheet();
});
$("flag").addEventListener("click", () => {
  outbox.flag(here, !outbox.flags.has(here));
  showState();
});
addEventListener("popstate", (event) => (event.state?.sheet ? openSheet(event) : show(here, true)));
addEventListener("online", () => flush());
addEventListener("pagehide", finishTyping);
addEventListener("pageshow", (event) => event.persisted && flush(true));
addEventListener("beforeunload", (event) => outbox.steps.length && !closing && event.preventDefault());
document.addEventListener("visibilitychange", () => (document.hidden ? finishTyping() : flush(true)));

$("flag").hidden = false;
show(here);
tick();
setInterval(tick, 1000);
setInterval(() => !document.hidden && (paused || ++beats % 6 === 0) && flush(true), BEAT_MS);
flush();
