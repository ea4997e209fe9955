// One key presses the button marked with it in data-desk-key, unless somebody is typing. On pages where one types all
// the time the mark is "alt+c": with Alt it works everywhere.
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

function pressed(event) {
  if (event.altKey) return event.code.startsWith("Key") ? `alt+${event.code.slice(3).toLowerCase()}` : "";
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return "";
  return localStorage.getItem(REMEMBERED) === null ? event.key.toLowerCase() : "";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  const key = pressed(event);
  const button = key && document.querySelector(`[data-desk-key="${CSS.escape(key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.focus();
  button.click();
});
