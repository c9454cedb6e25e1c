// The calls of the portfolio and the ranking.

import type { OrderTest } from '@motu/shared/contract/order-test.ts'
import type { PlaceOrder } from '@motu/shared/contract/order-request.ts'
import type { BatchResults } from '@motu/shared/contract/orders.ts'
import type {
  HistoryRange,
  LedgerKind,
  LedgerLine,
  NetWorthHistory,
  RealizedDay,
} from '@motu/shared/contract/performance.ts'
import type { Ranked, RankingPeriod } from '@motu/shared/contract/ranking.ts'
import type { DailyReport } from '@motu/shared/contract/reports.ts'
import type { Api } from '#lib/api.ts'
import type { Answer } from '#lib/http.ts'

const PREFIX = '/api/v1'
/** No order of the batch was kept: the answer says why, one by one. */
const NONE_ACCEPTED = 422

export type LedgerQuery = { limit: number; cursor: string | null; kind?: LedgerKind | null }
export type LedgerPage = { lines: LedgerLine[]; next_cursor: string | null }
export type RankingList = { ranking: Ranked[]; users: number; as_of: string }

export class BooksApi {
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  history(range: HistoryRange): Promise<Answer<NetWorthHistory>> {
    return this.#get('/portfolio/history', { range })
  }

  /** The days from the one to the other, dates of Seoul. */
  realized(days: { from: string; to: string }): Promise<Answer<{ days: RealizedDay[] }>> {
    return this.#get('/portfolio/realized', days)
  }

  /** `kind`: of one kind alone. */
  ledger(query: LedgerQuery): Promise<Answer<LedgerPage>> {
    const { limit, cursor, kind } = query
    const rest = { ...(cursor ? { cursor } : {}), ...(kind ? { kind } : {}) }
    return this.#get('/portfolio/ledger', { limit: `${limit}`, ...rest })
  }

  ranking(period: RankingPeriod, limit: number): Promise<Answer<RankingList>> {
    return this.#get('/ranking', { period, limit: `${limit}` })
  }

  /** The daily reports, newest first. */
  reports(limit: number): Promise<Answer<{ reports: DailyReport[] }>> {
    return this.#get('/reports', { limit: `${limit}` })
  }

  /** What would become of an order now, and what it would cost or bring; nothing is placed. */
  testOrder(order: PlaceOrder): Promise<Answer<OrderTest>> {
    return this.#api.signed({ method: 'POST', path: `${PREFIX}/orders/test`, body: order })
  }

  /** Each order is kept or refused on its own: the answer is good even if none was kept. */
  placeBatch(orders: readonly PlaceOrder[]): Promise<Answer<BatchResults>> {
    const path = `${PREFIX}/orders/batch`
    return this.#api.signed({ method: 'POST', path, body: { orders }, alsoAnswers: NONE_ACCEPTED })
  }

  #get<T>(path: string, query: Record<string, string>): Promise<Answer<T>> {
    return this.#api.signed({
      method: 'GET',
      path: `${PREFIX}${path}?${new URLSearchParams(query)}`,
    })
  }
}
