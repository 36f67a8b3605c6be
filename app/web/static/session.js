// Warns before a session ends. Only pages of people who are signed in load this; every page works without it.
//
// The server says in words how long there is, and when to ask again. Asking does not make a session longer: only the
// button does, and whatever else a person does.
(() => {
  "use strict";
  const place = document.getElementById("sessie");
  if (!place) return;
  Object.assign(place.style, { position: "sticky", insetBlockStart: "0", zIndex: "2" });
  let timer, before;
  const show = (words) => {
    if (place.dataset.words === words) return;
    const held = place.contains(document.activeElement);
    place.dataset.words = words;
    place.innerHTML = words;
    if (!held) return;
    const goal = place.querySelector("button") ?? before;
    if (goal?.isConnected) goal.focus();
  };
  const ask = async (method) => {
    clearTimeout(timer);
    let again = 60;
    try {
      const answer = await fetch("/sessie", { method, headers: { "HX-Request": "true" }, cache: "no-store" });
      if (answer.status < 500) {
        again = Number(answer.headers.get("X-Again-In"));
        show(answer.status === 204 ? "" : await answer.text());
      }
    } catch {
      // no connection: the line about saving tells that already
    }
    if (again) timer = setTimeout(ask, again * 1000, "GET");
  };
  document.addEventListener("focusin", (event) => {
    if (!place.contains(event.target)) before = event.target;
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    ask("POST");
  });
  // A page that was put away for a while asks at once.
  document.addEventListener("visibilitychange", () => document.hidden || ask("GET"));
  ask("GET");
})();
