// One key presses the button marked with it in data-desk-key, unless somebody is typing. On pages where one types all
// the time the mark is "alt+c": with Alt it works everywhere.
// Whoever is disturbed by that switches it off; the browser remembers.
// Loaded without `defer`, so that it listens before the page is seen: a key pressed while the page is still being read
// is done as soon as its button is there.
"use strict";

const REMEMBERED = "desk-keys-off";
let waiting = "";

function pressed(event) {
  if (event.altKey) return event.code.startsWith("Key") ? `alt+${event.code.slice(3).toLowerCase()}` : "";
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return "";
  return localStorage.getItem(REMEMBERED) === null ? event.key.toLowerCase() : "";
}

function press(key) {
  const button = document.querySelector(`[data-desk-key="${CSS.escape(key)}"]`);
  if (!button) return false;
  button.focus();
  button.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  const key = pressed(event);
  if (!key) return;
  if (press(key)) event.preventDefault();
  else if (document.readyState === "loading") waiting = key;
});

document.addEventListener("DOMContentLoaded", () => {
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
  if (waiting) press(waiting);
});
