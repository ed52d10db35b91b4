// The picture comes as text from where the reader's program ran, and that may be a program out of a link:
// so only what draws is let into the page, nothing that acts.

const ELEMENTS = new Set([
  ..."figure figcaption div details summary table thead tbody tr th td".split(" "),
  ..."svg title desc g path text".split(" "),
]);
const ATTRIBUTES = new Set(
  "class id d x y viewBox role tabindex scope aria-label aria-labelledby".split(" "),
);

/** The elements of that markup which draw, as a fragment for the page. */
export function drawn(markup) {
  const { body } = new DOMParser().parseFromString(markup, "text/html"); // runs nothing, asks for nothing
  for (const element of [...body.querySelectorAll("*")]) {
    if (!ELEMENTS.has(element.localName)) element.remove();
    else for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
  }
  const fragment = new DocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}
