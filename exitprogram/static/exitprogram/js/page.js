/* What a page does by itself: keys, menus, one press is one press, and saving while one types.
   No page needs it to work; every form can be sent without it. Autosave is in autosave.js. */
(() => {
  "use strict";

  const KEYS_OFF = "page-keys-off"; // a choice about the keyboard, nothing about a person
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const stored = () => { try { return localStorage.getItem(KEYS_OFF); } catch { return null; } };

  /* Keys */
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") return closeMenus(document.activeElement);
    if (event.altKey && event.shiftKey && !event.ctrlKey && !event.metaKey) {
      // By the place of the key as well: Option+Shift+A is another letter on a Mac.
      const act = [...document.querySelectorAll("[data-key]")].find(
        (el) => event.code === `Key${el.dataset.key}` || event.key.toUpperCase() === el.dataset.key);
      if (act) { event.preventDefault(); act.click(); }
      return;
    }
    if (event.altKey || event.ctrlKey || event.metaKey || typing(event.target) || stored()) return;
    if (event.key === "/") {
      const field = document.querySelector("[data-search]");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    } else if (event.key === "?") {
      const help = document.querySelector("[data-keys]");
      if (help) { event.preventDefault(); help.open = !help.open; help.querySelector("summary").focus(); }
    }
  });

  const switchKeys = document.querySelector("[data-keys-on]");
  if (switchKeys) {
    switchKeys.checked = !stored();
    switchKeys.addEventListener("change", () => {
      try { switchKeys.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* private window */ }
    });
  }

  /* Menus close when one goes elsewhere; Escape closes and gives the focus back */
  function closeMenus(from) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      if (menu.contains(from)) menu.querySelector("summary").focus();
    }
  }
  const leave = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);

  /* One press is one press. The button stays focusable; a second press does nothing. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("data-again")) return; // data-again: answers with a file
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
  });
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[aria-disabled="true"]')) button.removeAttribute("aria-disabled");
  };
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  /* A choice that belongs to another one: only the group is there that is called as what is chosen */
  for (const select of document.querySelectorAll("select[data-follows]")) {
    const leaders = [...select.form.elements].filter((el) => el.name === select.dataset.follows);
    const follow = () => {
      const leader = leaders.find((el) => el.checked);
      if (!leader) return;
      const wanted = select.value;
      for (const group of select.querySelectorAll("optgroup")) {
        group.hidden = group.disabled = group.label !== leader.labels[0].textContent.trim();
      }
      const same = [...select.options].find((option) => option.value === wanted && !option.parentNode.disabled);
      select.selectedIndex = same ? same.index : 0;
    };
    leaders.forEach((el) => el.addEventListener("change", follow));
    follow();
  }

  /* Text areas grow with the text where CSS field-sizing is missing */
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
    document.addEventListener("input", (event) => { if (event.target.tagName === "TEXTAREA") grow(event.target); });
    document.querySelectorAll("textarea").forEach(grow);
  }

  /* After a refused form the summary is read first, and the tab says so */
  const wrong = document.querySelector("[data-error-summary]");
  if (wrong) { wrong.focus(); document.title = `Fel: ${document.title}`; }

  /* htmx: say it when the answer never came */
  const say = (text) => { const place = document.getElementById("announce"); if (place) place.textContent = text; };
  const notice = (text) => {
    const place = document.getElementById("messages");
    if (!place) return;
    const box = document.createElement("div");
    box.className = "notice danger";
    box.append(Object.assign(document.createElement("div"), { textContent: text }));
    place.replaceChildren(box);
    place.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:sendError", () => notice("Ingen kontakt. Det du skrivit finns kvar här på sidan. Försök igen om en stund."));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (![403, 409, 422].includes(status)) notice(status === 404
      ? "Det finns inte, eller så har du inte tillgång till det."
      : "Något gick fel hos oss. Titta efter om det sparades innan du gör det igen.");
  });

  window.page = { say, release };
})();
