// What is typed outlives a connection that is lost, a server that ends, and a reload.
(function () {
  // Forms that say under which name (data-copy) and on what they are based (data-based-on) are copied into this browser as they are typed, field by field
  // (data-copied), until the server says that it has exactly this.
  const prefix = "tutti-copy:";
  const pause = 200;
  const forgotten = 30 * 24 * 3600 * 1000;
  const waiting = new Map();

  function stored(key) {
    try { return JSON.parse(localStorage.getItem(prefix + key)); } catch { return null; }
  }
  function drop(key) {
    try { localStorage.removeItem(prefix + key); } catch { /* a browser that keeps nothing */ }
  }
  function keep(form) {
    clearTimeout(waiting.get(form));
    waiting.delete(form);
    const fields = {};
    for (const field of form.querySelectorAll("[data-copied]")) { fields[field.dataset.copied] = field.type === "radio" ? String(field.checked) : field.value; }
    try { localStorage.setItem(prefix + form.dataset.copy, JSON.stringify({ at: Date.now(), basedOn: Number(form.dataset.basedOn), fields: fields })); } catch { /* full, or a browser that keeps nothing */ }
  }
  function keepAll() { for (const form of [...waiting.keys()]) { keep(form); } }
  function typed(event) {
    const form = event.target.closest && event.target.closest("form[data-copy]");
    if (!form) { return; }
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(function () { keep(form); }, pause));
  }
  for (const type of ["input", "change"]) { document.addEventListener(type, typed); }
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", keepAll);
  try {
    for (const key of Object.keys(localStorage).filter(function (name) { return name.startsWith(prefix); })) {
      const copy = stored(key.slice(prefix.length));
      if (!copy || copy.at < Date.now() - forgotten) { localStorage.removeItem(key); }
    }
  } catch { /* a browser that keeps nothing */ }
  window.tuttiCopies = {
    // The copy, and how many milliseconds old it is: the clocks of browser and server may differ.
    find: function (key) { const copy = stored(key); return copy && { age: Date.now() - copy.at, basedOn: copy.basedOn, fields: copy.fields }; },
    drop: drop,
    // The server has these values: a copy of exactly them is not needed any more. What was typed since is another one.
    confirm: function (key, fields) {
      for (const form of waiting.keys()) { if (form.dataset.copy === key) { return; } }
      const copy = stored(key);
      if (copy && Object.keys(copy.fields).every(function (name) { return !(name in fields) || sum(copy.fields[name]) === fields[name]; })) { drop(key); }
    }
  };
  // FNV-1a over the letters: a message of a megabyte is not sent back only to be compared.
  function sum(text) {
    let hash = 2166136261;
    for (let at = 0; at < text.length; at++) { hash = Math.imul(hash ^ text.charCodeAt(at), 16777619); }
    return hash >>> 0;
  }

  // All other fields: when the page has lost its place at the server, it is fetched anew and what was typed is put back, not saved.
  const slot = "tutti-typed";
  const again = 3000;
  const longest = 20000;
  let here = "";
  let edited = new Set();
  let cut = false;
  let gone = false;

  function address() { return location.pathname + location.search; }
  function isKept(field) { return field.id && field.matches("main input, main textarea, main select") && !field.matches("[type=password], [type=file], form[data-copy] *"); }
  function isTick(field) { return field.type === "radio" || field.type === "checkbox"; }
  function remember() {
    const fields = [...edited].map(function (id) { return document.getElementById(id); }).filter(function (field) { return field && isKept(field); })
      .map(function (field) { return { id: field.id, value: isTick(field) ? field.checked : field.value }; });
    try {
      if (fields.length && here === address()) { sessionStorage.setItem(slot, JSON.stringify({ address: here, fields: fields })); }
    } catch { /* a browser that keeps nothing */ }
  }
  function reload() {
    if (!gone) { gone = true; keepAll(); remember(); location.reload(); }
  }
  async function reloadWhenThere() {
    try {
      if ((await fetch("_content/Tutti.Frame/tutti.svg", { cache: "no-store" })).ok) { reload(); return; }
    } catch { /* not there yet */ }
    setTimeout(reloadWhenThere, again);
  }
  function putBack(left) {
    for (const entry of [...left]) {
      const field = document.getElementById(entry.id);
      if (!field || !isKept(field) || field.disabled || (field.closest("fieldset") || {}).disabled) { continue; }
      left.splice(left.indexOf(entry), 1);
      if (isTick(field)) {
        if (field.checked !== entry.value && (entry.value || field.type === "checkbox")) { field.click(); }
      } else if (field.value !== entry.value) {
        field.value = entry.value;
        for (const type of ["input", "change"]) { field.dispatchEvent(new Event(type, { bubbles: true })); }
      } else { continue; }
      edited.add(entry.id);
      here = address();
      const says = document.getElementById("t-put-back");
      if (says) { says.hidden = false; }
    }
  }
  for (const type of ["input", "change"]) {
    document.addEventListener(type, function (event) {
      if (!isKept(event.target)) { return; }
      if (here !== address()) { here = address(); edited = new Set(); }
      edited.add(event.target.id);
    });
  }
  document.addEventListener("submit", function () { const says = document.getElementById("t-put-back"); if (says) { says.hidden = true; } });
  // Whoever is asked whether to leave would lose nothing by it: before the frame's own question.
  window.addEventListener("beforeunload", function (event) { if (gone) { event.stopImmediatePropagation(); } }, true);
  window.addEventListener("pagehide", function () { if (cut) { remember(); } });
  document.addEventListener("components-reconnect-state-changed", function (event) {
    const state = event.detail.state;
    cut = state !== "hide";
    if (state === "rejected" || state === "resume-failed") { reload(); }
    else if (state === "failed") { reloadWhenThere(); }
    else if (state === "hide") {
      // What was typed meanwhile is told now.
      for (const field of document.querySelectorAll("form[data-copy] [data-copied]")) {
        if (field.type === "radio" && !field.checked) { continue; }
        for (const type of ["input", "change"]) { field.dispatchEvent(new Event(type, { bubbles: true })); }
      }
    }
  }, true);
  document.addEventListener("DOMContentLoaded", function () {
    let left = null;
    try {
      left = JSON.parse(sessionStorage.getItem(slot));
      sessionStorage.removeItem(slot);
    } catch { /* a browser that keeps nothing */ }
    if (!left || left.address !== address()) { return; }
    const watch = new MutationObserver(function () { putBack(left.fields); });
    watch.observe(document.body, { childList: true, subtree: true });
    setTimeout(function () { watch.disconnect(); }, longest);
  });
})();
