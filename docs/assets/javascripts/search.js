// What the theme's search lacks.
{
  const texts = new URL("../../search/texts.json", document.currentScript.src);
  const isQuestion = element => element.matches(".md-search__input");

  // It listens to keys only, and what an input method commits sends none.
  document.addEventListener("input", ({ target }) => {
    if (isQuestion(target)) target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  });

  // Its worker asks for the texts with the first word: so that they are there by then.
  let asked = false;
  document.addEventListener("focusin", ({ target }) => {
    if (asked || !isQuestion(target)) return;
    asked = true;
    fetch(texts).then(answer => answer.blob()).catch(() => asked = false);
  });
}
