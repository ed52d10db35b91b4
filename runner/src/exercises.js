// What there is to try: a question, whose answer the reader predicts, and then the run that gives it.

const SHELL = `
<p class="runner__titles"><b>试试看</b></p>
<p class="runner__question" role="group" hidden></p>
<p class="runner__verdict" role="status"></p>`;

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "runner__choice";
  made.textContent = text;
  made.onclick = () => act(made);
  return made;
}

/** Put these exercises into the element; `attempt` is called with the number of one that the reader has
    answered.  Returns a function to be called with the verdict of its run, or null as another run begins. */
export function exercises(element, offered, attempt) {
  element.hidden = !offered.length;
  element.innerHTML = SHELL;
  const [titles, question, verdict] = element.children;
  let chosen = null; // the answer's number

  const answers = () => [...question.querySelectorAll("button")];

  const open = (title, number) => {
    for (const each of titles.querySelectorAll("button")) each.setAttribute("aria-expanded", each === title);
    verdict.textContent = "";
    question.hidden = false;
    question.ariaLabel = offered[number].question;
    question.replaceChildren(offered[number].question, ...offered[number].answers.map((text, answer) => button(text, () => {
      attempt(number);
      chosen = answer;
      answers().forEach((each, place) => each.setAttribute("aria-pressed", place === answer));
    })));
    answers()[0].focus({ preventScroll: true });
  };

  offered.forEach(({ title }, number) => {
    const made = button(title, () => open(made, number));
    made.setAttribute("aria-expanded", "false");
    titles.append(made);
  });

  return found => {
    if (!found) verdict.textContent = "";
    else if (found.holds === null) verdict.textContent = found.why;
    else {
      const right = answers()[found.holds].textContent;
      verdict.textContent = `${found.holds === chosen ? "想对了" : "跑出来不是那样"}：${right}。${found.why}`;
    }
  };
}
