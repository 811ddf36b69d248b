// The desk: tokens shown once, two versions of a definition side by side, a paper issued and asked
// later, a change that takes a second person.  Called by walk.mjs, signed in as the administrator.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axe, check, settled } from './harness.mjs';

/** A city's own wording of a shipped indicator: a second version. */
function redefine(program, city, folder) {
  const rows = JSON.parse(execFileSync(program, ['ding', 'history', 'sei_share', '--city', city, '--format', 'json'], { encoding: 'utf8' }));
  const table = rows.tables ? rows.tables[0] : rows;
  const row = table.rows[0];
  const text = Array.isArray(row) ? row[table.columns.findIndex((c) => c.id === 'text')] : row.text;
  const file = join(folder, 'ours.ding');
  writeFileSync(file, text.replace(/\n {2}说明 [^\n]*/, '\n  替代 sei_share\n  说明 本市:现价占比,变化用百分点'));
  execFileSync(program, ['define', file, '--city', city], { stdio: 'pipe' });
}

async function add(page, user, role, password) {
  await page.fill('.inline-form [name=user]', user);
  await page.fill('.inline-form [name=name]', user);
  await page.selectOption('.inline-form select', role);
  await page.fill('.inline-form [name=password]', password);
  await page.click('.inline-form button.main');
  await page.waitForSelector(`td >> text=${user}`);
}

async function tokens({ page, go, shots, findings }) {
  await go('/admin/tokens');
  await page.fill('[name=name]', '月度抽数');
  await page.fill('[name=days]', '30');
  await page.click('button.main');
  await page.waitForSelector('code.secret');
  const secret = await page.locator('code.secret').innerText();
  check(/^fd_[0-9a-f]{48}$/.test(secret), 'a token is shown');
  await page.screenshot({ path: `${shots}/desktop-token-made.png`, fullPage: true });
  findings.push(...(await axe(page)));
  await page.reload();
  await settled(page);
  await page.waitForSelector('td b >> text=月度抽数');
  check((await page.locator('code.secret').count()) === 0 && (await page.locator('td b >> text=月度抽数').count()) === 1, 'once: later it is listed without its secret');
  await page.locator('td button').first().click();
  await page.waitForFunction(() => !document.querySelector('td button'));
  check(true, 'and revoked');
}

async function versions({ page, go, shots, findings }) {
  await go('/admin/definitions?id=sei_share');
  await page.waitForSelector('.diff .in');
  const out = await page.locator('.diff .out code').allInnerTexts();
  const put = await page.locator('.diff .in code').allInnerTexts();
  check(out.some((l) => l.includes('M9')) && put.some((l) => l.includes('替代 sei_share')), `two versions, line by line: − ${out.length} + ${put.length}`);
  await page.screenshot({ path: `${shots}/desktop-definition-diff.png`, fullPage: true });
  findings.push(...(await axe(page)));
}

async function issued({ page, go, folder, shots, findings }) {
  await go('/papers?paper=promises');
  await page.click('form button.main');
  await page.waitForSelector('.import-result a[download]', { timeout: 60_000 });
  const [draft] = await Promise.all([page.waitForEvent('download'), page.click('.import-result a[download]')]);
  const file = join(folder, '承诺摘录.docx');
  await draft.saveAs(file);
  await go('/papers');
  await page.setInputFiles('[name=file][accept=".docx"] >> nth=-1', file);
  await page.fill('[name=number]', '洹发改〔2025〕3号');
  await page.click('button:text-is("签发")');
  await page.waitForSelector('.issued', { timeout: 60_000 });
  await page.click('button:has-text("签发后哪些数变了")');
  await page.waitForFunction(() => /没有变|核对/.test(document.querySelector('.issued')?.textContent ?? ''), null, { timeout: 60_000 });
  const said = await page.locator('.issued').first().innerText();
  check(said.includes('洹发改〔2025〕3号') && /SHA-256/.test(said), `issued and kept: ${said.split('\n')[0]}`);
  const [kept] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.locator('.issued button').first().click()]);
  check(readFileSync(await kept.path()).equals(readFileSync(file)), 'downloaded again byte by byte');
  await page.screenshot({ path: `${shots}/desktop-papers-issued.png`, fullPage: true });
  findings.push(...(await axe(page)));
}

async function fourEyes({ page, go, as, shots, findings }) {
  await as('li');
  await go('/data?tab=published');
  await page.selectOption('.publish select', 'va_county_chain');
  await page.fill('.publish [name=at]', '2023');
  await page.click('.publish >> text=发布…');
  check((await page.locator('.publish-ask').innerText()).includes('2023年'), 'what will be published is said before');
  await page.screenshot({ path: `${shots}/desktop-publish.png`, fullPage: true });
  findings.push(...(await axe(page)));
  await page.click('.publish-ask button.main');
  await page.waitForSelector('.publish [role=status]', { timeout: 60_000 });
  check(/等第二人确认/.test(await page.locator('.publish [role=status]').innerText()), 'publishing waits for a second person');
  await go('/proposals');
  check((await page.locator('button >> text=撤回').count()) === 1 && (await page.locator('button >> text=确认并执行').count()) === 0, 'who asked may only withdraw');
  await as('zhao');
  await go('/proposals');
  await page.screenshot({ path: `${shots}/desktop-proposals.png`, fullPage: true });
  findings.push(...(await axe(page)));
  await page.fill('.issued input', '数已核对');
  await page.click('button >> text=确认并执行');
  await page.waitForFunction(() => /已确认/.test(document.querySelector('main')?.textContent ?? ''), null, { timeout: 60_000 });
  check(/li[\s\S]*zhao/.test(await page.locator('main').innerText()), 'the second confirms, both names stand there');
}

async function workbook({ page, go }) {
  await go('/counties?tab=ranking');
  const [book] = await Promise.all([page.waitForEvent('download'), page.locator('a >> text=下载 XLSX').first().click()]);
  check(readFileSync(await book.path()).subarray(0, 2).toString() === 'PK', 'a table leaves as a workbook');
}

/* A chart leaves as a drawing and as a picture, which is made from the drawing: it is well-formed; names are found by their first letters and by code. */
async function pictures({ page, go }) {
  await go('/indicators/sei_share');
  await page.waitForSelector('.chart svg');
  const save = async (words) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`main button >> text=${words}`).first().click()]);
    return readFileSync(await file.path());
  };
  const svg = (await save('图 SVG')).toString('utf8'), png = await save('图 PNG');
  check(svg.includes('<svg') && /2018|2024/.test(svg), `a chart leaves as a drawing: ${svg.length} bytes`);
  check(png.subarray(1, 4).toString() === 'PNG' && png.length > 5000, `a chart leaves as a picture: ${png.length} bytes`);
  await go('/enterprises?q=hxgt');
  const link = page.locator('main a >> text=洹西钢铁').first();
  check((await link.count()) === 1, 'a firm is found by the first letters of its name');
  const code = decodeURIComponent((await link.getAttribute('href')).split('/').pop());
  await go(`/enterprises?q=${code}`);
  check((await page.locator('main a >> text=洹西钢铁').count()) >= 1, `a firm is found by its code: ${code}`);
}

/** `as` signs in as somebody else. */
export async function desk(tools) {
  const { page, go, program, city, folder, password, as } = tools;
  redefine(program, city, folder);
  await go('/admin/users');
  await add(page, 'li', 'industry', password);
  await add(page, 'zhao', 'statistics', password);
  await tokens(tools);
  await versions(tools);
  await workbook(tools);
  await pictures(tools);
  await fourEyes(tools);
  await as('li');
  await issued(tools);
  await as('wang');
}
