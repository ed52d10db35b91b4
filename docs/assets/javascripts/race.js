// The home page's race: the connections of every stage, as this build measured them, replayed beside two clocks.
{
  // Where on a track a connection stands open; what is left is the way of the answer.
  const CONNECTED = 0.36;

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
      this.track.replaceChildren(...this.dots);
    }

    show(now) {
      const run = Math.min(now / this.wall, 1);
      this.row.classList.toggle("race__done", run === 1);
      this.clock.textContent = `${(Math.min(now, this.wall) / 1000).toFixed(3)} 秒`;
      this.meter.value = run * this.cpu;
      this.pages.forEach((page, at) => {
        const { style, classList } = this.dots[at], where = place(page, now);
        style.left = `${where * 100}%`;
        classList.toggle("race__waiting", where > 0 && where < 1);
        classList.toggle("race__arrived", where === 1);
      });
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
