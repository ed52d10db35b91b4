// The one worker of this visit: it stays from one run to the next, and from one page to the next.

const here = new URL(".", import.meta.url).href;
const FILES = ["worker.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "project.zip"];
let worker = null;
let ready = false;
let running = null;
let kept = false;

function end() {
  if (worker) worker.onmessage = worker.onerror = null; // what it has already sent is of a run that is over
  worker?.terminate();
  worker = running = null;
  ready = false;
}

function start() {
  worker = new Worker(new URL("worker.js", here), { type: "module" });
  worker.onmessage = ({ data }) => receive[data.kind](data);
  worker.onerror = event => {
    event.preventDefault();
    fail("worker", event.message ?? "");
  };
}

const receive = {
  ready: () => {
    ready = true;
    running?.ready();
  },
  output: ({ text }) => running?.output(text),
  done: ({ outcome, full }) => {
    const waiting = running;
    running = null;
    if (full) end();
    waiting?.done(outcome);
    keep();
  },
  failed: ({ step, cause }) => fail(step, cause),
};

function fail(step, cause) {
  const waiting = running;
  end();
  waiting?.failed(step, cause);
}

/** Run an experiment; of `listener`, `ready` is called once Python has started, `output` as output comes, and at
    the end `done` with the outcome, or `failed` with the step and the cause. */
export function run(experiment, listener) {
  running = listener;
  try {
    if (!worker) start();
    worker.postMessage(JSON.stringify(experiment));
    if (ready) listener.ready();
  } catch (error) {
    fail("blocked", String(error));
  }
}

/** End the run at once, whatever it does: nothing can interrupt a loop in WebAssembly, so the worker goes. */
export { end as stop };

/** Have the site's service worker (docs/keep.js) keep what was downloaded, once what it brought is drawn; where
    there is none, the browser's cache does, as long as the server lets it. */
function keep() {
  if (kept) return;
  kept = true;
  const tell = ({ active }) => active.postMessage(FILES.map(name => here + name));
  requestAnimationFrame(() => setTimeout(() => navigator.serviceWorker?.ready.then(tell)));
}
