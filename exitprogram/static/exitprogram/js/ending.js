/* A minute before the session ends because nothing has been done: a calm line, and one press that stays. */
(() => {
  "use strict";
  const line = document.getElementById("ending");
  if (!line) return;
  const LAST = 60; // seconds
  let timer, over = false;
  const wait = () => {
    if (over) return;
    clearTimeout(timer);
    line.hidden = true;
    timer = setTimeout(() => { line.hidden = false; }, (Number(line.dataset.idle) - LAST) * 1000);
  };
  line.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(line.dataset.stay, { cache: "no-store", redirect: "error" }).catch(() => null);
    if (answer && answer.ok) wait();
    else {
      over = true;
      line.querySelector("p").textContent = "Du är utloggad. Det du har skrivit står kvar här tills du lämnar sidan.";
      line.hidden = false;
    }
  });
  // What the page sends by itself, such as a draft, counts as being here.
  new PerformanceObserver((seen) => {
    if (seen.getEntries().some((entry) => /fetch|xmlhttprequest/.test(entry.initiatorType))) wait();
  }).observe({ type: "resource", buffered: false });
  wait();
})();
