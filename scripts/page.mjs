// What the page must show, in Debian's Chromium: `node scripts/page.mjs [PROGRAM] [FOLDER] [CASE ...]`.
//
// For the annex, for a made-up history of it, and for SingStat's workbook where `../shared/sources` is there: axe-core finds
// nothing in light, dark and forced colours, at 320 and 1280 pixels; the page asks for nothing but itself; every published figure
// of the newest release is on it under its key; it prints; and it needs no scripts. Screenshots and the print go to FOLDER, to be
// looked at. SingStat's page takes a minute, the others some seconds.
//
// Needs `apt-get install chromium`. puppeteer-core and axe-core are installed outside of the project, on the first call.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname, "..");
const program = resolve(process.argv[2] ?? join(root, "target/release/bluebook"));
const folder = resolve(process.argv[3] ?? join(tmpdir(), "bluebook-page"));
const wanted = process.argv.slice(4);
const tools = join(tmpdir(), "bluebook-page-tools");
const sources = resolve(root, process.env.BLUEBOOK_SOURCES_FOLDER ?? "../shared/sources");
const annex = join(root, "input/hk-talent-admissions-2026-02.txt");
const cases = [
  { name: "annex", arguments: [annex] },
  {
    name: "history",
    arguments: [join(folder, "made-up-history")],
    // Of seven tables, 57 figures a period: two periods are printed in both releases, less what differs and two residuals.
    says: "2 revised, 2 folded into a residual, 2 listed on their own, 7 parts completed, 7 new tables, 108 figures unchanged.",
  },
  {
    name: "singstat",
    arguments: [
      join(sources, "workbooks/singstat-visitor-arrivals.xlsx"),
      "--dataset",
      join(root, "tests/definitions/sg-visitor-arrivals.toml"),
    ],
  },
];
const modes = {
  light: { features: [{ name: "prefers-color-scheme", value: "light" }] },
  dark: { features: [{ name: "prefers-color-scheme", value: "dark" }] },
  forced: { features: [{ name: "forced-colors", value: "active" }], forced: true },
};
const failures = [];

mkdirSync(tools, { recursive: true });
mkdirSync(folder, { recursive: true });
makeHistory(cases[1].arguments[0]);
if (!existsSync(join(tools, "node_modules/axe-core"))) {
  execFileSync("npm", ["install", "--silent", "--prefix", tools, "puppeteer-core@24", "axe-core@4"], { stdio: "inherit" });
}
const load = createRequire(join(tools, "package.json"));
const { default: puppeteer } = await import(pathToFileURL(load.resolve("puppeteer-core")));
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], protocolTimeout: 1e6 });

for (const one of cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  if (!existsSync(one.arguments[0])) {
    console.log(`${one.name}: skipped, ${one.arguments[0]} is not here`);
    continue;
  }
  await tryCase(one);
}
await browser.close();
failures.forEach((failure) => console.log(`FAILED ${failure}`));
process.exit(failures.length > 0 ? 1 : 0);

/**
 * Two releases, made up: the annex, and one before it that ends with half a year where the annex has the year and two months
 * more, lists Japan where the annex lists Singapore, and has another figure for Canada.
 */
function makeHistory(input) {
  const printed = readFileSync(annex, "utf8");
  const dropLastYear = (line) => (line.includes("\t") ? line.split("\t").toSpliced(-2, 1).join("\t") : line);
  const before = printed
    .split("\n")
    .map(dropLastYear)
    .join("\n")
    .replaceAll(/2026 \(as at end- ?February\)/g, "2025 (as at end-June)")
    .replace("\nSingapore\t191\t", "\nJapan\t191\t")
    .replace("\t549\t", "\t550\t")
    .replace("49 737", "49 738");
  mkdirSync(input, { recursive: true });
  writeFileSync(join(input, "2025-06-30-made-up.txt"), before);
  writeFileSync(join(input, "2026-02-28-made-up.txt"), printed);
}

/** Publishes a set with its page, and tries all that must hold. */
async function tryCase(one) {
  const output = join(folder, `output-${one.name}`);
  execFileSync(program, ["run", "--html", "--no-sync", "--output", output, ...one.arguments], { stdio: "ignore" });
  const set = join(output, execFileSync("ls", [output]).toString().trim().split("\n")[0]);
  const file = join(set, "index.html");
  console.log(`${one.name}: ${statSync(file).size} bytes`);
  expect(readFileSync(file, "utf8").includes(one.says ?? ""), `${one.name}: it does not say: ${one.says}`);
  await tryFigures(one.name, file, set);
  for (const mode of Object.keys(modes)) await tryMode(one.name, file, mode);
}

