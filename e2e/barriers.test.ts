// What stands in the way of someone who reads with a machine, types with a keyboard or needs contrast:
// every page as a visitor finds it, then the pages of accounts and admins with data, dialog by dialog.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers, openBrowser, openPage, PHONE, signInAnywhere } from './browser.ts'
import { fillAccounts, fillBooks } from './fill.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import { PAGES } from './pages.ts'

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

/** Two cores look at all pages, and each look takes seconds. */
const LOOKS = { timeout: 300_000 }
const STILL = { reducedMotion: 'reduce' } as const
const SCREENS = [
  ['a desktop, light', { ...STILL }],
  ['a desktop, dark', { ...STILL, colorScheme: 'dark' as const }],
  ['a phone, light', { ...STILL, ...PHONE }],
  ['a phone, dark', { ...STILL, ...PHONE, colorScheme: 'dark' as const }],
] as const

async function expectNone(page: Page, where: string): Promise<void> {
  expect.soft([where, await findBarriers(page)]).toEqual([where, []])
  const isTooWide = () => document.documentElement.scrollWidth > window.innerWidth
  expect.soft([where, await page.evaluate(isTooWide)]).toEqual([where, false])
}

/** The browser's own, and those of components. */
const DIALOG = 'dialog[open], [role=dialog][data-state=open]'

/** Opens a dialog, looks at it, and leaves it by the keyboard: the focus is back on what opened it. */
async function tryDialog(page: Page, where: string, selector: string): Promise<void> {
  const opener = page.locator(selector).first()
  await opener.focus()
  await page.keyboard.press('Enter')
  await page.locator(DIALOG).first().waitFor()
  await expectNone(page, where)
  await page.keyboard.press('Escape')
  await page.locator(DIALOG).first().waitFor({ state: 'detached' })
  expect([where, await opener.evaluate((node) => node === document.activeElement)]).toEqual([
    where,
    true,
  ])
}

describe.each(SCREENS)('on %s', LOOKS, (_, options) => {
  it.each([
    ['signed out', false],
    ['signed in', true],
  ])('no page has barriers, %s', async (_, isSignedIn) => {
    const { page } = await openPage(browser, options)
    if (isSignedIn) await signInAnywhere(page, motu.url, motu.signIn('admin'))
    for (const { path, dialogs = [] } of PAGES) {
      await page.goto(motu.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      // Prices and the candles arrive by socket: the network is never idle.
      await page.waitForTimeout(1_000)
      await expectNone(page, path)
      if (!isSignedIn) continue
      for (const [name, opener] of dialogs) await tryDialog(page, `${path}: ${name}`, opener)
    }
    await page.context().close()
  })

  it('the settings have none, with all their data and dialogs', async () => {
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
    await tryDialog(page, 'new key', '#api-keys .head button')
    await tryDialog(page, 'rotate', '#api-keys li .acts button:first-child:not(:last-child)')
    await tryDialog(page, 'revoke', '#api-keys li .acts button:last-child')
    await tryDialog(page, 'sign out others', '#sign-ins .head button')
    await page.context().close()
  })

  it('the pages of admins have none, with all their data and dialogs', async () => {
    const { page } = await openPage(browser, options)
    await signInAnywhere(page, motu.url, motu.signIn('admin'))
    await page.goto(`${motu.url}/admin`)
    await page.locator('main li').first().waitFor()
    await expectNone(page, 'users')
    await tryDialog(page, 'one user', 'main li button')
    await page.goto(`${motu.url}/admin/audit`)
    for (const row of [0, 1, 2]) await page.locator('main summary').nth(row).click()
    await expectNone(page, 'audit log')
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
