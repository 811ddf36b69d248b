// The plan in the browser: a slider, a late project, the whole programme as a job, a scenario saved,
// compared and deleted; pictures of the programme on a desktop, in print, dark, and on a phone.
import { axe, check } from './harness.mjs';

/** As the harness has it, with the patience that a dozen linear programs on a busy machine ask for. */
async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('.loading, .stale'), null, { timeout: 120_000 });
}

export async function plan(page, base, shots, findings) {
  const go = async (path) => {
    await page.goto(base + path);
    await settled(page);
  };
  const text = (selector) => page.locator(selector).first().innerText();
  const changed = (selector, old) => page.waitForFunction(([s, o]) => (document.querySelector(s)?.textContent ?? '') !== o, [selector, old], { timeout: 120_000 });

  await go('/plan');
  check(/2027年 30.0%:做不到/.test(await text('.plan-verdict')) && /线性松弛/.test(await text('.plan-verdict')), `the plan answers in words first: ${(await text('.plan-verdict')).replaceAll('\n', ' ')}`);
  const before = await text('[data-largest]');
  const started = Date.now();
  await page.locator('.slider', { hasText: '年度投资能力' }).locator('input').fill('150');
  await changed('[data-largest]', before);
  const first = Date.now() - started;
  const more = await text('[data-largest]');
  const again = Date.now();
  await page.locator('.slider', { hasText: '年度投资能力' }).locator('input').fill('130');
  await changed('[data-largest]', more);
  check(Number(more) > Number(before), `more investment, a larger share: ${before} → ${more} (${first} ms, then ${Date.now() - again} ms in the browser)`);
  await page.reload();
  await settled(page);
  check(page.url().includes('finance') && (await text('[data-largest]')) !== before, 'the scenario survives a reload');

  await go('/plan');
  const date = await text('[data-date]');
  await page.selectOption('[name=slip-project]', 'HZ2023040');
  await page.locator('.slider', { hasText: '推迟' }).locator('input').fill('24');
  await page.waitForFunction(() => /推后/.test(document.querySelector('[data-moved]')?.textContent ?? ''), null, { timeout: 120_000 });
  check(true, `one project 24 months late: ${date} → ${await text('[data-date]')}; ${await text('[data-moved]')}`);
  await settled(page);
  await page.screenshot({ path: `${shots}/desktop-plan-late.png`, fullPage: true });
  findings.push(...(await axe(page)));

  await go('/plan');
  await page.click('#programme button.main');
  await page.waitForSelector('.plan-progress');
  check((await page.locator('.plan-progress progress').count()) === 1, 'the job shows how far it is');
  await page.waitForSelector('[data-plan-full]', { timeout: 420_000 });
  await settled(page);
  check((await text('.plan-said')).includes('达不到'), `the whole answer in words: ${await text('.plan-said')}`);
  check((await page.locator('.policy-set li').count()) >= 2, 'policies that contradict each other are named');
  check((await page.locator('#gantt .lane').count()) > 5, 'the programme has lanes');
  const points = await page.locator('#bridge tbody tr td:last-child').allInnerTexts();
  check(points.length > 5, `the bridge has ${points.length} lines`);
  await page.waitForFunction(() => document.querySelectorAll('.chart svg').length >= 2);
  await page.locator('#proof summary').click();
  check((await page.locator('#proof tbody tr').count()) === 3, 'the certificate is behind a click');
  findings.push(...(await axe(page)));
  await page.screenshot({ path: `${shots}/desktop-plan-programme.png`, fullPage: true });
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: `${shots}/print-plan-programme.png`, fullPage: true });
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  await page.waitForTimeout(300);
  findings.push(...(await axe(page)));
  await page.screenshot({ path: `${shots}/dark-plan-programme.png`, fullPage: true });
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  await page.waitForTimeout(300);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  check(width <= 360, `the programme fits a phone (${width} px)`);
  await page.screenshot({ path: `${shots}/phone-plan-programme.png`, fullPage: true });
  await page.setViewportSize({ width: 1366, height: 768 });
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('[data-plan-full] a[download]').first().click()]);
  check(file.suggestedFilename().endsWith('.xlsx'), `the workbook: ${file.suggestedFilename()}`);

  await go('/plan?set=finance%3D120');
  await page.fill('#saved [name=name]', '投资一百二');
  await page.fill('#saved [name=note]', '示例');
  await page.click('#saved button.main');
  await page.waitForSelector('.scenario-list >> text=投资一百二');
  await go('/plan');
  await page.fill('#saved [name=name]', '从文件来');
  await page.setInputFiles('#saved [name=file]', { name: '情景.csv', mimeType: 'text/csv', buffer: Buffer.from('limit,scope,year,value\nenergy,*,*,104\nslip,HZ2023040,,6\n') });
  await page.click('#saved button.main');
  await page.waitForSelector('.scenario-list >> text=从文件来');
  check(true, 'one scenario saved from the sliders, one from a file');
  for (const box of await page.locator('.scenario-pick input').all()) await box.check();
  await page.waitForSelector('[data-compared] table');
  await settled(page);
  check(/年度投资能力/.test(await text('[data-compared]')), 'side by side: what differs');
  findings.push(...(await axe(page)));
  await page.screenshot({ path: `${shots}/desktop-plan-compare.png`, fullPage: true });
  page.once('dialog', (d) => d.accept());
  await page.click('[aria-label="删除 从文件来"]');
  await page.waitForFunction(() => !document.querySelector('.scenario-list')?.textContent?.includes('从文件来'));
  check(true, 'its author deletes a scenario');
}
