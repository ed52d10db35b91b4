// A heading sorts its table: by number, the smallest first, then the other way; the first one restores the order of history.
const number = cell => parseFloat(cell.textContent.replaceAll(",", ""));

function sort(table, column, direction) {
  const rows = [...table.tBodies[0].rows];
  const value = row => column ? number(row.cells[column]) : +row.dataset.place;
  rows.sort((a, b) =>
    isNaN(value(a)) - isNaN(value(b)) || direction * (value(a) - value(b)) || a.dataset.place - b.dataset.place);
  table.tBodies[0].append(...rows);
}

function makeSortable(table) {
  [...table.tBodies[0].rows].forEach((row, place) => row.dataset.place = place);
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    // A button without a name says nothing to who hears the page.
    if (!head.textContent.trim()) return;
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.ariaSort === "ascending";
      heads.forEach(each => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(table, column, descending ? -1 : 1);
    });
  });
}

document$.subscribe(() =>
  document.querySelectorAll(".comparison:not(.matrix) table:not(:has(th button))").forEach(makeSortable));
