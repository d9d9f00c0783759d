/* <form data-autosave method="post" action="…"> saves itself: at most 2 s after the last key, every 4 s while typing.
   The server answers {"saved": "14:02", "version": 3}, or 409 with HTML that shows both texts. Nothing is called saved
   before the server has said so, and what is typed is never taken off the page. */
(() => {
  "use strict";

  const AFTER_PAUSE = 1200, WHILE_TYPING = 4000, RETRY_FIRST = 3000, RETRY_MOST = 30000;
  const NO_CONTACT = "Ingen kontakt. Det du skrivit finns kvar här på sidan tills kontakten är tillbaka.";
  const SIGNED_OUT = "Inte sparat: du har loggats ut. Logga in i en ny flik och kom tillbaka hit. Det du skrivit finns kvar.";
  const REFUSED = "Inte sparat: något behöver rättas. Spara för att se vad. Det du skrivit finns kvar här på sidan.";
  const WRONG = "Inte sparat: se vad som står vid fältet. Det du skrivit finns kvar.";
  const drafts = new Set();

  class Draft {
    constructor(form) {
      this.form = form; form.draft = this;
      this.place = form.querySelector("[data-saved]") || document.querySelector(`[data-saved][data-for="${form.id}"]`);
      this.conflict = form.querySelector("[data-conflict]") || document.querySelector(`[data-conflict][data-for="${form.id}"]`);
      this.dirty = false; this.sending = null; this.stopped = false; this.wait = RETRY_FIRST; this.since = 0;
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      form.addEventListener("focusout", () => this.flush());
      form.addEventListener("submit", (event) => this.submitted(event), true);
    }

    show(text, failed) {
      if (this.place) { this.place.textContent = text; this.place.dataset.state = failed ? "failed" : "saved"; }
      // Only what is new and wrong (or right again) is spoken; "Sparat" every other second would drown the text.
      if (failed !== this.failed && (failed || this.failed) && window.page) window.page.say(text);
      this.failed = failed;
    }

    changed() {
      if (!this.dirty) this.since = Date.now();
      this.dirty = true;
      if (this.stopped) return;
      const pause = Math.max(0, Math.min(AFTER_PAUSE, this.since + WHILE_TYPING - Date.now()));
      this.later(pause);
    }

    later(ms) { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), ms); }
    flush() { if (this.dirty && !this.stopped && !this.failed) this.save(); }

    save() {
      clearTimeout(this.timer);
      if (this.stopped || !this.dirty || !this.form.isConnected) return Promise.resolve();
      if (!this.sending) this.sending = this.send().finally(() => { this.sending = null; if (this.dirty && !this.failed && !this.stopped) this.later(AFTER_PAUSE); });
      return this.sending;
    }

    // Nothing left that the server does not have: a form that is about to be put away asks this first.
    async settled() {
      while (this.sending) await this.sending;
      if (this.dirty) await this.save();
      return !this.dirty && !this.stopped;
    }

    async send(again) {
      const data = new FormData(this.form);
      this.dirty = false; this.since = Date.now();
      try {
        this.offline = false;
        const answer = await fetch(this.form.getAttribute("action") || location.href, {
          method: "POST", body: data, credentials: "same-origin",
          headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken") || "", "X-Autosave": "1", Accept: "application/json" },
        });
        const json = (answer.headers.get("Content-Type") || "").includes("json");
        if (answer.ok && json && !answer.redirected) return this.saved(await answer.json());
        this.dirty = true;
        if (answer.status === 409) return this.both(await answer.text());
        if (answer.status === 403 && !again && await this.newToken()) return this.send(true);
        if (answer.status >= 500 || answer.status === 429) return this.retry();
        this.signedOut = answer.redirected || answer.ok || answer.status === 401 || answer.status === 403;
        const told = !this.signedOut && json ? await answer.json() : {};
        this.faults(told.faults || {});
        const at = told.faults && Object.keys(told.faults).some((name) => name !== "__all__");
        this.show(this.signedOut ? SIGNED_OUT : at ? WRONG : told.why ? `Inte sparat: ${told.why} Det du skrivit finns kvar.` : REFUSED, true);
        this.later(RETRY_MOST);
      } catch {
        this.dirty = true;
        this.retry();
      }
    }

    saved(answer) {
      this.signedOut = false;
      const version = this.form.elements.namedItem("version");
      if (version && answer.version !== undefined) version.value = answer.version;
      this.wait = RETRY_FIRST;
      this.faults({});
      this.show(`Sparat ${answer.saved}`, false);
      document.body.dispatchEvent(new Event("saved")); // parts of the page that follow from the text fetch themselves
    }

    // Each sentence at its field, as the server's own page would have it; and gone again when it is put right.
    faults(told) {
      for (const field of this.form.querySelectorAll(".field.wrong")) {
        field.classList.remove("wrong");
        const error = field.querySelector(".field-error"), control = field.querySelector("[aria-invalid]");
        control?.removeAttribute("aria-invalid");
        control?.setAttribute("aria-describedby", (control.getAttribute("aria-describedby") || "").replace(error?.id, "").trim());
        if (control && !control.getAttribute("aria-describedby")) control.removeAttribute("aria-describedby");
        error?.remove();
      }
      this.form.querySelector(".error-summary")?.remove();
      for (const [name, sentence] of Object.entries(told)) {
        const found = this.form.elements.namedItem(name);
        const control = found instanceof RadioNodeList ? found[0] : found;
        const field = control && control.closest(".field");
        if (!field) continue;
        const error = Object.assign(document.createElement("p"), { className: "field-error", id: `${control.id}_error`, textContent: `Fel: ${sentence}` });
        [...field.children].find((part) => part.contains(control)).before(error);
        field.classList.add("wrong");
        control.setAttribute("aria-invalid", "true");
        control.setAttribute("aria-describedby", `${error.id} ${control.getAttribute("aria-describedby") || ""}`.trim());
        const fold = field.closest("details");
        if (fold) fold.open = true;
      }
    }

    both(html) {
      this.stopped = true;
      this.show("Inte sparat: någon annan har skrivit här. Välj text nedan.", true);
      if (!this.conflict) return;
      this.conflict.innerHTML = window.ourAnswer(html); // our own server's page, and scripts in it do not run
      this.conflict.hidden = false;
      this.conflict.scrollIntoView({ block: "nearest" });
    }

    retry() {
      this.offline = true;
      this.show(NO_CONTACT, true);
      this.later(this.wait);
      this.wait = Math.min(this.wait * 2, RETRY_MOST);
    }

    // Signing in again in another tab changes the token; this page fetches the new one instead of losing the text.
    async newToken() {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (!answer.ok) return false;
      // A page may lead on to its own draft; the sign-in page, where nothing saves itself, has no token for this form.
      const fresh = new DOMParser().parseFromString(window.ourAnswer(await answer.text()), "text/html").querySelector(":is(form[data-autosave], [data-token]) [name=csrfmiddlewaretoken]");
      const mine = this.form.querySelector("[name=csrfmiddlewaretoken]");
      if (!fresh || !mine || fresh.value === mine.value) return false;
      mine.value = fresh.value;
      return true;
    }

    // What is typed is saved before the form is sent, and a save on its way is waited for, or its version would be one
    // behind. Without contact, or signed out, the form is not sent: another page would come where the text was.
    submitted(event) {
      clearTimeout(this.timer);
      if (!this.released && !this.stopped && (this.sending || this.dirty)) {
        event.preventDefault(); event.stopPropagation();
        const button = event.submitter;
        const done = this.sending ? this.sending.then(() => this.save()) : this.save();
        done.finally(() => {
          if (this.stopped || this.offline || this.signedOut) return; // the text stays on the page, and the page says why
          this.released = true;
          this.form.requestSubmit(button);
          this.released = false;
        });
        return;
      }
      this.dirty = false; this.leaving = true;
    }
  }

  const find = () => document.querySelectorAll("form[data-autosave]").forEach((form) => {
    if (!form.dataset.watched) { form.dataset.watched = "1"; drafts.add(new Draft(form)); }
  });
  find();
  document.addEventListener("htmx:load", find);
  addEventListener("online", () => drafts.forEach((draft) => { if (draft.dirty) draft.save(); }));
  document.addEventListener("visibilitychange", () => { if (document.hidden) drafts.forEach((draft) => draft.flush()); });
  addEventListener("pageshow", () => drafts.forEach((draft) => { draft.leaving = false; }));
  addEventListener("beforeunload", (event) => {
    if ([...drafts].some((draft) => draft.form.isConnected && !draft.leaving && (draft.dirty || draft.sending))) event.preventDefault();
  });
})();
