// What one does between orders: finds an instrument, keeps it in sight, waits for a price; and what
// an admin tells everyone of a market.

import { type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers, openBrowser, openPage, PHONE, signInAnywhere } from './browser.ts'
import { callApi } from './client.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const DAY_MS = 86_400_000
/** More than the price of bitcoin moves while a form is filled in, less than in half a minute. */
const JUST_BEYOND_KRW = 20_000

let motu: MotuUnderTest
let browser: Browser
beforeAll(async () => {
  // With the hours of the real markets: a holiday is one.
  motu = await MotuUnderTest.start({ env: { MOTU_ALWAYS_OPEN: '0' } })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
})

async function register(page: Page, username: string): Promise<void> {
  await page.goto(`${motu.url}/register`)
  await page.getByLabel('아이디').fill(username)
  await page.getByLabel('닉네임').fill(username)
  await page.getByLabel('비밀번호').fill('a-long-password')
  await page.getByRole('button', { name: '가입하고 시작하기' }).click()
  await page.waitForURL(({ pathname }) => pathname === '/')
}

const watchPanel = (page: Page) => page.getByRole('region', { name: '관심종목' })

describe('someone who just registered', () => {
  it('finds bitcoin by its first consonants, stars it, and finds it on his dashboard', async () => {
    const { page, errors } = await openPage(browser)
    await register(page, 'watcher')
    await page.getByRole('heading', { name: '실시간 순위' }).waitFor(SHOWN_WITHIN)
    await page.keyboard.press('/')
    const search = page.getByRole('dialog', { name: '종목 검색' })
    await search.getByRole('combobox').fill('ㅂㅌㅋㅇ')
    await search.getByRole('option', { name: /비트코인/ }).waitFor()
    await expect.poll(() => search.getByRole('option').count()).toBe(1)
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Enter')
    await page.waitForURL(({ pathname }) => pathname === '/symbol/CRYPTO-COIN-BTC')

    await page.goto(motu.url)
    await watchPanel(page)
      .getByRole('link', { name: /비트코인/ })
      .waitFor(SHOWN_WITHIN)
    await page.reload()
    await watchPanel(page)
      .getByRole('link', { name: /비트코인/ })
      .waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('brings along what he starred as a visitor, and orders it by the keyboard', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(motu.url)
    await page
      .getByRole('heading', { name: '시세는 진짜처럼, 돈은 가상으로' })
      .waitFor(SHOWN_WITHIN)
    for (const name of ['비트코인', '이더리움']) {
      await page
        .getByRole('button', { name: '종목 검색' })
        .or(page.getByText('종목명·코드·초성 검색'))
        .first()
        .click()
      const search = page.getByRole('dialog', { name: '종목 검색' })
      await search.getByRole('combobox').fill(name)
      await search.getByRole('option', { name }).waitFor()
      await page.keyboard.press('Shift+Enter')
      await search.getByRole('button', { name: '닫기' }).click()
    }
    await watchPanel(page).getByText('로그인하면 다른 기기에서도').waitFor(SHOWN_WITHIN)
    await register(page, 'visitor')
    const links = watchPanel(page).getByRole('tabpanel').getByRole('list').first().getByRole('link')
    await expect.poll(() => links.count(), SHOWN_WITHIN).toBe(2)

    await watchPanel(page).getByRole('button', { name: '편집' }).click()
    await watchPanel(page)
      .getByRole('button', { name: /^이더리움 순서 바꾸기/ })
      .press('ArrowUp')
    await page.getByText('이더리움, 1번째로 옮겼어요').waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    await page.reload()
    await expect.poll(() => links.first().innerText(), SHOWN_WITHIN).toContain('이더리움')
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('is told when the price gets where he waits for it', async () => {
    const { page, errors } = await openPage(browser)
    await register(page, 'waiter')
    await page.goto(`${motu.url}/alerts`)
    await page.getByRole('button', { name: '알림 만들기' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('종목을 골라 주세요').fill('ㅂㅌㅋㅇ')
    await dialog.getByRole('button', { name: /비트코인/ }).click()
    // Far below the price of now: refused before it is sent, in words.
    await dialog.getByLabel('알림 가격 (KRW)').fill('1')
    await dialog.getByText(/현재가가 이미 1(\.0+)?원 이상이에요/).waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: '닫기' }).click()

    // Just above and just below the price, which moves: one of them is reached soon, maybe while the
    // other is still being made.
    const toast = page
      .getByText(/비트코인 [\d,]+원에 닿았어요/)
      .first()
      .waitFor({ timeout: 70_000 })
    await waitForBitcoin(page, '이상', JUST_BEYOND_KRW)
    await waitForBitcoin(page, '이하', -JUST_BEYOND_KRW)
    await toast
    const told = page.getByRole('region', { name: '지난 알림' }).getByRole('listitem')
    await told.filter({ hasText: '비트코인' }).first().waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  }, 100_000)
})

/** Sets an alert at so many won from the price of this moment. */
async function waitForBitcoin(page: Page, condition: string, awayKrw: number): Promise<void> {
  await page.getByRole('button', { name: '알림 만들기' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('종목을 골라 주세요').fill('비트코인')
  await dialog.getByRole('button', { name: /비트코인/ }).click()
  await dialog.getByText(condition, { exact: true }).click()
  const path = '/api/v1/market/quotes?tickers=CRYPTO-COIN-BTC'
  const answer = await callApi<{ quotes: { price: string }[] }>(motu, null, 'GET', path)
  const price = Number(answer.quotes[0]!.price) + awayKrw
  await dialog.getByLabel('알림 가격 (KRW)').fill(`${price}`)
  await dialog.locator('form button[type=submit]').click()
  await dialog.waitFor({ state: 'hidden' })
}

describe('an admin', () => {
  it('closes a day of the market, and everyone reads why on the dashboard', async () => {
    const { page, errors } = await openPage(browser)
    await signInAnywhere(page, motu.url, motu.signIn('admin'))
    await page.goto(`${motu.url}/admin/calendar`)
    const date = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10)
    await page.getByLabel('날짜 (현지 기준)').fill(date)
    await page.getByLabel('사유').fill('시스템 점검')
    await page.getByRole('button', { name: '날짜 바꾸기' }).click()
    await page.getByText(`${date} 달력을 바꿨어요`).waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])

    const visitor = await openPage(browser)
    await visitor.page.goto(motu.url)
    const market = visitor.page.getByRole('listitem').filter({ hasText: '국내 주식' }).first()
    await market.getByText('시스템 점검 휴장', { exact: false }).waitFor(SHOWN_WITHIN)
    await visitor.page.context().close()

    await page.getByRole('button', { name: `국내 ${date} 되돌리기` }).click()
    await page.getByRole('dialog').getByRole('button', { name: '되돌리기' }).click()
    await page.getByText('바꾼 날이 없어요').waitFor(SHOWN_WITHIN)
    for (const [path, title] of [
      ['/admin/dead-letters', '처리 못 한 주문이 없어요'],
      ['/admin/corporate-actions', '기록된 권리락이 없어요'],
    ] as const) {
      await page.goto(motu.url + path)
      await page.getByText(title).waitFor(SHOWN_WITHIN)
      expect(await findBarriers(page)).toEqual([])
    }
    expect(errors).toEqual([])
    await page.context().close()
  })
})
