// One visit to the symbol page by somebody who is signed in, on a computer four times slower than
// this one: loaded anew without a cache, watched for a while, then used with mouse and keys.

import type { Browser, BrowserContext, Locator, Page, Response } from 'playwright-core'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, constants } from 'node:zlib'

const CPU_SLOWDOWN = 4
const SCREEN = { width: 1440, height: 900 }
/** Longer than the chart, the books and the first frames of every channel take. */
const SETTLE_MS = 4_000
const WATCH_SECONDS = 5
const SHOWN_TIMEOUT_MS = 30_000
/** A frame that comes later than two of 60 a second was dropped. */
const FRAME_MS_MAX = 2 * (1_000 / 60)
/** Entries of the last interaction arrive with the frame after it. */
const ENTRY_DELAY_MS = 600

export type Visit = {
  js_brotli_kb: number
  lcp_ms: number
  cls: number
  inp_ms: number
  quote_updates_per_s: number
  frames_per_s: number
  long_tasks: number
  longest_task_ms: number
  dropped_frames_pct: number
}

type Box = { x: number; y: number; width: number; height: number }
/** Of an element, what is used here: this side knows no DOM. */
type Shown = { getBoundingClientRect(): Box }
type Vitals = {
  lcpMs: number
  cls: number
  interactions: Record<string, number>
  longTasks: [startedAt: number, ms: number][]
}

export type Place = { url: string; path: string; user: { name: string; password: string } }

/** Visits once, in a browser context of its own. */
export async function visit(browser: Browser, place: Place): Promise<Visit> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: SCREEN })
  try {
    await signIn(context, place)
    const page = await context.newPage()
    await page.addInitScript({ path: join(import.meta.dirname, 'observe.js') })
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN })
    const traffic = listen(page)
    await page.goto(place.url + place.path)
    await page.locator('canvas').first().waitFor({ timeout: SHOWN_TIMEOUT_MS })
    await page.locator('[data-level]').first().waitFor({ timeout: SHOWN_TIMEOUT_MS })
    await sleep(SETTLE_MS)
    const scripts = await traffic.scriptBytes()
    const watched = await watch(page, traffic)
    await use(page)
    const vitals = await read(page)
    return {
      js_brotli_kb: scripts / 1_000,
      lcp_ms: vitals.lcpMs,
      cls: vitals.cls,
      inp_ms: Math.max(0, ...Object.values(vitals.interactions)),
      ...watched,
    }
  } finally {
    await context.close()
  }
}

/** The cookie of a sign-in, and the note that tells the page to use it, without loading a page. */
async function signIn(context: BrowserContext, { url, user }: Place): Promise<void> {
  const answer = await context.request.post(`${url}/api/v1/login/access-token`, {
    headers: { 'motu-session': 'cookie' },
    data: { username: user.name, password: user.password },
  })
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`)
  const note = { user_id: null, username: user.name, nickname: user.name, role: 'USER' }
  const script = `localStorage.setItem('motu.user', ${JSON.stringify(JSON.stringify(note))})`
  await context.addInitScript(script)
}

type Traffic = { scriptBytes: () => Promise<number>; quotes: () => number; frames: () => number }

/** What comes in: scripts as they would be compressed best, and the quotes of the socket. */
function listen(page: Page): Traffic {
  const scripts: Response[] = []
  let [quotes, frames] = [0, 0]
  page.on('response', (response) => {
    const isPages = !response.fromServiceWorker()
    if (isPages && response.request().resourceType() === 'script') scripts.push(response)
  })
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      frames += 1
      const frame = JSON.parse(String(payload)) as { channel?: string; data?: unknown }
      if (frame.channel === 'quotes') quotes += (frame.data as unknown[]).length
      else if (frame.channel?.startsWith('quotes:')) quotes += 1
    }),
  )
  return {
    quotes: () => quotes,
    frames: () => frames,
    scriptBytes: async () => {
      const bodies = await Promise.all(scripts.map((response) => response.body()))
      return bodies.reduce((sum, body) => sum + compressedSize(body), 0)
    },
  }
}

/** As the build compresses them. */
function compressedSize(body: Buffer): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  return brotliCompressSync(body, { params }).length
}

/** The page at rest while prices come in. */
async function watch(page: Page, traffic: Traffic) {
  const before = { quotes: traffic.quotes(), frames: traffic.frames(), at: Date.now() }
  const since = await page.evaluate<number>('motuVitals.now()')
  const frames = await page.evaluate<number[]>(`motuVitals.watchFrames(${WATCH_SECONDS})`)
  const seconds = (Date.now() - before.at) / 1_000
  const tasks = (await read(page)).longTasks.filter(([startedAt]) => startedAt >= since)
  return {
    quote_updates_per_s: (traffic.quotes() - before.quotes) / seconds,
    frames_per_s: (traffic.frames() - before.frames) / seconds,
    long_tasks: tasks.length,
    longest_task_ms: Math.max(0, ...tasks.map(([, ms]) => ms)),
    dropped_frames_pct: (frames.filter((ms) => ms > FRAME_MS_MAX).length / frames.length) * 100,
  }
}

/** What people do all day: another interval, a price out of the book, a quantity. */
async function use(page: Page): Promise<void> {
  const pause = () => sleep(ENTRY_DELAY_MS)
  for (const interval of ['5분', '1시간', '1분']) {
    await press(page.getByText(interval, { exact: true }).first())
    await pause()
  }
  for (const level of [2, 5]) {
    await press(page.locator('[data-level]').nth(level))
    await pause()
  }
  const quantity = page.locator('form [data-field=quantity], form input[name=quantity]').first()
  await press(quantity)
  await pause()
  for (const key of '0.125') {
    await page.keyboard.press(key)
    await pause()
  }
  await page.keyboard.press('Tab')
  await pause()
}

/** Where it stands just now: a price that moves is never as still as `click` wants it. */
async function press(target: Locator): Promise<void> {
  const box = await target.evaluate((node) => {
    const { x, y, width, height } = (node as unknown as Shown).getBoundingClientRect()
    return { x, y, width, height }
  })
  await target.page().mouse.click(box.x + box.width / 2, box.y + box.height / 2)
}

async function read(page: Page): Promise<Vitals> {
  return page.evaluate<Vitals>(
    '({ lcpMs: motuVitals.lcpMs, cls: motuVitals.cls, interactions: motuVitals.interactions, longTasks: motuVitals.longTasks })',
  )
}
