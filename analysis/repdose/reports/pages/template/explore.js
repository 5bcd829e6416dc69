"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-view]")) {
    const view = form.dataset.view;
    const chosen = Array.from(form.querySelectorAll("select"));
    const states = Array.from(document.querySelectorAll(`section[data-of="${view}"]`));
    const status = document.querySelector(`[role="status"][data-said="${view}"]`);
    const show = () => {
      const key = chosen.map((select) => select.value).join("|");
      for (const state of states) {
        state.hidden = state.dataset.key !== key;
        if (!state.hidden) status.textContent = state.dataset.said;
      }
    };
    form.addEventListener("change", show);
    form.addEventListener("submit", (event) => event.preventDefault());
    show();
  }
})();
