// The person's choice of light or dark comes before the first paint; everything else is asked for by the frame.
(function () {
  const key = "tutti-look";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try { return localStorage.getItem(key) || "system"; } catch { return "system"; }
  }
  function apply(look) {
    if (look === "light" || look === "dark") { document.documentElement.dataset.look = look; }
    else { delete document.documentElement.dataset.look; }
  }
  apply(chosen());

  // The account's menu closes as menus do: on Escape and when the focus or a click goes elsewhere.
  function closeMenus(event) {
    for (const menu of document.querySelectorAll("details.t-account[open]")) {
      if (event.type === "keydown") {
        if (event.key !== "Escape") { continue; }
        menu.querySelector("summary").focus();
      } else if (menu.contains(event.target)) { continue; }
      menu.open = false;
    }
  }
  for (const type of ["keydown", "click", "focusin"]) { document.addEventListener(type, closeMenus); }
  // Ctrl+K opens the palette wherever the focus is.
  let before = null;
  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k") { return; }
    const opener = document.querySelector("[data-palette]");
    if (!opener) { return; }
    event.preventDefault();
    before = document.activeElement;
    opener.click();
  });
  // Some browsers drag only what has data.
  document.addEventListener("dragstart", function (event) {
    if (event.target.closest && event.target.closest("[draggable=true]")) { event.dataTransfer.setData("text/plain", ""); event.dataTransfer.effectAllowed = "move"; }
  });
  // What takes drops says so here at once: asking the server at every move of the pointer would be too late and too often.
  document.addEventListener("dragover", function (event) {
    if (event.target.closest && event.target.closest("[data-drop]")) { event.preventDefault(); event.dataTransfer.dropEffect = "move"; }
  });
  window.tuttiFrame = {
    zone: function () { return Intl.DateTimeFormat().resolvedOptions().timeZone || ""; },
    look: chosen,
    isDark: function () { const look = chosen(); return look === "dark" || (look === "system" && system.matches); },
    choose: function (look) {
      try { localStorage.setItem(key, look); } catch { /* private window: the choice lasts as long as the page */ }
      apply(look);
      return window.tuttiFrame.isDark();
    },
    watch: function (frame) { system.addEventListener("change", function () { frame.invokeMethodAsync("LookChanged"); }); },
    // Tells readers that a new page is there, but never takes the focus from a field that somebody types into already.
    focusHeading: function () {
      const active = document.activeElement;
      const heading = document.querySelector("h1");
      if (!heading || (active && active.matches("main input, main textarea, main select"))) { return; }
      heading.tabIndex = -1;
      heading.focus();
    },
    // Back to where the focus was before something opened over the page.
    back: function () { if (before && document.contains(before)) { before.focus(); } before = null; },
    focus: function (id) { const element = document.getElementById(id); if (element) { element.focus(); } }
  };
})();

// A long text is told to the server when its writer pauses, and now and then when there is no pause, not only when the field is left: what was typed
// outlives a lost connection. What was typed without one is told when it is back.
(function () {
  const pause = 1500;
  const longest = 4000;
  const waiting = new Map();
  function tell(field) {
    clearTimeout(waiting.get(field).timer);
    waiting.delete(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  document.addEventListener("input", function (event) {
    const field = event.target;
    if (!field.matches("[data-tell-soon]")) { return; }
    const now = Date.now();
    const entry = waiting.get(field) || { since: now };
    clearTimeout(entry.timer);
    waiting.set(field, entry);
    entry.timer = setTimeout(function () { tell(field); }, Math.max(0, Math.min(pause, entry.since + longest - now)));
  });
  document.addEventListener("change", function (event) {
    const entry = waiting.get(event.target);
    if (entry) { clearTimeout(entry.timer); waiting.delete(event.target); }
  });
  document.addEventListener("components-reconnect-state-changed", function (event) {
    if (event.detail.state !== "hide") { return; }
    for (const field of document.querySelectorAll("[data-tell-soon]")) { field.dispatchEvent(new Event("change", { bubbles: true })); }
  }, true);
})();

// On a small screen the rows of tables are cards: each cell carries the name of its column.
(function () {
  let asked = false;
  function name(table) {
    const heads = [...table.querySelectorAll("thead tr:last-child > *")].map(function (head) { return head.querySelector(".t-hidden, input") ? "" : head.textContent.trim(); });
    for (const row of [...table.tBodies].flatMap(function (body) { return [...body.rows]; })) {
      for (const cell of row.querySelectorAll("td:not([data-label], [colspan])")) { if (heads[cell.cellIndex]) { cell.dataset.label = heads[cell.cellIndex]; } }
    }
  }
  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(function () {
      if (asked) { return; }
      asked = true;
      requestAnimationFrame(function () { asked = false; document.querySelectorAll(".t-table").forEach(name); });
    }).observe(document.body, { childList: true, subtree: true });
  });
})();

// Source editors: fetched where there is one on the page. Without it the text area below does the same work.
(function () {
  window.tuttiEditor = {
    open: async function (id, path) {
      try {
        const editor = await import(new URL(path, document.baseURI).href);
        const box = document.getElementById(id);
        if (!box) { return; }
        editor.mount(box);
        // Also where it cannot be written in, a long text is scrolled by keyboard.
        box.querySelector(".cm-content").tabIndex = 0;
      } catch (failure) { console.warn("The source editor could not be loaded.", failure); }
    },
    go: function (id, line, column) {
      const box = document.getElementById(id);
      if (!box) { return; }
      if (box.classList.contains("edited")) { box.dispatchEvent(new CustomEvent("tutti-go", { detail: { line: line, column: column } })); return; }
      const area = box.querySelector("textarea");
      const lines = area.value.split("\n");
      const at = lines.slice(0, line - 1).reduce(function (sum, text) { return sum + text.length + 1; }, 0) + column - 1;
      area.focus();
      area.setSelectionRange(at, at);
    }
  };
})();

// Uploads go as a streamed form, never over the page's connection.
(function () {
  const running = new Map();
  window.tuttiUpload = {
    start: function (formId, page) {
      const form = document.getElementById(formId);
      const input = form.querySelector("input[type=file]");
      if (!input.files.length) { return false; }
      const body = new FormData();
      body.append("file", input.files[0]);
      const request = new XMLHttpRequest();
      let told = 0;
      request.upload.onprogress = function (event) {
        const now = Date.now();
        if (now - told > 250) { told = now; page.invokeMethodAsync("UploadProgress", event.loaded, event.total); }
      };
      function finish(status, text) { running.delete(formId); page.invokeMethodAsync("UploadEnded", status, text); }
      request.onload = function () { finish(request.status, request.responseText.slice(0, 4000)); };
      request.onerror = function () { finish(0, ""); };
      request.onabort = function () { finish(-1, ""); };
      request.open("POST", form.action);
      request.setRequestHeader("RequestVerificationToken", form.querySelector("input[name=__RequestVerificationToken]").value);
      running.set(formId, request);
      request.send(body);
      return true;
    },
    stop: function (formId) { const request = running.get(formId); if (request) { request.abort(); } }
  };
})();
