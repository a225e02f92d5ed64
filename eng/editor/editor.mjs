// SPDX-License-Identifier: Apache-2.0
// The source editors of the message page, over CodeMirror. A textarea stays the form's field; the editor lies over it and keeps it filled, so that
// the page works the same way with and without this file. Built into src/Frame/wwwroot/editor.js, see README.md beside this file.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { closePercentBrace, liquid, liquidCompletionSource } from "@codemirror/lang-liquid";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, LanguageSupport, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const valueOf = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
const longestTag = 4000;
const notOurs = ["include", "render"];
const plain = new LanguageSupport(StreamLanguage.define({ token: function (stream) { stream.skipToEnd(); return null; } }));

/** Lays an editor over the textarea in a box; the box says by attributes what can be completed (data-fields, data-filters) and what is wrong (data-marks). */
export function mount(box) {
  const area = box.querySelector("textarea");
  const place = box.querySelector("[data-place]");
  if (place.firstChild) { return; }

  const language = new Compartment();
  const changing = new Compartment();
  let told = valueOf.get.call(area);

  function list(name) {
    try { return JSON.parse(box.dataset[name] || "[]"); } catch { return []; }
  }

  function liquidOver() {
    const base = box.dataset.language === "html" ? html({ autoCloseTags: false }) : plain;
    const language = liquid({ base: base }).language;
    return new LanguageSupport(language, [
      base.support, closePercentBrace, base.language.data.of({ closeBrackets: { brackets: ["{"] } }), language.data.of({ autocomplete: completions(list("fields"), list("filters")) }),
    ]);
  }

  // Between Liquid's braces its own words are offered and the fields; elsewhere only who asks (Ctrl+Space) gets the fields, with braces.
  function completions(names, filters) {
    return function (context) {
      const before = context.state.sliceDoc(Math.max(0, context.pos - longestTag), context.pos);
      const open = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
      const behind = context.state.sliceDoc(context.pos, Math.min(context.pos + longestTag, context.state.doc.length));
      // An output that is not closed yet is closed behind its field.
      const close = before[open + 1] === "%" || /^\s+(\}\}|\|)|^\|/.test(behind) ? "" : behind.startsWith("}}") ? " " : " }}";
      const fields = names.map(function (field) { return { ...field, apply: field.label + close }; });
      if (open > Math.max(before.lastIndexOf("}}"), before.lastIndexOf("%}"))) {
        // A place right behind the braces is asked for, too: it has no letter yet that the source could go by.
        const found = liquidCompletionSource({ variables: fields, filters: filters })(context) || (/\{\{-? *$/.test(before) ? { from: context.pos, options: fields, validFor: /^\w*$/ } : null);
        return found && { ...found, options: found.options.filter(function (option) { return !notOurs.includes(option.label); }) };
      }

      const word = context.matchBefore(/\w*$/);
      return context.explicit && box.dataset.language !== "html"
        ? { from: word.from, options: names.map(function (field) { return { ...field, apply: `{{ ${field.label} }}` }; }) }
        : null;
    };
  }

  function reading() {
    return area.disabled ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })] : [];
  }

  // The server learns of a change when the writer pauses (frame.js), when the editor is left, and before the form is sent.
  function tell() {
    const text = valueOf.get.call(area);
    if (text !== told) {
      told = text;
      area.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function takeOver(text) {
    if (text.replace(/\r\n?/g, "\n") !== view.state.doc.toString()) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    }
  }

  function showMarks() {
    const doc = view.state.doc;
    view.dispatch(setDiagnostics(view.state, list("marks").map(function (mark) {
      const line = doc.line(Math.min(Math.max(mark.line, 1), doc.lines));
      const from = Math.min(line.from + Math.max(mark.column, 1) - 1, line.to);
      return { from: from, to: Math.min(from + Math.max(mark.length, 1), line.to), severity: mark.severity, message: mark.message };
    })));
  }

  const label = document.querySelector(`label[for="${area.id}"]`);
  if (label && !label.id) { label.id = area.id + "-label"; }
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: told,
      extensions: [
        lineNumbers(), foldGutter(), lintGutter(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), dropCursor(), history(), indentOnInput(),
        bracketMatching(), closeBrackets(), closePercentBrace, autocompletion(), highlightSelectionMatches(), syntaxHighlighting(classHighlighter),
        EditorView.lineWrapping, indentUnit.of("  "),
        language.of(liquidOver()),
        changing.of(reading()),
        EditorView.contentAttributes.of({
          "aria-labelledby": label ? label.id : "", "aria-describedby": `${area.getAttribute("aria-describedby") || ""} ${area.id}-keys`.trim(), id: area.id + "-editor",
        }),
        keymap.of([
          { key: "Mod-s", run: function () { tell(); if (area.form && !area.disabled) { area.form.requestSubmit(); } return true; } },
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap, indentWithTab,
        ]),
        EditorView.updateListener.of(function (update) {
          if (update.docChanged) {
            const text = update.state.doc.toString();
            if (valueOf.get.call(area) !== text) {
              valueOf.set.call(area, text);
              area.dispatchEvent(new Event("input", { bubbles: true }));
            }
          }
        }),
        EditorView.domEventHandlers({ blur: function () { tell(); } }),
      ],
    }),
  });

  // What the page sets (a recovery copy taken up, the other one's text, a translation) comes into the editor too.
  Object.defineProperty(area, "value", {
    configurable: true,
    get: function () { return valueOf.get.call(area); },
    set: function (text) { valueOf.set.call(area, text); told = valueOf.get.call(area); takeOver(told); },
  });
  area.addEventListener("input", function () { takeOver(valueOf.get.call(area)); });
  area.addEventListener("change", function () { told = valueOf.get.call(area); });

  if (label) { label.addEventListener("click", function () { view.focus(); }); }
  const watch = new MutationObserver(function (changes) {
    for (const change of changes) {
      if (change.attributeName === "data-marks") { showMarks(); }
      else if (change.attributeName === "disabled") { view.dispatch({ effects: changing.reconfigure(reading()) }); }
      else { view.dispatch({ effects: language.reconfigure(liquidOver()) }); }
    }
  });
  watch.observe(box, { attributes: true, attributeFilter: ["data-marks", "data-fields", "data-filters"] });
  watch.observe(area, { attributes: true, attributeFilter: ["disabled"] });
  box.addEventListener("tutti-go", function (event) {
    const line = view.state.doc.line(Math.min(Math.max(event.detail.line, 1), view.state.doc.lines));
    const at = Math.min(line.from + Math.max(event.detail.column, 1) - 1, line.to);
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
  });
  box.classList.add("edited");
  showMarks();
}
