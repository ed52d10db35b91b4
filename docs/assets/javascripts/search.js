// The theme's search listens to keys only, and what an input method commits sends none.
document.addEventListener("input", event => {
  if (event.target.matches(".md-search__input"))
    event.target.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
});
