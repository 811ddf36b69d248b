// A city, its server and a browser for one run; what went wrong is collected, not printed.
import { execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const require = createRequire(join(root, 'ui/package.json'));
export const { chromium } = require('playwright-core');
const axeSource = require('axe-core').source;

export const TOKEN = 'ui-walk-setup-token-0001';

/** A fresh example city with one published table. */
export function makeCity(program) {
  const folder = mkdtempSync(join(tmpdir(), 'fangding-ui-'));
  const city = join(folder, 'huanzhou.fangding');
  execFileSync(program, ['new', city, '--example', 'huanzhou'], { stdio: 'ignore' });
  execFileSync(program, ['publish', 'va_county_chain', '--at', '2024', '--city', city], { stdio: 'ignore' });
  return { folder, city, returns: join(folder, 'huanzhou-来表') };
}

/** Start the server and wait until it says its address. */
export function serve(program, city) {
  const child = spawn(program, ['serve', '--city', city, '--port', '0', '--setup-token', TOKEN, '--rate', '0']);
  return new Promise((done, fail) => {
    let text = '';
    const read = (chunk) => {
      text += chunk;
      const address = /https:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (address) done({ base: address[0], stop: () => child.kill('SIGTERM') });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => fail(new Error(`the server ended (${code}):\n${text}`)));
    setTimeout(() => fail(new Error(`no address within 20 s:\n${text}`)), 20_000).unref();
  });
}

export async function open() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });
}

/** A page that notes console errors, exceptions, refused policies and requests to anybody else. */
export async function watched(context, base) {
  const page = await context.newPage();
  const faults = [];
  // A request that is refused on purpose is logged by the browser as an error of the page.
  const expected = { on: false };
  page.on('console', (m) => {
    if (m.type() === 'error' && !(expected.on && /Failed to load resource/.test(m.text()))) faults.push(`${page.url()} console: ${m.text()}`);
  });
  page.on('pageerror', (e) => faults.push(`${page.url()} exception: ${e.message}`));
  page.on('request', (r) => {
    const url = r.url();
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) faults.push(`${page.url()} asks ${url}`);
  });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
  });
  return { page, faults, expected };
}

/** Serious and critical findings of axe on the present page, one line each. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return result.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes.length} × ${v.nodes[0].target.join(' ')} ${v.nodes[0].failureSummary.split('\n')[1] ?? ''}`);
  });
  return found.map((f) => `${page.url()} axe ${f}`);
}

export async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.loading, .stale'), null, { timeout: 20_000 });
}

export function folderFor(path) {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}

export function check(condition, what) {
  if (!condition) throw new Error(what);
  console.log(`ok    ${what}`);
}
