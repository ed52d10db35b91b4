// What opens on a stage's page when the reader asks: the editor, the settings, and what a run brought.

import { fragment, NAMES, read, write } from "./address.js";
import { editor } from "./editor.js";
import { exercises } from "./exercises.js";
import styles from "./panel.css";
import { drawn } from "./picture.js";
import { run, stop } from "./session.js";
import { turn } from "./turn.js";

const FAILED = {
  blocked: "浏览器不许这一页启动 worker，这里运行不了",
  worker: "worker 没有启动起来，不是网络断了，就是浏览器不许",
  download: "Python 没有下载下来，看看网络，再按一次运行",
  memory: "浏览器给这一页的内存用完了，关掉一些标签页，或者少取几页，再按一次运行",
  run: "Python 在浏览器里出了意外，再按一次运行会重新启动它",
};
const SHELL = `
<section class="runner__exercises" aria-label="试试看"></section>
<div class="runner__tools">
  <button type="button" name="compare" class="runner__tool" aria-pressed="false"></button>
  <button type="button" name="link" class="runner__tool">拷贝链接</button>
  <button type="button" name="save" class="runner__tool">存成文件</button>
  <button type="button" name="full" class="runner__tool">全屏</button>
</div>
<form class="runner__settings" aria-label="实验的设置">
  <label>页数 <input name="pages" type="number" min="1" max="10000" step="1" required></label>
  <label>往返 <input name="rtt" type="number" min="0" max="60000" step="any" required> 毫秒</label>
  <label>服务 <input name="service" type="number" min="0" max="60000" step="any" required> 毫秒</label>
  <label>故障 <select name="fault">
    <option value="">没有</option>
    <option value="refuse">拒绝连接</option>
    <option value="reset">中途重置</option>
    <option value="truncate">正文截断</option>
    <option value="drip">一次一字节</option>
    <option value="silent">一声不吭</option>
  </select></label>
  <label hidden><span></span> <input name="target" type="number" min="0" max="10000" step="1" required></label>
  <button hidden></button>
</form>
<div class="runner__bench">
<div>
<div class="runner__editor"></div>
<div class="runner__buttons">
  <button type="button" name="run" class="md-button md-button--primary">运行</button>
  <button type="button" name="stop" class="md-button" disabled>停止</button>
  <button type="button" name="reset" class="md-button">复原</button>
  <span class="runner__hint">Ctrl + Enter 运行，Tab 离开</span>
</div>
<p class="runner__status" role="status"></p>
<div class="runner__error" role="alert"></div>
<pre class="runner__output" tabindex="0" role="log" aria-label="程序的输出" hidden></pre>
</div>
<div class="runner__player"></div>
</div>
<div class="runner__picture"></div>`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(styles);
document.adoptedStyleSheets.push(sheet);

let open = null;
let kept = null; // the experiment of a panel that is to come back at once

globalThis.document$?.subscribe(() => {
  if (!open || open.section.isConnected) return;
  // At the first link within a page the theme loads that page anew, and takes the panel away.
  kept = open.path === location.pathname ? open.experiment : null;
  open.leave();
  if (kept) document.querySelector(".runner button[name=open]")?.click();
});

/** Open the runner in that section of the page, whose data are those of section.py's `about`. */
export async function openPanel(section, experiment) {
  await turn(); // evaluating this module was one
  open = new Panel(section, experiment);
  await open.begin();
}

class Panel {
  constructor(section, { stage, program, settings, recorded, costs }) {
    this.section = section;
    this.stage = stage;
    this.path = location.pathname;
    this.recorded = recorded;
    this.costs = costs;
    this.settings = settings;
    this.usual = {
      pages: String(settings.pages),
      rtt: String(settings.rtt * 1000),
      service: String(settings.service_time * 1000),
      fault: "",
      target: "3",
      program,
    };
  }

