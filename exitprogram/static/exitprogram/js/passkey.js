/* A press on a passkey. The question comes from the server, the browser asks the authenticator, and the answer is sent as
   an ordinary form: form[data-passkey=get|create][data-question] with a hidden field "credential". */
(() => {
  "use strict";

  const toBytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));

  async function question(form) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(form.dataset.question, { method: "POST", body, redirect: "manual" });
    if (!answer.ok) throw new DOMException("", answer.type === "opaqueredirect" ? "TooLate" : "NotAsked");
    const key = (await answer.json()).publicKey;
    key.challenge = toBytes(key.challenge);
    if (key.user) key.user.id = toBytes(key.user.id);
    if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
    return { publicKey: key };
  }

  function asJson(found) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (found.response[name]) response[name] = toText(found.response[name]);
    return JSON.stringify({
      id: found.id, rawId: toText(found.rawId), type: found.type, response, clientExtensionResults: {},
    });
  }

  const WORDS = {
    InvalidStateError: "Den passnyckeln finns redan här.",
    NotAllowedError: "Det blev avbrutet, eller tog för lång tid. Försök igen.",
    TooLate: "Det har gått en stund. Ladda om sidan och försök igen.",
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    const said = form.querySelector("[data-passkey-said]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // page.js would take it for sent
      said.textContent = "";
      try {
        const asked = await question(form);
        const found = await navigator.credentials[form.dataset.passkey](asked);
        form.elements.credential.value = asJson(found);
        form.submit();
      } catch (error) {
        said.textContent = WORDS[error.name] || "Det gick inte. Försök igen.";
      }
    }, true);
  }
})();
