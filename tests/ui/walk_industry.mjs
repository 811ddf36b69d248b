// Through leg 1: node → enterprises → enterprise by click and by key, the saved drawing, a project
// put off, gates, filters that stay in the address, and what a viewer is not shown.
import { readFileSync } from 'node:fs';
import { check, settled } from './harness.mjs';

export async function industryWalk({ page, go, text }) {
  await go('/chains?tab=four');
  if ((await page.locator('.heat').count()) === 1)
    check((await page.locator('.heat-cell.unknown').count()) > 0 && (await page.locator('.heat-cell.no').count()) > 0, 'four chains tell unknown from none');
  await go('/chains');
  await page.click('td >> text=无人机');
  await settled(page);
  check((await page.locator('.map-node').count()) === 12, 'the map of a chain has its nodes');
  check((await page.locator('.map-node.red rect').first().evaluate((e) => getComputedStyle(e).strokeDasharray)) !== 'none', 'a gap stands in dashes');
  await page.locator('.map-node').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-code'));
  await page.keyboard.press('Enter');
  await settled(page);
  check(Boolean(focused) && page.url().endsWith(`node=${focused}`), `arrow keys and Enter open a node: ${focused}`);
  await go('/chains/uav?node=fc');
  check(/堵点/.test(await text('#node')), 'a node says why it is yellow');
  const saved = page.waitForEvent('download');
  await page.click('.chain-map >> text=图 SVG');
  const svg = readFileSync(await (await saved).path(), 'utf8');
  check(svg.includes('<svg') && svg.includes('飞控') && svg.includes('示例') && !/var\(|class=|href=/.test(svg), `the drawing is saved by itself: ${svg.length} bytes`);
  await page.click('.card:has-text("环节里的企业") td >> a');
  await settled(page);
  check(page.url().includes('/enterprises/'), 'node → enterprise');
  await page.goBack();
  await settled(page);
  check(page.url().includes('node=fc'), 'and back to the node');

  await go('/chains/E2?tab=scale');
  const before = await text('.verdict');
  await page.locator('td select').last().selectOption('24');
  await page.waitForFunction((old) => document.querySelector('.verdict')?.textContent !== old, before);
  await settled(page);
  const after = await text('.verdict');
  check(before !== after && page.url().includes('slip='), `one project put off moves the date: ${before.slice(-12)} → ${after.slice(-12)}`);

  await go('/chains/E2?tab=pack');
  check((await page.locator('.pack-part').count()) === 12, 'six maps and six lists');
  await go('/chains/uav?tab=pack');
  check((await page.locator('.pack-part >> text=尚无').count()) > 0, 'what is lacking is said');

  await go('/projects');
  await page.selectOption('.pick:has-text("阶段") select', '投产');
  await settled(page);
  await page.reload();
  await settled(page);
  check(page.url().includes('stage=') && (await page.locator('tbody tr').count()) > 0, 'a filter is in the address');
  await go('/projects/HZ2023001');
  check((await page.locator('.gate-step').count()) === 7, 'seven gates');
  check(/投产[\s\S]*达效/.test(await text('.gates')), 'producing and effective are two gates');
  await go('/parks');
  check(/滑台装备产业园[\s\S]*缺报/.test(await text('tbody')), 'a park without figures is missing, not zero');
  await page.click('tbody >> text=鼎南无人机产业园');
  await settled(page);
  check((await page.locator('.card:has-text("上面的数由这些行来") tbody tr').count()) === 7, 'a park shows its parcels');
  check(/HZ2023013|鼎南无人机/.test(await text('.card:has-text("谁可能入规")')), 'and who may come above scale');
}

/** A viewer sees the map, no enterprise and no project. */
export async function industryDenied({ page, go }) {
  await go('/chains/uav?node=fc');
  check((await page.locator('.map-node').count()) === 12, 'a viewer sees the map');
  check((await page.locator('.state.denied').count()) >= 2, 'and no enterprise of a node');
  await go('/projects');
  check((await page.locator('.state.denied').count()) === 1, 'projects are closed to a viewer');
}
