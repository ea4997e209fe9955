// An htmx request that fails is said in the page's message area, never lost in silence.
"use strict";

function showRequestError(text) {
  const message = document.createElement("p");
  message.className = "alert alert-danger";
  message.setAttribute("role", "alert");
  message.textContent = text;
  document.getElementById("messages").replaceChildren(message);
}

document.addEventListener("htmx:sendError", () => {
  showRequestError("Sambungan terputus. Silakan periksa jaringan, lalu coba kembali.");
});

document.addEventListener("htmx:responseError", (event) => {
  const texts = {
    403: "Sesi Bapak/Ibu telah berakhir atau tindakan ini tidak diizinkan. Silakan muat ulang halaman.",
    404: "Data tersebut tidak ditemukan. Silakan muat ulang halaman.",
    413: "Berkas atau isian terlalu besar.",
  };
  showRequestError(texts[event.detail.xhr.status] || "Permintaan belum dapat diproses. Silakan coba kembali sesaat lagi.");
});
