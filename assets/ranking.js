// The ranking of 查政策 on a phone: what src/lookup does on the server, with the weights that came along in the pack.

const SPELLED_MAX = 24;
const QUERY_MAX = 200;
const READINGS_MAX = 3;

const isChinese = (c) => (c >= "\u3400" && c <= "\u4dbf") || (c >= "\u4e00" && c <= "\u9fff");
const isLetter = (c) => c >= "a" && c <= "z";
const isDigit = (c) => c >= "0" && c <= "9";

function narrow(c) {
  const code = c.codePointAt(0);
  const half = code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : c;
  return half >= "A" && half <= "Z" ? half.toLowerCase() : half;
}

/** Runs of Chinese, letters or digits, each `[kind, text]`. */
function runs(text) {
  const found = [];
  let joined = null;
  for (const raw of text) {
    const c = raw.length === 1 ? narrow(raw) : raw;
    const kind = c.length > 1 ? null : isChinese(c) ? "c" : isLetter(c) ? "l" : isDigit(c) ? "d" : null;
    if (kind && kind === joined) found[found.length - 1][1] += c;
    else if (kind) found.push([kind, c]);
    joined = kind;
  }
  return found;
}

const letters = (run) => "l" + run.slice(0, 12);
const digits = (run) => "d" + run.slice(0, 18);

function initial(reading) {
  return reading[1] === "h" ? reading.slice(0, 2) : reading.slice(0, 1);
}

/** Sounds that dialects and thumbs mix up are one. */
function near(reading) {
  const start = reading[0] === "n" ? "l" : reading[0];
  const rest = reading.slice(initial(reading).length);
  return start + (rest.endsWith("g") ? rest.slice(0, -1) : rest);
}

const longestFirst = (words) => words.sort((one, other) => other[0].length - one[0].length);
const lines = (answer) => answer.map((line) => line.join("")).join("，");

/** The pieces of an entry that are searched, and how much each counts. */
function fields(entry, weights) {
  const material = entry.material ? `${entry.material.title}，${entry.material.text}` : "";
  return [
    [entry.asked, weights.asked],
    [lines(entry.answer), weights.answer],
    [entry.topic, weights.topic],
    [entry.explanation, weights.explanation],
    [`${entry.document}，${entry.clause}`, weights.source],
    [material, weights.material],
  ];
}

export class Index {
  constructor(pack) {
    this.pack = pack;
    this.weights = pack.weights;
    this.hear(pack);
    this.gather(pack.entries);
  }

  hear(pack) {
    this.readings = new Map();
    for (const [reading, characters] of Object.entries(pack.sounds)) {
      const [first, others = ""] = characters.split(",");
      for (const c of first) this.readings.set(c, [reading, ...(this.readings.get(c) || [])]);
      for (const c of others) this.readings.set(c, [...(this.readings.get(c) || []), reading]);
    }
    this.sound = new Map([...this.readings].map(([c, readings]) => [c, near(readings[0])]));
    this.said = new Map();
    this.asking = new Map();
    this.spoken = [];
    const speak = (text, weight) => {
      for (const [kind, run] of runs(text)) if (kind === "c") this.spoken.push([run, weight]);
    };
    const under = (map, word, row) => map.set(word[0], [...(map.get(word[0]) || []), [word, row]]);
    pack.synonyms.forEach((row, number) => {
      for (const word of row.said) under(this.said, word, number);
      for (const word of [...row.said, ...row.official]) speak(word, 3);
    });
    for (const word of pack.asking) under(this.asking, word);
    for (const words of this.said.values()) longestFirst(words);
    for (const words of this.asking.values()) longestFirst(words);
    for (const entry of pack.entries) speak(`${entry.topic}，${entry.asked}，${lines(entry.answer)}`, 1);
  }

