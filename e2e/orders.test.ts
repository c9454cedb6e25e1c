// From the ticket to the last word on an order: placed, replaced, cancelled, refused, and by keys alone.

import { type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  figure,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  signIn,
  signInAnywhere,
  TRADING_PATH,
} from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
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

const ticketOf = (page: Page) => page.getByRole('form', { name: '주문서' })
const confirm = (page: Page) =>
  page.getByRole('dialog').getByRole('button', { name: '매수하기' }).click()

it('places a limit order, replaces it, and cancels it', async () => {
  const { page, errors } = await openPage(browser)
  await signIn(page, motu.url, motu.signIn('demo'))
  const ticket = ticketOf(page)
  await ticket.getByText('지정가', { exact: true }).click()
  await ticket.getByLabel('지정 가격 (KRW)').fill(LOW_PRICE)
  await ticket.getByLabel('수량', { exact: true }).fill('0.2')
  // Home has priced it before it is sent.
  await ticket.getByText('서버에서도 같은 금액이에요.').waitFor(SHOWN_WITHIN)
  await ticket.getByRole('button', { name: '비트코인 매수' }).click()
  const question = page.getByRole('dialog')
  expect(await question.innerText()).toMatch(/지정가[\s\S]*5,000,000원[\s\S]*0\.2 BTC/)
  expect(await findBarriers(page)).toEqual([])
  await confirm(page)

  await page.goto(`${motu.url}/orders`)
  const row = page.getByRole('tabpanel').getByRole('listitem').first()
  await row.getByText('대기', { exact: true }).waitFor(SHOWN_WITHIN)
  expect(await row.innerText()).toContain('5,000,000원')
  await row.getByRole('button', { name: '비트코인 지정가 주문 상세' }).click()
  await page.getByText(/5,000,000원까지 내려오기를 기다리는 중/).waitFor(SHOWN_WITHIN)
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Escape')

  await row.getByRole('button', { name: '비트코인 주문 정정' }).click()
  await page.getByRole('dialog').getByLabel('지정 가격 (KRW)').fill('5001000')
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Enter')
  await page.getByText('주문을 정정했어요').waitFor(SHOWN_WITHIN)
  await expect.poll(() => row.innerText(), SHOWN_WITHIN).toContain('5,001,000원')
  expect(await page.getByRole('tabpanel').getByRole('listitem').count()).toBe(1)

  await row.getByRole('button', { name: '비트코인 주문 취소' }).click()
  await page.getByText('기다리는 주문이 없어요').waitFor(SHOWN_WITHIN)
  await page.getByRole('tab', { name: '체결·지난 주문' }).click()
  const past = page.getByRole('tabpanel').getByRole('listitem')
  await past.getByText('직접 취소했어요.').waitFor(SHOWN_WITHIN)
  await past.getByText('정정 주문으로 바뀌었어요.').waitFor(SHOWN_WITHIN)
  await page.getByLabel('상태').selectOption('FILLED')
  await page.getByText('조건에 맞는 주문이 없어요').waitFor(SHOWN_WITHIN)
  expect(await findBarriers(page)).toEqual([])
  expect(errors).toEqual([])
  await page.context().close()
})

it('orders by keys alone', async () => {
  const { page, errors } = await openPage(browser)
  await signIn(page, motu.url, motu.signIn('demo'))
  await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
  const isFocused = (name: string) =>
    page.evaluate((label) => {
      const { activeElement: at } = document
      const labels = (at as HTMLInputElement | null)?.labels ?? []
      return [...labels].some(({ textContent }) => textContent?.trim() === label)
    }, name)
  for (let presses = 0; presses < 120 && !(await isFocused('매수')); presses += 1) {
    await page.keyboard.press('Tab')
  }
  expect(await isFocused('매수')).toBe(true)
  // From the side to the kind, to 지정가 by an arrow, on to its price, and to the quantity.
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  for (let presses = 0; presses < 6 && !(await isFocused('지정 가격 (KRW)')); presses += 1) {
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Control+A')
  await page.keyboard.type(LOW_PRICE)
  for (let presses = 0; presses < 6 && !(await isFocused('수량')); presses += 1) {
    await page.keyboard.press('Tab')
  }
  // Without a quantity nothing is sent, and what is missing is where the cursor is.
  await page.keyboard.press('Enter')
  await page.getByText('수량을 숫자로 입력해 주세요.').waitFor(SHOWN_WITHIN)
  expect(await isFocused('수량')).toBe(true)
  await page.keyboard.type('0.01')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('주문을 접수했어요').waitFor(SHOWN_WITHIN)
  const row = page.getByRole('tabpanel').getByRole('listitem').first()
  await row.getByText('대기', { exact: true }).waitFor(SHOWN_WITHIN)
  expect(await row.innerText()).toContain('5,000,000원')
  expect(errors).toEqual([])
  await page.context().close()
})

it('says what to do when there is not enough cash, and cancels everything at once', async () => {
  const { page, errors } = await openPage(browser)
  await signIn(page, motu.url, motu.signIn('demo'))
  const ticket = ticketOf(page)
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
  await expect.poll(() => rows.count(), SHOWN_WITHIN).toBe(3)
  await page.getByRole('button', { name: '모두 취소', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: '모두 취소하기' }).click()
  await page.getByText('기다리는 주문이 없어요').waitFor(SHOWN_WITHIN)
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
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(
    true,
  )
  expect(errors).toEqual([])
  await page.context().close()
})
