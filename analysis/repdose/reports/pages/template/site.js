"use strict";
(() => {
  const box = document.getElementById("filter");
  const count = document.getElementById("count");
  const rows = Array.from(document.querySelectorAll("tbody tr"));
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = `${shown} of ${rows.length} reports`;
  };
  box.addEventListener("input", show);
  show();
})();
