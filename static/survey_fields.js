// Small helps on fields that work without them: the figure a handle stands at, the sum of numbers that are shared out.
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

  // Exclusive choices: taking one lets go of the others, and the other way round.
  for (const alone of document.querySelectorAll("input[type=checkbox][data-alone]")) {
    const others = [...alone.form.elements].filter((each) => each.name === alone.name && each !== alone);
    alone.addEventListener("change", () => { if (alone.checked) for (const each of others) each.checked = false; });
    for (const each of others) each.addEventListener("change", () => { if (each.checked) alone.checked = false; });
  }
})();
