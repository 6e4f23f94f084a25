// Kindnesses to somebody on a weak signal; the pages work without them.
// A form goes once however often it is pressed. While offline it stays, with what was typed. And what was put in and
// not saved yet is kept by this tab, so that a refresh, or a server that does not answer, loses none of it.
const form = document.querySelector("form[data-answers]");
const notice = form.querySelector("[data-offline]");
let sent = false;

form.addEventListener("submit", (event) => {
  if (sent) {
    event.preventDefault();
  } else if (!navigator.onLine) {
    event.preventDefault();
    notice.className = "govuk-inset-text";
    notice.textContent = notice.dataset.offline;
  } else {
    sent = true;
  }
});

window.addEventListener("online", () => {
  notice.className = "";
  notice.textContent = "";
});

// Back may show this page as it was left: it must be able to send again. What was sent from it is saved by now, so that
// the page no longer knows which answers it was made with: all that it shows is taken.
window.addEventListener("pageshow", () => {
  const was = form.elements["form-was"];
  if (sent && was) was.value = "";
  sent = false;
});

// Hidden fields are the form's own; a postcode is not kept anywhere.
const fields = [...form.elements].filter(
  (field) => field.name && field.type !== "hidden" && field.type !== "submit" && field.autocomplete !== "postal-code",
);
const box = (field) => field.type === "radio" || field.type === "checkbox";
const list = (field) => field.type === "select-one";
const chosenFirst = (field) => [...field.options].find((option) => option.defaultSelected) ?? field.options[0];

// What each field held when the server made the page, and what it holds now.
const made = (field) =>
  box(field) ? field.defaultChecked : list(field) ? chosenFirst(field).value : field.defaultValue;
const held = (field) => (box(field) ? field.checked : field.value);
const all = (read) => JSON.stringify(fields.map((field) => [field.name, box(field) ? field.value : "", read(field)]));

// Named by the form's mark: another person's form, or one after this device was cleared, has another.
const OURS = "answers ";
const mark = form.elements.csrf_token.value;
const name = `${OURS}${mark} ${location.pathname}`;

const forget = (unless) => {
  for (const kept of Object.keys(sessionStorage)) {
    if (kept.startsWith(OURS) && !unless(kept)) sessionStorage.removeItem(kept);
  }
};

try {
  forget((kept) => kept.startsWith(`${OURS}${mark} `));
  const kept = JSON.parse(sessionStorage.getItem(name));
  // Where the server has something else by now, it was saved meanwhile, and what lies here is older.
  if (kept && kept.before === all(made)) {
    const before = new Map(JSON.parse(kept.now).map(([key, value, now]) => [`${key} ${value}`, now]));
    for (const field of fields) {
      const now = before.get(`${field.name} ${box(field) ? field.value : ""}`);
      if (box(field)) field.checked = now;
      else if (now !== undefined) field.value = now;
    }
  } else {
    sessionStorage.removeItem(name);
  }
  form.addEventListener("input", () => {
    sessionStorage.setItem(name, JSON.stringify({ before: all(made), now: all(held) }));
  });
  // Whoever leaves in a hurry leaves nothing behind.
  document.querySelector("[data-leave]")?.addEventListener("click", () => {
    form.reset();
    forget(() => false);
  });
} catch {
  // A browser that keeps nothing for a tab, or is full: the page works as it does without script.
}
