/* The plan's board. A line (details[data-line]) opens in place, one at a time, and its form is fetched into it; when it
   closes, what was typed is saved first and the line is shown anew. What cannot be saved stays open and in sight.
   Without script a line opens for reading, with a link to the same form on a page of its own. */
(() => {
  "use strict";

  const board = () => document.getElementById("board");
  const CONTROL = "input:not([type=hidden], [type=submit]), select, textarea";
  const lines = () => [...board().querySelectorAll("[data-line] > summary")].filter((el) => el.getClientRects().length);
  const formOf = (line) => line.querySelector("form.line-form");

  function opened(line) {
    for (const other of board().querySelectorAll("[data-line][open]")) if (other !== line) other.open = false;
    const form = formOf(line);
    if (!form || !form.dataset.typed) {
      line.querySelectorAll("[hx-get][hx-trigger]").forEach((place) => htmx.trigger(place, "open-line"));
    }
    line.scrollIntoView({ block: "nearest" });
  }

  async function closed(line) {
    const form = formOf(line);
    if (!form) return;
    if (!form.dataset.typed) return form.closest("[hx-get]").replaceChildren(); // fetched anew when it is opened again
    if (!form.draft) return; // not added yet: it waits inside
    if (await form.draft.settled()) return renew(line);
    line.open = true;
    const undo = form.querySelector("[data-undo]");
    if (undo) undo.hidden = false;
    (form.querySelector(".versions button, .field.wrong [aria-invalid]") || undo || form).focus();
  }

  // Only the line, so that nothing else on the board moves; the focus stays where it was.
  async function renew(line) {
    const held = line.contains(document.activeElement), there = `#${line.id}`;
    await htmx.ajax("GET", board().dataset.board, { source: line, target: there, select: there, swap: "outerHTML" });
    if (held || document.activeElement === document.body) document.querySelector(`${there} > summary`)?.focus();
  }

  document.addEventListener("toggle", (event) => {
    const line = event.target;
    if (line.matches && line.matches("#board [data-line]")) line.open ? opened(line) : closed(line);
  }, true);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("#board form.line-form");
    if (form) form.dataset.typed = "1";
  });

  document.addEventListener("keydown", (event) => {
    const line = event.target.closest && event.target.closest("#board [data-line]");
    if (!line || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const summary = line.querySelector("summary");
    if (event.key === "Escape" && line.open) {
      event.preventDefault();
      summary.focus();
      line.open = false;
    }
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step || event.target !== summary) return;
    event.preventDefault();
    const all = lines(), next = all[all.indexOf(summary) + step];
    if (next) next.focus();
  });

  document.addEventListener("click", (event) => {
    const undo = event.target.closest("#board [data-undo]");
    if (undo) return renew(undo.closest("[data-line]"));
    const link = event.target.closest('#board a[href^="#rad-"]');
    const line = link && document.getElementById(link.hash.slice(1));
    if (!line) return;
    event.preventDefault();
    line.open = true;
    line.querySelector("summary").focus();
  });

  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    if (part.id === "board" && part.dataset.focus) document.querySelector(`[id="${part.dataset.focus}"] > summary`)?.focus();
    if (!part.matches(".line-form")) return;
    const first = part.querySelector(".versions button, [data-error-summary]") || part.querySelector(CONTROL);
    first?.focus();
    if (first?.matches("textarea")) first.setSelectionRange(first.value.length, first.value.length);
    part.closest("[data-line]")?.scrollIntoView({ block: "nearest" });
  });
})();
