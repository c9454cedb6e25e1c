// Someone at a screen, who reads one of the two languages: what a journey does, it does as a viewer,
// by clicks and keys. An address is typed once; from there on the app itself leads on.

import type { Browser, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { excessWidth, figure, openPage, PHONE } from './browser.ts'
import type { SignIn } from './motu-under-test.ts'
import { type Locale, type WordKey, type Words, wordsIn } from './words.ts'

/** How long anything may take to be shown: two slow cores run all of Motu and the browser. */
export const SHOWN_WITHIN = { timeout: 20_000 }

/** A screen and a language; `slug` keeps its users apart from those of the others. */
export type Corner = {
  screen: string
  language: string
  slug: string
  isPhone: boolean
  locale: Locale
}
const DESKTOP = { screen: 'a desktop', isPhone: false }
const SMALL = { screen: 'a phone', isPhone: true }
const KOREAN = { language: 'Korean', locale: 'ko' as const }
const ENGLISH = { language: 'English', locale: 'en' as const }

export const DESKTOP_KOREAN: Corner = { ...DESKTOP, ...KOREAN, slug: 'desktop-ko' }
export const PHONE_ENGLISH: Corner = { ...SMALL, ...ENGLISH, slug: 'phone-en' }
/** Every screen and every language, once. */
export const OPPOSED_CORNERS = [DESKTOP_KOREAN, PHONE_ENGLISH]
export const ALL_CORNERS: Corner[] = [
  ...OPPOSED_CORNERS,
  { ...SMALL, ...KOREAN, slug: 'phone-ko' },
  { ...DESKTOP, ...ENGLISH, slug: 'desktop-en' },
]

export type Viewer = Words &
  Corner & {
    page: Page
    /** What went wrong in the page so far. */
    errors: readonly string[]
  }

/** Opens the app as a new visitor of it, who chooses his language first. */
export async function openViewer(browser: Browser, url: string, corner: Corner): Promise<Viewer> {
  const opened = await openPage(browser, corner.isPhone ? PHONE : {})
  const { page } = opened
  await page.goto(url)
  if (corner.locale === 'en') {
    // Nobody chose yet: the app speaks Korean.
    await page.getByRole('button', { name: '내 메뉴 열기' }).click()
    await page.getByText('English', { exact: true }).click()
    await page.keyboard.press('Escape')
  }
  return { ...opened, ...corner, ...wordsIn(corner.locale) }
}

/** Nothing sticks out of the screen, nor out of a narrower one: a small phone's, a tablet's. */
export async function expectFits({ page, isPhone }: Viewer): Promise<void> {
  const own = page.viewportSize()!
  for (const width of isPhone ? [360, own.width] : [768, 1024, own.width]) {
    await page.setViewportSize({ ...own, width })
    await expect.poll(async () => [width, await excessWidth(page)]).toEqual([width, 0])
  }
}

/** Ends a visit in which nothing went wrong. */
export async function leave(viewer: Viewer): Promise<void> {
  await expectFits(viewer)
  expect(viewer.errors).toEqual([])
  await viewer.page.context().close()
}

/** Marks the page: a page that is loaded anew has lost the mark. */
export const markPage = ({ page }: Viewer): Promise<unknown> =>
  page.evaluate(() => Object.assign(window, { isSamePage: true }))
export const isMarked = ({ page }: Viewer): Promise<boolean> =>
  page.evaluate(() => 'isSamePage' in window)

async function openSignIn({ page, say }: Viewer): Promise<void> {
  await page
    .getByRole('banner')
    .getByRole('link', { name: say('sign_in'), exact: true })
    .click()
  await page.getByRole('heading', { level: 1, name: say('sign_in') }).waitFor(SHOWN_WITHIN)
}

/** Opens an account, and is signed in to it. */
export async function register(viewer: Viewer, username: string): Promise<SignIn> {
  const { page, say } = viewer
  const password = 'a-long-password'
  await openSignIn(viewer)
  await page
    .getByRole('main')
    .getByRole('link', { name: say('register') })
    .click()
  await page.getByLabel(say('nickname')).fill(username)
  await page.getByLabel(say('username')).fill(username)
  await page.getByLabel(say('password')).fill(password)
  await page.getByRole('button', { name: say('register_submit') }).click()
  // The bar is there before: whoever uses it at once is taken home when he is registered.
  await page.waitForURL(({ pathname }) => pathname === '/')
  return { name: username, password }
}

/** Types name and password, and sends them; whether that opens the account is for the caller. */
export async function trySignIn(viewer: Viewer, { name, password }: SignIn): Promise<void> {
  const { page, say } = viewer
  await openSignIn(viewer)
  await page.getByLabel(say('username')).fill(name)
  await page.getByLabel(say('password')).fill(password)
  await page
    .getByRole('main')
    .getByRole('button', { name: say('sign_in'), exact: true })
    .click()
}

export async function signInTo(viewer: Viewer, who: SignIn): Promise<void> {
  await trySignIn(viewer, who)
  await viewer.page.waitForURL(({ pathname }) => pathname === '/')
}

export async function signOut({ page, say }: Viewer): Promise<void> {
  await page.getByRole('button', { name: say('menu_open') }).click()
  await page.getByRole('button', { name: say('sign_out'), exact: true }).click()
}

type PlaceKey = Extract<WordKey, `shell_nav_${string}` | 'nav_portfolio' | 'settings' | 'admin'>
const OFF_THE_BARS: readonly WordKey[] = ['settings', 'admin']

/** Goes to a page by the menus of the screen. */
export async function goTo(viewer: Viewer, place: PlaceKey): Promise<void> {
  const { page, say, isPhone } = viewer
  const name = say(place)
  if (!isPhone) {
    const isInMenu = OFF_THE_BARS.includes(place)
    if (isInMenu) await page.getByRole('button', { name: say('menu_open') }).click()
    const menu = page.getByRole('navigation', { name: say(isInMenu ? 'menu_label' : 'nav_label') })
    return menu.getByRole('link', { name, exact: true }).click()
  }
  // An instrument's page has a way back instead of the bar.
  const back = page.getByRole('link', { name: say('shell_to_home'), exact: true })
  const bar = page.getByRole('navigation', { name: say('shell_tabs_label') })
  await back.or(bar).first().waitFor(SHOWN_WITHIN)
  if (await back.isVisible()) await back.click()
  if (!OFF_THE_BARS.includes(place)) return bar.getByRole('link', { name, exact: true }).click()
  await bar.getByRole('button', { name: say('shell_nav_more') }).click()
  const rest = page.getByRole('navigation', { name: say('shell_nav_more') })
  return rest.getByRole('link', { name, exact: true }).click()
}

/** Bitcoin, as both languages name it. */
export const bitcoinOf = ({ locale }: Pick<Viewer, 'locale'>): string =>
  locale === 'ko' ? '비트코인' : 'Bitcoin'

/** Finds bitcoin by its first consonants, and goes there. */
export async function openBitcoin(viewer: Viewer): Promise<void> {
  const { page, say } = viewer
  await page
    .getByRole('banner')
    .getByRole('button', { name: say('dashboard_find_placeholder') })
    .click()
  const search = page.getByRole('dialog', { name: say('dashboard_find') })
  await search.getByRole('combobox').fill('ㅂㅌㅋㅇ')
  await search.getByRole('option', { name: bitcoinOf(viewer) }).click()
  await page.waitForURL(({ pathname }) => pathname === '/symbol/CRYPTO-COIN-BTC')
  await page.getByRole('heading', { level: 1, name: bitcoinOf(viewer) }).waitFor(SHOWN_WITHIN)
}

type ViewKey = 'view_chart' | 'view_order' | 'view_activity' | 'symbol_view_book'

/** Brings a part of the trading screen into sight: a phone shows one at a time. */
export async function showView({ page, say, isPhone }: Viewer, view: ViewKey): Promise<void> {
  if (!isPhone) return
  const views = page.getByRole('navigation', { name: say('views_label') })
  await views.getByRole('button', { name: say(view) }).click()
}

/** Opens one of the lists below the chart; its rows. */
export async function showList(
  viewer: Viewer,
  tab: 'tab_open' | 'tab_past' | 'tab_positions',
): Promise<Locator> {
  await showView(viewer, 'view_activity')
  await viewer.page.getByRole('tab', { name: viewer.say(tab) }).click()
  return viewer.page.getByRole('tabpanel').getByRole('listitem')
}

export const ticketOf = ({ page, say }: Viewer) =>
  page.getByRole('form', { name: say('ticket_label') })

/** Turns to the ticket of a side: by the bar under the thumb, or on the ticket itself. */
export async function openTicket(viewer: Viewer, side: 'side_buy' | 'side_sell'): Promise<void> {
  const { page, say } = viewer
  const inBar = page.getByRole('button', { name: say(side), exact: true })
  const onTicket = ticketOf(viewer).getByText(say(side), { exact: true })
  await inBar.or(onTicket).filter({ visible: true }).first().click()
  await ticketOf(viewer).waitFor(SHOWN_WITHIN)
}

/** Sends the ticket as it is, once it has been asked whether it should; `look` sees the question. */
export async function send(
  viewer: Viewer,
  side: 'side_buy' | 'side_sell',
  look: (question: Locator) => Promise<void> = async () => {},
): Promise<void> {
  const { page, say } = viewer
  const submit = say('order_submit', { name: bitcoinOf(viewer), side: say(side) })
  await ticketOf(viewer).getByRole('button', { name: submit }).click()
  const question = page.getByRole('dialog')
  const sure = say(side === 'side_buy' ? 'confirm_send_buy' : 'confirm_send_sell')
  const yes = question.getByRole('button', { name: sure, exact: true })
  await yes.waitFor(SHOWN_WITHIN)
  await look(question)
  await yes.click()
}

/** Waits for a sentence anywhere in sight. */
export const reads = async ({ page, say }: Viewer, key: WordKey): Promise<void> =>
  page.getByText(say(key)).filter({ visible: true }).first().waitFor(SHOWN_WITHIN)

/** An amount of won beside a label of the page, or of a part of it, once it is there. */
export async function wonOf(
  { page, say }: Viewer,
  label: WordKey,
  within?: Locator,
): Promise<number> {
  const text = () => figure(page, say(label), within)
  await expect.poll(text, SHOWN_WITHIN).toMatch(/\d/)
  return wonIn(await text())
}

/** The first amount of won in a text: `1,234원` and `₩1,234` are 1234, with a minus before it −1234. */
export function wonIn(text: string): number {
  const [, sign, digits = ''] = /([−-]?)₩?(\d[\d,]*)원?/.exec(text) ?? []
  return Number(digits.replaceAll(',', '')) * (sign ? -1 : 1)
}
