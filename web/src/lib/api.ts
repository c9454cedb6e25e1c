// The API in the words of the app: one method a call, typed by the contract, signed in when it is.

import type { FillList } from '@motu/shared/contract/fills.ts'
import type { MarketClock } from '@motu/shared/contract/market-calendar.ts'
import type { MarketDay } from '@motu/shared/contract/market-day.ts'
import type { PlaceOrder, ReplaceOrder } from '@motu/shared/contract/order-request.ts'
import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { AcceptedOrder, FillView, Order, OrderList } from '@motu/shared/contract/orders.ts'
import type { Portfolio } from '@motu/shared/contract/portfolio.ts'
import type { Receipt } from '@motu/shared/contract/receipt.ts'
import type { Status } from '@motu/shared/contract/status.ts'
import type { Venue } from '@motu/shared/instrument.ts'
import type { CandleInterval, CandleRow, Quote } from '@motu/shared/market-data.ts'
import type { OrderStatus, Side } from '@motu/shared/order.ts'
import type { TickerId } from '@motu/shared/ticker.ts'
import type { Answer, Failure, Http, HttpRequest } from './http.ts'
import type { Session } from './session.svelte.ts'

const PREFIX = '/api/v1'

/** What is looked for; `from` and `to` (exclusive) in ms. */
export type OrderListFilter = {
  status?: OrderStatus
  venue?: Venue
  side?: Side
  query?: string
  from?: number
  to?: number
}
export type OrderListQuery = Omit<OrderListFilter, 'status'> & {
  status: 'open' | 'closed' | 'all' | OrderStatus
  limit: number
  cursor?: string
}
export type OwnFillsQuery = { tickerId?: TickerId; limit: number; cursor?: string | null }
export type Candles = { candles: CandleRow[]; simulated: boolean; as_of: string }

/** Home is dark and this page was loaded since: nobody but home can tell who asks. */
const NO_TOKEN_YET: Failure = {
  kind: 'problem',
  code: 'unavailable',
  status: 503,
  detail: '',
  fields: {},
}

export class Api {
  readonly #http: Http
  readonly #session: Session

  constructor(options: { http: Http; session: Session }) {
    this.#http = options.http
    this.#session = options.session
  }

  quotes(tickers: readonly TickerId[]): Promise<Answer<{ quotes: Quote[] }>> {
    return this.#get('/market/quotes', { tickers: tickers.join(',') })
  }

  /** `from` and `to` (exclusive) in ms; without them the newest candles. */
  candles(
    tickerId: TickerId,
    interval: CandleInterval,
    { from, to }: { from?: number; to?: number } = {},
  ): Promise<Answer<Candles>> {
    return this.#get(`/market/candles/${tickerId}`, {
      interval,
      ...(from === undefined ? {} : { from: `${from}` }),
      ...(to === undefined ? {} : { to: `${to}` }),
    })
  }

  marketDay(tickerId: TickerId): Promise<Answer<MarketDay>> {
    return this.#get(`/market/days/${tickerId}`)
  }

  marketClock(): Promise<Answer<MarketClock>> {
    return this.#get('/market/clock')
  }

  status(): Promise<Answer<Status>> {
    return this.#get('/status')
  }

  portfolio(): Promise<Answer<Portfolio>> {
    return this.signed({ method: 'GET', path: `${PREFIX}/portfolio` })
  }

  orders(asked: OrderListQuery): Promise<Answer<OrderList>> {
    const query = new URLSearchParams(Object.entries(asked).map(([name, one]) => [name, `${one}`]))
    return this.signed({ method: 'GET', path: `${PREFIX}/orders?${query}` })
  }

  order(orderId: string): Promise<Answer<Order>> {
    return this.signed({ method: 'GET', path: `${PREFIX}/orders/${orderId}` })
  }

  fills(orderId: string): Promise<Answer<{ fills: FillView[] }>> {
    return this.signed({ method: 'GET', path: `${PREFIX}/orders/${orderId}/fills` })
  }

  /** All fills, those booked last first; of one ticker where it is named. */
  ownFills({ tickerId, limit, cursor }: OwnFillsQuery): Promise<Answer<FillList>> {
    const query = new URLSearchParams({ limit: `${limit}` })
    if (tickerId) query.set('ticker_id', tickerId)
    if (cursor) query.set('cursor', cursor)
    return this.signed({ method: 'GET', path: `${PREFIX}/fills?${query}` })
  }

  receipt(orderId: string): Promise<Answer<Receipt>> {
    return this.signed({ method: 'GET', path: `${PREFIX}/orders/${orderId}/receipt` })
  }

  place(order: PlaceOrder): Promise<Answer<AcceptedOrder>> {
    return this.signed({ method: 'POST', path: `${PREFIX}/orders`, body: order })
  }

  /** What would become of an order if it came now; nothing is placed. */
  testOrder(order: PlaceOrder): Promise<Answer<OrderTest>> {
    return this.signed({ method: 'POST', path: `${PREFIX}/orders/test`, body: order })
  }

  replace(orderId: string, change: ReplaceOrder): Promise<Answer<AcceptedOrder>> {
    return this.signed({ method: 'PATCH', path: `${PREFIX}/orders/${orderId}`, body: change })
  }

  cancel(orderId: string): Promise<Answer<{ order_id: string; cancel_requested_at: string }>> {
    return this.signed({ method: 'DELETE', path: `${PREFIX}/orders/${orderId}` })
  }

  #get<T>(path: string, query?: Record<string, string>): Promise<Answer<T>> {
    const search = query ? `?${new URLSearchParams(query)}` : ''
    return this.#http.send({ method: 'GET', path: `${PREFIX}${path}${search}` })
  }

  /** With the access token; a refused token is renewed once and the request sent again. */
  async signed<T>(request: HttpRequest): Promise<Answer<T>> {
    const token = await this.#session.token()
    if (!token && this.#session.isSignedIn) return { ok: false, failure: NO_TOKEN_YET }
    const answer = await this.#http.send<T>({ ...request, token })
    if (answer.ok || answer.failure.kind === 'network' || answer.failure.status !== 401) {
      return answer
    }
    if (!(await this.#session.renew())) return answer
    return this.#http.send<T>({ ...request, token: await this.#session.token() })
  }
}
