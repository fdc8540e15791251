// 练习包 on the phone: downloads it, practises it without a network, sends the answers when there is one again, in the order
// given. Each answer has a number of its own that the server takes once, however often it is sent.
import { check } from "./check.js";
import { Outbox, clockTime, escape, post } from "./phone.js";

const CACHE = "pack:";
/** Lower numbers belong to answers given on the website, where a question's number is the step's. */
const FIRST_SEQ = 1001;
const PACK = "/practice/offline/pack.json";
const SCOPES = ["/practice/offline", "/lookup"];

const $ = (id) => document.getElementById(id);
let pack = null;
let at = null;

const able = () =>
  isSecureContext && "serviceWorker" in navigator && "caches" in window && !("wechat" in $("unable").dataset);

function tell(text, tone = "") {
  $("told").hidden = !text;
  $("told").className = `notice ${tone}`;
  $("told").textContent = text;
}

/** One part of the page at a time; a question has the screen to itself. */
function show(part) {
  for (const id of ["unable", "kept", "fetch", "going"]) $(id).hidden = id !== part;
  $("top").hidden = document.querySelector(".foot-note").hidden = part === "going";
}

// What is kept

const outboxOf = (id) => new Outbox(CACHE + id, Date.now());

function given() {
  try {
    return JSON.parse(localStorage.getItem(`given:${pack.id}`)) || {};
  } catch {
    return {};
  }
}

async function names() {
  return (await caches.keys()).filter((name) => name.startsWith(CACHE));
}

/** The pack that is kept; a download that was cut off is none, and goes. */
async function find() {
  let found = null;
  for (const name of await names()) {
    const reply = await (await caches.open(name)).match(PACK);
    if (reply) found = await reply.json();
    else await caches.delete(name);
  }
  return found;
}

async function bytes() {
  let sum = 0;
  for (const name of await names()) {
    const cache = await caches.open(name);
    for (const key of await cache.keys()) sum += (await (await cache.match(key)).blob()).size;
  }
  return sum;
}

const pictures = ({ questions }) => {
  const html = questions.map((each) => [each.stem, each.material, each.rationale, ...each.choices.map((c) => c.html)].join(""));
  return [...new Set(html.join("").match(/\/pictures\/[\w.]+/g) || [])];
};

/** The new one is whole before the one before goes. */
async function download(topics) {
  await send();
  const { status, reply } = await post("/api/v1/practice/packs", { topics });
  if (status !== 200) throw new Error(reply.detail || "现在下载不了，等一会儿再试。");
  const before = await names();
  const name = CACHE + reply.id;
  const cache = await caches.open(name);
  await cache.addAll([...reply.keep, ...pictures(reply)]);
  await cache.put(PACK, new Response(JSON.stringify(reply), { headers: { "content-type": "application/json" } }));
  for (const scope of SCOPES) await navigator.serviceWorker.register("/sw.js", { scope });
  for (const old of before) if (old !== name) await caches.delete(old);
  if (pack) localStorage.removeItem(`given:${pack.id}`);
  pack = reply;
  navigator.storage?.persist?.();
}

async function drop() {
  for (const name of await names()) await caches.delete(name);
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(`outbox:${CACHE}`) || key.startsWith("given:")) localStorage.removeItem(key);
  }
  for (const each of await navigator.serviceWorker.getRegistrations()) {
    if (SCOPES.includes(new URL(each.scope).pathname)) await each.unregister();
  }
  pack = null;
}

// Sending

let sending = null;

/** Sends what waits, of this pack and of ones before, oldest number first. Two at once would be one too many. */
function send() {
  sending ||= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  const start = `outbox:${CACHE}`;
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(start))) {
    await sendOne(key.slice(start.length));
  }
  await told();
}

async function sendOne(id) {
  const outbox = outboxOf(id);
  for (;;) {
    const steps = outbox.steps.slice(0, 100);
    if (!steps.length) break;
    const { status } = await post(`/api/v1/practice/${id}/steps`, { steps }).catch(() => ({ status: 0 }));
    // Taken, or never to be taken (cleared by its person): either way it does not wait any longer.
    if (status !== 200 && status !== 404) return;
    outbox.drop(steps.map((step) => step.seq));
  }
  if (id !== pack?.id) outbox.clear();
}

const waiting = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(`outbox:${CACHE}`))
    .reduce((sum, key) => sum + outboxOf(key.slice(`outbox:${CACHE}`.length)).steps.length, 0);

