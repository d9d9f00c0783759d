/* What may be seen for a minute and no longer: [data-hides-after] with the number of seconds. It leaves the page, the
   words in data-hidden take its place and are read aloud. Without script the page itself leads away (noscript). */
(() => {
  "use strict";

  for (const secret of document.querySelectorAll("[data-hides-after]")) {
    const place = document.querySelector("[data-hidden-here]");
    const began = Date.now();
    const hide = () => {
      if (!secret.isConnected) return;
      const held = secret.contains(document.activeElement);
      secret.remove();
      if (place) place.textContent = secret.dataset.hidden;
      if (held) document.getElementById("main")?.focus();
    };
    // The attribute is read each time, and the clock and not a count of ticks: a sleeping tab wakes up too late.
    const tick = () => (Date.now() - began >= Number(secret.dataset.hidesAfter) * 1000 ? hide() : setTimeout(tick, 500));
    tick();
    secret.querySelector("[data-hide]")?.addEventListener("click", hide);
    addEventListener("pagehide", hide);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
  }
})();
