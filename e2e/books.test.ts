// What an account looks like after a day of trading: bought, sold, written down, ranked.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  excessWidth,
  figure,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  saved,
  signInAnywhere,
} from './browser.ts'
import { callApi, tokenOf } from './client.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const COIN = { ticker_id: 'CRYPTO-COIN-BTC', name: '비트코인' }
const SHARE = { ticker_id: 'US-STOCK-AAPL', name: '애플' }

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

describe('an account', () => {
  it('shows what was bought, sells all of it, and writes it down', async () => {
    const { page, errors } = await openPage(browser)
    await signInAnywhere(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/portfolio`)
    await page.getByText('아직 보유한 종목이 없어요').waitFor(SHOWN_WITHIN)
    expect(await page.getByRole('button', { name: '전량매도' }).isDisabled()).toBe(true)

    await buy(COIN.ticker_id, '0.05')
    await buy(SHARE.ticker_id, '3')
    await rowOf(page, COIN.name).waitFor(SHOWN_WITHIN)
    await rowOf(page, SHARE.name).waitFor(SHOWN_WITHIN)
    // A share is priced in dollars: what the exchange rate did to it is told apart.
    await rowOf(page, SHARE.name)
      .getByText(/환율 [−+]?\d/)
      .waitFor(SHOWN_WITHIN)
    expect(await weightsOf(page)).toBeCloseTo(100, 5)
    await page.getByRole('columnheader', { name: '종목' }).getByRole('button').click()
    expect(await rowNames(page)).toEqual([COIN.name, SHARE.name])
    expect(await findBarriers(page)).toEqual([])

    // A tap leads to the ticket with all of it filled in.
    await page.getByRole('link', { name: `${COIN.name} 매도` }).click()
    const quantity = page.getByRole('form', { name: '주문서' }).getByLabel('수량', { exact: true })
    await expect.poll(() => quantity.inputValue(), SHOWN_WITHIN).toBe('0.05')
    await page.goBack()

    await sellAll(page)
    await page.getByText('아직 보유한 종목이 없어요').waitFor(SHOWN_WITHIN)
    await expect.poll(() => figure(page, '실현 손익'), SHOWN_WITHIN).toMatch(/[−+]\d/)

    await page.getByRole('tab', { name: '실현 손익' }).click()
    const today = page.getByRole('table', { name: '날짜별 실현 손익' }).locator('tbody tr')
    await expect.poll(() => today.count(), SHOWN_WITHIN).toBe(1)
    expect(await today.innerText()).toContain('2건')
    expect(await findBarriers(page)).toEqual([])
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('lists every movement of its cash, and saves it as a file', async () => {
    const { page, errors } = await openPage(browser)
    await signInAnywhere(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/portfolio?tab=ledger`)
    const lines = page.getByRole('table', { name: /현금이 들어오고/ }).locator('tbody tr')
    // Two buys, two sells, and the money it began with.
    await expect.poll(() => lines.count(), SHOWN_WITHIN).toBe(5)
    await page.getByRole('radio', { name: '매도' }).check({ force: true })
    await expect.poll(() => lines.count(), SHOWN_WITHIN).toBe(2)
    expect(await findBarriers(page)).toEqual([])

    const ledger = await saved(page, '거래내역 CSV')
    expect(ledger.name).toMatch(/^모투-거래내역-\d{4}-\d\d-\d\d\.csv$/)
    expect(ledger.text.startsWith('\uFEFF시각 (')).toBe(true)
    expect(ledger.rows).toHaveLength(6)
    expect(ledger.rows.map((row) => row[1]).sort()).toEqual(
      ['종류', '매수', '매수', '매도', '매도', '입금'].sort(),
    )
    // The sum of all movements is the balance after the last one, which stands first.
    const amounts = ledger.rows.slice(1).map((row) => Number(row[8]))
    const sum = amounts.reduce((total, amount) => total + amount, 0)
    expect(sum).toBeCloseTo(Number(ledger.rows[1]![11]), 3)

    const fills = await saved(page, '체결내역 CSV')
    const sides = fills.rows.slice(1).map(([, side]) => side)
    expect(new Set(sides)).toEqual(new Set(['매수', '매도']))
    expect(fills.rows[1]).toHaveLength(12)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('stands in the ranking beside the others, on a phone too', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(`${motu.url}/ranking`)
    await page.getByText('친구들과 총자산과 수익률을 겨뤄 보세요.').waitFor(SHOWN_WITHIN)
    await signInAnywhere(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/ranking`)
    const table = page.getByRole('table', { name: /랭킹/ })
    const rows = table.locator('tbody tr')
    await expect.poll(() => rows.count(), SHOWN_WITHIN).toBe(2)
    const own = table.locator('tr[aria-current]')
    expect(await own.count()).toBe(1)
    expect(await own.innerText()).toContain('나')
    expect(await own.innerText()).toContain('표준 v1')
    await page.getByRole('tab', { name: '오늘' }).click()
    await expect.poll(() => rows.count(), SHOWN_WITHIN).toBe(2)
    expect(await findBarriers(page)).toEqual([])
    expect(await excessWidth(page)).toBe(0)
    await page.goto(`${motu.url}/portfolio`)
    await page.getByText('총자산').first().waitFor(SHOWN_WITHIN)
    expect(await excessWidth(page)).toBe(0)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

async function buy(ticker_id: string, quantity: string): Promise<void> {
  const token = await tokenOf(motu, 'demo')
  const order = { ticker_id, side: 'BUY', type: 'MARKET', quantity }
  await callApi(motu, token, 'POST', '/api/v1/orders', order)
}

/** Through the dialog: what it expects, then what became of each order. */
async function sellAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: '전량매도' }).click()
  const dialog = page.getByRole('dialog')
  await dialog
    .getByText(/수수료·세금\s+[\d,]+원/)
    .first()
    .waitFor(SHOWN_WITHIN)
  expect(await findBarriers(page)).toEqual([])
  await dialog.getByRole('button', { name: '2건 모두 시장가로 팔기' }).click()
  await dialog.getByText('매도 주문 2건을 보냈어요').waitFor(SHOWN_WITHIN)
  const filled = dialog.getByRole('listitem').getByText('체결', { exact: true })
  await expect.poll(() => filled.count(), SHOWN_WITHIN).toBe(2)
  await dialog.getByRole('button', { name: '확인' }).click()
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('table', { name: '보유 종목과 평가 손익' }).locator('tbody tr', { hasText: name })

async function rowNames(page: Page): Promise<string[]> {
  return page.locator('tbody tr th strong').allInnerTexts()
}

/** All parts of the allocation together, in percent. */
async function weightsOf(page: Page): Promise<number> {
  const parts = page.locator('section', { hasText: '자산 구성' }).last().locator('li strong')
  const texts = await parts.allInnerTexts()
  return texts.reduce((sum, text) => sum + Number.parseFloat(text), 0)
}
