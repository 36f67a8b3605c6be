// Passkeys, on the few pages that have a form for one. Without this file, or in a browser that knows no passkeys, the
// form stays hidden and the page works with a password and a code.
//
// Vocabulary in the HTML:
//   data-passkey             around the form; shown when this browser can do passkeys
//   data-passkey-ask         on the form: the address that says what the device must answer
//   data-passkey-do          "create" for a new passkey, "get" to use one
//   data-passkey-failed      where to say that it did not work; the answer itself goes in the field "antwoord"
(() => {
  "use strict";
  const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && window.PublicKeyCredential.parseCreationOptionsFromJSON;
  if (!able) return;
  const ask = async (form) => {
    const answer = await fetch(form.dataset.passkeyAsk, { method: "POST" });
    if (!answer.ok) throw new Error("no question");
    const options = await answer.json();
    return form.dataset.passkeyDo === "create"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  };
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const form = place.querySelector("form");
    place.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.textContent = "";
      try {
        const made = await ask(form);
        form.elements.antwoord.value = JSON.stringify(made.toJSON());
        form.submit();
      } catch {
        failed.textContent = "Het is niet gelukt met de passkey. Probeer het nog eens, of kies een andere manier.";
      }
    });
  }
})();
