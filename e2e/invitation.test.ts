// Opening an account where an invitation code is set, in a real browser against a whole Motu.

import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CLIENT_ID, CLIENT_SECRET, OidcServer } from '../home/test/api/oidc-server.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { openBrowser, openPage } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const CODE = '친구만-brave-otter'

let motu: MotuUnderTest
let oidc: OidcServer
let browser: Browser
let url: string

beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  oidc = await OidcServer.start(url, ['club'])
  const club = { id: 'club', name: 'The Club', issuer: oidc.issuer, client_id: CLIENT_ID }
  const env = {
    MOTU_INVITE_CODE: CODE,
    MOTU_OIDC_PROVIDERS: JSON.stringify([{ ...club, client_secret: CLIENT_SECRET }]),
  }
  motu = await MotuUnderTest.start({ port, env })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
  await oidc?.stop()
})

it('asks for the code, says when it is wrong, and lets in who has it', async () => {
  const { page, errors } = await openPage(browser)
  await page.goto(`${url}/register`)
  const code = page.getByLabel('초대 코드')
  await code.waitFor(SHOWN_WITHIN)
  await page.getByLabel('아이디').fill('invited.friend')
  await page.getByLabel('닉네임').fill('초대받은 친구')
  await page.getByLabel('비밀번호').fill('a-long-password')
  await code.fill('another code')
  const submit = page.getByRole('button', { name: '가입하고 시작하기' })
  await submit.click()
  await page.getByText('초대 코드가 맞지 않아요', { exact: false }).waitFor(SHOWN_WITHIN)
  expect(await code.getAttribute('aria-invalid')).toBe('true')
  await code.fill(` ${CODE} `)
  await submit.click()
  await page.getByText('초대받은 친구').first().waitFor(SHOWN_WITHIN)
  expect(errors).toEqual([])
  await page.context().close()
})

it('tells who comes from a provider first to register with the code', async () => {
  oidc.person = { subject: randomUUID(), claims: { preferred_username: 'stranger' } }
  const { page, errors } = await openPage(browser)
  await page.goto(`${url}/sign-in`)
  await page.getByRole('link', { name: /The Club/ }).click()
  await page.getByText('초대 코드로 먼저 가입한 뒤', { exact: false }).waitFor(SHOWN_WITHIN)
  expect(errors).toEqual([])
  await page.context().close()
})
