// The site's service worker: what was read stays readable without a network, and what was not says so.

const KEPT = "read";
const NAMED_BY_CONTENT = /\.[0-9a-f]{8,}\.|\/runner\/[0-9a-f]{16}\//;
const TO_TAKE_AWAY = /\/((offline|programs)\.zip|measurements\.\w+|\w+\.ipynb)$/;
const RUNNER = /^.*\/runner\/[0-9a-f]{16}\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));

/** A page tells what it has loaded, before there was anybody to keep it. */
self.addEventListener("message", event => event.waitUntil(keep(event.data)));

self.addEventListener("fetch", event => {
  const { method, url } = event.request;
  if (method !== "GET" || new URL(url).origin !== location.origin || TO_TAKE_AWAY.test(url)) return;
  event.respondWith(NAMED_BY_CONTENT.test(url) ? kept(event.request) : fresh(event.request));
});

async function kept(request) {
  const cache = await caches.open(KEPT);
  return await cache.match(request) ?? put(cache, request, await fetch(request));
}

async function fresh(request) {
  const cache = await caches.open(KEPT);
  try {
    return put(cache, request, await fetch(request));
  } catch (error) {
    const found = await cache.match(request, { ignoreSearch: true });
    if (!found && request.mode !== "navigate") throw error;
    return found ?? unread(cache);
  }
}

function put(cache, request, answer) {
  if (answer.ok) cache.put(bare(request.url), answer.clone()).catch(() => {}); // where there is no room, it is read all the same
  return answer;
}

/** The address without the words that were searched for: the page is the same. */
const bare = address => address.replace(/[?#].*/, "");

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const missing = [];
  for (const address of new Set(addresses.map(bare))) if (!await cache.match(address)) missing.push(address);
  await Promise.all(missing.map(async address => {
    const answer = await fetch(address, { cache: "force-cache" });
    if (answer.ok) await cache.put(address, answer);
  }));
  await forget(cache, addresses.map(address => address.match(RUNNER)?.[0]).find(Boolean));
}

/** Let go of other runners than that one, whose files are large. */
async function forget(cache, runner) {
  if (!runner) return;
  for (const { url } of await cache.keys()) if (RUNNER.test(url) && !url.startsWith(runner)) await cache.delete(url);
}

async function unread(cache) {
  const pages = [];
  for (const { url } of await cache.keys()) {
    const title = url.endsWith("/") && (await (await cache.match(url)).text()).match(/<h1[^>]*>([^<]+)/)?.[1];
    if (title) pages.push(`<li><a href="${url}">${title}</a>`);
  }
  const page = `<!doctype html><html lang="zh"><meta charset="utf-8"><title>没有网络</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body { max-width: 40em; margin: 15vh auto; padding: 0 1em; font-family: system-ui, sans-serif; line-height: 1.7 }</style>
<h1>这一页还没有读过</h1><p>现在没有网络，它取不来。读过的都还在：</p><ul>${pages.join("")}</ul>`;
  return new Response(page, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}
