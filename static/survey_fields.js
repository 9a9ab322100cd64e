// Small helps on fields that work without them: the figure a handle stands at, the sum of numbers that are shared out,
// a ranking put in order by buttons beside its lists of places.
"use strict";
(() => {
  const shown = (field, words) => {
    const place = document.getElementById(field.dataset.shows);
    if (place) place.textContent = words;
  };

  for (const handle of document.querySelectorAll("input[type=range][data-tick]")) {
    const tick = document.getElementById(handle.dataset.tick);
    const tell = () => shown(handle, tick.checked ? handle.value : "");
    handle.addEventListener("input", () => { tick.checked = true; tell(); });
    tick.addEventListener("change", tell);
    tell();
  }

  for (const list of document.querySelectorAll("[data-total]")) {
    const fields = [...list.querySelectorAll("input")];
    const tell = () => {
      const together = fields.reduce((sum, each) => sum + (Number(each.value.trim().replace(",", ".")) || 0), 0);
      shown(list, fields.some((each) => each.value.trim()) ? `${Math.round(together * 1e9) / 1e9} / ${list.dataset.total}` : "");
    };
    list.addEventListener("input", tell);
    tell();
  }

  // Rankings: a button moves a choice by one place; one without a place comes in last. Nothing moves on the page, so
  // the button keeps the focus. Where not all get a place, who is moved below the last one has none any more.
  for (const list of document.querySelectorAll("[data-places]")) {
    const most = Number(list.dataset.places);
    const rows = [...list.children];
    const field = (row) => row.querySelector("select");
    const move = (row, step) => {
      const order = rows.filter((each) => field(each).value).sort((one, other) => field(one).value - field(other).value);
      const at = order.indexOf(row);
      if (at >= 0) order.splice(at, 1);
      const to = at < 0 ? Math.min(order.length, most - 1) : Math.max(at + step, 0);
      const out = step > 0 && (at < 0 || (most < rows.length && to > order.length));
      if (!out) order.splice(to, 0, row);
      for (const each of rows) {
        const place = order.indexOf(each) + 1;
        field(each).value = place && place <= most ? place : "";
      }
      const place = field(row).value;
      const words = place ? list.dataset.placed.replace("{place}", place) : list.dataset.unplaced;
      shown(list, words.replace("{choice}", () => row.querySelector("label").textContent.trim()));
    };
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (button) move(button.closest("li"), Number(button.dataset.move));
    });
    for (const moves of list.querySelectorAll(".moves")) moves.hidden = false;
  }

  // Exclusive choices: taking one lets go of the others, and the other way round.
  for (const alone of document.querySelectorAll("input[type=checkbox][data-alone]")) {
    const others = [...alone.form.elements].filter((each) => each.name === alone.name && each !== alone);
    alone.addEventListener("change", () => { if (alone.checked) for (const each of others) each.checked = false; });
    for (const each of others) each.addEventListener("change", () => { if (each.checked) alone.checked = false; });
  }
})();
