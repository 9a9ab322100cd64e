// Codes texts by keyboard: a code's key sets it or takes it away, Enter saves. Without this script the form does all.
"use strict";
const form = document.querySelector("form[data-coding]");
if (form) {
  document.addEventListener("keydown", (event) => {
    const there = event.target;
    const writing = there.matches("textarea, select, input:not([type=checkbox])");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = form.querySelector(`input[accesskey="${CSS.escape(event.key.toLowerCase())}"]`);
    if (box) {
      box.checked = !box.checked;
      box.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && !there.matches("a, button")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