async function told() {
  const count = waiting();
  const sent = Object.keys(given()).length;
  $("sending").className = count ? "state wait" : "state ok";
  $("sending").textContent = count
    ? `◌ 还有 ${count} 处作答在这部手机上，有信号就自己传`
    : sent
      ? "✓ 答过的都传回去了"
      : "";
}

/** Whether the pack is still this person's: another's, or one whose record was cleared, leaves the phone. */
async function stillOwn() {
  const { status } = await post(`/api/v1/practice/${pack.id}/steps`, { steps: [] }).catch(() => ({ status: 0 }));
  if (status !== 404) return;
  await drop();
  tell("手机上的练习包不是你的，或者练习记录已经清空，所以删掉了。");
}

// Practising

const order = () => {
  const done = given();
  const numbers = pack.questions.map((each) => each.number);
  return [...numbers.filter((number) => !done[number]), ...numbers.filter((number) => done[number])];
};

function answers(question) {
  const place = (choice) =>
    `<label class="choice${question.kind === "multiple" ? " many" : ""}"><input type="${question.kind === "multiple" ? "checkbox" : "radio"}" name="answer" value="${choice.letter}"><b>${choice.letter}</b><span>${choice.html}</span></label>`;
  const field = (_, index) =>
    `<label class="field"><span>第 ${index + 1} 空</span><input name="answer" maxlength="200" autocomplete="off" enterkeyhint="next"></label>`;
  if (question.accepted) return question.accepted.map(field).join("");
  if (question.elements) return `<p class="soft">先出声说一遍，再对要点。没有信号时手机听不了，说到几条由你自己打勾，打勾的就算说到；只用来给你挑题，别人看不到。</p>`;
  return `<div class="choices" role="${question.kind === "multiple" ? "group" : "radiogroup"}" aria-labelledby="stem">${question.choices.map(place).join("")}</div>`;
}

const material = ({ material }) =>
  material ? `<details class="card material" open><summary>材料</summary><div class="text">${material}</div></details>` : "";

function head(question) {
  const done = Object.keys(given()).length;
  return `<header class="row"><p class="soft">练习包<br><strong class="num">答过 ${done} 题，共 ${pack.questions.length} 题</strong></p><button type="button" class="flag aloud" data-aloud="#read" aria-pressed="false">朗读</button></header>
<p class="row"><span class="chip num">${escape(question.word)}</span><span class="soft">${escape(question.why || question.topic)}</span></p>`;
}

