// Practice without waiting for whole pages: answers and the next question come into this page. Without this module the
// same forms and links load whole pages.
import { countdown } from "./phone.js";

const main = () => document.querySelector("main");
const headers = { accept: "text/html" };

async function swap(request) {
  main().setAttribute("aria-busy", "true");
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15_000);
  try {
    const response = await fetch(request, { signal: stop.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.querySelector("main");
    if (!next) throw new Error("no page");
    main().replaceWith(next);
    document.title = page.title;
    history.replaceState(null, "", response.redirected ? response.url : location.href);
    scrollTo(0, 0);
    (next.querySelector("#verdict") || next.querySelector("#stem"))?.focus({ preventScroll: true });
    return true;
  } catch {
    main().removeAttribute("aria-busy");
    say("没有网络，这一下没有传到。等有信号了再点一次，答案还在。");
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function say(text) {
  main().querySelector("[data-trouble]")?.remove();
  const line = document.createElement("p");
  line.className = "notice alert";
  line.dataset.trouble = "";
  line.setAttribute("role", "alert");
  line.textContent = text;
  main().querySelector("header").after(line);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  if (main().getAttribute("aria-busy") === "true") return;
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  swap(new Request(form.action, { method: "POST", body: fields, headers }));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  swap(new Request(link.href, { headers })).then((done) => done && history.replaceState(null, "", link.href));
});

let clock = null;
setInterval(() => {
  const place = document.querySelector("[data-left]");
  if (!place) return;
  if (clock?.place !== place) clock = { place, end: performance.now() + Number(place.dataset.left) };
  const left = clock.end - performance.now();
  place.textContent = countdown(left);
  if (left < -1500) location.reload();
}, 500);
