"use strict";
(() => {
  const box = document.getElementById("filter");
  const count = document.getElementById("count");
  const rows = Array.from(document.querySelectorAll("tr.made"));
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const asked = row.parentElement.querySelector("tr.question").textContent;
      const text = `${asked} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    for (const group of document.querySelectorAll("tbody"))
      group.hidden = !group.querySelector("tr.made:not([hidden])");
    count.textContent = `${shown} of ${rows.length} reports`;
  };
  box.addEventListener("input", show);
  show();
})();
