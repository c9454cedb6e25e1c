// What a trader does, from opening an account to the profit of a sale, and what becomes of an order
// while home is away: on every screen and in both languages, against a whole Motu.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import {
  ALL_CORNERS,
  bitcoinOf,
  expectFits,
  goTo,
  isMarked,
  leave,
  markPage,
  openBitcoin,
  openTicket,
  openViewer,
  reads,
  register,
  send,
  showList,
  SHOWN_WITHIN,
  showView,
  ticketOf,
  type Viewer,
  wonIn,
  wonOf,
} from './viewer.ts'

const BEGIN_KRW = 100_000_000

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

/** Bought at the price of the moment; the balance is what it began with until then. */
async function buy(viewer: Viewer, quantity: string): Promise<void> {
  await openTicket(viewer, 'side_buy')
  expect(await wonOf(viewer, 'cost_cash')).toBe(BEGIN_KRW)
  await ticketOf(viewer).getByLabel(viewer.say('quantity'), { exact: true }).fill(quantity)
  await send(viewer, 'side_buy')
}

describe.each(ALL_CORNERS)('on $screen in $language', (corner) => {
  it('registers, finds a coin, buys it, reads the receipt, sells, and sees the profit', async () => {
    const viewer = await openViewer(browser, motu.url, corner)
    const { page, say, like } = viewer
    await markPage(viewer)
    await register(viewer, `trader.${corner.slug}`)
    await openBitcoin(viewer)
    await buy(viewer, '0.01')
    await reads(viewer, 'notice_filled')
    await expect.poll(() => wonOf(viewer, 'cost_cash'), SHOWN_WITHIN).toBeLessThan(BEGIN_KRW)

    await showView(viewer, 'view_chart')
    const chart = page.getByRole('region', { name: say('symbol_summary') })
    const bought = like('symbol_summary_fill', { side: say('side_buy'), quantity: '0.01' })
    await expect.poll(() => chart.innerText(), SHOWN_WITHIN).toMatch(bought)
    await expect.poll(() => chart.innerText(), SHOWN_WITHIN).toMatch(like('symbol_summary_average'))

    const orders = await showList(viewer, 'tab_past')
    await orders.getByText(say('status_filled'), { exact: true }).waitFor(SHOWN_WITHIN)
    const buyFeeKrw = await feeOnReceipt(viewer)

    // All of it, by one tap.
    await openTicket(viewer, 'side_sell')
    await ticketOf(viewer)
      .getByRole('button', { name: say('quantity_all'), exact: true })
      .click()
    const quantity = ticketOf(viewer).getByLabel(say('quantity'), { exact: true })
    await expect.poll(() => quantity.inputValue(), SHOWN_WITHIN).toBe('0.01')
    await send(viewer, 'side_sell')
    await showList(viewer, 'tab_positions')
    await reads(viewer, 'positions_none_title')

    await seeProfit(viewer, buyFeeKrw)
    // Everything by clicks, and never loaded anew.
    expect(await isMarked(viewer)).toBe(true)
    await leave(viewer)
  })
})

/** The receipt of the one order in the list: how it was filled, and the commission it names. */
async function feeOnReceipt(viewer: Viewer): Promise<number> {
  const { page, say, like } = viewer
  await page.getByRole('button', { name: say('fills_of', { name: bitcoinOf(viewer) }) }).click()
  await page.getByRole('button', { name: like('receipt_of') }).click()
  const receipt = page.getByRole('dialog', { name: say('receipt') })
  await receipt.getByText(say('receipt_taker')).waitFor(SHOWN_WITHIN)
  const fee = await wonOf(viewer, 'charge_commission', receipt)
  expect(fee).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await receipt.waitFor({ state: 'hidden' })
  return fee
}

/** What the sale brought, booked under today; with the fee of the buy it is what the balance says. */
async function seeProfit(viewer: Viewer, buyFeeKrw: number): Promise<void> {
  const { page, say } = viewer
  await goTo(viewer, 'nav_portfolio')
  await page.getByRole('tab', { name: say('books_tab_realized') }).click()
  const days = page.getByRole('table', { name: say('books_realized_caption') }).locator('tbody tr')
  const sells = days.getByRole('cell', { name: say('books_realized_count', { count: 1 }) })
  await sells.last().waitFor(SHOWN_WITHIN)
  expect(await days.count()).toBe(1)
  const net = await wonOf(viewer, 'books_realized_net')
  expect(net).not.toBe(0)
  // Each of them is shown in whole won.
  const apart = async () => (await wonOf(viewer, 'cash')) - (BEGIN_KRW + net - buyFeeKrw)
  await expect.poll(async () => Math.abs(await apart()), SHOWN_WITHIN).toBeLessThanOrEqual(2)
}

describe.each(ALL_CORNERS)('while home is away, on $screen in $language', (corner) => {
  afterEach(async () => {
    await motu.plug('in')
  })

  it('an order is kept, and fills when home is back', async () => {
    const viewer = await openViewer(browser, motu.url, corner)
    const { page, say } = viewer
    await register(viewer, `keeper.${corner.slug}`)
    await openBitcoin(viewer)
    await openTicket(viewer, 'side_buy')
    expect(await wonOf(viewer, 'cost_cash')).toBe(BEGIN_KRW)

    expect(await motu.plug('out')).toContain('home is out')
    await reads(viewer, 'home_dark')
    await reads(viewer, 'ticket_home_dark')
    await expectFits(viewer)
    await buy(viewer, '0.02')
    await reads(viewer, 'order_kept')
    await page.getByText(say('home_dark_held', { count: 1 })).waitFor(SHOWN_WITHIN)
    const waiting = await showList(viewer, 'tab_open')
    await waiting.getByText(say('status_kept'), { exact: true }).waitFor(SHOWN_WITHIN)
    await waiting.getByText(say('waiting_home')).waitFor(SHOWN_WITHIN)

    expect(await motu.plug('in')).toContain('home is in')
    await reads(viewer, 'notice_filled')
    await page.getByText(say('home_dark')).waitFor({ ...SHOWN_WITHIN, state: 'detached' })
    const past = await showList(viewer, 'tab_past')
    await past.getByText(say('status_filled'), { exact: true }).waitFor(SHOWN_WITHIN)
    const priceKrw = wonIn((await past.innerText()).replace(/^[^₩\d]+/, ''))
    const positions = await showList(viewer, 'tab_positions')
    await expect.poll(() => positions.first().innerText(), SHOWN_WITHIN).toContain('0.02')
    await showView(viewer, 'view_order')
    // Paid is what the row says and the fee: the rest of what was held is given back.
    const paid = async () => (BEGIN_KRW - (await wonOf(viewer, 'cost_cash'))) / priceKrw
    await expect.poll(paid, SHOWN_WITHIN).toBeCloseTo(0.02, 4)
    expect(await paid()).toBeGreaterThanOrEqual(0.02)
    await leave(viewer)
  })
})
