// The walk: set-up, every page, down to the source cell, a slider, an upload with a bad row, the
// other language, a forbidden page, a phone.  node tests/ui/walk.mjs PROGRAM [FOLDER FOR PICTURES]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axe, check, folderFor, makeCity, open, serve, settled, TOKEN, watched } from './harness.mjs';
import { desk } from './desk.mjs';
import { pages } from './pages.mjs';
import { industryDenied, industryWalk } from './walk_industry.mjs';
import { plan } from './plan.mjs';

const [program, pictures = 'build/ui-pictures'] = process.argv.slice(2);
if (!program) throw new Error('usage: node tests/ui/walk.mjs PROGRAM [FOLDER]');
const password = 'ding-zai-anyang-2024';
const shots = folderFor(pictures);
const { folder, city, returns } = makeCity(program);
const server = await serve(program, city);
const browser = await open();
const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1366, height: 768 }, locale: 'zh-CN', acceptDownloads: true });
const { page, faults, expected } = await watched(context, server.base);
const findings = [];
const go = async (path) => {
  await page.goto(server.base + path);
  await settled(page);
};
const text = (selector) => page.locator(selector).first().innerText();

/** A dispatch return as it really arrives: GBK, one row broken. */
function brokenReturn() {
  const source = join(returns, '月报/2024-08/重点企业调度表_滑台县.csv');
  const lines = new TextDecoder('gb18030').decode(readFileSync(source)).split(/\r?\n/);
  const at = lines.findIndex((l) => /^\d|^[^,]*,9199/.test(l));
  lines[at] = lines[at].replace(/(\d+\.\d+)/, '不是数');
  const utf8 = join(folder, 'utf8.csv');
  writeFileSync(utf8, lines.join('\r\n'));
  mkdirSync(join(folder, '报送'), { recursive: true });
  const gbk = join(folder, '报送/重点企业调度表_滑台县.csv');
  writeFileSync(gbk, execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030', utf8]));
  return gbk;
}

async function setUp() {
  await go('/');
  check((await text('.gate')).includes('本系统不得处理国家秘密'), 'set-up says what the system must not hold');
  findings.push(...(await axe(page)));
  await page.screenshot({ path: `${shots}/desktop-set-up.png` });
  await page.fill('[name=token]', TOKEN);
  await page.fill('[name=name]', '王敏');
  await page.fill('[name=user]', 'wang');
  await page.fill('[name=password]', password);
  await page.click('button.main');
  await page.waitForSelector('.tiles');
  check((await page.locator('.tile').count()) === 9, 'set-up ends on the first page with nine tiles');
}

async function signIn(user, word = password) {
  await page.waitForSelector('.gate');
  await page.fill('.gate [name=user]', user);
  await page.fill('.gate [name=password]', word);
  await page.click('.gate button.main');
}

async function signOutAndIn() {
  await page.click('[aria-label="退出"]');
  await page.waitForSelector('.gate');
  await page.screenshot({ path: `${shots}/desktop-sign-in.png` });
  findings.push(...(await axe(page)));
  expected.on = true;
  await signIn('wang', 'wrong-wrong-wrong');
  await page.waitForSelector('.wrong');
  check((await text('.wrong')).length > 0, 'a wrong password is said');
  expected.on = false;
  await signIn('wang');
  await page.waitForSelector('.tiles');
  check(true, 'signed in');
}

/** City → why → county → enterprise → cell, by clicks; back and reload keep the view. */
async function drill() {
  await go('/indicators/dispatch_revenue_total?tab=why&county=990506');
  await page.click('text=全部展开');
  const cell = page.locator('.why-cell').first();
  const shown = await cell.innerText();
  await cell.click();
  await settled(page);
  await page.waitForSelector('.the-cell');
  check(shown.includes((await text('.sheet thead th')).trim()) || shown.includes('重点企业调度表'), `drilled to the source cell: ${shown}`);
  // The county's name comes with an answer of its own.
  await page.locator('.crumbs', { hasText: '汤源县' }).waitFor({ timeout: 30_000 }).catch(() => {});
  const crumbs = await text('.crumbs');
  check(/全市[\s\S]*汤源县[\s\S]*示例/.test(crumbs), `breadcrumbs lead back: ${crumbs.replaceAll('\n', ' › ')}`);
  const value = await text('.the-cell');
  await page.reload();
  await settled(page);
  check((await text('.the-cell')) === value, 'the cell survives a reload');
  await page.goBack();
  await settled(page);
  check(page.url().includes('/indicators/dispatch_revenue_total'), 'back returns to the tree');
  await go('/');
  await page.locator('.tile').nth(1).getByText('为什么').click();
  await settled(page);
  check((await page.locator('.why-tree').count()) === 1, 'a tile is one click from its why');
}

async function slider() {
  await go('/targets/emerging_30');
  const before = await text('.answers .big');
  await page.locator('input[type=range]').first().fill('6');
  await page.waitForFunction((old) => document.querySelector('.answers .big')?.textContent !== old, before);
  await settled(page);
  const after = await text('.answers .big');
  check(before === '35.7' && after === '37.0', `the slider answers: 5 % asks ${before} %, 6 % asks ${after} %`);
  await page.reload();
  await settled(page);
  check((await text('.answers .big')) === '37.0', 'the scenario is in the address');
}

async function upload() {
  await go('/data?tab=upload');
  await page.fill('.pick input', '2024-08');
  await page.setInputFiles('input[type=file]', brokenReturn());
  await page.waitForSelector('.import-result', { timeout: 60_000 });
  const preview = await text('.import-result');
  check(/只是预览/.test(preview) && /退 [1-9]/.test(preview), `preview of a GBK file shows the refused row: ${preview.split('\n')[0]}`);
  await page.screenshot({ path: `${shots}/desktop-upload-preview.png`, fullPage: true });
  findings.push(...(await axe(page)));
  await page.click('button.main');
  await page.waitForFunction(() => document.querySelector('.import-result')?.textContent?.includes('已写入'), null, { timeout: 60_000 });
  check(true, 'written after the preview');
}

async function everyPage() {
  for (const [name, path] of Object.entries(pages)) {
    await go(path);
    await page.screenshot({ path: `${shots}/desktop-${name}.png`, fullPage: true });
    findings.push(...(await axe(page)));
    const failed = await page.locator('.state.error').count();
    if (failed) findings.push(`${path} shows an error: ${await text('.state.error')}`);
  }
  check(findings.length === 0, `${Object.keys(pages).length} pages without error and without serious finding${findings.map((f) => `\n      ${f}`).join('')}`);
  await page.emulateMedia({ media: 'print' });
  for (const [name, path] of Object.entries(pages)) {
    await go(path);
    await page.screenshot({ path: `${shots}/print-${name}.png`, fullPage: true });
  }
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  for (const [name, path] of Object.entries(pages)) {
    await go(path);
    await page.screenshot({ path: `${shots}/dark-${name}.png`, fullPage: true });
    findings.push(...(await axe(page)));
  }
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  check(findings.length === 0, `the dark pages too${findings.map((f) => `\n      ${f}`).join('')}`);
}

async function language() {
  await go('/matrix');
  await page.click('text=English');
  await page.waitForSelector('.nav >> text=Counties');
  check((await text('h1')) === 'Matrix', 'the switch makes the page English');
  await page.screenshot({ path: `${shots}/desktop-english.png`, fullPage: true });
  await page.reload();
  await settled(page);
  check((await text('h1')) === 'Matrix', 'and it stays so');
  await page.click('text=中文');
  await page.waitForSelector('.nav >> text=县区');
}

async function forbidden() {
  await go('/admin/users');
  await page.fill('.inline-form [name=user]', 'guest');
  await page.fill('.inline-form [name=name]', '来宾');
  await page.fill('.inline-form [name=password]', password);
  await page.click('.inline-form button.main');
  await page.waitForSelector('td >> text=guest');
  check(true, 'the administrator adds a user');
  await page.click('[aria-label="退出"]');
  expected.on = true;
  await signIn('guest');
  await page.waitForSelector('.denied');
  await go('/');
  check((await page.locator('.tile').count()) === 9, 'a viewer has the first page too');
  check(!/都报齐了|没有停产/.test(await text('main')), 'what a viewer may not see is not said to be nothing');
  await page.screenshot({ path: `${shots}/desktop-home-viewer.png`, fullPage: true });
  await go('/admin/users');
  check((await page.locator('.state.denied').count()) === 1, 'administration is closed to a viewer');
  await page.screenshot({ path: `${shots}/desktop-denied.png` });
  await go('/matrix?tab=projects');
  check((await page.locator('.state.denied').count()) === 1, 'so is the ledger of projects');
  await industryDenied({ page, go });
  findings.push(...(await axe(page)));
  await page.click('[aria-label="退出"]');
  await signIn('wang');
  await page.waitForSelector('.denied, .datatable, .page');
  expected.on = false;
}

/** Somebody else sits down. */
async function as(user) {
  await page.click('[aria-label="退出"]');
  await signIn(user);
  await page.waitForSelector('.nav');
}

async function phone() {
  await page.setViewportSize({ width: 360, height: 740 });
  const wide = [];
  for (const [name, path] of Object.entries(pages)) {
    await go(path);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) wide.push(`${path} is ${width} wide`);
    await page.screenshot({ path: `${shots}/phone-${name}.png`, fullPage: true });
  }
  check(wide.length === 0, `no page scrolls sideways at 360 px ${wide.join(', ')}`);
  await go('/');
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  check(height < 3500, `the first page is ${height} px long on a phone`);
  await page.locator('.chain-line summary').first().click();
  check(await page.locator('.chain-line .cell-card').first().isVisible(), 'a line of a chain opens its lead cells');
  await page.locator('#changes .list-rest button').click();
  check((await page.locator('#changes .list li').count()) > 14, 'and a short list opens to all of its rows');
  await page.click('[aria-label="菜单"]');
  await page.click('.nav >> text=目标');
  await page.waitForSelector('.target-cards');
  check(true, 'the menu works on a phone');
}

let failure = null;
try {
  await setUp();
  await signOutAndIn();
  await drill();
  await slider();
  await industryWalk({ page, go, text });
  await upload();
  await plan(page, server.base, shots, findings);
  await language();
  await desk({ page, go, shots, findings, program, city, folder, password, as });
  await everyPage();
  await forbidden();
  await phone();
  check(findings.length === 0, `axe has no serious finding${findings.map((f) => `\n      ${f}`).join('')}`);
  check(faults.length === 0, `no console error, no CSP violation, no foreign request${faults.map((f) => `\n      ${f}`).join('')}`);
} catch (error) {
  failure = error;
  await page.screenshot({ path: `${shots}/failed.png`, fullPage: true }).catch(() => undefined);
}
await browser.close();
server.stop();
rmSync(folder, { recursive: true, force: true });
if (failure) {
  console.error(`FAIL  ${failure.message}`);
  for (const f of faults) console.error(`      ${f}`);
  process.exit(1);
}
process.exit(0);
