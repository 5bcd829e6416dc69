"use strict";
(() => {
  const all = (query, within = document) => Array.from(within.querySelectorAll(query));
  const contents = document.querySelector("nav.contents details");
  if (contents && matchMedia("(min-width: 64rem)").matches) contents.open = true;

  const button = document.getElementById("show-code");
  const blocks = all("details.code");
  if (button && blocks.length) {
    // What people read comes first: code is there for who asks for it
    document.body.classList.add("no-code");
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = !document.body.classList.toggle("no-code");
      button.textContent = open ? "Hide all code" : "Show all code";
      for (const block of blocks) block.open = open;
    });
  }

  // What is folded opens for who follows a link into it, and for the printer
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && all("details:not([open])").filter((one) => one.contains(target));
    if (!folded || !folded.length) return;
    for (const one of folded) one.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("main details:not([open]):not(.code)");
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });

  // A box that scrolls says so, and only such a box is a stop of the keyboard
  const boxes = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      const scrolls = target.scrollWidth > target.clientWidth + 1;
      target.classList.toggle("scrolls", scrolls);
      if (scrolls) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of all(".table-scroll, .picture")) boxes.observe(box);

  // Downloads: a table as CSV with its numbers unrounded, a figure as the SVG that is shown, or
  // as the PNG that the browser draws of it, 300 dots to an inch of its 96
  const save = (href, name) => {
    const link = document.createElement("a");
    link.href = href;
    link.download = name;
    link.click();
  };
  const offer = (place, kind, what, make) => {
    const offered = document.createElement("button");
    offered.type = "button";
    offered.className = "get";
    offered.textContent = `Download ${kind}`;
    offered.setAttribute("aria-label", `Download ${kind}: ${what}`);
    offered.addEventListener("click", make);
    place(offered);
  };
  const named = (id, kind) => `${document.body.dataset.name}-${id}.${kind}`;
  const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
  const field = (cell) => {
    if (cell.dataset.v) return cell.dataset.v;
    if (cell.querySelector(".spoken")) return "";
    let text = cell.textContent.trim().replaceAll("\u00a0", " ").replace(/\u2212(?=[\d.])/g, "-");
    if (cell.classList.contains("num")) text = text.replaceAll(",", "");
    // A spreadsheet would run text that begins as a formula does
    if (/^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && !plainNumber.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const csv = (table) =>
    all("tr", table).map((row) => `${Array.from(row.cells, field).join(",")}\r\n`).join("");
  all(".table-scroll > table").forEach((table, at) => {
    const name = table.id ? table.id.replace(/^table-/, "") : `table-${at + 1}`;
    const place = (made) => table.parentElement.after(made);
    offer(place, "CSV", table.caption ? table.caption.textContent : name, () => {
      const url = URL.createObjectURL(new Blob(["\ufeff", csv(table)], { type: "text/csv" }));
      save(url, named(name, "csv"));
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    });
  });
  // The file of a drawing: its shapes, which all drawings of the page have in common, are its own
  // again, by its own names
  const file = (drawing) => {
    const shapes = drawing.dataset.shapes.split(" ").map((pair) => pair.split(/(?=_)/));
    const names = new Map(shapes.map(([own, shared]) => [shared, own]));
    const written = (text) =>
      text
        .replace(/><\/(path|use|circle|rect|image)>/g, "/>")
        .replace(/(?<= id="|"#|\(#)_\d+/g, (shared) => names.get(shared))
        .replace(/ (xlink:)?href=/g, " xlink:href=");
    const defined = shapes.map(([, shared]) => document.getElementById(shared).outerHTML);
    const size = ["width", "height", "viewBox", "stroke-linejoin"].map(
      (name) => ` ${name}="${drawing.getAttribute(name)}"`,
    );
    return [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ' +
        `version="1.1"${size.join("")}>`,
      `<defs>${written(defined.join("\n"))}</defs>`,
      written(drawing.innerHTML),
      "</svg>\n",
    ].join("\n");
  };
  for (const figure of all("figure[id]")) {
    const image = figure.querySelector("img");
    const source = () =>
      image
        ? image.src
        : `data:image/svg+xml,${encodeURIComponent(file(figure.querySelector(".wide")))}`;
    const name = figure.id.replace(/^figure-/, "");
    const place = (made) => figure.append(made);
    const words = name.replaceAll("_", " ");
    offer(place, "SVG", words, () => save(source(), named(name, "svg")));
    offer(place, "PNG", words, async () => {
      const drawn = new Image();
      drawn.src = source();
      await drawn.decode();
      const canvas = document.createElement("canvas");
      canvas.width = Math.round((drawn.width * 300) / 96);
      canvas.height = Math.round((drawn.height * 300) / 96);
      canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
      save(canvas.toDataURL("image/png"), named(name, "png"));
    });
  }

  // A citation shows its reference while the pointer or the keyboard is on it
  const tip = document.createElement("div");
  tip.id = "cited";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);
  let hiding = 0;
  let on = null;
  const hide = () => {
    tip.hidden = true;
    if (on) on.removeAttribute("aria-describedby");
    on = null;
  };
  const later = () => {
    hiding = setTimeout(hide, 200);
  };
  const show = (link) => {
    const reference = document.getElementById(link.hash.slice(1));
    clearTimeout(hiding);
    if (!reference || on === link) return;
    hide();
    on = link;
    tip.textContent = reference.textContent;
    link.setAttribute("aria-describedby", tip.id);
    tip.hidden = false;
    const at = link.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const across = document.documentElement.clientWidth;
    tip.style.left = `${scrollX + Math.max(8, Math.min(at.left, across - width - 8))}px`;
    tip.style.top = `${scrollY + (at.top > height + 8 ? at.top - height - 4 : at.bottom + 4)}px`;
  };
  for (const link of all('a[href^="#ref-"]')) {
    for (const event of ["pointerenter", "focus"]) link.addEventListener(event, () => show(link));
    for (const event of ["pointerleave", "blur"]) link.addEventListener(event, later);
  }
  tip.addEventListener("pointerenter", () => clearTimeout(hiding));
  tip.addEventListener("pointerleave", later);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
