// While a question is typed: words that belong to another channel open the list of channels (data-desk-other-channels) and
// name the one they point to. Nothing is forced, and the list can be opened without it.
"use strict";

for (const list of document.querySelectorAll("[data-desk-other-channels]")) {
  const form = list.closest("form");
  const said = form.querySelector("[data-desk-other-channels-said]");
  const channels = [...list.querySelectorAll("[data-desk-said-by]")].map((channel) => ({
    name: channel.textContent.toLowerCase(),
    words: new RegExp(`\\b(${channel.dataset.deskSaidBy})`, "i"),
  }));

  const look = () => {
    const category = form.elements.category.selectedOptions[0];
    const text = `${category ? category.text : ""} ${form.elements.question.value}`;
    const found = channels.find((channel) => channel.words.test(text));
    const sentence = found ? `Sepertinya ini ${found.name}. Salurannya tercantum di atas; Bapak/Ibu tetap dapat mengirim pertanyaan ini.` : "";
    if (said.textContent === sentence) return;
    said.textContent = sentence;
    if (found) list.open = true;
  };

  form.elements.question.addEventListener("input", look);
  form.elements.category.addEventListener("change", look);
  look();
}
