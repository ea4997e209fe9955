// A form marked data-desk-once is sent once, however often its button is pressed.
"use strict";

function makeSendable(form) {
  form.removeAttribute("data-desk-sent");
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // htmx cancels the browser's own sending and has hx-disabled-elt for the same purpose.
  if (event.defaultPrevented || !form.hasAttribute("data-desk-once")) return;
  if (form.hasAttribute("data-desk-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-desk-sent", "");
  form.setAttribute("aria-busy", "true");
  // A sending that the browser was told to stop tells nobody. With the page's number it is recorded once all the same.
  if (form.elements.page) setTimeout(() => makeSendable(form), 15_000);
});

// Coming back with the browser's back button shows the page as it was left: make it sendable again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-desk-sent]").forEach(makeSendable);
});
