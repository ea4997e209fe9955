// A part marked data-desk-shown-when="field" is shown while that field has one of the data-desk-values.
// Without JavaScript every part is shown, and the server asks only for what fits.
"use strict";

function showWhatFits() {
  for (const part of document.querySelectorAll("[data-desk-shown-when]")) {
    const field = part.closest("form").elements[part.dataset.deskShownWhen];
    part.hidden = !part.dataset.deskValues.split(" ").includes(field.value);
  }
}

document.addEventListener("change", showWhatFits);
document.addEventListener("htmx:afterSwap", showWhatFits);
window.addEventListener("pageshow", showWhatFits);
showWhatFits();
