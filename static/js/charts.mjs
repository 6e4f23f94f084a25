// Charts that answer to a pointer. Until somebody asks for one, and wherever it cannot be loaded, the drawing that
// the server made stands; the table below it holds the same figures in any case.

const NARROW = "(max-width: 62em)"; // as in site.css

let library;

function vega() {
  library ??= import("../vendor/vega/vega.min.js")
    .then(() => import("../vendor/vega/vega-interpreter.js"))
    .then((interpreter) => ({ ...globalThis.vega, expr: interpreter.expressionInterpreter }));
  return library;
}

function tooltip(figure, view) {
  const tip = document.createElement("div");
  tip.className = "csp-tip";
  tip.hidden = true;
  figure.append(tip);
  return (_, event, item, value) => {
    view().signal("over", (value && item.datum.label) || "").runAsync();
    tip.hidden = !value;
    if (!value) return;
    tip.textContent = value;
    const box = figure.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth);
    tip.style.left = `${Math.max(0, left)}px`;
    tip.style.top = `${event.clientY - box.top + 18}px`;
  };
}

function chooser(figure, view, choices) {
  const id = `choose-${figure.dataset.drawing.slice(-69, -61)}`;
  const group = document.createElement("div");
  group.className = "govuk-form-group csp-no-print";
  const label = document.createElement("label");
  label.className = "govuk-label";
  label.htmlFor = id;
  label.textContent = "Show one alone";
  const select = document.createElement("select");
  select.className = "govuk-select";
  select.id = id;
  select.append(new Option("All", ""), ...choices.map((choice) => new Option(choice, choice)));
  select.addEventListener("change", () => view.signal("only", select.value).runAsync());
  group.append(label, select);
  return group;
}

async function explore(figure, button, told) {
  button.disabled = true;
  told.textContent = "Loading the chart.";
  try {
    const size = matchMedia(NARROW).matches ? "narrow" : "wide";
    const [drawing, library] = await Promise.all([
      fetch(`${figure.dataset.drawing}?size=${size}`).then((answer) => (answer.ok ? answer.json() : Promise.reject())),
      vega(),
    ]);
    const canvas = document.createElement("div");
    const shown = new library.View(library.parse(drawing.spec, null, { ast: true }), {
      expr: library.expr,
      renderer: "svg",
      hover: true,
      tooltip: tooltip(figure, () => shown),
    });
    await shown.initialize(canvas).runAsync();
    // One image with one name, like the drawing it stands for: its marks are for the pointer, the table for everybody.
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", drawing.name);
    canvas.querySelector("svg").setAttribute("aria-hidden", "true");
    if (drawing.choices.length > 1) figure.before(chooser(figure, shown, drawing.choices));
    canvas.className = "csp-chart__live";
    figure.append(canvas);
    figure.classList.add("csp-chart--live");
    button.remove();
    told.textContent = "Point at a mark to read its figures. The table holds them all.";
  } catch {
    told.textContent = "This chart could not be loaded. The drawing and the table hold the same figures.";
  }
}

for (const figure of document.querySelectorAll(".csp-chart[data-drawing]")) {
  const [button, told] = ["button", "[role=status]"].map((part) => figure.nextElementSibling.querySelector(part));
  button.hidden = false;
  button.addEventListener("click", () => explore(figure, button, told));
}
