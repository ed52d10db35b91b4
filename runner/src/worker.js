// Python in a worker: it starts once, and then runs one experiment after another.

import { loadPyodide } from "pyodide";

const MOST = 100_000; // characters of output; a program that prints for ever shall not fill the page's memory
const here = new URL(".", import.meta.url).href;

async function download(name) {
  const answer = await fetch(here + name);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Rejects when any download fails: Pyodide itself would wait for its code for ever. */
function missed() {
  const ask = fetch;
  return new Promise((_, reject) => {
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
  return python.pyimport("scripts.page.experiment").run;
}

function writer() {
  let room = MOST;
  return text => {
    if (room > 0) postMessage({ kind: "output", text: text.length > room ? `${text.slice(0, room)}…` : text });
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
    postMessage({ kind: "done", outcome: JSON.parse(run(data, writer())) });
  } catch (error) {
    postMessage({ kind: "failed", step: /memory/i.test(error) ? "memory" : step, cause: String(error) });
  }
};
