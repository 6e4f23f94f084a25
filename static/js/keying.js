// Keying by numbers. The page works without this: then Tab goes on, and Enter checks what was keyed.
const form = document.querySelector("form[data-keying]");
const lines = [...form.querySelectorAll("[data-line]")];
const save = form.querySelector("[data-save]");
const questionOf = (line) => line.closest("[data-question]");
const labelsOf = (line) => (line.dataset.labels ?? "").split(" ").filter(Boolean);

/** The labels that were keyed into a line. */
function keyed(line) {
  const text = line.value.trim().toUpperCase();
  if (!("many" in line.dataset)) return text ? [text] : [];
  const parts = text.split(/[\s,.]+/).filter(Boolean);
  return labelsOf(line).every((label) => label.length === 1) ? parts.join("").split("") : parts;
}

/** The words of an option, by its label or by how they begin. */
function wordsOf(line, label) {
  const options = [...questionOf(line).querySelectorAll("[data-label]")];
  const named = options.filter((option) => option.dataset.label === label);
  const begun = options.filter((option) => option.textContent.toUpperCase().startsWith(label));
  const found = named.length ? named : begun;
  return found.length === 1 ? found[0].textContent : "";
}

function showWords(line) {
  const place = line.parentElement.querySelector("[data-words]");
  if (!place) return;
  const words = keyed(line).map((label) => wordsOf(line, label));
  const wrong = words.includes("");
  place.textContent = wrong ? "No such answer" : words.join(", ");
  place.classList.toggle("csp-key__words--wrong", wrong);
}

/** Whether a line is passed over: its question is not asked, or no option was chosen that it belongs to. */
function passed(line) {
  if (questionOf(line).classList.contains("csp-key__question--past")) return line.value === "";
  if (!line.dataset.beside) return false;
  const before = lines[lines.indexOf(line) - 1];
  return !keyed(before).includes(line.dataset.beside) && line.value === "";
}

function arrive(line) {
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "center" });
  line.select?.();
}

// Which questions are asked is found in one place, by the server. Whoever keys on meanwhile loses no key: they wait
// until it is known where they belong.
let waiting = false;
const kept = [];
const asked = new Map();

async function ask(line) {
  if (!("decides" in questionOf(line).dataset) || asked.get(line) === line.value) return;
  asked.set(line, line.value);
  const sent = new FormData(form);
  sent.set("form-then", "path");
  try {
    const answer = await fetch(window.location.href, { method: "POST", body: sent });
    if (answer.ok) mark(await answer.json());
  } catch {
    mark([]);
  }
}

async function goOn(line) {
  waiting = true;
  await ask(line);
  waiting = false;
  arrive(lines.slice(lines.indexOf(line) + 1).find((next) => !passed(next)) ?? save);
  while (kept.length && !waiting) press(kept.shift());
}

/** What a key does that was pressed while it was not known which line is next. */
function press(key) {
  const line = document.activeElement;
  if (key === "Enter") {
    if (lines.includes(line)) goOn(line);
    else line.click();
  } else if (lines.includes(line)) {
    line.setRangeText(key, line.selectionStart, line.selectionEnd, "end");
    line.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

window.addEventListener(
  "keydown",
  (event) => {
    if (!waiting || event.ctrlKey || !(event.key.length === 1 || event.key === "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    kept.push(event.key);
  },
  true,
);

function goBack(line) {
  const before = lines.slice(0, lines.indexOf(line)).findLast((one) => !passed(one));
  if (before) arrive(before);
}

/** Whether nothing more can follow what was keyed. */
function isWhole(line) {
  const text = line.value.trim().toUpperCase();
  if (line.dataset.longest) return text.length >= Number(line.dataset.longest);
  if ("many" in line.dataset) return false;
  const labels = labelsOf(line);
  return labels.includes(text) && !labels.some((label) => label !== text && label.startsWith(text));
}

form.addEventListener("input", ({ target: line }) => {
  if (!lines.includes(line)) return;
  showWords(line);
  if (isWhole(line)) goOn(line);
});

form.addEventListener("keydown", (event) => {
  const line = event.target;
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit(save);
  } else if (line.id === "form-number" && event.key === "Enter") {
    event.preventDefault();
    arrive(lines[0]);
  } else if (lines.includes(line)) {
    const written = line.tagName === "TEXTAREA" && line.value !== "";
    const back = (event.key === "ArrowUp" && !written) || (event.key === "Backspace" && line.value === "");
    const on = (event.key === "Enter" && !event.shiftKey) || (event.key === "ArrowDown" && !written);
    if (back || on) event.preventDefault();
    if (on) goOn(line);
    else if (back) goBack(line);
  }
});

/** Say of each question whether it is asked. */
function mark(past) {
  for (const question of form.querySelectorAll("[data-question]")) {
    const filled = [...question.querySelectorAll("[data-line]")].some((line) => line.value);
    question.classList.toggle("csp-key__question--past", past.includes(question.dataset.question));
    question.classList.toggle("csp-key__question--keyed", filled);
  }
}

form.addEventListener("change", ({ target: line }) => {
  if (lines.includes(line)) ask(line);
});

mark(form.dataset.past.split(" "));
for (const line of lines) if (line.value) showWords(line);
// After a fault the summary has the focus; a form that was only looked over is ready to be saved.
if (!document.querySelector(".govuk-error-summary")) arrive(lines.some((line) => line.value) ? save : lines[0]);