  gather(entries) {
    const { k1, b } = this.weights;
    const holders = new Map();
    let total = 0;
    const counts = entries.map((entry) => {
      const held = new Map();
      let length = 0;
      for (const [text, weight] of fields(entry, this.weights)) {
        length += weight * [...text].length;
        for (const token of this.ofText(text)) held.set(token, (held.get(token) || 0) + weight);
      }
      for (const token of held.keys()) holders.set(token, (holders.get(token) || 0) + 1);
      total += length;
      return [held, length];
    });
    const usual = total / Math.max(entries.length, 1);
    this.postings = new Map();
    counts.forEach(([held, length], place) => {
      const long = k1 * (1 - b + (b * length) / usual);
      for (const [token, count] of held) {
        let postings = this.postings.get(token);
        if (!postings) {
          postings = { rarity: this.rarity(holders.get(token)), gains: new Map() };
          this.postings.set(token, postings);
        }
        postings.gains.set(place, (postings.rarity * count * (k1 + 1)) / (count + long));
      }
    });
  }

  rarity(holders) {
    return Math.log(1 + (this.pack.entries.length - holders + 0.5) / (holders + 0.5));
  }

  weight(token) {
    return { 1: this.weights.one, 2: this.weights.two, a: this.weights.apart, s: this.weights.sound }[token[0]] ?? this.weights.plain;
  }

  tokens(run) {
    const found = [...run].map((c) => "1" + c);
    for (let at = 0; at + 1 < run.length; at += 1) {
      found.push("2" + run[at] + run[at + 1]);
      const [one, other] = [this.sound.get(run[at]), this.sound.get(run[at + 1])];
      if (one && other) found.push(`s${one} ${other}`);
    }
    for (let at = 0; at + 2 < run.length; at += 1) found.push("a" + run[at] + run[at + 2]);
    return found;
  }

  ofText(text) {
    return runs(text).flatMap(([kind, run]) => (kind === "c" ? this.tokens(run) : [kind === "l" ? letters(run) : digits(run)]));
  }

  /** Clauses, each a list of ways `[weight, tokens]`. */
  read(query) {
    const clauses = [];
    for (const [kind, run] of runs([...query].slice(0, QUERY_MAX).join(""))) {
      if (kind === "c") this.chinese(run, clauses);
      else if (kind === "d") clauses.push([[1, [digits(run)]]]);
      else {
        const spelled = this.spelledClause(run);
        if (spelled) clauses.push(spelled);
      }
    }
    return clauses;
  }

  chinese(run, clauses) {
    let before = null;
    for (const [kind, text, row] of this.pieces(run)) {
      if (kind === "asking") {
        before = null;
        continue;
      }
      if (before) clauses.push([[1, this.tokens(before + text[0]).filter((token) => token[0] !== "1")]]);
      before = text[text.length - 1];
      const official = kind === "said" ? this.pack.synonyms[row].official : [];
      clauses.push([[1, this.tokens(text)], ...official.map((word) => [this.weights.official, this.ofText(word)])]);
    }
  }

  pieces(run) {
    const pieces = [];
    let [at, plainFrom] = [0, 0];
    const flush = () => plainFrom < at && pieces.push(["plain", run.slice(plainFrom, at)]);
    const fits = (words) => (words || []).find(([word]) => run.startsWith(word, at));
    while (at < run.length) {
      const [said, row] = fits(this.said.get(run[at])) || [];
      const [asking] = fits(this.asking.get(run[at])) || [];
      const asks = asking ? asking.length : 0;
      if (!said && !asks) {
        at += 1;
        continue;
      }
      flush();
      pieces.push(said && said.length >= asks ? ["said", said, row] : ["asking", asking]);
      at += said && said.length >= asks ? said.length : asks;
      plainFrom = at;
    }
    flush();
    return pieces;
  }

