// 查政策 in the page: fetches the pack once, answers from it from then on, also when the network is cut. What is asked
// stays on the phone. Before each answer the server says whether the pack may still be used; where it cannot be
// reached, the pack serves.

import { Index } from "./ranking.js";

const MOST = 8;
const PATIENCE_MS = 1500;

const form = document.querySelector(".seek");
const box = document.querySelector("#q");
const kept = document.querySelector("#kept");
const found = document.querySelector("#found");
let index = null;
let address = null;

async function fetchPack(wanted) {
  const reply = await fetch(wanted);
  if (!reply.ok) throw new Error(`pack: ${reply.status}`);
  index = new Index(await reply.json());
  address = wanted;
  kept.textContent = "已存到这一页，没有信号也能查";
}

/** Empty where the pack may be used, else the server's reason. */
async function mayAnswer() {
  let reply;
  try {
    reply = await fetch("/api/v1/lookup", { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return "";
  }
  const told = await reply.json().catch(() => ({}));
  if (reply.status === 401 || reply.status === 409) {
    index = null;
    return told.detail || "现在不能查";
  }
  if (reply.ok && told.pack !== address) await fetchPack(told.pack).catch(() => {});
  return "";
}

function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside.filter((each) => each !== null));
  return element;
}

function aloud() {
  const button = make("button", "flag aloud", "朗读");
  button.type = "button";
  button.dataset.aloud = "";
  button.setAttribute("aria-pressed", "false");
  return button;
}

const sentence = (line) => line.map((piece, place) => (place % 2 ? make("mark", "", piece) : piece));
const inWords = (day) => day.split("-").map(Number).map((part, place) => part + "年月日"[place]).join("");

function says(answer) {
  if (answer.length > 1) return make("ol", "says", ...answer.map((line) => make("li", "", ...sentence(line))));
  return make("p", "says", ...sentence(answer[0] || []));
}

function earlier(before) {
  const until = before.until ? `（到${inWords(before.until)}）` : "";
  const said = before.answer.map((line) => line.join("")).join("；");
  const source = before.document + before.clause;
  return make(
    "div",
    "earlier",
    make("p", "", make("strong", "", `以前${until}：`), before.asked + said),
    source ? make("p", "soft", `依据：${source}`) : null,
  );
}

function card(entry) {
  const { material } = entry;
  const since = entry.since ? make("span", "since", `自${inWords(entry.since)}起施行`) : null;
  const item = make(
    "li",
    "card found",
    entry.asked ? make("p", "asked", entry.asked) : null,
    says(entry.answer),
    aloud(),
    entry.explanation ? make("p", "", entry.explanation) : null,
    entry.before ? earlier(entry.before) : null,
    material ? make("details", "", make("summary", "", material.title), make("p", "", material.text)) : null,
    make("p", "soft", `依据：${entry.document}${entry.clause}`, ...(since ? [since] : [])),
  );
  item.dataset.id = entry.id;
  return item;
}

function show({ fit, results }, query) {
  if (results.length === 0) {
    found.replaceChildren(make("p", "notice", `题库里没有查到“${query}”。换个说法试试。`));
    return;
  }
  const nearest = "题库里没有正好对得上的，下面是最接近的，答复群众前请再核对。";
  const list = make("ol", "results", ...results.map(card));
  found.replaceChildren(...(fit ? [] : [make("p", "notice", nearest)]), list);
}

form.addEventListener("submit", async (event) => {
  const query = box.value.trim();
  if (!index || !query) return;
  event.preventDefault();
  box.blur();
  const refused = await mayAnswer();
  if (refused) {
    kept.textContent = "";
    found.replaceChildren(make("p", "notice alert", refused));
    return;
  }
  show(index.search(query, MOST), query);
  scrollTo(0, 0);
});

/** Where this page came from 练习包 instead of the server, what its address asks is not answered yet. */
function answerAddress() {
  const asked = new URLSearchParams(location.search).get("q");
  if (!asked || box.value) return;
  box.value = asked;
  form.requestSubmit();
}

fetchPack(form.dataset.pack).then(answerAddress, () => {
  kept.textContent = "";
});
