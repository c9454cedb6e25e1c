// Accounts: signed in and out, on one device and on all; keys of bots; what an admin does to others.

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figure, findBarriers, openBrowser, openPage, signIn, TRADING_PATH } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'
import {
  type Corner,
  DESKTOP_KOREAN,
  goTo,
  leave,
  openBitcoin,
  openTicket,
  openViewer,
  PHONE_ENGLISH,
  reads,
  register,
  SHOWN_WITHIN,
  signInTo,
  signOut,
  ticketOf,
  trySignIn,
  type Viewer,
} from './viewer.ts'

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

/** Whoever acts, and the other one who sees it: each of them on each of two screens. */
const PAIRS: readonly [Corner, Corner][] = [
  [DESKTOP_KOREAN, PHONE_ENGLISH],
  [PHONE_ENGLISH, DESKTOP_KOREAN],
]
const visit = (corner: Corner): Promise<Viewer> => openViewer(browser, motu.url, corner)

/** Looks at a ticket that may be sent, so that it shows when it no longer may. */
async function openTrading(viewer: Viewer): Promise<void> {
  await openBitcoin(viewer)
  await openTicket(viewer, 'side_buy')
  const submit = ticketOf(viewer).locator('button[type=submit]')
  await submit.waitFor(SHOWN_WITHIN)
}

/** The ticket asks to sign in, and a new load of the page changes nothing of that. */
async function isSignedOut(viewer: Viewer): Promise<void> {
  await reads(viewer, 'sign_in_to_order')
  await viewer.page.reload()
  await openTicket(viewer, 'side_buy')
  await reads(viewer, 'sign_in_to_order')
}

describe.each(PAIRS)('from $screen in $language', (here, there) => {
  it(`signs out everywhere, also on ${there.screen} in ${there.language}`, async () => {
    const [first, second] = [await visit(here), await visit(there)]
    const who = await register(first, `everywhere.${here.slug}`)
    await signInTo(second, who)
    await openTrading(second)

    await goTo(first, 'settings')
    const section = first.page.locator('#sign-ins')
    await expect.poll(() => section.getByRole('listitem').count(), SHOWN_WITHIN).toBe(2)
    await section.getByRole('button', { name: first.say('sign_ins_end_others') }).click()
    const question = first.page.getByRole('dialog')
    await question.getByRole('button', { name: first.say('sign_in_end'), exact: true }).click()
    await reads(first, 'sign_ins_ended')
    await expect.poll(() => section.getByRole('listitem').count(), SHOWN_WITHIN).toBe(1)
    await isSignedOut(second)

    // The one that stays may trade, until it signs out itself.
    await openTrading(first)
    await signOut(first)
    await isSignedOut(first)
    await leave(first)
    await leave(second)
  })

  it(`an admin disables a user who is on ${there.screen} in ${there.language}`, async () => {
    const [admin, user] = [await visit(here), await visit(there)]
    const who = await register(user, `disabled.${here.slug}`)
    await openTrading(user)
    await signInTo(admin, motu.signIn('admin'))
    await goTo(admin, 'admin')
    await admin.page.getByLabel(admin.say('admin_search')).fill(who.name)
    const row = admin.page.getByRole('main').getByRole('listitem').filter({ hasText: who.name })
    await expect.poll(() => row.count(), SHOWN_WITHIN).toBe(1)
    await row.getByRole('button').click()
    const dialog = admin.page.getByRole('dialog')
    const act = async (name: string) => {
      await dialog.getByRole('button', { name, exact: true }).click()
      // Asked again: the same word, beside a way out.
      await dialog.getByRole('button', { name: admin.say('keep') }).waitFor(SHOWN_WITHIN)
      await dialog.getByRole('button', { name, exact: true }).click()
    }
    await act(admin.say('admin_disable'))
    await dialog.getByRole('button', { name: admin.say('admin_enable') }).waitFor(SHOWN_WITHIN)
    await row.getByText(admin.say('admin_disabled'), { exact: true }).waitFor(SHOWN_WITHIN)
    await isSignedOut(user)
    await goTo(user, 'shell_nav_home')
    await trySignIn(user, who)
    await reads(user, 'problem_invalid_credentials')

    await act(admin.say('admin_enable'))
    await dialog.getByRole('button', { name: admin.say('admin_disable') }).waitFor(SHOWN_WITHIN)
    await signInTo(user, who)
    await openTrading(user)
    await leave(user)
    await leave(admin)
  })
})

