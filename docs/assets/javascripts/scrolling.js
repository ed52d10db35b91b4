// Who has no pointer moves what is wider than the page by the arrow keys: it is a stop of theirs only then.
const wider = new ResizeObserver(boxes => boxes.forEach(({ target }) => {
  if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
  else target.removeAttribute("tabindex");
}));

document$.subscribe(() => {
  wider.disconnect();
  document.querySelectorAll(".md-typeset__scrollwrap, .md-typeset pre > code").forEach(box => wider.observe(box));
});
