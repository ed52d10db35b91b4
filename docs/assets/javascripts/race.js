// The home page's race: the connections of every stage, as this build measured them, replayed beside two clocks.
{
  // Where on a track a connection stands open; what is left is the way of the answer.
  const CONNECTED = 0.36;
  // Milliseconds from one reading of a clock to the next.
  const TELLING = 50;

  /** Where a page is on its track at that millisecond: 0 not begun, 1 done. */
  const place = ([begun, connected, first, done], now) => {
    if (now <= begun) return 0;
    if (now >= done) return 1;
    const part = (from, to) => Math.min((now - from) / (to - from || 1), 1);
    return now < connected ? CONNECTED * part(begun, connected)
      : CONNECTED + (1 - CONNECTED) * (now < first ? 0.94 * part(connected, first) : 0.94 + 0.06 * part(first, done));
  };

  class Lane {
    constructor(row) {
      [this.wall, this.cpu, this.pages] = JSON.parse(row.dataset.run);
      this.row = row;
      [this.track, this.clock, this.meter] = ["track", "wall", "cpu"].map(name => row.querySelector(`.race__${name}`));
      this.dots = this.pages.map((_, at) => {
        const dot = document.createElement("i");
        dot.style.top = `${(at + 0.5) * 100 / this.pages.length}%`;
        return dot;
      });
      this.where = this.pages.map(() => null);
      this.track.replaceChildren(...this.dots);
    }

    /** Its state at that millisecond, of which only what is new is written: the page has no more time than the race. */
    show(now) {
      const at = Math.min(now, this.wall);
      if (at === this.at) return;
      this.row.classList.toggle("race__done", at === this.wall);
      if (at === this.wall || !(Math.abs(at - this.told) < TELLING)) this.tell(at);
      this.pages.forEach((page, number) => {
        const where = place(page, at);
        if (where === this.where[number]) return;
        this.where[number] = where;
        const { style, classList } = this.dots[number];
        style.transform = `translateX(${where * 100}cqw)`;
        classList.toggle("race__waiting", where > 0 && where < 1);
        classList.toggle("race__arrived", where === 1);
      });
      this.at = at;
    }

    tell(at) {
      this.clock.textContent = `${(at / 1000).toFixed(3)} 秒`;
      this.meter.value = at / this.wall * this.cpu;
      this.told = at;
    }
  }

  const begin = section => {
    const lanes = [...section.querySelectorAll("[data-run]")].map(row => new Lane(row));
    const longest = Math.max(...lanes.map(lane => lane.wall));
    const [again, speed] = section.querySelectorAll("button, select");
    let frame = 0;
    const show = now => lanes.forEach(lane => lane.show(now));
    const observer = new IntersectionObserver(seen => seen.some(each => each.isIntersecting) && run(), { threshold: 0.4 });
    const run = () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      const start = performance.now();
      const step = now => {
        const at = Math.max(now - start, 0) / +speed.value;
        show(at);
        if (at < longest && section.isConnected) frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    };
    again.onclick = run;
    section.querySelector(".race__controls").hidden = false;
    show(longest);
    // What starts by itself ends within five seconds (WCAG 2.2.2).
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches && longest <= 5000) observer.observe(section);
  };

  const beginAll = () => document.querySelectorAll(".race:not([data-begun])").forEach(section => {
    section.dataset.begun = "";
    begin(section);
  });
  if (location.protocol === "file:") beginAll();
  else document$.subscribe(beginAll);
}
