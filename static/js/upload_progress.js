// A form with files, marked data-desk-upload, shows how far its sending is. The page that answers takes the place of this
// one, as if the browser itself had sent the form. Where none comes, or one that tells of a fault, that is said here and
// the button works again, for what is sent twice is recorded once.
"use strict";

for (const form of document.querySelectorAll("form[data-desk-upload]")) {
  const bar = form.querySelector("[data-desk-upload-progress]");
  const said = bar.querySelector("[role=status]");
  const progress = bar.querySelector("progress");
  const again = "Isian dan berkas masih ada; silakan kirim kembali. Kiriman tidak akan tercatat dua kali.";
  // What sending the same again at once does not mend.
  const otherwise = {
    403: "Formulir ini sudah kedaluwarsa, sehingga kiriman belum kami proses. Mohon salin isian Bapak/Ibu, muat ulang halaman, lalu isi dan kirim dari sana.",
    413: "Berkas atau isian terlalu besar, sehingga belum kami terima. Isian masih ada; mohon perkecil atau kurangi berkasnya.",
    429: "Terlalu banyak percobaan. Isian dan berkas masih ada; silakan coba satu jam lagi.",
  };
  let sending = false;

  const end = (text) => {
    sending = false;
    form.removeAttribute("aria-busy");
    progress.hidden = true;
    said.textContent = text;
  };

  const arrive = (request) => {
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    // The page with the form and its errors; another 429 has neither, and would take away what was filled in.
    const refused = [422, 429].includes(request.status) && answer.querySelector("[autofocus]") !== null;
    if (request.status >= 400 && !refused) {
      const fault = answer.querySelector("h1");
      end(otherwise[request.status] || `${fault ? `${fault.textContent}.` : "Kiriman belum dapat diproses."} ${again}`);
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
    request.addEventListener("error", () => end(`Sambungan terputus. ${again}`));
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
