// A button with data-desk-copy puts that text on the clipboard and says so in its own label.
"use strict";

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers keep the newer way from pages without https.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-desk-copy]");
  if (!button) return;
  await copyText(button.dataset.deskCopy);
  button.focus();
  const label = button.querySelector("span");
  label.setAttribute("role", "status");
  label.textContent = "Kutipan disalin";
});
