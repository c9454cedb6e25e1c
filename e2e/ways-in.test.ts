// The ways in besides a password, in a real browser against a whole Motu: an account at a provider
// that really asks, and a passkey of Chromium's own authenticator.

import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENT_ID, CLIENT_SECRET, OidcServer } from '../home/test/api/oidc-server.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { findBarriers, openBrowser, openPage, signIn } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import { THEMES } from './pages.ts'

const SHOWN_WITHIN = { timeout: 20_000 }

let motu: MotuUnderTest
let oidc: OidcServer
let browser: Browser
/** Passkeys are bound to a name: an address will not do. */
let url: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  oidc = await OidcServer.start(url, ['club'])
  const club = { id: 'club', name: 'The Club', issuer: oidc.issuer }
  const secrets = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }
  const env = { MOTU_OIDC_PROVIDERS: JSON.stringify([{ ...club, ...secrets }]) }
  motu = await MotuUnderTest.start({ port, env })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
  await oidc?.stop()
})

/** The header names who is signed in, on whatever page. */
const welcome = (page: Page) => page.locator('header .nickname')

/** Opens the question whether something is to go, looks for barriers, and lets it stay. */
async function lookAtQuestion(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button }).press('Enter')
  const question = page.getByRole('dialog')
  await question.waitFor(SHOWN_WITHIN)
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme })
    expect([colorScheme, await findBarriers(page)]).toEqual([colorScheme, []])
  }
  await page.keyboard.press('Escape')
  await question.waitFor({ state: 'detached' })
  expect(await page.locator(':focus').getAttribute('aria-label')).toBe(button)
}

describe('an account at a provider', () => {
  it('opens a new user, who is still there after a reload', async () => {
    const name = `p${randomUUID().slice(0, 8)}`
    oidc.person = { subject: randomUUID(), claims: { preferred_username: name } }
    const { page, errors } = await openPage(browser)
    await page.goto(`${url}/sign-in`)
    await page.getByRole('link', { name: /The Club/ }).click()
    await welcome(page).waitFor(SHOWN_WITHIN)
    expect(new URL(page.url()).origin).toBe(url)
    await page.reload()
    await page.getByText(name).first().waitFor(SHOWN_WITHIN)
    const cookies = await page.context().cookies(`${url}/api/v1/login/refresh`)
    expect(cookies).toMatchObject([{ httpOnly: true, secure: true, sameSite: 'Strict' }])
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('leaves who says no on the sign-in page, with the reason', async () => {
    oidc.person = null
    const { page } = await openPage(browser)
    await page.goto(`${url}/sign-in`)
    await page.getByRole('link', { name: /The Club/ }).click()
    await page.getByText('로그인하지 못했어요', { exact: false }).waitFor(SHOWN_WITHIN)
    await page.context().close()
  })
})

describe('linking', () => {
  /** In the list of accounts; a notice names it too. */
  const linked = (page: Page) =>
    page.locator('#linked').getByText('demo-at-the-club', { exact: false })

  it('lets an account at a provider open the one that is there', async () => {
    oidc.person = { subject: randomUUID(), claims: { preferred_username: 'demo-at-the-club' } }
    const { page } = await openPage(browser)
    await signIn(page, url, motu.signIn('demo'))
    await page.goto(`${url}/settings`)
    await page.getByRole('button', { name: 'The Club 계정 연결' }).click()
    await linked(page).waitFor(SHOWN_WITHIN)
    await lookAtQuestion(page, 'The Club 연결 끊기')
    await page.context().close()

    const other = await openPage(browser)
    await other.page.goto(`${url}/sign-in`)
    await other.page.getByRole('link', { name: /The Club/ }).click()
    await welcome(other.page).waitFor(SHOWN_WITHIN)
    await other.page.goto(`${url}/settings`)
    await linked(other.page).waitFor(SHOWN_WITHIN)
    await other.page.context().close()
  })
})

describe('a passkey', () => {
  it('is made in the settings, and opens the account without a password', async () => {
    const { page, errors } = await openPage(browser)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    await signIn(page, url, motu.signIn('demo'))
    await page.goto(`${url}/settings`)
    const add = page.getByRole('button', { name: '패스키 추가' })
    await page.locator('form').filter({ has: add }).getByLabel('이름').fill('시험용')
    await add.click()
    await page.getByRole('listitem').filter({ hasText: '시험용' }).waitFor(SHOWN_WITHIN)
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
    await lookAtQuestion(page, '시험용 패스키 삭제')

    await page.context().clearCookies()
    await page.evaluate(() => localStorage.clear())
    await page.goto(`${url}/sign-in`)
    await page.getByRole('button', { name: /패스키/ }).click()
    await welcome(page).waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })
})
