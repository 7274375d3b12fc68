"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  const LEVELS = ["error", "warning", "note"];

  // Light and dark

  const theme = byId("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (prefersDark.matches ? "dark" : "light")) === "dark";
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("airwarden-theme", value);
      return localStorage.getItem("airwarden-theme");
    } catch {
      return null;
    }
  };
  const showTheme = () => { theme.textContent = isDark() ? "Light theme" : "Dark theme"; };
  if (["light", "dark"].includes(kept())) document.documentElement.dataset.theme = kept();
  theme.hidden = false;
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    kept(document.documentElement.dataset.theme);
    showTheme();
  });
  prefersDark.addEventListener("change", showTheme);
  showTheme();

  // What an address names is shown, whatever is folded around it

  const reveal = () => {
    const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    target.scrollIntoView({ block: target.matches("article") ? "center" : "start" });
  };
  addEventListener("beforeprint", () => all("details").forEach((each) => { each.open = true; }));

  // The filter

  const form = byId("filter");
  let clear = () => {};
  if (form) {
    const files = all("details.file").map((file) => ({
      file,
      path: file.querySelector("h3").textContent.toLowerCase(),
      cards: all("article", file).map((card) => ({ card, ...card.dataset, level: LEVELS.find((each) => card.classList.contains(each)) })),
    }));
    const cards = files.flatMap((each) => each.cards);
    const [words, path, family, rule, count, fold] = ["q", "file", "family", "rule", "count", "fold"].map(byId);
    const fill = (list, values) => values.forEach((value) => {
      const option = document.createElement("option");
      option.value = option.textContent = value;
      list.append(option);
    });
    const different = (values) => [...new Set(values)].sort();
    fill(family, different(cards.map((each) => each.family)));
    fill(rule, different(cards.map((each) => each.rule)));
    fill(byId("paths"), files.map((each) => each.file.querySelector("h3").textContent));
    const there = new Set(cards.map((each) => each.level));
    const boxes = LEVELS.filter((level) => there.has(level)).map((level) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = box.defaultChecked = true;
      box.value = level;
      label.append(box, `${level}s`);
      form.querySelector("fieldset").append(label);
      return box;
    });
    const text = (each, file) => each.text ??= `${file.path} ${each.card.textContent.toLowerCase()}`;
    const apply = () => {
      const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const place = path.value.trim().toLowerCase();
      let shown = 0;
      for (const file of files) {
        let here = 0;
        for (const each of file.cards) {
          const fits = file.path.includes(place) && levels.has(each.level)
            && (!family.value || family.value === each.family) && (!rule.value || rule.value === each.rule)
            && wanted.every((word) => text(each, file).includes(word));
          each.card.hidden = !fits;
          here += fits;
        }
        file.file.hidden = here === 0;
        shown += here;
      }
      const total = cards.length.toLocaleString("en");
      count.textContent = shown === cards.length ? `${total} findings` : `${shown.toLocaleString("en")} of ${total} findings`;
    };
    let waiting = 0;
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    clear = () => { form.reset(); apply(); };
    fold.addEventListener("click", () => {
      const open = fold.textContent === "Unfold all";
      files.forEach((each) => { each.file.open = open; });
      fold.textContent = open ? "Fold all" : "Unfold all";
    });
    if (files.every((each) => each.file.open)) fold.textContent = "Fold all";
    const narrow = (links, choose) => links.forEach((link) => link.addEventListener("click", () => {
      const card = byId(link.hash.slice(1));
      form.reset();
      choose(card, link.closest("tr"));
      apply();
      reveal();
    }));
    narrow(all(".grid td a"), (card, row) => {
      path.value = row.dataset.path ?? card.closest("details.file").querySelector("h3").textContent;
      family.value = card.dataset.family;
    });
    narrow(all(".tallies td a"), (card) => {
      rule.value = card.dataset.rule;
      boxes.forEach((box) => { box.checked = card.classList.contains(box.value); });
    });
    form.hidden = false;
    apply();

    // Keys: / to the filter, Escape out of it, j and k from finding to finding

    const step = (by) => {
      const shown = cards.filter((each) => !each.card.hidden && each.card.closest("details").open).map((each) => each.card.querySelector(".here"));
      const now = shown.findIndex((each) => each.closest("article").contains(document.activeElement));
      const next = shown[now < 0 ? 0 : Math.min(Math.max(now + by, 0), shown.length - 1)];
      next?.focus();
    };
    addEventListener("keydown", (event) => {
      const isTyping = event.target.matches?.("input, select, textarea");
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && event.target.closest?.("#filter")) event.target.blur();
      else if (isTyping) return;
      else if (event.key === "/") { event.preventDefault(); words.focus(); words.select(); }
      else if ("jk".includes(event.key) && event.target.closest?.("#findings")) step(event.key === "j" ? 1 : -1);
    });

    // Arrow keys in the grid

    for (const table of all(".grid")) {
      table.addEventListener("keydown", (event) => {
        const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        const cell = event.target.closest("th, td");
        if (!by || !cell) return;
        let [row, column] = [cell.parentElement.rowIndex + by[0], cell.cellIndex + by[1]];
        for (; table.rows[row]?.cells[column]; row += by[0], column += by[1]) {
          const link = table.rows[row].cells[column].querySelector("a");
          if (!link) continue;
          event.preventDefault();
          link.focus();
          return;
        }
      });
    }
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
