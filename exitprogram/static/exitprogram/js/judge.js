/* One key is one press: [data-press] with the key. Not while one writes, nor when the short keys are off. */
(() => {
  "use strict";

  const off = () => { try { return localStorage.getItem("page-keys-off"); } catch { return null; } };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat || event.altKey || event.ctrlKey || event.metaKey || off()) return;
    if (event.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    const place = [...document.querySelectorAll("[data-press]")].find((el) => el.dataset.press === event.key);
    if (!place) return;
    event.preventDefault();
    const words = document.getElementById("note");
    // A report has words: the key leads to them, and Anmäl is pressed after.
    if (place.value === "report" && words && !words.value.trim()) words.focus();
    else place.click();
  });
})();
