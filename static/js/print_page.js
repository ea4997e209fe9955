// A button marked data-desk-print prints the page; without scripts it stays hidden and the browser's own menu prints.
"use strict";

for (const button of document.querySelectorAll("[data-desk-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
