// A form marked data-desk-proof brings a little work with it, which tells a person's browser from a program that sends
// thousands. Its "challenge" reads salt.hash.seconds.tries:signature; "solution" is the number, below tries, whose hash with
// the salt is the hash. Without JavaScript, or without Web Crypto, the form is sent as it is and an officer looks at it first.
"use strict";

for (const form of document.querySelectorAll("form[data-desk-proof]")) {
  const youngest = 2000; // ms; the server takes what comes sooner for a program's
  const batch = 200;
  let ready = false;
  let waiting = null;

  const hashOf = async (text) => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const solve = async () => {
    const [salt, wanted, , tries] = form.elements.challenge.value.split(":")[0].split(".");
    for (let first = 0; first < Number(tries); first += batch) {
      const numbers = Array.from({ length: batch }, (_, step) => String(first + step));
      const hashes = await Promise.all(numbers.map((number) => hashOf(`${salt}.${number}`)));
      const found = hashes.indexOf(wanted);
      if (found >= 0) {
        form.elements.solution.value = numbers[found];
        return;
      }
      await new Promise((done) => setTimeout(done)); // browsers hash so little in one go, and a tap would wait for all of it
    }
  };

  const pause = new Promise((done) => setTimeout(done, youngest));
  const work = window.crypto && crypto.subtle ? solve().catch(() => {}) : Promise.resolve();
  Promise.all([work, pause]).then(() => {
    ready = true;
    if (waiting !== null) form.requestSubmit(waiting.submitter || undefined);
  });

  form.addEventListener("submit", (event) => {
    if (ready) return;
    event.preventDefault();
    waiting = event;
    form.setAttribute("aria-busy", "true");
  });
}
