/* A long list of boxes, narrowed by what one types. What is ticked never hides. Without script the list is there whole. */
(() => {
  "use strict";

  const plain = (text) => text.toLowerCase().trim();
  for (const box of document.querySelectorAll("[data-filtered]")) {
    const field = box.querySelector("[data-filter]");
    const found = box.querySelector("[data-found]");
    const labels = [...box.querySelectorAll("label:has(input[type=checkbox])")];
    const narrow = () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const label of labels) {
        const text = plain(label.textContent);
        const fits = words.every((word) => text.includes(word));
        label.hidden = !fits && !label.firstElementChild.checked;
        shown += fits;
      }
      for (const group of box.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("label:not([hidden])");
      found.textContent = words.length ? `${shown} att välja mellan` : "";
    };
    field.parentElement.hidden = false;
    field.addEventListener("input", narrow);
    // Enter ticks the only one left; it never sends the form from here.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const left = labels.filter((label) => !label.hidden && !label.firstElementChild.checked);
      if (left.length === 1) left[0].firstElementChild.click();
    });
  }
})();
