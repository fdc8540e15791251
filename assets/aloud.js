// 朗读: reads aloud what a button's `data-aloud` names, or the answer that the button stands in, where this phone has a
// Chinese voice; elsewhere the buttons stay hidden.

const synthesis = globalThis.speechSynthesis;
let speaking = null;

function stop() {
  speaking?.setAttribute("aria-pressed", "false");
  speaking = null;
  synthesis.cancel();
}

/** As it should sound: no buttons, a blank said as one, each choice after its letter. */
function words(place) {
  const copy = place.cloneNode(true);
  copy.querySelectorAll("button, form, nav, input, textarea, .field, .unseen, [hidden]").forEach((each) => each.remove());
  copy.querySelectorAll("[data-blank]").forEach((blank) => blank.replaceWith("，空格，"));
  copy.querySelectorAll(".choice, li, p, h2, label").forEach((block) => block.append("。"));
  copy.querySelectorAll(".choice b, .shown b").forEach((letter) => letter.append("，"));
  return copy.textContent.split(/[。；！？\n]+/).map((each) => each.trim()).filter(Boolean);
}

/** Sentence by sentence: some voices stop in the middle of a long text. */
function read(button) {
  const { aloud } = button.dataset;
  const lines = words(aloud ? document.querySelector(aloud) : button.closest(".found"));
  stop();
  speaking = button;
  button.setAttribute("aria-pressed", "true");
  lines.forEach((line, count) => {
    const said = new SpeechSynthesisUtterance(line);
    said.lang = "zh-CN";
    said.rate = 0.9;
    if (count === lines.length - 1) said.onend = () => speaking === button && stop();
    synthesis.speak(said);
  });
}

function offer() {
  const chinese = synthesis.getVoices().some((voice) => /^(zh|cmn)/i.test(voice.lang));
  document.documentElement.classList.toggle("speaks", chinese);
}

if (synthesis) {
  offer();
  synthesis.addEventListener?.("voiceschanged", offer);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-aloud]");
    if (button && button === speaking) stop();
    else if (button) read(button);
    else if (speaking && event.target.closest("a, button:not(.flag)")) stop();
  });
  addEventListener("pagehide", stop);
}
