// A form with files, marked data-desk-upload, shows how far its sending is. It is sent as the browser itself would; where
// that way fails, the connection's end is said and the button works again, for sending twice asks once.
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
    said.textContent = text;
  };

  const arrive = (request) => {
    // The address tells a receipt from the same form with its errors, which replaces this page.
    if (request.responseURL.split("#")[0] !== location.href.split("#")[0]) {
      location.assign(request.responseURL);
      return;
    }
    sending = false;
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = answer.querySelector("main");
    if (main === null) {
      end("Kiriman belum dapat diproses. Silakan kirim kembali sesaat lagi.");
      return;
    }
    form.setAttribute("data-desk-upload-plain", "");
    form.requestSubmit();
  };

  form.addEventListener("submit", (event) => {
    const files = form.querySelector("input[type=file]").files;
    if (event.defaultPrevented || form.hasAttribute("data-desk-upload-plain") || files.length === 0) return;
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
    request.addEventListener("error", () => end("Sambungan terputus. Isian dan berkas masih ada; silakan kirim kembali. Pertanyaan tidak akan tercatat dua kali."));
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
