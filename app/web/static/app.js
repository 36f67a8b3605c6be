// What Toetssteen adds to htmx. Every page works without this file.
//
// Vocabulary in the HTML (written by templates/ui/*.html):
//   data-save="ADDRESS"  on the element around one question: its controls are saved there, one request at a time.
//   data-version="N"     beside data-save: sent along as `version`; the answer carries the next one.
//   data-save-status     the visible line about saving; data-save-text inside it is what changes. data-state is
//                        unsaved, saving, saved or failed.
//   data-announce="…"    on an element that arrives in a swap: these words are read aloud.
//   data-focus           on an element that arrives in a swap or with the page: it gets the focus.
//   data-warn-unsaved    on a form without autosave: leaving with changes asks first.
// What someone types lives in the page only: nothing is kept in the storage of the browser.
(() => {
  "use strict";
  const WAIT = 1200; // milliseconds of rest after the last key before typed text is saved
  const questions = new WeakMap(); // element with data-save → {sent, typed, timer, busy, again}
  const unsaved = new Set();

  const one = (selector, within = document) => within.querySelector(selector);
  const known = (question) => {
    if (!questions.has(question)) questions.set(question, { sent: written(question) });
    return questions.get(question);
  };
  const FILLED_IN = "input[name]:not([type=hidden]), select[name], textarea[name]"; // by people, not by the page
  const controls = (question, selector = FILLED_IN) => [...question.querySelectorAll(selector)];
  const fields = (question, selector) => {
    const data = new FormData();
    for (const control of controls(question, selector)) {
      if (/^(radio|checkbox)$/.test(control.type) ? control.checked : true) data.append(control.name, control.value);
    }
    return data;
  };
  const written = (question) => new URLSearchParams(fields(question)).toString();

  // -- what people see and hear ------------------------------------------------------------------
  let speaking;
  const say = (text) => {
    clearTimeout(speaking);
    const region = one("#voorlezen");
    if (!region) return;
    region.textContent = "";
    speaking = setTimeout(() => (region.textContent = text), 150);
  };
  const clock = () => new Date().toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Amsterdam" }); // as the server
  const show = (state, text) => {
    const line = one("[data-save-status]");
    if (!line) return;
    line.dataset.state = state;
    const words = one("[data-save-text]", line);
    if (words.textContent !== text) words.textContent = text;
  };
  const tell = () => {
    if (unsaved.size) return;
    const text = `Opgeslagen om ${clock()}`;
    show("saved", text);
    say(text);
  };
  const fail = (text) => {
    show("failed", text);
    say(text);
  };

  // -- saving one question -----------------------------------------------------------------------
  const changed = (question, wait) => {
    const state = known(question);
    clearTimeout(state.timer);
    if (written(question) === state.sent && !state.busy) {
      unsaved.delete(question);
      return;
    }
    unsaved.add(question);
    if (!state.busy) show("unsaved", "Nog niet opgeslagen");
    state.timer = setTimeout(() => save(question), wait);
  };
  const save = async (question) => {
    const state = known(question);
    clearTimeout(state.timer);
    if (state.busy) {
      state.again = true;
      return;
    }
    const sending = written(question);
    if (sending === state.sent || !question.isConnected) return;
    state.busy = true;
    state.sending = sending;
    state.outcome = 0;
    show("saving", "Bezig met opslaan");
    try {
      await htmx.ajax("POST", question.dataset.save, { source: question, target: question, swap: "outerMorph" });
    } finally {
      state.busy = false;
    }
    if (state.outcome >= 200 && state.outcome < 300) {
      state.sent = sending;
      if (written(question) === sending) unsaved.delete(question);
      tell();
    } else if (state.outcome === 401) {
      fail("Uw sessie is verlopen. Uw tekst staat nog op dit scherm. Kies ‘Opslaan’ en log opnieuw in.");
    } else if ([404, 409, 422].includes(state.outcome)) {
      state.sent = sending;
      fail("Nog niet opgeslagen: kijk bij de vraag wat er nodig is.");
    } else {
      fail("Nog niet opgeslagen. We proberen het zo weer.");
      state.timer = setTimeout(() => save(question), 10000);
    }
    // After a failure without an answer the timer tries again: asking at once would never stop.
    if (state.outcome && (state.again || (state.outcome < 400 && written(question) !== state.sent))) {
      state.again = false;
      save(question);
    }
  };
  const asking = (event) => event.target.closest?.("[data-save]");

  document.addEventListener("input", (event) => {
    const question = asking(event);
    if (question) changed(question, WAIT);
  });
  document.addEventListener("change", (event) => {
    const question = asking(event);
    if (question) changed(question, 0);
  });
  document.addEventListener("focusin", (event) => {
    const question = asking(event);
    if (question) known(question);
  });
  // Enter in a text box would press the first button of the form, and that may be one that removes something.
  document.addEventListener("keydown", (event) => {
    const question = asking(event);
    if (question && event.key === "Enter" && event.target.matches("input:not([type=submit])")) {
      event.preventDefault();
      changed(question, 0);
    }
  });

  // The request of a question carries its own controls and its version, not the whole form around it.
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    const state = questions.get(ctx.sourceElement);
    if (!state?.busy) return;
    const body = fields(ctx.sourceElement, "input[name], select[name], textarea[name]");
    body.set("version", ctx.sourceElement.dataset.version ?? "");
    ctx.request.body = body;
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const state = questions.get(ctx.sourceElement);
    if (!state?.busy) return;
    state.outcome = ctx.response.status;
    // Only an answer about this question may replace it: never a sign-in page or a server's error page.
    if (![409, 422].includes(state.outcome) && state.outcome >= 300) event.preventDefault();
  });

  // -- swaps: keep what is being typed, move the focus, read aloud --------------------------------
  const keep = (question) => {
    const state = questions.get(question);
    if (!state?.busy || written(question) === state.sending) return () => {};
    const typed = controls(question).map((control) => [control.id, control.value, control.checked]);
    return () => {
      for (const [id, value, checked] of typed) {
        const control = id && document.getElementById(id);
        if (!control) continue;
        if (/^(radio|checkbox)$/.test(control.type)) control.checked = checked;
        else if (control.value !== value) control.value = value;
      }
    };
  };
  let restore = () => {};
  document.addEventListener("htmx:before:swap", (event) => {
    const question = event.detail.ctx.sourceElement;
    restore = question ? keep(question) : () => {};
  });
  document.addEventListener("htmx:after:swap", (event) => {
    restore();
    restore = () => {};
    arrived(document, !questions.get(event.detail.ctx.sourceElement)?.busy);
  });
  const arrived = (within, mayFocus) => {
    for (const element of within.querySelectorAll("[data-announce]")) {
      say(element.dataset.announce);
      element.removeAttribute("data-announce");
    }
    const goal = one("[data-focus]", within);
    if (!goal) return;
    for (const element of within.querySelectorAll("[data-focus]")) element.removeAttribute("data-focus");
    if (!mayFocus) return;
    if (goal.tabIndex < 0) goal.tabIndex = -1;
    goal.focus();
  };

  // -- leaving -------------------------------------------------------------------------------------
  let leaving = false;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-warn-unsaved]");
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...unsaved].some((element) => element.isConnected)) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const question of document.querySelectorAll("[data-save]")) known(question);
    if (one("[data-save]")) {
      const words = one("[data-save-text]");
      if (words && !/\d/.test(words.textContent)) words.textContent = "We slaan elk antwoord meteen op";
    }
    arrived(document, true);
  });
})();
