// What takes long takes several turns of the page's event loop, so that the page hears its reader in between.

/** Resolves in a turn of its own. */
export function turn() {
  return new Promise(resolve => setTimeout(resolve));
}
