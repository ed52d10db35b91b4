// node build.mjs FOLDER: bundle the editor and the worker, and put Pyodide beside them.

import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { loadPyodide } from "pyodide";

const folder = process.argv[2];
const packaged = name => fileURLToPath(import.meta.resolve(`pyodide/${name}`));
const lock = await readFile(join(packaged("pyodide.mjs"), "..", "pyodide-lock.json"), "utf8");

// CodeMirror's styles as sheets that a document adopts, which a policy allows, and not as an element, which it may not.
const IN_SHADOW_ONLY = "!root.head && root.adoptedStyleSheets";
const adoptStyles = {
  name: "adopt-styles",
  setup: ({ onLoad }) => onLoad({ filter: /style-mod\.js$/ }, async ({ path }) => {
    const contents = await readFile(path, "utf8");
    if (!contents.includes(IN_SHADOW_ONLY)) throw new Error(`style-mod has no ${IN_SHADOW_ONLY} in this version`);
    return { contents: contents.replace(IN_SHADOW_ONLY, "root.adoptedStyleSheets") };
  }),
};

await build({
  entryPoints: ["src/panel.js", "src/worker.js"],
  outdir: folder,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  external: ["node:*", "ws"], // which Pyodide imports where there is no browser
  define: {
    PYODIDE: JSON.stringify(JSON.parse(lock).info),
    "Intl.Segmenter": "undefined", // CodeMirror makes one as it is loaded, 20 ms long, for keys that are not bound
  },
  loader: { ".css": "text" },
  plugins: [adoptStyles],
  legalComments: "eof",
  logLevel: "warning",
});
for (const name of ["pyodide.asm.mjs", "pyodide.asm.wasm"]) await copyFile(packaged(name), join(folder, name));

// Compiling the modules that it imports is two thirds of what Pyodide takes to start, so these come compiled.
const python = await loadPyodide();
python.FS.writeFile("/given.zip", await readFile(packaged("python_stdlib.zip")));
python.runPython(await readFile("src/compile.py", "utf8"));
await writeFile(join(folder, "python_stdlib.zip"), python.FS.readFile("/made.zip"));
