// An element with data-desk-session-started counts the service's minutes by the server's clock, whatever the computer's
// own clock says: from the server's moment in the page on, by the browser's steady clock. Milliseconds since the epoch.
"use strict";

for (const clock of document.querySelectorAll("[data-desk-session-started]")) {
  const started = Number(clock.dataset.deskSessionStarted);
  const warning = Number(clock.dataset.deskSessionWarning);
  const limit = Number(clock.dataset.deskSessionLimit);
  const time = clock.querySelector(".session-time");
  const state = clock.querySelector(".session-state");
  let known = { server: Number(clock.dataset.deskSessionNow), steady: performance.now() };

  function stateAfter(minutes) {
    if (minutes >= limit) return ["session-over", `Melewati ${limit} menit`];
    if (minutes >= warning) return ["session-warning", `Sudah ${warning} menit`];
    return ["", `Standar ${limit} menit`];
  }

  function show() {
    const seconds = Math.max(0, Math.floor((known.server - started + performance.now() - known.steady) / 1000));
    const minutes = Math.floor(seconds / 60);
    time.textContent = `${String(minutes).padStart(2, "0")}.${String(seconds % 60).padStart(2, "0")}`;
    const [look, words] = stateAfter(minutes);
    clock.className = `session-clock ${look}`;
    // A live region: written only as a threshold is passed, so that it is said aloud once.
    if (state.textContent !== words) state.textContent = words;
  }

  // A computer that slept has stopped its steady clock: ask the server what time it is.
  async function ask() {
    try {
      const response = await fetch(location.href, { method: "HEAD" });
      const server = Date.parse(response.headers.get("Date"));
      if (server) known = { server, steady: performance.now() };
    } catch {
      // The server is away; the steady clock goes on.
    }
    show();
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  setInterval(show, 1000);
  show();
}
