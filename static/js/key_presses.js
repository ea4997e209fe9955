// One key presses the button marked with it in data-desk-key, unless somebody is typing.
// Whoever is disturbed by that switches it off; the browser remembers.
"use strict";

const REMEMBERED = "desk-keys-off";
const choice = document.querySelector("[data-desk-keys-switch]");

if (choice) {
  const box = choice.querySelector("input");
  box.checked = localStorage.getItem(REMEMBERED) === null;
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(REMEMBERED);
    else localStorage.setItem(REMEMBERED, "1");
  });
  choice.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (localStorage.getItem(REMEMBERED) !== null) return;
  const button = document.querySelector(`[data-desk-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.focus();
  button.click();
});
