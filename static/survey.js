// Keeps what is filled in while a page of a survey is open. Nothing is sent before the person changed an answer (G11):
// a mail scanner that opens the page and runs this script changes nothing. Everything works without it.
"use strict";
(() => {
  const PAUSE = 1500; // milliseconds without a change before it is kept
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const status = form.querySelector("[data-status]");
  let timer = 0;
  let changed = false;
  let leaving = false;

  const say = (words) => { if (status && status.textContent !== words) status.textContent = words; };

  const keep = async () => {
    clearTimeout(timer);
    if (!changed || leaving) return;
    changed = false;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("_go", "stay");
    body.set("_auto", "1");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "error", keepalive: true });
      if (leaving) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const address = await answer.text();
      if (address.startsWith("/s/") && !form.getAttribute("action").startsWith(address)) {
        for (const each of document.querySelectorAll("form")) each.setAttribute("action", address);
        history.replaceState(null, "", `${address}?page=${encodeURIComponent(form.elements._page.value)}`);
      }
      say(form.dataset.kept);
    } catch {
      changed = true;
      say(form.dataset.unkept);
    }
  };

  const note = (event) => {
    if (!event.isTrusted) return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("click", (event) => { if (event.target.closest("[data-move]")) note(event); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });

  // Where faults are listed, reading begins there.
  const faults = document.getElementById("faults");
  if (faults) faults.focus();
})();