  /** Come up with what the address says, or what was there a moment ago, once the editor is there. */
  async begin() {
    const shared = await read(this.stage, kept ?? this.usual, this.usual).catch(() => null);
    kept = null;
    const experiment = shared ?? this.usual;
    this.editor = await editor(experiment.program, { changed: () => this.remember(), run: () => this.run() });
    this.lesson = await this.fetchLesson();
    this.part("panel").innerHTML = SHELL;
    this.section.classList.add("runner--open");
    this.part("editor").append(this.editor.element);
    this.form = this.section.querySelector("form");
    for (const name of ["run", "stop", "reset", "compare", "link", "save", "full"])
      this.button(name).onclick = () => this[name]();
    const { before, exercises: offered } = this.lesson;
    this.button("compare").hidden = !before;
    this.button("compare").textContent = `和“${before?.title}”比`;
    this.button("full").hidden = !document.fullscreenEnabled;
    this.section.onfullscreenchange = () => {
      this.button("full").textContent = document.fullscreenElement === this.section ? "退出全屏" : "全屏";
    };
    this.tell = exercises(this.part("exercises"), offered, number => this.attempt(number));
    this.form.oninput = () => this.remember();
    this.form.onsubmit = event => {
      event.preventDefault();
      this.run();
    };
    const refused = this.show(experiment);
    if (!shared) this.say("链接里的程序读不出来，这里是原来的那一份。");
    else if (refused.length) this.say(`链接里有数目不能用，换回了原来的：${refused.join("、")}。`);
    this.form.elements.pages.focus({ preventScroll: true });
    // Once the editor has been laid out, it knows how high its lines are.
    requestAnimationFrame(() => turn().then(() => this.editor.begin()));
  }

  /** What there is to try and to compare with; nothing where that does not come. */
  fetchLesson() {
    const none = { before: null, exercises: [] };
    return fetch(new URL(`${this.stage}.json`, import.meta.url)).then(answer => answer.json()).catch(() => none);
  }

  part(name) {
    return this.section.querySelector(`.runner__${name}`);
  }

  button(name) {
    return this.section.querySelector(`button[name=${name}]`);
  }

  /** Say it; the cause is for whoever wants to know more. */
  say(text, cause = "") {
    this.part("status").textContent = text;
    this.part("status").title = cause;
  }

  /** The experiment as the reader has it now. */
  get experiment() {
    const settings = NAMES.map(name => [name, this.form.elements[name].value]);
    return { ...Object.fromEntries(settings), program: this.editor.program };
  }

  /** Show it, as far as its settings can be; returns those that cannot, as `name=value`. */
  show(experiment) {
    for (const name of NAMES) this.form.elements[name].value = experiment[name];
    this.form.elements.fault.value ||= ""; // an unknown one is none
    this.label();
    const refused = NAMES.filter(name => !this.form.elements[name].checkValidity());
    for (const name of refused) this.form.elements[name].value = this.usual[name];
    if (experiment.program !== this.editor.program) this.editor.program = experiment.program;
    return refused.map(name => `${name}=${experiment[name]}`);
  }

  /** A refused connection is known by its number alone, any other fault by the path. */
  label() {
    const kind = this.form.elements.fault.value;
    const { target } = this.form.elements;
    const { parentElement } = target;
    parentElement.hidden = target.disabled = !kind; // what is hidden shall not have to be valid
    target.min = kind === "refuse" ? 1 : 0;
    parentElement.firstElementChild.textContent = kind === "refuse" ? "第几个连接" : "哪一页 /?page=";
  }

