// From the ticket to the last word on an order: placed, replaced, cancelled, refused, and by keys alone.

import { type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  excessWidth,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  saved,
  signIn,
  signInAnywhere,
  TRADING_PATH,
} from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import {
  bitcoinOf,
  goTo,
  leave,
  openBitcoin,
  openTicket,
  openViewer,
  OPPOSED_CORNERS,
  reads,
  register,
  send,
  SHOWN_WITHIN,
  ticketOf,
  type Viewer,
} from './viewer.ts'

const BTC = 'CRYPTO-COIN-BTC'
/** Far below every price of the replay, so that such an order waits. */
const LOW_PRICE = '5000000'

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

const demoTicket = (page: Page) => page.getByRole('form', { name: '주문서' })
const confirm = (page: Page) =>
  page.getByRole('dialog').getByRole('button', { name: '매수하기' }).click()
/** A price in whole won, as the language of the viewer writes it. */
const wonText = ({ locale }: Viewer, digits: string): string =>
  locale === 'ko' ? `${digits}원` : `₩${digits}`

describe.each(OPPOSED_CORNERS)('on $screen in $language', (corner) => {
  it('places a limit order, replaces it, and cancels it', async () => {
    const viewer = await openViewer(browser, motu.url, corner)
    const { page, say, like } = viewer
    const name = bitcoinOf(viewer)
    await register(viewer, `limits.${corner.slug}`)
    await openBitcoin(viewer)
    await openTicket(viewer, 'side_buy')
    const ticket = ticketOf(viewer)
    await ticket.getByText(say('type_limit'), { exact: true }).click()
    await ticket.getByLabel(say('limit_price', { currency: 'KRW' })).fill(LOW_PRICE)
    await ticket.getByLabel(say('quantity'), { exact: true }).fill('0.2')
    // Home has priced it before it is sent.
    await ticket.getByText(say('trial_same')).waitFor(SHOWN_WITHIN)
    await send(viewer, 'side_buy', async (question) => {
      const text = await question.innerText()
      expect(text).toContain(say('type_limit'))
      expect(text).toContain(wonText(viewer, '5,000,000'))
      expect(text).toContain('0.2 BTC')
      expect(await findBarriers(page)).toEqual([])
    })
    await reads(viewer, 'order_taken')

    await goTo(viewer, 'shell_nav_orders')
    const rows = page.getByRole('tabpanel').getByRole('listitem')
    const row = rows.first()
    await row.getByText(say('status_open'), { exact: true }).waitFor(SHOWN_WITHIN)
    expect(await row.innerText()).toContain(wonText(viewer, '5,000,000'))
    const kind = say('type_limit')
    await row.getByRole('button', { name: say('detail_of', { name, kind }) }).click()
    const why = like('why_price_buy', { price: wonText(viewer, '5,000,000') })
    await page.getByText(why).waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Escape')

    await row.getByRole('button', { name: say('replace_order', { name }) }).click()
    const limit = say('limit_price', { currency: 'KRW' })
    await page.getByRole('dialog').getByLabel(limit).fill('5001000')
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('Enter')
    await reads(viewer, 'notice_replaced')
    await expect.poll(() => row.innerText(), SHOWN_WITHIN).toContain(wonText(viewer, '5,001,000'))
    expect(await rows.count()).toBe(1)

    await row.getByRole('button', { name: say('cancel_order', { name }) }).click()
    await reads(viewer, 'open_none_title')
    await page.getByRole('tab', { name: say('tab_past_all') }).click()
    await rows.getByText(say('reason_cancelled_by_user')).waitFor(SHOWN_WITHIN)
    await rows.getByText(say('reason_replaced')).waitFor(SHOWN_WITHIN)
    await page.getByLabel(say('filter_status')).selectOption('FILLED')
    await reads(viewer, 'filter_none_title')
    await page.getByLabel(say('filter_status')).selectOption('CANCELLED')
    await page.getByLabel(say('filter_ticker')).fill('ㅂㅌㅋㅇ')
    await page.getByText(say('filter_count', { count: '2' })).waitFor(SHOWN_WITHIN)
    expect(await rows.count()).toBe(2)
    expect(await findBarriers(page)).toEqual([])
    const file = await saved(page, say('books_export_orders'))
    expect(file.name).toMatch(/\d{4}-\d\d-\d\d\.csv$/)
    // The head, and the two that are looked for, with what they asked for.
    expect(file.rows.map((row) => row[1])).toEqual([say('books_csv_ticker'), BTC, BTC])
    expect(file.rows.map((row) => row[10])).toEqual([
      say('limit_price_short'),
      '5001000',
      '5000000',
    ])
    await page.getByLabel(say('filter_status')).selectOption('FILLED')
    await reads(viewer, 'filter_none_title')
    expect((await saved(page, say('books_export_orders'))).rows).toHaveLength(1)
    await leave(viewer)
  })

  it('finds a coin, orders it, and cancels the order by keys alone', async () => {
    const viewer = await openViewer(browser, motu.url, corner)
    const { page, say } = viewer
    const keys = page.keyboard
    await register(viewer, `keys.${corner.slug}`)
    await keys.press('/')
    await page.getByRole('dialog', { name: say('dashboard_find') }).waitFor(SHOWN_WITHIN)
    await keys.type('ㅂㅌㅋㅇ')
    await page.getByRole('option', { name: bitcoinOf(viewer) }).waitFor(SHOWN_WITHIN)
    await keys.press('Enter')
    await page.getByRole('heading', { level: 1, name: bitcoinOf(viewer) }).waitFor(SHOWN_WITHIN)

    await tabTo(viewer, say('side_buy'))
    // A phone has a button for it, which leads to the quantity: the kind is a few steps back.
    if (viewer.isPhone) await keys.press('Enter')
    await tabTo(viewer, say('type_market'), viewer.isPhone ? 'Shift+Tab' : 'Tab')
    await keys.press('ArrowRight')
    await tabTo(viewer, say('limit_price', { currency: 'KRW' }))
    await keys.press('Control+A')
    await keys.type(LOW_PRICE)
    await tabTo(viewer, say('quantity'))
    // Without a quantity nothing is sent, and what is missing is where the cursor is.
    await keys.press('Enter')
    await reads(viewer, 'block_quantity_missing')
    expect(await focused(viewer)).toContain(say('quantity'))
    await keys.type('0.01')
    await keys.press('Enter')
    await page.getByRole('dialog').waitFor()
    await keys.press('Enter')
    await reads(viewer, 'order_taken')

    if (viewer.isPhone) {
      await tabTo(viewer, `${say('view_activity')} 1`, 'Shift+Tab')
      await keys.press('Enter')
    }
    const row = page.getByRole('tabpanel').getByRole('listitem').first()
    await row.getByText(say('status_open'), { exact: true }).waitFor(SHOWN_WITHIN)
    expect(await row.innerText()).toContain(wonText(viewer, '5,000,000'))
    const cancel = say('cancel_order', { name: bitcoinOf(viewer) })
    await tabTo(viewer, cancel, viewer.isPhone ? 'Tab' : 'Shift+Tab')
    await keys.press('Enter')
    await reads(viewer, 'open_none_title')
    await leave(viewer)
  })
})

