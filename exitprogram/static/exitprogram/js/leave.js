/* Leave quickly: the page is exchanged for an empty one, so that «back» does not return to it. By the link, or by
   pressing Escape twice. Without script the link is a link. */
(() => {
  "use strict";

  const link = document.querySelector("[data-leave]");
  if (!link) return;
  const leave = () => {
    document.body.hidden = true; // at once, before the other page has come
    location.replace(link.href);
  };
  let before = 0;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (Date.now() - before < 2000) leave();
    before = Date.now();
  }, true);
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
