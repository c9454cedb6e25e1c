// What a visitor does, in a real browser against a whole Motu.

import { type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buyAtMarket,
  figure,
  findBarriers,
  openBrowser,
  openPage,
  PHONE,
  signIn,
} from './browser.ts'
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

describe('a visitor', () => {
  it('signs in, buys 0.01 bitcoin, and sees fill and balance without a reload', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/100,000,000/)
    // Gone if the page were loaded anew.
    await page.evaluate(() => Object.assign(window, { isSamePage: true }))

    await buyAtMarket(page, '0.01')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).not.toMatch(/100,000,000/)
    await page.getByRole('tab', { name: '주문 내역' }).click()
    const row = page.getByRole('tabpanel').getByRole('listitem').first()
    await row.getByText('체결', { exact: true }).first().waitFor(SHOWN_WITHIN)
    expect(await row.innerText()).toContain('0.01')
    await page.getByRole('tab', { name: '보유' }).click()
    const position = page.getByRole('tabpanel').getByRole('listitem').first()
    expect(await position.innerText()).toContain('0.01')

    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('orders while home is out; the order is kept, and fills when home is back', async () => {
    const { page } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    expect(await motu.plug('out')).toContain('home is out')
    await page.getByText('집 서버가 꺼져 있어요', { exact: false }).waitFor(SHOWN_WITHIN)

    await buyAtMarket(page, '0.02')
    await page.getByRole('tab', { name: /미체결/ }).click()
    const row = page.getByRole('tabpanel').getByRole('listitem').first()
    await row.getByText('보관됨(대기)').waitFor(SHOWN_WITHIN)

    expect(await motu.plug('in')).toContain('home is in')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    await page.getByRole('tab', { name: '보유' }).click()
    const position = page.getByRole('tabpanel').getByRole('listitem').first()
    await expect.poll(() => position.innerText(), SHOWN_WITHIN).toContain('0.03')
    await page.context().close()
  })

  it('registers on a phone and buys', async () => {
    const { page, errors } = await openPage(browser, PHONE)
    await page.goto(`${motu.url}/register`)
    await page.getByLabel('아이디').fill('phone.user')
    await page.getByLabel('닉네임').fill('폰으로')
    await page.getByLabel('비밀번호').fill('a-long-password')
    await page.getByRole('button', { name: '가입하고 시작하기' }).click()
    const views = page.getByRole('navigation', { name: '화면 전환' })
    await views.getByRole('button', { name: '주문' }).click()
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/100,000,000/)
    await buyAtMarket(page, '0.01')
    await page.getByText('체결됐어요').first().waitFor(SHOWN_WITHIN)
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    ).toBe(true)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

describe('a page', () => {
  it.each(['/', '/sign-in', '/register', '/portfolio'])(
    '%s has no barriers, signed in or not, on desktop and phone, light and dark',
    async (path) => {
      for (const isSignedIn of [false, true]) {
        for (const options of [{}, { ...PHONE, colorScheme: 'dark' as const }]) {
          const { page } = await openPage(browser, options)
          if (isSignedIn) await signInAnywhere(page)
          await page.goto(motu.url + path)
          await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
          // Prices and the candles arrive by socket: the network is never idle.
          await page.waitForTimeout(1_000)
          expect(await findBarriers(page)).toEqual([])
          await page.context().close()
        }
      }
    },
  )
})

/** The ticket of `signIn` is on another view of a phone: only its way there is the same. */
async function signInAnywhere(page: Parameters<typeof signIn>[0]): Promise<void> {
  const { name, password } = motu.signIn('demo')
  await page.goto(`${motu.url}/sign-in`)
  await page.getByLabel('아이디').fill(name)
  await page.getByLabel('비밀번호').fill(password)
  await page.locator('form').getByRole('button', { name: '로그인' }).click()
  await page.waitForURL((url) => url.pathname === '/')
}