/** What the focus is on is called, by its labels or by its own words. */
const focused = ({ page }: Viewer): Promise<string[]> =>
  page.evaluate(() => {
    const at = document.activeElement
    const labels = [...((at as HTMLInputElement | null)?.labels ?? [])]
    const names = labels.map(({ textContent }) => textContent)
    const texts = [...names, at?.getAttribute('aria-label'), at?.textContent]
    return texts.map((text) => (text ?? '').replace(/\s+/g, ' ').trim())
  })

/** Presses Tab until the focus is on what is called so, as somebody without a pointer does. */
async function tabTo(viewer: Viewer, name: string, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await focused(viewer)).includes(name)) return
    await viewer.page.keyboard.press(key)
  }
  throw new Error(`120 times ${key} did not lead to ${name}`)
}

it('says what to do when there is not enough cash, and cancels everything at once', async () => {
  const { page, errors } = await openPage(browser)
  await signIn(page, motu.url, motu.signIn('demo'))
  const ticket = demoTicket(page)
  await ticket.getByText('지정가', { exact: true }).click()
  await ticket.getByLabel('지정 가격 (KRW)').fill(LOW_PRICE)
  await ticket.getByLabel('수량', { exact: true }).fill('100')
  await ticket
    .getByText(/주문 가능 금액이 모자라요\. 최대 [\d.]+ BTC까지 살 수 있어요/)
    .waitFor(SHOWN_WITHIN)
  await ticket.getByRole('button', { name: '비트코인 매수' }).click()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await ticket.getByRole('button', { name: '10%' }).click()
  await ticket.getByRole('button', { name: '비트코인 매수' }).click()
  await page.getByLabel('다음부터 바로 주문하기').check()
  await confirm(page)
  await page.getByText('주문을 접수했어요').first().waitFor(SHOWN_WITHIN)
  // Now without a question.
  await ticket.getByRole('button', { name: '10%' }).click()
  await ticket.getByRole('button', { name: '비트코인 매수' }).click()

  await page.goto(`${motu.url}/orders`)
  const rows = page.getByRole('tabpanel').getByRole('listitem')
  await expect.poll(() => rows.count(), SHOWN_WITHIN).toBe(2)
  await page.getByRole('button', { name: '모두 취소', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '모두 취소하기' }).click()
  await page.getByText('기다리는 주문이 없어요').waitFor(SHOWN_WITHIN)
  // Of both in one notice.
  await page.getByText('2건 취소됨').waitFor(SHOWN_WITHIN)
  expect(await page.getByText('주문이 취소됐어요').count()).toBe(0)
  expect(errors).toEqual([])
  await page.context().close()
})

