// A form with files, marked data-desk-upload, shows how far its sending is. The page that answers takes the place of this
// one, as if the browser itself had sent the form. Where none comes, or one that tells of a fault, that is said here and
// the button works again, for what is sent twice is recorded once.
"use strict";

for (const form of document.querySelectorAll("form[data-desk-upload]")) {
  const bar = form.querySelector("[data-desk-upload-progress]");
  const said = bar.querySelector("[role=status]");
  const progress = bar.querySelector("progress");
  let sending = false;

  const end = (text) => {
    sending = false;
    form.removeAttribute("aria-busy");
    progress.hidden = true;
    said.textContent = `${text} Isian dan berkas masih ada; silakan kirim kembali. Kiriman tidak akan tercatat dua kali.`;
  };

  const arrive = (request) => {
    const refused = request.status === 422; // the page with the form and its errors
    if (request.status >= 400 && !refused) {
      const fault = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("h1");
      end(fault ? `${fault.textContent}.` : "Kiriman belum dapat diproses.");
      return;
    }
    // Opening the address instead would lose the errors, or the message that is shown once.
    history.replaceState(null, "", request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
    scrollTo(0, 0);
    if (refused) document.querySelector("[autofocus]").focus();
  };

  form.addEventListener("submit", (event) => {
    const files = form.querySelector("input[type=file]").files;
    if (event.defaultPrevented || files.length === 0) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    form.setAttribute("aria-busy", "true");
    bar.hidden = progress.hidden = false;
    said.textContent = "Mengirim berkas …";
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      progress.max = step.total;
      progress.value = step.loaded;
    });
    request.addEventListener("load", () => arrive(request));
    request.addEventListener("error", () => end("Sambungan terputus."));
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
