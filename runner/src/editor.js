// The editor: CodeMirror with the page's own colours. Tab leaves it, as a keyboard's user expects.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
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

const look = EditorView.theme({
  "&": { backgroundColor: "var(--md-code-bg-color)", color: "var(--md-code-fg-color)", maxHeight: "28rem" },
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
      keymap.of([...defaultKeymap, ...historyKeymap]),
      pythonLanguage,
      look,
      marked,
      EditorView.contentAttributes.of({ "aria-label": "程序" }),
      EditorView.updateListener.of(update => update.docChanged && changed()),
    ],
  });
  await turn();
  const view = new EditorView({ state });
  await turn();
  view.dispatch({ effects: StateEffect.appendConfig.of(syntaxHighlighting(colours)) });
  await turn();
  return {
    element: view.dom,
    get program() {
      return view.state.doc.toString();
    },
    set program(text) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    /** Mark that line and bring it into view; null for none. */
    mark(line) {
      const found = line >= 1 && line <= view.state.doc.lines ? line : null;
      const effects = [mark.of(found)];
      if (found) effects.push(EditorView.scrollIntoView(view.state.doc.line(found).from, { y: "center" }));
      view.dispatch({ effects });
    },
  };
}
