// The trading screen of one instrument: what the chart shows, the book, one's own orders on both.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers, openBrowser, openPage, PHONE, signIn, TRADING_PATH } from './browser.ts'
import { callApi, tokenOf } from './client.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import { THEMES } from './pages.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const BTC = 'CRYPTO-COIN-BTC'

let motu: MotuUnderTest
let browser: Browser
let token: string
beforeAll(async () => {
  motu = await MotuUnderTest.start()
  browser = await openBrowser()
  token = await tokenOf(motu, 'demo')
  const { price } = await callApi<{ price: string }>(
    ...([motu, token, 'GET', `/api/v1/market/quotes/${BTC}`] as const),
  )
  await place({ side: 'BUY', type: 'MARKET', quantity: '0.01' })
  // Seen on the chart, and far enough below that it stays open while the test looks at it.
  const below = Math.floor((+price * 0.97) / 1_000) * 1_000
  await place({ side: 'BUY', type: 'LIMIT', quantity: '0.002', limit_price: `${below}` })
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
})

const place = (order: Record<string, string>) =>
  callApi<{ order_id: string }>(motu, token, 'POST', '/api/v1/orders', { ticker_id: BTC, ...order })

const shownOnChart = (page: Page) =>
  page.getByRole('region', { name: '차트에 표시된 내용' }).locator('li').allInnerTexts()

describe('the symbol page', () => {
  it('shows candles of an interval, indicators, own fills, the average and open orders', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    const shown = async () => (await shownOnChart(page)).join('\n')
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/^1분 봉 [1-9]\d*개/)
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/체결 .* 매수 0\.01, [\d,]+원/)
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/내 평균 단가 [\d,]+원/)
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/미체결 매수 0\.002, [\d,]+원/)

    await page.getByText('5분', { exact: true }).click()
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/^5분 봉 [1-9]\d*개/)
    await page.getByRole('button', { name: '지표' }).click()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('menuitemcheckbox', { name: /RSI/ }).click()
    await expect.poll(shown, SHOWN_WITHIN).toContain('지표 RSI 14')
    await page.keyboard.press('Escape')
    // Remembered by this browser.
    await page.reload()
    await expect.poll(shown, SHOWN_WITHIN).toMatch(/^5분 봉 [\s\S]*지표 RSI 14/)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('takes the price of a level into the ticket, by pointer and by keys', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    const book = page.getByRole('table', { name: /비트코인 호가/ })
    await book.locator('[data-level]').nth(15).waitFor(SHOWN_WITHIN)
    await expect.poll(() => pressedPrice(page, 15), SHOWN_WITHIN).toBe('taken')

    await page.keyboard.press('Escape')
    await page.locator('body').click({ position: { x: 1, y: 1 } })
    await page.keyboard.press('o')
    await page.keyboard.press('ArrowDown')
    const level = page.locator('[data-level]:focus .price')
    const price = await level.innerText()
    await page.keyboard.press('Enter')
    expect(await typedIn(page)).toContain(price)

    await page.locator('body').click({ position: { x: 1, y: 1 } })
    await page.keyboard.press('s')
    expect(await page.getByRole('radio', { name: '매도' }).isChecked()).toBe(true)
    await page.keyboard.press('b')
    // Typed into the field that has the focus now: it is no shortcut there.
    expect(await page.getByRole('radio', { name: '매도' }).isChecked()).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('replaces an order whose line is moved, once that is confirmed', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    // The longer the candles, the more prices are in sight.
    await page.getByText('1시간', { exact: true }).click()
    const handle = page.getByRole('button', { name: /^매수 0\.002 주문, / })
    await handle.waitFor(SHOWN_WITHIN)
    const before = priceIn((await handle.getAttribute('aria-label'))!)
    await handle.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: '주문 정정' })
    await dialog.waitFor(SHOWN_WITHIN)
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme })
      expect([colorScheme, await findBarriers(page)]).toEqual([colorScheme, []])
    }
    await dialog.getByRole('button', { name: '정정하기' }).click()

    const limitPrices = async () => {
      const path = '/api/v1/orders?status=open'
      const { orders } = await callApi<{ orders: { limit_price: string; status: string }[] }>(
        ...([motu, token, 'GET', path] as const),
      )
      return orders.filter(({ status }) => status === 'OPEN').map((order) => +order.limit_price)
    }
    await expect.poll(limitPrices, SHOWN_WITHIN).toEqual([before - 1_000])
    const label = async () => priceIn((await handle.getAttribute('aria-label'))!)
    await expect.poll(label, SHOWN_WITHIN).toBe(before - 1_000)

    await expect.poll(() => handle.isEnabled(), SHOWN_WITHIN).toBe(true)
    // Dragged: where it is put down is a price, and the question names it.
    // Taken where it is: the prices move, and the lines with them.
    await handle.hover()
    await page.mouse.down()
    const box = (await handle.boundingBox())!
    await page.mouse.move(box.x + 30, box.y + 31, { steps: 4 })
    await page.mouse.up()
    await dialog.getByRole('button', { name: '그대로 두기' }).click()
    await expect.poll(label, SHOWN_WITHIN).toBe(before - 1_000)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('finds the exchange rate in the search, and offers to tell of it', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await page.getByRole('banner').locator('button[aria-haspopup=dialog]').first().click()
    await page.getByRole('combobox').fill('환율')
    await page.getByRole('option', { name: /원\/달러 환율/ }).waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('원/달러 환율').first().waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('shows one part at a time on a phone, with buying in reach', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(motu.url + TRADING_PATH)
    const views = page.getByRole('navigation', { name: '화면 전환' })
    await views.getByRole('button', { name: '호가' }).click()
    const book = page.getByRole('table', { name: /비트코인 호가/ })
    await book.waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    await views.getByRole('button', { name: '차트' }).click()
    expect(await book.count()).toBe(0)
    await page.getByRole('button', { name: '매수', exact: true }).click()
    await page.getByRole('form', { name: '주문서' }).waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

const priceIn = (label: string): number => +/([\d,]+)원$/.exec(label)![1]!.replaceAll(',', '')

const typedIn = (page: Page) =>
  page
    .getByRole('form', { name: '주문서' })
    .locator('input')
    .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value))

/** Presses a level; the book may have moved on between the look and the press. */
async function pressedPrice(page: Page, index: number): Promise<'taken' | 'moved'> {
  const level = page.locator('[data-level]').nth(index)
  const price = await level.locator('.price').innerText()
  await level.click()
  return (await typedIn(page)).includes(price) ? 'taken' : 'moved'
}
