// Stands before the theme's search worker, whose file the address names behind its #: that one and the texts it
// searches are loaded when something is asked, and not with the page; and what is asked is cut into words here.

const SETUP = 0, READY = 1, QUERY = 2, RESULT = 3;
const texts = new URL("../../../search/texts.json", location.href);
const send = self.postMessage.bind(self);
const LOST = {
  location: "", title: "搜索用的文字没有下载下来", text: "看看网络，再敲一个字。", terms: {}, score: 0,
};
let setting, theirs, starting = null, terms, asked = null;

self.onmessage = async ({ data: { type, data } }) => {
  if (type === SETUP) {
    setting = data;
    send({ type: READY });
  } else if (!data.trim()) send({ type: RESULT, data: { items: [] } });
  else if (await (starting ??= start())) await answer(data);
  else {
    starting = null;
    send({ type: RESULT, data: { items: [[LOST]] } });
  }
};

/** Whether all has been loaded. */
async function start() {
  const docs = await fetch(texts).then(answer => answer.ok && answer.json()).catch(() => null);
  if (!docs) return false;
  terms = new Set(docs.flatMap(doc => doc.terms?.split(" ") ?? []));
  self.addEventListener = (_, listener) => theirs = listener;
  self.postMessage = ({ type, data }) => type === RESULT && send({ type, data: withoutTerm(data) });
  importScripts(location.hash.slice(1));
  await theirs({ data: { type: SETUP, data: { ...setting, docs } } });
  return true;
}

/** The question as a term of the index, as scripts/site/search/terms.py writes it. */
const asTerm = question => `_${question.toLowerCase()
  .replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "")
  .replace(/(?<=[^\0-\x7f])(?=[^\0-\x7f])/gu, "_")}_`;

/** Have the pages come first that this very term leads to. */
async function answer(question) {
  const term = asTerm(question);
  asked = terms.has(term) ? term : null;
  await theirs({ data: { type: QUERY, data: asked ? `${question} ${asked}^1` : question } });
}

/** No reader wrote that term; and a page that it leads to uses the words, if not in the section that was found. */
function withoutTerm({ items }) {
  for (const { terms } of items.flat()) {
    if (terms[asked]) for (const word of Object.keys(terms)) terms[word] = true;
    delete terms[asked];
  }
  return { items };
}

/** The words of Chinese text that the index knows: those that leave the fewest characters out, and are the fewest.
    A character alone is none: with 条 of 竞态条件 one would find whatever begins with it. */
self.segment = (text, known) => {
  const best = [{ left: 0, words: [] }];
  for (let end = 1; end <= text.length; end++) {
    best[end] = { left: best[end - 1].left + 1, words: best[end - 1].words };
    for (let start = 0; start < end - 1; start++) {
      const word = text.slice(start, end), { left, words } = best[start];
      const better = left - best[end].left || words.length + 1 - best[end].words.length;
      if (better < 0 && word in known) best[end] = { left, words: [...words, word] };
    }
  }
  return [best[text.length].words.join(" ") || text];
};
