// A person links his accounts at Discord and Telegram in the settings, asks the bot, orders by it, in
// the dark too, and takes its rights away again.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DiscordServer, type Message, type Response } from '../edge/test-node/discord-server.ts'
import { TelegramServer } from '../home/test/bot/telegram-server.ts'
import { findBarriers, openBrowser, openPage, signIn } from './browser.ts'
import { MotuUnderTest } from './motu-under-test.ts'

const SHOWN_WITHIN = { timeout: 20_000 }
const FILLED_WITHIN = { timeout: 30_000 }
const BOT_TOKEN = '7:telegram-secret'
const DISCORD_ID = '555000111222333444'
const TELEGRAM_ID = 9_001

let motu: MotuUnderTest
let browser: Browser
const discord = new DiscordServer()
const telegram = new TelegramServer(BOT_TOKEN)
beforeAll(async () => {
  await Promise.all([discord.start(), telegram.start()])
  motu = await MotuUnderTest.start({
    env: {
      DISCORD_PUBLIC_KEY: discord.publicKey,
      MOTU_DISCORD_URL: discord.url,
      TELEGRAM_BOT_TOKEN: BOT_TOKEN,
      MOTU_TELEGRAM_URL: telegram.url,
    },
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await motu?.remove()
  await Promise.all([discord.stop(), telegram.stop()])
})

const section = (page: Page) => page.locator('#chat')

/** A new code, as the page shows it. */
async function makeCode(page: Page): Promise<string> {
  await section(page).getByLabel('봇으로 주문하기 허용').check()
  await section(page)
    .getByRole('button', { name: /코드.*만들기/ })
    .click()
  const code = section(page).getByRole('group', { name: '연결 코드' })
  await code.waitFor(SHOWN_WITHIN)
  await section(page)
    .getByText(/^(9|10):\d\d 안에 봇에게/)
    .waitFor(SHOWN_WITHIN)
  return code.innerText()
}

const textOf = (response: Response): string => response.data!.content
const send = (interaction: object): Promise<Response> => discord.send(motu.url, interaction)
const command = (name: string, options: Record<string, string> = {}) =>
  discord.command(
    DISCORD_ID,
    name,
    Object.entries(options).map(([option, value]) => ({ name: option, value })),
  )
const buttonOf = ({ components }: Message, label: RegExp): string =>
  components[0]!.components.find((button) => label.test(button.label))!.custom_id
const press = (message: Message, label: RegExp) =>
  discord.press(DISCORD_ID, buttonOf(message, label))
const saidAtTelegram = (): string => telegram.sent.findLast(({ text }) => text)?.text ?? ''

async function orderAtDiscord(): Promise<void> {
  const offer = await send(command('buy', { instrument: '비트코인', quantity: '0.01' }))
  expect(textOf(offer)).toContain('비트코인 0.01 매수 · 시장가')
  const confirmation = press(offer.data!, /매수 주문/)
  expect((await send(confirmation)).type).toBe(7)
  const told = () => discord.patched.get(confirmation.token as string)?.at(-1)?.content
  await expect.poll(told, FILLED_WITHIN).toContain('비트코인 0.01 매수: 체결됐어요')
  expect(textOf(await send(command('me')))).toContain('비트코인 0.01')
}

async function orderAtTelegram(): Promise<void> {
  telegram.write(TELEGRAM_ID, '/buy ㅂㅌㅋㅇ 0.02', -100)
  await expect.poll(saidAtTelegram, SHOWN_WITHIN).toContain('1:1 대화에서만')
  telegram.write(TELEGRAM_ID, '/buy ㅂㅌㅋㅇ 0.02')
  await expect.poll(saidAtTelegram, SHOWN_WITHIN).toContain('이대로 주문할까요?')
  const keyboard = telegram.sent.findLast(({ reply_markup }) => reply_markup)!.reply_markup!
  telegram.press(TELEGRAM_ID, keyboard.inline_keyboard[0]![0]!.callback_data)
  await expect.poll(saidAtTelegram, FILLED_WITHIN).toContain('비트코인 0.02 매수: 체결됐어요')
  const answered = telegram.sent.length
  telegram.repeat()
  await expect.poll(() => telegram.sent.length, SHOWN_WITHIN).toBe(2 + answered)
  expect(saidAtTelegram()).toContain('비트코인 0.02 매수: 체결됐어요')
  expect(textOf(await send(command('me')))).toContain('비트코인 0.03')
}

async function orderInTheDark(): Promise<void> {
  await motu.plug('out')
  expect(textOf(await send(command('rank')))).toContain('집 서버가 꺼져 있어요')
  const offer = await send(command('buy', { instrument: 'BTC', quantity: '0.01' }))
  const placed = await send(press(offer.data!, /매수 주문/))
  expect(textOf(placed)).toContain('맡아 두었고')
  await motu.plug('in')
  const look = async () => textOf(await send(press(placed.data!, /주문 상태/)))
  await expect.poll(look, { ...FILLED_WITHIN, interval: 500 }).toContain('체결됐어요')
}

it('links both accounts, orders by them, and is unlinked', async () => {
  const { page, errors } = await openPage(browser)
  await signIn(page, motu.url, motu.signIn('demo'))
  await page.goto(`${motu.url}/settings`)
  expect(textOf(await send(command('me')))).toContain('연결되어 있지 않아요')

  const code = await makeCode(page)
  expect(await findBarriers(page)).toEqual([])
  expect(textOf(await send(command('link', { code })))).toContain('계정과 연결했어요')
  await section(page).getByText('주문 가능', { exact: true }).waitFor(SHOWN_WITHIN)
  await section(page).getByText('민지 *@everyone*').waitFor()
  expect(textOf(await send(command('link', { code })))).toContain('쓸 수 없는 코드예요')

  expect(textOf(await send(command('price', { instrument: 'ㅅㅅㅈㅈ' })))).toContain('삼성전자')
  await orderAtDiscord()

  telegram.write(TELEGRAM_ID, `/start ${await makeCode(page)}`)
  await expect.poll(saidAtTelegram, SHOWN_WITHIN).toContain('계정과 연결했어요')
  await section(page).getByText('@minji').waitFor(SHOWN_WITHIN)
  await orderAtTelegram()
  await orderInTheDark()

  await section(page).getByRole('button', { name: '디스코드 연결 끊기' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '연결 끊기' }).click()
  await page.getByText('디스코드 연결을 끊었어요').waitFor(SHOWN_WITHIN)
  expect(textOf(await send(command('me')))).toContain('연결되어 있지 않아요')
  expect(errors.filter((error) => !/50[23]|Failed to fetch|WebSocket/.test(error))).toEqual([])
  await page.context().close()
}, 240_000)
