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
