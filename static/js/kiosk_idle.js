// On the kiosk a page that nobody has touched for data-desk-kiosk-after seconds gives way to data-desk-kiosk="ADDRESS":
// the next visitor finds a fresh form, and nothing of the last one's. While the server does not answer the page stays,
// for the browser's own error page would never go away.
"use strict";

(() => {
  const TIMEOUT = 8_000;

  const page = document.querySelector("[data-desk-kiosk]");
  if (!page) return;
  const { deskKiosk: address, deskKioskAfter: seconds } = page.dataset;
  let timer = 0;

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(startAnew, seconds * 1_000);
  }

  async function startAnew() {
    const started = timer;
    const request = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(TIMEOUT) };
    const answer = await fetch(address, request).catch(() => null);
    if (timer !== started) return; // touched meanwhile
    if (answer?.ok) location.replace(address);
    else wait();
  }

  for (const touch of ["pointerdown", "keydown", "input"]) document.addEventListener(touch, wait);
  wait();
})();
