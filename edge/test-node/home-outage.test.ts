// The edge on `workerd serve` tells by its own webhook that home is down and that it is back, once each,
// through a limit, a failure and a kill.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MessageServer } from '../../home/test/notifier/message-server.ts'
import { EdgeUnderTest, limitOrder, until } from './edge-under-test.ts'

const WEBHOOK = '/api/webhooks/9/edge-secret'
const AFTER_SECONDS = 2

let server: MessageServer
let edge: EdgeUnderTest
beforeAll(async () => {
  server = new MessageServer()
  const url = (await server.start()) + WEBHOOK
  edge = await new EdgeUnderTest({ homeAlert: { url, afterSeconds: AFTER_SECONDS } }).start()
})
afterAll(async () => {
  await edge?.stop()
  await server?.stop()
})

const texts = (): string[] => server.arrived.map(({ text }) => text)

it('tells of an outage once and of its end once, though it is limited and killed meanwhile', async () => {
  const token = await edge.home.token(randomUUID())
  await until(async () => (await edge.status()).home === 'up')
  // One before it, which is none of the outage's; the edge learns home's keys by it.
  const place = () => edge.post('/api/v1/orders', limitOrder(), { token })
  expect((await place()).status).toBe(202)
  await sleep(AFTER_SECONDS * 1_000)
  server.behave = (number) => (['limited', 'error'] as const)[number] ?? 'ok'
  await edge.home.stop()
  expect((await place()).status).toBe(202)
  await until(() => texts().length === 1, 20_000)
  expect(texts()[0]).toMatch(/^🔌 \[장애\] \d\d:\d\d부터 홈 서버와 연결되지 않습니다/)
  await edge.kill()
  await edge.serve()
  await sleep(3 * AFTER_SECONDS * 1_000)
  expect(texts()).toHaveLength(1)
  await edge.home.start()
  await until(() => texts().length === 2, 30_000)
  expect(texts()[1]).toMatch(/^✅ \[복구\] 홈 서버가 돌아왔습니다. \d+초 동안 받은 주문 1건/)
  expect(server.arrived.every(({ path }) => path === WEBHOOK)).toBe(true)
}, 90_000)
