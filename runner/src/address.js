// An experiment in the page's address, behind the #, so that a link shares it and no server sees it.

const NAMES = ["pages", "rtt", "service", "fault", "target"];

/** Write the experiment on that stage's page into the address `path`, as far as it differs from `usual`. */
export async function write(path, stage, experiment, usual) {
  const told = new URLSearchParams({ run: stage });
  for (const name of NAMES) if (experiment[name] !== usual[name]) told.set(name, experiment[name]);
  if (experiment.program !== usual.program) told.set("program", await packed(experiment.program));
  const fragment = [...told].length > 1 ? `#${told}` : "";
  // Instant navigation leads elsewhere before it takes the page away.
  if (location.pathname === path) history.replaceState(history.state, "", path + location.search + fragment);
}

/** The experiment in the address, `usual` where it says nothing; throws when its program cannot be read. */
export async function read(stage, usual) {
  const told = new URLSearchParams(location.hash.slice(1));
  if (told.get("run") !== stage) return { ...usual };
  const found = NAMES.filter(name => told.has(name)).map(name => [name, told.get(name)]);
  const program = told.has("program") ? await unpacked(told.get("program")) : usual.program;
  return { ...usual, ...Object.fromEntries(found), program };
}

async function packed(text) {
  const bytes = new Uint8Array(await through(new CompressionStream("deflate-raw"), text));
  const letters = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(letters) {
  const text = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, letter => letter.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

function through(stream, content) {
  return new Response(new Blob([content]).stream().pipeThrough(stream)).arrayBuffer();
}