it('brackets a buy on a phone in English', async () => {
  const { page, errors } = await openPage(browser, PHONE)
  // Somebody else's: the demo user asked not to be asked again, and that is kept at home.
  await signInAnywhere(page, motu.url, motu.signIn('admin'))
  await page.getByRole('button', { name: '내 메뉴 열기' }).click()
  await page.getByText('English', { exact: true }).click()
  await page.goto(motu.url + TRADING_PATH)
  await page.getByRole('button', { name: 'Buy', exact: true }).click()
  const ticket = page.getByRole('form', { name: 'Order ticket' })
  await ticket.getByLabel('Quantity', { exact: true }).fill('0.05')
  await ticket.getByRole('checkbox', { name: 'Take profit' }).check()
  await ticket.getByRole('checkbox', { name: 'Stop loss' }).check()
  await ticket.getByRole('group', { name: 'Take-profit distance' }).getByText('+10%').click()
  await ticket.getByRole('group', { name: 'Stop-loss distance' }).getByText('−10%').click()
  await ticket.getByRole('button', { name: 'Buy Bitcoin' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Buy now' }).click()
  await page.getByText(/^Bitcoin Buy 0\.05 · /).waitFor(SHOWN_WITHIN)

  await page.goto(`${motu.url}/orders`)
  const rows = page.getByRole('tabpanel').getByRole('listitem')
  await expect
    .poll(() => rows.allInnerTexts(), SHOWN_WITHIN)
    .toEqual([expect.stringContaining('Take profit'), expect.stringContaining('Stop loss')])
  expect(await findBarriers(page)).toEqual([])
  expect(await excessWidth(page)).toBe(0)
  expect(errors).toEqual([])
  await page.context().close()
})
