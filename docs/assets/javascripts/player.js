// Plays a recording in its section of the page: moves the marks, and says what happens.
{
  // Pixels, as scripts/page/player/rows.py has them.
  const LEFT = 34, LANE = 11, ROW = 20, GAP = 10;
  // Milliseconds: for a virtual second of waiting, and for a step that takes no time.
  const SECOND = 6000, INSTANT = 110;
  const LISTS = ["watched", "handed", "queue", "timers"];
  const BUTTONS = [
    ["play", "播放", "播放或停下（空格）"],
    ["wait-back", "« 等待", "回到上一次等待（Shift + ←）"],
    ["back", "‹", "退一步（←）"],
    ["forward", "›", "进一步（→）"],
    ["wait-forward", "等待 »", "到下一次等待（Shift + →）"],
  ];
  const CONTROLS = BUTTONS.map(([name, text, title]) =>
    `<button type="button" name="${name}" title="${title}" aria-label="${title}">${text}</button>`).join("") +
    '<input type="range" min="0" step="1" value="0" aria-label="第几步">' +
    '<label>速度 <select><option value="2">½×</option><option value="1" selected>1×</option>' +
    '<option value="0.5">2×</option><option value="0.25">4×</option></select></label>' +
    '<p class="player__meters"><span>墙钟 <b></b></span><meter min="0"></meter>' +
    '<span>CPU <b></b></span><meter min="0"></meter></p>';

  const x = page => LEFT + LANE * page + (LANE >> 1);

  // A recording may be of a program out of a link: what it says is set, never parsed.
  const svg = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [each, value] of Object.entries(attributes)) element.setAttribute(each, value);
    return element;
  };

  /** All that was to be seen at each step: the recording tells only what changes. */
  function states({ pages, steps, stacks, places: known }) {
    let places = Array(pages).fill(known.push(["not begun", [], null]) - 1), hands = LISTS.map(() => []), at = 0;
    return steps.map(step => {
      places = [...places];
      for (const [page, place] of step.places ?? []) places[page] = place;
      hands = LISTS.map((name, number) => {
        if (!step[name]) return hands[number];
        const [gone, come] = step[name];
        return [...hands[number].filter((_, place) => !gone.includes(place)), ...come];
      });
      at += step.after ?? 0;
      return { at, places, hands, stack: stacks[step.stack] };
    });
  }

  class Player {
    constructor(section) {
      this.section = section;
      this.data = JSON.parse(section.querySelector("template").content.textContent);
      this.states = states(this.data);
      this.waits = this.data.waits;
      this.lines = [...section.querySelector(".player__code").children];
      let bottom = 0;
      this.middles = this.lines.map(line => {
        const height = line.matches(".player__gap") ? GAP : ROW;
        bottom += height;
        return bottom - height / 2;
      });
      this.now = section.querySelector(".player__now");
      this.marks = section.querySelector(".player__marks");
      this.head = section.querySelector(".head");
      this.build();
      this.go(this.waits[0] ?? 0);
    }

    build() {
      const controls = this.section.querySelector(".player__controls");
      controls.innerHTML = CONTROLS;
      // So that it stays in sight.
      controls.append(this.now);
      controls.hidden = false;
      this.range = controls.querySelector("input");
      this.range.max = this.states.length - 1;
      this.range.oninput = () => this.stop(this.go(+this.range.value));
      this.speed = controls.querySelector("select");
      const act = {
        play: () => this.frame ? this.stop() : this.play(),
        back: () => this.stop(this.go(this.at - 1)),
        forward: () => this.stop(this.go(this.at + 1)),
        "wait-back": () => this.stop(this.go(this.waits.findLast(at => at < this.at) ?? 0)),
        "wait-forward": () => this.stop(this.go(this.waits.find(at => at > this.at) ?? this.states.length - 1)),
      };
      for (const [name] of BUTTONS) controls.querySelector(`[name=${name}]`).onclick = act[name];
      this.button = controls.querySelector("[name=play]");
      this.figures = [...controls.querySelectorAll("b")];
      this.bars = [...controls.querySelectorAll("meter")];
      for (const bar of this.bars) bar.max = this.data.wall || 1;
      // Where no time passes, there is no wait to go to, and nothing to measure.
      for (const each of controls.querySelectorAll("[name^=wait], .player__meters")) each.hidden = !this.waits.length;
      this.section.onkeydown = event => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const typing = event.target.matches("select, input"), key = event.key;
        const name = key === " " && !event.target.matches("button, summary, select, a") ? "play"
          : !typing && key === "ArrowLeft" ? event.shiftKey ? "wait-back" : "back"
          : !typing && key === "ArrowRight" ? event.shiftKey ? "wait-forward" : "forward" : null;
        if (name) act[name]();
        else if (!typing && key === "Home") this.stop(this.go(0));
        else if (!typing && key === "End") this.stop(this.go(this.states.length - 1));
        else return;
        event.preventDefault();
      };
      this.hands = svg("g", {});
      this.pages = Array.from({ length: this.data.pages }, () => (
        { joined: svg("g", {}), mark: svg("rect", { width: 8, height: 8 }) }));
      const groups = this.pages.map(({ joined, mark }) => {
        const group = svg("g", {});
        group.append(joined, mark);
        return group;
      });
      this.marks.replaceChildren(...groups, this.hands);
    }

    /** Show that step. */
    go(at) {
      this.at = Math.max(0, Math.min(at, this.states.length - 1));
      const state = this.states[this.at], before = this.shown, { page } = this.data.steps[this.at];
      this.shown = state;
      state.places.forEach((place, page) => place === before?.places[page] || this.place(page, place));
      this.hands.replaceChildren(...LISTS.flatMap((name, list) => state.hands[list].map(number => {
        const [page, key] = this.data.items[number];
        return svg("circle", { class: `item ${name}`, cx: x(page), cy: this.middles[this.data.hands[name][key]], r: 3 });
      })));
      const rows = state.stack.map(line => this.data.rows[line]);
      for (const line of this.lines) line.classList.remove("running", "caller");
      rows.forEach((row, depth) => this.lines[row].classList.add(depth === rows.length - 1 ? "running" : "caller"));
      this.follow(this.lines[rows.at(-1)]);
      this.follow(this.lines[this.rowAbout(page)]);
      const seconds = (state.at / 1e9).toFixed(3);
      const about = page === undefined ? "" : `${this.data.names[page] ?? `第 ${page + 1} 页`}　`;
      const text = about + this.data.texts[this.data.text[this.at]];
      this.now.textContent = `第 ${this.at + 1} 步　${this.waits.length ? `${seconds} 秒　` : ""}${text}`;
      this.range.value = this.at;
      this.range.setAttribute("aria-valuetext", `第 ${this.at + 1} 步，共 ${this.states.length} 步：${text}`);
      this.clocks(state.at);
    }

    /** Where the page stands that a step is about; if it is about none, where the one in the middle does. */
    rowAbout(page) {
      const rows = this.pages.map(({ row }) => row);
      return rows[page] ?? rows.sort((one, other) => one - other)[rows.length >> 1];
    }

    /** Where the player scrolls in a pane of its own, have it show that line. */
    follow(line) {
      const pane = this.section.parentElement;
      if (!line || pane.scrollHeight <= pane.clientHeight) return;
      const shown = pane.getBoundingClientRect(), { top, bottom } = line.getBoundingClientRect();
      const room = bottom - top;
      const above = this.now.getBoundingClientRect().bottom + room - top, below = bottom + room - shown.bottom;
      pane.scrollTop += above > 0 ? -above : Math.max(below, 0);
    }

    place(page, number) {
      const [state, lines, waits] = this.data.places[number], { joined, mark } = this.pages[page];
      const kind = `${state.replace(" ", "-")} ${waits ?? ""}`;
      const framed = state === "stack" || state === "frame";
      const standing = framed ? lines.map(line => this.middles[this.data.rows[line]]) : [];
      const row = state === "done" || state === "failed" ? this.data.bottom
        : this.data.rows[framed ? lines[0] : lines.at(-1)] ?? 0;
      this.pages[page].row = row;
      mark.setAttribute("class", kind);
      mark.setAttribute("x", x(page) - 4);
      mark.setAttribute("y", this.middles[row] - 4);
      joined.replaceChildren(...standing.length < 2 ? [] : [
        svg("path", { class: kind, d: `M${x(page)} ${Math.min(...standing)}V${Math.max(...standing)}` }),
        ...standing.slice(1).map(at => svg("circle", { class: kind, cx: x(page), cy: at, r: 2 })),
      ]);
    }

    /** Both meters, at that virtual nanosecond. */
    clocks(now) {
      const at = now / 1e9;
      const cpu = this.data.busy.reduce((sum, [from, to]) => sum + Math.max(Math.min(at, to) - from, 0), 0);
      [at, cpu].forEach((value, meter) => {
        this.figures[meter].textContent = `${value.toFixed(3)} 秒`;
        this.bars[meter].value = value;
      });
      this.head?.setAttribute("transform", `translate(${720 * Math.min(at / this.data.wall, 1)})`);
    }

    play() {
      if (this.at === this.states.length - 1) this.go(0);
      this.button.textContent = "停下";
      // It would be read out without end.
      this.now.ariaLive = "off";
      let since = performance.now();
      const step = now => {
        if (!this.section.isConnected) return;
        const { at } = this.states[this.at], lasts = (this.states[this.at + 1]?.at ?? at) - at;
        const due = Math.max(lasts / 1e9 * SECOND, INSTANT) * this.speed.value;
        const part = Math.min((now - since) / due, 1);
        if (lasts) this.clocks(at + lasts * part);
        if (part === 1) {
          since = now;
          if (this.at === this.states.length - 1) return this.stop();
          this.go(this.at + 1);
        }
        this.frame = requestAnimationFrame(step);
      };
      this.frame = requestAnimationFrame(step);
    }

    stop() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.button.textContent = "播放";
      this.now.ariaLive = "polite";
    }
  }

  const players = new WeakMap();
  const begin = () => document.querySelectorAll(".player:not([data-begun]):has(> template)").forEach(section => {
    section.dataset.begun = "";
    players.set(section, new Player(section));
  });
  // A sentence sends its reader to a step.
  addEventListener("click", event => {
    const link = event.target.closest("a[data-step]"), section = link && document.querySelector(link.hash);
    if (!section || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const player = players.get(section);
    player.stop(player.go(+link.dataset.step));
    section.scrollIntoView();
    section.querySelector(".player__code").focus({ preventScroll: true });
    // The theme would put the page, whose player is at its beginning, in its own place.
    event.preventDefault();
    event.stopPropagation();
  }, true);
  // The runner has put one into the page.
  addEventListener("recorded", begin);
  if (location.protocol === "file:") begin();
  else document$.subscribe(begin);
}