/** Every published figure of the newest release is on the page under its key; with scripts off, and without requests. */
async function tryFigures(name, file, set) {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  const errors = [];
  page.on("console", (message) => errors.push(message.text()));
  await page.goto(pathToFileURL(file), { timeout: 0 });
  const others = requests.filter((url) => url !== String(pathToFileURL(file)) && !url.startsWith("data:"));
  expect(others.length === 0, `${name}: it asks for ${others}`);
  expect(errors.length === 0, `${name}: it complains: ${errors}`);
  const shown = new Map(
    await page.evaluate(() => [...document.querySelectorAll("td[id]")].map((cell) => [cell.id, cell.firstChild?.data ?? ""])),
  );
  const figures = readFigures(set);
  const missing = [...figures].filter(([key, value]) => shown.get(key)?.replaceAll(/\s/g, "") !== value);
  expect(missing.length === 0, `${name}: not on the page: ${missing.slice(0, 5).join(" | ")}`);
  expect(shown.size === figures.size, `${name}: ${shown.size} figures are shown, ${figures.size} published`);
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
  expect(new Set(ids).size === ids.length, `${name}: an id stands twice`);
  const links = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map((link) => link.hash.slice(1)));
  const dead = links.filter((hash) => !ids.includes(hash) && !ids.includes(decodeURIComponent(hash)));
  expect(dead.length === 0, `${name}: links lead nowhere: ${dead.slice(0, 5)}`);
  const [key] = [...figures.keys()].slice(-1);
  await page.goto(`${pathToFileURL(file)}#${key}`);
  await page.pdf({ path: join(folder, `${name}.pdf`), timeout: 0 });
  console.log(`${name}: ${figures.size} figures are under their keys; ${others.length} requests; printed`);
  await page.close();
}

/** What axe-core says, and screenshots, in one mode. */
async function tryMode(name, file, mode) {
  const page = await browser.newPage();
  await emulate(page, modes[mode]);
  for (const width of [320, 1280]) {
    await page.setViewport({ width, height: 900 });
    await page.goto(pathToFileURL(file), { timeout: 0 });
    const [wide, high] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]);
    const clip = { x: 0, y: 0, width, height: Math.min(high, 8000) };
    await page.screenshot({ path: join(folder, `${name}-${mode}-${width}.png`), clip });
    expect(wide <= width, `${name} ${mode}: it is ${wide} pixels wide where ${width} are there`);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(runAxe);
    const told = violations.map((of) => `${of.id}: ${of.nodes.length} times, as ${of.nodes[0].html.slice(0, 120)}`);
    expect(violations.length === 0, `${name} ${mode} ${width}: ${told.join("; ")}`);
    console.log(`${name} ${mode} ${width}: ${violations.length} violations, ${passes.length} rules passed`);
  }
  await page.close();
}

/** Runs in the page. */
function runAxe() {
  const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const options = { runOnly: { type: "tag", values }, resultTypes: ["violations"], rules: { "target-size": { enabled: true } } };
  return window.axe.run(document, options);
}

/** Puppeteer knows no forced colours, the protocol does. */
async function emulate(page, { features }) {
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", { features });
}

/** The figures of the newest release, by their keys. */
function readFigures(set) {
  const [header, ...rows] = parseCsv(readFileSync(join(set, "observations.csv"), "utf8"));
  const release = rows.map((row) => row[1]).sort().at(-1);
  const names = header.slice(2, header.indexOf("period"));
  const isPart = (name) => !/_(name|label|kind)$/.test(name) && name !== "unit";
  const parts = [...names.filter(isPart), "period"].map((name) => header.indexOf(name));
  const value = header.indexOf("value");
  const figures = rows.filter((row) => row[1] === release);
  return new Map(figures.map((row) => [parts.map((at) => row[at]).join("/").replaceAll(/\s+/g, "%20"), row[value]]));
}

/** CSV as the program writes it. */
function parseCsv(text) {
  const field = /("(?:[^"]|"")*"|[^,\n]*)(,|\n)/gy;
  const rows = [[]];
  for (const [, cell, end] of text.matchAll(field)) {
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

function expect(holds, failure) {
  if (!holds) failures.push(failure);
}
