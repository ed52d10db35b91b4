// The home page's race: the connections of every stage, as this build measured them, replayed beside two clocks.
{
  // Where on a track a connection stands open.
  const CONNECTED = 0.36;
  // Milliseconds from one look at the clock to the next; the browser moves the dots by itself.
  const LOOK = 50;

  /** The keyframes of a page's way along its track, in a run of so many milliseconds. */
  const way = ([begun, connected, done], wall) =>
    [[0, 0], [begun, 0], [connected, CONNECTED], [done, 1]].map(([at, where]) => ({
      offset: at / wall,
      transform: `translateX(${where * 100}cqw)`,
    }));

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

    /** Send every dot on its way, so many times slower than it was. */
    run(slower) {
      this.moves = this.dots.map((dot, at) => dot.animate(way(this.pages[at], this.wall), this.wall * slower));
    }

    end() {
      this.moves?.forEach(move => move.cancel());
      this.show(this.wall);
    }

    /** Clock, meter and colours at that millisecond. */
    show(now) {
      const at = Math.min(now, this.wall);
      if (at === this.at) return;
      this.at = at;
      this.clock.textContent = `${(at / 1000).toFixed(3)} 秒`;
      this.meter.value = at / this.wall * this.cpu;
      this.row.classList.toggle("race__done", at === this.wall);
      this.pages.forEach(([begun, , done], number) => {
        const { classList } = this.dots[number];
        classList.toggle("race__waiting", begun < at && at < done);
        classList.toggle("race__arrived", done <= at);
      });
    }
  }

  // Ends the race that is on: on paper, nothing moves.
  let end = () => {};
  addEventListener("beforeprint", () => end());

  const begin = section => {
    const lanes = [...section.querySelectorAll("[data-run]")].map(row => new Lane(row));
    const longest = Math.max(...lanes.map(lane => lane.wall));
    const [again, speed] = section.querySelectorAll("button, select");
    let looking = 0;
    const observer = new IntersectionObserver(seen => seen.some(each => each.isIntersecting) && run(), { threshold: 0.4 });
    end = () => {
      clearInterval(looking);
      lanes.forEach(lane => lane.end());
    };
    const run = () => {
      observer.disconnect();
      end();
      const start = performance.now();
      const slower = +speed.value;
      const look = () => {
        const now = (performance.now() - start) / slower;
        lanes.forEach(lane => lane.show(now));
        if (now >= longest || !section.isConnected) clearInterval(looking);
      };
      lanes.forEach(lane => lane.run(slower));
      look();
      looking = setInterval(look, LOOK);
    };
    again.onclick = run;
    section.querySelector(".race__controls").hidden = false;
    end();
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
