// Grades an answer by the pack's key, for feedback without a network. What counts is the server's grading once the answer
// has arrived; here a blank is right when it is the same text or the same number.

const DIGITS = "零一二三四五六七八九";
const UNITS = { 十: 10, 百: 100, 千: 1000 };

/** 六十 → 60, 一万五千 → 15000; null where the numerals make no number. */
function counted(numerals) {
  let [total, section, digit] = [0, 0, 0];
  for (const each of numerals.replaceAll("〇", "零").replaceAll("两", "二")) {
    if (DIGITS.includes(each)) digit = DIGITS.indexOf(each);
    else if (each === "万") [total, section, digit] = [(total + section + digit) * 10_000, 0, 0];
    else [section, digit] = [section + (digit || 1) * UNITS[each], 0];
  }
  return total + section + digit;
}

/** Width, case, spaces, quotation marks and a mark at the end do not count; whole numbers count by value. */
export function value(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s《》〈〉“”‘’"'「」]/g, "")
    .replace(/[。.,、;!]+$/, "")
    .replace(/百分之([\d.〇零一二三四五六七八九十百两]+)/g, "$1%")
    .replace(/(\d),(?=\d{3})/g, "$1")
    .replace(/[零〇一二三四五六七八九十百千万两]+/g, (numerals) => counted(numerals));
}

function blanksFound({ accepted, any_order }, texts) {
  const fits = (text, ways) => value(text || "") !== "" && ways.some((way) => value(way) === value(text));
  if (!any_order) return accepted.map((ways, place) => fits(texts[place], ways));
  const left = texts.filter((text) => text);
  return accepted.map((ways) => {
    const place = left.findIndex((text) => fits(text, ways));
    if (place >= 0) left.splice(place, 1);
    return place >= 0;
  });
}

/** `answer` is the wire form, for 口答 the ticked elements' places. Says the verdict and what was found, part by part. */
export function check(question, answer) {
  if (question.key) {
    const given = [answer ?? []].flat();
    const right = given.length === question.key.length && question.key.every((letter) => given.includes(letter));
    const part = given.length < question.key.length && given.every((letter) => question.key.includes(letter));
    return { verdict: given.length ? (right ? "right" : part ? "partial" : "wrong") : "unanswered", found: [] };
  }
  const found = question.accepted
    ? blanksFound(question, answer ?? [])
    : question.elements.map((_, place) => (answer ?? []).includes(place));
  const count = found.filter(Boolean).length;
  const none = question.accepted && !(answer ?? []).some((text) => text);
  if (none) return { verdict: "unanswered", found };
  return { verdict: count === found.length ? "right" : count ? "partial" : "wrong", found };
}
