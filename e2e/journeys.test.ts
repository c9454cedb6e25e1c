// What a visitor does, in a real browser against a whole Motu.

import { type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buyAtMarket,
  figure,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  signIn,
  TRADING_PATH,
} from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }

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

describe('a visitor', () => {
  it('signs in, buys 0.01 bitcoin, and sees fill and balance without a reload', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/100,000,000/)
    // Gone if the page were loaded anew.
    await page.evaluate(() => Object.assign(window, { isSamePage: true }))

    await buyAtMarket(page, '0.01')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).not.toMatch(/100,000,000/)
    await page.getByRole('tab', { name: '주문 내역' }).click()
    const row = page.getByRole('tabpanel').getByRole('listitem').first()
    await row.getByText('체결', { exact: true }).first().waitFor(SHOWN_WITHIN)
    expect(await row.innerText()).toContain('0.01')
    await page.getByRole('tab', { name: '보유' }).click()
    const position = page.getByRole('tabpanel').getByRole('listitem').first()
    expect(await position.innerText()).toContain('0.01')

    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('orders while home is out; the order is kept, and fills when home is back', async () => {
    const { page } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    expect(await motu.plug('out')).toContain('home is out')
    await page.getByText('집 서버가 꺼져 있어요', { exact: false }).waitFor(SHOWN_WITHIN)

    await buyAtMarket(page, '0.02')
    await page.getByRole('tab', { name: /미체결/ }).click()
    const row = page.getByRole('tabpanel').getByRole('listitem').first()
    await row.getByText('보관됨(대기)').waitFor(SHOWN_WITHIN)

    expect(await motu.plug('in')).toContain('home is in')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    await page.getByRole('tab', { name: '보유' }).click()
    const position = page.getByRole('tabpanel').getByRole('listitem').first()
    await expect.poll(() => position.innerText(), SHOWN_WITHIN).toContain('0.03')
    await page.context().close()
  })

  it('registers on a phone and buys', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(`${motu.url}/register`)
    await page.getByLabel('아이디').fill('phone.user')
    await page.getByLabel('닉네임').fill('폰으로')
    await page.getByLabel('비밀번호').fill('a-long-password')
    await page.getByRole('button', { name: '가입하고 시작하기' }).click()
    // The bar is there before: whoever uses it at once is taken home when he is registered.
    await page.waitForURL(({ pathname }) => pathname === '/')
    await page.getByRole('navigation', { name: '바로가기' }).getByText('거래').click()
    const views = page.getByRole('navigation', { name: '화면 전환' })
    await views.getByRole('button', { name: '주문' }).click()
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/100,000,000/)
    await buyAtMarket(page, '0.01')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    ).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe('an account', () => {
  it('stays signed in over reloads, and signs all tabs out at once', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    // Each reload renews by a cookie that is good once; one that is cut off must not use it twice.
    for (const pauseMs of [0, 40, 120]) {
      await page.reload({ waitUntil: 'commit' })
      await page.waitForTimeout(pauseMs)
    }
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(stored).not.toMatch(/eyJ|refresh/)
    expect(await page.evaluate(() => document.cookie)).toBe('')

    const tab = await page.context().newPage()
    await tab.goto(motu.url + TRADING_PATH)
    await expect.poll(() => figure(tab, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    await page.getByRole('button', { name: '내 메뉴 열기' }).click()
    await page.getByRole('button', { name: '로그아웃' }).click()
    await tab.getByRole('link', { name: '로그인하고 주문하기' }).waitFor(SHOWN_WITHIN)
    await tab.reload()
    await tab.getByRole('link', { name: '로그인하고 주문하기' }).waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('makes an API key that trades until it is revoked', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/settings`)
    await page.getByRole('button', { name: '키 만들기' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('이름').fill('봇')
    await dialog.getByLabel('거래').check()
    await dialog.getByRole('button', { name: '만들기' }).click()
    const text = dialog.getByRole('textbox', { name: 'API 키 봇' })
    await text.waitFor(SHOWN_WITHIN)
    const key = await text.inputValue()
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: '저장했어요' }).click()

    expect(await placeWithKey(key)).toBe(202)
    expect(await page.content()).not.toContain(key)
    await page.getByRole('button', { name: '봇 키 폐기' }).click()
    await dialog.getByRole('button', { name: '폐기' }).click()
    await page.getByText('쓸 수 없는 키 1개').waitFor(SHOWN_WITHIN)
    await expect.poll(() => placeWithKey(key), SHOWN_WITHIN).toBe(401)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

/** The status of an order that a bot places. */
async function placeWithKey(key: string): Promise<number> {
  const answer = await fetch(`${motu.url}/api/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({
      ticker_id: 'CRYPTO-COIN-BTC',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.001',
    }),
  })
  await answer.body?.cancel()
  return answer.status
}

describe('an admin', () => {
  it('finds a user, gives him money, and finds both in the audit log', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('admin'))
    await page.getByRole('button', { name: '내 메뉴 열기' }).click()
    await page.getByRole('dialog').getByRole('link', { name: '관리' }).click()
    await page.getByLabel('아이디나 닉네임 검색').fill('demo')
    const row = page.getByRole('listitem').filter({ hasText: 'demo' })
    await row.getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('금액 (원)').fill('50000')
    await dialog.getByLabel('사유').fill('이벤트 보상')
    await dialog.getByRole('button', { name: '조정하기' }).click()
    await page.getByText('잔액을 조정했어요').waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])

    await dialog.getByRole('link', { name: '이 사용자의 감사 기록' }).click()
    const entry = page.getByRole('listitem').filter({ hasText: '잔액 조정' }).first()
    await entry.locator('summary').click()
    await entry.getByText('이벤트 보상').waitFor(SHOWN_WITHIN)
    await page.getByLabel('활동').selectOption('role_changed')
    await page.getByText('기록이 없어요').waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('is nobody whom others see the pages of', async () => {
    const { page } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/admin`)
    await page.getByText('관리자만 볼 수 있어요').waitFor(SHOWN_WITHIN)
    await page.goto(`${motu.url}/settings`)
    await page.getByText('관리자가 잔액을 조정했어요', { exact: false }).waitFor(SHOWN_WITHIN)
    await page.context().close()
  })
})
