// Has the service worker keep what this page has loaded, once the page is there.
if (navigator.serviceWorker && typeof livereload === "undefined") {
  const home = new URL("../../keep.js", document.currentScript.src);
  addEventListener("load", () => setTimeout(async () => {
    try {
      await navigator.serviceWorker.register(home);
      const { active } = await navigator.serviceWorker.ready;
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      active.postMessage([location.href, ...loaded].filter(name => name.startsWith(location.origin)));
    } catch {
      // Private windows may have none; the pages are read from the network then.
    }
  }, 1000), { once: true });
}
