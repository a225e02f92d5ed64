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
    focus: function (id) { const element = document.getElementById(id); if (element) { element.focus(); } }
  };
})();
