// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, existsSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

// A test compares this with the files, so that the bundle is never older than its source.
const source = createHash("sha256").update(readFileSync("editor.mjs")).update(readFileSync("package-lock.json")).digest("hex");
const result = await build({
  entryPoints: ["editor.mjs"], bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "none", metafile: true, write: false, charset: "utf8",
  banner: { js: `/* The source editors of Tutti, made from eng/editor (${source}). Licences: editor.licences.txt. */` },
});
writeFileSync("../../src/Frame/wwwroot/editor.js", result.outputFiles[0].text);

const packages = [...new Set(Object.keys(result.metafile.inputs).map(path => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean))].sort();
const licences = packages.map(name => {
  const folder = `node_modules/${name}`;
  const about = JSON.parse(readFileSync(`${folder}/package.json`));
  const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
  if (!file || !existsSync(`${folder}/${file}`)) { throw new Error(`${name} comes without a licence.`); }
  return `${name} ${about.version} (${about.license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
});
writeFileSync("../../src/Frame/wwwroot/editor.licences.txt", `editor.js holds the following packages.\n\n${licences.join("\n" + "-".repeat(72) + "\n\n")}`);
console.log(`${packages.length} packages, ${result.outputFiles[0].text.length} characters`);
