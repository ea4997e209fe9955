// The box inside data-desk-check-all="name" ticks every box of that name on the page, and the part's output says how many
// are ticked. Hidden without scripts, where each is ticked by hand.
"use strict";

for (const part of document.querySelectorAll("[data-desk-check-all]")) {
  const all = part.querySelector("input");
  const said = part.querySelector("[data-desk-checked]");
  const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(part.dataset.deskCheckAll)}"]`)];

  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    said.textContent = `${ticked} dipilih`;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  count();
  part.hidden = false;
}