function ask(number) {
  at = pack.questions.find((each) => each.number === number);
  tell("");
  show("going");
  const buttons = at.elements
    ? `<button class="button" name="do" value="look">看要点</button>`
    : `<button class="button quiet" name="do" value="skip">不会，看答案</button><button class="button" name="do" value="done">答好了</button>`;
  $("going").innerHTML = `${head(at)}<form class="asking" id="asking"><div class="stack" id="read">${material(at)}<div class="stem" id="stem" tabindex="-1">${at.stem}</div>${answers(at)}</div><p class="notice" id="missing" role="alert" hidden>还没有作答。不会也没关系，点“不会，看答案”。</p><nav class="foot" aria-label="作答"><button type="button" class="button plain" data-home>先到这里</button>${buttons}</nav></form>`;
  $("stem").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** The elements with a box each: the person says which were said. */
function selfCheck() {
  const row = (element, place) =>
    `<label class="tick card"><input type="checkbox" name="said" value="${place}"><span>${element.html}</span></label>`;
  $("asking").innerHTML = `<div class="stack" id="read"><div class="stem">${at.stem}</div><fieldset class="stack"><legend class="soft" id="legend" tabindex="-1">说到了哪几条？</legend>${at.elements.map(row).join("")}</fieldset></div><nav class="foot" aria-label="作答"><button class="button" name="do" value="done">对好了</button></nav>`;
  $("legend").focus();
}

const WORDS = { right: "✓ 答对了", partial: "✗ 没答全", wrong: "✗ 答错了", unanswered: "没有作答" };
const TONES = { right: "ok", partial: "wait", wrong: "alert", unanswered: "wait" };

function shown(answer, found) {
  const item = (tone, mark, html, words) =>
    `<li class="${tone}"><b class="num">${mark}</b><span>${html}</span><em>${words}</em></li>`;
  if (at.key) {
    const given = [answer ?? []].flat();
    const words = (key, mine) => (key ? (mine ? "✓ 你选对" : "正确答案") : mine ? "✗ 你选错" : "");
    return at.choices.map(({ letter, html }) => {
      const [key, mine] = [at.key.includes(letter), given.includes(letter)];
      return item(key ? "key" : mine ? "off" : "", letter, html, words(key, mine));
    });
  }
  const wanted = at.accepted ? at.accepted.map((ways) => escape(ways[0])) : at.elements.map((each) => each.html);
  const [yes, no] = at.accepted ? ["✓ 填对", "✗ 不对"] : ["✓ 说到", "✗ 没说到"];
  const mine = (place) => (at.accepted && answer?.[place] ? `<br><span class="soft">你写的：${escape(answer[place])}</span>` : "");
  return wanted.map((html, place) =>
    item(found[place] ? "key" : "off", place + 1, html + (found[place] ? "" : mine(place)), found[place] ? yes : no),
  );
}

/** The pack has no ear: of a 口答 it sends what the person ticked, and that is what counts. */
function keep(answer) {
  const wire = at.elements ? { answer: null, ticked: answer } : { answer };
  const outbox = outboxOf(pack.id);
  const seq = Math.max(outbox.highest + 1, FIRST_SEQ);
  outbox.put({ seq, number: at.number, ...wire, at: new Date().toISOString() });
  const done = given();
  done[at.number] = true;
  localStorage.setItem(`given:${pack.id}`, JSON.stringify(done));
}

function feedback(answer) {
  const { verdict, found } = check(at, answer);
  keep(answer);
  const left = order().filter((number) => number !== at.number && !given()[number]);
  const next = left.length
    ? `<button type="button" class="button" data-next="${left[0]}">下一题</button>`
    : `<button type="button" class="button" data-home>练完了</button>`;
  const source = at.source ? `<p class="soft">依据：${escape(at.source)}</p>` : "";
  $("going").innerHTML = `${head(at)}<p class="verdict ${TONES[verdict]}" role="status" id="verdict" tabindex="-1">${WORDS[verdict]}</p><div class="stack" id="read"><div class="stem">${at.stem}</div><ul class="shown">${shown(answer, found).join("")}</ul><section class="card"><div class="text">${at.rationale}</div>${source}</section></div><nav class="foot" aria-label="换题"><button type="button" class="button plain" data-home>先到这里</button>${next}</nav>`;
  $("verdict").focus({ preventScroll: true });
  scrollTo(0, 0);
  send();
}

function wireOf(form) {
  const texts = new FormData(form).getAll("answer");
  if (at.accepted) return texts.some((text) => text.trim()) ? texts : null;
  if (at.kind === "multiple") return texts.length ? texts : null;
  return texts[0] ?? null;
}

$("going").addEventListener("submit", (event) => {
  event.preventDefault();
  const wants = event.submitter?.value || "done";
  if (wants === "look") return selfCheck();
  if (at.elements) return feedback(new FormData(event.target).getAll("said").map(Number));
  const answer = wants === "skip" ? null : wireOf(event.target);
  if (answer === null && wants !== "skip") $("missing").hidden = false;
  else feedback(answer);
});

$("going").addEventListener("click", (event) => {
  const button = event.target.closest("[data-home], [data-next]");
  if (button?.dataset.next) ask(Number(button.dataset.next));
  else if (button) home();
});

// The page

async function home() {
  if (!pack) return show("fetch");
  const at = Date.parse(pack.at);
  const day = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10).split("-").map(Number);
  const size = Math.max(1, Math.round((await bytes()) / 1024));
  $("about").textContent = `${pack.questions.length} 题，${size} KB，${day[0]}年${day[1]}月${day[2]}日 ${clockTime(at)}下载`;
  show("kept");
  await told();
}

async function fetchPack(button, topics) {
  button.disabled = true;
  tell("正在下载…");
  try {
    await download(topics);
    tell("✓ 存好了，没有信号也能练、也能查政策。", "ok");
  } catch (error) {
    const reason = error instanceof TypeError || error.name === "AbortError" ? "没有下载完，等有信号了再点一次。" : error.message;
    tell(reason, "alert");
  } finally {
    button.disabled = false;
    await home();
  }
}

$("fetch").addEventListener("submit", (event) => {
  event.preventDefault();
  fetchPack(event.submitter, new FormData(event.target).getAll("topic"));
});
$("renew").addEventListener("click", (event) => fetchPack(event.target, pack.topics));
$("drop").addEventListener("click", async () => {
  const count = waiting();
  if (count && !confirm(`还有 ${count} 处作答没传回去，删掉就没有了。真的删掉吗？`)) return;
  await drop();
  tell("✓ 已从手机上删掉。", "ok");
  await home();
});
$("practise").addEventListener("click", () => ask(order()[0]));
addEventListener("online", send);
document.addEventListener("visibilitychange", () => document.hidden || send());

if (able()) {
  pack = await find();
  if (pack) await stillOwn();
  await home();
  await send();
}
