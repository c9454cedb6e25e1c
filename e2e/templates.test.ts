// An admin changes what Motu says of a whale, and the next whale is told so at the local Discord.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MessageServer } from '../home/test/notifier/message-server.ts'
import {
  buyAtMarket,
  findBarriers,
  openBrowser,
  openPage,
  signIn,
  signInAnywhere,
} from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const TOLD_WITHIN = { timeout: 30_000 }
const WEBHOOK = '/api/webhooks/1/alerts-secret'

let motu: MotuUnderTest
let browser: Browser
const discord = new MessageServer()
beforeAll(async () => {
  const origin = await discord.start()
  motu = await MotuUnderTest.start({
    env: {
      DISCORD_ALERTS_WEBHOOK_URL: origin + WEBHOOK,
      // The feed of a test is a replay: its whales are told nowhere else.
      MOTU_NOTIFY_SIMULATED: '1',
      WHALE_ALERT_THRESHOLD_KRW: '10000',
      WHALE_ALERT_COOL_DOWN_SECONDS: '0',
    },
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
  await discord.stop()
})

const area = (page: Page) => page.getByLabel('문구', { exact: true })
const shown = (page: Page, medium: 'discord' | 'telegram') =>
  page.locator(`[data-medium=${medium}]`).innerText()

it('a text is changed, previewed and saved, and the next whale is told with it', async () => {
  const { page, errors } = await openPage(browser)
  await signInAnywhere(page, motu.url, motu.signIn('admin'))
  await page.goto(`${motu.url}/admin/templates`)
  await area(page).waitFor(SHOWN_WITHIN)
  expect(await shown(page, 'discord')).toBe(
    '🐳 [고래] 모투왕님이 CRYPTO-COIN-BTC에 35,312,500 KRW 규모 매수 체결!',
  )

  await area(page).fill('**대박** {nobody} ')
  await page.getByText('메시지에 적힌 그대로 나가요: {nobody}').waitFor()
  await page.getByRole('button', { name: /^닉네임/ }).click()
  await page.keyboard.type('님 ')
  await page.getByRole('button', { name: /^체결 금액/ }).click()
  expect(await area(page).inputValue()).toBe('**대박** {nobody} {nickname}님 {notional:,}')
  expect(await shown(page, 'discord')).toBe('대박 {nobody} 모투왕님 35,312,500')
  expect(await page.locator('[data-medium=discord] strong').innerText()).toBe('대박')
  expect(await shown(page, 'telegram')).toBe('**대박** {nobody} 모투왕님 35,312,500')
  expect(await findBarriers(page)).toEqual([])

  // A stray click asks before it takes anything away.
  await page.getByRole('button', { name: '강제 청산' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '닫기' }).click()
  await page.getByRole('link', { name: '감사 기록' }).click()
  await page.getByRole('dialog', { name: '저장하지 않은 문구가 있어요' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: '저장하기' }).click()
  await page.getByText('문구를 저장했어요').waitFor(SHOWN_WITHIN)
  await page.getByText('버전 1').waitFor(SHOWN_WITHIN)

  const trader = await openPage(browser)
  await signIn(trader.page, motu.url, motu.signIn('demo'))
  await buyAtMarket(trader.page, '0.01')
  await expect.poll(() => discord.arrived.length, TOLD_WITHIN).toBe(1)
  const [whale] = discord.arrived
  expect(whale).toMatchObject({ path: WEBHOOK, body: { allowed_mentions: { parse: [] } } })
  expect(whale!.text).toMatch(/^\*\*대박\*\* \{nobody\} \S+님 \d{1,3}(,\d{3})+$/)
  await trader.page.context().close()

  await page.getByRole('button', { name: '기본 문구로 되돌리기' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '되돌리기' }).click()
  await page.getByText('기본 문구로 되돌렸어요').waitFor(SHOWN_WITHIN)
  expect(await area(page).inputValue()).toMatch(/^🐳 \[고래\]/)
  await page.getByRole('button', { name: '버전 1 불러오기' }).click()
  expect(await area(page).inputValue()).toBe('**대박** {nobody} {nickname}님 {notional:,}')
  await page.getByRole('button', { name: '수정 취소' }).click()
  expect(await area(page).inputValue()).toMatch(/^🐳 \[고래\]/)
  expect(errors.concat(trader.errors)).toEqual([])
  await page.context().close()
}, 120_000)
