// What is listed by a master file and not built in has a page as well; and what one tab of a browser
// is told to look like, another one hears.

import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { excessWidth, findBarriers, openBrowser, openPage, PHONE, TRADING_PATH } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
/** Home looks at the table every ten seconds, the edge asks home once a minute. */
const KNOWN_WITHIN = { timeout: 90_000 }
const MASTER = join(import.meta.dirname, '../home/src/feeder/masters/samples/kospi_code.mst')
const LISTED = { path: '/symbol/KRX-STOCK-330590', name: '롯데리츠' }

let motu: MotuUnderTest
let browser: Browser
beforeAll(async () => {
  motu = await MotuUnderTest.start()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
})

it('shows what only a master file lists, though nobody quotes it', async () => {
  await motu.run('scripts/instruments.ts', 'load', '--source', 'krx', '--file', MASTER)
  for (const screen of [{}, PHONE]) {
    const { page, errors } = await openPage(browser, screen)
    const heading = page.getByRole('heading', { level: 1, name: LISTED.name })
    await expect
      .poll(async () => {
        await page.goto(motu.url + LISTED.path)
        return heading.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        )
      }, KNOWN_WITHIN)
      .toBe(true)
    await page.getByText('시세 없음').first().waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    expect(await excessWidth(page)).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  }
})

it('changes its colours in every tab at once', async () => {
  const { page, errors } = await openPage(browser)
  const other = await page.context().newPage()
  other.on('pageerror', (error) => errors.push(error.message))
  await other.goto(motu.url + TRADING_PATH)
  await other.getByRole('heading', { level: 1, name: '비트코인' }).waitFor(SHOWN_WITHIN)
  await page.goto(motu.url)
  const ink = () => other.evaluate(() => getComputedStyle(document.body).color)
  const light = await ink()
  await page.getByRole('button', { name: '내 메뉴 열기' }).click()
  await page.getByText('어둡게', { exact: true }).click()
  await expect.poll(ink, SHOWN_WITHIN).not.toBe(light)
  await page.getByText('English', { exact: true }).click()
  await other.getByRole('heading', { level: 1, name: 'Bitcoin' }).waitFor(SHOWN_WITHIN)
  expect(errors).toEqual([])
  await page.context().close()
})
