// What somebody typed or chose before the page's scripts listened is told to them once they do, as if done just then.
"use strict";

// Whether a field no longer holds what the page was served with.
function isTouched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName !== "SELECT") return field.type !== "hidden" && field.value !== (field.defaultValue ?? field.value);
  const served = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(served, 0);
}

document.addEventListener("DOMContentLoaded", () => {
  // After whatever else waits for the same moment, htmx above all.
  setTimeout(() => {
    for (const field of document.querySelectorAll("input, select, textarea")) {
      if (!isTouched(field)) continue;
      const kind = ["checkbox", "radio", "select-one"].includes(field.type) ? "change" : "input";
      field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
});
