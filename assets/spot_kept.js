// The page of a 抽问 under way, kept on the phone so that it opens again without a network; and beside it what the server
// has acknowledged since, which the kept page is too old to know. Where the browser keeps nothing, nothing is lost but that.

const able = () => isSecureContext && "serviceWorker" in navigator && "caches" in globalThis;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export class KeptPage {
  constructor(desk) {
    this.page = `/spot-checks/${desk.check}`;
    this.cache = `spot:${this.page}`;
    this.key = `spot-told:${desk.check}`;
    this.pictures = [...new Set(JSON.stringify(desk).match(/\/pictures\/[\w.]+/g) || [])];
    const told = read(this.key);
    const older = told && told.seq > desk.last_seq;
    /** The highest number that the server acknowledged to this phone. */
    this.seq = told?.seq || 0;
    /** What stands, where this page is older than that; else the page knows better. */
    this.marks = older ? told.marks : null;
  }

  /** Notes what the server knows by now: its marks, as pairs of place and mark. */
  note(seq, marks) {
    this.seq = Math.max(this.seq, seq);
    try {
      localStorage.setItem(this.key, JSON.stringify({ seq: this.seq, marks }));
    } catch {
      // This browser keeps nothing.
    }
  }

  async keep() {
    if (!able()) return;
    const parts = document.querySelectorAll('link[href^="/assets/"], script[src^="/assets/"]');
    const assets = [...parts].map((each) => each.getAttribute("href") || each.getAttribute("src"));
    try {
      const cache = await caches.open(this.cache);
      await cache.addAll([this.page, ...assets, ...this.pictures]);
      await navigator.serviceWorker.register("/sw.js", { scope: "/spot-checks/" });
    } catch {
      // No network, or no room: the one kept before stays.
    }
  }

  /** The session ended: nothing of it stays on the phone. */
  async forget() {
    try {
      localStorage.removeItem(this.key);
      if (able()) await caches.delete(this.cache);
    } catch {
      // Nothing was kept.
    }
  }
}
