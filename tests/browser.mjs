// Opens a page in headless Chromium, uses it as a reader would, and prints what came of that as JSON.
// Usage: node browser.mjs PACKAGES PAGE [FOLDER FOR SCREENSHOTS]; CHROMIUM names a browser of the machine.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, file, pictures] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const load = async (name) => (await import(pathToFileURL(require.resolve(name)))).default;
const puppeteer = await load("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(file).href;

const launch = async () => {
  const plain = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"];
  if (process.env.CHROMIUM) {
    return puppeteer.launch({ executablePath: process.env.CHROMIUM, args: plain, headless: true });
  }
  const brought = await load("@sparticuz/chromium");
  const own = [...plain, "--single-process", "--no-zygote"];
  return puppeteer.launch({ executablePath: await brought.executablePath(), args: own, headless: "shell" });
};

const browser = await launch();
const said = [];
const asked = new Set();

const open = async ({ script = true, scheme = "light", width = 1280, hash = "" } = {}) => {
  const page = await browser.newPage();
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.message}`));
  page.on("request", (request) => asked.add(request.url().split(/[,#]/)[0]));
  await page.setJavaScriptEnabled(script);
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.setViewport({ width, height: 900, isMobile: width < 500 });
  await page.goto(address + hash);
  await page.bringToFront();
  return page;
};
const shoot = async (page, name) => pictures && page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
const shown = (page) => page.$$eval("article", (all) => all.filter((each) => each.checkVisibility()).length);
const focused = (page) => page.evaluate(() => {
  const each = document.activeElement;
  return each === document.body ? "" : each.id || each.getAttribute("href") || each.textContent.trim();
});
const faults = async (page) => {
  await page.evaluate(`${axe};0`);
  const found = await page.evaluate(() => axe.run());
  return found.violations.map((each) => `${each.id}: ${each.nodes[0].html.slice(0, 200)}`);
};
const pause = (page) => page.evaluate(() => new Promise((done) => { setTimeout(done, 200); }));
const type = async (page, where, text) => { await page.focus(where); await page.keyboard.type(text); await pause(page); };
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const result = {};

{
  const page = await open({ script: false });
  result.plain = {
    text: await page.$eval("body", (body) => body.textContent),
    filter: await page.$$eval("#filter, #theme", (all) => all.filter((each) => each.checkVisibility()).length),
    articles: await page.$$eval("article", (all) => all.length),
    shown: await shown(page),
  };
  await page.close();
}

for (const scheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const page = await open({ scheme, width });
    await page.$$eval("details", (all) => all.forEach((each) => { each.open = true; }));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    result[`${scheme} ${width}`] = { faults: await faults(page), wide, background: await background(page) };
    await shoot(page, `${scheme}-${width}`);
    await page.close();
  }
}

{
  const page = await open();
  const order = await page.$$eval("a[href], button, input, select, summary", (all) => all
    .filter((each) => each.checkVisibility())
    .map((each) => each.id || each.getAttribute("href") || each.textContent.trim()));
  const visited = [];
  let outlined = "";
  for (let place = 0; place <= order.length; place += 1) {
    await page.keyboard.press("Tab");
    visited.push(await focused(page));
    outlined ||= await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  }
  result.keys = { order, visited, outlined };
  await page.close();
}

if (await (async () => { const page = await open(); const has = await page.$("#filter"); await page.close(); return has; })()) {
  const page = await open();
  const count = () => page.$eval("#count", (each) => each.textContent);
  const filter = { all: [await count(), await shown(page)] };
  const rule = await page.$eval("article", (each) => each.dataset.rule);
  const family = await page.$eval("article", (each) => each.dataset.family);
  await page.keyboard.press("/");
  filter.slash = await focused(page);
  await type(page, "#q", rule.toUpperCase());
  filter.words = [rule, await count(), await page.$$eval("article:not([hidden])", (all) => all.map((each) => each.dataset.rule))];
  await page.keyboard.press("Escape");
  filter.escaped = await focused(page);
  await page.click("button[type=reset]");
  await pause(page);
  filter.cleared = await count();
  await page.select("#family", family);
  await pause(page);
  filter.family = [family, await page.$$eval("article:not([hidden])", (all) => all.map((each) => each.dataset.family))];
  await page.click("button[type=reset]");
  await page.click("fieldset input[value=error]");
  await pause(page);
  filter.level = await page.$$eval("article.error:not([hidden])", (all) => all.length);
  await page.click("button[type=reset]");
  await type(page, "#file", "no/such/file");
  filter.none = [await count(), await shown(page)];
  await page.click("button[type=reset]");
  await pause(page);

  const cell = await page.$(".grid td a");
  const expected = await cell.evaluate((each) => [Number(each.textContent.replace(",", "")), each.hash.slice(1)]);
  await cell.click();
  await pause(page);
  filter.cell = [expected[0], await page.$$eval("article:not([hidden])", (all) => all.length), expected[1],
    await page.evaluate((id) => document.getElementById(id).checkVisibility(), expected[1])];
  await page.click("button[type=reset]");
  await page.focus(".grid th a");
  await page.keyboard.press("ArrowRight");
  filter.arrow = await page.evaluate(() => document.activeElement.closest("td") !== null);
  await page.focus("article .here");
  const first = await focused(page);
  await page.keyboard.press("j");
  const second = await focused(page);
  await page.keyboard.press("k");
  filter.steps = [first, second, await focused(page)];
  result.filter = filter;
  const before = await background(page);
  await page.click("#theme");
  result.theme = [before, await background(page)];
  await page.close();

  const linked = await open({ hash: `#${expected[1]}` });
  await pause(linked);
  result.linked = await linked.evaluate((id) => document.getElementById(id).checkVisibility(), expected[1]);
  await linked.close();
}

result.said = said;
result.asked = [...asked];
await browser.close();
process.stdout.write(JSON.stringify(result));
