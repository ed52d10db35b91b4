// A service worker for the runner's own files and nothing else: they are there without the network.
// Their folder is named after their content, so that what was kept never has to be asked for again.

const scope = new URL(".", self.location).href;
const FILES = ["worker.js", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "project.zip"];

self.addEventListener("install", event => {
  event.waitUntil(caches.open(scope).then(cache => cache.addAll(FILES.map(name => scope + name))));
});

self.addEventListener("activate", event => event.waitUntil(forget()));

/** Let go of what earlier versions kept. */
async function forget() {
  const beside = new URL("..", scope).href;
  const earlier = (await caches.keys()).filter(name => name.startsWith(beside) && name !== scope);
  await Promise.all(earlier.map(name => caches.delete(name)));
}

self.addEventListener("fetch", event => {
  event.respondWith(caches.match(event.request).then(kept => kept ?? fetch(event.request)));
});
