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
document.addEventListener("visibilitychange", () => document.hidden || ask("GET"));
ask("GET");
})();
