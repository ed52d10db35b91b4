// The editor: CodeMirror with the page's own colours. Tab leaves it, as a keyboard's user expects.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, codeFolding, ensureSyntaxTree, foldable, foldedRanges, foldEffect, foldGutter, foldKeymap,
  HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting, unfoldEffect,
} from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { turn } from "./turn.js";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--md-code-hl-keyword-color)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--md-code-hl-string-color)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--md-code-hl-number-color)" },
  { tag: tags.comment, color: "var(--md-code-hl-comment-color)" },
  { tag: tags.definition(tags.function(tags.variableName)), color: "var(--md-code-hl-function-color)" },
  { tag: tags.definition(tags.className), color: "var(--md-code-hl-function-color)" },
  { tag: [tags.operator, tags.derefOperator], color: "var(--md-code-hl-operator-color)" },
]);

const LESSON = /^(async )?def fetch\b/;
const BESIDE_IT = /^def (request|body)\b/; // what all programs share, and none is about
const PARSING = 20; // milliseconds of parsing at a stretch, so that the page still hears its reader
const PHRASES = {
  "Fold line": "折起来",
  "Unfold line": "展开",
  "folded code": "折起来的几行",
  unfold: "展开",
  "$ unchanged lines": "$ 行没有变",
};

const look = EditorView.theme({
  "&": { backgroundColor: "var(--md-code-bg-color)", color: "var(--md-code-fg-color)", maxHeight: "inherit" },
  "&.cm-focused": { outline: "2px solid var(--md-accent-fg-color)" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", fontSize: "0.68rem", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "var(--md-code-bg-color)", color: "var(--quiet)", border: "0" },
  ".cm-content": { caretColor: "var(--md-code-fg-color)" },
  ".runner__bad-line": { backgroundColor: "var(--runner-bad)", boxShadow: "inset 3px 0 var(--cpu)" },
});

const mark = StateEffect.define();
const bad = Decoration.line({ class: "runner__bad-line" });

const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    for (const effect of transaction.effects.filter(each => each.is(mark)))
      return effect.value ? Decoration.set(bad.range(transaction.state.doc.line(effect.value).from)) : Decoration.none;
    return transaction.docChanged ? Decoration.none : lines;
  },
  provide: field => EditorView.decorations.from(field),
});

const comparison = new Compartment();
const against = original => unifiedMergeView({
  original,
  mergeControls: false,
  allowInlineDiffs: true,
  collapseUnchanged: { margin: 2, minSize: 4 },
});

/** Fold what all programs share, so that the lesson stands out, as soon as the whole program is parsed. */
async function fold(view) {
  while (!ensureSyntaxTree(view.state, view.state.doc.length, PARSING)) await turn();
  view.dispatch({}); // a state keeps the tree that it began with: the next one has what was parsed since
  view.dispatch({ effects: folds(view.state) });
}

/** What is to be folded of a program that is parsed. */
function folds(state) {
  return Array.from({ length: state.doc.lines }, (_, number) => state.doc.line(number + 1))
    .filter(line => BESIDE_IT.test(line.text))
    .map(line => foldable(state, line.from, line.to))
    .filter(Boolean)
    .map(range => foldEffect.of(range));
}

/** What unfolds that place, if it is folded. */
function unfolds(state, place) {
  const found = [];
  foldedRanges(state).between(place, place, (from, to) => { found.push(unfoldEffect.of({ from, to })); });
  return found;
}

/** An editor of that program: its `element` is to be put into the page.  `changed` is called with every change,
    `run` for Ctrl+Enter. */
export async function editor(program, { changed, run }) {
  const state = EditorState.create({
    doc: program,
    extensions: [
      lineNumbers(),
      history(),
      bracketMatching(),
      indentOnInput(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      keymap.of(["Ctrl-Enter", "Cmd-Enter"].map(key => ({ key, run: () => (run(), true) }))),
      keymap.of([...foldKeymap, ...defaultKeymap, ...historyKeymap]),
      codeFolding(),
      foldGutter(),
      comparison.of([]),
      EditorState.phrases.of(PHRASES),
      pythonLanguage,
      look,
      marked,
      EditorView.contentAttributes.of({ "aria-label": "程序", tabindex: "0" }),
      EditorView.updateListener.of(update => update.docChanged && changed()),
    ],
  });
  await turn();
  const view = new EditorView({ state });
  await turn();
  view.dispatch({ effects: StateEffect.appendConfig.of(syntaxHighlighting(colours)) });
  await turn();
  await fold(view);
  await turn();
  const line = number => view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
  return {
    element: view.dom,
    get program() {
      return view.state.doc.toString();
    },
    set program(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      void fold(view);
    },
    /** Bring the lesson into view; to be called once the element is in the page. */
    begin() {
      const { doc } = view.state;
      for (let number = 1; number <= doc.lines; number++)
        if (LESSON.test(doc.line(number).text)) return this.reveal(number, "start");
    },
    /** Bring that line into view. */
    reveal(number, y = "center") {
      const { from } = line(number);
      view.dispatch({ effects: [...unfolds(view.state, from), EditorView.scrollIntoView(from, { y })] });
    },
    /** Show what differs from that program; from none with null. */
    compare(original) {
      view.dispatch({ effects: comparison.reconfigure(original === null ? [] : against(original)) });
    },
    /** Mark that line and bring it into view; null for none. */
    mark(number) {
      const found = number >= 1 && number <= view.state.doc.lines ? number : null;
      view.dispatch({ effects: mark.of(found) });
      if (found) this.reveal(found);
    },
  };
}
