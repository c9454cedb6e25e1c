// Orders by the bot: read back first, placed by a press of who asked. They go the way of all orders:
// checked here as a courtesy, kept by the Mailbox, judged at home under the link they came by.

import { botDeskOf, type Env, mailboxOf } from '../env.ts'
import type { LinkedUser } from '@motu/shared/bot-calls.ts'
import { mayCall } from '@motu/shared/contract/access.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { Order } from '@motu/shared/contract/orders.ts'
import type { TradeAsk } from '@motu/shared/bot/ask.ts'
import { offerReply, orderReply } from '@motu/shared/bot/replies.ts'
import { type BotReply, SAYS, say } from '@motu/shared/bot/reply.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import { DomainError, type ProblemCode } from '@motu/shared/problem.ts'
import { systemClock } from '../clock.ts'
import { knowInstruments } from '../instruments.ts'
import { parseOrder, placeCommand } from '../order-request.ts'
import type { Asker, Said } from './asker.ts'
import { quoteOf, theInstrument } from './market.ts'
import { ask, isDark, principalOf, recall } from './people.ts'

/** How long a placed order is watched, so that its fill is told at once. */
const WATCH_MS = 6_000
const WATCH_INTERVAL_MS = 400

const REFUSALS: Readonly<Partial<Record<ProblemCode, string>>> = {
  'price-off-tick': '호가 단위에 맞지 않는 가격이에요.',
  'quantity-off-lot': '주문 단위에 맞지 않는 수량이에요.',
  'instrument-delisted': '상장 폐지된 종목이에요.',
  'unknown-instrument': '거래할 수 없는 종목이에요.',
}

/** Whom the asker speaks for, now or as known before the dark; a reply that says why nobody. */
async function traderOf(
  env: Env,
  { person }: Asker,
): Promise<{ user: LinkedUser; dark: boolean } | BotReply> {
  const answer = await ask(env, { person, what: 'user' })
  const dark = answer === 'dark'
  const user = dark ? await recall(env, person) : answer.user
  if (!user) return dark ? SAYS.dark : SAYS.notLinked
  return mayCall('trade', principalOf(user)) ? { user, dark } : SAYS.mayNotTrade
}

/** Reads an order back, with buttons. Nothing is placed. */
export async function offer(env: Env, asker: Asker, wanted: TradeAsk): Promise<BotReply> {
  const trader = await traderOf(env, asker)
  if ('title' in trader) return trader
  await knowInstruments(env)
  const instrument = theInstrument(wanted.instrument)
  if (!instrument) return SAYS.noInstrument
  const { side, quantity, limitPrice } = wanted
  const order = {
    client_order_id: asker.interactionId,
    ...{ ticker_id: instrument.tickerId, side, quantity },
    ...(limitPrice === null
      ? { type: 'MARKET' as const }
      : { type: 'LIMIT' as const, limit_price: limitPrice }),
  }
  const refusal = refusalOf(order)
  if (refusal) return say('주문할 수 없어요', refusal)
  const id = crypto.randomUUID()
  const [found] = await Promise.all([
    quoteOf(env, instrument.tickerId),
    botDeskOf(env).keepOffer(id, { person: asker.person, order }),
  ])
  return offerReply(wanted, instrument, { id, quote: found?.quote ?? null, isDark: trader.dark })
}

/** Places what was offered to this very person. The same press again meets the same order. */
export async function place(env: Env, asker: Asker, offerId: string): Promise<Said> {
  const found = await findOffer(env, asker, offerId)
  if ('title' in found) return { reply: found }
  const trader = await traderOf(env, asker)
  if ('title' in trader) return { reply: trader }
  await knowInstruments(env)
  const refusal = refusalOf(found.order)
  if (refusal) return { reply: say('주문할 수 없어요', refusal) }
  const { user, dark } = trader
  const draft = parseOrder(found.order, NO_KEY, systemClock())
  const command = placeCommand(draft, principalOf(user))
  const mailbox = mailboxOf(env, partitionOf(user.user_id))
  const [receipt] = await mailbox.accept([command])
  if (!receipt || receipt.outcome === 'refused') {
    return {
      reply: say('주문을 받지 못했어요', '같은 버튼을 다시 눌러 주세요. 두 번 주문되지 않아요.'),
    }
  }
  if (receipt.outcome === 'mismatch') return { reply: SAYS.gone }
  const pending = await mailbox.pendingOrder(user.user_id, command.order_id)
  if (!pending) return { reply: await lookAt(env, asker, command.order_id) }
  const watch = (): Promise<BotReply | null> => watchOrder(env, asker, command.order_id)
  return { reply: orderReply(pending, dark), ...(dark ? {} : { later: watch }) }
}

/** Drops what was offered. */
export async function dismiss(env: Env, asker: Asker, offerId: string): Promise<BotReply> {
  const found = await findOffer(env, asker, offerId)
  if ('title' in found) return found
  await botDeskOf(env).dropOffer(offerId)
  return SAYS.dismissed
}

/** How an order of his stands. */
export async function lookAt(env: Env, asker: Asker, orderId: string): Promise<BotReply> {
  const found = await findOrder(env, asker, orderId)
  if (found === 'unlinked') return SAYS.notLinked
  return found ? orderReply(found, await isDark(env)) : SAYS.unknownOrder
}

async function findOffer(env: Env, { person }: Asker, offerId: string) {
  const found = await botDeskOf(env).findOffer(offerId)
  if (!found) return SAYS.gone
  const { service, external_id } = found.person
  const isHis = service === person.service && external_id === person.external_id
  return isHis ? found : SAYS.notYours
}

async function findOrder(
  env: Env,
  { person }: Asker,
  orderId: string,
): Promise<Order | null | 'unlinked'> {
  const answer = await ask(env, { person, what: 'order', order_id: orderId })
  const user = answer === 'dark' ? await recall(env, person) : answer.user
  if (!user) return 'unlinked'
  if (answer !== 'dark' && answer.order) return answer.order
  return mailboxOf(env, partitionOf(user.user_id)).pendingOrder(user.user_id, orderId)
}

/** What became of an order that was just placed; null when nothing did in time. */
async function watchOrder(env: Env, asker: Asker, orderId: string): Promise<BotReply | null> {
  const deadline = systemClock() + WATCH_MS
  while (systemClock() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, WATCH_INTERVAL_MS))
    const order = await findOrder(env, asker, orderId)
    if (order && order !== 'unlinked' && order.status !== 'PENDING' && isTold(order)) {
      return orderReply(order, false)
    }
  }
  return null
}

/** An open order that waits for its first event only has nothing to say yet. */
const isTold = ({ status, waiting_for }: Order): boolean =>
  status !== 'OPEN' || waiting_for !== 'EVENT'

const NO_KEY = { key: undefined, fallback: () => crypto.randomUUID() }

/** What is wrong with an order, in a sentence; null when nothing is. */
function refusalOf(order: PlaceOrder): string | null {
  try {
    parseOrder(order, NO_KEY, systemClock())
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return REFUSALS[error.code] ?? '수량이나 가격을 다시 확인해 주세요.'
  }
}
