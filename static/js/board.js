// The wall board: its clock by the server's time, and each new call shown and said.
"use strict";

(() => {
  const SHOWN = 10_000;
  const LONGEST_SPEECH = 12_000; // some browsers never tell that they are done
  const board = document.querySelector("[data-desk-calls]");
  const said = document.querySelector("[data-desk-said]"); // read out by screen readers
  const button = document.querySelector("[data-desk-voice]");

  // Clock: the answer's Date header, carried on by the time that has passed since.
  let serverMoment = null;
  let readAt = 0;
  const styles = {
    day: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
    time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  };

  function setClock(header) {
    const moment = Date.parse(header);
    if (Number.isNaN(moment)) return;
    serverMoment = moment;
    readAt = performance.now();
  }

  function showClock() {
    if (serverMoment === null) return;
    const now = serverMoment + performance.now() - readAt;
    for (const shown of document.querySelectorAll("[data-desk-clock]")) {
      const style = { ...styles[shown.dataset.deskClock], timeZone: shown.dataset.deskZone };
      shown.textContent = new Intl.DateTimeFormat("id-ID", style).format(now);
    }
  }

  // Voice: browsers make no sound before somebody has touched the page.
  let audio = null;
  let saying = false;
  const toSay = [];

  function chime() {
    [[880, 0], [660, 0.35]].forEach(([pitch, after]) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const start = audio.currentTime + after;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.5, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.9);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 1);
    });
    return new Promise((done) => { setTimeout(done, 1_400); });
  }

  function indonesianVoice() {
    return window.speechSynthesis?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith("id"));
  }

  function speak(text) {
    const voice = indonesianVoice();
    if (!voice) return Promise.resolve(); // another language's voice would not be understood: the chime must do
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(text);
      words.voice = voice;
      words.lang = voice.lang;
      words.rate = 0.9;
      words.onend = words.onerror = done;
      setTimeout(done, LONGEST_SPEECH);
      window.speechSynthesis.speak(words);
    });
  }

  async function sayAll() {
    if (saying || !audio) return;
    saying = true;
    while (toSay.length) {
      const text = toSay.shift();
      await chime();
      await speak(text);
    }
    saying = false;
  }

  async function startVoice() {
    audio = new AudioContext();
    await audio.resume();
    button.hidden = true;
    toSay.push("Suara papan antrean aktif.");
    sayAll();
  }

  // Calls: what was not on the board before is new. What stands there when the page opens is not.
  const calls = () => [...board.querySelectorAll("[data-desk-call]")];
  let known = new Set(calls().map((call) => call.dataset.deskCall));
  const newSince = new Map();

  function showNewCalls() {
    const now = performance.now();
    const fresh = calls().filter((call) => !known.has(call.dataset.deskCall)).reverse();
    for (const call of fresh) {
      newSince.set(call.dataset.deskCall, now);
      if (audio) toSay.push(call.dataset.deskSay);
    }
    if (fresh.length) said.textContent = fresh.map((call) => call.dataset.deskSay).join(" ");
    known = new Set(calls().map((call) => call.dataset.deskCall));
    markNew();
    sayAll();
  }

  function markNew() {
    for (const call of calls()) {
      const since = newSince.get(call.dataset.deskCall);
      call.classList.toggle("board-new", since !== undefined && performance.now() - since < SHOWN);
    }
    for (const key of newSince.keys()) if (!known.has(key)) newSince.delete(key);
  }

  if (button) {
    button.hidden = false;
    button.addEventListener("click", startVoice);
  }
  document.addEventListener("htmx:afterRequest", (event) => setClock(event.detail.xhr.getResponseHeader("Date")));
  document.addEventListener("htmx:afterSwap", showNewCalls);
  setInterval(() => { showClock(); markNew(); }, 1_000);
})();
