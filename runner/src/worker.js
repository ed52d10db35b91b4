// Python in a worker: it starts once, and then runs one experiment after another.

import { loadPyodide } from "pyodide";

const MOST = 100_000; // characters of output; a program that prints for ever shall not fill the page's memory
const CUT = `\n……输出太多，这里只显示前 ${MOST.toLocaleString("en")} 个字符；程序照样跑到底。\n`;
const PAGE = 2 ** 16; // bytes, in which WebAssembly's memory grows
const LIMIT = 2 ** 31; // bytes of it: Pyodide misreads a string that lies beyond
const PLENTY = 2 ** 30; // bytes of it: it never shrinks, so beyond that only the worker's end gives it back
const SHORT = /MemoryError|out of memory|allocat/i; // of memory, in the words of Python and of the browsers
const LASTING = /^(caches|indexedDB|Worker|storage|storageBuckets|serviceWorker|webkit\w*FileSystem\w*)$/;
const here = new URL(".", import.meta.url).href;

const { grow } = WebAssembly.Memory.prototype;
let full = false;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE > LIMIT) throw new RangeError("out of memory"); // a MemoryError to Python
  const before = grow.call(this, pages);
  full = this.buffer.byteLength > PLENTY;
  return before;
};

async function download(name) {
  const answer = await fetch(here + name);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Rejects when any download fails, or breaks off: Pyodide itself would wait for its code for ever. */
function missed() {
  const ask = fetch;
  const { instantiateStreaming } = WebAssembly;
  return new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = (...given) => {
      const made = instantiateStreaming(...given);
      made.catch(reject);
      return made;
    };
    globalThis.fetch = (...given) => {
      const answer = ask(...given);
      answer.then(({ ok, status, url }) => ok || reject(new Error(`${url}: HTTP ${status}`)), reject);
      return answer;
    };
  });
}

async function start() {
  const [python, project] = await Promise.all([
    loadPyodide({
      indexURL: here,
      stdLibURL: `${here}python_stdlib.zip`,
      lockFileContents: { info: PYODIDE, packages: {} }, // no program here may load another
    }),
    download("project.zip"),
  ]);
  python.FS.writeFile("/project.zip", project);
  python.runPython("import sys; sys.path.insert(0, '/project.zip')");
  forbid();
  const { run } = python.pyimport("scripts.page.runner.experiment");
  // Where the browser can switch stacks, a program may have threads: each is a stack that waits for its turn.
  return "Suspending" in WebAssembly ? (...given) => run.callPromising(...given) : run;
}

/** Have a thread of the simulator run on a stack of its own: not written in Python, which would have to evaluate text. */
globalThis.onAStack = run => void run.callPromising().finally(() => run.destroy());

/** A link brings a program of whoever sent it: it shall reach nothing that stays once this worker has gone. */
function forbid() {
  for (let each of [globalThis, navigator])
    for (; each && each !== Object.prototype; each = Object.getPrototypeOf(each))
      for (const name of Object.getOwnPropertyNames(each)) if (LASTING.test(name)) delete each[name];
}

function writer() {
  let room = MOST;
  return text => {
    if (room < 0 || !text) return;
    postMessage({ kind: "output", text: text.length > room ? text.slice(0, room) + CUT : text });
    room -= text.length;
  };
}

const starting = Promise.race([missed(), start()]);
starting.then(() => postMessage({ kind: "ready" }), () => {}); // what failed is told to whoever runs something

onmessage = async ({ data }) => {
  let step = "download";
  try {
    const run = await starting;
    step = "run";
    const outcome = JSON.parse(await run(data, writer()));
    postMessage({ kind: "done", outcome, full });
  } catch (error) {
    postMessage({ kind: "failed", step: full || SHORT.test(error) ? "memory" : step, cause: String(error) });
  }
};
