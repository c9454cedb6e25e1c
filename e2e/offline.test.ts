// The app as something that is installed: it opens without a network, says so, and shows nothing that
// the API answered earlier.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers, openBrowser, openPage, PHONE, TRADING_PATH } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }

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

describe('the installed app', () => {
  it('opens without a network, and goes on when there is one again', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(motu.url)
    const isKept = () => navigator.serviceWorker.ready.then(({ active }) => active !== null)
    expect(await page.evaluate(isKept)).toBe(true)
    const kept = await page.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      const requests = await Promise.all(caches_.map((cache) => cache.keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(kept).toContain('/')
    expect(kept.filter((path) => /^\/(api|ws|docs)/.test(path))).toEqual([])

    await page.context().setOffline(true)
    await page.goto(motu.url + TRADING_PATH)
    await page.getByRole('heading', { name: '비트코인' }).waitFor(SHOWN_WITHIN)
    await page.getByText(/오프라인이에요|서버에 연결하지 못하고/).waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])

    await page.context().setOffline(false)
    await page
      .locator('header')
      .getByText('실시간', { exact: true })
      .waitFor({
        ...SHOWN_WITHIN,
        // On a phone the word is for machines alone; the dot is for eyes.
        state: 'attached',
      })
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('is one that Chromium would install', async () => {
    const { page } = await openPage(browser)
    await page.goto(motu.url)
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    const devtools = await page.context().newCDPSession(page)
    const { errors } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // A context of a test is a private window, and those install nothing.
    const others = installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')
    expect(others).toEqual([])
    await page.context().close()
  })
})