describe('an account', () => {
  it('stays signed in over reloads, and signs all tabs out at once', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    // Each reload renews by a cookie that is good once; one that is cut off must not use it twice.
    for (const pauseMs of [0, 40, 120]) {
      await page.reload({ waitUntil: 'commit' })
      await page.waitForTimeout(pauseMs)
    }
    await expect.poll(() => figure(page, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))
    expect(stored).not.toMatch(/eyJ|refresh/)
    expect(await page.evaluate(() => document.cookie)).toBe('')

    const tab = await page.context().newPage()
    await tab.goto(motu.url + TRADING_PATH)
    await expect.poll(() => figure(tab, '주문 가능 금액'), SHOWN_WITHIN).toMatch(/\d/)
    await page.getByRole('button', { name: '내 메뉴 열기' }).click()
    await page.getByRole('button', { name: '로그아웃' }).click()
    await tab.getByRole('link', { name: '로그인하고 주문하기' }).waitFor(SHOWN_WITHIN)
    await tab.reload()
    await tab.getByRole('link', { name: '로그인하고 주문하기' }).waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('makes an API key that trades until it is revoked', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/settings`)
    await page.getByRole('button', { name: '키 만들기' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('이름').fill('봇')
    await dialog.getByLabel('거래').check()
    await dialog.getByRole('button', { name: '만들기' }).click()
    const text = dialog.getByRole('textbox', { name: 'API 키 봇' })
    await text.waitFor(SHOWN_WITHIN)
    const key = await text.inputValue()
    expect(await findBarriers(page)).toEqual([])
    await dialog.getByRole('button', { name: '저장했어요' }).click()

    expect(await placeWithKey(key)).toBe(202)
    expect(await page.content()).not.toContain(key)
    await page.getByRole('button', { name: '봇 키 폐기' }).click()
    await dialog.getByRole('button', { name: '폐기' }).click()
    await page.getByText('쓸 수 없는 키 1개').waitFor(SHOWN_WITHIN)
    await expect.poll(() => placeWithKey(key), SHOWN_WITHIN).toBe(401)
    expect(errors).toEqual([])
    await page.context().close()
  })
})

/** The status of an order that a bot places. */
async function placeWithKey(key: string): Promise<number> {
  const answer = await fetch(`${motu.url}/api/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({
      ticker_id: 'CRYPTO-COIN-BTC',
      side: 'BUY',
      type: 'MARKET',
      quantity: '0.001',
    }),
  })
  await answer.body?.cancel()
  return answer.status
}

describe('an admin', () => {
  it('finds a user, gives him money, and finds both in the audit log', async () => {
    const { page, errors } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('admin'))
    await page.getByRole('button', { name: '내 메뉴 열기' }).click()
    await page.getByRole('dialog').getByRole('link', { name: '관리' }).click()
    await page.getByLabel('아이디나 닉네임 검색').fill('demo')
    const row = page.getByRole('listitem').filter({ hasText: 'demo' })
    await row.getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('금액 (원)').fill('50000')
    await dialog.getByLabel('사유').fill('이벤트 보상')
    await dialog.getByRole('button', { name: '조정하기' }).click()
    await page.getByText('잔액을 조정했어요').waitFor(SHOWN_WITHIN)
    expect(await findBarriers(page)).toEqual([])

    await dialog.getByRole('link', { name: '이 사용자의 감사 기록' }).click()
    const entry = page.getByRole('listitem').filter({ hasText: '잔액 조정' }).first()
    await entry.locator('summary').click()
    await entry.getByText('이벤트 보상').waitFor(SHOWN_WITHIN)
    await page.getByLabel('활동').selectOption('role_changed')
    await page.getByText('기록이 없어요').waitFor(SHOWN_WITHIN)
    expect(errors).toEqual([])
    await page.context().close()
  })

  it('is nobody whom others see the pages of', async () => {
    const { page } = await openPage(browser)
    await signIn(page, motu.url, motu.signIn('demo'))
    await page.goto(`${motu.url}/admin`)
    await page.getByText('관리자만 볼 수 있어요').waitFor(SHOWN_WITHIN)
    await page.goto(`${motu.url}/settings`)
    await page.getByText('관리자가 잔액을 조정했어요', { exact: false }).waitFor(SHOWN_WITHIN)
    await page.context().close()
  })
})