  spelledClause(typed) {
    for (const words of this.asking.values()) {
      if (words.some(([word]) => this.spelledInFull(word, typed))) return null;
    }
    const clause = [[1, [letters(typed)]]];
    const readings = this.spellings(typed);
    const most = Math.max(1, ...readings.map(([, count]) => count));
    for (const [word, count] of readings) {
      const meant = [];
      this.chinese(word, meant);
      for (const [weight, tokens] of meant.flat()) clause.push([weight * Math.sqrt(count / most), tokens]);
    }
    return clause;
  }

  spellings(typed) {
    if (typed.length < 2 || typed.length > SPELLED_MAX) return [];
    const counts = new Map();
    for (const [run, weight] of this.spoken) {
      for (let start = 0; start < run.length; start += 1) {
        const length = this.spelled(run, start, typed);
        if (length === null) continue;
        const word = run.slice(start, start + length);
        counts.set(word, (counts.get(word) || 0) + weight);
      }
    }
    const shortest = Math.min(...[...counts.keys()].map((word) => word.length));
    const found = [...counts].filter(([word]) => word.length === shortest);
    found.sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    return found.slice(0, READINGS_MAX);
  }

  /** How many characters from here sound as all that was typed, by readings or initials; the fewest, or null. */
  spelled(run, at, typed) {
    if (!typed) return 0;
    if (at >= run.length) return null;
    let fewest = null;
    for (const reading of this.readings.get(run[at]) || []) {
      for (const part of new Set([reading, initial(reading), reading[0]])) {
        if (!typed.startsWith(part)) continue;
        const count = this.spelled(run, at + 1, typed.slice(part.length));
        if (count !== null && (fewest === null || count + 1 < fewest)) fewest = count + 1;
      }
    }
    return fewest;
  }

  spelledInFull(word, typed) {
    if (!word) return !typed;
    return (this.readings.get(word[0]) || []).some(
      (reading) => typed.startsWith(reading) && this.spelledInFull(word.slice(1), typed.slice(reading.length)),
    );
  }

  /** The best entries, and whether the first answers what was asked. */
  search(query, most) {
    const clauses = this.read(query);
    const scores = new Map();
    for (const clause of clauses) {
      const best = new Map();
      for (const way of clause) {
        const gained = new Map();
        const scale = way[0] * this.evened(way, clause.length);
        for (const token of way[1]) {
          const postings = this.postings.get(token);
          if (!postings) continue;
          const weight = scale * this.weight(token);
          for (const [place, gain] of postings.gains) gained.set(place, (gained.get(place) || 0) + weight * gain);
        }
        for (const [place, gain] of gained) if (gain > (best.get(place) || 0)) best.set(place, gain);
      }
      for (const [place, gain] of best) scores.set(place, (scores.get(place) || 0) + gain);
    }
    const found = [...scores].filter(([, score]) => score > 0);
    found.sort((one, other) => other[1] - one[1] || one[0] - other[0]);
    const share = found.length ? this.share(found[0][0], clauses) : 0;
    return {
      fit: share >= this.weights.fit,
      results: found.slice(0, most).map(([place]) => this.pack.entries[place]),
    };
  }

  evened(way, ways) {
    if (ways === 1) return 1;
    const [, all] = this.ofWay(-1, way);
    return Math.min(1, this.weights.word / Math.max(all, this.weights.word));
  }

  share(place, clauses) {
    let [there, all] = [0, 0];
    for (const clause of clauses) {
      const better = (one, other) => (other[0] * one[1] > one[0] * other[1] ? other : one);
      const [held, asked] = clause.map((way) => this.ofWay(place, way)).reduce(better);
      there += held;
      all += asked;
    }
    return all > 0 ? there / all : 0;
  }

  ofWay(place, way) {
    let [there, all] = [0, 0];
    for (const token of way[1]) {
      const postings = this.postings.get(token);
      const weight = this.weight(token) * (postings ? postings.rarity : this.rarity(0));
      all += weight;
      if (postings && postings.gains.has(place)) there += weight;
    }
    return [there, all];
  }
}
