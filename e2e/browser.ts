// A real Chromium, and the few things every journey does in it.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { needChromium } from '../scripts/services.ts'
import { type SignIn } from './motu-under-test.ts'

/** No sandbox, because the tests may run as root; nothing of the browser's own may use the network. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await needChromium(), args: BROWSER_ARGUMENTS })
}

/** A page of a new visitor, and everything that went wrong in it. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ locale: 'ko-KR', ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  return { page, errors }
}

/** Where a journey begins that trades. */
export const TRADING_PATH = '/symbol/CRYPTO-COIN-BTC'

/** Signs in and comes to the trading screen, on a wide screen in Korean. */
export async function signIn(page: Page, url: string, { name, password }: SignIn): Promise<void> {
  await page.goto(`${url}/sign-in?next=${TRADING_PATH}`)
  await page.getByLabel('아이디').fill(name)
  await page.getByLabel('비밀번호').fill(password)
  await page.locator('form').getByRole('button', { name: '로그인' }).click()
  await page.getByRole('form', { name: '주문서' }).waitFor()
}

/** The same in any language and on any screen: a phone shows the ticket on another view. */
export async function signInAnywhere(page: Page, url: string, who: SignIn): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.locator('main input[name=username]').fill(who.name)
  await page.locator('main input[name=password]').fill(who.password)
  await page.locator('main form button[type=submit]').click()
  await page.waitForURL(({ pathname }) => pathname === '/')
}

/** Fills the ticket in, and sends it once it has been asked whether it should. */
export async function buyAtMarket(page: Page, quantity: string): Promise<void> {
  const ticket = page.getByRole('form', { name: '주문서' })
  await ticket.getByLabel('수량', { exact: true }).fill(quantity)
  await ticket.getByRole('button', { name: /매수$/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: '매수하기' }).click()
}

/** What is shown beside a label in a list of figures, of the page or of a part of it. */
export async function figure(
  page: Page,
  label: string,
  within: Pick<Page, 'locator'> = page,
): Promise<string> {
  const row = within.locator('dl > div').filter({ has: page.getByText(label, { exact: true }) })
  return (await row.locator('dd').first().innerText()).trim()
}

/**
 * By how much the page is wider than its screen. Not asked of the window: a phone's zooms out until
 * what sticks out is inside, and says that it is as wide as that.
 */
export async function excessWidth(page: Page): Promise<number> {
  const { width } = page.viewportSize()!
  const shown = await page.evaluate<number>('document.documentElement.scrollWidth')
  return Math.max(0, shown - width)
}

export type Saved = { name: string; text: string; rows: string[][] }

/** Clicks an export and reads the file the browser saved. None of its cells holds a comma. */
export async function saved(page: Page, button: string): Promise<Saved> {
  const download = page.waitForEvent('download', { timeout: 20_000 })
  await page.getByRole('button', { name: button }).click()
  const file = await download
  const text = readFileSync(await file.path(), 'utf8')
  const rows = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  return { name: file.suggestedFilename(), text, rows }
}

type AxeResults = { violations: { id: string; nodes: { target: unknown; html: string }[] }[] }
declare const axe: { run: (options: { resultTypes: string[] }) => Promise<AxeResults> }
const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

/** What fades in has its colours when it is there; nothing here fades for longer than a second. */
const FADES_ENDED = `Promise.race([
  Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime ?? Infinity))
    .map(({ finished }) => finished)).then(() => undefined),
  new Promise((end) => setTimeout(end, 1_000)),
])`

/** What axe finds wrong with the page as it stands. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(FADES_ENDED)
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(AXE_SOURCE)
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }))
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
