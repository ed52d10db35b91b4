// The picture comes as text from where the reader's program ran, and that may be a program out of a link:
// so only what draws is let into the page, nothing that acts.

const ELEMENTS = new Set([
  ..."section figure figcaption div p span small code details summary table caption thead tbody tr th td".split(" "),
  ..."svg title desc g path text rect circle template".split(" "),
]);
const ATTRIBUTES = new Set(
  ("class id d x y cx cy r width height viewBox preserveAspectRatio hidden lang role tabindex scope data-label " +
    "aria-label aria-labelledby aria-live aria-hidden").split(" "),
);

/** The elements of that markup which draw, as a fragment for the page. */
export function drawn(markup) {
  const { body } = new DOMParser().parseFromString(markup, "text/html"); // runs nothing, asks for nothing
  for (const element of [...body.querySelectorAll("*")]) {
    if (!ELEMENTS.has(element.localName)) element.remove();
    if (element.localName === "template") element.content.replaceChildren(element.content.textContent);
    for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
  const fragment = new DocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}
