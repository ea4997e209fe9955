// Parts marked data-desk-live="ADDRESS" follow the stream of that address. Whenever they may be out of date they get
// the event desk:changed, on which their hx-trigger asks for what is in them anew; they themselves stay, since a part
// that was swapped whole would hear nothing until htmx has settled it. While there is no stream they get the event every
// few seconds, and the stream is tried again: after a restart, a full server, or a night without network. An answer
// that says what the part shows already is not swapped in: a screen reader would read it once more.
"use strict";

(() => {
  const POLL = 5_000;
  const REFRESH = 60_000; // opening hours change without anybody's act
  const SILENCE = 40_000; // the server gives a sign of life every 15 s
  const FIRST_PAUSE = 1_000;
  const LONGEST_PAUSE = 60_000;

  const parts = () => document.querySelectorAll("[data-desk-live]");
  const address = parts()[0]?.dataset.deskLive;
  if (!address) return;

  let stream = null;
  let heardAt = 0;
  let toldAt = 0;
  let failures = 0;
  let retry = 0;
  let waiting = 0;
  // What each part showed when the page opened, or the latest answer.
  const shown = new Map([...parts()].map((part) => [part, part.innerHTML.trim()]));

  function asParsed(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.innerHTML.trim();
  }

  // Many pages hear of a change at the same moment: they ask within a third of a second, not all at once.
  function tell(since) {
    toldAt = performance.now();
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const part of parts()) part.dispatchEvent(new CustomEvent("desk:changed", { detail: { since } }));
    }, Math.random() * 300);
  }

  function show(state) {
    document.body.dataset.deskLine = state;
    for (const line of document.querySelectorAll("[data-desk-live-line]")) {
      line.textContent = state === "open" ? "" : "Sambungan langsung terputus, mencoba kembali.";
    }
  }

  function connect() {
    clearTimeout(retry);
    stream?.close();
    heardAt = performance.now();
    stream = new EventSource(address);
    stream.addEventListener("changed", (event) => {
      heardAt = performance.now();
      failures = 0;
      show("open");
      tell(event.data);
    });
    stream.addEventListener("alive", () => { heardAt = performance.now(); });
    stream.addEventListener("error", lose);
  }

  function lose() {
    stream?.close();
    stream = null;
    failures += 1;
    if (failures > 1) show("lost");
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
    clearTimeout(retry);
    retry = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  }

  function look() {
    const now = performance.now();
    if (stream && now - heardAt > SILENCE) lose();
    if (now - toldAt > (document.body.dataset.deskLine === "open" && stream ? REFRESH : POLL)) tell();
  }

  function wake() {
    if (document.hidden) return;
    failures = 0;
    if (!stream) connect();
    tell();
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const since = event.detail.triggeringEvent?.detail?.since;
    if (since) event.detail.parameters.sejak = since;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.shouldSwap || !event.target.matches("[data-desk-live]")) return;
    const answer = asParsed(event.detail.serverResponse);
    if (answer === shown.get(event.target)) event.detail.shouldSwap = false;
    shown.set(event.target, answer);
  });
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  window.addEventListener("pagehide", () => stream?.close());
  setInterval(look, 1_000);
  connect();
})();
