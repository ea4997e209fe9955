// A form with data-desk-draft-url keeps what is typed: on the server a moment after each change, and in this browser
// only while the server is away or slow, to be sent when it is back. Each saving names the version it builds on, so that of two
// tabs the older is told instead of overwriting. A form that is sent while the server is away is sent when it is back.
"use strict";

(() => {
  const PREFIX = "desk-draft-";
  const PAUSE = 700;
  const RETRY = 3000;
  const TIMEOUT = 8000;
  const KEPT_FOR = 24 * 60 * 60 * 1000;

  for (const done of document.querySelectorAll("[data-desk-draft-forget]")) {
    localStorage.removeItem(done.dataset.deskDraftForget);
  }
  // What a crashed computer left of a day before belongs to nobody who sits here now.
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && !(JSON.parse(localStorage.getItem(key)).at > Date.now() - KEPT_FOR)) {
      localStorage.removeItem(key);
    }
  }

  const form = document.querySelector("form[data-desk-draft-url]");
  if (!form) return;
  const { deskDraftUrl: url, deskDraftKey: key } = form.dataset;
  const status = document.querySelector("[data-desk-draft-status]");
  const alert = document.querySelector("[data-desk-draft-alert]");
  const words = alert.querySelector("[data-desk-draft-text]");
  const choice = alert.querySelector("[data-desk-draft-choice]");
  let kept = [...form.elements].some(isTouched) ? null : typed(); // what the server has
  let timer = 0;
  let saving = null;
  let unanswered = null; // what the server may or may not have: it goes there again before anything newer
  let stopped = false; // until the officer has chosen between two tabs
  let toSend = null; // the button the form waits to be sent with
  let leaving = false;

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "version") fields.append(name, value);
    }
    return fields.toString();
  }

  function post(text, version) {
    const body = new URLSearchParams(text);
    body.set("version", version);
    const token = form.elements.csrfmiddlewaretoken.value;
    return fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  function tell(text, { choose = false } = {}) {
    words.textContent = text;
    choice.hidden = !choose;
    alert.hidden = !text;
  }

  function keepHere() {
    const copy = { version: form.elements.version.value, text: typed(), at: Date.now() };
    localStorage.setItem(key, JSON.stringify(copy));
  }

  function serverIsAway(why) {
    keepHere();
    status.textContent = "Tersimpan di peramban";
    tell(toSend ? `${why} Sesi akan diakhiri begitu tersambung kembali.` : why);
    schedule(RETRY);
  }

  // Whether the server has what is typed now.
  async function save() {
    clearTimeout(timer);
    timer = 0;
    const text = unanswered ?? typed();
    let response;
    let answer;
    try {
      response = await post(text, form.elements.version.value);
      if (!response.redirected && [200, 409].includes(response.status)) answer = await response.json();
    } catch {
      unanswered = text;
      serverIsAway("Server belum terjangkau. Tersimpan di peramban, dikirim saat tersambung.");
      return false;
    }
    unanswered = null;
    if (response.redirected || response.status === 403) {
      serverIsAway("Bapak/Ibu perlu masuk kembali, misalnya di tab lain. Isian tersimpan di peramban.");
      return false;
    }
    if (response.status === 409) return takenByAnotherTab(answer);
    if (response.status === 410) return over();
    if (!response.ok) {
      serverIsAway("Server belum dapat menyimpan. Tersimpan di peramban, dikirim saat tersambung.");
      return false;
    }
    form.elements.version.value = answer.version;
    kept = text;
    if (typed() === text) localStorage.removeItem(key);
    else keepHere();
    status.textContent = `Tersimpan ${answer.saved}`;
    tell("");
    return true;
  }

  function takenByAnotherTab(answer) {
    stopped = true;
    toSend = null;
    form.dataset.deskDraftNewest = answer.version;
    status.textContent = "Belum tersimpan";
    tell("Sesi ini diubah di tab lain. Isian mana yang dipakai?", { choose: true });
    return false;
  }

  function over() {
    stopped = true;
    toSend = null;
    localStorage.removeItem(key);
    tell("Sesi ini sudah berakhir di tab lain. Silakan muat ulang halaman ini.");
    return false;
  }

  // One saving at a time; what was typed meanwhile follows. `always` asks the server even when nothing is new.
  async function saveAll({ always = false } = {}) {
    while (saving) await saving;
    if (stopped || leaving || (!always && typed() === kept)) return;
    saving = save();
    let isSaved = false;
    try {
      isSaved = await saving;
    } finally {
      saving = null;
    }
    if (!isSaved || stopped) return;
    if (typed() !== kept) return saveAll();
    if (toSend) send();
  }

  function schedule(pause) {
    if (stopped || leaving) return;
    clearTimeout(timer);
    timer = setTimeout(() => saveAll({ always: Boolean(toSend) || localStorage.getItem(key) !== null }), pause);
  }

  function changed() {
    if (typed() === kept && localStorage.getItem(key) === null) return;
    if (saving || localStorage.getItem(key) !== null) {
      keepHere(); // the server is away or slow: nothing typed may be lost with the browser
      if (timer) return; // the next attempt is under way already
    }
    schedule(PAUSE);
  }

  function send() {
    leaving = true;
    const button = toSend;
    toSend = null;
    form.requestSubmit(button);
  }

  // What a browser that ended without the server left behind goes there first; the page then shows it all.
  async function bringBack() {
    const left = localStorage.getItem(key);
    if (left === null) return;
    const copy = JSON.parse(left);
    const response = await post(copy.text, copy.version).catch(() => null);
    if (!response || ![200, 409, 410].includes(response.status)) return;
    if (response.status === 409) {
      form.dataset.deskDraftNewest = (await response.json()).version;
      form.dataset.deskDraftLeft = copy.text;
      stopped = true;
      tell("Peramban ini menyimpan isian yang belum terkirim, tetapi sesi ini telah diubah di tempat lain. Isian mana yang dipakai?", { choose: true });
      return;
    }
    localStorage.removeItem(key);
    leaving = true;
    location.reload();
  }

  async function useMine() {
    const left = form.dataset.deskDraftLeft;
    form.elements.version.value = form.dataset.deskDraftNewest;
    stopped = false;
    if (left === undefined) return saveAll({ always: true });
    localStorage.setItem(key, JSON.stringify({ version: form.dataset.deskDraftNewest, text: left, at: Date.now() }));
    return bringBack();
  }

  function useTheirs() {
    localStorage.removeItem(key);
    leaving = true;
    location.reload();
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  document.addEventListener("htmx:afterSettle", changed);
  window.addEventListener("online", () => schedule(0));
  alert.querySelector("[data-desk-draft-mine]").addEventListener("click", useMine);
  alert.querySelector("[data-desk-draft-theirs]").addEventListener("click", useTheirs);

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (leaving || event.defaultPrevented || button?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (toSend || stopped) return;
    toSend = button || form.querySelector("#simpan");
    saveAll({ always: true });
  });

  window.addEventListener("pagehide", () => {
    if (!leaving && !stopped && localStorage.getItem(key) === null && typed() !== kept) {
      const body = new URLSearchParams(typed());
      body.set("version", form.elements.version.value);
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      navigator.sendBeacon(url, body);
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  bringBack();
})();
