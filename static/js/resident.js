// Two kindnesses to somebody on a weak signal; the pages work without them.
// A form goes once however often it is pressed, and while offline it stays, with what was typed.
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

// Back may show this page as it was left: it must be able to send again.
window.addEventListener("pageshow", () => {
  sent = false;
});
