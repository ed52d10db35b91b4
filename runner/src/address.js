// An experiment in the page's address, behind the #, so that a link shares it and no server sees it.

const LONGEST = 1_000_000; // bytes of a program: a few letters can stand for more than there is memory
export const NAMES = ["pages", "rtt", "service", "fault", "target"];

/** The experiment on that stage's page, as far as it differs from `usual`, as the end of an address. */
export async function fragment(stage, experiment, usual) {
  const told = new URLSearchParams({ run: stage });
  for (const name of NAMES) if (experiment[name] !== usual[name]) told.set(name, experiment[name]);
  const { program } = experiment;
  const short = program !== usual.program && new Blob([program]).size <= LONGEST;
  if (short) told.set("program", await packed(program));
  return `#${told}`;
}

/** Write the experiment on that stage's page into the address `path`, unless it is the `usual` one. */
export async function write(path, stage, experiment, usual) {
  const told = await fragment(stage, experiment, usual);
  const end = told === `#run=${stage}` ? "" : told;
  // Instant navigation leads elsewhere before it takes the page away.
  if (location.pathname === path) history.replaceState(history.state, "", path + location.search + end);
}

/** The experiment in the address, `usual` where it is silent, or without one `otherwise`;
    throws when its program cannot be read. */
export async function read(stage, otherwise, usual) {
  const told = new URLSearchParams(location.hash.slice(1));
  if (told.get("run") !== stage) return { ...otherwise };
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

/** What comes out of the stream; throws RangeError when that is longer than any program. */
async function through(stream, content) {
  const reader = new Blob([content]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > LONGEST) throw new RangeError(`more than ${LONGEST} bytes`);
  }
  return new Blob(parts).arrayBuffer();
}