  remember() {
    this.label();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => write(this.path, this.stage, this.experiment, this.usual), 300);
  }

  async reset() {
    this.show(this.usual);
    this.clear();
    this.say("");
    this.editor.mark(null);
    await write(this.path, this.stage, this.usual, this.usual);
  }

  clear() {
    this.tell(null);
    this.text = "";
    this.part("error").replaceChildren();
    this.part("output").textContent = "";
    this.part("output").hidden = true;
    for (const name of ["player", "picture"]) this.part(name).replaceChildren();
  }

  /** Run what that exercise makes of the program. */
  attempt(number) {
    if (this.busy) this.stop();
    const { settings, program, line } = this.lesson.exercises[number];
    this.show({ ...this.usual, ...settings, program });
    if (line) this.editor.reveal(line);
    else this.editor.begin();
    this.run([this.stage, number]);
  }

  compare() {
    const pressed = this.button("compare").ariaPressed !== "true";
    this.button("compare").ariaPressed = pressed;
    this.editor.compare(pressed ? this.lesson.before.program : null);
  }

  async link() {
    const end = await fragment(this.stage, this.experiment, this.usual);
    const address = location.origin + this.path + end;
    const copied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
    this.say(copied ? "链接拷贝好了，谁打开它都会看到这份实验。" : `浏览器不许写剪贴板，链接在这里：${address}`);
  }

  save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([this.editor.program], { type: "text/x-python" }));
    link.download = `${this.stage}.py`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.section.requestFullscreen();
  }

  run(exercise = null) {
    if (this.busy || !this.form.reportValidity()) return;
    this.clear();
    this.editor.mark(null);
    this.turn(true);
    this.say("正在启动 Python：头一次要下载约 6 MB，以后就在手边了……");
    this.began = performance.now();
    const { pages, rtt, service, fault, target, program } = this.experiment;
    const faults = fault ? [`${fault}@${fault === "refuse" ? target : `/?page=${target}`}`] : [];
    const settings = { pages: Number(pages), rtt: rtt / 1000, service_time: service / 1000, faults };
    run({ program, ...this.settings, ...settings, recorded: this.recorded, costs: this.costs, exercise }, {
      ready: () => this.say("正在运行……"),
      output: text => this.print(text),
      done: outcome => this.done(outcome),
      failed: (step, cause) => this.failed(step, cause),
    });
  }

  /** Whether something runs. */
  turn(busy) {
    const run = this.button("run");
    if (busy) this.pressed = document.activeElement === run;
    this.busy = busy;
    run.disabled = busy;
    this.button("stop").disabled = !busy;
    this.section.setAttribute("aria-busy", busy);
    // A button that cannot be pressed loses the focus, and who uses the keyboard would have to look for it.
    if (!busy && this.pressed && document.activeElement === document.body) run.focus({ preventScroll: true });
  }

  stop() {
    stop();
    this.turn(false);
    this.say("停下了。下次运行会重新启动 Python。");
    this.button("run").focus();
  }

  leave() {
    open = null;
    clearTimeout(this.pause);
    if (this.busy) stop();
  }

  /** Show output once in each frame, however often it comes. */
  print(text) {
    this.text += text;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.part("output").textContent = this.text;
      this.part("output").hidden = !this.text;
    });
  }

  done({ summary, error, player, picture, verdict }) {
    this.turn(false);
    const seconds = ((performance.now() - this.began) / 1000).toFixed(2);
    this.say(`${summary}。这里真正花去 ${seconds} 秒。`);
    if (error) this.complain(error);
    this.tell(verdict);
    this.part("player").replaceChildren(drawn(player));
    this.part("picture").replaceChildren(drawn(picture));
    for (const table of this.section.querySelectorAll("table")) table.tabIndex = 0; // it may be wider than there is room
    dispatchEvent(new Event("recorded")); // player.js, which moves the recorded ones of the page, moves this one
  }

  complain({ message, line, traceback }) {
    this.editor.mark(line);
    const what = document.createElement("p");
    what.textContent = line ? `第 ${line} 行：${message}` : message;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const trace = document.createElement("pre");
    summary.textContent = "完整的回溯";
    trace.textContent = traceback;
    trace.tabIndex = 0; // it scrolls
    details.append(summary, trace);
    this.part("error").replaceChildren(what, details);
  }

  failed(step, cause) {
    this.turn(false);
    this.say(`${FAILED[step]}；上面实测的结果不受影响。`, cause);
  }
}
