"use strict";
(() => {
  const contents = document.querySelector("nav.contents details");
  if (contents && matchMedia("(min-width: 64rem)").matches) contents.open = true;
  const button = document.getElementById("show-code");
  const blocks = document.querySelectorAll("details.code");
  if (!button || !blocks.length) return;
  // What people read comes first: code is there for who asks for it
  document.body.classList.add("no-code");
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = !document.body.classList.toggle("no-code");
    button.textContent = open ? "Hide all code" : "Show all code";
    for (const block of blocks) block.open = open;
  });
})();
