// Own checks of a page, called by tests/accessible.py. Each gives a list of readable lines.
window.csp ??= (() => {
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 160);

  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[inert], [aria-hidden=true]");
  // Skip links and words for screen readers are put out of sight on purpose.
  const hiddenOnPurpose = (element) =>
    element.closest(".govuk-visually-hidden, .govuk-skip-link, .govuk-visually-hidden-focusable, .csp-trap");
  // Tables and drawings of figures scroll within a box of their own (WCAG 1.4.10 leaves them out).
  const scrollsAlone = (element) => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return box;
    }
    return null;
  };

  const amiss = () => {
    const found = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push(`the page scrolls sideways`);
    for (const element of document.querySelectorAll("body *")) {
      if (!seen(element) || hiddenOnPurpose(element) || element.closest("svg, option") || scrollsAlone(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width && (box.left < -1 || box.right > width + 1)) found.push(`sticks out: ${told(element)}`);
      const style = getComputedStyle(element);
      const clips = ["hidden", "clip"].includes(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
      if (clips && element.clientWidth) found.push(`is cut off: ${told(element)}`);
    }
    return [...found, ...small()];
  };

  // WCAG 2.5.8: 24 by 24 pixels, or as much room around; links in a sentence, and what the browser draws, are left out.
  const LEAST = 24;
  const hit = (element) => {
    const label = element.labels?.[0];
    const boxes = [element, ...(label && ["radio", "checkbox"].includes(element.type) ? [label] : [])];
    return boxes.map((one) => one.getBoundingClientRect());
  };
  const inline = (element) => {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    const around = element.parentElement.closest("p, li, dd, td, th, div, caption") ?? element.parentElement;
    return around.innerText.trim().length > element.innerText.trim().length;
  };
  const small = () => {
    const targets = [...document.querySelectorAll(INTERACTIVE)].filter(
      (one) => seen(one) && one.tabIndex >= 0 && !hiddenOnPurpose(one) && !inline(one),
    );
    const centres = targets.map((one) => {
      const box = one.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    });
    return targets.flatMap((one, here) => {
      const large = hit(one).some((box) => box.width >= LEAST - 0.5 && box.height >= LEAST - 0.5);
      const alone = centres.every(
        ([x, y], there) => there === here || Math.hypot(x - centres[here][0], y - centres[here][1]) >= LEAST,
      );
      return large || alone ? [] : [`is small and has no room around: ${told(one)}`];
    });
  };

  // Whoever asks for less motion gets none (the tests ask for it).
  const moving = () =>
    document
      .getAnimations()
      .filter((one) => one.playState === "running")
      .map((one) => `moves although less motion was asked for: ${told(one.effect.target)}`);

  // One radio of a group is enough: the arrow keys reach the others.
  const stops = () => {
    const groups = new Set();
    return [...document.querySelectorAll(INTERACTIVE)].filter((one) => {
      if (!seen(one) || one.disabled || one.getAttribute("tabindex") === "-1") return false;
      if (one.type !== "radio") return true;
      if (groups.has(one.name)) return false;
      return groups.add(one.name);
    });
  };
  const same = (one, other) => one === other || (one.type === "radio" && one.name === other.name && other.type === "radio");

  const LOOK = ["outlineStyle", "outlineWidth", "boxShadow", "backgroundColor", "borderColor", "borderWidth"];
  const look = (element) => {
    const parts = [element, element.labels?.[0]].filter(Boolean);
    return parts
      .flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)))
      .map((style) => LOOK.map((key) => style[key]).join())
      .join("|");
  };

  let expected = [];
  let before = new Map();
  let visited = [];
  let unseen = [];
  const note = ({ target }) => {
    visited.push(target);
    if (before.has(target) && before.get(target) === look(target)) unseen.push(target);
  };
  // From a mark at the top of the page, so that the first Tab goes to the first stop.
  const top = document.createElement("span");
  top.tabIndex = -1;
  const watch = (most) => {
    document.body.prepend(top);
    top.focus();
    expected = stops().slice(0, most);
    before = new Map(expected.map((one) => [one, look(one)]));
    visited = [];
    unseen = [];
    document.addEventListener("focusin", note);
    return expected.length;
  };
  const reached = () => {
    document.removeEventListener("focusin", note);
    document.activeElement?.blur();
    top.remove();
    return [
      ...expected
        .filter((one) => !visited.some((other) => same(one, other)))
        .map((one) => `Tab does not reach: ${told(one)}`),
      ...unseen.map((one) => `its focus is not seen: ${told(one)}`),
      ...expected
        .filter((one) => Number(one.getAttribute("tabindex") ?? 0) > 0)
        .map((one) => `jumps the queue of Tab: ${told(one)}`),
    ];
  };

  return { amiss, moving, watch, reached };
})();
