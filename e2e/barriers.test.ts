// What stands in the way of someone who reads with a machine, types with a keyboard or needs contrast:
// every page with data in it and what opens over it, as a visitor finds it, and in English.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  excessWidth,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  signInAnywhere,
} from './browser.ts'
import { type AppDialog, dialogsOn, leaveDialog, openDialog } from './dialogs.ts'
import { fillAccounts, fillBooks } from './fill.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import { PAGES, THEMES } from './pages.ts'

let motu: MotuUnderTest
let browser: Browser
beforeAll(async () => {
  motu = await MotuUnderTest.start()
  browser = await openBrowser()
  await Promise.all([fillAccounts(motu), fillBooks(motu, 'admin')])
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
})

/** Two cores look at all pages in both themes, and each look takes a second. */
const LOOKS = { timeout: 300_000 }
const SCREENS = [
  ['a desktop', { reducedMotion: 'reduce' }],
  ['a phone', { reducedMotion: 'reduce', ...PHONE }],
] as const

async function expectNone(page: Page, where: string): Promise<void> {
  // A change of theme is a change of colours: it needs no page of its own.
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme })
    const look = `${where}, ${colorScheme}`
    expect.soft([look, await findBarriers(page)]).toEqual([look, []])
  }
  expect.soft([where, await excessWidth(page)]).toEqual([where, 0])
}

/** Prices arrive by socket, so the network is never idle: a page is there when nothing is a shape. */
async function isThere(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy=true]') === null)
}

/** Opens a dialog, looks at it, and leaves it by the keyboard: the focus is back on what opened it. */
async function tryDialog(page: Page, where: string, dialog: AppDialog, isPhone: boolean) {
  await openDialog(page, dialog, isPhone)
  await expectNone(page, where)
  const opener = dialog.steps.at(-1)
  await leaveDialog(page, dialog)
  if (dialog.end !== undefined || typeof opener !== 'string') return
  const isBack = () =>
    page.evaluate((selector) => document.activeElement?.matches(selector), opener)
  await expect.poll(async () => [where, await isBack()]).toEqual([where, true])
}

type Look = { isSignedIn: boolean; isPhone: boolean; hasDialogs: boolean }

/** Every page, one after another, and what opens over them. */
async function lookAround(page: Page, { isSignedIn, isPhone, hasDialogs }: Look): Promise<void> {
  for (const { path, dialogs = [] } of PAGES) {
    await page.goto(motu.url + path)
    await isThere(page)
    await expectNone(page, path)
    if (!isSignedIn || !hasDialogs) continue
    for (const dialog of dialogsOn(dialogs, isPhone)) {
      await tryDialog(page, `${path}: ${dialog.name}`, dialog, isPhone)
    }
  }
}

/** A language belongs to the account: what is looked at afterwards is in it too. */
async function chooseEnglish(page: Page): Promise<void> {
  await page.goto(`${motu.url}/settings`)
  await page.locator('main').getByText('English', { exact: true }).first().click()
  await page.locator('html[lang=en]').waitFor()
}

describe.each(SCREENS)('on %s', LOOKS, (_, options) => {
  const isPhone = 'isMobile' in options

  it('no page has barriers, nor what opens over it', async () => {
    const { page } = await openPage(browser, options)
    await signInAnywhere(page, motu.url, motu.signIn('admin'))
    await lookAround(page, { isSignedIn: true, isPhone, hasDialogs: true })
    await page.context().close()
  })

  it('pages follow the theme of the system', async () => {
    const { page } = await openPage(browser, options)
    await page.goto(motu.url)
    await isThere(page)
    const header = page.getByRole('banner')
    const ground = () => header.evaluate((node) => getComputedStyle(node).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(ground).not.toBe(light)
    await page.context().close()
  })

  it('the settings have none, with all their data', async () => {
    const { page } = await openPage(browser, options)
    await signInAnywhere(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/settings`)
    await page.locator('#notices li').first().waitFor()
    await page.locator('#api-keys summary').click()
    await page.locator('#sign-ins .head button').waitFor()
    await expectNone(page, 'settings')
    await page.locator('#password input[type=password]').first().fill('not-the-password')
    await page.locator('#password input[type=password]').last().fill('another-password')
    await page.locator('#password form button').click()
    await page.locator('#password [aria-invalid]').waitFor()
    await expectNone(page, 'a wrong password')
    await page.context().close()
  })

  it('what unfolds in a page has none', async () => {
    const { page } = await openPage(browser, options)
    await signInAnywhere(page, motu.url, motu.signIn('admin'))
    await page.goto(`${motu.url}/admin/audit`)
    for (const row of [0, 1, 2]) await page.locator('main summary').nth(row).click()
    await expectNone(page, 'audit log')
    await page.goto(motu.url)
    await page.locator('main .title button[aria-pressed]').click()
    await page.locator('main .grip').first().waitFor()
    await expectNone(page, 'the editor of a watch list')
    for (const tab of ['realized', 'ledger']) {
      await page.goto(`${motu.url}/portfolio?tab=${tab}`)
      // The other tabs keep theirs, out of sight.
      const tables = page.locator('main [role=tabpanel] table').filter({ visible: true })
      await tables.first().waitFor()
      await expectNone(page, tab)
    }
    await page.context().close()
  })

  it('the API page has none', async () => {
    const { page } = await openPage(browser, options)
    await page.goto(`${motu.url}/docs`)
    await page.getByText('/api/v1/orders', { exact: true }).first().waitFor()
    await expectNone(page, 'docs')
    await page.context().close()
  })
})

describe.each(SCREENS)('to a visitor on %s', LOOKS, (_, options) => {
  it('no page has barriers', async () => {
    const { page } = await openPage(browser, options)
    const isPhone = 'isMobile' in options
    await lookAround(page, { isSignedIn: false, isPhone, hasDialogs: false })
    await page.context().close()
  })
})

// Last: from here on the account is in English. Its words are longer, so that other things are cut off.
describe.each(SCREENS)('in English on %s', LOOKS, (_, options) => {
  it('no page has barriers', async () => {
    const { page } = await openPage(browser, options)
    const isPhone = 'isMobile' in options
    await signInAnywhere(page, motu.url, motu.signIn('admin'))
    await chooseEnglish(page)
    await lookAround(page, { isSignedIn: true, isPhone, hasDialogs: isPhone })
    await page.context().close()
  })
})
