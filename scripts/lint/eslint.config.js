// The scripts of the pages are loaded as such; all else is modules, most of them for a page.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    rules: {
      eqeqeq: "error",
      "no-irregular-whitespace": ["error", { skipTemplates: true }], // Chinese has a space of its own
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["runner/src/**"], languageOptions: { globals: globals.browser } },
  { files: ["runner/src/worker.js"], languageOptions: { globals: { ...globals.worker, PYODIDE: "readonly" } } },
  { files: ["docs/keep.js"], languageOptions: { globals: globals.serviceworker } },
  { files: ["runner/build.mjs"], languageOptions: { globals: globals.node } },
  {
    files: ["docs/assets/javascripts/**"],
    languageOptions: { sourceType: "script", globals: { ...globals.browser, document$: "readonly" } }, // the theme's
  },
  { files: ["docs/assets/javascripts/workers/**"], languageOptions: { globals: globals.worker } },
];
