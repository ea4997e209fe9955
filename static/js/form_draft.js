// What is typed into a form marked data-desk-draft="name" stays in this browser until it is sent or deleted: texts and
// choices only, never files, for a day at most. A page marked data-desk-draft-sent="name" has arrived where sending leads.
"use strict";

function draftKey(name) {
  return `desk-draft:${name}`;
}

// A browser may refuse its storage, or be out of it: then there is no draft, and everything else works.
function keepDraft(name, fields) {
  try {
    localStorage.setItem(draftKey(name), JSON.stringify({ at: Date.now(), fields }));
  } catch {
    return false;
  }
  return true;
}

function readDraft(name) {
  const longest = 24 * 60 * 60 * 1000; // ms
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey(name)));
    if (draft && Date.now() - draft.at < longest) return draft.fields;
    localStorage.removeItem(draftKey(name));
  } catch {
    return null;
  }
  return null;
}

function dropDraft(name) {
  try {
    localStorage.removeItem(draftKey(name));
  } catch {
    // Nothing was kept either.
  }
}

// Only the page that follows the sending deletes the draft, not an old receipt opened while another question is typed.
function markSent(name) {
  try {
    sessionStorage.setItem(draftKey(name), "sent");
  } catch {
    // The draft then ends with its day.
  }
}

function takeSentMark(name) {
  try {
    const mark = sessionStorage.getItem(draftKey(name));
    sessionStorage.removeItem(draftKey(name));
    return mark !== null;
  } catch {
    return false;
  }
}

for (const sent of document.querySelectorAll("[data-desk-draft-sent]")) {
  if (takeSentMark(sent.dataset.deskDraftSent)) dropDraft(sent.dataset.deskDraftSent);
}

for (const form of document.querySelectorAll("form[data-desk-draft]")) {
  const name = form.dataset.deskDraft;
  const notice = form.querySelector("[data-desk-draft-notice]");
  const typed = () => [...form.elements].filter((field) => field.name && !["hidden", "file", "submit"].includes(field.type) && !field.closest("[aria-hidden]"));

  const save = () => {
    const fields = {};
    for (const field of typed()) {
      if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
    }
    const worthKeeping = typed().some((field) => field.tagName !== "SELECT" && field.type !== "radio" && field.value.trim());
    if (worthKeeping) notice.hidden = !keepDraft(name, fields);
  };

  const restore = (fields) => {
    for (const field of typed()) {
      if (!(field.name in fields) || isTouched(field)) continue;
      if (field.type === "radio") field.checked = field.value === fields[field.name];
      else field.value = fields[field.name];
    }
    notice.hidden = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    // htmx, which asks for the category's documents, listens once the page has loaded.
    if (form.elements.category.value) addEventListener("load", () => form.elements.category.dispatchEvent(new Event("change", { bubbles: true })), { once: true });
  };

  takeSentMark(name); // a page with the form is not the one that follows the sending
  // A page that came back with errors holds what was sent, which is newer than the draft.
  const draft = form.hasAttribute("data-desk-draft-fresh") ? readDraft(name) : null;
  if (draft) restore(draft);

  let pending = 0;
  form.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      pending = 0;
      save();
    }, 400);
  });
  window.addEventListener("pagehide", () => {
    if (pending) save();
  });
  form.addEventListener("submit", () => {
    clearTimeout(pending);
    save();
    pending = 0;
    markSent(name);
  });
  form.querySelector("[data-desk-draft-delete]").addEventListener("click", () => {
    clearTimeout(pending);
    pending = 0;
    dropDraft(name);
    for (const field of typed()) {
      if (field.type === "radio") field.checked = field.defaultChecked;
      else if (field.tagName === "SELECT") field.selectedIndex = 0;
      else field.value = "";
    }
    notice.hidden = true;
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.elements[typed()[0].name].focus();
  });
}
